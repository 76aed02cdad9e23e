//! Privileges, which of them hold others, and the few grants that are given. This is the one place that says what a grant allows.
//!
//! RFC 3744 §3, RFC 4791 §6.1.1, RFC 6638 §6. DAV:unlock is not there, since there are no locks.

use minicbor::{Decode, Encode};

/// What lies in something that has a list of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Events, tasks, busy time: something that happens, and about which messages are sent.
    Calendar,
    /// Cards, which make nobody busy and invite nobody.
    Cards,
}

/// A privilege.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Privilege {
    /// DAV:read
    Read,
    /// CALDAV:read-free-busy
    ReadFreeBusy,
    /// DAV:write
    Write,
    /// DAV:write-properties
    WriteProperties,
    /// DAV:write-content
    WriteContent,
    /// DAV:bind
    Bind,
    /// DAV:unbind
    Unbind,
    /// DAV:read-acl
    ReadAcl,
    /// DAV:read-current-user-privilege-set
    ReadCurrentUserPrivilegeSet,
    /// DAV:write-acl
    WriteAcl,
    /// CALDAV:schedule-deliver (RFC 6638 §6.1.1)
    ScheduleDeliver,
    /// CALDAV:schedule-deliver-invite
    ScheduleDeliverInvite,
    /// CALDAV:schedule-deliver-reply
    ScheduleDeliverReply,
    /// CALDAV:schedule-query-freebusy
    ScheduleQueryFreebusy,
    /// CALDAV:schedule-send (RFC 6638 §6.2.1)
    ScheduleSend,
    /// CALDAV:schedule-send-invite
    ScheduleSendInvite,
    /// CALDAV:schedule-send-reply
    ScheduleSendReply,
    /// CALDAV:schedule-send-freebusy
    ScheduleSendFreebusy,
    /// DAV:all, which only owners have
    All,
}

impl Privilege {
    /// Every privilege, those that hold others before these.
    pub const EVERY: [Privilege; 19] = {
        use Privilege::*;
        [
            All,
            Read,
            ReadFreeBusy,
            ReadCurrentUserPrivilegeSet,
            ReadAcl,
            Write,
            WriteProperties,
            WriteContent,
            Bind,
            Unbind,
            WriteAcl,
            ScheduleDeliver,
            ScheduleDeliverInvite,
            ScheduleDeliverReply,
            ScheduleQueryFreebusy,
            ScheduleSend,
            ScheduleSendInvite,
            ScheduleSendReply,
            ScheduleSendFreebusy,
        ]
    };

    /// The privileges that it is made of (RFC 3744 §3.12, RFC 4791 §6.1.1, RFC 6638 §6.3).
    pub fn parts(self) -> &'static [Privilege] {
        use Privilege::*;
        match self {
            All => &[Read, ReadAcl, Write, WriteAcl, ScheduleDeliver, ScheduleSend],
            Read => &[ReadFreeBusy, ReadCurrentUserPrivilegeSet],
            Write => &[WriteProperties, WriteContent, Bind, Unbind],
            ScheduleDeliver => &[ScheduleDeliverInvite, ScheduleDeliverReply, ScheduleQueryFreebusy],
            ScheduleSend => &[ScheduleSendInvite, ScheduleSendReply, ScheduleSendFreebusy],
            _ => &[],
        }
    }

    /// It, and all that it is made of, down to what is made of nothing else.
    pub fn spelled_out(self) -> Vec<Privilege> {
        let parts = self.parts().iter().flat_map(|part| part.spelled_out());
        std::iter::once(self).chain(parts).collect()
    }

    /// Whether there is anything that it could allow (RFC 3744 §5.3: what a resource does not list is not supported there).
    pub fn is_about(self, contents: Contents) -> bool {
        let time = self == Privilege::ReadFreeBusy || [Privilege::ScheduleDeliver, Privilege::ScheduleSend].iter().any(|p| p.holds(self));
        contents == Contents::Calendar || !time
    }

    /// Whether it is this one, or made of it among others.
    fn holds(self, privilege: Privilege) -> bool {
        self == privilege || self.parts().iter().any(|part| part.holds(privilege))
    }

    /// Whether it can be granted by itself (RFC 3744 §5.3): what can't be is abstract.
    pub fn grantable(self) -> bool {
        matches!(self, Privilege::ReadFreeBusy | Privilege::Read | Privilege::Write)
    }
}

/// What somebody may do with a calendar or an address book. Greater ones allow all that lesser ones do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Grant {
    /// See when it is busy, and nothing else.
    #[n(3)]
    FreeBusy,
    /// See it.
    #[n(0)]
    Read,
    /// See and change it.
    #[n(1)]
    Write,
    /// See and change it, and say who else may: an administrator with a resource's calendar, or with the customers on file.
    #[n(4)]
    Manage,
    /// One's own collection: also delete it.
    #[n(2)]
    Own,
}

impl Grant {
    /// The privileges that the grant stands for, spelled out: several clients take `all` alone for nothing, and look for `write` besides
    /// what it is made of.
    pub fn privileges(self) -> &'static [Privilege] {
        use Privilege::*;
        match self {
            Grant::FreeBusy => &[ReadFreeBusy],
            // No write-properties, although a reader's own colour is kept: Thunderbird takes that for a writable calendar.
            Grant::Read => &[Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet],
            Grant::Write => &[Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet, WriteProperties, WriteContent, Bind, Unbind, Write],
            Grant::Manage => {
                &[Read, ReadFreeBusy, ReadCurrentUserPrivilegeSet, WriteProperties, WriteContent, Bind, Unbind, Write, ReadAcl, WriteAcl]
            }
            Grant::Own => &[
                All,
                Read,
                ReadFreeBusy,
                ReadCurrentUserPrivilegeSet,
                WriteProperties,
                WriteContent,
                Bind,
                Unbind,
                Write,
                ReadAcl,
                WriteAcl,
            ],
        }
    }

    /// Whether the grant holds a privilege.
    pub fn allows(self, privilege: Privilege) -> bool {
        self.privileges().contains(&privilege)
    }

    /// The privileges by which an access control list grants this: the greatest ones that it is made of.
    pub fn granted(self) -> &'static [Privilege] {
        match self {
            Grant::FreeBusy => &[Privilege::ReadFreeBusy],
            Grant::Read => &[Privilege::Read],
            Grant::Write => &[Privilege::Read, Privilege::Write],
            Grant::Manage => &[Privilege::Read, Privilege::Write, Privilege::ReadAcl, Privilege::WriteAcl],
            Grant::Own => &[Privilege::All],
        }
    }

    /// The grant that these privileges make; `None` where they make none: writing without reading is not given.
    pub fn of(privileges: &[Privilege]) -> Option<Grant> {
        let has = |privilege| privileges.contains(&privilege);
        match (has(Privilege::Write), has(Privilege::Read), has(Privilege::ReadFreeBusy)) {
            (true, true, _) => Some(Grant::Write),
            (false, true, _) => Some(Grant::Read),
            (false, false, true) => Some(Grant::FreeBusy),
            (true, false, _) | (false, false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRANTS: [Grant; 5] = [Grant::FreeBusy, Grant::Read, Grant::Write, Grant::Manage, Grant::Own];

    #[test]
    fn the_tree_holds_every_privilege_once() {
        let mut tree = Privilege::All.spelled_out();
        tree.sort();
        let mut every = Privilege::EVERY.to_vec();
        every.sort();
        assert_eq!(tree, every);
    }

    #[test]
    fn a_grant_spells_out_what_its_privileges_hold_and_what_lesser_ones_allow() {
        for grant in GRANTS {
            for privilege in grant.privileges().iter().filter(|privilege| **privilege != Privilege::All) {
                assert!(privilege.spelled_out().iter().all(|part| grant.allows(*part)), "{grant:?} {privilege:?}");
            }
            for lesser in GRANTS.iter().filter(|lesser| **lesser < grant) {
                assert!(lesser.privileges().iter().all(|privilege| grant.allows(*privilege)), "{grant:?} {lesser:?}");
            }
        }
    }

    #[test]
    fn cards_are_read_and_written_and_nothing_else() {
        for privilege in Privilege::EVERY {
            let (name, time) = (format!("{privilege:?}"), !privilege.is_about(Contents::Cards));
            assert_eq!(time, name.starts_with("Schedule") || privilege == Privilege::ReadFreeBusy, "{name}");
            assert!(privilege.is_about(Contents::Calendar));
        }
    }

    #[test]
    fn what_can_be_granted_reads_back() {
        for grant in [Grant::FreeBusy, Grant::Read, Grant::Write] {
            assert_eq!(Grant::of(grant.granted()), Some(grant));
            assert!(grant.granted().iter().all(|privilege| privilege.grantable()));
        }
        assert_eq!(Grant::of(&[Privilege::Write]), None);
    }
}
