//! Taking away what belonged to deleted collections and to removed logins, a little at a time.
//!
//! Deleting a collection is one record, however much it held; this is the rest of the work. It may be broken off anywhere and goes on
//! at the next start. Not for: retention of bookings.
//!
//! Removed objects of collections that are still there stay in the change log, a line of less than a hundred octets each: the
//! history keeps their last octets anyway, which are ten times as much, so that little would be won. Much could be lost: the log is what
//! indexes are brought forward by, also those of other processes that have not looked at a collection for long, and a line that was taken
//! away under them is an appointment that goes on being busy. A sync that would have to tell of too many changes is refused by
//! DAV:valid-sync-token (`Store::changed`), and its client begins anew.

use super::App;
use crate::collection::CollectionId;
use crate::error::Result;
use crate::store::key;

/// How many keys one commit takes away.
const PAGE: usize = 500;

/// How many deleted collections one call looks at.
const MAX_COLLECTIONS: usize = 100;

impl App {
    /// Purges every deleted collection and every deleted home there is, and holds that have ended.
    pub async fn purge(&self) -> Result<()> {
        self.drop_ended_holds().await?;
        for (marker, _) in self.store.scan(&key::deleted(), MAX_COLLECTIONS).await? {
            let number = marker.get(1..9).and_then(|octets| octets.try_into().ok()).map(u64::from_be_bytes);
            let Some(id) = number.map(CollectionId) else { continue };
            for prefix in key::belongings(id) {
                self.take_away(&prefix).await?;
            }
            self.commit(move |txn| {
                txn.erase(marker.clone());
                Ok(())
            })
            .await?;
        }
        self.purge_former().await
    }

    pub(super) async fn take_away(&self, prefix: &[u8]) -> Result<()> {
        loop {
            let page = self.store.scan(prefix, PAGE).await?;
            let last = page.len() < PAGE;
            if !page.is_empty() {
                self.commit(move |txn| {
                    page.iter().for_each(|(key, _)| txn.erase(key.clone()));
                    Ok(())
                })
                .await?;
            }
            if last {
                return Ok(());
            }
        }
    }
}
