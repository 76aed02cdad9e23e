//! The languages that pages, letters and calendars speak, and a practice's own texts in them.
//!
//! Not for: our own texts (`template`) and words (`words`). BCP 47 (RFC 5646).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language in which pages and mails speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// German
    De,
    /// German in plain language
    DeSimple,
    /// English
    En,
    /// Turkish
    Tr,
    /// Ukrainian
    Uk,
    /// Arabic
    Ar,
}

impl Language {
    /// Every language that is shipped.
    pub const ALL: [Language; 6] = [Language::De, Language::DeSimple, Language::En, Language::Tr, Language::Uk, Language::Ar];

    /// Those in which the staff pages speak.
    pub const STAFF: [Language; 2] = [Language::De, Language::En];

    /// Its BCP 47 tag. `simple` is a registered variant (RFC 5646 §2.2.5).
    pub fn tag(self) -> &'static str {
        match self {
            Language::De => "de",
            Language::DeSimple => "de-simple",
            Language::En => "en",
            Language::Tr => "tr",
            Language::Uk => "uk",
            Language::Ar => "ar",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::De => "Deutsch",
            Language::DeSimple => "Einfache Sprache",
            Language::En => "English",
            Language::Tr => "Türkçe",
            Language::Uk => "Українська",
            Language::Ar => "العربية",
        }
    }

    /// `ltr` or `rtl`: from which side it is read (HTML §3.2.6.4).
    pub fn direction(self) -> &'static str {
        if self == Language::Ar { "rtl" } else { "ltr" }
    }

    /// The language that speaks where this one has no text of its own, as on the staff pages; itself where it has all.
    pub fn instead(self) -> Language {
        match self {
            Language::De | Language::DeSimple => Language::De,
            Language::En | Language::Tr | Language::Uk | Language::Ar => Language::En,
        }
    }

    /// The language of a tag, by its primary subtag and, where it has one, the variant `simple`.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let mut subtags = tag.split(['-', '_']);
        let primary = subtags.next().unwrap_or("");
        let simple = subtags.any(|subtag| subtag.eq_ignore_ascii_case("simple"));
        let found = Language::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(primary))?;
        Some(if simple && found == Language::De { Language::DeSimple } else { found })
    }
}

/// A text in one or more languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<Language, String>);

impl Text {
    /// The text in a language; for plain language the usual words; else in the first language that there is.
    pub fn get(&self, language: Language) -> &str {
        self.found(language).map_or("", |(_, text)| text)
    }

    /// The language of what `get` answers; none where one text stands for all languages: nobody has said which it is in.
    pub fn language(&self, asked: Language) -> Option<Language> {
        let (language, text) = self.found(asked)?;
        let alike = self.0.len() == Language::ALL.len() && self.0.values().all(|other| other == text);
        (!alike).then_some(language)
    }

    fn found(&self, language: Language) -> Option<(Language, &str)> {
        let usual = || self.0.get_key_value(&Language::De).filter(|_| language == Language::DeSimple);
        let found = self.0.get_key_value(&language).or_else(usual).or_else(|| self.0.iter().next());
        found.map(|(language, text)| (*language, text.as_str()))
    }
}
