//! Reports about principals: looking for them, finding oneself, naming those in an access control list.
//!
//! Not for: who may see whom (`app::principals`). RFC 3744 §9.2 to §9.5.

use http::StatusCode;

use super::ENTRY_PAGE;
use crate::access::Whom;
use crate::app::calendar::Calendar;
use crate::app::principals::{More, Party};
use crate::dav::Call;
use crate::dav::error;
use crate::dav::found::{self, Found};
use crate::dav::href::Target;
use crate::dav::multistatus::{self, Multistatus, document};
use crate::dav::property::{self, Member, Subject, Thing, Value, write_href};
use crate::dav::propfind::{brevity, confirmed};
use crate::dav::request::{self, Depth};
use crate::dav::selection::{OK, Selection};
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::{self, CalDav, CalendarServer, Dav};
use crate::error::{Error, Result};
use crate::exchange::Reply;
use crate::principal::{Contents, PrincipalId, Privilege};

/// How many conditions one search may make.
const MAX_CONDITIONS: usize = 32;

/// The properties by which principals can be found, each with what it is to people.
const SEARCHABLE: [(Namespace, &str, &str); 4] = [
    (Dav, "displayname", "Name"),
    (CalDav, "calendar-user-address-set", "Address"),
    (CalDav, "calendar-user-type", "Kind"),
    (CalendarServer, "email-address-set", "Mail address"),
];

/// The texts that a property of a principal holds.
fn texts(party: &Party, namespace: Namespace, local: &str) -> Vec<String> {
    let address = party.address.iter();
    match (namespace, local) {
        (Dav, "displayname") => vec![party.display_name.clone()],
        (CalDav, "calendar-user-address-set") => {
            address.map(|address| format!("mailto:{address}")).chain([Target::of(&party.id).href()]).collect()
        }
        (CalDav, "calendar-user-type") => vec![party.user_type.word().to_owned()],
        (CalendarServer, "email-address-set") => party.email.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

/// How a text must hold another. Apple's programs say it in an attribute; the RFC leaves it to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Contains,
    StartsWith,
    Equals,
}

/// One property that must match.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    property: Option<(Namespace, String)>,
    text: String,
    way: Way,
}

impl Condition {
    fn holds(&self, party: &Party) -> bool {
        let Some((namespace, local)) = &self.property else { return false };
        texts(party, *namespace, local).iter().map(|text| text.to_lowercase()).any(|text| match self.way {
            Way::Contains => text.contains(&self.text),
            Way::StartsWith => text.starts_with(&self.text),
            Way::Equals => text == self.text,
        })
    }
}

/// Reads the conditions of a search.
fn conditions(root: &Element) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for search in root.children().filter(|child| child.is(Dav, "property-search")) {
        let wanted = search.child(Dav, "match").ok_or_else(|| Error::Malformed("A DAV:property-search has no DAV:match.".into()))?;
        let way = match wanted.attribute("match-type") {
            Some("starts-with") => Way::StartsWith,
            Some("equals" | "is") => Way::Equals,
            _ => Way::Contains,
        };
        let text = wanted.text().trim().to_lowercase();
        for property in search.children().filter(|child| child.is(Dav, "prop")).flat_map(Element::children) {
            let namespace = Namespace::of(&property.namespace);
            conditions.push(Condition {
                property: namespace.map(|namespace| (namespace, property.local.clone())),
                text: text.clone(),
                way,
            });
        }
    }
    match conditions.len() {
        0 => Err(Error::Malformed("The search names no property.".into())),
        count if count > MAX_CONDITIONS => Err(Error::Malformed(format!("A search makes at most {MAX_CONDITIONS} conditions."))),
        _ => Ok(conditions),
    }
}

/// These reports are defined for Depth 0 alone.
fn only_depth_zero(call: &Call) -> Result<()> {
    match request::depth(call.request.headers())? {
        None | Some(Depth::Zero) => Ok(()),
        Some(_) => Err(Error::Malformed("This report is asked with Depth 0.".into())),
    }
}

/// What is answered for each principal or member: the properties asked for, or no more than that it is there.
struct Answer(Option<Selection>);

impl Answer {
    fn read(call: &Call, root: &Element) -> Result<Answer> {
        let brevity = brevity(request::preference(call.request.headers()));
        Ok(Answer(root.child(Dav, "prop").map(|_| Selection::read(root, brevity)).transpose()?))
    }

    fn write(&self, subject: &Subject<'_>, out: &mut Multistatus) {
        match &self.0 {
            Some(selection) => selection.respond(subject, out.writer()),
            None => {
                out.writer().open(Dav, "response");
                write_href(subject.target, out.writer());
                out.writer().leaf(Dav, "status", OK);
                out.writer().close(Dav, "response");
            }
        }
    }

    fn write_party(&self, call: &Call, party: Party, out: &mut Multistatus) {
        let target = Target::of(&party.id);
        self.write(&Found::Principal(party).subject(&call.by.principal, &target), out);
    }
}

/// DAV:principal-property-search: the principals that match (RFC 3744 §9.4).
pub async fn search(call: Call, root: &Element) -> Result<Reply> {
    only_depth_zero(&call)?;
    let answer = Answer::read(&call, root)?;
    let conditions = conditions(root)?;
    let any = root.attribute("test") == Some("anyof");
    let scope = match &call.target {
        Target::PrincipalsOf(kind) if root.child(Dav, "apply-to-principal-collection-set").is_none() => Some(*kind),
        _ => None,
    };
    let holds = |party: &Party| {
        let here = scope.is_none_or(|kind| party.id.segments().first().is_some_and(|first| first == kind.word()));
        let mut each = conditions.iter().map(|condition| condition.holds(party));
        here && if any { each.any(|holds| holds) } else { each.all(|holds| holds) }
    };
    let matches = call.app.search(&call.by.principal, holds).await?;
    let preference = request::preference(call.request.headers());
    let write = async move |mut out: Multistatus| {
        for party in matches.found {
            answer.write_party(&call, party, &mut out);
            out.flush().await?;
        }
        if matches.more == More::Yes {
            out.truncated(&call.target.href());
        }
        Ok(out)
    };
    Ok(confirmed(multistatus::reply(write).await?, preference))
}

/// DAV:principal-search-property-set: by which properties can be searched (RFC 3744 §9.5).
pub fn searchable() -> Reply {
    let body = document(Dav, "principal-search-property-set", |writer| {
        for (namespace, local, description) in SEARCHABLE {
            writer.open(Dav, "principal-search-property");
            writer.open(Dav, "prop");
            writer.empty(namespace, local);
            writer.close(Dav, "prop");
            writer.raw("<D:description xml:lang=\"en\">");
            writer.text(description);
            writer.close(Dav, "description");
            writer.close(Dav, "principal-search-property");
        }
    });
    error::xml(StatusCode::OK, body)
}

/// DAV:principal-match: oneself and one's groups among principals, or what has a property that names one of these (RFC 3744 §9.3).
pub async fn matching(call: Call, root: &Element) -> Result<Reply> {
    only_depth_zero(&call)?;
    let answer = Answer::read(&call, root)?;
    let by = match (root.child(Dav, "self"), root.child(Dav, "principal-property").and_then(|by| by.children().next())) {
        (Some(_), None) => None,
        (None, Some(property)) => Some(property::row(&property.name())),
        _ => return Err(Error::Malformed("A DAV:principal-match asks for DAV:self or for one DAV:principal-property.".into())),
    };
    found::find(&call.app, &call.by.principal, &call.target).await?;
    let mine = call.app.identities(&call.by.principal).await?;
    let preference = request::preference(call.request.headers());
    let write = async move |mut out: Multistatus| {
        let matched = Matched { by, mine };
        for id in matched.mine.iter().filter(|id| lies_below(id, &call.target)) {
            let party = call.app.party(&call.by.principal, id).await?;
            let target = Target::of(id);
            if matched.holds(&Found::Principal(party.clone()).subject(&call.by.principal, &target)) {
                answer.write_party(&call, party, &mut out);
            }
        }
        matched.write_homes(&call, &answer, &mut out).await?;
        Ok(out)
    };
    Ok(confirmed(multistatus::reply(write).await?, preference))
}

/// Whether a principal is a member, at any depth, of the collection at an address, or is what stands there.
fn lies_below(id: &PrincipalId, target: &Target) -> bool {
    match target {
        Target::Root | Target::Dav | Target::Principals => true,
        Target::PrincipalsOf(kind) => id.segments().first().is_some_and(|first| first == kind.word()),
        Target::Principal(login) => matches!(id, PrincipalId::Login(of) | PrincipalId::Delegates(of, _) if of == login),
        Target::Party(party) => party == id,
        _ => false,
    }
}

/// What a member must be to match.
struct Matched {
    /// The property whose address counts; `None` for principals themselves.
    by: Option<Option<&'static property::Row>>,
    /// The principals that somebody is or belongs to.
    mine: Vec<PrincipalId>,
}

impl Matched {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        match self.by {
            None => matches!(subject.thing, Thing::Principal(_)),
            Some(row) => {
                let Some(property::Row { value: Value::Hrefs(targets), on, .. }) = row else { return false };
                let named = on.contains(&subject.kind()).then(|| targets(subject)).flatten().unwrap_or_default();
                named.iter().filter_map(Target::principal).any(|id| self.mine.contains(&id))
            }
        }
    }

    /// The calendars and address books below an address, and what is in them.
    async fn write_homes(&self, call: &Call, answer: &Answer, out: &mut Multistatus) -> Result<()> {
        let who = &call.by.principal;
        let mut collections = match &call.target {
            // Only a property can name somebody there.
            _ if self.by.is_none() => return Ok(()),
            Target::Root | Target::Dav => [call.app.home(who).await?, call.app.address_home(who).await?].concat(),
            Target::Homes => call.app.home(who).await?,
            Target::AddressHomes => call.app.address_home(who).await?,
            Target::Home(_) | Target::AddressHome(_) => found::home(&call.app, who, &call.target).await?,
            Target::Calendar(..) | Target::AddressBook(..) => vec![found::collection(&call.app, who, &call.target).await?],
            _ => return Ok(()),
        };
        if answer.0.as_ref().is_some_and(|selection| selection.names(Dav, "acl")) {
            found::read_acls(&call.app, &mut collections).await?;
        }
        for collection in &collections {
            let target = match collection.contents() {
                Contents::Calendar => Target::Calendar(collection.home.clone(), collection.name.clone()),
                Contents::Cards => Target::AddressBook(collection.home.clone(), collection.name.clone()),
            };
            let subject = Subject { who, target: &target, thing: Thing::Calendar(collection) };
            if target != call.target && self.holds(&subject) {
                answer.write(&subject, out);
            }
            self.write_objects(call, (&target, collection), answer, out).await?;
        }
        Ok(())
    }

    async fn write_objects(&self, call: &Call, within: (&Target, &Calendar), answer: &Answer, out: &mut Multistatus) -> Result<()> {
        let (place, calendar) = within;
        let mut after = None;
        loop {
            let page = call.app.entries(calendar, after.as_ref()).await?;
            let Some(last) = page.last() else { return Ok(()) };
            for entry in &page {
                let Some(target) = place.below(&entry.name) else { continue };
                let thing = Thing::Object(Member { calendar, entry, data: None });
                let subject = Subject { who: &call.by.principal, target: &target, thing };
                if self.holds(&subject) {
                    answer.write(&subject, out);
                }
                out.flush().await?;
            }
            if page.len() < ENTRY_PAGE {
                return Ok(());
            }
            after = Some(last.name.clone());
        }
    }
}

/// DAV:acl-principal-prop-set: properties of the principals that an access control list names, each once (RFC 3744 §9.2).
pub async fn of_acl(call: Call, root: &Element) -> Result<Reply> {
    only_depth_zero(&call)?;
    let answer = Answer::read(&call, root)?;
    let who = &call.by.principal;
    let mut found = found::find(&call.app, who, &call.target).await?;
    found.read_acl(&call.app).await?;
    let subject = found.subject(who, &call.target);
    let list = property::list(&subject).ok_or(Error::Forbidden(Privilege::ReadAcl))?;
    let mut named: Vec<PrincipalId> = Vec::new();
    for ace in list {
        let id = match ace.whom {
            Whom::Principal(id) => Some(id),
            Whom::Owner => property::owner(&subject).and_then(|owner| owner.first()?.principal()),
            Whom::Authenticated | Whom::Unauthenticated => None,
        };
        named.extend(id.filter(|id| !named.contains(id)));
    }
    let preference = request::preference(call.request.headers());
    let write = async move |mut out: Multistatus| {
        for id in &named {
            match call.app.party(&call.by.principal, id).await {
                Ok(party) => answer.write_party(&call, party, &mut out),
                // The practice's file may name somebody who has no login any more.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
            out.flush().await?;
        }
        Ok(out)
    };
    Ok(confirmed(multistatus::reply(write).await?, preference))
}
