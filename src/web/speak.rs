//! Another language for a page on which something is typed.
//!
//! A link would begin the page anew. So the languages are buttons of the page's own form there: it is sent with all that stands in it, and shown
//! again. Not for: which language a page speaks at first (`language`), pages without a form of the visitor's (`page`).

use serde::Serialize;

use super::form::Fields;
use super::page::Visit;
use crate::appointment::practice::Language;

/// The name of these buttons; the value is a language's tag.
pub const SPEAK: &str = "speak";

/// A language to choose by a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spoken {
    /// BCP 47.
    pub tag: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// Whether the page speaks it now.
    pub current: bool,
}

/// The languages of a page for customers, which speaks this one.
pub fn spoken(now: Language) -> Vec<Spoken> {
    Language::ALL.into_iter().map(|one| Spoken { tag: one.tag(), name: one.own_name(), current: one == now }).collect()
}

/// Whether a form was sent for another language and for nothing else. From then on the page speaks that, and so do the pages that it leads to.
pub fn is_asked(visit: &mut Visit, fields: &Fields) -> bool {
    let Some(tag) = fields.get(SPEAK) else { return false };
    if let Some(language) = Language::from_tag(tag) {
        visit.language = language;
        visit.chosen = Some(language);
    }
    true
}
