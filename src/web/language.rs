//! In which language a page speaks: the visitor's choice, what the browser asks for, or the practice's own.
//!
//! Not for: the texts (`template`). RFC 9110 §12.5.4 (Accept-Language), RFC 4647 §3.4 in its simplest form.

use crate::appointment::practice::Language;

/// The most ranges of an Accept-Language that are looked at.
const MAX_RANGES: usize = 32;

/// The best of our languages for an Accept-Language header; of equal weights the first. `*` is nobody's wish.
pub fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(u32, Language)> = None;
    for range in header.split(',').take(MAX_RANGES) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().map(str::trim).and_then(Language::from_tag) else { continue };
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(Some(1000), thousandths);
        let Some(weight) = weight.filter(|weight| *weight > 0) else { continue };
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

fn thousandths(weight: &str) -> Option<u32> {
    let weight: f32 = weight.trim().parse().ok().filter(|w: &f32| (0.0..=1.0).contains(w))?;
    // The range was checked above: 0 to 1000.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some((weight * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_of_ours_is_chosen() {
        assert_eq!(accepted("de-DE,de;q=0.9,en;q=0.8"), Some(Language::De));
        assert_eq!(accepted("fr, en;q=0.5, de;q=0.7"), Some(Language::De));
        assert_eq!(accepted("en-GB"), Some(Language::En));
        assert_eq!(accepted("EN_us;q=0.1"), Some(Language::En));
        assert_eq!(accepted("de;q=0, en;q=0.1"), Some(Language::En));
        assert_eq!(accepted("en,de"), Some(Language::En));
        assert_eq!(accepted("uk-UA,uk;q=0.9"), Some(Language::Uk));
        assert_eq!(accepted("ar-SY"), Some(Language::Ar));
        assert_eq!(accepted("tr, de-simple;q=0.5"), Some(Language::Tr));
        assert_eq!(accepted("de-simple"), Some(Language::DeSimple));
    }

    #[test]
    fn without_one_of_ours_there_is_no_choice() {
        for header in ["", "*", "fr-FR, it", "de;q=x", "den", ";;;,,,", "de;q=7"] {
            assert_eq!(accepted(header), None, "{header}");
        }
    }
}
