//! The practice's own texts on a page, each with the language that it is in where the page speaks another (WCAG 2.1 §3.1.2).
//!
//! Not for: our texts (`template`), names that are plain strings (the filter `own`).

use serde::Serialize;

use crate::appointment::practice::{Language, Practice, Text};

/// A text of the practice's, as templates see it; the filter `said` writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The text, or empty.
    pub text: String,
    /// Its language as BCP 47 has it; empty where that is the page's.
    pub lang: &'static str,
}

/// The language of a page beside that of the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tongue {
    /// What the page speaks.
    pub page: Language,
    /// What the practice writes in.
    pub practice: Language,
}

impl Tongue {
    /// Of a page of a practice.
    pub fn of(practice: &Practice, page: Language) -> Tongue {
        Tongue { page, practice: practice.language }
    }

    /// A text in the language of the page, as far as the practice has written it.
    pub fn said(self, text: &Text) -> Said {
        self.marked(text.get(self.page), text.language(self.page).unwrap_or(self.practice))
    }

    /// What the practice has written once.
    pub fn own(self, text: &str) -> Said {
        self.marked(text, self.practice)
    }

    /// The mark that what the practice has written once carries on the page, or empty.
    pub fn mark(self) -> &'static str {
        self.mark_of(self.practice)
    }

    fn marked(self, text: &str, language: Language) -> Said {
        Said { text: text.to_owned(), lang: if text.is_empty() { "" } else { self.mark_of(language) } }
    }

    /// Plain German on a German page needs no mark, nor the other way round: a voice reads both alike.
    fn mark_of(self, language: Language) -> &'static str {
        let spoken = |language: Language| language.tag().split('-').next();
        if spoken(language) == spoken(self.page) { "" } else { language.tag() }
    }
}

impl From<&str> for Said {
    /// A text in the language of the page.
    fn from(text: &str) -> Said {
        Said { text: text.to_owned(), lang: "" }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::sample::text;
    use super::*;

    #[test]
    fn a_text_of_another_language_says_which() {
        let on = |page| Tongue { page, practice: Language::De };
        let both = text("Beratung", "Consultation");
        let lang = |page, text: &Text| on(page).said(text).lang;
        assert_eq!(Language::ALL.map(|page| lang(page, &both)), ["", "", "", "de", "de", "de"]);
        assert_eq!(on(Language::Ar).said(&both).text, "Beratung");
        // One text for all languages is in the practice's.
        let one = Text(Language::ALL.map(|language| (language, "Hörtest".to_owned())).into());
        assert_eq!(Language::ALL.map(|page| lang(page, &one)), ["", "", "de", "de", "de", "de"]);
        assert_eq!(lang(Language::De, &Text(BTreeMap::from([(Language::En, "Hello".to_owned())]))), "en");
        assert_eq!((on(Language::En).own("Kabine 1").lang, on(Language::DeSimple).own("Kabine 1").lang), ("de", ""));
        assert_eq!(on(Language::Ar).said(&Text::default()), Said::default());
    }
}
