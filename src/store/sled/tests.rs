//! What only the sled engine has: its folder, its shadow, its failures.

use std::fs::{self, File};

use super::super::conformance::{Folder, bytes, get, write};
use super::super::engine::{MAX_KEY, MAX_VALUE};
use super::*;

/// Small, so that pages are written out and read back.
const TEST_CACHE_BYTES: u64 = 1024 * 1024;

fn open(folder: &Folder) -> SledEngine {
    SledEngine::open(folder.path(), TEST_CACHE_BYTES).unwrap()
}

fn names(pairs: &[(Key, Bytes)]) -> String {
    let pair = |(key, value): &(Key, Bytes)| format!("{}={} ", key.escape_ascii(), value.escape_ascii());
    pairs.iter().map(pair).collect::<String>().trim_end().to_owned()
}

/// A batch that is in sled but not on the disk: stopped between the steps of a commit, read, and let go on.
#[test]
fn readers_get_what_is_durable() {
    let folder = Folder::new();
    let store = open(&folder).store;
    store.apply(&write([("b", Some("1")), ("c", Some("1")), ("d", Some("1")), ("f", Some("1"))])).unwrap();
    let batch = write([("a", Some("2")), ("b", Some("2")), ("c", None), ("d", None), ("e", Some("2")), ("g", Some("2"))]);
    store.cover(&batch).unwrap();
    store.apply(&batch).unwrap();

    let all = ["a", "b", "c", "d", "e", "f", "g"].map(|key| key.as_bytes().to_vec());
    let one = Some(bytes("1"));
    assert_eq!(store.get(&all), Ok(vec![None, one.clone(), one.clone(), one.clone(), None, one, None]));
    let scan = |prefix: &str, after: Option<&str>, limit| names(&store.scan(prefix.as_bytes(), after.map(str::as_bytes), limit).unwrap());
    assert_eq!(scan("", None, 9), "b=1 c=1 d=1 f=1");
    for (limit, expected) in ["", "b=1", "b=1 c=1", "b=1 c=1 d=1", "b=1 c=1 d=1 f=1"].into_iter().enumerate() {
        assert_eq!(scan("", None, limit), expected);
    }
    assert_eq!(scan("", Some("b"), 2), "c=1 d=1");
    assert_eq!(scan("d", None, 9), "d=1");
    assert_eq!(scan("g", None, 9), "");

    store.uncover();
    assert_eq!(scan("", None, 9), "a=2 b=2 e=2 f=1 g=2");
}

/// A descriptor that cannot be synced stands for a disk that fails.
#[tokio::test]
async fn a_failed_commit_is_the_last() {
    let folder = Folder::new();
    let engine = open(&folder);
    engine.commit(write([("a", Some("1"))])).await.unwrap();
    engine.medium.lock().await.db = File::open("/dev/null").unwrap();
    assert!(matches!(engine.commit(write([("a", Some("2")), ("b", Some("2"))])).await, Err(EngineError::Failed(_))));
    assert_eq!(names(&engine.scan(b"", None, 9).await.unwrap()), "a=1");
    assert_eq!(get(&engine, "a").await, Some(bytes("1")));
    assert!(matches!(engine.commit(write([("c", Some("3"))])).await, Err(EngineError::Failed(_))));
    drop(engine);
    let engine = open(&folder);
    let after = names(&engine.scan(b"", None, 9).await.unwrap());
    assert!(after == "a=1" || after == "a=2 b=2", "{after}");
    assert_eq!(engine.commit(write([("c", Some("3"))])).await, Ok(()));
}

#[test]
fn a_folder_has_one_engine() {
    let folder = Folder::new();
    let first = open(&folder);
    assert_eq!(SledEngine::open(folder.path(), TEST_CACHE_BYTES).err(), Some(EngineError::InUse));
    drop(first);
    // What sled's own lock says counts too: a program that knows nothing of ours.
    let other = Config::new().path(folder.path()).segment_size(SEGMENT_BYTES).open().unwrap();
    assert_eq!(SledEngine::open(folder.path(), TEST_CACHE_BYTES).err(), Some(EngineError::InUse));
    drop(other);
    open(&folder);
}

#[tokio::test]
async fn a_closed_store_opens_at_once_with_all_in_it() {
    let folder = Folder::new();
    for n in 0..20_u8 {
        let engine = open(&folder);
        assert_eq!(engine.scan(b"", None, 99).await.unwrap().len(), usize::from(n));
        engine.commit(write([([n], Some([n]))])).await.unwrap();
        assert!(engine.size_on_disk().unwrap() > 0);
    }
}

#[tokio::test]
async fn an_unfinished_snapshot_does_no_harm() {
    let folder = Folder::new();
    open(&folder).commit(write([("a", Some("1"))])).await.unwrap();
    let left = folder.path().join("snap.7FFFFFFFFFFFFFFF.generating");
    fs::write(&left, "half of it").unwrap();
    assert_eq!(get(&open(&folder), "a").await, Some(bytes("1")));
    assert!(!left.exists());
}

/// sled does not sync pages that it keeps in files of their own, so there must never be one. The keys share no beginning, which sled
/// would leave out of its pages.
#[tokio::test]
async fn no_page_becomes_a_file() {
    let folder = Folder::new();
    let engine = open(&folder);
    let key = |n: u16| n.wrapping_mul(40503).to_be_bytes().into_iter().cycle().take(MAX_KEY).collect::<Vec<u8>>();
    for round in 0..2_u8 {
        for group in 0..8 {
            let pairs = (group * 64..group * 64 + 64).map(|n| (key(n), Some(vec![round; MAX_VALUE])));
            engine.commit(write(pairs)).await.unwrap();
        }
    }
    for group in 0..16 {
        let pairs = (0..256).map(|n| (key(1000 + group * 256 + n), Some([0])));
        engine.commit(write(pairs)).await.unwrap();
    }
    assert_eq!(fs::read_dir(folder.path().join("blobs")).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_is_said() {
    let folder = Folder::new();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let Err(EngineError::Failed(why)) = SledEngine::open(&file.join("store"), TEST_CACHE_BYTES) else { panic!("opened") };
    assert!(why.contains("file/store"), "{why}");
}

#[test]
fn missing_folders_are_made() {
    let folder = Folder::new();
    let deep = folder.path().join("a/b/c");
    SledEngine::open(&deep, TEST_CACHE_BYTES).unwrap();
    assert!(deep.join(folder::DB).is_file());
}
