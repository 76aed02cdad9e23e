//! DAV:sync-token of a home: which collections a client was told of, and how far it knows each.
//!
//! A home keeps no change log: a resource's calendar stands in many, and one PUT would have to be written into each. The token itself
//! says what was told, so that the difference can be worked out from what is there now. Not for: collections' own tokens
//! (`sync_token`). RFC 6578 §3.2, §4.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::app::calendar::Calendar;
use crate::collection::{CollectionId, Name, Version};
use crate::error::{Error, Precondition, Result};

const PREFIX: &str = "urn:openslot:home:";

/// Of more collections than this the token holds a digest alone: it then says whether anything has changed, not what.
const MAX_MEMBERS: usize = 128;

/// The longest token that is read, in octets.
const MAX_LEN: usize = 64 * 1024;

/// A collection as a client was told of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Seen {
    /// Its name in the home.
    #[n(0)]
    pub name: Name,
    #[n(1)]
    id: CollectionId,
    #[n(2)]
    version: Version,
    /// Of its properties, so that a new name or colour is a change too.
    #[n(3)]
    properties: u32,
}

impl Seen {
    /// A collection as it is now.
    pub fn of(collection: &Calendar) -> Seen {
        let mut digest = Sha256::new();
        for part in [&collection.display_name, &collection.colour, &collection.zone].into_iter().chain(&collection.source) {
            digest.update(part);
            digest.update([0]);
        }
        for (name, value) in &collection.properties {
            for part in [&name.namespace, &name.local, value] {
                digest.update(part);
                digest.update([0]);
            }
        }
        digest.update([collection.grant as u8]);
        let first = digest.finalize().iter().take(4).fold(0, |number, octet| number << 8 | u32::from(*octet));
        Seen { name: collection.name.clone(), id: collection.id, version: collection.version, properties: first }
    }
}

/// The token of these.
pub fn write(seen: &[Seen]) -> Result<String> {
    let octets = minicbor::to_vec(seen).map_err(|e| Error::Failed(format!("a home's token cannot be written: {e}")))?;
    if seen.len() <= MAX_MEMBERS {
        return Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(octets)));
    }
    Ok(format!("{PREFIX}={}", URL_SAFE_NO_PAD.encode(Sha256::digest(octets))))
}

/// What the client was told of by its token; `now` is what is there. Refused with [`Precondition::ValidSyncToken`] where that can't
/// be known any more.
pub fn read(token: &str, now: &[Seen]) -> Result<Vec<Seen>> {
    let refused = || Error::Refused(Precondition::ValidSyncToken, String::new());
    let token = token.trim();
    if token == write(now)? {
        return Ok(now.to_vec());
    }
    let encoded = token.strip_prefix(PREFIX).filter(|rest| rest.len() <= MAX_LEN && !rest.starts_with('=')).ok_or_else(refused)?;
    let octets = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| refused())?;
    let seen: Vec<Seen> = minicbor::decode(&octets).map_err(|_| refused())?;
    // Its names go into addresses: whoever made one up is told nothing.
    let named = |seen: &Seen| Name::new(seen.name.as_str()).is_ok();
    if seen.len() <= MAX_MEMBERS && seen.iter().all(named) { Ok(seen) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(name: &str, version: u64) -> Seen {
        Seen { name: Name::new(name).unwrap(), id: CollectionId(7), version: Version(version), properties: 1 }
    }

    #[test]
    fn a_token_says_what_was_told() {
        let told = vec![seen("kabine-1", 3), seen("ä & <b>", u64::MAX)];
        let token = write(&told).unwrap();
        assert!(!token.contains(['&', '<', ' ', '+']), "{token}");
        assert_eq!(read(&token, &[]), Ok(told));
        for bad in ["", "urn:openslot:sync:1:2", "urn:openslot:home:!", "urn:openslot:home:AAAA", "data:,1"] {
            assert!(matches!(read(bad, &[]), Err(Error::Refused(Precondition::ValidSyncToken, _))), "{bad}");
        }
    }

    #[test]
    fn of_many_it_says_whether_they_are_the_same() {
        let many: Vec<Seen> = (0..=MAX_MEMBERS as u64).map(|n| seen(&format!("r-{n}"), n)).collect();
        let token = write(&many).unwrap();
        assert!(token.len() < 100);
        assert_eq!(read(&token, &many), Ok(many.clone()));
        let fewer = many.get(1..).unwrap();
        assert!(read(&token, fewer).is_err());
    }

    proptest! {
        #[test]
        fn reading_is_total(text in "\\PC{0,40}", octets in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&text, &[]);
            let _ = read(&format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(octets)), &[]);
        }
    }
}
