//! The folder a sled store lives in: whose it is, what must not lie in it, and that it survives a power cut.
//!
//! Not for: what is in the files.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::store::engine::EngineError;

/// sled's log, which is all of the data.
pub(super) const DB: &str = "db";

/// Ours; held as long as the store is open.
const LOCK: &str = "lock";

/// How often a lock that is held is tried again, 10 ms apart. sled's threads let go of a store a moment after it was closed.
const TRIES: u32 = 50;

/// Held, nobody else opens the folder.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Makes the folder if it is missing, takes it for this process, and clears it of what would keep sled from opening it.
///
/// sled has a lock of its own, but takes it after it has read its settings; only under a lock taken before may anything be removed.
pub(super) fn enter(dir: &Path) -> Result<Lock, EngineError> {
    create(dir).map_err(|error| failed("create", dir, &error))?;
    let path = dir.join(LOCK);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|error| failed("open", &path, &error))?;
    acquire(&file, &path)?;
    wait_for_sled(dir)?;
    clear(dir).map_err(|error| failed("clear", dir, &error))?;
    Ok(Lock { _file: file })
}

/// Brings the folder's files and their names to the disk. sled never does this for its settings, without which nothing can be read.
pub(super) fn sync(dir: &Path) -> Result<(), EngineError> {
    let all = || -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            sync_one(&entry?.path())?;
        }
        sync_one(dir)
    };
    all().map_err(|error| failed("sync", dir, &error))
}

/// An error of the medium, in one sentence.
pub(super) fn failed(verb: &str, path: &Path, error: &io::Error) -> EngineError {
    EngineError::Failed(format!("cannot {verb} {}: {error}", path.display()))
}

/// Creates the folder and the ones above it, each name durable before anything is put below it.
fn create(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = match dir.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    create(parent)?;
    match make(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_one(parent)
}

/// Only this user may look into it: customers' data lies there.
fn make(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

fn sync_one(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn acquire(file: &File, path: &Path) -> Result<(), EngineError> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(error)) => return Err(failed("lock", path, &error)),
        }
    }
    Err(EngineError::InUse)
}

/// Waits until nobody holds sled's own lock: a store of this process that was just closed, or a program that opens it without ours.
fn wait_for_sled(dir: &Path) -> Result<(), EngineError> {
    let path = dir.join(DB);
    match File::open(&path) {
        Ok(file) => acquire(&file, &path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed("open", &path, &error)),
    }
}

/// Removes snapshots that were being written when the process ended: sled would take one for its newest and call the store corrupt.
fn clear(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if is_unfinished(&entry.file_name()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_unfinished(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("snap.") && name.ends_with(".generating"))
}
