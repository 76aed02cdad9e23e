//! The practice's colour, made legible: on light, on dark, as ground and as text.
//!
//! WCAG 2.1 §1.4.3 (contrast of text), §1.4.11 (of controls); the formulas are those of its definitions of contrast ratio and relative luminance.

use serde::Serialize;

/// Where the practice's colour can't be read.
const FALLBACK: Colour = Colour { red: 0x1f, green: 0x5f, blue: 0x8b };
/// The page's ground in the dark; `static/theme.css` writes what is computed here, `static/page.css` repeats this one.
const NIGHT: Colour = Colour { red: 0x1e, green: 0x22, blue: 0x28 };
const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };
/// Contrast of text with its ground; a little more than the 4.5 that are asked for.
const TEXT: f64 = 5.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// What `static/theme.css` is filled with; each `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// The colour as text on white and as ground for white text.
    pub accent: String,
    /// The same a step deeper, under the pointer.
    pub deep: String,
    /// A breath of it, as ground for dark text.
    pub tint: String,
    /// A line in it.
    pub line: String,
    /// In the dark: as text on the page, and as ground for the page's colour.
    pub night_accent: String,
    /// In the dark, under the pointer.
    pub night_deep: String,
    /// In the dark: a breath of it over the page's ground.
    pub night_tint: String,
    /// In the dark: a line in it.
    pub night_line: String,
}

/// The variants of a `#rrggbb`.
pub fn theme(colour: &str) -> Theme {
    let mut accent = Colour::parse(colour).unwrap_or(FALLBACK);
    while contrast(accent, WHITE) < 4.5 && accent != (Colour { red: 0, green: 0, blue: 0 }) {
        accent = accent.mixed(Colour { red: 0, green: 0, blue: 0 }, 6);
    }
    let mut night = accent;
    while contrast(night, NIGHT) < TEXT && night != WHITE {
        night = night.mixed(WHITE, 6);
    }
    Theme {
        accent: accent.hex(),
        deep: accent.mixed(Colour { red: 0, green: 0, blue: 0 }, 22).hex(),
        tint: accent.mixed(WHITE, 91).hex(),
        line: accent.mixed(WHITE, 55).hex(),
        night_accent: night.hex(),
        night_deep: night.mixed(WHITE, 35).hex(),
        night_tint: night.mixed(NIGHT, 84).hex(),
        night_line: night.mixed(NIGHT, 45).hex(),
    }
}

impl Colour {
    fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |range: std::ops::Range<usize>| u8::from_str_radix(digits.get(range)?, 16).ok();
        Some(Colour { red: part(0..2)?, green: part(2..4)?, blue: part(4..6)? })
    }

    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// So many hundredths of the other; always a step towards it where there is one to take.
    fn mixed(self, other: Colour, hundredths: u16) -> Colour {
        let part = |a: u8, b: u8| {
            let mixed = (u16::from(a) * (100 - hundredths) + u16::from(b) * hundredths) / 100;
            let mixed = u8::try_from(mixed).unwrap_or(u8::MAX);
            if mixed == a && a < b { a + 1 } else { mixed }
        };
        Colour { red: part(self.red, other.red), green: part(self.green, other.green), blue: part(self.blue, other.blue) }
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (a, b) = (one.luminance() + 0.05, other.luminance() + 0.05);
    if a > b { a / b } else { b / a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_becomes_legible() {
        for colour in ["#000000", "#ffffff", "#1f5f8b", "#7a1f3d", "#003300", "#ffee00", "#808080", "nonsense", "#12"] {
            let theme = theme(colour);
            let read = |text: &str| Colour::parse(text).unwrap();
            assert!(contrast(read(&theme.accent), WHITE) >= 4.5, "{colour}: {theme:?}");
            assert!(contrast(read(&theme.deep), WHITE) >= 4.5, "{colour}: {theme:?}");
            assert!(contrast(read(&theme.deep), read(&theme.tint)) >= 4.5, "{colour}: {theme:?}");
            assert!(contrast(read(&theme.night_deep), read(&theme.night_tint)) >= 4.5, "{colour}: {theme:?}");
            assert!(contrast(read(&theme.night_accent), NIGHT) >= 4.5, "{colour}: {theme:?}");
            assert!(contrast(read(&theme.night_deep), NIGHT) >= 4.5, "{colour}: {theme:?}");
        }
    }

    #[test]
    fn a_good_colour_is_kept() {
        assert_eq!(theme("#1F5F8B").accent, "#1f5f8b");
    }
}
