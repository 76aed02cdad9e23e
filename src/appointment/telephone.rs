//! Telephone numbers in one form, so that one contact is one whatever way its number is written.
//!
//! Not for: whether something is a number (`app::booking`), links that dial (`web::page`). A national number gets the calling code of the country
//! whose zone the branch keeps: what a customer of that branch dials without one is meant there. ITU-T E.164, E.123.

/// Zones with their country's calling code and the digit that stands before a national number at home.
const COUNTRIES: [(&str, &str, &str); 28] = [
    ("Europe/Berlin", "49", "0"),
    ("Europe/Busingen", "49", "0"),
    ("Europe/Vienna", "43", "0"),
    ("Europe/Zurich", "41", "0"),
    ("Europe/Vaduz", "423", ""),
    ("Europe/Luxembourg", "352", ""),
    ("Europe/Brussels", "32", "0"),
    ("Europe/Amsterdam", "31", "0"),
    ("Europe/Paris", "33", "0"),
    ("Europe/Monaco", "377", ""),
    ("Europe/Madrid", "34", ""),
    ("Europe/Lisbon", "351", ""),
    // In Italy the nought is part of the number.
    ("Europe/Rome", "39", ""),
    ("Europe/London", "44", "0"),
    ("Europe/Dublin", "353", "0"),
    ("Europe/Copenhagen", "45", ""),
    ("Europe/Oslo", "47", ""),
    ("Europe/Stockholm", "46", "0"),
    ("Europe/Helsinki", "358", "0"),
    ("Europe/Warsaw", "48", ""),
    ("Europe/Prague", "420", ""),
    ("Europe/Bratislava", "421", "0"),
    ("Europe/Budapest", "36", "06"),
    ("Europe/Ljubljana", "386", "0"),
    ("Europe/Zagreb", "385", "0"),
    ("Europe/Athens", "30", ""),
    ("Europe/Istanbul", "90", "0"),
    ("Europe/Kyiv", "380", "0"),
];

/// A number in one form: with a plus and the country's code, or its digits alone where neither says which country is meant. `zone` is the
/// IANA name of where it is dialled. Empty where there is no digit.
pub fn normal(written: &str, zone: &str) -> String {
    // `+49 (0)40`: the nought in brackets is dialled at home only.
    let international = |digits: &str| format!("+{digits}");
    let has_plus = written.trim_start().trim_start_matches('(').starts_with('+');
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let all = digits(written);
    if has_plus || all.starts_with("00") {
        let abroad = digits(&written.replace("(0)", ""));
        return international(abroad.strip_prefix("00").filter(|_| !has_plus).unwrap_or(&abroad));
    }
    match COUNTRIES.iter().find(|(name, ..)| *name == zone) {
        Some((_, code, trunk)) if !all.is_empty() => format!("+{code}{}", all.strip_prefix(trunk).unwrap_or(&all)),
        _ => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_one_whatever_way_it_is_written() {
        for written in [
            "040 1234567",
            "040/12 34-567",
            "(040) 1234567",
            "+49 40 1234567",
            "0049-40-1234567",
            "+49 (0)40 1234567",
            "(+49) 40 1234567",
            "0049 (0)40 1234567",
        ] {
            assert_eq!(normal(written, "Europe/Berlin"), "+49401234567", "{written}");
        }
        assert_eq!(normal("01 234 56 78", "Europe/Vienna"), "+4312345678");
        assert_eq!(normal("+43 1 2345678", "Europe/Berlin"), "+4312345678");
        assert_eq!(normal("02 1234567", "Europe/Rome"), "+39021234567");
        assert_eq!(normal("06 1 234 5678", "Europe/Budapest"), "+3612345678");
    }

    #[test]
    fn where_no_country_is_known_digits_are_compared() {
        assert_eq!(normal("040-1234567", "Etc/UTC"), "0401234567");
        assert_eq!(normal("", "Europe/Berlin"), "");
        assert_eq!(normal(" - ", "Europe/Berlin"), "");
    }
}
