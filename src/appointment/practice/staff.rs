//! The people who work in a practice, and what each is granted.
//!
//! Not for: what a grant allows (`principal`), what was granted besides (`app::access`). No RFC: the practice grants in these words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Id;
use crate::principal::{Grant, Login, Role, View};

/// Somebody who works here, as the file declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The login's name.
    pub login: Login,
    /// For people.
    pub name: String,
    /// Where the calendar programs may reach them.
    pub email: Option<String>,
    /// What they are.
    pub role: Role,
    /// Resources whose calendars they see, and whether they may change them.
    #[serde(with = "grants")]
    pub grants: BTreeMap<Id, Grant>,
    /// What they may do with the customers on file.
    #[serde(default, with = "grant", skip_serializing_if = "Option::is_none")]
    pub customers: Option<Grant>,
    /// What they may do with opening hours that they see; reading where nothing is said.
    #[serde(default, with = "grant", skip_serializing_if = "Option::is_none")]
    pub hours: Option<Grant>,
    /// How much of customers' data their calendar programs and pages show.
    #[serde(default = "full")]
    pub sees: View,
}

fn full() -> View {
    View::Full
}

/// A grant as a practice gives it; what goes further, nobody is given by a practice.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantWord {
    /// When somebody is busy.
    FreeBusy,
    /// All that is there.
    Read,
    /// And to change it.
    Write,
}

impl From<GrantWord> for Grant {
    fn from(word: GrantWord) -> Grant {
        match word {
            GrantWord::FreeBusy => Grant::FreeBusy,
            GrantWord::Read => Grant::Read,
            GrantWord::Write => Grant::Write,
        }
    }
}

impl From<Grant> for GrantWord {
    fn from(grant: Grant) -> GrantWord {
        match grant {
            Grant::FreeBusy => GrantWord::FreeBusy,
            Grant::Read => GrantWord::Read,
            Grant::Write | Grant::Manage | Grant::Own => GrantWord::Write,
        }
    }
}

mod grant {
    //! A grant as its word, or none.
    use super::{Grant, GrantWord};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(grant: &Option<Grant>, s: S) -> Result<S::Ok, S::Error> {
        grant.map(GrantWord::from).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Grant>, D::Error> {
        Ok(Option::<GrantWord>::deserialize(d)?.map(Grant::from))
    }
}

mod grants {
    //! Grants as `resource = "word"`.
    use super::{BTreeMap, Grant, GrantWord, Id};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(grants: &BTreeMap<Id, Grant>, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(grants.iter().map(|(id, grant)| (id, GrantWord::from(*grant))))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<Id, Grant>, D::Error> {
        let words = BTreeMap::<Id, GrantWord>::deserialize(d)?;
        Ok(words.into_iter().map(|(id, word)| (id, Grant::from(word))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_granted_is_kept_as_the_words_of_the_file() {
        let all = [Grant::FreeBusy, Grant::Read, Grant::Write, Grant::Own];
        let staff = Staff {
            login: "anna".into(),
            name: "Anna".into(),
            email: None,
            role: Role::Admin,
            grants: all.into_iter().enumerate().map(|(n, grant)| (Id(format!("k{n}")), grant)).collect(),
            customers: Some(Grant::Read),
            hours: None,
            sees: View::Name,
        };
        let kept = serde_json::to_value(&staff).unwrap();
        let grants = serde_json::json!({ "k0": "free-busy", "k1": "read", "k2": "write", "k3": "write" });
        let expected = serde_json::json!({
            "login": "anna", "name": "Anna", "email": null, "role": "admin", "grants": grants, "customers": "read", "sees": "name",
        });
        assert_eq!(kept, expected);
        let read: Staff = serde_json::from_value(kept.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), kept);
        for (field, word) in [("customers", "own"), ("customers", "manage"), ("role", "Staff"), ("sees", "none")] {
            let mut other = kept.clone();
            other[field] = word.into();
            assert!(serde_json::from_value::<Staff>(other).is_err(), "{field} = {word}");
        }
    }
}
