//! kill -9 in the middle of commits: every batch that was acknowledged is there afterwards, whole, and at most one more.
//!
//! `OPENSLOT_CRASH_ROUNDS` sets the number of rounds. Not for: power cuts, which a killed process cannot show.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what is wrong by ending there")]

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use openslot::store::engine::{Batch, Engine, EngineError, Key, MAX_VALUE};
use openslot::store::sled::SledEngine;
use tokio::runtime::{Builder, Runtime};

/// Tells the child its folder; without it the child's test has nothing to do.
const FOLDER: &str = "OPENSLOT_CRASH_FOLDER";
const ROUNDS: &str = "OPENSLOT_CRASH_ROUNDS";

/// The batches go around so many pairs of keys, so that old values become garbage and sled moves pages about.
const PLACES: u64 = 64;

/// Batch 0 is the empty store.
fn pair(n: u64) -> [(Key, Bytes); 2] {
    let place = n % PLACES;
    [("left", n.wrapping_mul(7919)), ("right", n.wrapping_mul(104_729))].map(|(side, noise)| {
        let length = usize::try_from(noise).unwrap() % (MAX_VALUE - 7);
        let filler = (0..length as u64).map(|at| noise.wrapping_add(at).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]);
        (format!("{side}/{place:02}").into_bytes(), n.to_be_bytes().into_iter().chain(filler).collect())
    })
}

/// What is in the store after the batches 1 to `last`.
fn state(last: u64) -> BTreeMap<Key, Bytes> {
    (last.saturating_sub(PLACES - 1).max(1)..=last).flat_map(pair).collect()
}

fn number(value: &Bytes) -> u64 {
    u64::from_be_bytes(value[..8].try_into().unwrap())
}

fn open(folder: &Path) -> SledEngine {
    SledEngine::open(folder, 4 * 1024 * 1024).unwrap()
}

/// All pairs, and the number of the last batch.
async fn read(engine: &SledEngine) -> (BTreeMap<Key, Bytes>, u64) {
    let pairs: BTreeMap<_, _> = engine.scan(b"", None, usize::MAX).await.unwrap().into_iter().collect();
    let last = pairs.values().map(number).max().unwrap_or(0);
    (pairs, last)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Runs in a process of its own, until that is killed.
#[test]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let engine = open(Path::new(&folder));
    let mut acknowledged = std::io::stdout();
    runtime().block_on(async {
        let (_, last) = read(&engine).await;
        writeln!(acknowledged, "\nopen").unwrap();
        for n in last + 1.. {
            let old = pair(n.saturating_sub(PLACES)).into_iter().map(|(key, value)| (key, (n > PLACES).then_some(value)));
            let expect = if n > PLACES { old.collect() } else { pair(n).into_iter().map(|(key, _)| (key, None)).collect() };
            let write = pair(n).into_iter().map(|(key, value)| (key, Some(value))).collect();
            engine.commit(Batch { expect, write }).await.unwrap();
            writeln!(acknowledged, "{n}").unwrap();
        }
    });
}

fn start(folder: &Path) -> (Child, Receiver<String>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
    (child, receiver)
}

/// Kills a child after this time and answers the last number that it gave.
fn round(folder: &Path, last: u64, life: Duration) -> u64 {
    let (mut child, lines) = start(folder);
    let end = Instant::now() + life;
    let mut acknowledged = last;
    let mut hear = |line: String| {
        if let Ok(n) = line.parse::<u64>() {
            assert_eq!(n, acknowledged + 1, "in order");
            acknowledged = n;
        }
    };
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        hear(line);
    }
    assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had written into the pipe counts as answered.
    lines.iter().for_each(hear);
    acknowledged
}

/// A folder of its own, removed at the end unless something was found.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        Folder(env::temp_dir().join(format!("openslot-crash-{:016x}", random())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("kept for a look: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

fn random() -> u64 {
    let mut octets = [0; 8];
    getrandom::fill(&mut octets).unwrap();
    u64::from_be_bytes(octets)
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let rounds = env::var(ROUNDS).map_or(10, |rounds| rounds.parse::<u32>().unwrap());
    let folder = Folder::new();
    let (mut last, mut answers, mut unanswered, mut silent) = (0, 0, 0, 0);
    for n in 1..=rounds {
        // Some do not even get the store open.
        let life = Duration::from_micros(random() % if n % 4 == 0 { 40_000 } else { 600_000 });
        let acknowledged = round(&folder.0, last, life);
        let engine = open(&folder.0);
        let (pairs, found) = runtime().block_on(read(&engine));
        assert!(found == acknowledged || found == acknowledged + 1, "round {n}: acknowledged {acknowledged}, found {found}");
        assert!(pairs == state(found), "round {n}: torn at {found}");
        answers += acknowledged - last;
        unanswered += found - acknowledged;
        silent += u32::from(acknowledged == last);
        last = found;
    }
    eprintln!("{rounds} rounds, {answers} acknowledged, 0 lost, 0 torn, {unanswered} there unanswered, {silent} rounds without an answer");
    assert!(answers > 0, "no round came to commit anything");
}

#[test]
fn another_process_finds_the_store_in_use() {
    let folder = Folder::new();
    let (mut child, lines) = start(&folder.0);
    assert!(lines.iter().any(|line| line == "open"));
    assert_eq!(SledEngine::open(&folder.0, 0).err(), Some(EngineError::InUse));
    child.kill().unwrap();
    child.wait().unwrap();
    open(&folder.0);
}
