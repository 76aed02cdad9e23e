//! A body's octets → the tree of its elements, within limits.
//!
//! Not for: what the elements mean (`property`, `query`, `report`). XML 1.0 §2 and §4, Namespaces in XML 1.0 §3 to §6, RFC 4918 §8.2,
//! §19 and §20.6. No DTD and so no entities of one's own: neither bombs nor files of ours can be named.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace as Resolved, ResolveResult};
use quick_xml::reader::NsReader;

use super::character::{is_character, is_name};
use super::{Attribute, Element, Namespace, Node};
use crate::error::{Error, Result};

/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 32;

/// How many elements a body may hold: a multiget of all that a large collection has.
const MAX_ELEMENTS: usize = 100_000;

/// How many attributes an element may have, namespace declarations included.
const MAX_ATTRIBUTES: usize = 64;

/// Reads a body that may be absent: `None` where it holds nothing but white space.
pub fn read_optional(body: &[u8]) -> Result<Option<Element>> {
    if body.iter().all(u8::is_ascii_whitespace) { Ok(None) } else { read(body).map(Some) }
}

/// A body's characters, and the names by which its declaration may call their encoding: UTF-8, or UTF-16 with its byte order mark, which the
/// latter must have (RFC 4918 §19, XML 1.0 §4.3.3).
fn decoded(body: &[u8]) -> Result<(Cow<'_, str>, &'static [&'static str])> {
    let units = |octets: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = octets.as_chunks::<2>();
        let text: std::result::Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
        let text = text.ok().filter(|_| rest.is_empty()).ok_or_else(|| malformed("it is not in UTF-16, as its first octets say"))?;
        Ok((Cow::Owned(text), &["utf-16"][..]))
    };
    match body {
        [0xfe, 0xff, octets @ ..] => units(octets, u16::from_be_bytes),
        [0xff, 0xfe, octets @ ..] => units(octets, u16::from_le_bytes),
        _ => {
            let text = std::str::from_utf8(body).map_err(|_| malformed("it is neither in UTF-8 nor in UTF-16 with its byte order mark"))?;
            Ok((Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)), &["utf-8", "utf8", "us-ascii"]))
        }
    }
}

/// Reads a body: UTF-8 or UTF-16, well-formed, namespaces declared, one root, no DTD.
pub fn read(body: &[u8]) -> Result<Element> {
    let (text, encodings) = decoded(body)?;
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().check_comments = true;
    let mut tree = Tree { open: Vec::new(), root: None, elements: 0 };
    let mut first = true;
    loop {
        let event = reader.read_event().map_err(|_| malformed("it is not well-formed"))?;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let element = element_of(&reader, &start)?;
                tree.begin(element)?;
            }
            Event::End(_) => tree.end()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.cdata(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character,
                    Ok(None) => predefined(&reference).ok_or_else(|| malformed("it names an entity that XML does not define"))?,
                    Err(_) => return Err(malformed("it refers to a character that does not exist")),
                };
                tree.cdata(character.encode_utf8(&mut [0; 4]))?;
            }
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(|e| e.ok()).map(|e| e.to_ascii_lowercase());
                if !first || encoding.is_some_and(|e| !encodings.contains(&e.as_str())) {
                    return Err(malformed("its XML declaration is out of place or names another encoding than its own, UTF-8 or UTF-16"));
                }
            }
            Event::DocType(_) => return Err(malformed("it has a document type, which is not read")),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return tree.finish(),
        }
        first = false;
    }
}

/// The tree as far as it has been read.
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn begin(&mut self, element: Element) -> Result<()> {
        if self.root.is_some() {
            return Err(malformed("it has more than one root"));
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(malformed("it has too many elements"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(malformed("its elements lie too deep in each other"));
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let element = self.open.pop().ok_or_else(|| malformed("it is not well-formed"))?;
        match self.open.last_mut() {
            Some(parent) => parent.content.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Characters between tags; outside the root only white space.
    fn text(&mut self, text: &str) -> Result<()> {
        if self.open.is_empty() && text.bytes().all(|b| b.is_ascii_whitespace()) { Ok(()) } else { self.cdata(text) }
    }

    /// Characters that must lie inside the root.
    fn cdata(&mut self, text: &str) -> Result<()> {
        if !text.chars().all(is_character) {
            return Err(malformed("it holds a control character"));
        }
        let parent = self.open.last_mut().ok_or_else(|| malformed("it has text outside its root"))?;
        match parent.content.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => {
                // Most elements hold nothing else, and a body may have very many of them.
                if parent.content.is_empty() {
                    parent.content.reserve_exact(1);
                }
                parent.content.push(Node::Text(text.to_owned()));
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Element> {
        if !self.open.is_empty() {
            return Err(malformed("it ends before its elements do"));
        }
        self.root.ok_or_else(|| malformed("it has no element"))
    }
}

/// The element that a start tag opens, still empty.
fn element_of(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Element> {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    let prefix = start.name().prefix().map(|p| p.as_ref().to_owned());
    // Namespaces in XML 1.0 §3: it is for declarations.
    if prefix.as_deref() == Some("xmlns") {
        return Err(malformed("an element has the prefix xmlns"));
    }
    let mut element = Element {
        namespace: namespace_of(&namespace)?,
        prefix: checked_prefix(prefix)?,
        local: checked_name(local.as_ref())?,
        attributes: Vec::new(),
        content: Vec::new(),
    };
    for (count, attribute) in start.attributes().enumerate() {
        let attribute = attribute.map_err(|_| malformed("an attribute is written wrongly or stands twice"))?;
        if count >= MAX_ATTRIBUTES {
            return Err(malformed("an element has too many attributes"));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| malformed("an attribute's value cannot be read"))?;
        if attribute.value.contains('<') || !value.chars().all(is_character) {
            return Err(malformed("an attribute's value holds a character that may not stand there"));
        }
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        let read = Attribute {
            namespace: namespace_of(&namespace)?.into_owned(),
            prefix: checked_prefix(attribute.key.prefix().map(|p| p.as_ref().to_owned()))?,
            local: checked_name(local.as_ref())?,
            value: value.into_owned(),
        };
        if element.attributes.iter().any(|a| a.local == read.local && a.namespace == read.namespace) {
            return Err(malformed("an attribute stands twice"));
        }
        element.attributes.push(read);
    }
    Ok(element)
}

fn namespace_of(resolved: &ResolveResult<'_>) -> Result<Cow<'static, str>> {
    match resolved {
        ResolveResult::Bound(Resolved(uri)) => {
            // The resolver hands out the attribute's value as it was written.
            let uri = quick_xml::escape::unescape(uri).map_err(|_| malformed("the name of a namespace cannot be read"))?;
            Ok(Namespace::of(&uri).map_or_else(|| Cow::Owned(uri.into_owned()), |known| Cow::Borrowed(known.uri())))
        }
        ResolveResult::Unbound => Ok(Cow::Borrowed("")),
        ResolveResult::Unknown(_) => Err(malformed("it uses a prefix that it does not declare")),
    }
}

fn checked_prefix(prefix: Option<String>) -> Result<String> {
    match prefix {
        Some(prefix) => checked_name(&prefix),
        None => Ok(String::new()),
    }
}

fn checked_name(name: &str) -> Result<String> {
    if is_name(name) { Ok(name.to_owned()) } else { Err(malformed("the name of an element or attribute is no XML name")) }
}

/// The five entities that XML defines (§4.6).
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn malformed(why: &str) -> Error {
    Error::Malformed(format!("The XML body cannot be read: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(body: &str) -> String {
        match read(body.as_bytes()) {
            Err(Error::Malformed(why)) => why,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn namespaces_count_and_prefixes_do_not() {
        let a = read(br#"<?xml version="1.0" encoding="UTF-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>"#)
            .unwrap();
        let b = read(br#"<propfind xmlns="DAV:"><x:prop xmlns:x="DAV:"><getetag/></x:prop></propfind>"#).unwrap();
        for tree in [a, b] {
            assert!(tree.is(Namespace::Dav, "propfind"));
            let prop = tree.child(Namespace::Dav, "prop").unwrap();
            assert!(prop.child(Namespace::Dav, "getetag").is_some());
        }
    }

    #[test]
    fn references_and_cdata_become_one_text() {
        let tree = read("<a>x &amp; &#13;&#x41;<![CDATA[<&]]>é</a>".as_bytes()).unwrap();
        assert_eq!(tree.content, vec![Node::Text("x & \rA<&é".into())]);
        assert_eq!(tree.text(), "x & \rA<&é");
    }

    #[test]
    fn what_is_no_xml_is_refused_with_a_sentence() {
        assert!(refused("").contains("no element"));
        assert!(refused("<a><b></a>").contains("well-formed"));
        assert!(refused("<a>").contains("ends before"));
        assert!(refused("<a/><b/>").contains("more than one root"));
        assert!(refused("<a/>x").contains("outside"));
        assert!(refused("x<a/>").contains("outside"));
        assert!(refused("<p:a/>").contains("prefix"));
        assert!(refused("<a>&nbsp;</a>").contains("entity"));
        assert!(refused("<a>&#1;</a>").contains("control"));
        assert!(refused("<a>\u{1}</a>").contains("control"));
        assert!(refused("<a b='1' b='2'/>").contains("attribute"));
        assert!(refused("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>").contains("twice"));
        assert!(refused("<1a/>").contains("name"));
        assert!(refused("<a b='&#1;'/>").contains("attribute"));
        assert!(refused("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>").contains("document type"));
        assert!(refused("<?xml version='1.0' encoding='ISO-8859-1'?><a/>").contains("UTF-8"));
        assert!(read(b"<a>\xff</a>").is_err());
    }

    fn utf16(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(octets).collect()
    }

    #[test]
    fn utf16_is_read_by_its_mark_within_the_same_limits() {
        for octets in [u16::to_be_bytes, u16::to_le_bytes] {
            let read = |text: &str| read(&utf16(text, octets));
            let tree = read("<?xml version='1.0' encoding='UTF-16'?><a xmlns='DAV:' b='ä'>日本 😀</a>").unwrap();
            assert_eq!((tree.text().as_str(), tree.attribute("b"), tree.is(Namespace::Dav, "a")), ("日本 😀", Some("ä"), true));
            assert!(read("<a/>").is_ok());
            for bad in ["<?xml version='1.0' encoding='utf-8'?><a/>", "<!DOCTYPE a><a/>", "<a>\0</a>", ""] {
                assert!(matches!(read(bad), Err(Error::Malformed(_))), "{bad}");
            }
            assert!(read(&format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS))).is_err());
            let whole = utf16("<a>é</a>", octets);
            assert!(super::read(&whole[..whole.len() - 1]).is_err() && super::read(&whole[2..]).is_err());
            // Half of a pair.
            let half: Vec<u8> = [0xfeff, u16::from(b'<'), 0xd83d, u16::from(b'>')].into_iter().flat_map(octets).collect();
            assert!(super::read(&half).is_err());
        }
        assert!(refused("<?xml version='1.0' encoding='utf-16'?><a/>").contains("UTF-16"));
    }

    #[test]
    fn limits_hold() {
        let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        assert!(read(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert!(refused(&deep(MAX_DEPTH + 1)).contains("deep"));
        assert!(refused(&format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS))).contains("too many elements"));
        let attributes: String = (0..=MAX_ATTRIBUTES).map(|n| format!(" a{n}=''")).collect();
        assert!(refused(&format!("<a{attributes}/>")).contains("too many attributes"));
    }

    #[test]
    fn an_empty_body_is_none() {
        assert_eq!(read_optional(b" \r\n"), Ok(None));
        assert!(read_optional(b"<a/>").unwrap().is_some());
    }

    proptest! {
        #[test]
        fn reading_is_total(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&octets);
        }
    }
}
