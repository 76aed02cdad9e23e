//! CARDDAV:addressbook-query: the cards that match a filter. RFC 6352 §8.6.
//!
//! Not for: whether one matches (`vcard`). Every card is read: an address book of a practice has some thousand, and no client asks this
//! but while somebody types.

use super::{Answer, OBJECT_PAGE, Place};
use crate::app::calendar::Calendar;
use crate::collection::{Name, Object};
use crate::dav::Call;
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::propfind::confirmed;
use crate::dav::query::CardQuery;
use crate::dav::request;
use crate::dav::xml::Element;
use crate::error::Result;
use crate::exchange::Reply;
use crate::vcard::{Card, matches};

/// Answers the matching cards, and 507 for the address book itself where there are more than the client wants (§8.6.2).
pub async fn report(call: Call, book: Calendar, root: &Element) -> Result<Reply> {
    let query = CardQuery::read(root)?;
    let answer = Answer::read(&call, root)?;
    let preference = request::preference(call.request.headers());
    let reply = multistatus::reply(move |out| write(call, book, answer, query, out)).await?;
    Ok(confirmed(reply, preference))
}

/// Answers one card, if it matches.
pub async fn of_one(call: Call, book: Calendar, root: &Element, name: Name) -> Result<Reply> {
    let query = CardQuery::read(root)?;
    let answer = Answer::read(&call, root)?;
    let preference = request::preference(call.request.headers());
    let write = async move |mut out: Multistatus| {
        let place = Place { call: &call, calendar: &book };
        let found = call.app.objects(&book, std::slice::from_ref(&name)).await?.into_iter().flatten();
        found.filter(|card| is_match(&query, card)).for_each(|card| answer.write_object(place, &card, &mut out));
        Ok(out)
    };
    Ok(confirmed(multistatus::reply(write).await?, preference))
}

/// Whether a card is what is looked for; one that cannot be read any more is not kept from the client.
fn is_match(query: &CardQuery, object: &Object) -> bool {
    Card::parse(object.octets.clone()).map_or(true, |card| matches(&query.filter, &card))
}

async fn write(call: Call, book: Calendar, answer: Answer, query: CardQuery, mut out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &book };
    let mut room = query.limit;
    let mut after: Option<Name> = None;
    loop {
        let page = call.app.entries(&book, after.as_ref()).await?;
        let names: Vec<Name> = page.iter().map(|entry| entry.name.clone()).collect();
        let Some(last) = names.last() else { return Ok(out) };
        after = Some(last.clone());
        for names in names.chunks(OBJECT_PAGE) {
            for object in call.app.objects(&book, names).await?.into_iter().flatten() {
                if !is_match(&query, &object) {
                    continue;
                }
                if room == 0 {
                    out.truncated(&call.target.href());
                    return Ok(out);
                }
                room -= 1;
                answer.write_object(place, &object, &mut out);
                out.flush().await?;
            }
        }
    }
}
