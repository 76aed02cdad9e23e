//! The link of an appointment as staff see it: to give it to its customer once more, or to make the one that is about lead nowhere.
//!
//! Not for: what the link leads to (`manage`).

use super::booking::failed;
use super::change::{self, By, Scenery};
use super::{Actor, App, manage};
use crate::appointment::gesture::Meaning;
use crate::appointment::refusal::Refusal;
use crate::error::Result as Decided;
use crate::principal::Principal;
use crate::store::key;
use crate::store::record::BookingRecord;
use crate::store::txn::{Note, Txn};

/// What the history calls it.
const RENEWED: &str = "renewed";

impl App {
    /// The address of an appointment's page, for a login that may change the appointment and sees its customer; `None` for others, and once
    /// the link leads nowhere.
    pub async fn customer_link(&self, who: &Principal, uid: &str) -> Result<Option<String>, Refusal> {
        if self.sees(&self.seen_whole(who).await?, uid).await? != Some(true) {
            return Ok(None);
        }
        let record: BookingRecord = self.store.record(&key::booking(uid)).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let booking = self.last_state(uid, &record).await?;
        let token = self.secret.token(uid, record.generation).filter(|_| !manage::is_over(&self.practice(), &booking, self.now()));
        Ok(token.map(|token| format!("{}/booking/{token}", self.sender.public_url)))
    }

    /// Gives an appointment another link: every one that was given out leads nowhere from now on. Letters that are still to leave bring the
    /// new one. Who did it stands in the history.
    pub async fn renew_link(&self, by: &Actor, uid: &str) -> Result<(), Refusal> {
        match self.sees(&self.seen_whole(&by.principal).await?, uid).await? {
            Some(true) => {}
            Some(false) => return Err(Refusal::Forbidden),
            None => return Err(Refusal::NotFound),
        }
        let record: BookingRecord = self.store.record(&key::booking(uid)).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let zone = self.store.zone(record.collection).await.map_err(failed)?;
        let (scenery, uid, held) = (self.scenery(By::from(by), zone, uid), uid.to_owned(), record.collection);
        let decided = self.commit(move |txn| {
            // It was moved to another calendar since this login's right was looked up.
            let Some(record) = txn.booking(&uid)?.filter(|record| record.collection == held) else { return Ok(Err(Refusal::WrongState)) };
            renew(txn, &scenery, &uid, record)
        });
        decided.await.map_err(failed)?
    }
}

fn renew(txn: &mut Txn<'_>, scenery: &Scenery, uid: &str, mut record: BookingRecord) -> Decided<Result<(), Refusal>> {
    record.generation = record.generation.wrapping_add(1);
    txn.write_booking(uid, &record)?;
    if record.deleted {
        // There is no event left that could say it.
        let Scenery { now, by: By { login, via }, .. } = scenery.clone();
        let note = Note { at: now, by: login, via, what: RENEWED.to_owned(), sent: None, number: None };
        txn.remark(record.collection, uid, &record.name, note)?;
        return Ok(Ok(()));
    }
    change::step(txn, scenery, &record, |booking| Ok(Meaning { state: booking.state, what: RENEWED, moved: false }))
}
