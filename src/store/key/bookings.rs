//! Keys of bookings, of what is counted and held for them.

use super::{Key, key, number_at, sortable, uid_part};
use crate::appointment::link::Holder;
use crate::collection::CollectionId;

/// A booking.
pub fn booking(uid: &str) -> Key {
    key(b'g', &[&uid_part(uid)])
}

/// The open requests of a collection.
pub fn requests(id: CollectionId) -> Key {
    key(b't', &[&id.0.to_be_bytes()])
}

/// An open request; `created` in seconds.
pub fn request(id: CollectionId, created: i64, uid: &str) -> Key {
    // The latest first: a list that ends somewhere must not leave out what has just come.
    key(b't', &[&id.0.to_be_bytes(), &sortable(created.saturating_neg()), &uid_part(uid)])
}

/// The incomplete bookings of a collection: some of their resources were taken off.
pub fn incomplete(id: CollectionId) -> Key {
    key(b'I', &[&id.0.to_be_bytes()])
}

/// An incomplete booking.
pub fn incomplete_booking(id: CollectionId, uid: &str) -> Key {
    key(b'I', &[&id.0.to_be_bytes(), &uid_part(uid)])
}

/// The open requests of a contact, by the hash of its normalised address or number.
pub fn contacts(hash: &str) -> Key {
    key(b'x', &[hash.as_bytes()])
}

/// An open request of a contact.
pub fn contact(hash: &str, uid: &str) -> Key {
    key(b'x', &[hash.as_bytes(), &uid_part(uid)])
}

/// The appointments of a contact that are confirmed, likewise.
pub fn appointments(hash: &str) -> Key {
    key(b'X', &[hash.as_bytes()])
}

/// An appointment of a contact.
pub fn appointment(hash: &str, uid: &str) -> Key {
    key(b'X', &[hash.as_bytes(), &uid_part(uid)])
}

/// The bookings of a service at a location that stand, from a start in seconds on.
pub fn standing_from(service: &str, location: &str, start: i64) -> Key {
    key(b'n', &[service.as_bytes(), &[0], location.as_bytes(), &[0], &sortable(start)])
}

/// All bookings of a service at a location that stand.
pub fn all_standing(service: &str, location: &str) -> Key {
    key(b'n', &[service.as_bytes(), &[0], location.as_bytes(), &[0]])
}

/// A booking that stands.
pub fn standing(service: &str, location: &str, start: i64, uid: &str) -> Key {
    let mut key = standing_from(service, location, start);
    key.extend_from_slice(&uid_part(uid));
    key
}

/// When a booking that stands begins, from its key, which begins with a prefix of this length.
pub fn standing_start(key: &[u8], prefix: usize) -> Option<i64> {
    number_at(key, prefix)
}

/// Whose a shadow is.
pub fn shadow(uid: &str) -> Key {
    key(b'J', &[&uid_part(uid)])
}

/// All times that are held.
pub fn all_holds() -> Key {
    key(b'H', &[])
}

/// The collection in the key of a hold or a promise.
pub fn collection_of(key: &[u8]) -> CollectionId {
    let octets = key.get(1..9).and_then(|octets| octets.try_into().ok());
    CollectionId(octets.map_or(0, u64::from_be_bytes))
}

/// The times held in a collection.
pub fn holds(id: CollectionId) -> Key {
    key(b'H', &[&id.0.to_be_bytes()])
}

/// The time that a form holds in a collection, for whoever has opened it.
pub fn hold(id: CollectionId, holder: &Holder, form: &str) -> Key {
    key(b'H', &[&id.0.to_be_bytes(), holder, form.as_bytes()])
}

/// Who holds, by the key of a hold.
pub fn holder_of_hold(key: &[u8]) -> Option<Holder> {
    key.get(9..25).and_then(|octets| octets.try_into().ok())
}

/// The form in the key of a hold.
pub fn form_of_hold(key: &[u8]) -> &[u8] {
    key.get(25..).unwrap_or(&[])
}

/// All times that customers were told of bookings that have none.
pub fn all_promises() -> Key {
    key(b'T', &[])
}

/// Those in a collection.
pub fn promises(id: CollectionId) -> Key {
    key(b'T', &[&id.0.to_be_bytes()])
}

/// The time that the customer of a booking without one was told, in a collection that holds it.
pub fn promise(id: CollectionId, uid: &str) -> Key {
    key(b'T', &[&id.0.to_be_bytes(), &uid_part(uid)])
}

/// When a login has called appointments off lately.
pub fn calling_off(login: &str) -> Key {
    key(b'C', &[login.as_bytes()])
}

/// When an open request was made, from its key.
pub fn created_of(key: &[u8]) -> Option<i64> {
    number_at(key, 9).map(i64::saturating_neg)
}
