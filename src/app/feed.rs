//! Addresses under which a calendar can be read without a login: made, listed, revoked, opened.
//!
//! Whoever has the address has the calendar: its token is random and kept as a hash only, and it lasts no longer than its maker's own right to
//! the calendar. What is in the file is `ical::published`. RFC 5545 §3.6.4 (free-busy), RFC 7986 §5.7 (refresh interval).

use sha2::{Digest, Sha256};

use super::App;
use super::calendar::Calendar;
use super::schedule::CalendarUser;
use crate::appointment::practice::Id;
use crate::collection::{CollectionId, Name};
use crate::error::{Error, Result};
use crate::ical::freebusy::Busy;
use crate::ical::published::{busy_events, published_freebusy};
use crate::ical::time::{TimeRange, instant};
use crate::principal::{Principal, Privilege, Role};
use crate::store::key;
use crate::store::record::{self, FeedRecord};
use crate::store::txn::Txn;

pub use crate::store::record::FeedKind;

/// How many addresses one login may have made.
const MAX_FEEDS: usize = 50;

/// How many addresses of all logins together are looked through.
const MAX_KEPT: usize = 100_000;

/// Busy time is told from so long ago, in seconds,
const BACK: i64 = 31 * 86_400;
/// up to so far ahead.
const AHEAD: i64 = 366 * 86_400;

/// An address in its maker's list. The address itself was shown once, when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFeed {
    /// What it is revoked by.
    pub key: String,
    /// The calendar's name for people; absent where its maker has no right to it any more.
    pub calendar: Option<String>,
    /// What it shows.
    pub kind: FeedKind,
    /// Whether everybody can guess it.
    pub released: bool,
    /// Seconds since 1970.
    pub created: i64,
}

/// Whether an address is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It holds a random token.
    Secret,
    /// It is the resource's id: anybody may know when it is busy.
    Released,
}

/// A calendar that is read without a login.
#[derive(Debug, Clone)]
pub struct OpenFeed {
    /// What of it may be shown.
    pub kind: FeedKind,
    /// The calendar, as its maker sees it.
    pub calendar: Calendar,
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl App {
    /// The addresses that a login has made, oldest first.
    pub async fn feeds(&self, who: &Principal) -> Result<Vec<ListedFeed>> {
        let mut feeds = Vec::new();
        for (key, octets) in self.store.scan(&key::feeds(), MAX_KEPT).await? {
            let feed: FeedRecord = record::decode(&octets)?;
            if feed.login != who.login {
                continue;
            }
            let calendar = self.shown_by(who, &feed).await?.map(|calendar| calendar.display_name);
            let key = key.get(1..).unwrap_or_default().iter().map(|octet| format!("{octet:02x}")).collect();
            feeds.push(ListedFeed { key, calendar, kind: feed.kind, released: feed.released, created: feed.created });
        }
        feeds.sort_by_key(|feed| feed.created);
        Ok(feeds)
    }

    /// Makes an address: the name of its file, which is not kept and cannot be shown again. What can't be read can't be given away, and
    /// only administrators release the busy time of what customers book.
    pub async fn add_feed(&self, who: &Principal, calendar: &Name, kind: FeedKind, access: Access) -> Result<String> {
        let calendar = self.calendar(who, calendar).await?;
        if !calendar.grant.allows(Privilege::Read) || calendar.source.is_some() {
            return Err(Error::NotFound);
        }
        if calendar.hours.is_some() && kind != FeedKind::Full {
            return Err(Error::Malformed("Opening hours take nobody's time: they are shown whole.".into()));
        }
        if self.feeds(who).await?.len() >= MAX_FEEDS {
            return Err(Error::Malformed(format!("There are {MAX_FEEDS} addresses already; revoke one first.")));
        }
        let token = match (access, kind, &calendar.resource) {
            (Access::Secret, _, _) => {
                [self.world.fresh(), self.world.fresh()].concat().iter().map(|octet| format!("{octet:02x}")).collect()
            }
            (Access::Released, FeedKind::FreeBusy, Some(resource)) if who.role == Role::Admin => resource.as_str().to_owned(),
            (Access::Released, FeedKind::FreeBusy, Some(_)) => return Err(Error::Forbidden(Privilege::All)),
            (Access::Released, _, _) => return Err(Error::Malformed("Only the busy time of what customers book can be released.".into())),
        };
        let file = format!("{token}.{}", if kind == FeedKind::FreeBusy { "ifb" } else { "ics" });
        let record = FeedRecord {
            login: who.login.clone(),
            collection: calendar.id,
            name: calendar.name.clone(),
            kind,
            released: access == Access::Released,
            created: self.now(),
        };
        let key = key::feed(&hash(&file));
        self.commit(move |txn| {
            txn.locked(&key)?;
            txn.write_record(key.clone(), &record)
        })
        .await?;
        Ok(file)
    }

    /// Revokes an address at once.
    pub async fn revoke_feed(&self, who: &Principal, key: &str) -> Result<()> {
        let octets = (0..key.len() / 2).map(|n| key.get(2 * n..2 * n + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()));
        let key = key::feed(&octets.collect::<Option<Vec<u8>>>().ok_or(Error::NotFound)?);
        let login = who.login.clone();
        self.commit(move |txn| {
            txn.record(&key)?.filter(|feed: &FeedRecord| feed.login == login).ok_or(Error::NotFound)?;
            txn.erase(key.clone());
            Ok(())
        })
        .await
    }

    /// Opens the file of an address. [`Error::NotFound`] where there is none, it was revoked, or its maker may not read the calendar now.
    pub async fn open_feed(&self, file: &str) -> Result<OpenFeed> {
        let feed: FeedRecord = self.store.record(&key::feed(&hash(file))).await?.ok_or(Error::NotFound)?;
        let maker = self.principal_of(&feed.login).await.map_err(|_| Error::NotFound)?;
        let calendar = self.shown_by(&maker, &feed).await?.ok_or(Error::NotFound)?;
        Ok(OpenFeed { kind: feed.kind, calendar })
    }

    /// The calendar of an address, where its maker may read it: the very one, and not another that was later given its name.
    async fn shown_by(&self, maker: &Principal, feed: &FeedRecord) -> Result<Option<Calendar>> {
        match self.calendar(maker, &feed.name).await {
            Ok(calendar) => Ok(Some(calendar).filter(|c| c.id == feed.collection && c.grant.allows(Privilege::Read))),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The file of an address that shows busy time alone; `taken` is what a busy time is called. Stamped with the hour, so that it stays the
    /// same file while nothing changes.
    pub async fn busy_feed(&self, feed: &OpenFeed, taken: &str) -> Result<String> {
        let hour = self.now() / 3600 * 3600;
        let day = hour / 86_400 * 86_400;
        let range = TimeRange { start: day - BACK, end: day + AHEAD };
        match (&feed.calendar.resource, feed.kind) {
            (Some(resource), FeedKind::FreeBusy) => {
                let periods = self.busy_and_closed(resource, range).await?;
                published_freebusy(&self.resource_address(resource), range, &periods, instant(hour))
            }
            (None, FeedKind::FreeBusy) => {
                let periods = self.busy(&feed.calendar, range).await?;
                published_freebusy(&format!("{}@{}", feed.calendar.id.0, self.public_host()), range, &periods, instant(hour))
            }
            _ => busy_events(&feed.calendar.display_name, taken, &self.busy(&feed.calendar, range).await?, instant(day)),
        }
    }

    async fn busy_and_closed(&self, resource: &Id, range: TimeRange) -> Result<Vec<Busy>> {
        self.busy_of_user(&CalendarUser::Resource(resource.clone()), range, &[]).await
    }
}

/// Revokes the addresses that a login has made, or that show one of these collections.
pub(super) fn forget(txn: &mut Txn<'_>, login: Option<&str>, collections: &[CollectionId]) -> Result<()> {
    for (key, octets) in txn.scan(&key::feeds(), MAX_KEPT)? {
        let feed: FeedRecord = record::decode(&octets)?;
        if login == Some(feed.login.as_str()) || collections.contains(&feed.collection) {
            txn.erase(key);
        }
    }
    Ok(())
}
