//! Writing XML: escaped text into one growing piece.
//!
//! Not for: cutting a long answer into pieces (`multistatus`). XML 1.0 §2.2, §2.4 and §2.11.

use super::Namespace;
use super::character::is_character;
use crate::app::calendar::PropertyName;

/// What has been written and not yet sent.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
}

/// A place in what was written, to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

impl Writer {
    /// Nothing yet.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// The beginning of a document: the declaration and a root that declares all namespaces of ours.
    pub fn document(namespace: Namespace, local: &str) -> Writer {
        let mut writer = Writer::new();
        writer.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<");
        writer.raw(namespace.prefix());
        writer.raw(":");
        writer.raw(local);
        for each in Namespace::ALL {
            writer.attribute(&format!("xmlns:{}", each.prefix()), each.uri());
        }
        writer.raw(">");
        writer
    }

    /// Octets so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// This place.
    pub fn mark(&self) -> Mark {
        Mark(self.text.len())
    }

    /// Forgets what was written after the mark.
    pub fn back_to(&mut self, mark: Mark) {
        self.text.truncate(mark.0);
    }

    /// Makes room for so many octets more.
    pub fn reserve(&mut self, octets: usize) {
        self.text.reserve(octets);
    }

    /// Hands over what was written and begins anew, with room for so many octets.
    pub fn take(&mut self, room: usize) -> String {
        std::mem::replace(&mut self.text, String::with_capacity(room))
    }

    /// All that was written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Text that is XML already.
    pub fn raw(&mut self, xml: &str) {
        self.text.push_str(xml);
    }

    /// `<D:local>`
    pub fn open(&mut self, namespace: Namespace, local: &str) {
        self.tag("<", namespace, local, ">");
    }

    /// `</D:local>`
    pub fn close(&mut self, namespace: Namespace, local: &str) {
        self.tag("</", namespace, local, ">");
    }

    /// `<D:local/>`
    pub fn empty(&mut self, namespace: Namespace, local: &str) {
        self.tag("<", namespace, local, "/>");
    }

    /// `<D:local>text</D:local>`
    pub fn leaf(&mut self, namespace: Namespace, local: &str, text: &str) {
        self.open(namespace, local);
        self.text(text);
        self.close(namespace, local);
    }

    /// An empty element of any name, declaring its namespace where it is none of ours. The local name must be an XML name.
    pub fn named(&mut self, name: &PropertyName) {
        match Namespace::of(&name.namespace) {
            Some(namespace) => self.empty(namespace, &name.local),
            None => {
                self.raw("<");
                // Without prefix, so that a property without a namespace can be written the same way.
                self.raw(&name.local);
                self.attribute("xmlns", &name.namespace);
                self.raw("/>");
            }
        }
    }

    fn tag(&mut self, before: &str, namespace: Namespace, local: &str, after: &str) {
        self.text.push_str(before);
        self.text.push_str(namespace.prefix());
        self.text.push(':');
        self.text.push_str(local);
        self.text.push_str(after);
    }

    /// ` name="value"`
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        for c in value.chars() {
            match c {
                // A reader turns bare white space in attributes into blanks (XML 1.0 §3.3.3).
                '"' | '\t' | '\n' => self.reference(c),
                _ => self.character(c),
            }
        }
        self.text.push('"');
    }

    /// Characters. A carriage return is written as a reference, since a reader would lose it; what XML cannot hold is left out.
    pub fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = first_special(rest.as_bytes()) {
            let (plain, tail) = rest.split_at(at);
            self.text.push_str(plain);
            // What ends each line of an object.
            if let Some(after) = tail.strip_prefix("\r\n") {
                self.text.push_str("&#13;\n");
                rest = after;
                continue;
            }
            let mut characters = tail.chars();
            if let Some(c) = characters.next() {
                self.character(c);
            }
            rest = characters.as_str();
        }
        self.text.push_str(rest);
    }

    fn character(&mut self, c: char) {
        match c {
            '&' => self.text.push_str("&amp;"),
            '<' => self.text.push_str("&lt;"),
            '>' => self.text.push_str("&gt;"),
            '\r' => self.text.push_str("&#13;"),
            c if is_character(c) => self.text.push(c),
            _ => {}
        }
    }

    fn reference(&mut self, c: char) {
        self.text.push_str(match c {
            '"' => "&quot;",
            '\t' => "&#9;",
            _ => "&#10;",
        });
    }
}

/// Where the first octet stands that begins a character which cannot simply be copied. Octets are looked at in groups, without a branch for each,
/// for every octet of every object that is sent is asked about.
fn first_special(octets: &[u8]) -> Option<usize> {
    let (groups, _) = octets.as_chunks::<GROUP>();
    let plain = groups.iter().take_while(|group| !group.iter().fold(false, |any, octet| any | is_special(*octet))).count() * GROUP;
    let rest = octets.get(plain..)?.iter().position(|octet| is_special(*octet))?;
    Some(plain + rest)
}

/// How many octets are looked at together.
const GROUP: usize = 16;

/// Whether an octet begins a character that cannot simply be copied: 0xEF begins U+FFFE and U+FFFF, which XML cannot hold.
fn is_special(octet: u8) -> bool {
    (octet < b' ') & (octet != b'\t') & (octet != b'\n') | (octet == b'&') | (octet == b'<') | (octet == b'>') | (octet == 0xef)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_control_characters_go() {
        let mut writer = Writer::new();
        writer.text("a\r\n<b> & \u{1}\u{fffe}\u{feff}ü\u{7}");
        assert_eq!(writer.into_text(), "a&#13;\n&lt;b&gt; &amp; \u{feff}ü");
    }

    #[test]
    fn what_is_special_is_found_wherever_it_stands() {
        for special in ["\r", "&", "<", ">", "\u{1}", "\u{1f}", "\u{fffe}", "\r\n"] {
            for before in 0..40 {
                let (plain, after) = ("ä".repeat(before / 2) + &"x\n\t".repeat(before), "y".repeat(before));
                let mut writer = Writer::new();
                writer.text(&format!("{plain}{special}{after}"));
                let mut alone = Writer::new();
                special.chars().for_each(|c| if c == '\n' { alone.raw("\n") } else { alone.character(c) });
                assert_eq!(writer.into_text(), format!("{plain}{}{after}", alone.into_text()));
            }
        }
    }

    #[test]
    fn unknown_names_declare_their_namespace() {
        let mut writer = Writer::new();
        writer.named(&PropertyName { namespace: "urn:\"x\"&".into(), local: "y".into() });
        writer.named(&PropertyName { namespace: "DAV:".into(), local: "getetag".into() });
        writer.named(&PropertyName { namespace: String::new(), local: "bare".into() });
        assert_eq!(writer.into_text(), "<y xmlns=\"urn:&quot;x&quot;&amp;\"/><D:getetag/><bare xmlns=\"\"/>");
    }
}
