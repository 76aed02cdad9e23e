//! A line with a filter in words and, from BEGIN:VCARD on, a card: read, checked, edited, converted, matched. RFC 6350, RFC 2426; RFC 6352 §10.5.
//!
//! The line has words, parted by tabs: a property's name; `any` or `all`; then conditions, each a letter and its text: `=`, `~`, `^` and
//! `$` ask for a text that is equal, held, first or last, `/` for a parameter, `-` for its absence, `?` for a TYPE. A capital `N` before it negates.

use bytes::Bytes;
use openslot::ical::collation::Collation;
use openslot::vcard::{
    Card, Condition, Filter, MatchType, ParamFilter, ParamTest, PropFilter, PropTest, Test, TextMatch, Version, bare, converted, fields,
    matches,
};

use super::budget::{Work, hold};
use super::object::others;

const BEGIN: &[u8] = b"BEGIN:VCARD";

/// One input.
pub fn try_it(data: &[u8]) {
    hold(Work::Reading, data.len(), || {
        let at = data.windows(BEGIN.len()).position(|octets| octets == BEGIN).unwrap_or(0);
        let (words, octets) = data.split_at(at);
        let Some(card) = read(octets) else { return };
        if let Ok(words) = std::str::from_utf8(words) {
            ask(words.trim_end_matches(['\r', '\n']), &card);
        }
    });
}

fn read(octets: &[u8]) -> Option<Card> {
    let octets = Bytes::copy_from_slice(octets);
    for part in Card::split(&octets).iter().flatten() {
        assert!(octets.windows(part.octets().len()).any(|window| window == part.octets()), "a part is a part");
    }
    let card = Card::parse(octets.clone()).ok()?;
    assert_eq!(card.octets(), &octets, "octets are kept");
    for property in &card.root().properties {
        assert!(property.name.ends_with(bare(property)) && !fields(property).is_empty());
        assert!(card.all(bare(property)).any(|one| one.span == property.span), "it is found by its name");
    }
    if let Ok(kept) = card.check() {
        assert!(!kept.uid.is_empty() && card.text("FN").is_some());
        edit(&card);
        Version::ALL.into_iter().for_each(|version| convert(&card, version));
    }
    Some(card)
}

/// In the other version it is a card again, of the same person.
fn convert(card: &Card, version: Version) {
    let Ok(octets) = converted(card, version) else { return };
    // A card that was as large as it may be can be larger now, or have more lines.
    let Ok(other) = Card::parse(octets) else { return };
    let kept = other.check().expect("it may be kept");
    assert_eq!((kept.version, Ok(kept.uid)), (version, card.check().map(|kept| kept.uid)));
    let called = other.text("FN").expect("it has a name");
    assert!(card.all("FN").any(|name| name.text() == called), "which name is liked best is guessed where parameters are none");
}

/// A line of ours changes that line alone.
fn edit(card: &Card) {
    let mut editor = card.editor();
    editor.set_text(card.root(), "X-FUZZ", "Grüße; von, hier\n").expect("TEXT can be written");
    // A card that was as large as it may be is larger now.
    let Ok(again) = Card::parse(editor.finish()) else { return };
    assert_eq!(again.text("X-FUZZ").as_deref(), Some("Grüße; von, hier\n"));
    assert_eq!(others(card.root()), others(again.root()));
    assert_eq!(again.check(), card.check());
}

/// A filter says the opposite of its negation, and holds where one of its parts does.
fn ask(words: &str, card: &Card) {
    let mut words = words.split('\t');
    let Some(name) = words.next().map(str::to_owned) else { return };
    let test = if words.next() == Some("all") { Test::AllOf } else { Test::AnyOf };
    let conditions: Vec<Condition> = words.take(20).filter_map(condition).collect();
    let with = |test| Filter { test: Test::AnyOf, props: vec![PropFilter { name: name.clone(), test }] };
    let (found, absent) = (matches(&with(PropTest::Defined(test, Vec::new())), card), matches(&with(PropTest::NotDefined), card));
    assert_ne!(found, absent, "is-not-defined is the opposite");
    let whole = matches(&with(PropTest::Defined(test, conditions.clone())), card);
    assert!(found || !whole, "what is not there has no value");
    let each = |condition: &Condition| matches(&with(PropTest::Defined(test, vec![condition.clone()])), card);
    match test {
        Test::AnyOf => assert_eq!(whole, if conditions.is_empty() { found } else { conditions.iter().any(each) }),
        Test::AllOf => assert!(!whole || conditions.iter().all(each)),
    }
}

fn condition(word: &str) -> Option<Condition> {
    let (negated, word) = word.strip_prefix('N').map_or((false, word), |rest| (true, rest));
    let mut chars = word.chars();
    let kind = chars.next()?;
    let text = chars.as_str().to_owned();
    let param = |test| Condition::Param(ParamFilter { name: text.clone(), test });
    let value = |match_type| TextMatch { text: text.clone(), collation: Collation::UnicodeCasemap, match_type, negated };
    Some(match kind {
        '=' => Condition::Text(value(MatchType::Equals)),
        '~' => Condition::Text(value(MatchType::Contains)),
        '^' => Condition::Text(value(MatchType::StartsWith)),
        '$' => Condition::Text(value(MatchType::EndsWith)),
        '/' => param(ParamTest::Defined),
        '-' => param(ParamTest::NotDefined),
        '?' => Condition::Param(ParamFilter { name: "TYPE".into(), test: ParamTest::Text(value(MatchType::Equals)) }),
        _ => return None,
    })
}
