//! Which principal: somebody who signs in, something that is booked, a branch, a group.
//!
//! Not for: names for people and members (`app::principals`). RFC 3744 §2, RFC 5545 §3.2.3, caldav-proxy §5.1.

use super::{Login, is_login};

/// A principal. Resources, locations and groups follow from the practice; they are kept nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalId {
    /// Somebody who signs in.
    Login(Login),
    /// What customers book, by its id.
    Resource(String),
    /// A branch, by its id; its members are its resources.
    Location(String),
    /// Several logins.
    Group(Group),
    /// Those to whom a login has delegated its calendars (caldav-proxy §5.1).
    Delegates(Login, Delegation),
}

/// A group of logins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Every login: `staff`.
    Staff,
    /// Those who may do everything: `admins`.
    Admins,
    /// Those who were granted a calendar of this branch: `at-` and its id.
    At(String),
}

/// How far somebody may act in somebody else's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delegation {
    /// Reading: `calendar-proxy-read`.
    Read,
    /// Reading and writing: `calendar-proxy-write`.
    Write,
}

/// The kinds of principals that have a collection of their own beside the logins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `resources`
    Resources,
    /// `locations`
    Locations,
    /// `groups`
    Groups,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Resources, Kind::Locations, Kind::Groups];

    /// Its word in addresses, which no login can have.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Resources => "resources",
            Kind::Locations => "locations",
            Kind::Groups => "groups",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The principal of this kind that has a name; whether there is one is not looked up.
    pub fn principal(self, name: &str) -> Option<PrincipalId> {
        match self {
            Kind::Resources => Some(PrincipalId::Resource(name.to_owned())),
            Kind::Locations => Some(PrincipalId::Location(name.to_owned())),
            Kind::Groups => Group::from_word(name).map(PrincipalId::Group),
        }
    }
}

impl Group {
    /// Its word in addresses.
    pub fn word(&self) -> String {
        match self {
            Group::Staff => "staff".to_owned(),
            Group::Admins => "admins".to_owned(),
            Group::At(location) => format!("at-{location}"),
        }
    }

    /// The group of a word.
    pub fn from_word(word: &str) -> Option<Group> {
        match word {
            "staff" => Some(Group::Staff),
            "admins" => Some(Group::Admins),
            _ => word.strip_prefix("at-").filter(|location| !location.is_empty()).map(|location| Group::At(location.to_owned())),
        }
    }
}

impl Delegation {
    /// Both.
    pub const ALL: [Delegation; 2] = [Delegation::Read, Delegation::Write];

    /// Its word in addresses and in DAV:resourcetype.
    pub fn word(self) -> &'static str {
        match self {
            Delegation::Read => "calendar-proxy-read",
            Delegation::Write => "calendar-proxy-write",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Delegation> {
        Delegation::ALL.into_iter().find(|delegation| delegation.word() == word)
    }
}

impl PrincipalId {
    /// The segments of its address below `/dav/principals/`; also what it is kept under.
    pub fn segments(&self) -> Vec<String> {
        let of = |kind: Kind, name: &str| vec![kind.word().to_owned(), name.to_owned()];
        match self {
            PrincipalId::Login(login) => vec![login.clone()],
            PrincipalId::Resource(id) => of(Kind::Resources, id),
            PrincipalId::Location(id) => of(Kind::Locations, id),
            PrincipalId::Group(group) => of(Kind::Groups, &group.word()),
            PrincipalId::Delegates(login, delegation) => vec![login.clone(), delegation.word().to_owned()],
        }
    }

    /// The principal of an address's segments below `/dav/principals/`, where these can be one's.
    pub fn of_segments(segments: &[&str]) -> Option<PrincipalId> {
        match segments {
            [login] if is_login(login) => Some(PrincipalId::Login((*login).to_owned())),
            [kind, name] => match (Kind::from_word(kind), Delegation::from_word(name)) {
                (Some(kind), _) => kind.principal(name),
                (None, Some(delegation)) if is_login(kind) => Some(PrincipalId::Delegates((*kind).to_owned(), delegation)),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_has_one_address_and_no_login_can_take_it() {
        for id in [
            PrincipalId::Login("anna".into()),
            PrincipalId::Resource("kabine-1".into()),
            PrincipalId::Location("stuttgart".into()),
            PrincipalId::Group(Group::Staff),
            PrincipalId::Group(Group::Admins),
            PrincipalId::Group(Group::At("stuttgart".into())),
            PrincipalId::Delegates("anna".into(), Delegation::Write),
        ] {
            let segments = id.segments();
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            assert_eq!(PrincipalId::of_segments(&segments), Some(id));
        }
        for none in [vec!["resources"], vec!["groups", "other"], vec!["groups", "at-"], vec!["Anna"], vec!["anna", "x"], vec![]] {
            assert_eq!(PrincipalId::of_segments(&none), None, "{none:?}");
        }
    }
}
