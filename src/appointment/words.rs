//! The words that an event carries for people: prefixes, categories, labels. Written in the practice's language, read in every
//! language that is shipped, so that a practice may change its language and still read its old bookings.
//!
//! Not for: texts of pages and letters (`templates/text`).

mod hours;
mod lines;

pub use hours::*;
pub use lines::*;

use super::booking::State;
use super::practice::Language;

/// What one state is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateWords {
    /// Before the title; a word, not a sign: it can be searched, read out and typed on a telephone.
    pub prefix: &'static str,
    /// The one category.
    pub category: &'static str,
    /// After `Status:`.
    pub status: &'static str,
}

/// The words of a state.
pub fn of_state(language: Language, state: State) -> StateWords {
    let (prefix, category, status) = match (language, state) {
        (Language::De | Language::DeSimple, State::Requested) => ("ANFRAGE: ", "Online Terminanfrage", "Online Terminanfrage"),
        (Language::De | Language::DeSimple, State::Confirmed) => ("", "Online bestätigt", "Bestätigt"),
        (Language::De | Language::DeSimple, State::Cancelled) => ("STORNIERT: ", "Storniert", "Storniert"),
        (Language::De | Language::DeSimple, State::Rejected) => ("ABGELEHNT: ", "Abgelehnt", "Abgelehnt"),
        (Language::De | Language::DeSimple, State::Attended) => ("✓ ", "Wahrgenommen", "Wahrgenommen"),
        (Language::De | Language::DeSimple, State::NoShow) => ("NICHT ERSCHIENEN: ", "Geplatzt", "Geplatzt"),
        (Language::En, State::Requested) => ("REQUEST: ", "Online request", "Online request"),
        (Language::En, State::Confirmed) => ("", "Online confirmed", "Confirmed"),
        (Language::En, State::Cancelled) => ("CANCELLED: ", "Cancelled", "Cancelled"),
        (Language::En, State::Rejected) => ("DECLINED: ", "Declined", "Declined"),
        (Language::En, State::Attended) => ("✓ ", "Attended", "Attended"),
        (Language::En, State::NoShow) => ("NO-SHOW: ", "No-show", "No-show"),
        (Language::Tr, State::Requested) => ("İSTEK: ", "Çevrimiçi istek", "Çevrimiçi istek"),
        (Language::Tr, State::Confirmed) => ("", "Çevrimiçi onaylandı", "Onaylandı"),
        (Language::Tr, State::Cancelled) => ("İPTAL: ", "İptal edildi", "İptal edildi"),
        (Language::Tr, State::Rejected) => ("REDDEDİLDİ: ", "Reddedildi", "Reddedildi"),
        (Language::Tr, State::Attended) => ("✓ ", "Geldi", "Geldi"),
        (Language::Tr, State::NoShow) => ("GELMEDİ: ", "Gelmedi", "Gelmedi"),
        (Language::Uk, State::Requested) => ("ЗАПИТ: ", "Онлайн-запит", "Онлайн-запит"),
        (Language::Uk, State::Confirmed) => ("", "Підтверджено онлайн", "Підтверджено"),
        (Language::Uk, State::Cancelled) => ("СКАСОВАНО: ", "Скасовано", "Скасовано"),
        (Language::Uk, State::Rejected) => ("ВІДХИЛЕНО: ", "Відхилено", "Відхилено"),
        (Language::Uk, State::Attended) => ("✓ ", "Відбувся", "Відбувся"),
        (Language::Uk, State::NoShow) => ("НЕ ПРИЙШОВ: ", "Не прийшов", "Не прийшов"),
        (Language::Ar, State::Requested) => ("طلب: ", "طلب عبر الإنترنت", "طلب عبر الإنترنت"),
        (Language::Ar, State::Confirmed) => ("", "مؤكد عبر الإنترنت", "مؤكد"),
        (Language::Ar, State::Cancelled) => ("ملغى: ", "ملغى", "ملغى"),
        (Language::Ar, State::Rejected) => ("مرفوض: ", "مرفوض", "مرفوض"),
        (Language::Ar, State::Attended) => ("✓ ", "حضر", "حضر"),
        (Language::Ar, State::NoShow) => ("لم يحضر: ", "لم يحضر", "لم يحضر"),
    };
    StateWords { prefix, category, status }
}

/// What stands for a title that is not shown.
pub fn taken(language: Language) -> &'static str {
    match language {
        Language::De | Language::DeSimple => "Belegt",
        Language::En => "Busy",
        Language::Tr => "Dolu",
        Language::Uk => "Зайнято",
        Language::Ar => "محجوز",
    }
}

/// The title of an opening.
pub fn opened(language: Language) -> &'static str {
    match language {
        Language::De | Language::DeSimple => "Geöffnet",
        Language::En => "Open",
        Language::Tr => "Açık",
        Language::Uk => "Відчинено",
        Language::Ar => "مفتوح",
    }
}

/// Every state.
pub const STATES: [State; 6] = [State::Requested, State::Confirmed, State::Cancelled, State::Rejected, State::Attended, State::NoShow];

/// Whether a text begins with a word, whatever its case and however the space after it came out.
fn begins(text: &str, word: &str) -> Option<usize> {
    let word = word.trim_end();
    let head = text.get(..word.len())?;
    (!word.is_empty() && head.to_lowercase() == word.to_lowercase()).then_some(word.len())
}

/// The state whose prefix a title carries, and the title without it.
pub fn prefix_of(title: &str) -> (Option<State>, &str) {
    let title = title.trim_start();
    for language in Language::ALL {
        for state in STATES {
            if let Some(length) = begins(title, of_state(language, state).prefix) {
                return (Some(state), title.get(length..).unwrap_or_default().trim_start());
            }
        }
    }
    (None, title)
}

/// A title without one of our prefixes that has lost its colon: `ANFRAGE Beratung`. Only as we write it, in capitals: `Anfrage` may begin a
/// title of its own.
pub fn worn_prefix_of(title: &str) -> Option<&str> {
    let title = title.trim_start();
    let prefixes = Language::ALL.into_iter().flat_map(|language| STATES.map(|state| of_state(language, state).prefix));
    let words = prefixes.filter_map(|prefix| prefix.trim_end().strip_suffix(':'));
    let rest = words.filter_map(|word| title.strip_prefix(word)).find(|rest| !rest.starts_with(char::is_alphanumeric))?;
    Some(rest.trim_start_matches([' ', '-', '–']))
}

/// Words at the beginning of a title by which staff call an appointment off.
const CALLED_OFF: [&str; 19] = [
    "STORNO",
    "STORNIERT",
    "STORNIERUNG",
    "ABSAGE",
    "ABGESAGT",
    "ABGELEHNT",
    "CANCEL",
    "CANCELED",
    "CANCELLED",
    "CANCELLATION",
    "CALLED OFF",
    "DECLINED",
    "İPTAL",
    "REDDEDİLDİ",
    "СКАСОВАНО",
    "ВІДХИЛЕНО",
    "ملغى",
    "مرفوض",
    "X ",
];

/// What follows a whole word at the beginning of a title. `X` is one only where a space follows: an X-ray is an X-ray.
fn behind<'a>(title: &'a str, word: &str) -> Option<&'a str> {
    let rest = begins(title, word).and_then(|length| title.get(length..))?;
    let whole = if word.ends_with(' ') { rest.starts_with(' ') } else { !rest.starts_with(char::is_alphanumeric) };
    whole.then_some(rest)
}

/// Whether staff have typed one of the words for calling off before the title.
pub fn called_off(title: &str) -> bool {
    let title = title.trim_start();
    CALLED_OFF.iter().any(|word| behind(title, word).is_some()) || matches!(prefix_of(title).0, Some(State::Cancelled | State::Rejected))
}

/// A title without the word by which staff called it off or approved it.
pub fn without_word(title: &str) -> &str {
    let rest = CALLED_OFF.iter().chain(&["OK"]).find_map(|word| behind(title, word));
    rest.map_or(title, |rest| rest.trim_start_matches([' ', ':', '-', '–', ',']))
}

/// Whether staff have typed OK before the title.
pub fn approved(title: &str) -> bool {
    behind(title.trim_start(), "OK").is_some()
}

/// The state that a category names.
pub fn state_of_category(category: &str) -> Option<State> {
    let category = category.trim().to_lowercase();
    let named = |language: Language, state: &State| {
        let words = of_state(language, *state);
        [words.category, words.status].iter().any(|word| word.to_lowercase() == category)
    };
    Language::ALL.into_iter().find_map(|language| STATES.into_iter().find(|state| named(language, state)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_found_in_every_language_and_case() {
        assert_eq!(prefix_of("ANFRAGE: Beratung – T"), (Some(State::Requested), "Beratung – T"));
        assert_eq!(prefix_of("anfrage:Beratung"), (Some(State::Requested), "Beratung"));
        assert_eq!(prefix_of("CANCELLED: x"), (Some(State::Cancelled), "x"));
        assert_eq!(prefix_of("Anfragebearbeitung"), (None, "Anfragebearbeitung"));
        assert_eq!(prefix_of("ü"), (None, "ü"));
    }

    #[test]
    fn the_history_speaks_the_language_of_the_practice() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 3, 24).unwrap().and_hms_opt(9, 0, 0).unwrap();
        let line = |language, via| history_line(language, at, "confirmed", Some("anna"), via).unwrap();
        assert_eq!(line(Language::De, "staff page"), "24.03.2026 09:00 bestätigt von anna (Praxisseite)");
        assert_eq!(line(Language::En, "staff page"), "24.03.2026 09:00 confirmed by anna (staff page)");
        assert_eq!(line(Language::De, "Thunderbird"), "24.03.2026 09:00 bestätigt von anna (Thunderbird)");
        for language in Language::ALL {
            assert_eq!(line(language, "staff page").contains("staff page"), language == Language::En);
        }
    }

    #[test]
    fn staff_call_off_and_approve_by_the_title() {
        assert!(called_off("STORNO Beratung"));
        assert!(called_off("x Beratung"));
        assert!(called_off("ABGELEHNT: Beratung"));
        assert!(!called_off("Xaver Müller") && !called_off("X-Ray") && !called_off("Cancellara, Fabian"));
        assert!(called_off("Storniert Müller") && called_off("abgelehnt – Müller") && called_off("Declined"));
        assert_eq!((without_word("X-Ray"), without_word("STORNO: Müller")), ("X-Ray", "Müller"));
        assert_eq!((worn_prefix_of("ANFRAGE Beratung"), worn_prefix_of("Anfrage wegen Hörtest")), (Some("Beratung"), None));
        assert!(approved("OK Beratung"));
        assert!(approved("ok: Beratung"));
        assert!(!approved("Okarina-Stunde"));
    }

    #[test]
    fn labels_are_read_in_every_language() {
        assert_eq!(labelled("E-Mail: a@b.example", "email"), Some("a@b.example"));
        assert_eq!(labelled("email:a@b.example", "email"), Some("a@b.example"));
        assert_eq!(labelled("Postleitzahl 1", "postcode"), None);
        assert!(heading("Verlauf", "history") && heading("Notes:", "notes") && !heading("Verlaufskontrolle", "history"));
    }
}
