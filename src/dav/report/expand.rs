//! DAV:expand-property, and the two searches for principals, which find none.
//!
//! RFC 3253 §3.8, RFC 3744 §9.4 and §9.5. Who works in a practice is not told to calendar programs.

use http::StatusCode;

use crate::app::calendar::PropertyName;
use crate::app::calendar::PropertyTarget;
use crate::dav::Call;
use crate::dav::error;
use crate::dav::found::{self, Found};
use crate::dav::href::Target;
use crate::dav::multistatus::document;
use crate::dav::property::{Kept, Subject, Value, write_href};
use crate::dav::propfind::{brevity, confirmed};
use crate::dav::request;
use crate::dav::selection::{Brevity, Column, MAX_PROPERTIES, write_propstats};
use crate::dav::xml::Namespace::Dav;
use crate::dav::xml::writer::Writer;
use crate::dav::xml::{Element, is_name};
use crate::error::{Error, Result};
use crate::exchange::Reply;
use crate::principal::Principal;

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

/// Everything that an address in a property of ours can lead to.
struct Reach<'a> {
    who: &'a Principal,
    principal: Found,
    home: Found,
    address_home: Found,
    brevity: Brevity,
}

/// Answers the target's properties, with responses in place of addresses where more is asked of them.
pub async fn report(call: Call, root: &Element) -> Result<Reply> {
    let mut count = 0;
    let asked = asked(root, &mut count)?;
    let who = &call.by.principal;
    let found = found::find(&call.app, who, &call.target).await?;
    let principal: Kept = call.app.properties(who, &PropertyTarget::Principal).await?;
    let home = found::find(&call.app, who, &Target::Home(who.login.clone())).await?;
    let address_home = found::find(&call.app, who, &Target::AddressHome(who.login.clone())).await?;
    let preference = request::preference(call.request.headers());
    let reach = Reach { who, principal: Found::Principal(principal), home, address_home, brevity: brevity(preference) };
    let body = document(Dav, "multistatus", |writer| respond(&found.subject(who, &call.target), &asked, &reach, writer));
    Ok(confirmed(error::xml(StatusCode::MULTI_STATUS, body), preference))
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
    write_propstats(asked, reach.brevity, writer, |each: &Asked, writer| write(each, subject, reach, writer));
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
        let found = match target {
            Target::Principal(_) => &reach.principal,
            Target::Home(_) => &reach.home,
            Target::AddressHome(_) => &reach.address_home,
            _ => &Found::Plain,
        };
        respond(&found.subject(reach.who, target), &asked.within, reach, writer);
    }
    writer.close(row.namespace, row.local);
    Some(())
}

/// The answer to a principal-property-search: nobody.
pub fn no_principals() -> Result<Reply> {
    Ok(error::xml(StatusCode::MULTI_STATUS, document(Dav, "multistatus", |_| {})))
}

/// The answer to a principal-search-property-set: nothing can be searched by.
pub fn no_search_properties() -> Reply {
    error::xml(StatusCode::OK, document(Dav, "principal-search-property-set", |_| {}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::found::Home;
    use crate::dav::xml;
    use crate::principal::Role;

    #[test]
    fn addresses_are_followed_and_the_rest_is_missing() {
        let body = "<D:expand-property xmlns:D='DAV:'><D:property name='owner'><D:property name='displayname'/>\
                    <D:property name='calendar-home-set' namespace='urn:ietf:params:xml:ns:caldav'><D:property name='resourcetype'/></D:property>\
                    </D:property><D:property name='calendar-proxy-read-for' namespace='http://calendarserver.org/ns/'>\
                    <D:property name='displayname'/></D:property></D:expand-property>";
        let asked = asked(&xml::read(body.as_bytes()).unwrap(), &mut 0).unwrap();
        let who = Principal { login: "anna".into(), display_name: "Anna & Co".into(), role: Role::Staff, email: None };
        let kept = Kept::new();
        let (home, address_home) = (Found::Home(Home::default()), Found::AddressHome(Home::default()));
        let reach = Reach { who: &who, principal: Found::Principal(kept.clone()), home, address_home, brevity: Brevity::Full };
        let target = Target::Principal("anna".into());
        let text = document(Dav, "multistatus", |w| respond(&Found::Principal(kept).subject(&who, &target), &asked, &reach, w));
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
