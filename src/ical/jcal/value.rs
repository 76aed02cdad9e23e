//! One value → JSON, by its type.
//!
//! Not for: which type it has. RFC 7265 §3.6.

use serde_json::{Map, Number, Value};

use crate::ical::object::unescape_text;
use crate::ical::time::{Moment, Span};

/// A value of a type; `None` where it is none. What we don't know stays as it was sent.
pub(super) fn of(kind: &str, raw: &str) -> Option<Value> {
    let trimmed = raw.trim();
    match kind {
        "text" => Some(Value::String(unescape_text(raw))),
        "boolean" if trimmed.eq_ignore_ascii_case("TRUE") => Some(Value::Bool(true)),
        "boolean" if trimmed.eq_ignore_ascii_case("FALSE") => Some(Value::Bool(false)),
        "boolean" => None,
        "integer" => Some(Value::Number(trimmed.parse::<i64>().ok()?.into())),
        "float" => Number::from_f64(trimmed.parse().ok()?).map(Value::Number),
        "date" => date(trimmed).map(Value::String),
        "date-time" => date_time(trimmed).map(Value::String),
        "time" => time(trimmed).map(Value::String),
        "duration" => Span::parse(trimmed).map(|_| Value::String(trimmed.to_owned())),
        "period" => period(trimmed),
        "utc-offset" => utc_offset(trimmed).map(Value::String),
        "recur" => recur(trimmed),
        _ => Some(Value::String(raw.to_owned())),
    }
}

/// `20260326` → `2026-03-26`.
fn date(raw: &str) -> Option<String> {
    match Moment::parse(raw, None)? {
        Moment::Date(_) => Some(format!("{}-{}-{}", raw.get(..4)?, raw.get(4..6)?, raw.get(6..8)?)),
        _ => None,
    }
}

/// `20260326T103000Z` → `2026-03-26T10:30:00Z`.
fn date_time(raw: &str) -> Option<String> {
    match Moment::parse(raw, None)? {
        Moment::Date(_) => None,
        _ => Some(format!("{}T{}", date(raw.get(..8)?)?, time(raw.get(9..)?)?)),
    }
}

/// `103000Z` → `10:30:00Z`.
fn time(raw: &str) -> Option<String> {
    let (digits, zulu) = match raw.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, "Z"),
        None => (raw, ""),
    };
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(format!("{}:{}:{}{zulu}", digits.get(..2)?, digits.get(2..4)?, digits.get(4..6)?))
}

/// `20260326T103000Z/PT1H` → `["2026-03-26T10:30:00Z", "PT1H"]`.
fn period(raw: &str) -> Option<Value> {
    let (start, end) = raw.split_once('/')?;
    let end = if Span::parse(end).is_some() { end.to_owned() } else { date_time(end)? };
    Some(Value::Array(vec![date_time(start)?.into(), end.into()]))
}

/// `-0530` → `-05:30`; seconds where there are some.
fn utc_offset(raw: &str) -> Option<String> {
    let sign = raw.get(..1).filter(|sign| *sign == "+" || *sign == "-")?;
    let digits = raw.get(1..)?;
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.get(4..).filter(|seconds| !seconds.is_empty()).map(|seconds| format!(":{seconds}")).unwrap_or_default();
    Some(format!("{sign}{}:{}{seconds}", digits.get(..2)?, digits.get(2..4)?))
}

/// A rule: an object with a member for each part, several values of a part as an array (RFC 7265 §3.6.10).
fn recur(raw: &str) -> Option<Value> {
    let mut parts = Map::new();
    for part in raw.split(';').filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        let mut values = value.split(',').map(|value| recur_value(&name, value.trim())).collect::<Option<Vec<Value>>>()?;
        let value = if values.len() == 1 { values.swap_remove(0) } else { Value::Array(values) };
        if parts.insert(name, value).is_some() {
            return None;
        }
    }
    parts.contains_key("freq").then_some(Value::Object(parts))
}

fn recur_value(name: &str, value: &str) -> Option<Value> {
    match name {
        "until" => date(value).or_else(|| date_time(value)).map(Value::String),
        "count" | "interval" | "bysecond" | "byminute" | "byhour" | "bymonthday" | "byyearday" | "byweekno" | "bysetpos" => {
            of("integer", value)
        }
        // RFC 7529 has months with a letter behind them.
        "bymonth" => of("integer", value).or_else(|| Some(Value::String(value.to_owned()))),
        _ => Some(Value::String(value.to_owned())),
    }
}
