//! Address books: one's own, those that others share, and the customers on file. What holds for calendars' objects holds for cards: octets as sent, versions,
//! history.
//!
//! Not for: reading, listing and syncing them, which is the same as for calendars (`calendar`). RFC 6352 §5, §6.

use bytes::Bytes;

use super::calendar::{Calendar, NewCalendar, Put, admitted, plain_note};
use super::change::{By, Scenery};
use super::{Actor, App};
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Condition, Entry, Etag, Name, Version};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::{Component, Status, Transparency};
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::principal::{Grant, Group, Principal, PrincipalId, Role};
use crate::store::key::{self, HomeKind};
use crate::store::record::PrincipalRecord;
use crate::store::txn::Txn;
use crate::vcard::{Card, MAX_CARD_SIZE};

/// The name of the customers' address book in each home that has it.
pub const CUSTOMERS: &str = "customers";

impl App {
    /// The address books in a login's home: the customers on file where they were granted, its own, then those that others share with it.
    pub async fn address_home(&self, who: &Principal) -> Result<Vec<Calendar>> {
        let mut books: Vec<Calendar> = self.customers(who).await?.into_iter().collect();
        for (name, id) in self.own_names(HomeKind::AddressBooks, &who.login).await? {
            books.extend(self.own_calendar(who, name, id).await?);
        }
        self.add_shared(who, HomeKind::AddressBooks, &mut books).await?;
        Ok(books)
    }

    /// An address book by its address: in one's own home, or at its owner's. [`Error::NotFound`] where there is none or it was not granted.
    pub async fn address_book(&self, who: &Principal, home: &str, name: &Name) -> Result<Calendar> {
        if home == who.login && name.as_str() == CUSTOMERS {
            return self.customers(who).await?.ok_or(Error::NotFound);
        }
        self.member_at(who, HomeKind::AddressBooks, home, name).await
    }

    /// The customers on file, where this login may see them: by the practice, or by the list that administrators keep beside it.
    async fn customers(&self, who: &Principal) -> Result<Option<Calendar>> {
        if who.view.is_lowered() {
            // A device that is shown less of customers' data is shown none of their cards.
            return Ok(None);
        }
        let Some(id) = self.store.record(&key::customers()).await? else { return Ok(None) };
        let practice = match who.role {
            Role::Admin => Some(Grant::Manage),
            Role::Staff => self.store.record::<PrincipalRecord>(&key::principal(&who.login)).await?.and_then(|record| record.customers),
        };
        let given = if practice >= Some(Grant::Write) { None } else { self.given_on(who, id).await? };
        let Some(grant) = practice.max(given) else { return Ok(None) };
        let book = self.own_calendar(who, Name::new(CUSTOMERS)?, id).await?;
        Ok(book.map(|book| Calendar { grant, owner: PrincipalId::Group(Group::Admins), ..book }))
    }

    /// Makes an address book in the caller's own home (RFC 6352 §5.2, RFC 5689).
    pub async fn make_address_book(&self, by: &Actor, name: &Name, new: NewCalendar) -> Result<()> {
        if self.address_book(&by.principal, &by.principal.login, name).await.is_ok() {
            return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is an address book of this name already.".into()));
        }
        self.make_own(by, name, new).await
    }

    /// Stores a card. Checks RFC 6352 §6.3.2.1.
    pub async fn put_card(&self, by: &Actor, book: &Calendar, name: &Name, octets: Bytes, condition: Condition) -> Result<Put> {
        let (write, scenery) = self.card_wish(by, book, name, octets, condition)?;
        self.commit_by(by, move |txn| write.decide(txn, &scenery)).await
    }

    /// Checks a card that shall be stored; what is left is to be decided in the line.
    pub(super) fn card_wish(
        &self,
        by: &Actor,
        book: &Calendar,
        name: &Name,
        octets: Bytes,
        condition: Condition,
    ) -> Result<(CardWish, Scenery)> {
        if octets.len() > MAX_CARD_SIZE {
            return Err(Error::Refused(Precondition::MaxResourceSize, format!("A card may have {MAX_CARD_SIZE} octets.")));
        }
        let kept = Card::parse(octets.clone()).and_then(|card| card.check()).map_err(invalid)?;
        let entry = entry(name, kept.uid, &octets, self.now());
        let scenery = self.scenery(By::from(by), Zone::UTC, &entry.uid);
        Ok((CardWish { id: book.id, grant: book.grant, condition, entry, octets }, scenery))
    }
}

/// A PUT of a card, checked and waiting for its decision.
pub(super) struct CardWish {
    id: CollectionId,
    grant: Grant,
    condition: Condition,
    entry: Entry,
    octets: Bytes,
}

impl CardWish {
    /// Stores the card, if it may be.
    pub(super) fn decide(&self, txn: &mut Txn<'_>, scenery: &Scenery) -> Result<Put> {
        let entry = &self.entry;
        txn.collection(self.id)?.ok_or(Error::NotFound)?;
        let before = admitted(txn, (self.id, &entry.name), &entry.uid, self.grant, &self.condition, Lens::FULL)?;
        let created = before.is_none();
        if before.is_none_or(|before| before.etag != entry.etag) {
            let note = plain_note(scenery, if created { "created" } else { "edited" });
            let indexed = Indexed::of_entry(entry).unwrap_or_default();
            txn.put(self.id, entry.clone(), &self.octets, indexed, note)?;
        }
        Ok(Put { created, etag: Some(entry.etag.clone()), schedule_tag: None })
    }
}

/// What is known of a card. It has no time.
fn entry(name: &Name, uid: String, octets: &Bytes, now: i64) -> Entry {
    Entry {
        name: name.clone(),
        etag: Etag::of(octets),
        uid,
        component: Component::Card,
        span: None,
        status: Status::Confirmed,
        transparency: Transparency::Opaque,
        recurring: false,
        size: octets.len() as u64,
        modified: now,
        version: Version(0),
        schedule_tag: None,
        buffer: None,
    }
}

/// What cannot be read as a card is a body that this collection does not take.
fn invalid(error: Error) -> Error {
    match error {
        Error::Malformed(sentence) => Error::Refused(Precondition::ValidAddressData, sentence),
        other => other,
    }
}
