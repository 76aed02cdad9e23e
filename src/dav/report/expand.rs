//! DAV:expand-property: properties, with what stands at the addresses in them.
//!
//! RFC 3253 §3.8. First the addresses are read, as far as the request goes and one is let; then all is written at once.

use std::collections::BTreeMap;

use http::StatusCode;

use crate::app::App;
use crate::app::calendar::PropertyName;
use crate::dav::Call;
use crate::dav::error;
use crate::dav::found::{self, Found};
use crate::dav::href::Target;
use crate::dav::multistatus::document;
use crate::dav::property::{Subject, Value, write_href};
use crate::dav::propfind::{brevity, confirmed};
use crate::dav::request;
use crate::dav::selection::{Brevity, Column, MAX_PROPERTIES, NOT_FOUND, write_propstats};
use crate::dav::xml::Namespace::Dav;
use crate::dav::xml::writer::Writer;
use crate::dav::xml::{Element, is_name};
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;
use crate::principal::Principal;

/// How many addresses one request follows.
const MAX_FOLLOWED: usize = 1_000;

/// A property that was asked for, and what is asked of the addresses in it.
struct Asked {
    column: Column,
    within: Vec<Asked>,
}

impl AsRef<Column> for Asked {
    fn as_ref(&self) -> &Column {
        &self.column
    }
}

/// What stands at the addresses that were followed; `None` where nothing is.
struct Reach<'a> {
    who: &'a Principal,
    found: BTreeMap<String, Option<Found>>,
    brevity: Brevity,
}

/// Answers the target's properties, with responses in place of addresses where more is asked of them.
pub async fn report(call: Call, root: &Element) -> Result<Reply> {
    let mut count = 0;
    let asked = asked(root, &mut count)?;
    let who = &call.by.principal;
    let mut found = found::find(&call.app, who, &call.target).await?;
    if asks_acl(&asked) {
        found.read_acl(&call.app).await?;
    }
    let preference = request::preference(call.request.headers());
    let mut reach = Reach { who, found: BTreeMap::new(), brevity: brevity(preference) };
    reach.follow(&call.app, &found.subject(who, &call.target), &asked).await?;
    let body = document(Dav, "multistatus", |writer| respond(&found.subject(who, &call.target), &asked, &reach, writer));
    Ok(confirmed(error::xml(StatusCode::MULTI_STATUS, body), preference))
}

impl Reach<'_> {
    /// Reads what stands at the addresses of which more is asked, and so on from there.
    async fn follow(&mut self, app: &App, subject: &Subject<'_>, asked: &[Asked]) -> Result<()> {
        let mut steps = 0;
        let mut next = addresses(subject, asked);
        while let Some((target, within)) = next.pop() {
            steps += 1;
            if steps > MAX_FOLLOWED {
                let sentence = format!("More than {MAX_FOLLOWED} addresses would have to be followed.");
                return Err(Error::Refused(Precondition::NumberOfMatchesWithinLimits, sentence));
            }
            let href = target.href();
            if !self.found.contains_key(&href) {
                let found = match found::find(app, self.who, &target).await {
                    Ok(mut found) => {
                        if asks_acl(within) {
                            found.read_acl(app).await?;
                        }
                        Some(found)
                    }
                    Err(Error::NotFound | Error::Forbidden(_)) => None,
                    Err(error) => return Err(error),
                };
                self.found.insert(href.clone(), found);
            }
            if let Some(found) = self.found.get(&href).and_then(Option::as_ref) {
                next.extend(addresses(&found.subject(self.who, &target), within));
            }
        }
        Ok(())
    }
}

/// Whether DAV:acl is asked for, here or of what the addresses lead to: which may be the same thing again.
fn asks_acl(asked: &[Asked]) -> bool {
    asked.iter().any(|each| (each.column.name.namespace == Dav.uri() && each.column.name.local == "acl") || asks_acl(&each.within))
}

/// The addresses in a subject's properties of which more is asked, and what.
fn addresses<'a>(subject: &Subject<'_>, asked: &'a [Asked]) -> Vec<(Target, &'a [Asked])> {
    let followed = asked.iter().filter(|each| !each.within.is_empty());
    let targets = followed.filter_map(|each| {
        let row = each.column.row.filter(|row| row.on.contains(&subject.kind()))?;
        let Value::Hrefs(targets) = row.value else { return None };
        Some(targets(subject)?.into_iter().map(|target| (target, each.within.as_slice())))
    });
    targets.flatten().collect()
}

/// Reads the DAV:property elements in an element.
fn asked(parent: &Element, count: &mut usize) -> Result<Vec<Asked>> {
    let mut list = Vec::new();
    for property in parent.children().filter(|child| child.is(Dav, "property")) {
        *count += 1;
        if *count > MAX_PROPERTIES {
            return Err(Error::Malformed(format!("More than {MAX_PROPERTIES} properties are asked for.")));
        }
        let local = property.attribute("name").filter(|name| is_name(name));
        let local = local.ok_or_else(|| Error::Malformed("A DAV:property has no name that a property can have.".into()))?.to_owned();
        let namespace = property.attribute("namespace").unwrap_or(Dav.uri()).to_owned();
        list.push(Asked { column: Column::of(PropertyName { namespace, local }), within: asked(property, count)? });
    }
    Ok(list)
}

/// Writes a subject's response. Its depth is that of the request's elements.
fn respond(subject: &Subject<'_>, asked: &[Asked], reach: &Reach<'_>, writer: &mut Writer) {
    writer.open(Dav, "response");
    write_href(subject.target, writer);
    write_propstats(asked, subject, reach.brevity, writer, |each: &Asked, writer| write(each, subject, reach, writer));
    writer.close(Dav, "response");
}

fn write(asked: &Asked, subject: &Subject<'_>, reach: &Reach<'_>, writer: &mut Writer) -> Option<()> {
    let Some(row) = asked.column.row.filter(|row| !asked.within.is_empty() && row.on.contains(&subject.kind())) else {
        return asked.column.write(subject, writer);
    };
    let Value::Hrefs(targets) = row.value else { return asked.column.write(subject, writer) };
    let targets = targets(subject)?;
    writer.open(row.namespace, row.local);
    for target in &targets {
        match reach.found.get(&target.href()).and_then(Option::as_ref) {
            Some(found) => respond(&found.subject(reach.who, target), &asked.within, reach, writer),
            None => gone(target, writer),
        }
    }
    writer.close(row.namespace, row.local);
    Some(())
}

/// An address at which nothing stands that the caller may see.
fn gone(target: &Target, writer: &mut Writer) {
    writer.open(Dav, "response");
    write_href(target, writer);
    writer.leaf(Dav, "status", NOT_FOUND);
    writer.close(Dav, "response");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app;
    use crate::app::principals::{Party, UserType};
    use crate::dav::found::Home;
    use crate::dav::xml;
    use crate::principal::{PrincipalId, Role, View};

    #[test]
    fn addresses_are_followed_and_the_rest_is_missing() {
        let body = "<D:expand-property xmlns:D='DAV:'><D:property name='owner'><D:property name='displayname'/>\
                    <D:property name='calendar-home-set' namespace='urn:ietf:params:xml:ns:caldav'><D:property name='resourcetype'/></D:property>\
                    </D:property><D:property name='calendar-proxy-read-for' namespace='http://calendarserver.org/ns/'>\
                    <D:property name='displayname'/></D:property></D:expand-property>";
        let asked = asked(&xml::read(body.as_bytes()).unwrap(), &mut 0).unwrap();
        let who = Principal { login: "anna".into(), display_name: "Anna & Co".into(), role: Role::Staff, email: None, view: View::Full };
        let party = Party::new(PrincipalId::Login("anna".into()), "Anna & Co".into(), UserType::Individual);
        let principal = Found::Principal(Party { reach: app::principals::Reach::Home, ..party });
        let (target, home) = (Target::Principal("anna".into()), Target::Home("anna".into()));
        let found = [(target.href(), Some(principal.clone())), (home.href(), Some(Found::Home(Home::default())))].into_iter().collect();
        let reach = Reach { who: &who, found, brevity: Brevity::Full };
        let text = document(Dav, "multistatus", |w| respond(&principal.subject(&who, &target), &asked, &reach, w));
        xml::read(text.as_bytes()).unwrap();
        assert!(text.contains("<D:owner><D:response><D:href>/dav/principals/anna/</D:href>"), "{text}");
        assert!(text.contains("<D:displayname>Anna &amp; Co</D:displayname>"));
        assert!(text.contains("<C:calendar-home-set><D:response><D:href>/dav/calendars/anna/</D:href>"));
        assert!(text.contains("<CS:calendar-proxy-read-for/></D:prop><D:status>HTTP/1.1 404 Not Found"));
    }

    #[test]
    fn a_name_that_is_no_name_is_refused() {
        let body = "<D:expand-property xmlns:D='DAV:'><D:property name='a/&gt;&lt;b'/></D:expand-property>";
        assert!(asked(&xml::read(body.as_bytes()).unwrap(), &mut 0).is_err());
    }
}
