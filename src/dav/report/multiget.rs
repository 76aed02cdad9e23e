//! CALDAV:calendar-multiget and CARDDAV:addressbook-multiget: the objects of these addresses. RFC 4791 §7.9, RFC 6352 §8.7.

use std::collections::HashSet;

use super::{Absent, Answer, Place};
use crate::app::calendar::Calendar;
use crate::collection::Name;
use crate::dav::Call;
use crate::dav::href::{self, Target};
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::propfind::confirmed;
use crate::dav::request;
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::Dav;
use crate::error::Result;
use crate::exchange::Reply;

/// An address that was asked for.
enum Asked {
    /// The object of this name, if it is there.
    Named(Name),
    /// Nothing that can lie in this calendar; as it was sent.
    Lost(String),
}

/// Answers each address, in the order in which it was first sent; one where nothing is gets a response with 404.
pub async fn report(call: Call, calendar: Calendar, root: &Element) -> Result<Reply> {
    let asked = asked(root, &call.target, |_| true).collect();
    answer(call, calendar, root, asked).await
}

/// The same where only one object is asked: other addresses are not its own.
pub async fn of_one(call: Call, calendar: Calendar, root: &Element, name: &Name) -> Result<Reply> {
    let asked = asked(root, &call.target, |asked| asked == name).collect();
    answer(call, calendar, root, asked).await
}

/// Each address is told once, however often it is asked for (RFC 4918 §14.24).
async fn answer(call: Call, calendar: Calendar, root: &Element, mut asked: Vec<Asked>) -> Result<Reply> {
    let (mut named, mut lost) = (HashSet::with_capacity(asked.len()), HashSet::new());
    asked.retain(|each| match each {
        Asked::Named(name) => named.insert(name.clone()),
        Asked::Lost(href) => lost.insert(href.clone()),
    });
    let answer = Answer::read(&call, root)?;
    let preference = request::preference(call.request.headers());
    let reply = multistatus::reply(move |out| write(call, calendar, answer, asked, out)).await?;
    Ok(confirmed(reply, preference))
}

/// `may_be`: whether an object of this name can be meant.
fn asked(root: &Element, collection: &Target, may_be: impl Fn(&Name) -> bool) -> impl Iterator<Item = Asked> {
    let told = collection.href();
    root.children().filter(|child| child.is(Dav, "href")).map(move |element| {
        let href = element.characters();
        let href = href.trim();
        // Most clients send back what they were told.
        let name = href.strip_prefix(&told).and_then(href::plain_name);
        let name = name.or_else(|| Target::read(href).ok().and_then(|target| target.name_in(collection).cloned()));
        name.filter(&may_be).map_or_else(|| Asked::Lost(href.to_owned()), Asked::Named)
    })
}

async fn write(call: Call, calendar: Calendar, answer: Answer, asked: Vec<Asked>, mut out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &calendar };
    // Addresses that cannot be ours come singly; between them lie long runs of names.
    for run in asked.chunk_by(|a, b| matches!((a, b), (Asked::Named(_), Asked::Named(_)))) {
        if let [Asked::Lost(href)] = run {
            out.gone(href);
            out.flush().await?;
            continue;
        }
        let names = run.iter().filter_map(|each| match each {
            Asked::Named(name) => Some(name.clone()),
            Asked::Lost(_) => None,
        });
        let names: Vec<Name> = names.collect();
        answer.write_named(place, &names, Absent::Told, &mut out).await?;
    }
    Ok(out)
}
