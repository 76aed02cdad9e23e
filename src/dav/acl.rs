//! Access control in XML: privileges, lists, restrictions; and the method ACL.
//!
//! Not for: who may what (`principal`, `access`, `app::access`). RFC 3744 §5.3 to §5.7 and §8.1.

use http::StatusCode;

use super::Call;
use super::found;
use super::host;
use super::href::Target;
use super::property::write_href;
use super::xml::Namespace::{self, CalDav, Dav};
use super::xml::writer::Writer;
use super::xml::{self, Element};
use crate::access::{Ace, Effect, Named, Sense, Source, Wanted, Whom};
use crate::error::{Error, Result};
use crate::exchange::{Body, Reply};
use crate::principal::{Contents, Privilege};

/// The name of a privilege.
pub fn name_of(privilege: Privilege) -> (Namespace, &'static str) {
    match privilege {
        Privilege::All => (Dav, "all"),
        Privilege::Read => (Dav, "read"),
        Privilege::ReadFreeBusy => (CalDav, "read-free-busy"),
        Privilege::ReadCurrentUserPrivilegeSet => (Dav, "read-current-user-privilege-set"),
        Privilege::ReadAcl => (Dav, "read-acl"),
        Privilege::Write => (Dav, "write"),
        Privilege::WriteProperties => (Dav, "write-properties"),
        Privilege::WriteContent => (Dav, "write-content"),
        Privilege::Bind => (Dav, "bind"),
        Privilege::Unbind => (Dav, "unbind"),
        Privilege::WriteAcl => (Dav, "write-acl"),
        Privilege::ScheduleDeliver => (CalDav, "schedule-deliver"),
        Privilege::ScheduleDeliverInvite => (CalDav, "schedule-deliver-invite"),
        Privilege::ScheduleDeliverReply => (CalDav, "schedule-deliver-reply"),
        Privilege::ScheduleQueryFreebusy => (CalDav, "schedule-query-freebusy"),
        Privilege::ScheduleSend => (CalDav, "schedule-send"),
        Privilege::ScheduleSendInvite => (CalDav, "schedule-send-invite"),
        Privilege::ScheduleSendReply => (CalDav, "schedule-send-reply"),
        Privilege::ScheduleSendFreebusy => (CalDav, "schedule-send-freebusy"),
    }
}

/// What a privilege is for, for people (DAV:description).
fn description(privilege: Privilege) -> &'static str {
    match privilege {
        Privilege::All => "Everything",
        Privilege::Read => "See it",
        Privilege::ReadFreeBusy => "See when it is busy",
        Privilege::ReadCurrentUserPrivilegeSet => "See what one may do oneself",
        Privilege::ReadAcl => "See who may do what",
        Privilege::Write => "Change it",
        Privilege::WriteProperties => "Change its properties",
        Privilege::WriteContent => "Change what is in it",
        Privilege::Bind => "Put something into it",
        Privilege::Unbind => "Take something out of it",
        Privilege::WriteAcl => "Say who may do what",
        Privilege::ScheduleDeliver => "Deliver scheduling messages",
        Privilege::ScheduleDeliverInvite => "Deliver invitations",
        Privilege::ScheduleDeliverReply => "Deliver replies",
        Privilege::ScheduleQueryFreebusy => "Ask when its owner is busy",
        Privilege::ScheduleSend => "Send scheduling messages",
        Privilege::ScheduleSendInvite => "Send invitations",
        Privilege::ScheduleSendReply => "Send replies",
        Privilege::ScheduleSendFreebusy => "Ask when others are busy",
    }
}

/// `<D:privilege><D:read/></D:privilege>`
pub fn write_privilege(privilege: Privilege, writer: &mut Writer) {
    let (namespace, local) = name_of(privilege);
    writer.open(Dav, "privilege");
    writer.empty(namespace, local);
    writer.close(Dav, "privilege");
}

/// DAV:need-privileges: which privilege is missing at which address (RFC 3744 §7.1.1).
pub fn write_need(href: &str, privilege: Privilege, writer: &mut Writer) {
    writer.open(Dav, "need-privileges");
    writer.open(Dav, "resource");
    writer.leaf(Dav, "href", href);
    write_privilege(privilege, writer);
    writer.close(Dav, "resource");
    writer.close(Dav, "need-privileges");
}

/// The tree of privileges on what holds this, from one of them down (RFC 3744 §5.3).
pub fn write_supported(privilege: Privilege, contents: Contents, writer: &mut Writer) {
    if !privilege.is_about(contents) {
        return;
    }
    writer.open(Dav, "supported-privilege");
    write_privilege(privilege, writer);
    if !privilege.grantable() {
        writer.empty(Dav, "abstract");
    }
    writer.raw("<D:description xml:lang=\"en\">");
    writer.text(description(privilege));
    writer.close(Dav, "description");
    privilege.parts().iter().for_each(|part| write_supported(*part, contents, writer));
    writer.close(Dav, "supported-privilege");
}

/// An entry (RFC 3744 §5.5). `home` is where inherited ones come from.
pub fn write_ace(ace: &Ace, home: &Target, writer: &mut Writer) {
    writer.open(Dav, "ace");
    writer.open(Dav, "principal");
    match &ace.whom {
        Whom::Principal(id) => write_href(&Target::of(id), writer),
        Whom::Owner => writer.raw("<D:property><D:owner/></D:property>"),
        Whom::Authenticated => writer.empty(Dav, "authenticated"),
        Whom::Unauthenticated => writer.empty(Dav, "unauthenticated"),
    }
    writer.close(Dav, "principal");
    writer.open(Dav, "grant");
    ace.privileges.iter().for_each(|privilege| write_privilege(*privilege, writer));
    writer.close(Dav, "grant");
    match ace.source {
        Source::Given => {}
        Source::Protected => writer.empty(Dav, "protected"),
        Source::Inherited => {
            writer.open(Dav, "inherited");
            write_href(home, writer);
            writer.close(Dav, "inherited");
        }
    }
    writer.close(Dav, "ace");
}

/// The method ACL: another list takes the place of what was given (RFC 3744 §8.1).
pub async fn acl(call: &Call) -> Result<Reply> {
    if !matches!(call.target, Target::Calendar(..) | Target::AddressBook(..)) {
        return Err(Error::NotAllowed);
    }
    let collection = found::collection(&call.app, &call.by.principal, &call.target).await?;
    let root = xml::read(call.request.body())?;
    if !root.is(Dav, "acl") {
        return Err(Error::Malformed("The body of an ACL request is a DAV:acl.".into()));
    }
    let is_here = |href: &str| host::is_here(call.request.headers(), call.app.public_host(), href).unwrap_or(false);
    let wanted = root.children().filter(|child| child.is(Dav, "ace")).map(|ace| wanted(ace, &is_here)).collect::<Result<Vec<_>>>()?;
    call.app.set_acl(&call.by, &collection, &wanted.into_iter().flatten().collect::<Vec<_>>()).await?;
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::OK;
    Ok(reply)
}

/// An entry that is asked for; `None` for one that a client sends back as it read it, protected or inherited: it is not given, and stays.
fn wanted(ace: &Element, is_here: &dyn Fn(&str) -> bool) -> Result<Option<Wanted>> {
    if ace.child(Dav, "protected").is_some() || ace.child(Dav, "inherited").is_some() {
        return Ok(None);
    }
    let malformed = |what: &str| Error::Malformed(format!("A DAV:ace has no {what}."));
    let inverted = ace.child(Dav, "invert");
    let principal = inverted.unwrap_or(ace).child(Dav, "principal").ok_or_else(|| malformed("DAV:principal"))?;
    let (effect, privileges) = match (ace.child(Dav, "grant"), ace.child(Dav, "deny")) {
        (Some(grant), None) => (Effect::Grant, grant),
        (None, Some(deny)) => (Effect::Deny, deny),
        _ => return Err(malformed("DAV:grant, or it has a DAV:deny besides")),
    };
    let names = privileges.children().filter(|child| child.is(Dav, "privilege")).filter_map(|privilege| privilege.children().next());
    Ok(Some(Wanted {
        named: named(principal, is_here),
        sense: if inverted.is_some() { Sense::Inverted } else { Sense::Plain },
        effect,
        privileges: names.map(privilege).collect(),
    }))
}

fn privilege(element: &Element) -> Option<Privilege> {
    Privilege::EVERY.into_iter().find(|privilege| {
        let (namespace, local) = name_of(*privilege);
        element.is(namespace, local)
    })
}

/// Whom an entry names; a principal of another server is none of ours.
fn named(principal: &Element, is_here: &dyn Fn(&str) -> bool) -> Named {
    if let Some(href) = principal.child(Dav, "href") {
        let href = href.text();
        let target = Some(href.trim()).filter(|href| is_here(href)).and_then(|href| Target::read(href).ok());
        let id = target.and_then(|target| target.principal());
        return id.map_or(Named::Unknown, |id| Named::Known(Whom::Principal(id)));
    }
    if principal.child(Dav, "property").is_some_and(|property| property.child(Dav, "owner").is_some()) {
        return Named::Known(Whom::Owner);
    }
    if principal.child(Dav, "authenticated").is_some() {
        return Named::Known(Whom::Authenticated);
    }
    if principal.child(Dav, "unauthenticated").is_some() { Named::Known(Whom::Unauthenticated) } else { Named::Other }
}
