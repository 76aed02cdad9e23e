//! Signed links: made, checked, revoked; nothing about them is stored.
//!
//! A token is the booking's UUID and the first 16 octets of an HMAC-SHA-256 over purpose, UUID and generation, in base64url:
//! 43 characters. Raising the booking's generation revokes every link given out. RFC 2104, RFC 4648 §5.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Octets of the code in a token.
const CODE: usize = 16;

/// The store's secret for links.
#[derive(Clone)]
pub struct Secret(pub [u8; 32]);

/// Whoever holds times: a keyed hash of a network address.
pub type Holder = [u8; 16];

/// A token taken apart, not yet checked: the check needs the booking's generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The booking it names.
    pub uid: String,
    code: [u8; CODE],
}

/// Sixteen octets as a UUID (RFC 9562), marked as version 4.
pub fn uuid(mut octets: [u8; 16]) -> String {
    if let Some(octet) = octets.get_mut(6) {
        *octet = *octet & 0x0f | 0x40;
    }
    if let Some(octet) = octets.get_mut(8) {
        *octet = *octet & 0x3f | 0x80;
    }
    let hex: String = octets.iter().map(|b| format!("{b:02x}")).collect();
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

fn octets_of(uuid: &str) -> Option<[u8; 16]> {
    let hex: String = uuid.chars().filter(|c| *c != '-').collect();
    let mut octets = [0; 16];
    if hex.len() != 32 || !hex.is_ascii() {
        return None;
    }
    for (n, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(hex.get(n * 2..n * 2 + 2)?, 16).ok()?;
    }
    Some(octets)
}

impl Secret {
    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(&[0]);
            mac.update(part);
        }
        Some(mac)
    }

    /// The token of a booking's page; `None` where the UID is no UUID and so no booking of ours.
    pub fn token(&self, uid: &str, generation: u32) -> Option<String> {
        let octets = octets_of(uid)?;
        let code = self.mac("booking", &[&octets, &generation.to_be_bytes()])?.finalize().into_bytes();
        let mut token = octets.to_vec();
        token.extend(code.iter().take(CODE));
        Some(URL_SAFE_NO_PAD.encode(token))
    }

    /// Whether a claim is true for this generation. Takes the same time whatever the code is.
    pub fn holds(&self, claim: &Claim, generation: u32) -> bool {
        let Some(octets) = octets_of(&claim.uid) else { return false };
        self.mac("booking", &[&octets, &generation.to_be_bytes()]).is_some_and(|mac| mac.verify_truncated_left(&claim.code).is_ok())
    }

    /// When a form was given out, signed with its id so that nobody can say it was earlier: seconds and code.
    pub fn stamp(&self, form: &str, at: i64) -> Option<String> {
        let code = self.mac("stamp", &[form.as_bytes(), &at.to_be_bytes()])?.finalize().into_bytes();
        let code: Vec<u8> = code.iter().take(CODE).copied().collect();
        Some(format!("{at}.{}", URL_SAFE_NO_PAD.encode(code)))
    }

    /// When the form with this id was given out, by its stamp; `None` where it is not ours. Takes the same time whatever the code is.
    pub fn stamped(&self, form: &str, stamp: &str) -> Option<i64> {
        let (at, code) = stamp.split_once('.')?;
        let at: i64 = at.parse().ok()?;
        let code = URL_SAFE_NO_PAD.decode(code).ok().filter(|code| code.len() == CODE)?;
        let mac = self.mac("stamp", &[form.as_bytes(), &at.to_be_bytes()])?;
        mac.verify_truncated_left(&code).is_ok().then_some(at)
    }

    /// A name for a network address that says nothing to whoever does not know the secret.
    pub fn holder(&self, network: u128) -> Option<Holder> {
        let code = self.mac("holder", &[&network.to_be_bytes()])?.finalize().into_bytes();
        code.first_chunk().copied()
    }

    /// The UUID of a booking made by the form with this id: the same form gives the same.
    pub fn uid_of_form(&self, form: &str) -> Option<String> {
        let digest = self.mac("form", &[form.as_bytes()])?.finalize().into_bytes();
        let mut octets = [0; 16];
        octets.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        Some(uuid(octets))
    }
}

/// Takes a token apart.
pub fn claim(token: &str) -> Option<Claim> {
    let octets = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (uid, code) = octets.split_at_checked(16)?;
    let octets: [u8; 16] = uid.try_into().ok()?;
    let uid = uuid(octets);
    // One booking has one token: what is no UUID is not made into one.
    (octets_of(&uid) == Some(octets)).then_some(Claim { uid, code: code.try_into().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_booking_and_generation_only() {
        let (secret, other) = (Secret([7; 32]), Secret([8; 32]));
        let uid = uuid([0xab; 16]);
        let token = secret.token(&uid, 1).unwrap();
        assert_eq!(token.len(), 43);
        let claimed = claim(&token).unwrap();
        assert_eq!(claimed.uid, uid);
        assert!(secret.holds(&claimed, 1));
        assert!(!secret.holds(&claimed, 2));
        assert!(!other.holds(&claimed, 1));
        for n in 0..token.len() {
            let mut broken = token.clone().into_bytes();
            broken[n] = if broken[n] == b'A' { b'B' } else { b'A' };
            let broken = String::from_utf8(broken).unwrap();
            assert!(claim(&broken).is_none_or(|c| !secret.holds(&c, 1)), "{broken}");
        }
        // The bits that every UUID has alike are no exception.
        for bit in 0..token.len() * 6 - 2 {
            let mut octets = URL_SAFE_NO_PAD.decode(&token).unwrap();
            octets[bit / 8] ^= 1 << (bit % 8);
            assert!(claim(&URL_SAFE_NO_PAD.encode(octets)).is_none_or(|c| !secret.holds(&c, 1)), "bit {bit}");
        }
        assert_eq!(claim(""), None);
        assert_eq!(claim(&"A".repeat(44)), None);
    }
}
