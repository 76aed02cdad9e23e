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
//! | `T` | collection, UID | the time that a customer was told, of a booking without one |
//! | `C` | login | when it has called appointments off lately |
//! | `q` | due, Message-ID words | a letter that is owed |
//! | `Q` | UID, 0, Message-ID words | a letter that waits for somebody to let it go |
//! | `y` | UID, 0, version, kind, recipient | how sending it went |
//! | `Y` | UID, 0, version, kind, recipient | one that will not be sent, until somebody has looked at it |

mod bookings;
mod files;
mod letters;
mod people;

use crate::collection::{CollectionId, Name, Version};
use sha2::{Digest, Sha256};

use super::engine::{Key, MAX_VALUE};

pub use bookings::*;
pub use files::*;
pub use letters::*;
pub use people::*;

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

/// The first piece of them.
pub fn first_piece(id: CollectionId, name: &Name) -> Key {
    key(b'b', &[&id.0.to_be_bytes(), name.as_str().as_bytes(), &[0, 0, 0]])
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
    let numbered = [b'v', b'e', b'b', b'u', b'l', b'r', b'R', b'S', b'H', b'T'].map(|kind| key(kind, &[&id.0.to_be_bytes()]));
    numbered.into_iter().chain([properties(&format!("c/{}/", id.0))]).collect()
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

/// The dead properties of an owner: `p/LOGIN`, `h/LOGIN`, `a/LOGIN`, `i/LOGIN`, `o/LOGIN`, `c/COLLECTION/LOGIN` or `f/LOGIN/NUMBER`.
pub fn properties(owner: &str) -> Key {
    key(b'd', &[owner.as_bytes()])
}

/// A number whose octets sort as the numbers do, negative ones first.
fn sortable(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
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
    fn the_first_piece_is_one_of_the_pieces() {
        let name = Name::new("a.ics").unwrap();
        assert_eq!(first_piece(CollectionId(7), &name), pieces(&body(CollectionId(7), &name), 1)[0]);
    }

    #[test]
    fn a_uid_never_reaches_into_another_ones_keys() {
        let id = CollectionId(1);
        assert!(!revisions(id, "ab").starts_with(&revisions(id, "a")));
        assert_ne!(uid(id, &"x".repeat(300)), uid(id, &"x".repeat(301)));
        assert!(uid(id, &"x".repeat(5000)).len() < 100);
    }
}
