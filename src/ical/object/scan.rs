//! Octets → content lines → tree, within limits that are checked before anything else looks at them.
//!
//! Not for: what a value means. RFC 5545 §3.1 (folding, also inside a character), §3.2; RFC 6868.

use std::borrow::Cow;
use std::ops::Range;

use super::{MAX_KEPT_SIZE, MAX_OBJECT_SIZE};
use super::{Node, Param, Property, refused};
use crate::error::{Error, Precondition, Result};

/// How deep components may be nested; VCALENDAR counts as one.
pub const MAX_DEPTH: usize = 8;
/// How many components an object may have, those in components counted.
pub const MAX_COMPONENTS: usize = 2_000;
/// How many content lines an object may have.
pub const MAX_PROPERTIES: usize = 20_000;
/// How many lines an object may have beyond that, for what we write into it ourselves: two in each component, and those of an appointment.
const OWN_PROPERTIES: usize = 2 * MAX_COMPONENTS + 100;
/// The longest name of a property, its group included, in octets: refusals repeat it.
pub const MAX_NAME: usize = 1_024;
/// How much of a line may stand before its value, unfolded, in octets: names and parameters are looked through again and again.
pub const MAX_HEAD: usize = 64 * 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What one reading may cost. A line's value may be as long as all of it: programs put whole letters and pictures into one.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long it may be.
    pub octets: usize,
    /// How many components it may have, those in components counted.
    pub components: usize,
    /// How many content lines it may have.
    pub properties: usize,
}

/// The limits of an object that is taken.
pub(super) const SENT: Limits = Limits { octets: MAX_OBJECT_SIZE, components: MAX_COMPONENTS, properties: MAX_PROPERTIES };

/// The limits of an object that is kept: with room for our own lines.
pub(super) const KEPT: Limits = Limits { octets: MAX_KEPT_SIZE, components: MAX_COMPONENTS, properties: MAX_PROPERTIES + OWN_PROPERTIES };

/// One logical line, not yet taken apart.
struct Logical<'a> {
    content: Cow<'a, [u8]>,
    number: usize,
    span: Range<usize>,
}

/// Walks over logical lines; each octet is looked at once.
struct Scanner<'a> {
    octets: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Scanner<'a> {
    fn new(octets: &'a [u8]) -> Scanner<'a> {
        Scanner { octets, at: if octets.starts_with(BOM) { BOM.len() } else { 0 }, number: 0 }
    }

    /// The next physical line without its end.
    fn physical(&mut self) -> Option<&'a [u8]> {
        let rest = self.octets.get(self.at..).filter(|rest| !rest.is_empty())?;
        self.number += 1;
        let (line, taken) = match rest.iter().position(|b| *b == b'\n') {
            Some(end) => (rest.get(..end)?, end + 1),
            None => (rest, rest.len()),
        };
        self.at += taken;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn next(&mut self) -> Option<Logical<'a>> {
        let start = self.at;
        let first = self.physical()?;
        let number = self.number;
        let mut content = Cow::Borrowed(first);
        while matches!(self.octets.get(self.at), Some(b' ' | b'\t')) {
            let more = self.physical()?;
            content.to_mut().extend_from_slice(more.get(1..).unwrap_or_default());
        }
        Some(Logical { content, number, span: start..self.at })
    }
}

/// A content line as it was sent, without folds and without its end.
pub(super) fn unfolded(sent: &[u8]) -> String {
    let mut unfolded = Vec::with_capacity(sent.len());
    for (number, piece) in sent.split(|b| *b == b'\n').enumerate() {
        let piece = piece.strip_suffix(b"\r").unwrap_or(piece);
        unfolded.extend_from_slice(piece.get(usize::from(number > 0)..).unwrap_or_default());
    }
    String::from_utf8_lossy(&unfolded).into_owned()
}

/// What was read, as text: a fold inside a character, which UTF-8 can't hold, stands before the character; all else is as it was sent.
pub fn readable(octets: &[u8]) -> Cow<'_, str> {
    let mut rest = match std::str::from_utf8(octets) {
        Ok(text) => return Cow::Borrowed(text),
        Err(_) => octets,
    };
    let mut out = String::with_capacity(octets.len());
    loop {
        let good = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        out.push_str(good);
        rest = rest.get(good.len()..).unwrap_or_default();
        if rest.is_empty() {
            return Cow::Owned(out);
        }
        let taken = folded_character(rest, &mut out).unwrap_or_else(|| {
            out.push(char::REPLACEMENT_CHARACTER);
            1
        });
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// Reads a character with folds in it and writes it behind the first of them; how many octets it took.
fn folded_character(octets: &[u8], out: &mut String) -> Option<usize> {
    let (mut character, mut fold, mut at) = (Vec::new(), None, 0);
    while character.len() < 4 {
        let rest = octets.get(at..)?;
        let folded = [&b"\r\n "[..], b"\r\n\t", b"\n ", b"\n\t"].into_iter().find(|fold| rest.starts_with(fold));
        if let Some(folded) = folded {
            fold = fold.or(Some(folded));
            at += folded.len();
            continue;
        }
        character.push(*rest.first()?);
        at += 1;
        if let Ok(whole) = std::str::from_utf8(&character) {
            out.push_str(std::str::from_utf8(fold?).ok()?);
            out.push_str(whole);
            return Some(at);
        }
    }
    None
}

/// Takes octets apart into the components at the top, of iCalendar or of vCards, whose lines have one grammar.
///
/// [`Precondition::MaxResourceSize`] where it is too long, else [`Precondition::ValidCalendarData`] and a sentence that names the line.
pub fn tree(octets: &[u8], limits: &Limits) -> Result<Vec<Node>> {
    if octets.len() > limits.octets {
        let why = format!("{} octets are more than the {} that are taken", octets.len(), limits.octets);
        return Err(Error::Refused(Precondition::MaxResourceSize, why));
    }
    let mut builder = Builder { open: Vec::new(), roots: Vec::new(), components: 0, properties: 0 };
    let mut scanner = Scanner::new(octets);
    while let Some(logical) = scanner.next() {
        if !logical.content.iter().all(|b| matches!(b, b' ' | b'\t')) {
            builder.take(property(&logical)?, limits)?;
        }
    }
    match builder.open.last() {
        Some(open) => Err(refused(&format!("line {}, {}: it has no END", open.line, open.name))),
        None => Ok(builder.roots),
    }
}

/// The tree as it grows.
struct Builder {
    open: Vec<Node>,
    roots: Vec<Node>,
    components: usize,
    properties: usize,
}

impl Builder {
    fn take(&mut self, property: Property, limits: &Limits) -> Result<()> {
        let at = property.line;
        match property.name.as_str() {
            "BEGIN" => {
                self.components += 1;
                if self.open.len() >= MAX_DEPTH {
                    return Err(refused(&format!("line {at}, BEGIN: components are nested deeper than {MAX_DEPTH}")));
                }
                if self.components > limits.components {
                    return Err(refused(&format!("line {at}, BEGIN: there are more than {} components", limits.components)));
                }
                self.begin(&property)
            }
            "END" => self.end(&property),
            name => {
                self.properties += 1;
                if self.properties > limits.properties {
                    return Err(refused(&format!("line {at}, {name}: there are more than {} properties", limits.properties)));
                }
                let open = self.open.last_mut().ok_or_else(|| refused(&format!("line {at}, {name}: it stands in no component")))?;
                open.properties.push(property);
                Ok(())
            }
        }
    }

    fn begin(&mut self, property: &Property) -> Result<()> {
        let name = property.value.trim().to_ascii_uppercase();
        if !is_name(&name) {
            return Err(refused(&format!("line {}, BEGIN: this is no component's name", property.line)));
        }
        self.open.push(Node {
            name,
            properties: Vec::new(),
            children: Vec::new(),
            line: property.line,
            span: property.span.clone(),
            end_at: property.span.end,
        });
        Ok(())
    }

    fn end(&mut self, property: &Property) -> Result<()> {
        let mut node = self.open.pop().ok_or_else(|| refused(&format!("line {}, END: nothing was begun", property.line)))?;
        if !property.value.trim().eq_ignore_ascii_case(&node.name) {
            return Err(refused(&format!("line {}, END: {} was begun on line {}", property.line, node.name, node.line)));
        }
        node.end_at = property.span.start;
        node.span.end = property.span.end;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.roots.push(node),
        }
        Ok(())
    }
}

/// Letters, digits and `-` by RFC 5545 §3.1; `_`, `.` and `/` are seen in the wild and do no harm.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'))
}

fn property(logical: &Logical<'_>) -> Result<Property> {
    let at = logical.number;
    let content = std::str::from_utf8(&logical.content).map_err(|_| refused(&format!("line {at}: it is not UTF-8")))?;
    let name_end = content.find([';', ':']).ok_or_else(|| refused(&format!("line {at}: it has no colon")))?;
    let (name, rest) = content.split_at(name_end);
    let name = name.trim().to_ascii_uppercase();
    if !is_name(&name) {
        return Err(refused(&format!("line {at}: this is no property's name")));
    }
    if name.len() > MAX_NAME {
        return Err(refused(&format!("line {at}: a property's name is longer than {MAX_NAME} octets")));
    }
    // A lone carriage return would turn into a line of its own where XML is read, the others can't stand in XML at all.
    if let Some(control) = content.chars().find(|c| c.is_ascii_control() && *c != '\t') {
        return Err(refused(&format!("line {at}, {name}: there is a control character (U+{:04X}) in it", u32::from(control))));
    }
    let (params, value) = params(rest).map_err(|why| refused(&format!("line {at}, {name}: {why}")))?;
    if content.len().saturating_sub(value.len()) > MAX_HEAD {
        return Err(refused(&format!("line {at}, {name}: its parameters are longer than {MAX_HEAD} octets")));
    }
    Ok(Property { name, params, value: value.to_owned(), line: at, span: logical.span.clone() })
}

/// Reads `;A=b;C="d",e:value` from behind the name.
fn params(mut rest: &str) -> std::result::Result<(Vec<Param>, &str), &'static str> {
    let mut params = Vec::new();
    loop {
        if let Some(value) = rest.strip_prefix(':') {
            return Ok((params, value));
        }
        rest = rest.strip_prefix(';').ok_or("a parameter's value goes on after its closing quote")?;
        let name_end = rest.find(['=', ';', ':']).ok_or("it has no colon")?;
        let (name, after) = rest.split_at(name_end);
        if !is_name(name.trim()) {
            return Err("this is no parameter's name");
        }
        let (values, after) = match after.strip_prefix('=') {
            Some(after) => param_values(after)?,
            None => (Vec::new(), after),
        };
        params.push(Param { name: name.trim().to_ascii_uppercase(), values });
        rest = after;
    }
}

fn param_values(mut rest: &str) -> std::result::Result<(Vec<String>, &str), &'static str> {
    let mut values = Vec::new();
    loop {
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a parameter's quote is not closed")?,
            None => rest.split_at(rest.find([',', ';', ':']).ok_or("it has no colon")?),
        };
        values.push(decode(value));
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok((values, after)),
        }
    }
}

/// RFC 6868 §3: `^n`, `^^` and `^'`; any other `^` stands for itself.
fn decode(value: &str) -> String {
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match (c, chars.peek()) {
            ('^', Some('n')) => '\n',
            ('^', Some('^')) => '^',
            ('^', Some('\'')) => '"',
            _ => {
                out.push(c);
                continue;
            }
        };
        chars.next();
        out.push(decoded);
    }
    out
}
