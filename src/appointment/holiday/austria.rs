//! Austria's holidays: the same in all states.
//!
//! Source: § 7 para. 2 ARG and § 1 Feiertagsruhegesetz 1957, as other compilations give them. Local: Good Friday, which since 2019 is no
//! holiday by law for anybody; and each state's patron, on whose day its schools and offices are closed, no more.

use super::When::{Easter, On};
use super::{Day, Region, Rule, always, day, local};

const ALL: &[Rule] = &[
    always(day("new-year", "Neujahr", On(1, 1))),
    always(day("epiphany", "Heilige Drei Könige", On(1, 6))),
    local(day("good-friday", "Karfreitag", Easter(-2))),
    always(day("easter-monday", "Ostermontag", Easter(1))),
    always(day("labour-day", "Staatsfeiertag", On(5, 1))),
    always(day("ascension", "Christi Himmelfahrt", Easter(39))),
    always(day("whit-monday", "Pfingstmontag", Easter(50))),
    always(day("corpus-christi", "Fronleichnam", Easter(60))),
    always(day("assumption", "Mariä Himmelfahrt", On(8, 15))),
    always(day("national-day", "Nationalfeiertag", On(10, 26))),
    always(day("all-saints", "Allerheiligen", On(11, 1))),
    always(day("immaculate-conception", "Mariä Empfängnis", On(12, 8))),
    always(day("christmas-day", "Christtag", On(12, 25))),
    always(day("boxing-day", "Stefanitag", On(12, 26))),
];

const MARTIN: Day = day("patron-day", "Hl. Martin", On(11, 11));
const JOSEPH: Day = day("patron-day", "Hl. Josef", On(3, 19));
const LEOPOLD: Day = day("patron-day", "Hl. Leopold", On(11, 15));
const FLORIAN: Day = day("patron-day", "Hl. Florian", On(5, 4));
const RUPERT: Day = day("patron-day", "Hl. Rupert", On(9, 24));
const PLEBISCITE: Day = day("plebiscite-day", "Tag der Volksabstimmung", On(10, 10));

const fn state(code: &'static str, own: &'static [Rule]) -> Region {
    Region { code, common: ALL, own }
}

/// The country, for those who need no patron, and its states.
pub(super) const STATES: [Region; 10] = [
    state("AT", &[]),
    state("AT-1", &[local(MARTIN)]),
    state("AT-2", &[local(JOSEPH), local(PLEBISCITE)]),
    state("AT-3", &[local(LEOPOLD)]),
    state("AT-4", &[local(FLORIAN)]),
    state("AT-5", &[local(RUPERT)]),
    state("AT-6", &[local(JOSEPH)]),
    state("AT-7", &[local(JOSEPH)]),
    state("AT-8", &[local(JOSEPH)]),
    state("AT-9", &[local(LEOPOLD)]),
];
