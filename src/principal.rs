//! Who asks: principals, their roles, and what they may do with a collection.
//!
//! Not for: how a password is checked (`app::login`). RFC 3744 §2 and §3.

use minicbor::{Decode, Encode};

/// A login's name as it stands in addresses: lower-case ASCII letters, digits, `-`, `_`, `.` or `@`, 1 to 64 octets.
pub type Login = String;

/// What a person is in the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Sees and changes the resources that were granted.
    #[n(0)]
    Staff,
    /// Everything.
    #[n(1)]
    Admin,
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
}

/// The privileges of RFC 3744 §3 and RFC 4791 §6.1.1 that decide anything here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Privilege {
    /// DAV:read
    Read,
    /// CALDAV:read-free-busy
    ReadFreeBusy,
    /// DAV:write-properties
    WriteProperties,
    /// DAV:write-content
    WriteContent,
    /// DAV:bind
    Bind,
    /// DAV:unbind
    Unbind,
    /// DAV:read-current-user-privilege-set
    ReadCurrentUserPrivilegeSet,
    /// DAV:all, which only owners and administrators have
    All,
}

/// What a login may do with a resource's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Grant {
    /// See it.
    #[n(0)]
    Read,
    /// See and change it.
    #[n(1)]
    Write,
    /// One's own collection: also delete it.
    #[n(2)]
    Own,
}

impl Grant {
    /// The privileges that the grant stands for, spelled out: several clients take `all` alone for nothing.
    pub fn privileges(self) -> &'static [Privilege] {
        use Privilege::*;
        match self {
            // No write-properties, although a reader's own colour is kept: Thunderbird takes that for a writable calendar.
            Grant::Read => &[Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet],
            Grant::Write => &[Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet, WriteProperties, WriteContent, Bind, Unbind],
            Grant::Own => &[All, Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet, WriteProperties, WriteContent, Bind, Unbind],
        }
    }

    /// Whether the grant holds a privilege.
    pub fn allows(self, privilege: Privilege) -> bool {
        self.privileges().contains(&privilege)
    }
}

/// Whether a name can be a login's: lower-case ASCII letters, digits, `-`, `_`, `.` or `@`, 1 to 64 octets, and no path.
pub fn is_login(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.@".contains(&b);
    (1..=64).contains(&name.len()) && name.bytes().all(allowed) && name != "." && name != ".."
}
