//! The small readers, each with the same text: links in letters, names of zones, the practice's file.

use openslot::appointment::link::{Secret, claim};
use openslot::config::practice;
use openslot::ical::zone::Zone;

use super::budget::{Work, hold};

/// One input.
pub fn try_it(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    hold(Work::Reading, data.len(), || {
        link(text);
        if let Some(zone) = Zone::named(text) {
            let name = zone.iana_name().expect("a zone that is found by a name has one");
            assert_eq!(Zone::named(name).and_then(|zone| zone.iana_name().map(str::to_owned)).as_deref(), Some(name));
        }
        if let Err(why) = practice::parse("practice.toml", text) {
            assert!(why.starts_with("practice.toml"), "a refusal names the file: {why}");
        }
    });
}

/// Nobody guesses a booking's address, and each booking has one.
fn link(text: &str) {
    let secret = Secret([7; 32]);
    let Some(claim) = claim(text) else { return };
    assert!(!secret.holds(&claim, 1), "a code was guessed");
    let token = secret.token(&claim.uid, 1).expect("a claim is about a UUID");
    assert_eq!(openslot::appointment::link::claim(&token).map(|ours| ours.uid), Some(claim.uid));
}
