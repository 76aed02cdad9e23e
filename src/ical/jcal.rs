//! An object as jCal: iCalendar in JSON, for programs.
//!
//! Not for: reading jCal. RFC 7265 §3 and §5. A value that is not what its type says is passed on as it was sent, with the type `unknown`;
//! nothing is left out and nothing guessed.

mod value;

use serde_json::{Map, Value};

use crate::ical::object::{CalendarObject, Node, Property, cut_text, unescape_text};

/// The media type of what [`jcal`] makes (RFC 7265 §7.2).
pub const MEDIA_TYPE: &str = "application/calendar+json";

/// The whole object: `["vcalendar", [properties…], [components…]]`.
pub fn jcal(object: &CalendarObject) -> Value {
    component(object.root())
}

/// A component: its name, its properties, the components in it (RFC 7265 §3.3). As deep as the reader lets them nest.
fn component(node: &Node) -> Value {
    let properties: Vec<Value> = node.properties.iter().map(property).collect();
    let components: Vec<Value> = node.children.iter().map(component).collect();
    Value::Array(vec![node.name.to_ascii_lowercase().into(), properties.into(), components.into()])
}

/// A property: its name, its parameters, its type, its values (RFC 7265 §3.4).
fn property(property: &Property) -> Value {
    let kind = Kind::of(property);
    let (name, values) = match values(property, &kind) {
        Some(values) => (kind.name, values),
        None => ("unknown".to_owned(), vec![Value::String(property.value.clone())]),
    };
    let mut all = vec![property.name.to_ascii_lowercase().into(), params(property), name.into()];
    all.extend(values);
    Value::Array(all)
}

/// The parameters but VALUE, which is the type (RFC 7265 §3.5).
fn params(property: &Property) -> Value {
    let mut map: Map<String, Value> = Map::new();
    for param in property.params.iter().filter(|param| param.name != "VALUE") {
        let mut values: Vec<Value> = param.values.iter().cloned().map(Value::String).collect();
        let name = param.name.to_ascii_lowercase();
        // One that stands there twice is one with the values of both.
        match map.remove(&name) {
            Some(Value::Array(before)) => values.splice(0..0, before).for_each(drop),
            Some(before) => values.insert(0, before),
            None => {}
        }
        let value = match values.len() {
            0 => Value::String(String::new()),
            1 => values.swap_remove(0),
            _ => Value::Array(values),
        };
        map.insert(name, value);
    }
    Value::Object(map)
}

/// The values by the property's type; `None` where one of them is none of that type.
fn values(property: &Property, kind: &Kind) -> Option<Vec<Value>> {
    let raw = property.value.as_str();
    match property.name.as_str() {
        // Structured values are one array (RFC 7265 §3.4.1.3).
        "GEO" => {
            let parts: Option<Vec<Value>> = raw.split(';').map(|part| value::of("float", part)).collect();
            Some(vec![Value::Array(parts.filter(|parts| parts.len() == 2)?)])
        }
        "REQUEST-STATUS" => {
            let parts = cut_text(raw, ';').into_iter().map(unescape_text).map(Value::String);
            Some(vec![Value::Array(parts.collect())])
        }
        _ if kind.listed && kind.name == "text" => Some(property.texts().into_iter().map(Value::String).collect()),
        _ if kind.listed => raw.split(',').map(|part| value::of(&kind.name, part)).collect(),
        _ => Some(vec![value::of(&kind.name, raw)?]),
    }
}

/// Of what kind a property's values are.
struct Kind {
    /// The type's name in jCal.
    name: String,
    /// Whether several may stand in a line.
    listed: bool,
}

impl Kind {
    fn of(property: &Property) -> Kind {
        let listed = matches!(property.name.as_str(), "CATEGORIES" | "RESOURCES" | "FREEBUSY" | "EXDATE" | "RDATE");
        let default = default_type(&property.name);
        let name = match property.param("VALUE") {
            Some(name) => name.trim().to_ascii_lowercase(),
            // A date without VALUE=DATE is sloppy and common.
            None if default == "date-time" && property.value.split(',').all(is_date) => "date".to_owned(),
            None => default.to_owned(),
        };
        Kind { name, listed }
    }
}

fn is_date(value: &str) -> bool {
    value.trim().len() == 8 && value.trim().bytes().all(|b| b.is_ascii_digit())
}

/// The type that a property has where VALUE says nothing (RFC 5545 §3.7 and §3.8, RFC 7986 §5, RFC 7953 §3.2, RFC 9073 §6, RFC 9074 §6).
fn default_type(name: &str) -> &'static str {
    match name {
        "CALSCALE" | "METHOD" | "PRODID" | "VERSION" | "CATEGORIES" | "CLASS" | "COMMENT" | "DESCRIPTION" | "LOCATION" | "RESOURCES"
        | "STATUS" | "SUMMARY" | "TRANSP" | "TZID" | "TZNAME" | "CONTACT" | "RELATED-TO" | "UID" | "ACTION" | "REQUEST-STATUS"
        | "BUSYTYPE" | "NAME" | "COLOR" | "LOCATION-TYPE" | "PARTICIPANT-TYPE" | "RESOURCE-TYPE" | "STYLED-DESCRIPTION" | "PROXIMITY" => {
            "text"
        }
        "COMPLETED" | "DTEND" | "DUE" | "DTSTART" | "RECURRENCE-ID" | "EXDATE" | "RDATE" | "CREATED" | "DTSTAMP" | "LAST-MODIFIED"
        | "ACKNOWLEDGED" => "date-time",
        "PERCENT-COMPLETE" | "PRIORITY" | "REPEAT" | "SEQUENCE" => "integer",
        "GEO" => "float",
        "DURATION" | "TRIGGER" | "REFRESH-INTERVAL" => "duration",
        "FREEBUSY" => "period",
        "RRULE" | "EXRULE" => "recur",
        "TZOFFSETFROM" | "TZOFFSETTO" => "utc-offset",
        "ATTENDEE" | "ORGANIZER" | "CALENDAR-ADDRESS" => "cal-address",
        "ATTACH" | "TZURL" | "URL" | "IMAGE" | "SOURCE" | "CONFERENCE" | "STRUCTURED-DATA" => "uri",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests;
