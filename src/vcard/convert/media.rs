//! Pictures, sounds and keys: base64 with a type in 3.0, a `data:` URI in 4.0; or an address in both.
//!
//! Not for: looking into them, but for the first letters of one that does not say what it is. RFC 2426 §3.1.4 and §3.7.2, RFC 6350 §6.2.4, RFC 2397.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::Line;
use crate::ical::object::Param;

/// By which letters of base64 pictures begin that are known by them.
const BEGINNINGS: [(&str, &str); 4] = [("/9j/", "image/jpeg"), ("iVBOR", "image/png"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp")];

/// What nothing is known of.
const UNKNOWN: &str = "application/octet-stream";

/// The types of 3.0's keys, and what they are called elsewhere.
const KEYS: [(&str, &str); 2] = [("PGP", "application/pgp-keys"), ("X509", "application/pkix-cert")];

/// A line of 3.0 as 4.0 writes it.
pub(super) fn to_four(line: &mut Line) {
    let encoded = is_encoded(line);
    let address = line.says("VALUE", "uri") || line.says("VALUE", "url") || line.value.contains("://");
    let value = line.address();
    if is_data(&value) {
        take_type(line);
        line.value = value;
    } else if encoded {
        let media = take_type(line).unwrap_or_else(|| beginning(&value).to_owned());
        line.value = format!("data:{media};base64,{}", without_space(&value));
    } else if address && !line.says("VALUE", "text") {
        if let Some(media) = take_type(line) {
            line.set("MEDIATYPE", media);
        }
    } else {
        // Of 3.0's keys some are text, and do not always say so.
        if line.name == "KEY" && line.param("VALUE").is_none() {
            line.set("VALUE", "text");
        }
        return;
    }
    line.take("ENCODING");
    line.take("VALUE");
}

/// A line of 4.0 as 3.0 writes it.
pub(super) fn to_three(line: &mut Line) {
    if line.says("VALUE", "text") {
        return;
    }
    // Some programs write pictures in 4.0 as they do in 3.0.
    let encoded = is_encoded(line);
    line.take("ENCODING");
    line.take("VALUE");
    let media = line.take("MEDIATYPE").and_then(|media| media.values.into_iter().next());
    let value = line.address();
    let data = value.get(5..).filter(|_| is_data(&value)).and_then(|rest| rest.split_once(','));
    let Some((head, data)) = data else {
        if encoded {
            line.params.insert(0, base64());
        } else if !value.is_empty() {
            line.set("VALUE", "uri");
        }
        return media.into_iter().for_each(|media| put_type(line, &media));
    };
    let (head, encoded) =
        head.rsplit_once(';').filter(|(_, last)| last.eq_ignore_ascii_case("base64")).map_or((head, false), |it| (it.0, true));
    let data = if encoded { without_space(data) } else { STANDARD.encode(percent_decode_str(data).collect::<Vec<u8>>()) };
    // Of parameters, such as a charset, 3.0 knows nothing.
    let named = head.split(';').next().unwrap_or_default();
    if named != UNKNOWN && !named.is_empty() {
        put_type(line, named);
    }
    line.params.insert(0, base64());
    line.value = data;
}

fn base64() -> Param {
    Param { name: "ENCODING".to_owned(), values: vec!["b".to_owned()] }
}

fn is_encoded(line: &Line) -> bool {
    ["b", "base64"].iter().any(|word| line.says("ENCODING", word))
}

/// What kind of thing a property of this name is: the first half of its media types.
fn main_type(name: &str) -> Option<&'static str> {
    match name {
        "PHOTO" | "LOGO" => Some("image/"),
        "SOUND" => Some("audio/"),
        _ => None,
    }
}

/// Takes 3.0's type of the data from among the types; where it belongs is another type.
fn take_type(line: &mut Line) -> Option<String> {
    let mut types = line.types();
    let at = types.iter().position(|kind| !["home", "work", "pref"].iter().any(|place| kind.eq_ignore_ascii_case(place)))?;
    let kind = types.remove(at);
    line.set_types(types);
    let key = KEYS.iter().find(|(short, _)| line.name == "KEY" && short.eq_ignore_ascii_case(&kind));
    Some(match (key, main_type(&line.name)) {
        (Some((_, long)), _) => (*long).to_owned(),
        _ if kind.contains('/') => kind,
        (None, Some(main)) => format!("{main}{}", kind.to_ascii_lowercase()),
        (None, None) => UNKNOWN.to_owned(),
    })
}

/// Puts a media type among the types, as short as 3.0 writes it.
fn put_type(line: &mut Line, media: &str) {
    let key = KEYS.iter().find(|(_, long)| line.name == "KEY" && long.eq_ignore_ascii_case(media));
    let short = main_type(&line.name).and_then(|main| {
        let (first, rest) = media.split_at_checked(main.len())?;
        first.eq_ignore_ascii_case(main).then(|| rest.to_ascii_uppercase())
    });
    let kind = key.map(|(short, _)| (*short).to_owned()).or(short).unwrap_or_else(|| media.to_owned());
    let others = line.types().into_iter().filter(|other| !other.eq_ignore_ascii_case(&kind) && !other.eq_ignore_ascii_case(media));
    let types = std::iter::once(kind.clone()).chain(others).collect();
    line.set_types(types);
}

fn beginning(value: &str) -> &'static str {
    BEGINNINGS.iter().find(|(letters, _)| value.starts_with(letters)).map_or(UNKNOWN, |(_, media)| media)
}

fn is_data(value: &str) -> bool {
    value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

fn without_space(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace()).collect()
}
