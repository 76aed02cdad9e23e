//! CALDAV:calendar-multiget and CARDDAV:addressbook-multiget: the objects of these addresses. RFC 4791 §7.9, RFC 6352 §8.7.

use std::collections::HashSet;

use super::{Absent, Answer, Place};
use crate::app::calendar::Calendar;
use crate::collection::Name;
use crate::dav::Call;
use crate::dav::href::Target;
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::propfind::confirmed;
use crate::dav::request;
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::Dav;
use crate::error::Result;
use crate::exchange::Reply;

/// An address that was asked for: as it was sent, and the object's name if it can lie in this calendar.
struct Asked {
    href: String,
    name: Option<Name>,
}

/// Answers each address, in the order in which it was first sent; one where nothing is gets a response with 404.
pub async fn report(call: Call, calendar: Calendar, root: &Element) -> Result<Reply> {
    let asked = hrefs(root).map(|href| asked(href.text(), &call)).collect();
    answer(call, calendar, root, asked).await
}

/// The same where only one object is asked: other addresses are not its own.
pub async fn of_one(call: Call, calendar: Calendar, root: &Element, name: &Name) -> Result<Reply> {
    let own = |asked: Asked| Asked { name: asked.name.filter(|asked| asked == name), ..asked };
    let asked = hrefs(root).map(|href| own(asked(href.text(), &call))).collect();
    answer(call, calendar, root, asked).await
}

fn hrefs(root: &Element) -> impl Iterator<Item = &Element> {
    root.children().filter(|child| child.is(Dav, "href"))
}

/// Each address is told once, however often it is asked for (RFC 4918 §14.24).
async fn answer(call: Call, calendar: Calendar, root: &Element, mut asked: Vec<Asked>) -> Result<Reply> {
    let mut seen = HashSet::with_capacity(asked.len());
    asked.retain(|each| match &each.name {
        Some(name) => seen.insert(name.as_str().to_owned()),
        // No name holds a slash.
        None => seen.insert(format!("/{}", each.href.trim())),
    });
    let answer = Answer::read(&call, root)?;
    let preference = request::preference(call.request.headers());
    let reply = multistatus::reply(move |out| write(call, calendar, answer, asked, out)).await?;
    Ok(confirmed(reply, preference))
}

fn asked(href: String, call: &Call) -> Asked {
    let name = Target::read(&href).ok().and_then(|target| target.name_in(&call.target).cloned());
    Asked { href, name }
}

async fn write(call: Call, calendar: Calendar, answer: Answer, asked: Vec<Asked>, mut out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &calendar };
    // Addresses that cannot be ours come singly; between them lie long runs of names.
    for run in asked.chunk_by(|a, b| a.name.is_some() == b.name.is_some()) {
        let names: Vec<Name> = run.iter().filter_map(|each| each.name.clone()).collect();
        answer.write_named(place, &names, Absent::Told, &mut out).await?;
        for lost in run.iter().filter(|each| each.name.is_none()) {
            out.gone(lost.href.trim());
            out.flush().await?;
        }
    }
    Ok(out)
}
