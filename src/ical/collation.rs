//! How text is compared: the collations that CalDAV and CardDAV name.
//!
//! Not for: which text is compared (`filter`, `vcard`). The room of `icu_normalizer`. RFC 4790 §9.2, §9.3; RFC 5051; RFC 4791 §7.5.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// The collations of CALDAV:supported-collation-set (RFC 4791 §7.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collation {
    /// `i;ascii-casemap`
    #[default]
    AsciiCasemap,
    /// `i;octet`
    Octet,
    /// `i;unicode-casemap`
    UnicodeCasemap,
}

impl Collation {
    /// All that are supported.
    pub const ALL: [Collation; 3] = [Collation::AsciiCasemap, Collation::Octet, Collation::UnicodeCasemap];

    /// Its identifier.
    pub fn as_str(self) -> &'static str {
        match self {
            Collation::AsciiCasemap => "i;ascii-casemap",
            Collation::Octet => "i;octet",
            Collation::UnicodeCasemap => "i;unicode-casemap",
        }
    }

    /// The collation of an identifier; `default` is ours to choose (RFC 4790 §3.1).
    pub fn from_name(name: &str) -> Option<Collation> {
        if name == "default" {
            return Some(Collation::AsciiCasemap);
        }
        Collation::ALL.into_iter().find(|collation| collation.as_str() == name)
    }

    /// A text such that two which this collation calls equal have the same octets.
    pub fn prepare(self, text: &str) -> Cow<'_, str> {
        match self {
            Collation::Octet => Cow::Borrowed(text),
            Collation::AsciiCasemap => Cow::Owned(text.to_ascii_lowercase()),
            Collation::UnicodeCasemap if text.is_ascii() => Cow::Owned(text.to_ascii_uppercase()),
            Collation::UnicodeCasemap => Cow::Owned(decomposed(text)),
        }
    }

    /// Whether a text holds a part (RFC 4790 §4.2.4, substring).
    pub fn contains(self, value: &str, part: &str) -> bool {
        self.prepare(value).contains(&*self.prepare(part))
    }
}

/// Each letter as titlecase, then taken apart as far as it goes (RFC 5051 §2, step 2); marks stay in the order sent, as it says.
fn decomposed(text: &str) -> String {
    let forms = DecomposingNormalizerBorrowed::new_nfkd();
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    for c in text.chars() {
        match titlecase(c) {
            c if c.is_ascii() => out.push(c),
            c => out.extend(forms.normalize_iter(std::iter::once(c))),
        }
    }
    out
}

/// The titlecase of a letter where that is a single one, as UnicodeData.txt has it. It is the uppercase except for letters that stand for
/// two (U+01C4…), Georgian, which has none, and Greek with a iota below, whose uppercase alone is two letters.
fn titlecase(c: char) -> char {
    match c {
        '\u{01C4}'..='\u{01C6}' => '\u{01C5}',
        '\u{01C7}'..='\u{01C9}' => '\u{01C8}',
        '\u{01CA}'..='\u{01CC}' => '\u{01CB}',
        '\u{01F1}'..='\u{01F3}' => '\u{01F2}',
        '\u{10D0}'..='\u{10FF}' => c,
        '\u{1F80}'..='\u{1FAF}' => char::from_u32(u32::from(c) | 8).unwrap_or(c),
        '\u{1FB3}' => '\u{1FBC}',
        '\u{1FC3}' => '\u{1FCC}',
        '\u{1FF3}' => '\u{1FFC}',
        _ => {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unicode_casemap_is_rfc5051s() {
        let prepared = |text| Collation::UnicodeCasemap.prepare(text).into_owned();
        // The RFC's own example.
        assert_eq!(prepared("\u{01C4}"), "Dz\u{030C}");
        let same = [
            ("Übung", "u\u{0308}BUNG"),
            ("ﬁrma", "ﬁRMA"),
            ("Ａ１", "a1"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ᾳ", "ᾼ"),
            ("ᾀ", "ᾈ"),
            ("é", "É"),
            ("ĸ", "ĸ"),
        ];
        for (a, b) in same {
            assert_eq!(prepared(a), prepared(b), "{a} {b}");
        }
        let differ = [("ß", "SS"), ("ე", "Ე"), ("o", "ø"), ("a", "ä"), ("ﬁ", "FI")];
        for (a, b) in differ {
            assert_ne!(prepared(a), prepared(b), "{a} {b}");
        }
        assert!(Collation::UnicodeCasemap.contains("Hörgeräte Süd", "GERÄTE s"));
        assert!(!Collation::AsciiCasemap.contains("Hörgeräte", "HÖR") && Collation::AsciiCasemap.contains("Hörgeräte", "hö"));
    }

    proptest! {
        #[test]
        fn preparing_is_total_and_done_once(text in "\\PC{0,40}") {
            for collation in Collation::ALL {
                let once = collation.prepare(&text).into_owned();
                prop_assert!(collation.contains(&text, &text));
                if collation != Collation::UnicodeCasemap {
                    prop_assert_eq!(&collation.prepare(&once), &once);
                }
            }
        }
    }
}
