//! Keys of logins' plain files.

use super::{Key, key};
use crate::collection::Name;

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
