//! The header `Range`, of one range of octets. RFC 9110 §14, §13.1.5 (If-Range).
//!
//! Not for: several ranges at once; such a header is passed over, as §14.2 allows, and the whole is answered.

use http::header::{HeaderMap, IF_RANGE, RANGE};

/// What part of a content is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// From the first to the last of these octets.
    Octets {
        /// From 0 on.
        first: u64,
        /// Not before `first`.
        last: u64,
    },
    /// Nothing that there is: 416.
    Nothing,
}

/// What part a request asks for of a content of `size` octets with a quoted tag and a date.
pub fn part(headers: &HeaderMap, size: u64, etag: &str, modified: &str) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // Whoever has another state must get all of this one.
    if text(IF_RANGE).is_some_and(|known| known != etag && known != modified) {
        return Part::Whole;
    }
    text(RANGE).and_then(|value| read(value, size)).unwrap_or(Part::Whole)
}

/// The range of a header's value; `None` for what is to be passed over.
fn read(value: &str, size: u64) -> Option<Part> {
    let (unit, set) = value.split_once('=')?;
    let (first, last) = set.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = (first.trim(), last.trim());
    let end = size.checked_sub(1);
    if first.is_empty() {
        let length = number(last)?;
        return Some(match end {
            Some(end) if length > 0 => Part::Octets { first: size.saturating_sub(length), last: end },
            _ => Part::Nothing,
        });
    }
    let first = number(first)?;
    let last = if last.is_empty() { None } else { Some(number(last)?) };
    if last.is_some_and(|last| last < first) {
        return None;
    }
    Some(match end {
        Some(end) if first <= end => Part::Octets { first, last: last.unwrap_or(end).min(end) },
        _ => Part::Nothing,
    })
}

/// Digits alone; more than fit are as good as the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DATE: &str = "Thu, 26 Mar 2026 09:00:00 GMT";

    fn ask(range: &str, condition: Option<&str>, size: u64) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        if let Some(condition) = condition {
            headers.insert(IF_RANGE, condition.parse().unwrap());
        }
        part(&headers, size, "\"tag\"", DATE)
    }

    #[test]
    fn one_range_is_understood() {
        for (range, part) in [
            ("bytes=0-0", Part::Octets { first: 0, last: 0 }),
            ("bytes=2-4", Part::Octets { first: 2, last: 4 }),
            ("Bytes = 2-", Part::Octets { first: 2, last: 9 }),
            ("bytes=2-99999999999999999999999", Part::Octets { first: 2, last: 9 }),
            ("bytes=-3", Part::Octets { first: 7, last: 9 }),
            ("bytes=-30", Part::Octets { first: 0, last: 9 }),
            ("bytes=10-", Part::Nothing),
            ("bytes=99999999999999999999999-", Part::Nothing),
            ("bytes=-0", Part::Nothing),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes", Part::Whole),
        ] {
            assert_eq!(ask(range, None, 10), part, "{range}");
        }
        assert_eq!(ask("bytes=0-", None, 0), Part::Nothing);
        assert_eq!(ask("bytes=-1", None, 0), Part::Nothing);
        assert_eq!(part(&HeaderMap::new(), 10, "\"tag\"", DATE), Part::Whole);
    }

    #[test]
    fn another_state_is_answered_whole() {
        let first = Part::Octets { first: 0, last: 0 };
        assert_eq!(ask("bytes=0-0", Some("\"tag\""), 10), first);
        assert_eq!(ask("bytes=0-0", Some(DATE), 10), first);
        assert_eq!(ask("bytes=0-0", Some("\"old\""), 10), Part::Whole);
        assert_eq!(ask("bytes=0-0", Some("W/\"tag\""), 10), Part::Whole);
    }

    proptest! {
        #[test]
        fn a_part_lies_within_its_whole(text in "(bytes=)?[ -~]{0,20}", digits in "[0-9]{0,21}-[0-9]{0,21}", size in 0_u64..50) {
            for value in [text, format!("bytes={digits}")] {
                if let Part::Octets { first, last } = ask(&value, None, size) {
                    prop_assert!(first <= last && last < size);
                }
            }
        }
    }
}
