//! Which form of an object a client wants, by its header Accept: jCal or iCalendar, a card in 3.0 or 4.0.
//!
//! Not for: how the forms are made (`ical::jcal`, `vcard`). RFC 9110 §12.5.1, RFC 7265, RFC 6352 §5.1.1.

use http::header::{ACCEPT, HeaderMap};

use crate::error::{Error, Precondition, Result};
use crate::ical::jcal;
use crate::vcard::Version;

/// What cards are called, and have been called.
const CARDS: [&str; 3] = ["text/vcard", "text/x-vcard", "text/directory"];

/// Forms of cards that there are none of here.
const OTHER_CARDS: [&str; 2] = ["application/vcard+json", "application/vcard+xml"];

/// The form in which an object of a calendar is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it was stored.
    ICalendar,
    /// RFC 7265
    JCal,
}

/// One of the types that a client takes.
struct Range<'a> {
    kind: &'a str,
    version: Option<&'a str>,
    /// In thousandths; 0 stands for none of these.
    quality: u16,
}

/// The form that a client wants: jCal where it names that in Accept and likes it better than iCalendar. Whoever takes anything gets what
/// was stored.
pub fn form(headers: &HeaderMap) -> Form {
    let quality = |media_type: &str| {
        let named = ranges(headers).filter(|range| range.kind.eq_ignore_ascii_case(media_type));
        named.map(|range| range.quality).max().unwrap_or(0)
    };
    if quality(jcal::MEDIA_TYPE) > quality("text/calendar") { Form::JCal } else { Form::ICalendar }
}

/// The version in which a client wants a card, where its Accept speaks of cards; whoever likes both alike gets the one that was stored.
/// Refused by [`Precondition::SupportedAddressDataConversion`] where it takes neither.
pub fn version(headers: &HeaderMap, stored: Version) -> Result<Version> {
    let liking = |version: Version| liking(headers, version);
    let best = Version::ALL.into_iter().max_by_key(|version| (liking(*version), *version == stored)).unwrap_or(stored);
    if liking(best) > 0 {
        return Ok(best);
    }
    let sentence = "Cards are text/vcard, version 3.0 or 4.0.".to_owned();
    Err(Error::Refused(Precondition::SupportedAddressDataConversion, sentence))
}

/// Whether Accept speaks of cards: then it may want one otherwise than it was stored.
pub fn is_about_cards(headers: &HeaderMap) -> bool {
    ranges(headers).any(|range| is_card(range.kind) || OTHER_CARDS.iter().any(|kind| kind.eq_ignore_ascii_case(range.kind)))
}

fn is_card(kind: &str) -> bool {
    CARDS.iter().any(|card| card.eq_ignore_ascii_case(kind))
}

/// How much a client likes a version: what names it most exactly counts.
fn liking(headers: &HeaderMap, version: Version) -> u16 {
    let exactness = |range: &Range<'_>| match (range.kind, range.version) {
        (kind, Some(named)) if is_card(kind) => (named == version.as_str()).then_some(3),
        (kind, None) if is_card(kind) => Some(2),
        ("text/*", _) => Some(1),
        ("*/*", _) => Some(0),
        _ => None,
    };
    let named = ranges(headers).filter_map(|range| exactness(&range).map(|exactness| (exactness, range.quality)));
    named.max().map_or(0, |(_, quality)| quality)
}

fn ranges(headers: &HeaderMap) -> impl Iterator<Item = Range<'_>> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let (mut version, mut quality) = (None, 1000);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                name if name.eq_ignore_ascii_case("version") => version = Some(value.trim().trim_matches('"')),
                name if name.eq_ignore_ascii_case("q") => quality = thousandths(value.trim()),
                _ => {}
            }
        }
        Range { kind, version, quality }
    })
}

/// What is no weight weighs nothing.
fn thousandths(weight: &str) -> u16 {
    match weight.parse::<f32>() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 1000")]
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1000.0).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use http::header::HeaderValue;

    use super::*;

    fn accept(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (ACCEPT, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn jcal_is_for_those_who_ask_for_it() {
        for (value, wanted) in [
            ("application/calendar+json", Form::JCal),
            ("text/html, Application/Calendar+JSON;charset=utf-8 ; q=0.2", Form::JCal),
            ("text/calendar;q=0.5, application/calendar+json;q=0.6", Form::JCal),
            ("text/calendar, application/calendar+json", Form::ICalendar),
            ("application/calendar+json;q=0", Form::ICalendar),
            ("application/calendar+json;q=x", Form::ICalendar),
            ("application/calendar+json;q=NaN", Form::ICalendar),
            ("application/json", Form::ICalendar),
            ("*/*", Form::ICalendar),
        ] {
            assert_eq!(form(&accept(&[value])), wanted, "{value}");
        }
        assert_eq!(form(&accept(&[])), Form::ICalendar);
        assert_eq!(form(&accept(&["text/html", "application/calendar+json"])), Form::JCal);
    }

    #[test]
    fn a_card_comes_in_the_version_that_is_liked_best() {
        use Version::{Four, Three};
        for (value, of_three, of_four) in [
            ("text/vcard;version=4.0", Some(Four), Some(Four)),
            ("text/vcard; charset=utf-8; Version=\"3.0\"", Some(Three), Some(Three)),
            ("text/vcard", Some(Three), Some(Four)),
            ("text/x-vcard, text/html", Some(Three), Some(Four)),
            ("text/vcard;version=4.0, text/vcard;version=3.0;q=0.5", Some(Four), Some(Four)),
            ("text/vcard;version=3.0;q=0.5, text/vcard;q=0.4", Some(Three), Some(Three)),
            ("text/vcard;version=4.0;q=0, */*", Some(Three), Some(Three)),
            ("text/vcard;version=2.1, text/*;q=0.1", Some(Three), Some(Four)),
            ("text/vcard;version=2.1", None, None),
            ("application/vcard+json", None, None),
        ] {
            let headers = accept(&[value]);
            assert!(is_about_cards(&headers), "{value}");
            assert_eq!((version(&headers, Three).ok(), version(&headers, Four).ok()), (of_three, of_four), "{value}");
        }
        for value in ["*/*", "text/html", "application/json"] {
            assert!(!is_about_cards(&accept(&[value])), "{value}");
        }
    }
}
