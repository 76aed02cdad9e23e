//! What stands in hours calendars and is not understood: days without a time that say nothing of closing. Staff are told, for whoever wrote it
//! meant something by it.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::worked;
use crate::app::App;
use crate::appointment::hours::{Does, Place, whole_days};
use crate::appointment::practice::Location;
use crate::appointment::service::Service;
use crate::appointment::slot::Span;
use crate::appointment::words;
use crate::error::Result;
use crate::ical::component::Status;
use crate::ical::object::CalendarObject;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;
use crate::principal::Principal;
use crate::store::key;
use crate::store::record::HoursRecord;

/// At most so many are told.
const MAX_ODD: usize = 20;

/// A day in an hours calendar that does nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Odd {
    /// Its midnight.
    pub start: Seconds,
    /// What the calendar is called.
    pub calendar: String,
    /// What it is called itself.
    pub title: String,
}

impl App {
    /// What is not understood in the hours calendars of a location and of what a service needs there, as far as somebody sees them, on some
    /// days, sorted.
    pub async fn odd_hours(&self, who: &Principal, location: &Location, service: &Service, days: Span) -> Result<Vec<Odd>> {
        let practice = self.practice();
        let sight = self.sight(who).await?;
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        let midnight = |date: NaiveDate| zone.local_to_utc(date.and_time(NaiveTime::MIN));
        let range = whole_days(TimeRange { start: midnight(days.first), end: midnight(days.last) }, &zone);
        let needed = practice.needs(&location.id, service);
        let own: BTreeSet<Place> = needed.iter().flat_map(|(_, of)| of).map(|resource| Place::Resource(resource.id.clone())).collect();
        let mut odd = Vec::new();
        for place in std::iter::once(Place::Location(location.id.clone())).chain(own) {
            let (Some((_, whose)), Some(_)) = (place.found(&practice), sight.on(&place, &practice)) else { continue };
            let Some(record) = self.store.record::<HoursRecord>(&key::hours(&place.name())).await? else { continue };
            let Some((collection, version)) = self.store.collection(record.collection).await? else { continue };
            let reading = worked::Reading { id: record.collection, version, zone: &collection.zone, practice: &practice };
            let sheet = self.sheet(reading, &zone).await?;
            if !sheet.odd {
                continue;
            }
            let found = self.store.occurrences(record.collection, range).await?;
            let odd_ones = found.iter().filter(|(name, o)| o.status != Status::Cancelled && sheet.of(name, o) == Does::Nothing);
            for (name, occurrence) in odd_ones.take(MAX_ODD) {
                let object = self.store.objects(record.collection, std::slice::from_ref(name)).await?.pop().flatten();
                let object = object.map(|object| CalendarObject::parse(object.octets)).transpose()?;
                let title = object.as_ref().and_then(CalendarObject::shown).and_then(|node| node.text("SUMMARY")).unwrap_or_default();
                odd.push(Odd { start: occurrence.range.start, calendar: words::hours_of(practice.language, whose), title });
            }
        }
        odd.sort();
        odd.truncate(MAX_ODD);
        Ok(odd)
    }
}
