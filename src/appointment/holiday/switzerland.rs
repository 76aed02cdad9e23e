//! Switzerland's holidays by canton.
//!
//! Source: the Federal Office of Justice's list of days that are holidays by law in each canton, as another compilation gives it, and where
//! read in the text the canton's law, which then wins: Graubünden Art. 2 Ruhetagsgesetz (Good Friday), Solothurn § 2 RTG (Fronleichnam,
//! Mariä Himmelfahrt, Allerheiligen, but not in the district of Bucheggberg; 1 May from noon on, hence local). In Aargau and Fribourg the
//! districts differ: what not all of them have is local, as are Le Landeron's Fronleichnam in Neuchâtel, Mauritius in Appenzell
//! Innerrhoden, and days that are kept by custom. Not verified in the laws: all other cantons. The Sundays of Easter, Whitsun and prayer
//! are left out.

use chrono::Weekday::{Fri, Mon, Sun, Thu, Wed};

use super::When::{Easter, First, If, Naefels, On};
use super::{Day, Region, Rule, always, day, local};

const BERCHTOLD: Day = day("berchtold", "Berchtoldstag", On(1, 2));
/// After a New Year that fell on a Sunday.
const BERCHTOLD_MONDAY: Day = day("berchtold-monday", "Berchtoldstag", If(1, 2, &[Mon]));
const EPIPHANY: Day = day("epiphany", "Heilige Drei Könige", On(1, 6));
const REPUBLIC: Day = day("republic-day", "Ausrufung der Republik", On(3, 1));
const JOSEPH: Day = day("st-joseph", "Josefstag", On(3, 19));
const NAEFELS: Day = day("naefels", "Näfelser Fahrt", Naefels);
const GOOD_FRIDAY: Day = day("good-friday", "Karfreitag", Easter(-2));
const EASTER_MONDAY: Day = day("easter-monday", "Ostermontag", Easter(1));
const LABOUR: Day = day("labour-day", "Tag der Arbeit", On(5, 1));
const WHIT_MONDAY: Day = day("whit-monday", "Pfingstmontag", Easter(50));
const CORPUS_CHRISTI: Day = day("corpus-christi", "Fronleichnam", Easter(60));
const INDEPENDENCE: Day = day("independence-day", "Fest der Unabhängigkeit", On(6, 23));
const PETER_AND_PAUL: Day = day("st-peter-and-paul", "Peter und Paul", On(6, 29));
const ASSUMPTION: Day = day("assumption", "Mariä Himmelfahrt", On(8, 15));
/// The Thursday after September's first Sunday.
const GENEVA: Day = day("geneva-prayer-day", "Genfer Bettag", First(Thu, 9, 5));
/// The Monday after September's third Sunday.
const PRAYER_MONDAY: Day = day("prayer-monday", "Bettagsmontag", First(Mon, 9, 16));
const MAURICE: Day = day("st-maurice", "Mauritiustag", On(9, 22));
const NICHOLAS: Day = day("st-nicholas-of-flue", "Bruderklausenfest", On(9, 25));
const ALL_SAINTS: Day = day("all-saints", "Allerheiligen", On(11, 1));
const CONCEPTION: Day = day("immaculate-conception", "Mariä Empfängnis", On(12, 8));
const STEPHEN: Day = day("boxing-day", "Stephanstag", On(12, 26));
/// Not where Christmas falls on a Monday or a Friday: there would be three or four such days in a row.
const STEPHEN_BETWEEN: Day = day("boxing-day", "Stephanstag", If(12, 26, &[Mon, Wed, Thu, Fri, Sun]));
/// After a Christmas that fell on a Sunday.
const STEPHEN_MONDAY: Day = day("boxing-monday", "Stephanstag", If(12, 26, &[Mon]));
const RESTORATION: Day = day("restoration-day", "Wiederherstellung der Republik", On(12, 31));

const ALL: &[Rule] = &[
    always(day("new-year", "Neujahrstag", On(1, 1))),
    always(day("ascension", "Auffahrt", Easter(39))),
    always(day("national-day", "Bundesfeier", On(8, 1))),
    always(day("christmas-day", "Weihnachtstag", On(12, 25))),
];

const fn canton(code: &'static str, own: &'static [Rule]) -> Region {
    Region { code, common: ALL, own }
}

pub(super) const CANTONS: [Region; 26] = [
    canton(
        "CH-AG",
        &[
            always(GOOD_FRIDAY),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(LABOUR),
            local(WHIT_MONDAY),
            local(CORPUS_CHRISTI),
            local(ASSUMPTION),
            local(ALL_SAINTS),
            local(CONCEPTION),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-AI",
        &[
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            always(STEPHEN_BETWEEN),
            local(MAURICE),
        ],
    ),
    canton("CH-AR", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(WHIT_MONDAY), always(STEPHEN_BETWEEN)]),
    canton("CH-BE", &[always(BERCHTOLD), always(GOOD_FRIDAY), always(EASTER_MONDAY), always(WHIT_MONDAY), always(STEPHEN)]),
    canton("CH-BL", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(LABOUR), always(WHIT_MONDAY), always(STEPHEN), local(BERCHTOLD)]),
    canton("CH-BS", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(LABOUR), always(WHIT_MONDAY), always(STEPHEN), local(BERCHTOLD)]),
    canton(
        "CH-FR",
        &[
            always(GOOD_FRIDAY),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(CORPUS_CHRISTI),
            local(ASSUMPTION),
            local(ALL_SAINTS),
            local(CONCEPTION),
            local(STEPHEN),
        ],
    ),
    canton("CH-GE", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(WHIT_MONDAY), always(GENEVA), always(RESTORATION)]),
    canton(
        "CH-GL",
        &[
            always(NAEFELS),
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(ALL_SAINTS),
            always(STEPHEN),
            local(BERCHTOLD),
        ],
    ),
    canton(
        "CH-GR",
        &[
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(STEPHEN),
            local(BERCHTOLD),
            local(EPIPHANY),
            local(JOSEPH),
            local(CORPUS_CHRISTI),
            local(ASSUMPTION),
            local(ALL_SAINTS),
            local(CONCEPTION),
        ],
    ),
    canton(
        "CH-JU",
        &[
            always(BERCHTOLD),
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(LABOUR),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(INDEPENDENCE),
            always(ASSUMPTION),
            always(ALL_SAINTS),
        ],
    ),
    canton(
        "CH-LU",
        &[
            always(BERCHTOLD),
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            always(STEPHEN),
            local(JOSEPH),
        ],
    ),
    canton(
        "CH-NE",
        &[
            always(REPUBLIC),
            always(GOOD_FRIDAY),
            always(LABOUR),
            always(BERCHTOLD_MONDAY),
            always(STEPHEN_MONDAY),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(CORPUS_CHRISTI),
            local(PRAYER_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-NW",
        &[
            always(JOSEPH),
            always(GOOD_FRIDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-OW",
        &[
            always(GOOD_FRIDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(NICHOLAS),
            always(ALL_SAINTS),
            always(CONCEPTION),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-SG",
        &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(WHIT_MONDAY), always(ALL_SAINTS), always(STEPHEN), local(BERCHTOLD)],
    ),
    canton("CH-SH", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(LABOUR), always(WHIT_MONDAY), always(STEPHEN), local(BERCHTOLD)]),
    canton(
        "CH-SO",
        &[
            always(GOOD_FRIDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            local(BERCHTOLD),
            local(JOSEPH),
            local(EASTER_MONDAY),
            local(LABOUR),
            local(WHIT_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-SZ",
        &[
            always(EPIPHANY),
            always(JOSEPH),
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            always(STEPHEN),
        ],
    ),
    canton("CH-TG", &[always(BERCHTOLD), always(GOOD_FRIDAY), always(EASTER_MONDAY), always(LABOUR), always(WHIT_MONDAY), always(STEPHEN)]),
    canton(
        "CH-TI",
        &[
            always(EPIPHANY),
            always(JOSEPH),
            always(EASTER_MONDAY),
            always(LABOUR),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(PETER_AND_PAUL),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            always(STEPHEN),
            local(GOOD_FRIDAY),
        ],
    ),
    canton(
        "CH-UR",
        &[
            always(EPIPHANY),
            always(JOSEPH),
            always(GOOD_FRIDAY),
            always(EASTER_MONDAY),
            always(WHIT_MONDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            always(STEPHEN_BETWEEN),
        ],
    ),
    canton(
        "CH-VD",
        &[always(BERCHTOLD), always(GOOD_FRIDAY), always(EASTER_MONDAY), always(WHIT_MONDAY), always(PRAYER_MONDAY), local(STEPHEN)],
    ),
    canton(
        "CH-VS",
        &[
            always(JOSEPH),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            local(BERCHTOLD),
            local(GOOD_FRIDAY),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton(
        "CH-ZG",
        &[
            always(GOOD_FRIDAY),
            always(CORPUS_CHRISTI),
            always(ASSUMPTION),
            always(ALL_SAINTS),
            always(CONCEPTION),
            local(BERCHTOLD),
            local(EASTER_MONDAY),
            local(WHIT_MONDAY),
            local(STEPHEN),
        ],
    ),
    canton("CH-ZH", &[always(GOOD_FRIDAY), always(EASTER_MONDAY), always(LABOUR), always(WHIT_MONDAY), always(STEPHEN), local(BERCHTOLD)]),
];
