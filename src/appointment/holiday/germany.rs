//! Germany's holidays by state.
//!
//! Source: the states' laws on Sundays and holidays in the version in force in 2025 (of Baden-Württemberg § 1 FTG, Bayern Art. 1 FTG, Berlin
//! § 1 FeiertG, Brandenburg § 2 FTG, Bremen § 2, Hamburg § 1, Hessen § 1 HFeiertagsG, Mecklenburg-Vorpommern § 2 FTG M-V, Niedersachsen
//! § 2 NFeiertagsG, Nordrhein-Westfalen § 2, Rheinland-Pfalz § 2 LFtG, Saarland § 2 SFG, Sachsen § 1 SächsSFG, Sachsen-Anhalt § 2,
//! Schleswig-Holstein § 2 SFTG, Thüringen § 2 ThürFGtG) and the Unification Treaty, art. 2 para. 2, for 3 October. Read in the text: Berlin's
//! of 2023; Baden-Württemberg's. The others, and Berlin's 17 June 2028 (law of 2024), as two other compilations give them.
//!
//! Local: Mariä Himmelfahrt in those Bavarian municipalities in which more are Catholic than Protestant; Augsburg's peace festival within
//! that city; Fronleichnam in those of Saxony (FronleichnamsVO of 1993) and Thuringia (where it was one in 1994).

use chrono::Weekday;

use super::When::{Easter, First, On};
use super::{Day, Region, Rule, always, day, local, once, since, until};

const NEW_YEAR: Day = day("new-year", "Neujahr", On(1, 1));
const EPIPHANY: Day = day("epiphany", "Heilige Drei Könige", On(1, 6));
const WOMEN: Day = day("womens-day", "Frauentag", On(3, 8));
const GOOD_FRIDAY: Day = day("good-friday", "Karfreitag", Easter(-2));
const EASTER: Day = day("easter-sunday", "Ostersonntag", Easter(0));
const EASTER_MONDAY: Day = day("easter-monday", "Ostermontag", Easter(1));
const LABOUR: Day = day("labour-day", "Tag der Arbeit", On(5, 1));
const LIBERATION: Day = day("liberation-day", "Tag der Befreiung", On(5, 8));
const ASCENSION: Day = day("ascension", "Christi Himmelfahrt", Easter(39));
const WHIT_SUNDAY: Day = day("whit-sunday", "Pfingstsonntag", Easter(49));
const WHIT_MONDAY: Day = day("whit-monday", "Pfingstmontag", Easter(50));
const CORPUS_CHRISTI: Day = day("corpus-christi", "Fronleichnam", Easter(60));
const UPRISING: Day = day("uprising-of-1953", "Jahrestag des Aufstandes vom 17. Juni 1953", On(6, 17));
const PEACE_FESTIVAL: Day = day("augsburg-peace-festival", "Augsburger Hohes Friedensfest", On(8, 8));
const ASSUMPTION: Day = day("assumption", "Mariä Himmelfahrt", On(8, 15));
const CHILDREN: Day = day("childrens-day", "Weltkindertag", On(9, 20));
const UNITY: Day = day("unity-day", "Tag der Deutschen Einheit", On(10, 3));
const REFORMATION: Day = day("reformation-day", "Reformationstag", On(10, 31));
const ALL_SAINTS: Day = day("all-saints", "Allerheiligen", On(11, 1));
/// The Wednesday before 23 November.
const REPENTANCE: Day = day("repentance-day", "Buß- und Bettag", First(Weekday::Wed, 11, 16));
const CHRISTMAS: Day = day("christmas-day", "1. Weihnachtstag", On(12, 25));
const BOXING: Day = day("boxing-day", "2. Weihnachtstag", On(12, 26));

/// What all states have. On the Reformation's 500th anniversary it was a holiday everywhere; the day of repentance was given up in 1995.
const ALL: &[Rule] = &[
    always(NEW_YEAR),
    always(GOOD_FRIDAY),
    always(EASTER_MONDAY),
    always(LABOUR),
    always(ASCENSION),
    always(WHIT_MONDAY),
    since(1990, UNITY),
    once(2017, REFORMATION),
    until(1994, REPENTANCE),
    always(CHRISTMAS),
    always(BOXING),
];

const fn state(code: &'static str, own: &'static [Rule]) -> Region {
    Region { code, common: ALL, own }
}

pub(super) const STATES: [Region; 16] = [
    state("DE-BB", &[always(EASTER), always(WHIT_SUNDAY), since(1990, REFORMATION)]),
    state("DE-BE", &[since(2019, WOMEN), once(2020, LIBERATION), once(2025, LIBERATION), once(2028, UPRISING)]),
    state("DE-BW", &[always(EPIPHANY), always(CORPUS_CHRISTI), always(ALL_SAINTS)]),
    state("DE-BY", &[always(EPIPHANY), always(CORPUS_CHRISTI), always(ALL_SAINTS), local(ASSUMPTION), local(PEACE_FESTIVAL)]),
    state("DE-HB", &[since(2018, REFORMATION)]),
    state("DE-HE", &[always(CORPUS_CHRISTI)]),
    state("DE-HH", &[since(2018, REFORMATION)]),
    state("DE-MV", &[since(2023, WOMEN), since(1990, REFORMATION)]),
    state("DE-NI", &[since(2018, REFORMATION)]),
    state("DE-NW", &[always(CORPUS_CHRISTI), always(ALL_SAINTS)]),
    state("DE-RP", &[always(CORPUS_CHRISTI), always(ALL_SAINTS)]),
    state("DE-SH", &[since(2018, REFORMATION)]),
    state("DE-SL", &[always(CORPUS_CHRISTI), always(ASSUMPTION), always(ALL_SAINTS)]),
    state("DE-SN", &[since(1990, REFORMATION), since(1995, REPENTANCE), local(CORPUS_CHRISTI)]),
    state("DE-ST", &[always(EPIPHANY), since(1990, REFORMATION)]),
    state("DE-TH", &[since(2019, CHILDREN), since(1990, REFORMATION), local(CORPUS_CHRISTI)]),
];
