//! Whether the title of an event in an hours calendar says that it closes: "Urlaub", "Closed for stocktaking", "Tatil".
//!
//! People write their holidays where the hours stand, in whichever language; an event so called must not open the door. Not for: public
//! holidays (`appointment::holiday`), the words themselves (`words`).

use super::super::practice::Language;
use super::super::words;

/// Whether a title closes: it holds one of the words for it and none that says that something opens, or says outright that nothing does.
pub fn closes(title: &str) -> bool {
    let title = parts(title);
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| holds(&title, phrase));
    let said = |of: fn(Language) -> words::HoursWords, part: fn(&words::HoursWords) -> &'static [&'static str]| {
        Language::ALL.into_iter().any(|language| any(part(&of(language))))
    };
    let words = words::of_hours;
    said(words, |words| words.not_opening) || (said(words, |words| words.closing) && !said(words, |words| words.opening))
}

/// The words of a text, without regard to case; Turkish has two letters i, each with a case of its own, which count as one.
fn parts(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('\u{307}', "").replace('ı', "i");
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a phrase stands among words; with `-` before it also as the end of a longer word: `-urlaub` is in Betriebsurlaub.
fn holds(title: &[String], phrase: &str) -> bool {
    let wanted = parts(phrase);
    match (phrase.strip_prefix('-'), wanted.first()) {
        (Some(_), Some(ending)) => title.iter().any(|word| word.ends_with(ending.as_str())),
        _ => title.windows(wanted.len().max(1)).any(|some| some == wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_languages_words_close() {
        for title in [
            "Urlaub",
            "URLAUB Anna",
            "Betriebsferien",
            "Geschlossen – Inventur",
            "Feiertag",
            "nicht geöffnet",
            "Mittagspause",
            "Closed",
            "On vacation!",
            "Bank holiday",
            "not open",
            "KAPALI",
            "Kapalı",
            "İzinli",
            "resmî tatil",
            "Зачинено",
            "відпустка Анни",
            "مغلق",
            "إجازة",
            "Krankheit",
            "Anna krankgeschrieben",
            "Unavailable",
            "not available",
            "Nicht verfügbar",
            "Frau Anna nicht da",
            "Dienstfrei",
            "frei",
            "Off",
            "Praxis zu",
            "Elternzeit",
            "Urlaubstag",
            "Arzttermin?",
            "Betriebsversammlung",
            "Feierabend",
            "хвора",
            "Ayşe yok",
            "غير متاح",
        ] {
            assert!(closes(title), "{title}");
        }
    }

    #[test]
    fn others_do_not() {
        for title in [
            "",
            "Geöffnet",
            "Notdienst",
            "Feiertag: Notdienst geöffnet",
            "Geöffnet trotz Ferien",
            "Open on the bank holiday",
            "Abgeschlossene Kurse",
            "Urlauber",
            "Beratung",
            "Tag der offenen Tür",
            "Nicht geschlossen",
            "Closed group",
            "Geschlossene Gruppe",
            "not closed",
            "kapalı değil",
            "Termine frei",
            "Kick-off",
            "Barrierefrei",
            "Zuverlässig",
            "Açık",
        ] {
            assert!(!closes(title), "{title}");
        }
    }

    #[test]
    fn what_we_write_ourselves_never_closes() {
        for language in Language::ALL {
            assert!(!closes(words::opened(language)), "{language:?}");
            let words = words::of_hours(language);
            assert!(words.closing.iter().all(|word| closes(word)), "{language:?}");
            assert!(words.closing.iter().all(|word| !closes(&format!("{}: {word}", words::opened(language)))), "{language:?}");
        }
    }
}
