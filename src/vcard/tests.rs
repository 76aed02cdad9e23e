//! Cards as programs send them, what is refused, edits, and filters.

use super::*;
use crate::ical::collation::Collation;
use proptest::prelude::*;

fn card(lines: &str) -> Card {
    Card::parse(Bytes::from(format!("BEGIN:VCARD\r\n{lines}END:VCARD\r\n"))).unwrap()
}

fn example() -> Card {
    card(
        "VERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17//EN\r\nN:Müller\\, geb. Maier;Jörg;A,B;;\r\nFN:Jörg Müller\r\nUID:card-1\r\n\
         item1.EMAIL;type=INTERNET:alt@muster.example\r\nEMAIL;type=INTERNET;type=pref:neu@muster.example\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\n\
         TEL;TYPE=home,voice:+49 711 1\r\nTEL;TYPE=cell:+49 170 2\r\nNOTE:eins\\nzwei\\; drei\r\n",
    )
}

fn why(text: &str) -> String {
    match Card::parse(Bytes::from(text.to_owned())).and_then(|card| card.check()) {
        Err(Error::Malformed(why) | Error::Refused(Precondition::SupportedAddressData, why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_is_read_and_kept_as_sent() {
    let card = example();
    assert_eq!(card.check().unwrap(), Kept { version: Version::Three, uid: "card-1".into() });
    assert_eq!(card.text("note").unwrap(), "eins\nzwei; drei");
    // The one that is preferred, not the first.
    assert_eq!(card.text("EMAIL").unwrap(), "neu@muster.example");
    assert_eq!(card.all("email").count(), 2);
    assert_eq!(card.all("ITEM1.email").map(|p| p.value.as_str()).collect::<Vec<_>>(), ["alt@muster.example"]);
    let name = fields(card.all("N").next().unwrap());
    assert_eq!(name[0], ["Müller, geb. Maier"]);
    assert_eq!(name[2], ["A", "B"]);
    assert_eq!((name.len(), name[3].join("").len()), (5, 0));
    let four = self::card("VERSION:4.0\r\nFN;PREF=2:B\r\nFN;PREF=1:A\r\nUID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r\n");
    assert_eq!((four.check().unwrap().version, four.text("FN").unwrap()), (Version::Four, "A".into()));
}

#[test]
fn what_is_no_card_is_refused_with_its_line() {
    let whole = |lines: &str| format!("BEGIN:VCARD\n{lines}END:VCARD\n");
    assert_eq!(why(""), "there is no VCARD in it");
    assert_eq!(why("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "line 1, VCALENDAR: a card begins with VCARD");
    assert!(why(&format!("{0}{0}", whole("VERSION:4.0\n"))).contains("more than 1 components"));
    assert!(why(&whole("BEGIN:VCARD\nEND:VCARD\n")).contains("more than 1 components"));
    assert_eq!(why(&whole("FN:A\nUID:a\n")), "VERSION: it is missing");
    assert_eq!(why(&whole("VERSION:2.1\nFN:A\nUID:a\n")), "line 2, VERSION: only 3.0 and 4.0 are kept");
    assert_eq!(why(&whole("VERSION:4.0\nUID:a\n")), "FN: it is missing");
    assert_eq!(why(&whole("VERSION:4.0\nFN:A\n")), "UID: it is missing");
    assert_eq!(why(&whole("VERSION:4.0\nFN:A\nUID:a\nUID:b\n")), "line 5, UID: there are several");
    let long = "x".repeat(70_000);
    for name in ["NOTE", "item1.PHOTO"] {
        assert_eq!(why(&whole(&format!("VERSION:4.0\n{name}:{long}\n"))), "FN: it is missing");
    }
    assert!(why(&whole(&format!("VERSION:4.0\n{long}:1\n"))).contains("longer than"));
    assert!(why(&whole(&"A:1\n".repeat(MAX_CARD_PROPERTIES + 1))).contains("more than 2000 properties"));
}

#[test]
fn a_file_is_split_into_its_cards() {
    let text = "BEGIN:VCARD\r\nUID:a\r\nEND:VCARD\r\n\r\nBEGIN:VCARD\r\nUID:b\r\nNOTE:x\r\n y\r\nEND:VCARD\r\n";
    let cards = Card::split(&Bytes::from_static(text.as_bytes())).unwrap();
    let octets: Vec<&[u8]> = cards.iter().map(|card| &card.octets()[..]).collect();
    assert_eq!(octets, ["BEGIN:VCARD\r\nUID:a\r\nEND:VCARD\r\n", text.split_once("\r\n\r\n").unwrap().1].map(str::as_bytes));
    assert_eq!(Card::split(&Bytes::new()).unwrap(), []);
}

#[test]
fn an_edit_changes_its_lines_alone() {
    let card = example();
    let mut editor = card.editor();
    editor.set_text(card.root(), "NOTE", "a;b").unwrap();
    editor.set(card.root(), "item1.EMAIL", &[("TYPE", "work")], "c@muster.example").unwrap();
    let changed = String::from_utf8(editor.finish().to_vec()).unwrap();
    let before = String::from_utf8(card.octets().to_vec()).unwrap();
    let expected = before
        .replace("NOTE:eins\\nzwei\\; drei", "NOTE:a\\;b")
        .replace("item1.EMAIL;type=INTERNET:alt@muster.example", "item1.EMAIL;TYPE=work:c@muster.example");
    assert_eq!(changed, expected);
}

fn text(text: &str, match_type: MatchType, negated: bool) -> TextMatch {
    TextMatch { text: text.into(), collation: Collation::UnicodeCasemap, match_type, negated }
}

fn prop(name: &str, test: Test, conditions: Vec<Condition>) -> PropFilter {
    PropFilter { name: name.into(), test: PropTest::Defined(test, conditions) }
}

#[test]
fn filters_follow_rfc6352_10_5() {
    let card = example();
    let met = |props: Vec<PropFilter>| matches(&Filter { test: Test::AllOf, props }, &card);
    let value = |name: &str, t: TextMatch| met(vec![prop(name, Test::AnyOf, vec![Condition::Text(t)])]);
    assert!(met(vec![]) && met(vec![prop("TEL", Test::AnyOf, vec![])]) && !met(vec![prop("BDAY", Test::AllOf, vec![])]));
    assert!(value("EMAIL", text("NEU@", MatchType::StartsWith, false)) && !value("EMAIL", text("muster", MatchType::StartsWith, false)));
    assert!(value("EMAIL", text(".EXAMPLE", MatchType::EndsWith, false)) && value("UID", text("CARD-1", MatchType::Equals, false)));
    assert!(value("N", text("MÜLLER, GEB", MatchType::Contains, false)) && value("note", text("zwei; d", MatchType::Contains, false)));
    // Groups: a name without one means all, with one that one alone.
    assert!(
        value("item1.EMAIL", text("alt", MatchType::Contains, false)) && !value("item1.EMAIL", text("neu", MatchType::Contains, false))
    );
    assert!(!value("item2.EMAIL", text("", MatchType::Contains, false)));
    // Negated: one property that doesn't hold it is enough.
    assert!(value("EMAIL", text("neu", MatchType::Contains, true)) && !value("UID", text("card", MatchType::Contains, true)));
    let of_type =
        |value: &str| Condition::Param(ParamFilter { name: "type".into(), test: ParamTest::Text(text(value, MatchType::Equals, false)) });
    let number = |value: &str| Condition::Text(text(value, MatchType::Contains, false));
    assert!(met(vec![prop("TEL", Test::AllOf, vec![of_type("voice"), number("711")])]));
    // All of them of one property, not here of one and there of another.
    assert!(!met(vec![prop("TEL", Test::AllOf, vec![of_type("cell"), number("711")])]));
    assert!(met(vec![prop("TEL", Test::AnyOf, vec![of_type("fax"), number("711")])]));
    let param =
        |name: &str, test: ParamTest| met(vec![prop("TEL", Test::AllOf, vec![Condition::Param(ParamFilter { name: name.into(), test })])]);
    assert!(param("TYPE", ParamTest::Defined) && !param("TYPE", ParamTest::NotDefined) && param("PREF", ParamTest::NotDefined));
    let absent = |name: &str| PropFilter { name: name.into(), test: PropTest::NotDefined };
    assert!(met(vec![absent("BDAY")]) && !met(vec![absent("EMAIL")]));
    let any = Filter { test: Test::AnyOf, props: vec![absent("EMAIL"), absent("BDAY")] };
    assert!(matches(&any, &card) && !matches(&Filter { test: Test::AllOf, ..any }, &card));
}

proptest! {
    #[test]
    fn reading_is_total_and_lossless(
        soup in "(BEGIN:VCARD\r\n|END:VCARD\n|VERSION:4.0\n|item1.TEL;TYPE=a:1\n|FN:ü\n| ue\n|UID:\\PC{0,8}\n|;|:|\"){0,12}", note in "\\PC{0,120}",
    ) {
        let _ = Card::parse(Bytes::from(soup.clone())).map(|card| card.check());
        let _ = Card::split(&Bytes::from(soup));
        let before = card("VERSION:4.0\r\nFN:A\r\nUID:a\r\n");
        let mut editor = before.editor();
        editor.set_text(before.root(), "NOTE", &note).unwrap();
        let after = Card::parse(editor.finish()).unwrap();
        prop_assert_eq!(after.text("NOTE"), Some(note));
        let mut editor = after.editor();
        editor.remove(after.root(), "NOTE").unwrap();
        prop_assert_eq!(&editor.finish(), before.octets());
    }
}
