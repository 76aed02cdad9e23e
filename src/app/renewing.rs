//! The link of an appointment as staff see it: to give it to its customer once more, or to make the one that is about lead nowhere.
//!
//! Not for: what the link leads to (`manage`).

use super::booking::failed;
use super::{Actor, App, manage};
use crate::appointment::refusal::Refusal;
use crate::principal::Principal;
use crate::store::key;
use crate::store::record::BookingRecord;

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
    /// new one.
    pub async fn renew_link(&self, by: &Actor, uid: &str) -> Result<(), Refusal> {
        match self.sees(&self.seen_whole(&by.principal).await?, uid).await? {
            Some(true) => {}
            Some(false) => return Err(Refusal::Forbidden),
            None => return Err(Refusal::NotFound),
        }
        let uid = uid.to_owned();
        let decided = self.commit(move |txn| {
            if let Some(mut record) = txn.booking(&uid)? {
                record.generation = record.generation.wrapping_add(1);
                txn.write_booking(&uid, &record)?;
            }
            Ok(())
        });
        decided.await.map_err(failed)
    }
}
