//! XML as WebDAV uses it: a small ordered tree, which is what a request's body is read into and how a dead property is kept.
//!
//! Not for: what the elements mean (`property`, `query`, `report`); reading octets (`xml::reader`); writing answers (`xml::writer`).
//! RFC 4918 §4.3 and §17, Namespaces in XML 1.0 §2 to §6.

mod character;
mod namespace;
mod reader;
pub mod writer;

use std::borrow::Cow;

use crate::app::calendar::PropertyName;
pub use character::is_name;
pub use namespace::{Namespace, XML_NAMESPACE};
pub use reader::{read, read_optional};
use writer::Writer;

/// An attribute; declarations of namespaces are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Empty where it has no prefix.
    pub namespace: String,
    /// As it was written, empty where there is none.
    pub prefix: String,
    /// Its local name.
    pub local: String,
    /// Its value, references resolved.
    pub value: String,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Another element.
    Element(Element),
    /// Characters, references resolved; neighbours are joined.
    Text(String),
}

/// An element with everything in it. Comments and processing instructions are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its namespace, empty where it has none.
    pub namespace: Cow<'static, str>,
    /// The prefix as it was written, empty where there is none. Kept because values may refer to it (RFC 4918 §4.3).
    pub prefix: String,
    /// Its local name.
    pub local: String,
    /// In the order written.
    pub attributes: Vec<Attribute>,
    /// In the order written.
    pub content: Vec<Node>,
}

impl Element {
    /// Whether this is its name.
    pub fn is(&self, namespace: Namespace, local: &str) -> bool {
        self.local == local && self.namespace == namespace.uri()
    }

    /// The elements in it.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name in it.
    pub fn child(&self, namespace: Namespace, local: &str) -> Option<&Element> {
        self.children().find(|child| child.is(namespace, local))
    }

    /// Its characters, those of elements in it left out.
    pub fn text(&self) -> String {
        self.characters().into_owned()
    }

    /// The same, not copied where they lie in one piece.
    pub fn characters(&self) -> Cow<'_, str> {
        let mut texts = self.content.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        let first = texts.next().unwrap_or_default();
        texts.fold(Cow::Borrowed(first), |before, text| before + text)
    }

    /// The value of an attribute without namespace.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.namespace.is_empty() && a.local == local).map(|a| a.value.as_str())
    }

    /// The value of `xml:lang`.
    pub fn language(&self) -> Option<&str> {
        self.attributes.iter().find(|a| a.namespace == XML_NAMESPACE && a.local == "lang").map(|a| a.value.as_str())
    }

    /// Its name as the name of a property.
    pub fn name(&self) -> PropertyName {
        PropertyName { namespace: self.namespace.clone().into_owned(), local: self.local.clone() }
    }

    /// The whole element as text that declares every namespace it uses: how a dead property is kept.
    pub fn whole(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer, &mut Vec::new());
        writer.into_text()
    }

    /// Writes the element; `scope` holds the bindings of prefixes that stand around it.
    fn write<'a>(&'a self, writer: &mut Writer, scope: &mut Vec<Binding<'a>>) {
        let outside = scope.len();
        let name = qualified(&self.prefix, &self.local);
        writer.raw("<");
        writer.raw(&name);
        declare(Binding { prefix: &self.prefix, uri: &self.namespace }, writer, scope);
        for attribute in &self.attributes {
            if !attribute.prefix.is_empty() && attribute.namespace != XML_NAMESPACE {
                declare(Binding { prefix: &attribute.prefix, uri: &attribute.namespace }, writer, scope);
            }
            writer.attribute(&qualified(&attribute.prefix, &attribute.local), &attribute.value);
        }
        if self.content.is_empty() {
            writer.raw("/>");
        } else {
            writer.raw(">");
            for node in &self.content {
                match node {
                    Node::Element(element) => element.write(writer, scope),
                    Node::Text(text) => writer.text(text),
                }
            }
            writer.raw("</");
            writer.raw(&name);
            writer.raw(">");
        }
        scope.truncate(outside);
    }
}

/// A prefix and the namespace that it stands for.
struct Binding<'a> {
    prefix: &'a str,
    uri: &'a str,
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}

/// Writes the declaration of a binding unless it holds already.
fn declare<'a>(wanted: Binding<'a>, writer: &mut Writer, scope: &mut Vec<Binding<'a>>) {
    let present = scope.iter().rev().find(|binding| binding.prefix == wanted.prefix).map_or("", |binding| binding.uri);
    if present == wanted.uri {
        return;
    }
    let attribute = if wanted.prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", wanted.prefix) };
    writer.attribute(&attribute, wanted.uri);
    scope.push(wanted);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_keeps_everything_and_stands_alone() {
        let body = "<D:prop xmlns:D='DAV:' xmlns:x='urn:x' xmlns='urn:d'><x:colour x:kind='a&quot;b' plain='&#10;'>1 &lt; 2\
                    <inner><none xmlns=''/></inner></x:colour></D:prop>";
        let tree = read(body.as_bytes()).unwrap();
        let property = tree.children().next().unwrap();
        let whole = property.whole();
        assert_eq!(&read(whole.as_bytes()).unwrap(), property);
        assert_eq!(
            whole,
            "<x:colour xmlns:x=\"urn:x\" x:kind=\"a&quot;b\" plain=\"&#10;\">1 &lt; 2<inner xmlns=\"urn:d\"><none xmlns=\"\"/></inner></x:colour>"
        );
    }

    proptest! {
        #[test]
        fn what_was_read_can_be_written_and_read_again(text in "[<>/a-c:='\"& xmlns&;#0-9\\[\\]!?-]{0,80}") {
            if let Ok(tree) = read(text.as_bytes()) {
                prop_assert_eq!(read(tree.whole().as_bytes()).unwrap(), tree);
            }
        }

        #[test]
        fn any_text_survives(text in "\\PC{0,40}", more in "[\\t\\n\\r -~]{0,40}") {
            let tree = Element {
                namespace: "urn:n".into(), prefix: "p".into(), local: "e".into(),
                attributes: vec![Attribute { namespace: String::new(), prefix: String::new(), local: "a".into(), value: more.clone() }],
                content: vec![Node::Text(format!("{text}.{more}"))],
            };
            prop_assert_eq!(read(tree.whole().as_bytes()).unwrap(), tree);
        }
    }
}
