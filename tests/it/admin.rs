//! The command line beside a running server and without one: the real binary.

use std::fs;

use crate::child::{fails, run, run_in, said};
use crate::harness::{Folder, NOW, PRACTICE, Server, event};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_is_applied_to_a_running_server() {
    let server = Server::start().await;
    let data = server.data().to_str().unwrap().to_owned();
    let file = server.data().join("practice.toml");
    let path = file.to_str().unwrap().to_owned();
    let apply = |text: String| {
        fs::write(&file, text).unwrap();
        let (path, data) = (path.clone(), data.clone());
        tokio::task::spawn_blocking(move || run(&["apply", &path, "--data", &data], ""))
    };
    let same = apply(PRACTICE.to_owned()).await.unwrap();
    assert!(same.status.success(), "{}", String::from_utf8_lossy(&same.stderr));
    let quiet = String::from_utf8(same.stdout).unwrap();
    assert!(!quiet.contains(['+', '~']), "the same again changes nothing: {quiet}");

    let changed = PRACTICE
        .replace("minutes = 60\nstep = 30", "minutes = 45\nstep = 30")
        .replace("id = \"kabine-2\"\nname = \"Kabine 2\"", "id = \"kabine-2\"\nname = \"Kabine Süd\"");
    let lines = String::from_utf8(apply(changed.clone()).await.unwrap().stdout).unwrap();
    assert!(lines.contains("~ service beratung: duration_minutes") && lines.contains("~ resource kabine-2: name"), "{lines}");
    server.customer().get("/book/stuttgart?service=beratung").await.ok().says("Kabine Süd").says("45");
    server.anna().propfind("kabine-2/", "0", "<D:displayname/>").await.is(207).says("Kabine Süd");

    // A mistake anywhere changes nothing, and is named.
    let token = server.anna().token("kabine-1/").await;
    for (from, to, named) in [
        ("minutes = 30", "minutes = 0", "minutes = 0"),
        ("location = \"esslingen\"", "location = \"nowhere\"", "nowhere"),
        ("colour = \"#1f5f8b\"", "colour = \"#ffff00\"", "colour"),
        ("name = \"Hörgeräte Mustermann\"", "name = \"Andere\"\nfoo = 1", "foo"),
        ("kabine-2 = \"write\" }", "kabine-9 = \"write\" }", "kabine-9"),
        ("zone = \"Europe/Berlin\"", "zone = \"Europe/Entenhausen\"", "Entenhausen"),
        ("mon-fri = \"09:00-18:00\"", "mon-fri = \"18:00-09:00\"", "18:00"),
    ] {
        assert!(changed.contains(from), "{from}");
        let output = apply(changed.replacen(from, to, 1).replace("Kabine 1", "Kabine Nord")).await.unwrap();
        assert!(!output.status.success(), "{to}");
        let why = String::from_utf8(output.stderr).unwrap();
        assert!(why.contains("practice.toml, line ") && why.contains(named), "{why}");
    }
    server.customer().get("/book/stuttgart?service=beratung").await.ok().never_says("Kabine Nord");
    assert_eq!(server.anna().token("kabine-1/").await, token);

    // A person that is gone from the file is gone from the door.
    let without = changed.replace("[[staff]]\nlogin = \"ben\"", "[[staff]]\nlogin = \"bea\"");
    let lines = String::from_utf8(apply(without.clone()).await.unwrap().stdout).unwrap();
    assert!(lines.contains("- staff ben") && lines.contains("+ staff bea"), "{lines}");
    server.ben().propfind("", "0", "<D:displayname/>").await.is(401);

    // Without a privacy notice customers are told so, and the operator is.
    let unpublished = without.replace("privacy_url = \"https://example.org/#datenschutz\"\n", "");
    assert_ne!(unpublished, without);
    let lines = String::from_utf8(apply(unpublished).await.unwrap().stdout).unwrap();
    assert!(lines.contains("not published: the practice's file has no privacy_url\n"), "{lines}");
    server.customer().get("/book/stuttgart").await.is(503).says("noch nicht geöffnet");
    let lines = String::from_utf8(apply(without).await.unwrap().stdout).unwrap();
    assert!(lines.contains("~ privacy_url") && !lines.contains("not published"), "{lines}");
    server.customer().get("/book/stuttgart").await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_and_imports_beside_a_server() {
    let server = Server::start().await;
    let data = server.data().to_str().unwrap().to_owned();
    let calendar = server.data().join("old.ics");
    let text = |uid: &str| String::from_utf8(event(uid, "20260326T090000Z", "20260326T100000Z", "").to_vec()).unwrap();
    let two = text("one").replace("END:VCALENDAR\r\n", "") + text("two").split("PRODID:-//test//EN\r\n").nth(1).unwrap();
    fs::write(&calendar, &two).unwrap();
    let file = calendar.to_str().unwrap().to_owned();
    let commands = tokio::task::spawn_blocking(move || {
        let data = data.as_str();
        let password = said(&["user", "add", "carl", "--name", "Carl", "--data", data], "");
        assert!(said(&["user", "list", "--data", data], "").contains("carl"));
        fails(&["user", "add", "carl", "--data", data], "");
        fails(&["user", "add", "Carl Ä", "--data", data], "");
        fails(&["user", "passwd", "nobody", "--stdin", "--data", data], "long enough\n");
        fails(&["user", "passwd", "carl", "--stdin", "--data", data], "short\n");
        said(&["user", "passwd", "carl", "--stdin", "--data", data], "a better one\n");
        said(&["import", "anna", "kabine-1", &file, "--data", data], "");
        said(&["import", "anna", "kabine-1", &file, "--data", data], "");
        fails(&["import", "ben", "kabine-1", &file, "--data", data], "");
        fs::write(&file, two.replace("UID:two", "UID:two\r\nDTSTART:never")).unwrap();
        fails(&["import", "anna", "kabine-2", &file, "--data", data], "");
        password
    });
    let password = commands.await.unwrap();
    let carl = |password: &str| server.customer().home("carl").basic("carl", password);
    carl("a better one").propfind("", "0", "<D:displayname/>").await.is(207);
    let made = password.split_whitespace().find(|word| word.matches('-').count() == 3).unwrap().trim_end_matches('.').to_owned();
    carl(&made).propfind("", "0", "<D:displayname/>").await.is(401);
    assert_eq!(server.anna().names("kabine-1/").await, ["one.ics", "two.ics"]);
    assert!(server.anna().names("kabine-2/").await.is_empty(), "one mistake and nothing is taken");
    let data = server.data().to_str().unwrap().to_owned();
    tokio::task::spawn_blocking(move || {
        said(&["user", "remove", "carl", "--data", &data], "");
        assert!(said(&["user", "list", "--data", &data], "").contains("removed, its home is kept"));
        fails(&["user", "remove", "carl", "--data", &data], "");
    })
    .await
    .unwrap();
    carl("a better one").propfind("", "0", "<D:displayname/>").await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_work_without_a_server_too() {
    let folder = Folder::new();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let file = folder.path().join("practice.toml");
    fs::write(&file, PRACTICE).unwrap();
    let first = said(&["apply", file.to_str().unwrap(), "--data", &data], "");
    assert!(first.contains("+ location stuttgart") && first.contains("+ staff anna"), "{first}");
    let second = said(&["apply", file.to_str().unwrap(), "--data", &data], "");
    assert!(!second.contains('+'), "{second}");
    said(&["user", "passwd", "anna", "--stdin", "--data", &data], "anna's word\n");
    assert!(said(&["user", "list", "--data", &data], "").contains("anna"));
    // What was so prepared is what a server then serves.
    let config = folder.path().join("openslot.toml");
    fs::write(&config, format!("data = {data:?}\nlisten = \"127.0.0.1:0\"\n")).unwrap();
    assert!(fails(&["serve", "--config", folder.path().join("none.toml").to_str().unwrap()], "").contains("none.toml"));
    fs::write(&config, "lisen = 1\n").unwrap();
    let why = fails(&["serve", "--config", config.to_str().unwrap()], "");
    assert!(why.contains("line 1") && why.contains("lisen") && why.contains("listen"), "{why}");
    assert!(NOW.starts_with("2026"));
}

/// Whoever gets a name that somebody had before finds that one's calendars, cards, files and settings where this was wished, and else nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_logins_home_is_kept_or_deleted_as_was_said() {
    let server = Server::start().await;
    let command = |words: &'static [&'static str], works: bool| {
        let data = server.data().to_str().unwrap().to_owned();
        tokio::task::spawn_blocking(move || {
            let words: Vec<&str> = words.iter().copied().chain(["--data", data.as_str()]).collect();
            if works { said(&words, "carl's own word\n") } else { fails(&words, "carl's own word\n") }
        })
    };
    let carl = || server.customer().home("carl").basic("carl", "carl's own word");
    let colour = |value: &str| {
        format!("<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><x xmlns=\"urn:x\">{value}</x></D:prop></D:set></D:propertyupdate>")
    };
    let has = async |path: &str| carl().propfind(path, "0", "<x xmlns=\"urn:x\"/>").await.is(207).text().contains(">1</x>");
    command(&["user", "add", "carl", "--admin", "--stdin"], true).await.unwrap();
    carl().put("calendar/a.ics", event("a", "20260326T090000Z", "20260326T100000Z", "")).await.is(201);
    carl().ask("PUT", "/dav/files/carl/notes.txt", "mine").await.is(201);
    for path in ["calendar/", "inbox/", "kabine-1/", "/dav/files/carl/notes.txt"] {
        carl().xml("PROPPATCH", path, &colour("1")).await.is(207);
    }

    let kept = command(&["user", "remove", "carl"], true).await.unwrap();
    assert!(kept.contains("--delete-home") && kept.contains("--take-home"), "{kept}");
    carl().propfind("", "0", "<D:displayname/>").await.is(401);
    let refused = command(&["user", "add", "carl", "--stdin"], false).await.unwrap();
    assert!(refused.contains("--take-home"), "{refused}");
    assert!(command(&["user", "list"], true).await.unwrap().contains("its home is kept"));
    command(&["user", "add", "carl", "--admin", "--take-home", "--stdin"], true).await.unwrap();
    assert_eq!(carl().names("calendar/").await, ["a.ics"]);
    for path in ["calendar/", "inbox/", "kabine-1/", "/dav/files/carl/notes.txt"] {
        assert!(has(path).await, "{path}");
    }

    command(&["user", "remove", "carl"], true).await.unwrap();
    command(&["user", "remove", "carl", "--delete-home"], true).await.unwrap();
    assert!(!command(&["user", "list"], true).await.unwrap().contains("carl"));
    command(&["user", "remove", "carl", "--delete-home"], false).await.unwrap();
    command(&["user", "add", "carl", "--take-home", "--stdin"], false).await.unwrap();
    command(&["user", "add", "carl", "--admin", "--stdin"], true).await.unwrap();
    assert!(carl().names("calendar/").await.is_empty());
    carl().get("/dav/files/carl/notes.txt").await.is(404);
    for path in ["calendar/", "inbox/", "kabine-1/"] {
        assert!(!has(path).await, "{path}");
    }
    server.anna().propfind("kabine-1/", "0", "<D:displayname/>").await.is(207);
}

/// Who forgets --config must not keep a second practice without a word.
#[test]
fn every_command_says_which_folder_it_means_and_makes_none_by_mistake() {
    let folder = Folder::new();
    let (etc, away) = (folder.path().join("etc"), folder.path().join("away"));
    fs::create_dir_all(&etc).unwrap();
    fs::create_dir_all(&away).unwrap();
    fs::write(away.join("practice.toml"), PRACTICE).unwrap();
    fs::write(away.join("a.ics"), event("a", "20260326T090000Z", "20260326T100000Z", "")).unwrap();
    fs::write(etc.join("openslot.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    let words = |words: &[&str]| {
        let output = run_in(&away, words, "anna's word\n");
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    for command in [
        &["user", "list"][..],
        &["user", "passwd", "anna", "--stdin"],
        &["user", "add", "carl", "--stdin"],
        &["user", "remove", "anna"],
        &["import", "anna", "calendar", "a.ics"],
        &["user", "list", "--data", "elsewhere"],
        &["user", "list", "--config", "../etc/openslot.toml"],
    ] {
        let (done, why) = words(command);
        assert!(!done && why.contains("no openslot data") && why.contains("--config"), "{command:?}: {why}");
    }
    assert!(!away.join("openslot-data").exists() && !away.join("elsewhere").exists() && !etc.join("openslot-data").exists());

    // The default is beside the file of settings; each command says where that is, and nothing where it was told.
    let there = etc.canonicalize().unwrap().join("openslot-data");
    let (done, first) = words(&["apply", "practice.toml", "--config", "../etc/openslot.toml"]);
    assert!(done && first.starts_with("data: /") && first.contains(" (new)"), "{first}");
    assert!(there.is_dir() && !away.join("openslot-data").exists());
    let (done, again) = words(&["user", "passwd", "anna", "--stdin", "--config", "../etc/openslot.toml"]);
    assert!(done && again.contains("openslot-data") && !again.contains("(new)"), "{again}");
    let (done, silent) = words(&["user", "list", "--data", there.to_str().unwrap()]);
    assert!(done && !silent.contains("data:"), "{silent}");
    let (done, here) = words(&["apply", "practice.toml"]);
    assert!(done && here.contains(&format!("data: {} (new)", away.canonicalize().unwrap().join("openslot-data").display())), "{here}");
}

#[test]
fn what_an_administrator_has_to_know_is_said_at_the_first_apply() {
    let folder = Folder::new();
    let (data, file, calendar) = (folder.path().join("data"), folder.path().join("practice.toml"), folder.path().join("a.ics"));
    let (data, path) = (data.to_str().unwrap(), file.to_str().unwrap());
    fs::write(&file, PRACTICE.replace("name = \"Kabine 2\"", "name = \"Kabine 2\"\nkind = \"person\"")).unwrap();
    let first = said(&["apply", path, "--data", data], "");
    assert!(first.contains("no password yet: admin, anna, ben; `openslot user passwd LOGIN`"), "{first}");
    let open = first.lines().find(|line| line.starts_with("without `resources` and `need`")).expect(&first);
    assert!(open.contains("people as well as rooms: beratung, servicetermin"), "{open}");
    said(&["user", "passwd", "anna", "--stdin", "--data", data], "anna's own word\n");
    assert!(!said(&["apply", path, "--data", data], "").contains("no password"), "told where somebody is new");

    fs::write(&calendar, event("a", "20260326T090000Z", "20260326T100000Z", "")).unwrap();
    let why = fails(&["import", "anna", "kabine-9", calendar.to_str().unwrap(), "--data", data], "");
    assert!(why.contains("no calendar `kabine-9`") && why.contains("there are") && why.contains("kabine-1"), "{why}");

    // As an old editor saves it.
    let latin: Vec<u8> = PRACTICE.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    fs::write(&file, latin).unwrap();
    let why = fails(&["apply", path, "--data", data], "");
    let line = PRACTICE.lines().position(|line| !line.is_ascii()).unwrap() + 1;
    assert!(why.contains(&format!("practice.toml, line {line}: ")) && why.contains("UTF-8"), "{why}");
}
