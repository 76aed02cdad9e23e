//! The XML of address book reports → filters, and which part of a card is wanted.
//!
//! Not for: whether a card matches (`vcard`). RFC 6352 §10.3 to §10.6.

use bytes::Bytes;

use super::{MAX_CHOICES, MAX_CONDITIONS, collation};
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::CardDav;
use crate::error::{Error, Precondition, Result};
use crate::ical::collation::Collation;
use crate::ical::partial::{PropChoice, Shown};
use crate::vcard::{
    Card, Condition, Filter, MatchType, ParamFilter, ParamTest, PropFilter, PropTest, Test, TextMatch, Version, converted, part_of,
};

/// What an addressbook-query asks.
#[derive(Debug, Clone)]
pub struct CardQuery {
    /// Which cards match.
    pub filter: Filter,
    /// How many are wanted at most (§10.6).
    pub limit: usize,
}

impl CardQuery {
    /// Reads CARDDAV:filter and CARDDAV:limit. [`Precondition::SupportedFilter`] for what the RFC does not know.
    pub fn read(root: &Element) -> Result<CardQuery> {
        let filter = root.child(CardDav, "filter").ok_or_else(|| Error::Malformed("A CARDDAV:filter is missing.".into()))?;
        let mut conditions = Conditions { left: MAX_CONDITIONS };
        let props = filter.children().map(|child| conditions.prop(child)).collect::<Result<_>>()?;
        let limit = match root.child(CardDav, "limit").and_then(|limit| limit.child(CardDav, "nresults")) {
            None => usize::MAX,
            Some(results) => match results.text().trim().parse() {
                Ok(limit) if limit > 0 => limit,
                _ => return Err(Error::Malformed("CARDDAV:nresults is a number above zero.".into())),
            },
        };
        Ok(CardQuery { filter: Filter { test: test(filter)?, props }, limit })
    }
}

fn test(element: &Element) -> Result<Test> {
    match element.attribute("test") {
        None | Some("anyof") => Ok(Test::AnyOf),
        Some("allof") => Ok(Test::AllOf),
        Some(_) => Err(Error::Malformed("A test is anyof or allof.".into())),
    }
}

/// Reads conditions, as many as are left to read.
struct Conditions {
    left: usize,
}

impl Conditions {
    fn name(&mut self, element: &Element) -> Result<String> {
        self.left = self.left.checked_sub(1).ok_or_else(|| Error::Malformed("The filter has too many conditions.".into()))?;
        element.attribute("name").map(str::to_owned).ok_or_else(|| Error::Malformed("A filter's element has no name.".into()))
    }

    fn prop(&mut self, element: &Element) -> Result<PropFilter> {
        if !element.is(CardDav, "prop-filter") {
            return Err(unsupported(element));
        }
        let name = self.name(element)?;
        if not_defined(element)? {
            return Ok(PropFilter { name, test: PropTest::NotDefined });
        }
        let mut conditions = Vec::new();
        for child in element.children() {
            conditions.push(match child.local.as_str() {
                "text-match" if ours(child) => Condition::Text(text_match(child)?),
                "param-filter" if ours(child) => Condition::Param(self.param(child)?),
                _ => return Err(unsupported(child)),
            });
        }
        Ok(PropFilter { name, test: PropTest::Defined(test(element)?, conditions) })
    }

    fn param(&mut self, element: &Element) -> Result<ParamFilter> {
        let name = self.name(element)?;
        if not_defined(element)? {
            return Ok(ParamFilter { name, test: ParamTest::NotDefined });
        }
        let mut test = ParamTest::Defined;
        for child in element.children() {
            match child.local.as_str() {
                "text-match" if ours(child) && test == ParamTest::Defined => test = ParamTest::Text(text_match(child)?),
                _ => return Err(unsupported(child)),
            }
        }
        Ok(ParamFilter { name, test })
    }
}

fn ours(element: &Element) -> bool {
    element.namespace == CardDav.uri()
}

/// Whether the element asks for absence, which stands alone.
fn not_defined(element: &Element) -> Result<bool> {
    let mut children = element.children();
    match (children.next(), children.next()) {
        (Some(child), None) if child.is(CardDav, "is-not-defined") => Ok(true),
        _ if element.child(CardDav, "is-not-defined").is_some() => Err(Error::Malformed("An is-not-defined stands alone.".into())),
        _ => Ok(false),
    }
}

fn text_match(element: &Element) -> Result<TextMatch> {
    let match_type = match element.attribute("match-type") {
        None | Some("contains") => MatchType::Contains,
        Some("equals") => MatchType::Equals,
        Some("starts-with") => MatchType::StartsWith,
        Some("ends-with") => MatchType::EndsWith,
        Some(_) => return Err(Error::Malformed("A match-type is equals, contains, starts-with or ends-with.".into())),
    };
    let collation = collation(element)?.unwrap_or(Collation::UnicodeCasemap);
    Ok(TextMatch { text: element.text(), collation, match_type, negated: negated(element)? })
}

/// CALDAV:valid-filter, by which a calendar refuses it, is no precondition of address books (RFC 6352 §8.6).
fn negated(element: &Element) -> Result<bool> {
    super::negated(element).map_err(|_| Error::Refused(Precondition::SupportedFilter, "A negate-condition is yes or no.".into()))
}

/// RFC 6352 §8.6 asks to name what is not understood.
fn unsupported(element: &Element) -> Error {
    Error::Refused(Precondition::SupportedFilter, format!("The filter's element {} is not understood here.", element.local))
}

/// What CARDDAV:address-data asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressData {
    /// In which version cards are answered.
    version: Version,
    /// The named properties; none stands for all.
    named: Vec<PropChoice>,
}

impl AddressData {
    /// Reads the element. Where it names no version it is 3.0 (§10.4): programs that know of another say so, and Apple's read none.
    pub fn read(element: &Element) -> Result<AddressData> {
        let kind = element.attribute("content-type").unwrap_or("text/vcard");
        let version = element.attribute("version").map_or(Some(Version::Three), Version::read);
        let Some(version) = version.filter(|_| kind.eq_ignore_ascii_case("text/vcard")) else {
            return Err(Error::Refused(Precondition::SupportedAddressData, "Cards are text/vcard, version 3.0 or 4.0.".into()));
        };
        let choices = || element.children().filter(|child| child.is(CardDav, "prop"));
        if choices().count() > MAX_CHOICES {
            return Err(Error::Malformed("Too many properties are asked for.".into()));
        }
        Ok(AddressData { version, named: choices().map(choice).collect::<Result<_>>()? })
    }

    /// Whether a card is answered as it is stored.
    pub fn is_all_of(&self, octets: &Bytes) -> bool {
        self.named.is_empty() && Version::at_a_glance(octets) == Some(self.version)
    }

    /// The octets to answer for a card. [`Error::Malformed`] for one that cannot be told in the version (§5.1.1).
    pub fn render(&self, octets: &Bytes) -> Result<Bytes> {
        let octets = converted(&Card::parse(octets.clone())?, self.version)?;
        if self.named.is_empty() { Ok(octets) } else { Ok(part_of(&Card::parse(octets)?, &self.named)) }
    }
}

fn choice(element: &Element) -> Result<PropChoice> {
    let name = element.attribute("name").ok_or_else(|| Error::Malformed("A CARDDAV:prop has no name.".into()))?.to_owned();
    let value = match element.attribute("novalue") {
        None | Some("no") => Shown::Value,
        Some("yes") => Shown::NameOnly,
        Some(_) => return Err(Error::Malformed("A novalue is yes or no.".into())),
    };
    Ok(PropChoice { name, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::xml;

    #[test]
    fn what_cannot_be_told_in_a_version_is_not_told() {
        let root = xml::read(b"<R:address-data xmlns:R='urn:ietf:params:xml:ns:carddav' version='4.0'/>").unwrap();
        let wanted = AddressData::read(&root).unwrap();
        let of = |version: &str| Bytes::from(format!("BEGIN:VCARD\r\nVERSION:{version}\r\nUID:u\r\nFN:A\r\nEND:VCARD\r\n"));
        assert!(wanted.is_all_of(&of("4.0")) && !wanted.is_all_of(&of("3.0")));
        assert_eq!(wanted.render(&of("3.0")).unwrap(), of("4.0"));
        // Such cards are refused when they are put; where there are some all the same they are named, and the others told.
        assert!(wanted.render(&of("2.1")).is_err());
        assert!(wanted.render(&Bytes::from_static(b"BEGIN:VCARD")).is_err());
    }
}
