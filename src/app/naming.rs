//! Names of events that we write ourselves: never one under which something else stands by now.
//!
//! Not for: names that programs choose, which the conditions of their requests guard (`calendar::writing`). RFC 4791 §5.3.2.

use crate::collection::{CollectionId, Name};
use crate::error::{Error, Result};
use crate::store::txn::Txn;

/// So many names are tried.
const MAX_TRIES: u32 = 100;

/// The wanted name, or one made of the UID where something else has the wanted one in that calendar.
pub(super) fn free_name(txn: &mut Txn<'_>, id: CollectionId, wanted: &Name, uid: &str) -> Result<Name> {
    let mut name = wanted.clone();
    for number in 2..=MAX_TRIES {
        if txn.entry(id, &name)?.is_none_or(|entry| entry.uid == uid) {
            return Ok(name);
        }
        name = Name::new(&format!("{uid}~{number}.ics"))?;
    }
    Err(Error::Declined("Every name for this appointment is taken by something else.".into()))
}
