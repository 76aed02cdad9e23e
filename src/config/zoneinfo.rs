//! The system's time zone rules: which release they are, and their files.
//!
//! Not for: what they mean (`ical::zone`). A folder that is not there, has no release written down, or an older one than ours is no mistake.

use std::path::{Path, PathBuf};

use crate::ical::zone::{MAX_ZONE_FILE, MAX_ZONE_FILES, Newer};

/// Where systems keep them.
pub const SYSTEM: &str = "/usr/share/zoneinfo";

/// How deep `America/Argentina/Salta` lies.
const MAX_DEPTH: usize = 3;
/// How many names of files and folders are looked at.
const MAX_NAMES: usize = 10_000;

/// Reads the rules of a folder where they are newer than the bundled ones.
pub fn read(folder: &Path) -> Option<Newer> {
    let mut newer = Newer::than_bundled(&version(folder)?)?;
    let mut names = 0;
    let mut open = vec![(folder.to_owned(), String::new(), 1)];
    while let Some((folder, prefix, depth)) = open.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            names += 1;
            let Some(name) = entry.file_name().to_str().filter(|name| is_place(name)).map(|name| format!("{prefix}{name}")) else {
                continue;
            };
            if names > MAX_NAMES || newer.len() >= MAX_ZONE_FILES {
                return Some(newer);
            }
            let path = entry.path();
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    open.push((path, format!("{name}/"), depth + 1));
                }
            } else if let Some(octets) = zone_file(&path) {
                newer.take(&name, &octets);
            }
        }
    }
    Some(newer)
}

/// The release: from `+VERSION`, or the first line of `tzdata.zi`.
fn version(folder: &Path) -> Option<String> {
    let first_line = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        text.lines().next().map(str::to_owned)
    };
    first_line("+VERSION").or_else(|| first_line("tzdata.zi")?.strip_prefix("# version ").map(str::to_owned))
}

/// Folders of other kinds of seconds, and files of other kinds, begin with a small letter.
fn is_place(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
}

fn zone_file(path: &PathBuf) -> Option<Vec<u8>> {
    let size = usize::try_from(std::fs::metadata(path).ok()?.len()).ok()?;
    if size > MAX_ZONE_FILE {
        return None;
    }
    std::fs::read(path).ok().filter(|octets| octets.starts_with(b"TZif"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_folder_is_read_and_an_older_one_is_not() {
        let folder = std::env::temp_dir().join(format!("openslot-zoneinfo-{}", std::process::id()));
        let put = |name: &str, octets: &[u8]| {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, octets).unwrap();
        };
        assert!(read(&folder).is_none());
        // The least file there can be: UTC.
        let header = |version: u8| [b"TZif", &[version][..], &[0; 15], &[0; 12], &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4]].concat();
        let block = b"\0\0\0\0\0\0UTC\0";
        let utc = [&header(b'2')[..], block, &header(b'2'), block, b"\nUTC0\n"].concat();
        put("America/Argentina/Salta", &utc);
        put("UTC", &utc);
        put("Europe/Berlin", b"no zone");
        put("posix/Europe/Berlin", &utc);
        put("leap-seconds.list", b"x");
        assert!(read(&folder).is_none());
        put("tzdata.zi", b"# version 1999a\n# more\n");
        assert!(read(&folder).is_none());
        put("+VERSION", b"2999b\n");
        let newer = read(&folder).unwrap();
        assert_eq!((newer.version(), newer.len()), ("2999b", 2));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
