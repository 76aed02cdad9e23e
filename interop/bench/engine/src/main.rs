//! The calendar engine beside other programs: the same input, the same answers, taking turns in one run. README.md says how to read it.
//!
//! Arguments: a file of 100,000 objects (each a line with its length, then its octets), the Monday that they lie around, how many rounds,
//! how many milliseconds each turn has.

mod busy;
mod contest;
mod libical;
mod parse;
mod recur;
mod slots;

use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;

use contest::Rounds;

/// How many objects are parsed in one piece of work.
const PARSED: usize = 2_000;

fn objects(file: Vec<u8>) -> Vec<Bytes> {
    let (mut rest, mut objects) = (Bytes::from(file), Vec::new());
    while let Some(end) = rest.iter().position(|octet| *octet == b'\n') {
        let length = rest.split_to(end + 1);
        let length = std::str::from_utf8(&length).ok().and_then(|line| line.trim().parse().ok()).expect("a length");
        objects.push(rest.split_to(length));
    }
    objects
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("FILE MONDAY ROUNDS MILLISECONDS");
    let objects = objects(std::fs::read(next()).expect("FILE can be read"));
    let monday: NaiveDate = next().parse().expect("MONDAY is YYYY-MM-DD");
    let rounds = Rounds {
        count: next().parse().expect("ROUNDS is a number"),
        turn: Duration::from_millis(next().parse().expect("MILLISECONDS is a number")),
    };
    println!("{} rounds of {:?} each: medians, in brackets the lowest and the highest\n", rounds.count, rounds.turn);
    parse::run(&objects[..PARSED], rounds);
    println!();
    recur::all(rounds);
    println!();
    recur::weeks(rounds);
    println!();
    let monday = monday.and_time(Default::default()).and_utc().timestamp();
    busy::run(&objects, monday, rounds);
    println!();
    slots::run(&objects, monday, rounds);
}
