//! Keys of logins, of what they were granted, and of what opens doors for them.

use super::{Key, key, properties, setting};
use crate::collection::{CollectionId, Name};
use crate::ical::component::Component;

/// Every login that was removed and whose home is still there.
pub fn former_logins() -> Key {
    key(b'Z', &[])
}

/// A login that was removed.
pub fn former_login(login: &str) -> Key {
    key(b'Z', &[login.as_bytes()])
}

/// What is kept of a login beside its collections, by prefix. Nothing of another login begins so.
pub fn left_by(login: &str) -> [Key; 5] {
    let file = |kind: &[u8]| key(b'j', &[kind, login.as_bytes(), &[0]]);
    [file(b"e"), file(b"b"), file(b"s"), schedule(login), properties(&format!("f/{login}/"))]
}

/// Which of a login's two homes: that of its calendars (RFC 4791 §6.2.1) or that of its address books (RFC 6352 §7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeKind {
    /// Calendars, task lists and the like.
    Calendars,
    /// Address books.
    AddressBooks,
}

impl HomeKind {
    /// Both.
    pub const ALL: [HomeKind; 2] = [HomeKind::Calendars, HomeKind::AddressBooks];

    /// The one in which collections of such objects lie.
    pub fn of(component: Component) -> HomeKind {
        if component == Component::Card { HomeKind::AddressBooks } else { HomeKind::Calendars }
    }

    /// All that a login has there of its own.
    pub fn home(self, login: &str) -> Key {
        match self {
            HomeKind::Calendars => home(login),
            HomeKind::AddressBooks => address_home(login),
        }
    }

    /// One of them.
    pub fn member(self, login: &str, name: &Name) -> Key {
        match self {
            HomeKind::Calendars => member(login, name),
            HomeKind::AddressBooks => address_book(login, name),
        }
    }
}

/// A login's own collections.
pub fn home(login: &str) -> Key {
    key(b'h', &[login.as_bytes(), &[0]])
}

/// One of a login's own collections.
pub fn member(login: &str, name: &Name) -> Key {
    key(b'h', &[login.as_bytes(), &[0], name.as_str().as_bytes()])
}

/// A login's own address books.
pub fn address_home(login: &str) -> Key {
    key(b'i', &[login.as_bytes(), &[0]])
}

/// One of a login's own address books.
pub fn address_book(login: &str, name: &Name) -> Key {
    key(b'i', &[login.as_bytes(), &[0], name.as_str().as_bytes()])
}

/// The address book of the customers on file.
pub fn customers() -> Key {
    setting("customers")
}

/// All principals.
pub fn principals() -> Key {
    key(b'p', &[])
}

/// A principal.
pub fn principal(login: &str) -> Key {
    key(b'p', &[login.as_bytes()])
}

/// What a collection's list grants, by principal.
pub fn shares(id: CollectionId) -> Key {
    key(b'A', &[&id.0.to_be_bytes()])
}

/// What a collection's list grants a principal, named by the segments of its address.
pub fn share(id: CollectionId, principal: &str) -> Key {
    key(b'A', &[&id.0.to_be_bytes(), principal.as_bytes()])
}

/// The principal of a share's key.
pub fn principal_of_share(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key.get(9..)?).ok()
}

/// The collections whose lists grant a principal something.
pub fn shared(principal: &str) -> Key {
    key(b'B', &[principal.as_bytes(), &[0]])
}

/// That a collection's list grants a principal something.
pub fn shared_with(principal: &str, id: CollectionId) -> Key {
    key(b'B', &[principal.as_bytes(), &[0], &id.0.to_be_bytes()])
}

/// The collection at a key's end.
pub fn collection_at_end(key: &[u8]) -> Option<CollectionId> {
    Some(CollectionId(u64::from_be_bytes(*key.last_chunk()?)))
}

/// Those to whom a login has delegated.
pub fn delegates(login: &str) -> Key {
    key(b'D', &[login.as_bytes(), &[0]])
}

/// What a login has delegated to another.
pub fn delegate(login: &str, to: &str) -> Key {
    key(b'D', &[login.as_bytes(), &[0], to.as_bytes()])
}

/// Those who have delegated to a login.
pub fn delegators(to: &str) -> Key {
    key(b'E', &[to.as_bytes(), &[0]])
}

/// What a login was delegated by another.
pub fn delegator(to: &str, login: &str) -> Key {
    key(b'E', &[to.as_bytes(), &[0], login.as_bytes()])
}

/// The login behind the NUL of a delegation's key.
pub fn login_at_end(key: &[u8]) -> Option<&str> {
    let at = key.iter().position(|octet| *octet == 0)?;
    std::str::from_utf8(key.get(at + 1..)?).ok()
}

/// How a login takes part in scheduling.
pub fn schedule(login: &str) -> Key {
    key(b's', &[login.as_bytes(), &[0]])
}

/// A login's availability; to be followed by a piece's number.
pub fn availability(login: &str) -> Key {
    key(b's', &[login.as_bytes(), &[0], b"v"])
}

/// All devices' passwords.
pub fn devices() -> Key {
    key(b'k', &[])
}

/// A device's password.
pub fn device(id: &str) -> Key {
    key(b'k', &[id.as_bytes()])
}

/// All addresses without a login.
pub fn feeds() -> Key {
    key(b'f', &[])
}

/// An address without a login, by the hash of its file's name.
pub fn feed(hash: &[u8]) -> Key {
    key(b'f', &[hash])
}

/// All sessions.
pub fn sessions() -> Key {
    key(b'w', &[])
}

/// A session, by the hash of its secret.
pub fn session(hash: &[u8]) -> Key {
    key(b'w', &[hash])
}
