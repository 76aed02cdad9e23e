//! CALDAV:free-busy-query: when a calendar is busy. RFC 4791 §7.10.
//!
//! Not for: what makes a time busy (`ical::freebusy`). Asked of an object it is refused: this report belongs to collections.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};

use crate::app::App;
use crate::app::calendar::Calendar;
use crate::collection::CollectionId;
use crate::dav::Call;
use crate::dav::query::required_range;
use crate::dav::xml::Element;
use crate::error::{Error, Result};
use crate::exchange::{Body, Reply};
use crate::ical::freebusy::vfreebusy;
use crate::ical::time::instant;
use crate::principal::Privilege;

/// Answers one VFREEBUSY to somebody who has signed in.
pub async fn report(call: &Call, calendar: &Calendar, root: &Element) -> Result<Reply> {
    if !calendar.grant.allows(Privilege::ReadFreeBusy) {
        // RFC 4791 §7.10: whoever may not read it is not told that it is there.
        return Err(Error::NotFound);
    }
    answer(&call.app, calendar.id, root).await
}

/// Answers one VFREEBUSY.
pub async fn answer(app: &App, collection: CollectionId, root: &Element) -> Result<Reply> {
    let range = required_range(root)?;
    let busy = app.busy_of(collection, range).await?;
    let text = vfreebusy(range, &busy, instant(app.now()));
    let mut reply = Reply::new(Body::Whole(Bytes::from(text)));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    Ok(reply)
}
