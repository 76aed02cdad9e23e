//! What a key looks like. One letter says what is kept there, the rest is in the order in which it is scanned.
//!
//! | first octet | then | value |
//! | --- | --- | --- |
//! | `F` | | format version and identity of the store |
//! | `m` | word | settings of the store (secrets, the practice in pieces, counters) |
//! | `v` | collection | its version: the lock |
//! | `c` | collection | what it is |
//! | `e` | collection, name | an object's entry |
//! | `b` | collection, name, 0, piece | its octets |
//! | `u` | collection, UID | its name |
//! | `l` | collection, version | what changed at that version |
//! | `r` | collection, UID, 0, version | a revision: who, when, through what |
//! | `R` | collection, UID, 0, version, piece | a superseded revision's octets |
//! | `S` | collection, UID, 0, version, piece | octets as sent, where we kept others |
//! | `z` | collection | a deleted collection, whose keys are still to be taken away |
//! | `Z` | login | a login that was removed, and what becomes of its home |
//! | `a` | resource | its collection |
//! | `o` | name of an hours calendar | its collection, and what it began with |
//! | `h` | login, 0, name | a login's own calendar |
//! | `i` | login, 0, name | a login's own address book |
//! | `d` | owner | its dead properties |
//! | `jn` | login | how much the login's files take: their lock |
//! | `je` | login, 0, folder, name | a file or a folder |
//! | `jb` | login, 0, body, piece | a file's octets |
//! | `js` | login, 0, body | how many files share a body, where it is more than one |
//! | `p` | login | a principal |
//! | `s` | login, 0 | how it takes part in scheduling |
//! | `s` | login, 0, `v`, piece | its availability |
//! | `A` | collection, principal | what it was granted |
//! | `B` | principal, 0, collection | the same the other way round |
//! | `D` | login, 0, delegate | what it delegated |
//! | `E` | delegate, 0, login | the same the other way round |
//! | `J` | UID of a shadow | the UID of its booking |
//! | `k` | key id | a device's password |
//! | `f` | SHA-256 of the file's name | an address without a login |
//! | `w` | SHA-256 of the cookie | a session |
//! | `g` | UID | a booking: where it is |
//! | `t` | collection, time (latest first), UID | an open request |
//! | `I` | collection, UID | an incomplete booking's name there |
//! | `x` | SHA-256 of a contact, UID | an open request of that contact |
//! | `X` | SHA-256 of a contact, UID | a confirmed appointment of that contact |
//! | `n` | service, 0, location, 0, start, UID | a booking that stands: until when, on what |
//! | `H` | collection, who holds, form | a time that is held while a form is filled in |
//! | `C` | login | when it has called appointments off lately |
//! | `q` | due, Message-ID words | a letter that is owed |
//! | `Q` | UID, 0, Message-ID words | a letter that waits for somebody to let it go |
//! | `y` | UID, 0, version, kind, recipient | how sending it went |
//! | `Y` | UID, 0, version, kind, recipient | one that will not be sent, until somebody has looked at it |

use crate::appointment::link::Holder;
use crate::appointment::notice::Notice;
use crate::collection::{CollectionId, Name, Version};
use sha2::{Digest, Sha256};

use super::engine::{Key, MAX_VALUE};

fn key(kind: u8, parts: &[&[u8]]) -> Key {
    let mut key = Key::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// A UID in a key: itself, or its hash where it is long or holds a NUL.
fn uid_part(uid: &str) -> Vec<u8> {
    if uid.len() <= 200 && !uid.contains('\0') {
        let mut part = vec![b'='];
        part.extend_from_slice(uid.as_bytes());
        part
    } else {
        let mut part = vec![b'#'];
        part.extend(Sha256::digest(uid.as_bytes()).iter().flat_map(|b| format!("{b:02x}").into_bytes()));
        part
    }
}

/// The store's format record.
pub fn format() -> Key {
    key(b'F', &[])
}

/// A setting of the store.
pub fn setting(word: &str) -> Key {
    key(b'm', &[word.as_bytes()])
}

/// A collection's version.
pub fn version(id: CollectionId) -> Key {
    key(b'v', &[&id.0.to_be_bytes()])
}

/// A collection's record.
pub fn collection(id: CollectionId) -> Key {
    key(b'c', &[&id.0.to_be_bytes()])
}

/// All entries of a collection.
pub fn entries(id: CollectionId) -> Key {
    key(b'e', &[&id.0.to_be_bytes()])
}

/// An entry.
pub fn entry(id: CollectionId, name: &Name) -> Key {
    key(b'e', &[&id.0.to_be_bytes(), name.as_str().as_bytes()])
}

/// An object's octets; to be followed by a piece's number.
pub fn body(id: CollectionId, name: &Name) -> Key {
    key(b'b', &[&id.0.to_be_bytes(), name.as_str().as_bytes(), &[0]])
}

/// The name of a UID.
pub fn uid(id: CollectionId, uid: &str) -> Key {
    key(b'u', &[&id.0.to_be_bytes(), &uid_part(uid)])
}

/// The change log of a collection.
pub fn log(id: CollectionId) -> Key {
    key(b'l', &[&id.0.to_be_bytes()])
}

/// A line of the change log.
pub fn logged(id: CollectionId, version: Version) -> Key {
    key(b'l', &[&id.0.to_be_bytes(), &version.0.to_be_bytes()])
}

/// All revisions of a UID.
pub fn revisions(id: CollectionId, uid: &str) -> Key {
    key(b'r', &[&id.0.to_be_bytes(), &uid_part(uid), &[0]])
}

/// A revision.
pub fn revision(id: CollectionId, uid: &str, version: Version) -> Key {
    key(b'r', &[&id.0.to_be_bytes(), &uid_part(uid), &[0], &version.0.to_be_bytes()])
}

/// The octets of a superseded revision; to be followed by a piece's number.
pub fn revision_body(id: CollectionId, uid: &str, version: Version) -> Key {
    key(b'R', &[&id.0.to_be_bytes(), &uid_part(uid), &[0], &version.0.to_be_bytes()])
}

/// A revision's octets as sent; to be followed by a piece's number.
pub fn revision_sent(id: CollectionId, uid: &str, version: Version) -> Key {
    key(b'S', &[&id.0.to_be_bytes(), &uid_part(uid), &[0], &version.0.to_be_bytes()])
}

/// The deleted collections that are still to be purged.
pub fn deleted() -> Key {
    key(b'z', &[])
}

/// A deleted collection.
pub fn deleted_collection(id: CollectionId) -> Key {
    key(b'z', &[&id.0.to_be_bytes()])
}

/// Everything that is kept under a collection's number, by prefix; what each login set on it is the last.
pub fn belongings(id: CollectionId) -> Vec<Key> {
    let numbered = [b'v', b'e', b'b', b'u', b'l', b'r', b'R', b'S', b'H'].map(|kind| key(kind, &[&id.0.to_be_bytes()]));
    numbered.into_iter().chain([properties(&format!("c/{}/", id.0))]).collect()
}

/// Every login that was removed and whose home is still there.
pub fn former_logins() -> Key {
    key(b'Z', &[])
}

/// A login that was removed.
pub fn former_login(login: &str) -> Key {
    key(b'Z', &[login.as_bytes()])
}

/// What is kept of a login beside its collections, by prefix. Nothing of another login begins so.
pub fn left_by(login: &str) -> [Key; 5] {
    let file = |kind: &[u8]| key(b'j', &[kind, login.as_bytes(), &[0]]);
    [file(b"e"), file(b"b"), file(b"s"), schedule(login), properties(&format!("f/{login}/"))]
}

/// What a login set on anybody's collections: keys end in its name.
pub fn properties_of_collections() -> Key {
    properties("c/")
}

/// The collections of all resources that there ever were.
pub fn resources() -> Key {
    key(b'a', &[])
}

/// The collection of a resource.
pub fn resource(id: &str) -> Key {
    key(b'a', &[id.as_bytes()])
}

/// The opening-hours calendar of a location or a resource, by its name.
pub fn hours(name: &str) -> Key {
    key(b'o', &[name.as_bytes()])
}

/// A login's own collections.
pub fn home(login: &str) -> Key {
    key(b'h', &[login.as_bytes(), &[0]])
}

/// One of a login's own collections.
pub fn member(login: &str, name: &Name) -> Key {
    key(b'h', &[login.as_bytes(), &[0], name.as_str().as_bytes()])
}

/// A login's own address books.
pub fn address_home(login: &str) -> Key {
    key(b'i', &[login.as_bytes(), &[0]])
}

/// One of a login's own address books.
pub fn address_book(login: &str, name: &Name) -> Key {
    key(b'i', &[login.as_bytes(), &[0], name.as_str().as_bytes()])
}

/// The dead properties of an owner: `p/LOGIN`, `h/LOGIN`, `a/LOGIN`, `i/LOGIN`, `o/LOGIN`, `c/COLLECTION/LOGIN` or `f/LOGIN/NUMBER`.
pub fn properties(owner: &str) -> Key {
    key(b'd', &[owner.as_bytes()])
}

/// How much a login's files take.
pub fn files(login: &str) -> Key {
    key(b'j', &[b"n", login.as_bytes()])
}

/// Everything in a login's folders.
pub fn all_files(login: &str) -> Key {
    key(b'j', &[b"e", login.as_bytes(), &[0]])
}

/// Everything in one folder; the topmost has the number 0.
pub fn folder(login: &str, folder: u64) -> Key {
    key(b'j', &[b"e", login.as_bytes(), &[0], &folder.to_be_bytes()])
}

/// A file or a folder in a folder.
pub fn file(login: &str, folder: u64, name: &Name) -> Key {
    key(b'j', &[b"e", login.as_bytes(), &[0], &folder.to_be_bytes(), name.as_str().as_bytes()])
}

/// A file's octets; to be followed by a piece's number.
pub fn file_body(login: &str, body: u64) -> Key {
    key(b'j', &[b"b", login.as_bytes(), &[0], &body.to_be_bytes()])
}

/// How many files share a body.
pub fn file_shares(login: &str, body: u64) -> Key {
    key(b'j', &[b"s", login.as_bytes(), &[0], &body.to_be_bytes()])
}

/// The folder and the name in the key of a login's file.
pub fn file_of(login: &str, key: &[u8]) -> Option<(u64, Name)> {
    let rest = key.get(login.len() + 3..)?;
    let folder: [u8; 8] = rest.get(..8)?.try_into().ok()?;
    let name = std::str::from_utf8(rest.get(8..)?).ok()?;
    Some((u64::from_be_bytes(folder), Name::new(name).ok()?))
}

/// The address book of the customers on file.
pub fn customers() -> Key {
    setting("customers")
}

/// All principals.
pub fn principals() -> Key {
    key(b'p', &[])
}

/// A principal.
pub fn principal(login: &str) -> Key {
    key(b'p', &[login.as_bytes()])
}

/// What a collection's list grants, by principal.
pub fn shares(id: CollectionId) -> Key {
    key(b'A', &[&id.0.to_be_bytes()])
}

/// What a collection's list grants a principal, named by the segments of its address.
pub fn share(id: CollectionId, principal: &str) -> Key {
    key(b'A', &[&id.0.to_be_bytes(), principal.as_bytes()])
}

/// The principal of a share's key.
pub fn principal_of_share(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key.get(9..)?).ok()
}

/// The collections whose lists grant a principal something.
pub fn shared(principal: &str) -> Key {
    key(b'B', &[principal.as_bytes(), &[0]])
}

/// That a collection's list grants a principal something.
pub fn shared_with(principal: &str, id: CollectionId) -> Key {
    key(b'B', &[principal.as_bytes(), &[0], &id.0.to_be_bytes()])
}

/// The collection at a key's end.
pub fn collection_at_end(key: &[u8]) -> Option<CollectionId> {
    Some(CollectionId(u64::from_be_bytes(*key.last_chunk()?)))
}

/// Those to whom a login has delegated.
pub fn delegates(login: &str) -> Key {
    key(b'D', &[login.as_bytes(), &[0]])
}

/// What a login has delegated to another.
pub fn delegate(login: &str, to: &str) -> Key {
    key(b'D', &[login.as_bytes(), &[0], to.as_bytes()])
}

/// Those who have delegated to a login.
pub fn delegators(to: &str) -> Key {
    key(b'E', &[to.as_bytes(), &[0]])
}

/// What a login was delegated by another.
pub fn delegator(to: &str, login: &str) -> Key {
    key(b'E', &[to.as_bytes(), &[0], login.as_bytes()])
}

/// The login behind the NUL of a delegation's key.
pub fn login_at_end(key: &[u8]) -> Option<&str> {
    let at = key.iter().position(|octet| *octet == 0)?;
    std::str::from_utf8(key.get(at + 1..)?).ok()
}

/// How a login takes part in scheduling.
pub fn schedule(login: &str) -> Key {
    key(b's', &[login.as_bytes(), &[0]])
}

/// A login's availability; to be followed by a piece's number.
pub fn availability(login: &str) -> Key {
    key(b's', &[login.as_bytes(), &[0], b"v"])
}

/// All devices' passwords.
pub fn devices() -> Key {
    key(b'k', &[])
}

/// A device's password.
pub fn device(id: &str) -> Key {
    key(b'k', &[id.as_bytes()])
}

/// All addresses without a login.
pub fn feeds() -> Key {
    key(b'f', &[])
}

/// An address without a login, by the hash of its file's name.
pub fn feed(hash: &[u8]) -> Key {
    key(b'f', &[hash])
}

/// All sessions.
pub fn sessions() -> Key {
    key(b'w', &[])
}

/// A session, by the hash of its secret.
pub fn session(hash: &[u8]) -> Key {
    key(b'w', &[hash])
}

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

/// The collection in the key of a hold.
pub fn collection_of_hold(key: &[u8]) -> CollectionId {
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

/// When a login has called appointments off lately.
pub fn calling_off(login: &str) -> Key {
    key(b'C', &[login.as_bytes()])
}

/// The letters that wait for somebody to let them go.
pub fn all_parked() -> Key {
    key(b'Q', &[])
}

/// Those of one booking.
pub fn parked_of(uid: &str) -> Key {
    key(b'Q', &[&uid_part(uid), &[0]])
}

/// One of them.
pub fn parked(notice: &Notice) -> Key {
    key(b'Q', &[&uid_part(&notice.uid), &[0], notice.message_id("").as_bytes()])
}

/// The outbox.
pub fn outbox() -> Key {
    key(b'q', &[])
}

/// Where the letters begin that are due at `due` seconds or later.
pub fn outbox_from(due: i64) -> Key {
    key(b'q', &[&sortable(due)])
}

/// A letter in the outbox, due at `due` seconds.
pub fn owed(due: i64, notice: &Notice) -> Key {
    key(b'q', &[&sortable(due), notice.message_id("").as_bytes()])
}

/// The deliveries of a booking.
pub fn deliveries(uid: &str) -> Key {
    key(b'y', &[&uid_part(uid), &[0]])
}

/// A delivery.
pub fn delivery(notice: &Notice) -> Key {
    letter(b'y', notice)
}

/// The letters that will not be sent and that nobody has looked at.
pub fn all_failed() -> Key {
    key(b'Y', &[])
}

/// Those of one booking.
pub fn failures(uid: &str) -> Key {
    key(b'Y', &[&uid_part(uid), &[0]])
}

/// One of them.
pub fn failed(notice: &Notice) -> Key {
    letter(b'Y', notice)
}

fn letter(first: u8, notice: &Notice) -> Key {
    let (kind, to) = (notice.kind.word().as_bytes(), notice.to.word().as_bytes());
    key(first, &[&uid_part(&notice.uid), &[0], &notice.version.0.to_be_bytes(), kind, b"/", to])
}

/// A number whose octets sort as the numbers do, negative ones first.
fn sortable(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// When a letter in the outbox is due, from its key.
pub fn due_of(key: &[u8]) -> Option<i64> {
    number_at(key, 1)
}

/// When an open request was made, from its key.
pub fn created_of(key: &[u8]) -> Option<i64> {
    number_at(key, 9).map(i64::saturating_neg)
}

fn number_at(key: &[u8], at: usize) -> Option<i64> {
    let octets: [u8; 8] = key.get(at..at + 8)?.try_into().ok()?;
    Some((u64::from_be_bytes(octets) ^ (1 << 63)).cast_signed())
}

/// The keys of the pieces of `size` octets.
pub fn pieces(prefix: &[u8], size: usize) -> Vec<Key> {
    (0..size.div_ceil(MAX_VALUE)).map(|n| piece(prefix, n)).collect()
}

/// The key of one piece.
pub fn piece(prefix: &[u8], n: usize) -> Key {
    [prefix, &u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_numbers_do() {
        let times = [i64::MIN, -5, 0, 7, 1_800_000_000, i64::MAX];
        assert!(times.windows(2).all(|w| sortable(w[0]) < sortable(w[1])));
    }

    #[test]
    fn the_latest_request_comes_first() {
        let id = CollectionId(1);
        assert!(request(id, 1_800_000_001, "a") < request(id, 1_800_000_000, "b"));
        assert_eq!(created_of(&request(id, 1_800_000_000, "b")), Some(1_800_000_000));
    }

    #[test]
    fn a_files_key_says_where_it_lies() {
        let name = Name::new("ä b").unwrap();
        assert_eq!(file_of("anna", &file("anna", 7, &name)), Some((7, name.clone())));
        assert!(!file("anna-b", 7, &name).starts_with(&all_files("anna")));
        assert!(!file("anna", 8, &name).starts_with(&folder("anna", 7)));
    }

    /// What is looked through for one of them must not meet the other's.
    #[test]
    fn files_and_addresses_without_a_login_lie_apart() {
        let name = Name::new("x").unwrap();
        for key in [files("anna"), file("anna", 0, &name), file_body("anna", 0), file_shares("anna", 0)] {
            assert!(!key.starts_with(&feeds()));
        }
    }

    #[test]
    fn a_uid_never_reaches_into_another_ones_keys() {
        let id = CollectionId(1);
        assert!(!revisions(id, "ab").starts_with(&revisions(id, "a")));
        assert_ne!(uid(id, &"x".repeat(300)), uid(id, &"x".repeat(301)));
        assert!(uid(id, &"x".repeat(5000)).len() < 100);
    }
}
