//! A disk that fills up, and a store that can't be read: the real binary ends in good order and says why.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::child::{Serving, run, said};
use crate::harness::{Folder, PRACTICE};
use crate::talk::Client;

/// How much is sent in one file, in octets.
const LOAD: usize = 256 * 1024;

/// How sled divides its log, in octets.
const SEGMENT: u64 = 2 * 1024 * 1024;

/// A practice that was set up as an administrator does it, with the word of `admin`.
pub fn set_up(folder: &Folder, settings: &str) -> PathBuf {
    let (config, practice) = (folder.path().join("openslot.toml"), folder.path().join("practice.toml"));
    fs::write(&config, format!("listen = \"127.0.0.1:0\"\ndata = \"data\"\n{settings}")).unwrap();
    fs::write(&practice, PRACTICE).unwrap();
    let config_name = config.to_str().unwrap();
    said(&["apply", practice.to_str().unwrap(), "--config", config_name], "");
    said(&["user", "passwd", "admin", "--stdin", "--config", config_name], "the admin's word\n");
    config
}

fn admin(serving: &Serving) -> Client {
    Client::new(serving.address).basic("admin", "the admin's word")
}

async fn end_of(serving: Serving) -> (Option<i32>, String) {
    tokio::task::spawn_blocking(move || serving.ended()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_disk_is_full_ends_and_loses_nothing() {
    let folder = Folder::new();
    let config = set_up(&folder, "");
    let serving = Serving::on_a_small_disk(&config, 12 * 1024);
    let client = admin(&serving);
    let body = |n: usize| format!("{n:08}").repeat(LOAD / 8);
    let path = |n: usize| format!("/dav/files/admin/{n}.txt");
    let mut kept = 0;
    while kept < 100 {
        let reply = client.try_ask("PUT", &path(kept), body(kept)).await;
        match reply.map(|reply| reply.status.as_u16()) {
            Some(201) => kept += 1,
            // What it could not keep it does not claim; it may be gone already.
            Some(500) | None => break,
            Some(other) => panic!("{other}"),
        }
    }
    assert!((4..100).contains(&kept), "{kept}");
    let (code, log) = end_of(serving).await;
    assert_eq!(code, Some(1), "{log}");
    let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR") && line.contains("the store takes no more")).collect();
    assert!(errors.len() == 1 && errors[0].contains("make room"), "{log}");

    let serving = Serving::start(&config);
    let client = admin(&serving);
    for n in 0..kept {
        assert_eq!(client.get(&path(n)).await.ok().text(), body(n), "{n}");
    }
    client.ask("PUT", &path(kept + 1), body(kept)).await.is(201);
    serving.signal("-TERM");
    assert_eq!(end_of(serving).await.0, Some(0));
}

/// What can be read of a damaged store is, and else one sentence says what to do: where sled finds the damage, and where it panics, which it
/// does over a page whose beginning was in a segment that is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_read_is_told_in_a_sentence() {
    let folder = Folder::new();
    let config = set_up(&folder, "");
    let serving = Serving::start(&config);
    for n in 0..24 {
        admin(&serving).ask("PUT", &format!("/dav/files/admin/{n}.txt"), format!("{n:08}").repeat(LOAD / 8)).await.is(201);
    }
    serving.signal("-TERM");
    assert_eq!(end_of(serving).await.0, Some(0));
    let store = folder.path().join("data/store");
    tokio::task::spawn_blocking(move || damage(config.to_str().unwrap(), &store)).await.unwrap();
}

fn damage(config: &str, store: &Path) {
    let files = || fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let whole: Vec<(PathBuf, Vec<u8>)> = files().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    let restored = || {
        files().for_each(|path| fs::remove_file(path).unwrap());
        whole.iter().for_each(|(path, octets)| fs::write(path, octets).unwrap());
        fs::File::options().write(true).open(store.join("db")).unwrap()
    };
    let told = || {
        let output = run(&["user", "list", "--config", config], "");
        let words = String::from_utf8(output.stderr).unwrap();
        if output.status.success() {
            return String::new();
        }
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(words.contains("can't be read") && words.contains("restore the last backup") && words.lines().count() == 1, "{words}");
        words
    };
    restored().set_len(1000).unwrap();
    assert!(told().contains("damaged data"));
    let mut panicked = 0;
    for segment in 0..4 {
        restored().write_all_at(&[0; 64], segment * SEGMENT).unwrap();
        files().filter(|path| path.to_str().unwrap().contains("/snap.")).for_each(|path| fs::remove_file(path).unwrap());
        panicked += usize::from(told().contains("sled at "));
    }
    assert!(panicked > 0, "the other kind was seen too");
    restored();
    assert!(said(&["user", "list", "--config", config], "").contains("anna"));
}
