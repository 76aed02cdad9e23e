//! A text of `practice.toml`: one for all languages, or one for each.
//!
//! Not for: which texts there are (`practice`, `service`). No RFC.

use std::collections::BTreeMap;
use std::fmt::Formatter;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::appointment::practice::{Language, Text};

/// One text for all languages, or one for each.
pub(super) enum Words {
    One(String),
    Each(BTreeMap<Language, String>),
}

impl Words {
    /// What they say in each language.
    pub(super) fn text(&self) -> Text {
        match self {
            Words::One(one) => Text(Language::ALL.map(|language| (language, one.clone())).into_iter().collect()),
            Words::Each(each) => Text(each.clone()),
        }
    }
}

/// By hand, so that a language that there is not is refused by its name and with those that there are.
impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Words;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text in quotes, or one for each language: { de = \"…\", en = \"…\" }")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words::One(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                let mut each = BTreeMap::new();
                while let Some((language, text)) = map.next_entry()? {
                    each.insert(language, text);
                }
                Ok(Words::Each(each))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
