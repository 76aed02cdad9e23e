//! `holidays` of a location: which local holidays it keeps, which it does not, and files of days on which it is closed.
//!
//! Not for: which days those are (`appointment::holiday`). No RFC: files are iCalendar's, and are read there.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::value::{Checked, wrong};
use crate::appointment::holiday::{Closures, Holidays, Local, MAX_DAYS, MAX_FILE_SIZE, MAX_FILES, Region, closures, region, regions};

/// What a location says of its holidays.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    with: Vec<Spanned<String>>,
    #[serde(default)]
    without: Vec<Spanned<String>>,
    #[serde(default)]
    files: Vec<Spanned<String>>,
}

/// Checks it. Files stand relative to `folder`; without one there are none.
pub(super) fn check(file: &File, place: Option<&Spanned<String>>, folder: Option<&Path>) -> Checked<Holidays> {
    let found = place.map(|place| {
        let known = || regions().map(|region| region.code).collect::<Vec<_>>().join(", ");
        region(place.get_ref()).ok_or_else(|| wrong(place, format!("the holidays of this region are not known; known are {}", known())))
    });
    let found = found.transpose()?;
    let mut days = Closures::new();
    for (n, path) in file.files.iter().enumerate() {
        if n == MAX_FILES {
            return Err(wrong(path, format!("a location names at most {MAX_FILES} files")));
        }
        let folder = folder.ok_or_else(|| wrong(path, "a file is found beside practice.toml only"))?;
        let read = octets(&folder.join(path.get_ref())).and_then(|octets| closures(octets.into()));
        days.extend(read.map_err(|why| wrong(path, why))?);
        if days.len() > MAX_DAYS {
            return Err(wrong(path, format!("the files close more than {MAX_DAYS} days")));
        }
    }
    Ok(Holidays { with: keys(&file.with, found, Local::Yes)?, without: keys(&file.without, found, Local::No)?, closures: days })
}

fn keys(words: &[Spanned<String>], region: Option<&Region>, local: Local) -> Checked<Vec<String>> {
    let known = region.map(|region| region.keys(local)).unwrap_or_default();
    let check = |word: &Spanned<String>| match known.contains(&word.get_ref().as_str()) {
        true => Ok(word.get_ref().clone()),
        false if known.is_empty() => Err(wrong(word, "the location's region has none to choose from")),
        false => Err(wrong(word, format!("the location's region has {}", known.join(", ")))),
    };
    words.iter().map(check).collect()
}

/// A file's octets, one more than it may have at most.
fn octets(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let limit = u64::try_from(MAX_FILE_SIZE).unwrap_or(u64::MAX).saturating_add(1);
    let mut octets = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut octets));
    read.map(|_| octets).map_err(|why| format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::parse_in;

    const DEMO: &str = include_str!("../../../fixtures/practice/small.toml");

    fn read(lines: &str, folder: Option<&std::path::Path>) -> Result<Vec<String>, String> {
        let text = DEMO.replacen("region = \"DE-BW\"", lines, 1);
        assert_ne!(text, DEMO);
        let practice = parse_in("p.toml", &text, folder)?;
        let holidays = &practice.locations[0].holidays;
        let closures = holidays.closures.iter().map(|(day, name)| format!("{day} {name}"));
        Ok(holidays.with.iter().cloned().chain(closures).collect())
    }

    #[test]
    fn switches_are_those_of_the_region() {
        let with = read("region = \"DE-BY\"\nholidays = { with = [\"assumption\"], without = [\"epiphany\"] }", None);
        assert_eq!(with.unwrap(), ["assumption"]);
        assert!(read("region = \"DE-BY\"\nholidays = { with = [\"epiphany\"] }", None).unwrap_err().contains("has assumption, augsburg"));
        assert!(read("region = \"DE-BW\"\nholidays = { with = [\"assumption\"] }", None).unwrap_err().contains("none to choose"));
        assert!(read("region = \"DE-XX\"", None).unwrap_err().contains("known are DE-BB, DE-BE"));
    }

    #[test]
    fn files_are_read_beside_the_practice() {
        let folder = std::env::temp_dir().join(format!("openslot-holidays-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let event = "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260803\r\nSUMMARY:Ferien\r\nEND:VEVENT\r\n";
        let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{event}END:VCALENDAR\r\n");
        std::fs::write(folder.join("ferien.ics"), file).unwrap();
        let lines = "holidays = { files = [\"ferien.ics\"] }";
        assert_eq!(read(lines, Some(&folder)).unwrap(), ["2026-08-03 Ferien"]);
        assert!(read(lines, None).unwrap_err().contains("beside practice.toml"));
        let missing = read("holidays = { files = [\"urlaub.ics\"] }", Some(&folder)).unwrap_err();
        assert!(missing.starts_with("p.toml, line") && missing.contains("urlaub.ics"), "{missing}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
