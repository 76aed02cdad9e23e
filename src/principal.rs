//! Who asks: principals, their roles, and what they may do with a collection.
//!
//! Not for: how a password is checked (`app::login`), lists of grants (`access`). RFC 3744 §2 and §3.

mod id;
mod privilege;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

pub use id::{Delegation, Group, Kind, PrincipalId};
pub use privilege::{Contents, Grant, Privilege};

/// A login's name as it stands in addresses: lower-case ASCII letters, digits, `-`, `_`, `.` or `@`, 1 to 64 octets.
pub type Login = String;

/// What a person is in the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees and changes the resources that were granted.
    #[n(0)]
    Staff,
    /// Everything.
    #[n(1)]
    Admin,
}

/// How much of customers' data somebody, or one of their devices, is shown in the resources' calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// That a time is taken, and how the booking stands.
    #[n(2)]
    Busy,
    /// The title too, in which the name stands.
    #[n(1)]
    Name,
    /// Everything.
    #[n(0)]
    Full,
}

impl View {
    /// Every view, the fullest first.
    pub const ALL: [View; 3] = [View::Full, View::Name, View::Busy];

    /// Its word in settings and forms.
    pub fn word(self) -> &'static str {
        match self {
            View::Full => "full",
            View::Name => "name",
            View::Busy => "busy",
        }
    }

    /// The view of a word.
    pub fn from_word(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.word() == word)
    }

    /// Whether something is left out.
    pub fn is_lowered(self) -> bool {
        self != View::Full
    }
}

/// Somebody who has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The login's name.
    pub login: Login,
    /// A name for people.
    pub display_name: String,
    /// What they are in the practice.
    pub role: Role,
    /// The mail address that calendar programs are told (RFC 4791 §6.2.1), where there is one.
    pub email: Option<String>,
    /// How much of customers' data is shown.
    pub view: View,
}

/// What a name must be to be a login's, in a sentence.
pub const LOGIN_RULE: &str =
    "a login has 1 to 64 lower-case letters a–z, digits and - _ . @, and is none of the words resources, locations and groups";

/// Whether a name can be a login's: lower-case ASCII letters, digits, `-`, `_`, `.` or `@`, 1 to 64 octets, no path, and none of the words
/// that stand where logins stand in addresses.
pub fn is_login(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.@".contains(&b);
    let taken = name == "." || name == ".." || Kind::from_word(name).is_some();
    (1..=64).contains(&name.len()) && name.bytes().all(allowed) && !taken
}
