//! A disk that fills up, and a store that can't be read: the real binary ends in good order and says why.

use std::fs;
use std::path::PathBuf;

use crate::child::{Serving, said};
use crate::harness::{Folder, PRACTICE};
use crate::talk::Client;

/// How much is sent in one file, in octets.
const LOAD: usize = 256 * 1024;

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
