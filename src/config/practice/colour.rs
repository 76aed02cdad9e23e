//! The practice's colour, on which white text must be readable.
//!
//! Not for: what is painted with it (`web`). No RFC: WCAG 2.1 §1.4.3.

use toml::Spanned;

use super::value::{Checked, wrong};

/// The least contrast of the practice's colour with white that people can read (WCAG 2.1 §1.4.3).
const MIN_CONTRAST: f64 = 4.5;

/// `#1f5f8b`, in lower case.
pub(super) fn check(value: &Spanned<String>) -> Checked<String> {
    let text = value.get_ref();
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6);
    let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).ok_or_else(|| wrong(value, "a colour is written as #1f5f8b"))?;
    let contrast = contrast_with_white(number);
    if contrast < MIN_CONTRAST {
        let message =
            format!("white text on this colour has a contrast of {contrast:.1}; at least {MIN_CONTRAST} is needed, so take a darker one");
        return Err(wrong(value, message));
    }
    Ok(text.to_lowercase())
}

/// The contrast ratio of a colour with white (WCAG 2.1, relative luminance).
fn contrast_with_white(rgb: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from(rgb >> shift & 0xff) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        assert!((contrast_with_white(0x00_0000) - 21.0).abs() < 0.01);
        assert!((contrast_with_white(0xff_ffff) - 1.0).abs() < 0.01);
        assert!((contrast_with_white(0x76_7676) - 4.54).abs() < 0.01);
    }
}
