//! Our side of the oracle: objects and windows on stdin, their occurrences as JSON lines on stdout.
//!
//! Not for: the comparison; that is `compare.py`. Each object comes as a line `LENGTH START END ZONE` (octets, seconds since 1970, the
//! IANA name for dates and floating times), then LENGTH octets. Each answer is `{"micros", "occurrences": [[start, end, id or null]]}`
//! or `{"micros", "refused"}`, in the order asked.
#![allow(clippy::expect_used, reason = "a test program stops at the first thing that is wrong")]

use std::io::{BufRead, Read, Write};
use std::time::Instant;

use openslot::error::{Error, Result};
use openslot::ical::object::CalendarObject;
use openslot::ical::recurrence::{Occurrence, occurrences};
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;

fn answer(octets: Vec<u8>, range: TimeRange, zone: &Zone) -> Result<Vec<Occurrence>> {
    let object = CalendarObject::parse(octets.into())?;
    object.check()?;
    occurrences(&object, range, zone)
}

fn main() {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line).expect("stdin can be read") > 0 {
        let mut words = line.split_whitespace();
        let mut number = || words.next().and_then(|word| word.parse::<i64>().ok()).expect("LENGTH START END are numbers");
        let (length, range) = (number(), TimeRange { start: number(), end: number() });
        let zone = words.next().and_then(Zone::named).expect("ZONE is IANA's");
        let mut octets = vec![0; usize::try_from(length).expect("LENGTH is a length")];
        input.read_exact(&mut octets).expect("as many octets as said");
        let begun = Instant::now();
        let answer = answer(octets, range, &zone);
        let micros = begun.elapsed().as_micros();
        let json = match answer {
            Ok(found) => {
                let rows: Vec<_> = found.iter().map(|o| serde_json::json!([o.range.start, o.range.end, o.recurrence_id])).collect();
                serde_json::json!({ "micros": micros, "occurrences": rows })
            }
            Err(Error::Refused(precondition, why)) => {
                serde_json::json!({ "micros": micros, "refused": format!("{precondition:?}: {why}") })
            }
            Err(other) => serde_json::json!({ "micros": micros, "refused": format!("{other:?}") }),
        };
        writeln!(output, "{json}").expect("stdout can be written");
        line.clear();
    }
}
