//! PROPPATCH: dead properties and settings, all or none, and the members of a group of delegates. RFC 4918 §9.2, caldav-proxy §5.1.
//!
//! Not for: keeping them (`app::calendar`), what a setting means (`setting`). What somebody sets on a calendar is theirs alone, so that whoever can read it
//! may give it a name, a colour and a place in their list.

use super::Call;
use super::found::{self, Found};
use super::href::Target;
use super::multistatus;
use super::property::{Write, writable, write_href};
use super::propfind::confirmed;
use super::request;
use super::selection::{MAX_PROPERTIES, OK};
use super::setting;
use super::xml::Namespace::Dav;
use super::xml::writer::Writer;
use super::xml::{self, Attribute, Element, XML_NAMESPACE};
use crate::app::calendar::{PropertyChange, PropertyTarget};
use crate::app::setting::Setting;
use crate::collection::Name;
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::principal::{Delegation, PrincipalId};
use http::StatusCode;

/// What is said about one instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It can be done.
    Allowed,
    /// The property is ours to compute.
    Protected,
    /// This thing keeps no properties.
    NotKept,
    /// There is no room for it.
    NoRoom,
    /// The value makes no sense.
    Senseless,
    /// The value breaks a precondition.
    Refused(Precondition),
}

/// What keeps the properties of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Keeper {
    /// Dead properties.
    Dead(PropertyTarget),
    /// A group of the caller's delegates, whose members can be set.
    Delegates(Delegation),
    /// A file or a folder; its properties go where it goes.
    File(Vec<Name>),
}

impl Verdict {
    const PLAIN: [Verdict; 5] = [Verdict::Allowed, Verdict::Protected, Verdict::NotKept, Verdict::NoRoom, Verdict::Senseless];

    /// The status line; what could be done is not done where something else cannot (424).
    fn status(self, failed: Option<Verdict>) -> &'static str {
        match self {
            Verdict::Allowed if failed.is_some() => "HTTP/1.1 424 Failed Dependency",
            Verdict::Allowed => OK,
            Verdict::Protected | Verdict::NotKept | Verdict::Refused(_) => "HTTP/1.1 403 Forbidden",
            Verdict::Senseless => "HTTP/1.1 409 Conflict",
            Verdict::NoRoom => "HTTP/1.1 507 Insufficient Storage",
        }
    }

    /// The precondition that is named beside the status.
    fn precondition(self) -> Option<Precondition> {
        match self {
            // Where nothing can be kept, everything is protected.
            Verdict::Protected | Verdict::NotKept => Some(Precondition::CannotModifyProtectedProperty),
            Verdict::Refused(precondition) => Some(precondition),
            Verdict::NoRoom => Some(Precondition::QuotaNotExceeded),
            Verdict::Allowed | Verdict::Senseless => None,
        }
    }
}

/// What is to be done, and what is said about each instruction.
#[derive(Default)]
struct Plan {
    verdicts: Vec<Verdict>,
    dead: Vec<PropertyChange>,
    settings: Vec<Setting>,
}

/// Sets and removes properties.
pub async fn proppatch(call: &Call) -> Result<Reply> {
    let root = xml::read(call.request.body())?;
    if !root.is(Dav, "propertyupdate") {
        return Err(Error::Malformed("The body of a PROPPATCH is a DAV:propertyupdate.".into()));
    }
    let changes = changes(&root)?;
    let found = found::find(&call.app, &call.by.principal, &call.target).await?;
    let address = found.address(call.target.clone());
    let kept = match &found {
        Found::Principal(party) => keeper_of(&party.id, &call.by.principal.login),
        Found::Home(_) => Some(Keeper::Dead(PropertyTarget::Home)),
        Found::AddressHome(_) => Some(Keeper::Dead(PropertyTarget::AddressHome)),
        Found::Inbox(_) => Some(Keeper::Dead(PropertyTarget::Inbox)),
        Found::Outbox(_) => Some(Keeper::Dead(PropertyTarget::Outbox)),
        Found::Calendar(calendar) => Some(Keeper::Dead(PropertyTarget::Calendar(calendar.id))),
        Found::Folder(..) | Found::File(_) => path_of(&call.target).map(Keeper::File),
        Found::Plain | Found::Neighbour(_) | Found::Object(..) => None,
    };
    let plan = plan(call, &found, &changes, kept.as_ref()).await?;
    let allowed = plan.verdicts.iter().all(|verdict| *verdict == Verdict::Allowed);
    let verdicts = match kept {
        Some(keeper) if allowed => patch(call, keeper, plan).await?,
        _ => plan.verdicts,
    };
    let preference = request::preference(call.request.headers());
    let done = verdicts.iter().all(|verdict| *verdict == Verdict::Allowed);
    if done && preference.minimal.is_some() {
        // RFC 8144: whoever wants it brief and got everything needs no list of it.
        return Ok(confirmed(Reply::new(Body::empty()), preference));
    }
    let body = multistatus::document(Dav, "multistatus", |writer| write(&address, &changes, &verdicts, writer));
    Ok(super::error::xml(StatusCode::MULTI_STATUS, body))
}

fn path_of(target: &Target) -> Option<Vec<Name>> {
    match target {
        Target::Folder(_, path) | Target::File(_, path) => Some(path.clone()),
        _ => None,
    }
}

async fn plan(call: &Call, found: &Found, changes: &[PropertyChange], kept: Option<&Keeper>) -> Result<Plan> {
    let mut plan = Plan::default();
    for change in changes {
        let mut verdict = verdict(change, kept);
        if verdict == Verdict::Allowed {
            match setting::read(call, found, change).await {
                Ok(None) => plan.dead.push(change.clone()),
                Ok(Some(setting)) => {
                    // What was kept under this name, by an earlier life of the property, must not hide what holds now.
                    plan.dead.push(PropertyChange { name: change.name.clone(), value: None });
                    plan.settings.push(setting);
                }
                Err(Error::Malformed(_)) => verdict = Verdict::Senseless,
                Err(Error::Refused(precondition, _)) => verdict = Verdict::Refused(precondition),
                Err(error) => return Err(error),
            }
        }
        plan.verdicts.push(verdict);
    }
    Ok(plan)
}

/// Does what was allowed. No client takes a refusal of the whole request well, so that a lack of room is told property by property.
async fn patch(call: &Call, keeper: Keeper, plan: Plan) -> Result<Vec<Verdict>> {
    let done = match keeper {
        Keeper::Dead(target) => call.app.patch(&call.by, target, plan.dead, plan.settings).await,
        Keeper::File(path) => call.app.patch_file(&call.by, &path, plan.dead).await,
        Keeper::Delegates(delegation) => delegate(call, delegation, &plan.dead).await,
    };
    match done {
        Err(Error::Refused(Precondition::QuotaNotExceeded, _)) => Ok(vec![Verdict::NoRoom; plan.verdicts.len()]),
        Err(Error::Refused(Precondition::AllowedPrincipal | Precondition::RecognizedPrincipal, _)) => {
            Ok(vec![Verdict::Senseless; plan.verdicts.len()])
        }
        result => result.map(|()| plan.verdicts),
    }
}

/// Makes those whom DAV:group-member-set names the caller's delegates (caldav-proxy §5.1); without a value, nobody.
async fn delegate(call: &Call, delegation: Delegation, changes: &[PropertyChange]) -> Result<()> {
    let Some(change) = changes.last() else { return Ok(()) };
    let set = change.value.as_ref().map(|value| xml::read(value.as_bytes())).transpose()?;
    let mut members = Vec::new();
    for href in set.iter().flat_map(Element::children).filter(|child| child.is(Dav, "href")) {
        let id = Target::read(&href.text()).ok().and_then(|target| target.principal());
        let unknown = || Error::Refused(Precondition::RecognizedPrincipal, "This address is no principal's.".into());
        members.push(id.ok_or_else(unknown)?);
    }
    call.app.set_delegates(&call.by, delegation, members).await
}

/// What of a principal its login may set.
fn keeper_of(id: &PrincipalId, login: &str) -> Option<Keeper> {
    match id {
        PrincipalId::Login(own) if own == login => Some(Keeper::Dead(PropertyTarget::Principal)),
        PrincipalId::Delegates(own, delegation) if own == login => Some(Keeper::Delegates(*delegation)),
        _ => None,
    }
}

fn verdict(change: &PropertyChange, keeper: Option<&Keeper>) -> Verdict {
    let members = change.name.namespace == Dav.uri() && change.name.local == "group-member-set";
    match (keeper, writable(&change.name)) {
        (Some(Keeper::Delegates(_)), _) if members => Verdict::Allowed,
        (Some(Keeper::Delegates(_)), Write::Settable) => Verdict::NotKept,
        (_, Write::Protected) => Verdict::Protected,
        (None, _) => Verdict::NotKept,
        _ => Verdict::Allowed,
    }
}

fn write(target: &Target, changes: &[PropertyChange], verdicts: &[Verdict], writer: &mut Writer) {
    let failed = verdicts.iter().copied().find(|verdict| *verdict != Verdict::Allowed);
    writer.open(Dav, "response");
    write_href(target, writer);
    let refused = verdicts.iter().copied().filter(|verdict| matches!(verdict, Verdict::Refused(_)));
    let mut groups = Verdict::PLAIN.to_vec();
    refused.for_each(|verdict| {
        if !groups.contains(&verdict) {
            groups.push(verdict)
        }
    });
    for verdict in groups {
        let mut named = changes.iter().zip(verdicts).filter(|(_, v)| **v == verdict).map(|(change, _)| change).peekable();
        if named.peek().is_none() {
            continue;
        }
        writer.raw("<D:propstat><D:prop>");
        named.for_each(|change| writer.named(&change.name));
        writer.close(Dav, "prop");
        writer.leaf(Dav, "status", verdict.status(failed));
        if let Some(element) = verdict.precondition().map(super::error::element) {
            writer.open(Dav, "error");
            writer.empty(element.namespace, element.local);
            writer.close(Dav, "error");
        }
        writer.close(Dav, "propstat");
    }
    if changes.is_empty() {
        writer.leaf(Dav, "status", OK);
    }
    writer.close(Dav, "response");
}

/// The instructions of a propertyupdate or of the DAV:set in an MKCALENDAR, in order; of several about one property the last
/// counts, as if they had been done one after another.
pub fn changes(root: &Element) -> Result<Vec<PropertyChange>> {
    let mut changes: Vec<PropertyChange> = Vec::new();
    for instruction in root.children() {
        let set = match instruction {
            _ if instruction.is(Dav, "set") => true,
            _ if instruction.is(Dav, "remove") => false,
            _ => continue,
        };
        for prop in instruction.children().filter(|child| child.is(Dav, "prop")) {
            let language = prop.language().or(instruction.language()).or(root.language());
            for property in prop.children() {
                let change = PropertyChange { name: property.name(), value: set.then(|| whole(property, language)) };
                changes.retain(|earlier| earlier.name != change.name);
                if changes.len() >= MAX_PROPERTIES {
                    return Err(Error::Malformed(format!("More than {MAX_PROPERTIES} properties are changed.")));
                }
                changes.push(change);
            }
        }
    }
    Ok(changes)
}

/// A property's whole element; the language that holds around it is part of its value (RFC 4918 §4.3).
fn whole(property: &Element, language: Option<&str>) -> String {
    match language {
        Some(language) if property.language().is_none() => {
            let mut property = property.clone();
            property.attributes.push(Attribute {
                namespace: XML_NAMESPACE.to_owned(),
                prefix: "xml".to_owned(),
                local: "lang".to_owned(),
                value: language.to_owned(),
            });
            property.whole()
        }
        _ => property.whole(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Vec<PropertyChange> {
        changes(&xml::read(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn the_last_instruction_about_a_property_counts() {
        let changes = read(
            "<d:propertyupdate xmlns:d='DAV:' xml:lang='de'><d:set><d:prop><d:displayname>Eins</d:displayname><x xmlns='urn:x' a='1'>v</x></d:prop></d:set>\
             <d:remove><d:prop><d:displayname/></d:prop></d:remove></d:propertyupdate>",
        );
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].value.as_deref(), Some("<x xmlns=\"urn:x\" a=\"1\" xml:lang=\"de\">v</x>"));
        assert_eq!((changes[1].name.local.as_str(), changes[1].value.as_deref()), ("displayname", None));
    }

    #[test]
    fn one_protected_property_fails_all() {
        let changes = read(
            "<d:propertyupdate xmlns:d='DAV:'><d:set><d:prop><d:getetag>x</d:getetag><d:displayname>Eins</d:displayname></d:prop></d:set>\
             </d:propertyupdate>",
        );
        let verdicts: Vec<Verdict> = changes.iter().map(|c| verdict(c, Some(&Keeper::Dead(PropertyTarget::Home)))).collect();
        assert_eq!(verdicts, [Verdict::Protected, Verdict::Allowed]);
        let body = multistatus::document(Dav, "multistatus", |w| write(&Target::Home("anna".into()), &changes, &verdicts, w));
        let tree = xml::read(body.as_bytes()).unwrap();
        let statuses: Vec<String> = tree
            .child(Dav, "response")
            .unwrap()
            .children()
            .filter_map(|propstat| propstat.child(Dav, "status"))
            .map(Element::text)
            .collect();
        assert_eq!(statuses, ["HTTP/1.1 424 Failed Dependency", "HTTP/1.1 403 Forbidden"]);
    }

    #[test]
    fn what_keeps_nothing_is_refused() {
        let changes =
            read("<d:propertyupdate xmlns:d='DAV:'><d:set><d:prop><d:displayname>Eins</d:displayname></d:prop></d:set></d:propertyupdate>");
        assert_eq!(verdict(&changes[0], None), Verdict::NotKept);
    }
}
