//! Random days: events put and deleted, times booked, confirmed, cancelled and deleted, against a day of half hours on paper.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::harness::{Booked, Server, edited, event, form, unfold};
use crate::talk::NS;

/// Half hours from 09:00 to 18:00 in Berlin, on Thursday 2026-03-26.
const CELLS: usize = 18;

#[derive(Debug, Clone)]
enum Op {
    Put { name: u8, start: usize, length: usize, kind: usize },
    Delete { name: u8 },
    Book { start: usize },
    Confirm { nth: usize },
    Cancel { nth: usize },
    Remove { nth: usize },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0u8..5, 0usize..CELLS - 3, 1usize..4, 0usize..4).prop_map(|(name, start, length, kind)| Op::Put { name, start, length, kind }),
        1 => (0u8..5).prop_map(|name| Op::Delete { name }),
        4 => (0usize..CELLS - 1).prop_map(|start| Op::Book { start }),
        1 => (0usize..8).prop_map(|nth| Op::Confirm { nth }),
        2 => (0usize..8).prop_map(|nth| Op::Cancel { nth }),
        1 => (0usize..8).prop_map(|nth| Op::Remove { nth }),
    ]
}

/// How a half hour is taken; the stronger is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    Tentative,
    Busy,
}

/// TRANSP and STATUS of an event, and what they make of its time.
const KINDS: [(&str, Option<Taken>); 4] =
    [("", Some(Taken::Busy)), ("TRANSP:TRANSPARENT", None), ("STATUS:TENTATIVE", Some(Taken::Tentative)), ("STATUS:CANCELLED", None)];

struct Asked {
    booked: Booked,
    start: usize,
    taken: Option<Taken>,
    there: bool,
}

#[derive(Default)]
struct Paper {
    events: BTreeMap<u8, (usize, usize, usize)>,
    bookings: Vec<Asked>,
}

impl Paper {
    fn day(&self) -> [Option<Taken>; CELLS] {
        let mut day = [None; CELLS];
        let mut take = |start: usize, length: usize, taken: Option<Taken>| {
            day[start..start + length].iter_mut().for_each(|cell| *cell = (*cell).max(taken));
        };
        self.events.values().for_each(|(start, length, kind)| take(*start, *length, KINDS[*kind].1));
        self.bookings.iter().filter(|asked| asked.there).for_each(|asked| take(asked.start, 2, asked.taken));
        day
    }

    fn busy(&self) -> Vec<String> {
        let day = self.day();
        let mut lines = Vec::new();
        let mut at = 0;
        while at < CELLS {
            let end = (at..CELLS).find(|cell| day[*cell] != day[at]).unwrap_or(CELLS);
            let word = day[at].map(|taken| if taken == Taken::Busy { "BUSY" } else { "BUSY-TENTATIVE" });
            lines.extend(word.map(|word| format!("FREEBUSY;FBTYPE={word}:{}/{}", utc(at), utc(end))));
            at = end;
        }
        lines
    }
}

fn utc(cell: usize) -> String {
    format!("20260326T{:02}{}00Z", 8 + cell / 2, if cell.is_multiple_of(2) { "00" } else { "30" })
}

fn local(cell: usize) -> String {
    format!("2026-03-26T{:02}:{}:00+01:00", 9 + cell / 2, if cell.is_multiple_of(2) { "00" } else { "30" })
}

async fn perform(server: &Server, paper: &mut Paper, op: &Op) {
    let (anna, visitor) = (server.anna(), server.customer());
    match op {
        Op::Put { name, start, length, kind } => {
            let object = event(&format!("e{name}"), &utc(*start), &utc(start + length), KINDS[*kind].0);
            let reply = anna.put(&format!("kabine-1/e{name}.ics"), object).await;
            let replaced = paper.events.insert(*name, (*start, *length, *kind)).is_some();
            reply.is(if replaced { 204 } else { 201 });
        }
        Op::Delete { name } => {
            let there = paper.events.remove(name).is_some();
            anna.delete(&format!("kabine-1/e{name}.ics")).await.is(if there { 204 } else { 404 });
        }
        Op::Book { start } => {
            let free = paper.day()[*start..start + 2].iter().all(Option::is_none);
            let reply = visitor.post("/book/stuttgart/new", &form("kabine-1", &local(*start), &[])).await;
            if free {
                let page = reply.leads();
                let uid = openslot::appointment::link::claim(page.strip_prefix("/booking/").unwrap()).unwrap().uid;
                let booked = Booked { path: format!("kabine-1/{uid}.ics"), page, uid };
                paper.bookings.push(Asked { booked, start: *start, taken: Some(Taken::Tentative), there: true });
            } else {
                reply.is(409);
            }
        }
        Op::Confirm { nth } => {
            let Some(asked) = paper.bookings.get_mut(*nth).filter(|asked| asked.there && asked.taken.is_some()) else { return };
            let object = anna.get(&asked.booked.path).await.ok().text();
            anna.put(&asked.booked.path, edited(&object, "STATUS", "STATUS:CONFIRMED")).await.no_content();
            asked.taken = Some(Taken::Busy);
        }
        Op::Cancel { nth } => {
            let Some(asked) = paper.bookings.get_mut(*nth) else { return };
            visitor.post(&format!("{}/cancel", asked.booked.page), &[]).await.is(303);
            asked.taken = None;
        }
        Op::Remove { nth } => {
            let Some(asked) = paper.bookings.get_mut(*nth) else { return };
            anna.delete(&asked.booked.path).await.is(if asked.there { 204 } else { 404 });
            (asked.there, asked.taken) = (false, None);
        }
    }
}

async fn compare(ops: &[Op]) {
    let server = Server::start().await;
    let mut paper = Paper::default();
    let question =
        format!("<C:free-busy-query {NS}><C:time-range start=\"20260326T000000Z\" end=\"20260327T000000Z\"/></C:free-busy-query>");
    for op in ops {
        perform(&server, &mut paper, op).await;
        let answer = server.anna().report("kabine-1/", &question).await.ok().text();
        let busy: Vec<String> = unfold(&answer).lines().filter(|line| line.starts_with("FREEBUSY")).map(str::to_owned).collect();
        assert_eq!(busy, paper.busy(), "after {op:?}");
    }
    // And what the page offers is what is free on paper.
    let page = server.customer().get("/book/stuttgart?service=beratung&resource=kabine-1&from=2026-03-26").await.ok().text();
    let day = paper.day();
    for start in 0..CELLS - 1 {
        let free = day[start..start + 2].iter().all(Option::is_none);
        assert_eq!(page.contains(&format!("data-start=\"{}\"", local(start))), free, "{}", local(start));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_is_as_it_is_on_paper(ops in prop::collection::vec(op(), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(compare(&ops));
    }
}
