//! Keys of letters: owed, parked, delivered, failed.

use super::{Key, key, number_at, sortable, uid_part};
use crate::appointment::notice::Notice;

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

/// When a letter in the outbox is due, from its key.
pub fn due_of(key: &[u8]) -> Option<i64> {
    number_at(key, 1)
}
