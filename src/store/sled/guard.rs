//! sled panics on much of what it can't read: what it is asked runs here, and a panic of its becomes a sentence.
//!
//! Not for: commits; a panic there is a failed commit (`sequencer`).

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::store::engine::EngineError;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// For the program's panic hook: whether a panic of this thread is going to be told as a sentence, which then names its place, so that
/// nothing else needs to be said about it.
pub fn tells(place: &str) -> bool {
    let guarded = GUARDED.get();
    if guarded {
        // Where its sources lay when this was built says nothing.
        PLACE.set(Some(place.rsplit("/src/").next().unwrap_or(place).to_owned()));
    }
    guarded
}

/// Runs a read of sled's. What it reads from is left alone afterwards or only read, so that nothing half done is seen.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    let outer = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    done.unwrap_or_else(|_| Err(unreadable(&PLACE.take().map_or_else(String::new, |place| format!(" at {place}")))))
}

/// What to do about a store that can't be read: nothing of ours mends one.
pub(super) fn unreadable(why: &str) -> EngineError {
    EngineError::Failed(format!("the store can't be read (sled{why}): restore the last backup of this folder, see README, Backup"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_once_and_with_its_place() {
        assert!(!tells("elsewhere"));
        let told = guarded::<()>(|| {
            assert!(tells("/home/somebody/sled/src/here.rs:7"));
            panic!("a page that is none")
        });
        let Err(EngineError::Failed(why)) = told else { panic!("{told:?}") };
        assert!(why.contains("sled at here.rs:7") && why.contains("restore the last backup") && !why.contains("page"), "{why}");
        assert_eq!(guarded(|| Ok(7)), Ok(7));
        assert!(!tells("elsewhere"));
    }
}
