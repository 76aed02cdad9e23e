//! What every engine must do, said once; each engine runs all of it.
//!
//! Not for: what only one engine has (its folder, its failures); that is tested beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use bytes::Bytes;
use proptest::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};

use super::engine::{Batch, Engine, EngineError, Key, MAX_KEY, MAX_SCAN, MAX_VALUE};
use super::memory::MemoryEngine;
use super::sled::SledEngine;
use super::wait::wait;

/// Small enough that the larger tests do not fit into it.
const TEST_CACHE_BYTES: u64 = 1024 * 1024;

/// A new folder for one test, removed with all that is in it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Folder {
        let mut name = [0; 8];
        getrandom::fill(&mut name).unwrap();
        let path = std::env::temp_dir().join(format!("openslot-store-{:016x}", u64::from_ne_bytes(name)));
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn bytes(value: impl AsRef<[u8]>) -> Bytes {
    Bytes::copy_from_slice(value.as_ref())
}

/// A batch that expects nothing; `None` deletes.
pub(super) fn write<K: AsRef<[u8]>, V: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (K, Option<V>)>) -> Batch {
    let write = pairs.into_iter().map(|(key, value)| (key.as_ref().to_vec(), value.map(bytes))).collect();
    Batch { expect: Vec::new(), write }
}

pub(super) async fn get(engine: &dyn Engine, key: impl AsRef<[u8]>) -> Option<Bytes> {
    engine.get(&[key.as_ref().to_vec()]).await.unwrap().remove(0)
}

/// The keys of a scan, as texts; one octet over 0x7f is printed as such.
async fn keys(engine: &dyn Engine, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<String> {
    let pairs = engine.scan(prefix, after, limit).await.unwrap();
    pairs.iter().map(|(key, _)| key.escape_ascii().to_string()).collect()
}

fn is_refused(answer: Result<(), EngineError>) -> bool {
    matches!(answer, Err(EngineError::Failed(_)))
}

/// Every rule; `open` answers an empty engine each time.
async fn suite(open: impl Fn() -> Arc<dyn Engine>) {
    reads_what_was_written(&*open()).await;
    expects(&*open()).await;
    refuses_what_is_no_batch(&*open()).await;
    takes_the_largest(&*open()).await;
    scans_in_order_after_and_to_the_limit(&*open()).await;
    scans_prefixes_of_the_last_octet(&*open()).await;
    scans_at_most_a_page(&*open()).await;
    counts_exactly(open()).await;
    shows_no_half_batch(open()).await;
    survives_a_caller_that_leaves(&*open()).await;
    answers_a_plain_thread(open()).await;
}

async fn reads_what_was_written(engine: &dyn Engine) {
    assert_eq!(engine.get(&[]).await, Ok(vec![]));
    assert_eq!(engine.get(&[Vec::new(), b"a".to_vec()]).await, Ok(vec![None, None]));
    assert_eq!(engine.commit(Batch::default()).await, Ok(()));
    engine.commit(write([("a", Some("1")), ("b", Some("")), ("c", Some("3"))])).await.unwrap();
    engine.commit(write([("c", None), ("a", Some("2")), ("never there", None)])).await.unwrap();
    let wanted = ["c", "b", "a", "b"].map(|key| key.as_bytes().to_vec());
    assert_eq!(engine.get(&wanted).await, Ok(vec![None, Some(bytes("")), Some(bytes("2")), Some(bytes(""))]));
}

async fn expects(engine: &dyn Engine) {
    let swap = |before: Option<&str>, after: Option<&str>| Batch {
        expect: vec![(b"lock".to_vec(), before.map(bytes))],
        write: vec![(b"lock".to_vec(), after.map(bytes)), (b"beside".to_vec(), after.map(bytes))],
    };
    assert_eq!(engine.commit(swap(Some("1"), Some("2"))).await, Err(EngineError::Conflict), "absent is not a value");
    assert_eq!(get(engine, "beside").await, None, "a refused batch writes nothing");
    assert_eq!(engine.commit(swap(None, Some(""))).await, Ok(()));
    assert_eq!(engine.commit(swap(None, Some("1"))).await, Err(EngineError::Conflict), "empty is not absent");
    assert_eq!(engine.commit(swap(Some(""), Some("1"))).await, Ok(()));
    assert_eq!(engine.commit(swap(Some(""), Some("2"))).await, Err(EngineError::Conflict));
    assert_eq!(get(engine, "beside").await, Some(bytes("1")));

    let both = |second: &str| Batch {
        expect: vec![(b"lock".to_vec(), Some(bytes("1"))), (b"beside".to_vec(), Some(bytes(second)))],
        write: vec![(b"third".to_vec(), Some(bytes("3")))],
    };
    assert_eq!(engine.commit(both("0")).await, Err(EngineError::Conflict), "all must hold");
    assert_eq!(engine.commit(both("1")).await, Ok(()));
    assert_eq!(engine.commit(Batch { write: Vec::new(), ..both("1") }).await, Ok(()), "expecting only is a question");
    assert_eq!(engine.commit(Batch { write: Vec::new(), ..both("0") }).await, Err(EngineError::Conflict));
    assert_eq!(engine.commit(swap(Some("1"), None)).await, Ok(()));
    assert_eq!(engine.commit(swap(None, None)).await, Ok(()), "deleted is absent");
}

async fn refuses_what_is_no_batch(engine: &dyn Engine) {
    let (long_key, long_value) = (vec![b'k'; MAX_KEY + 1], vec![b'v'; MAX_VALUE + 1]);
    assert!(is_refused(engine.commit(write([("", Some("1")), ("a", Some("1"))])).await));
    assert!(is_refused(engine.commit(write([(&long_key[..], Some("1")), (b"a", Some("1"))])).await));
    assert!(is_refused(engine.commit(write([("a", Some(&long_value[..])), ("b", Some(b"1"))])).await));
    assert!(is_refused(engine.commit(write([("a", Some("1")), ("b", Some("1")), ("a", None)])).await));
    assert!(is_refused(engine.commit(Batch { expect: vec![(Vec::new(), None)], write: Vec::new() }).await));
    assert_eq!(engine.scan(b"", None, 10).await, Ok(vec![]));
    assert_eq!(engine.commit(write([("a", Some("1"))])).await, Ok(()), "the engine goes on");
}

async fn takes_the_largest(engine: &dyn Engine) {
    let key = |n: u8| [vec![b'k'; MAX_KEY - 1], vec![n]].concat();
    let value = |n: u8| vec![n; MAX_VALUE];
    engine.commit(write((0..=255).map(|n| (key(n), Some(value(n)))))).await.unwrap();
    engine.commit(write((0..=255).filter(|n| n % 3 > 0).map(|n| (key(n), (n % 3 == 1).then(|| value(!n)))))).await.unwrap();
    for n in 0..=255 {
        let expected = match n % 3 {
            0 => Some(value(n)),
            1 => Some(value(!n)),
            _ => None,
        };
        assert_eq!(get(engine, key(n)).await, expected.map(Bytes::from), "{n}");
    }
}

async fn scans_in_order_after_and_to_the_limit(engine: &dyn Engine) {
    engine.commit(write(["b/3", "a", "b/1", "b", "c", "b/10", "b0"].map(|key| (key, Some(key))))).await.unwrap();
    assert_eq!(keys(engine, b"", None, 99).await, ["a", "b", "b/1", "b/10", "b/3", "b0", "c"]);
    assert_eq!(keys(engine, b"b/", None, 99).await, ["b/1", "b/10", "b/3"]);
    assert_eq!(keys(engine, b"b/", Some(b"b/1"), 99).await, ["b/10", "b/3"], "after is left out");
    assert_eq!(keys(engine, b"b/", Some(b"b/2"), 99).await, ["b/3"], "after need not be there");
    assert_eq!(keys(engine, b"b/", Some(b"a"), 99).await, ["b/1", "b/10", "b/3"], "after may come before the prefix");
    assert_eq!(keys(engine, b"b/", Some(b"b"), 1).await, ["b/1"]);
    assert!(keys(engine, b"b/", Some(b"b/3"), 99).await.is_empty());
    assert!(keys(engine, b"b/", Some(b"b0"), 99).await.is_empty(), "after may come behind the prefix");
    assert!(keys(engine, b"b/", Some(b"zz"), 99).await.is_empty());
    assert!(keys(engine, b"x", None, 99).await.is_empty());
    assert!(keys(engine, b"", None, 0).await.is_empty());
    assert_eq!(engine.scan(b"b/1", None, 1).await, Ok(vec![(b"b/1".to_vec(), bytes("b/1"))]));
}

async fn scans_prefixes_of_the_last_octet(engine: &dyn Engine) {
    let all: [&[u8]; 6] = [b"\xfe", b"\xfe\xff", b"\xfe\xff\xff\x01", b"\xff", b"\xff\x00", b"\xff\xff"];
    engine.commit(write(all.map(|key| (key, Some(key))))).await.unwrap();
    assert_eq!(keys(engine, b"\xff", None, 99).await, [r"\xff", r"\xff\x00", r"\xff\xff"]);
    assert_eq!(keys(engine, b"\xff\xff", None, 99).await, [r"\xff\xff"]);
    assert_eq!(keys(engine, b"\xfe\xff", None, 99).await, [r"\xfe\xff", r"\xfe\xff\xff\x01"]);
    assert_eq!(keys(engine, b"\xff", Some(b"\xff"), 99).await, [r"\xff\x00", r"\xff\xff"]);
    assert!(keys(engine, b"\xfe", Some(b"\xff"), 99).await.is_empty());
    assert!(keys(engine, b"\xff", Some(b"\xff\xff"), 99).await.is_empty());
}

async fn scans_at_most_a_page(engine: &dyn Engine) {
    let count = MAX_SCAN + 7;
    engine.commit(write((0..count).map(|n| (format!("{n:05}"), Some("v"))))).await.unwrap();
    let first = engine.scan(b"", None, usize::MAX).await.unwrap();
    assert_eq!(first.len(), MAX_SCAN);
    let rest = engine.scan(b"", first.last().map(|(key, _)| key.as_slice()), usize::MAX).await.unwrap();
    let expected: Vec<_> = (MAX_SCAN..count).map(|n| (format!("{n:05}").into_bytes(), bytes("v"))).collect();
    assert_eq!(rest, expected);
}

/// Eight tasks add to one counter; each addition that was answered counts once.
async fn counts_exactly(engine: Arc<dyn Engine>) {
    const TASKS: u32 = 8;
    const EACH: u32 = 10;
    let add = |engine: Arc<dyn Engine>| async move {
        let mut done = 0;
        while done < EACH {
            let before = get(&*engine, "count").await;
            let count = before.as_ref().map_or(0, |value| u32::from_be_bytes(value[..].try_into().unwrap()));
            let after = Some(bytes((count + 1).to_be_bytes()));
            let batch = Batch { expect: vec![(b"count".to_vec(), before)], write: vec![(b"count".to_vec(), after)] };
            match engine.commit(batch).await {
                Ok(()) => done += 1,
                Err(error) => assert_eq!(error, EngineError::Conflict),
            }
        }
    };
    let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(add(Arc::clone(&engine)))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(get(&*engine, "count").await, Some(bytes((TASKS * EACH).to_be_bytes())));
}

/// One task writes the same number to keys far apart, one new key and many old ones, and the new key of the number before goes; readers
/// see one number only, and never an older one than before.
async fn shows_no_half_batch(engine: Arc<dyn Engine>) {
    const BATCHES: u32 = 60;
    const OLD: u32 = 200;
    let ended = Arc::new(AtomicBool::new(false));
    let old = || (0..OLD).map(|at| format!("a/{at:03}").into_bytes());
    let new = |n: u32| format!("b/{n:04}").into_bytes();
    let batch = |n: u32| {
        let gone = n.checked_sub(1).map(|before| (new(before), None));
        write(old().chain([new(n)]).map(|key| (key, Some(n.to_be_bytes()))).chain(gone))
    };
    engine.commit(batch(0)).await.unwrap();
    let read = |engine: Arc<dyn Engine>, ended: Arc<AtomicBool>| async move {
        let (mut last, mut reads) = (bytes([]), 0_u32);
        while !ended.load(Ordering::SeqCst) || reads == 0 {
            let got = engine.get(&old().collect::<Vec<_>>()).await.unwrap();
            let first = got[0].clone().unwrap();
            assert!(first >= last && got.iter().all(|value| value.as_ref() == Some(&first)), "get");
            let seen = engine.scan(b"", None, MAX_SCAN).await.unwrap();
            last = seen[0].1.clone();
            let name = new(u32::from_be_bytes(last[..].try_into().unwrap()));
            let expected: Vec<_> = old().chain([name]).map(|key| (key, last.clone())).collect();
            assert!(last >= first && seen == expected, "scan");
            reads += 1;
        }
    };
    let readers: Vec<_> = (0..3).map(|_| tokio::spawn(read(Arc::clone(&engine), Arc::clone(&ended)))).collect();
    for n in 1..=BATCHES {
        engine.commit(batch(n)).await.unwrap();
    }
    ended.store(true, Ordering::SeqCst);
    for reader in readers {
        reader.await.unwrap();
    }
}

/// A commit that nobody waits for any more is done whole or not at all, and the next one has its turn.
async fn survives_a_caller_that_leaves(engine: &dyn Engine) {
    for n in 0..20_u8 {
        tokio::select! {
            biased;
            _ = engine.commit(write([("left/a", Some([n])), ("left/b", Some([n]))])) => {}
            () = std::future::ready(()) => {}
        }
        assert_eq!(engine.commit(write([("stayed", Some([n]))])).await, Ok(()));
        let got = engine.get(&["left/a", "left/b", "stayed"].map(|key| key.as_bytes().to_vec())).await.unwrap();
        assert_eq!(got[0], got[1]);
        assert_eq!(got[2], Some(bytes([n])));
    }
}

/// A thread that is not the runtime's waits for answers: inside the runtime's context, and outside of it as the sequencer does.
async fn answers_a_plain_thread(engine: Arc<dyn Engine>) {
    let runtime = Handle::current();
    let thread = std::thread::spawn(move || {
        runtime.block_on(engine.commit(write([("a", Some("1"))]))).unwrap();
        assert_eq!(runtime.block_on(engine.scan(b"", None, 9)), Ok(vec![(b"a".to_vec(), bytes("1"))]));
        assert_eq!(runtime.block_on(engine.get(&[b"a".to_vec()])), Ok(vec![Some(bytes("1"))]));
        wait(engine.commit(write([("b", Some("2"))]))).unwrap();
        assert_eq!(wait(engine.scan(b"", None, 9)).unwrap().len(), 2);
        assert_eq!(wait(engine.get(&[b"b".to_vec()])), Ok(vec![Some(bytes("2"))]));
    });
    tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap();
}

fn workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

#[test]
fn memory_conforms() {
    workers().block_on(suite(|| Arc::new(MemoryEngine::new())));
}

#[test]
fn sled_conforms() {
    let folder = Folder::new();
    let opened = AtomicU32::new(0);
    workers().block_on(suite(|| {
        let name = opened.fetch_add(1, Ordering::SeqCst).to_string();
        Arc::new(SledEngine::open(&folder.path().join(name), TEST_CACHE_BYTES).unwrap())
    }));
}

/// One step of a story that an engine and a plain map go through together.
#[derive(Debug, Clone)]
enum Step {
    Get(Vec<Key>),
    Scan { prefix: Key, after: Option<Key>, limit: usize },
    Commit { expect: Vec<(Key, Guess)>, write: Vec<(Key, Option<u8>)> },
    Reopen,
}

/// What a commit expects of a key.
#[derive(Debug, Clone)]
enum Guess {
    AsItIs,
    Value(Option<u8>),
}

/// Few enough to meet again, around the octets where an order goes wrong; now and then an empty one.
fn key() -> impl Strategy<Value = Key> + Clone {
    prop::collection::vec(prop::sample::select(vec![0x00, 0x01, b'a', 0xfe, 0xff]), 0..4)
}

fn step() -> impl Strategy<Value = Step> {
    let guess = prop_oneof![9 => Just(Guess::AsItIs), 1 => prop::option::of(0..3_u8).prop_map(Guess::Value)];
    let name = prop_oneof![1 => key(), 30 => key().prop_map(|mut key| { key.push(b'a'); key })];
    let written = prop::collection::vec((name.clone(), prop::option::weighted(0.7, 0..3_u8)), 0..6);
    let commit = (prop::collection::vec((name, guess), 0..3), written);
    prop_oneof![
        3 => prop::collection::vec(key(), 0..4).prop_map(Step::Get),
        4 => (key(), prop::option::of(key()), 0..12_usize).prop_map(|(prefix, after, limit)| Step::Scan { prefix, after, limit }),
        8 => commit.prop_map(|(expect, write)| Step::Commit { expect, write }),
        1 => Just(Step::Reopen),
    ]
}

type Model = BTreeMap<Key, Bytes>;

fn model_scan(model: &Model, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<(Key, Bytes)> {
    let wanted = model.iter().filter(|(key, _)| key.starts_with(prefix) && after.is_none_or(|after| key.as_slice() > after));
    wanted.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The answer the engine should give, with `None` for a refusal in words; the model is changed accordingly.
fn model_commit(model: &mut Model, batch: &Batch) -> Option<Result<(), EngineError>> {
    let names: std::collections::BTreeSet<_> = batch.write.iter().map(|(key, _)| key).collect();
    if names.len() < batch.write.len() || batch.expect.iter().chain(&batch.write).any(|(key, _)| key.is_empty()) {
        return None;
    }
    if batch.expect.iter().any(|(key, value)| model.get(key) != value.as_ref()) {
        return Some(Err(EngineError::Conflict));
    }
    for (key, value) in &batch.write {
        model.remove(key);
        model.extend(value.clone().map(|value| (key.clone(), value)));
    }
    Some(Ok(()))
}

/// Goes through the story; `reopen` gives the engine back as it is after being closed.
async fn agrees(steps: Vec<Step>, mut engine: Arc<dyn Engine>, reopen: impl Fn(Arc<dyn Engine>) -> Arc<dyn Engine>) {
    let mut model = Model::new();
    for step in steps {
        match step {
            Step::Get(keys) => {
                let expected: Vec<_> = keys.iter().map(|key| model.get(key).cloned()).collect();
                assert_eq!(engine.get(&keys).await, Ok(expected));
            }
            Step::Scan { prefix, after, limit } => {
                let expected = model_scan(&model, &prefix, after.as_deref(), limit);
                assert_eq!(engine.scan(&prefix, after.as_deref(), limit).await, Ok(expected));
            }
            Step::Commit { expect, write } => {
                let value = |n: u8| vec![n; usize::from(n)];
                let expect = expect.into_iter().map(|(key, guess)| match guess {
                    Guess::AsItIs => (key.clone(), model.get(&key).cloned()),
                    Guess::Value(guess) => (key, guess.map(|n| Bytes::from(value(n)))),
                });
                let write = write.into_iter().map(|(key, n)| (key, n.map(|n| Bytes::from(value(n)))));
                let batch = Batch { expect: expect.collect(), write: write.collect() };
                let expected = model_commit(&mut model, &batch);
                let answer = engine.commit(batch).await;
                assert!(expected.map_or_else(|| is_refused(answer.clone()), |expected| expected == answer), "{answer:?}");
            }
            Step::Reopen => engine = reopen(engine),
        }
    }
    assert_eq!(engine.scan(b"", None, MAX_SCAN).await, Ok(model.into_iter().collect()));
}

fn story() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn memory_agrees_with_a_map(steps in story()) {
        Builder::new_current_thread().build().unwrap().block_on(agrees(steps, Arc::new(MemoryEngine::new()), |engine| engine));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sled_agrees_with_a_map(steps in story()) {
        let folder = Folder::new();
        let open = || -> Arc<dyn Engine> { Arc::new(SledEngine::open(folder.path(), TEST_CACHE_BYTES).unwrap()) };
        let reopen = |engine| {
            drop(engine);
            open()
        };
        Builder::new_current_thread().build().unwrap().block_on(agrees(steps, open(), reopen));
    }
}
