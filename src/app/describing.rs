//! An object as what its collection keeps of it: its entry and its part of the index.
//!
//! Not for: whether it may stand there (`calendar`), a booking's next revision (`change::settling`). RFC 4791 §4.1.

use crate::collection::{Entry, Etag, Name, Version};
use crate::error::Result;
use crate::ical::component::{Buffer, Component};
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::index::{Facts, Indexed};

/// An object as an entry and its part of the index.
pub(super) fn describe(
    object: &CalendarObject,
    name: &Name,
    component: Component,
    zone: &Zone,
    horizon: TimeRange,
    now: i64,
) -> Result<(Entry, Indexed)> {
    let facts = Facts::of(object, zone)?;
    let entry = Entry {
        name: name.clone(),
        etag: Etag::of(object.octets()),
        uid: object.uid().unwrap_or_default(),
        component,
        span: facts.span,
        status: facts.status,
        transparency: facts.transparency,
        buffer: Some(facts.buffer).filter(|buffer| *buffer != Buffer::default()),
        recurring: facts.recurring,
        size: object.octets().len() as u64,
        modified: now,
        version: Version(0),
        schedule_tag: None,
    };
    Ok((entry, Indexed::of(object, horizon, zone)?))
}
