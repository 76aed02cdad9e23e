//! What time zones are called in a file that holds the objects of many programs.
//!
//! In one VCALENDAR a TZID stands for one VTIMEZONE, and programs make up names as they like: two objects of a calendar can mean two zones
//! by one name. The first keeps it; another one is called by the name and a hash of its rules, in its VTIMEZONE and wherever the object that
//! it came with names it. Names that IANA knows mean the same whatever rules came with them. RFC 5545 §3.2.19, §3.6.5.
//!
//! Not for: what is stored; that keeps its names.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::ical::object::{CalendarObject, Node, Property, line};
use crate::ical::zone::Zone;

/// How many zones are remembered while a file is written. A calendar that makes up more gets each further one by the name that has its hash,
/// perhaps more than once.
const MAX_ZONES: usize = 10_000;

/// How much of a hash tells two zones apart in a name: as many hexadecimal digits.
const DIGITS: usize = 12;

/// How many hashes a name gets. More are needed only by somebody who makes up names with the hashes of others, and who may write into the
/// calendar that is told here.
const MAX_HASHES: usize = 4;

/// What stands behind the names so far.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// By name in lower case, for programs compare them so: the rules.
    rules: HashMap<Hash, Hash>,
    /// What VTIMEZONEs mean, by all that they say: most objects of a calendar bring the same.
    meant: HashMap<Hash, Hash>,
    /// Names as they were written, for other programs compare them octet by octet.
    written: HashSet<Hash>,
}

/// A name or rules of any length in as many octets.
type Hash = [u8; 32];

/// Names of zones in an object, in lower case, and what they are called in the file, where that is something else.
pub(super) type Renamed = HashMap<String, String>;

impl Zones {
    /// Writes the zones of an object that were not written yet.
    pub(super) fn add(&mut self, object: &CalendarObject, out: &mut Vec<u8>) -> Renamed {
        let mut renamed = Renamed::new();
        let mut seen = HashSet::new();
        for node in object.root().children.iter().filter(|node| node.name == "VTIMEZONE") {
            let Some(tzid) = node.first("TZID").map(|tzid| tzid.value.trim()) else { continue };
            // Of two with one name in one object the first counts for whoever reads it.
            if !seen.insert(tzid.to_ascii_lowercase()) {
                continue;
            }
            let rules = self.rules(object, node, tzid);
            let name = self.name(tzid, &rules);
            if name != tzid {
                renamed.insert(tzid.to_ascii_lowercase(), name.clone());
            }
            if !self.is_written(&name) {
                push_component(object.octets(), node, &renamed, out);
            }
        }
        renamed
    }

    /// What a zone means: IANA's name for it, or else all that its observances say.
    fn rules(&mut self, object: &CalendarObject, node: &Node, tzid: &str) -> Hash {
        let mut observances: Vec<String> = node.children.iter().map(observance).collect();
        observances.sort();
        let observances = observances.concat();
        let location = node.first("X-LIC-LOCATION").map_or("", |location| location.value.trim());
        let said = hash(&format!("{tzid}\n{location}\n{observances}"));
        if let Some(rules) = self.meant.get(&said) {
            return *rules;
        }
        let zone = Zone::of(tzid, object);
        let rules = hash(zone.as_ref().and_then(Zone::iana_name).unwrap_or(&observances));
        if self.meant.len() < MAX_ZONES {
            self.meant.insert(said, rules);
        }
        rules
    }

    /// What a zone is called: by its own name, or by one more hash for each zone of other rules that is called so already.
    fn name(&mut self, tzid: &str, rules: &Hash) -> String {
        let more: String = rules.iter().flat_map(|octet| [octet >> 4, octet & 15]).map(digit).take(DIGITS).collect();
        let mut name = tzid.to_owned();
        for _ in 0..MAX_HASHES {
            if self.rules.get(&hash(&name.to_ascii_lowercase())).is_none_or(|known| known == rules) {
                break;
            }
            name = format!("{name}-{more}");
        }
        let key = hash(&name.to_ascii_lowercase());
        if self.rules.contains_key(&key) {
            return name;
        }
        if self.rules.len() >= MAX_ZONES {
            return format!("{tzid}-{more}");
        }
        self.rules.insert(key, *rules);
        name
    }

    /// Whether a name was written before; from now on it is, unless there are too many.
    fn is_written(&mut self, name: &str) -> bool {
        let name = hash(name);
        if self.written.len() >= MAX_ZONES { self.written.contains(&name) } else { !self.written.insert(name) }
    }
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

fn observance(node: &Node) -> String {
    let mut lines: Vec<String> = node.properties.iter().map(|property| format!("{}:{}\n", property.name, property.value.trim())).collect();
    lines.sort();
    format!("{}\n{}", node.name, lines.concat())
}

/// Writes a component, its lines as they are but for the names of zones, each ending in CRLF: some programs send bare newlines, and one file
/// has one kind.
pub(super) fn push_component(octets: &[u8], node: &Node, renamed: &Renamed, out: &mut Vec<u8>) {
    let mut from = node.span.start;
    if !renamed.is_empty() {
        for (property, other) in renames(node, renamed) {
            push_lines(octets.get(from..property.span.start).unwrap_or_default(), out);
            out.extend_from_slice(other.as_bytes());
            from = property.span.end;
        }
    }
    push_lines(octets.get(from..node.span.end).unwrap_or_default(), out);
}

/// The lines of a component and of those in it that name such a zone, in the order in which they stand there, and what they become.
fn renames<'a>(node: &'a Node, renamed: &Renamed) -> Vec<(&'a Property, String)> {
    let mut lines: Vec<(&Property, String)> = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let named = node.properties.iter().filter_map(|property| Some((property, with_name(node, property, renamed)?)));
        lines.extend(named);
        open.extend(&node.children);
    }
    lines.sort_by_key(|(property, _)| property.span.start);
    lines
}

/// The line with the zone's other name, where it names one that has it. Of a parameter with several values, which no line with a TZID has in
/// RFC 5545, they become one.
fn with_name(node: &Node, property: &Property, renamed: &Renamed) -> Option<String> {
    let other = |tzid: &str| renamed.get(&tzid.trim().to_ascii_lowercase());
    if node.name == "VTIMEZONE" && property.name == "TZID" {
        return line("TZID", &[], other(&property.value)?).ok();
    }
    let name = other(property.param("TZID")?)?;
    let params: Vec<(&str, String)> = property.params.iter().map(|param| (param.name.as_str(), param.values.join(","))).collect();
    let params: Vec<(&str, &str)> =
        params.iter().map(|(param, value)| (*param, if *param == "TZID" { name.as_str() } else { value.as_str() })).collect();
    line(&property.name, &params, &property.value).ok()
}

fn push_lines(octets: &[u8], out: &mut Vec<u8>) {
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        out.extend_from_slice(bare.strip_suffix(b"\r").unwrap_or(bare));
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An object with one VTIMEZONE of a fixed offset, and an event that names it three times.
    fn object(uid: &str, tzid: &str, offset: &str) -> CalendarObject {
        let text = format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\n\
             TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:{uid}\nDTSTART;X-A=b;TZID={tzid}:20260326T100000\n\
             RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=\"{tzid}\":20260327T100000\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\n\
             X-SEEN;TZID={tzid}:20260326T090000\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        CalendarObject::parse(text.replace('\n', "\r\n").into()).unwrap()
    }

    fn published(objects: &[CalendarObject]) -> String {
        let mut out = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".to_vec();
        let mut zones = Zones::default();
        for object in objects {
            let renamed = zones.add(object, &mut out);
            object.components().for_each(|node| push_component(object.octets(), node, &renamed, &mut out));
        }
        out.extend_from_slice(b"END:VCALENDAR\r\n");
        String::from_utf8(out).unwrap()
    }

    /// When each event of the file begins, in the order in which they stand there.
    fn starts(file: &str) -> Vec<i64> {
        let read = CalendarObject::parse_written(file.to_owned().into()).unwrap();
        let start = |node: &Node| {
            let start = node.first("DTSTART").unwrap();
            let moment = crate::ical::time::Moment::parse(&start.value, start.param("TZID")).unwrap();
            crate::ical::zone::resolve(&moment, &read, &Zone::UTC).unwrap()
        };
        read.components().map(start).collect()
    }

    fn tzids(file: &str) -> Vec<&str> {
        file.lines().filter_map(|line| line.strip_prefix("TZID:")).collect()
    }

    #[test]
    fn zones_of_one_name_and_other_rules_are_told_apart() {
        let file = published(&[object("a", "Eigen", "+0100"), object("b", "Eigen", "+0300"), object("c", "Eigen", "+0100")]);
        let ten = 1_774_519_200;
        assert_eq!(starts(&file), [ten - 3_600, ten - 3 * 3_600, ten - 3_600], "{file}");
        let names = tzids(&file);
        assert_eq!((names.len(), names[0]), (2, "Eigen"), "{file}");
        let other = names[1];
        assert!(other.starts_with("Eigen-") && other.len() == "Eigen-".len() + DIGITS, "{other}");
        assert!(file.contains(&format!("DTSTART;X-A=b;TZID={other}:20260326T100000\r\n")), "{file}");
        assert!(file.contains(&format!("EXDATE;TZID={other}:20260327T100000\r\n")), "{file}");
        assert!(file.contains(&format!("X-SEEN;TZID={other}:20260326T090000\r\n")), "{file}");
        // The others keep their lines.
        assert!(file.contains("EXDATE;TZID=\"Eigen\":20260327T100000\r\n"), "{file}");
    }

    #[test]
    fn a_name_that_was_made_up_for_another_zone_is_not_given_twice() {
        let first = published(&[object("a", "Eigen", "+0100"), object("b", "Eigen", "+0300")]);
        let made = tzids(&first)[1].to_owned();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let objects = [object("a", "Eigen", "+0100"), object("b", "Eigen", "+0300"), object("c", &made, "+0500")];
            let file = published(&order.map(|at| objects[at].clone()));
            let ten = 1_774_519_200;
            assert_eq!(starts(&file), order.map(|at| ten - [1, 3, 5][at] * 3_600), "{file}");
        }
    }

    #[test]
    fn the_same_rules_under_two_spellings_are_written_for_both() {
        let file = published(&[object("a", "Eigen", "+0100"), object("b", "EIGEN", "+0100"), object("c", "eigen", "+0300")]);
        assert_eq!(tzids(&file)[..2], ["Eigen", "EIGEN"]);
        assert_eq!(starts(&file).iter().map(|at| at - 1_774_519_200).collect::<Vec<_>>(), [-3_600, -3_600, -3 * 3_600]);
    }

    #[test]
    fn what_iana_knows_keeps_its_name_whatever_was_sent() {
        let file = published(&[object("a", "Europe/Berlin", "+0100"), object("b", "Europe/Berlin", "+0700")]);
        assert_eq!(tzids(&file), ["Europe/Berlin"]);
    }

    #[test]
    fn there_is_a_limit_to_what_is_remembered() {
        let mut zones = Zones::default();
        for number in 0..MAX_ZONES {
            zones.name(&format!("z{number}"), &hash("a"));
        }
        assert_eq!(zones.name("z1", &hash("a")), "z1");
        assert!(zones.name("new", &hash("a")).starts_with("new-"));
        assert!(zones.name("z1", &hash("b")).starts_with("z1-"));
        assert_eq!(zones.rules.len(), MAX_ZONES);
    }
}
