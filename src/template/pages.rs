//! The practice's own page templates, looked through before anybody is shown a page made of them: what they include must be there, filters,
//! tests and texts must be known, and a page must be given what they write.
//!
//! Not for: what a template's syntax allows (minijinja says so itself), letters, which are tried out as well (`mail::sample`).

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, ErrorKind};

use super::own::{self, Own, line_at};
use super::{Bundle, embedded};
use crate::appointment::practice::Language;

/// What names in a template are checked against.
pub struct Known<'a> {
    /// The practice's own files.
    pub own: &'a Own,
    /// The templates with the own ones in them.
    pub environment: &'a Environment<'static>,
    /// The templates without them.
    pub built_in: &'a Environment<'static>,
    /// The texts.
    pub bundles: &'a BTreeMap<Language, Bundle>,
}

/// What is wrong, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1 on.
    pub line: usize,
    /// A sentence.
    pub words: String,
}

impl Known<'_> {
    /// Looks through one of the own templates.
    pub fn check(&self, name: &str) -> Result<(), Fault> {
        let Some(text) = self.own.get(name) else { return Ok(()) };
        for word in words(text) {
            let Word { line, kind, name: used } = word;
            let refused = |words: String| Err(Fault { line, words });
            match kind {
                Kind::Template if !is_template(used) => return refused(format!("there is no template `{used}`")),
                Kind::Text => {
                    let spoken: &[Language] = if name.starts_with("staff/") { &Language::STAFF } else { &Language::ALL };
                    let says = |language: &&Language| self.bundles.get(language).is_some_and(|bundle| bundle.has_message(used));
                    if let Some(language) = spoken.iter().find(|language| !says(language)) {
                        return refused(format!("there is no text `{used}` in `{}`", language.tag()));
                    }
                }
                Kind::Filter if self.is_unknown(&format!("{{{{ ''|{used} }}}}"), ErrorKind::UnknownFilter) => {
                    return refused(format!("there is no filter `{used}`"));
                }
                Kind::Test if self.is_unknown(&format!("{{{{ '' is {used} }}}}"), ErrorKind::UnknownTest) => {
                    return refused(format!("there is no test `{used}`"));
                }
                _ => {}
            }
        }
        // Letters are written for a trial, with every value that there is for them.
        if name.starts_with("mail/") { Ok(()) } else { self.check_values(name, text) }
    }

    fn is_unknown(&self, source: &str, kind: ErrorKind) -> bool {
        self.environment.render_str(source, ()).is_err_and(|error| error.kind() == kind)
    }

    /// What a template writes its page must be given: what the built-in one of the same name, those that are part of it and those that it
    /// is part of write too.
    fn check_values(&self, name: &str, text: &str) -> Result<(), Fault> {
        let mut given = BTreeSet::new();
        for part in parts(name).into_iter().chain(wholes(name)) {
            given.extend(self.values(self.built_in, part));
        }
        let within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let mut used: Vec<String> = self.values(self.environment, name).into_iter().collect();
        used.sort_by_key(|path| (line_of(text, path), path.clone()));
        match used.iter().find(|path| !given.iter().any(|given| within(given, path) || within(path, given))) {
            None => Ok(()),
            Some(path) => {
                let beside = path.rsplit_once('.').map_or("", |(outer, _)| outer);
                let near: Vec<&str> =
                    given.iter().map(String::as_str).filter(|given| !beside.is_empty() && within(beside, given)).collect();
                let near = if near.is_empty() { String::new() } else { format!("; it is given {}", near.join(", ")) };
                Err(Fault { line: line_of(text, path), words: format!("this page is given no `{path}`{near}") })
            }
        }
    }

    /// Paths of the values that a template does not set itself: `page.location`.
    fn values(&self, environment: &Environment<'static>, name: &str) -> BTreeSet<String> {
        let Ok(template) = environment.get_template(name) else { return BTreeSet::new() };
        let known: BTreeSet<&str> = environment.globals().map(|(name, _)| name).collect();
        template.undeclared_variables(true).into_iter().filter(|path| !known.contains(path.as_str())).collect()
    }
}

fn is_template(name: &str) -> bool {
    own::language_of(name).is_none() && embedded::FILES.iter().any(|(file, _)| *file == name)
}

/// A built-in template and what it includes and extends, all the way.
fn parts(name: &str) -> Vec<&str> {
    let mut found = vec![name];
    let mut at = 0;
    while let Some(part) = found.get(at).copied() {
        at += 1;
        let text = embedded::FILES.iter().find(|(file, _)| *file == part).map_or("", |(_, text)| text);
        for word in words(text).into_iter().filter(|word| word.kind == Kind::Template) {
            if !found.contains(&word.name) {
                found.push(word.name);
            }
        }
    }
    found
}

/// The built-in templates of which one is a part.
fn wholes(name: &str) -> impl Iterator<Item = &str> {
    embedded::FILES.iter().map(|(file, _)| *file).filter(move |file| own::language_of(file).is_none() && parts(file).contains(&name))
}

/// The first line with a path, or with what it ends in.
fn line_of(text: &str, path: &str) -> usize {
    let last = path.rsplit('.').next().unwrap_or(path);
    let at = text.find(path).or_else(|| text.find(last));
    line_at(text, at.unwrap_or(0))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `include 'x'`, `extends 'x'`, `import 'x'`, `from 'x'`
    Template,
    /// `t('x'`
    Text,
    /// `|x`
    Filter,
    /// `is x`
    Test,
}

/// Something that a template names.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    line: usize,
    kind: Kind,
    name: &'a str,
}

/// A piece of what stands between a template's braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    Text(&'a str),
    Sign(char),
}

/// What a template names, in its order. Names that are put together (`t('why-' ~ id)`) can't be looked up.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    for (at, inner) in tags(text) {
        let tokens: Vec<(usize, Token<'_>)> = tokens(inner).into_iter().map(|(offset, token)| (at + offset, token)).collect();
        let token = |place: usize| tokens.get(place).map(|(_, token)| *token);
        for (place, (offset, here)) in tokens.iter().enumerate() {
            let before = place.checked_sub(1).and_then(token);
            let word = match (*here, token(place + 1), token(place + 2)) {
                (Token::Name("include" | "extends" | "import" | "from"), Some(Token::Text(name)), _) if place == 0 => {
                    (Kind::Template, name)
                }
                (Token::Name("t"), Some(Token::Sign('(')), Some(Token::Text(name)))
                    if before != Some(Token::Sign('.')) && matches!(token(place + 3), Some(Token::Sign(',' | ')'))) =>
                {
                    (Kind::Text, name)
                }
                (Token::Sign('|'), Some(Token::Name(name)), _) => (Kind::Filter, name),
                (Token::Name("is"), Some(Token::Name("not")), Some(Token::Name(name))) => (Kind::Test, name),
                (Token::Name("is"), Some(Token::Name(name)), _) => (Kind::Test, name),
                _ => continue,
            };
            found.push(Word { line: line_at(text, *offset), kind: word.0, name: word.1 });
        }
    }
    found
}

/// What stands between braces, with its offset; comments and what is raw are passed over.
fn tags(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|offset| at + offset) {
        let close = match text.get(open + 1..open + 2) {
            Some("{") => "}}",
            Some("%") => "%}",
            Some("#") => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let inner = open + 2;
        let Some(end) = end_of(text, inner, close) else { break };
        at = end + 2;
        let tag = text.get(inner..end).unwrap_or("");
        if close == "%}" && tag.trim_matches(['-', '+', ' ']) == "raw" {
            at = text.get(at..).and_then(|rest| rest.find("endraw")).map_or(text.len(), |offset| at + offset);
        } else if close != "#}" {
            found.push((inner, tag));
        }
    }
    found
}

/// Where a tag ends; what closes it may stand in a string.
fn end_of(text: &str, from: usize, close: &str) -> Option<usize> {
    let mut quote = None;
    for (offset, sign) in text.get(from..)?.char_indices() {
        match quote {
            Some(open) if open == sign => quote = None,
            Some(_) => {}
            None if matches!(sign, '"' | '\'') && close != "#}" => quote = Some(sign),
            None if text.get(from + offset..)?.starts_with(close) => return Some(from + offset),
            None => {}
        }
    }
    None
}

fn tokens(tag: &str) -> Vec<(usize, Token<'_>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = tag.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let named = |c: char| c.is_alphanumeric() || c == '_';
        let length = if named(first) {
            let end = rest.find(|c| !named(c)).unwrap_or(rest.len());
            found.push((at, Token::Name(rest.get(..end).unwrap_or(""))));
            end
        } else if matches!(first, '"' | '\'') {
            let end = rest.get(1..).and_then(|inner| inner.find(first)).map_or(rest.len(), |end| end + 1);
            found.push((at, Token::Text(rest.get(1..end).unwrap_or(""))));
            end + 1
        } else {
            // The signs at a tag's ends only say which space is left out.
            let at_the_end = at == 0 && matches!(first, '-' | '+');
            if !at_the_end && !first.is_whitespace() {
                found.push((at, Token::Sign(first)));
            }
            first.len_utf8()
        };
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Templates;
    use super::*;

    fn refused(name: &str, text: &str) -> String {
        let folder = std::env::temp_dir().join(format!("openslot-pages-{}-{:?}", std::process::id(), std::thread::current().id()));
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        let refused = Templates::load(Some(&folder)).err().unwrap_or_default();
        std::fs::remove_dir_all(&folder).unwrap();
        refused.replace(&format!("{}/", folder.display()), "")
    }

    fn built_in(name: &str) -> &'static str {
        embedded::FILES.iter().find(|(file, _)| *file == name).unwrap().1
    }

    #[test]
    fn slips_of_a_page_are_named_by_file_and_line() {
        let start = built_in("book/start.html");
        let line = start.lines().count() + 1;
        for (slip, why) in [
            ("{% if %}", "syntax error: unexpected end of block"),
            ("{% include 'book/adress.html' %}", "there is no template `book/adress.html`"),
            ("{{ t('no-such-text') }}", "there is no text `no-such-text` in `de`"),
            ("{{ page.nope }}", "this page is given no `page.nope`; it is given page."),
            ("{{ pge }}", "this page is given no `pge`"),
            ("{{ today() }}", "this page is given no `today`"),
            ("{{ page | lond_date }}", "there is no filter `lond_date`"),
            ("{% if page is not ode %}{% endif %}", "there is no test `ode`"),
            ("{# x #}{% raw %}{{ a|b }}{% endraw %}{{ '}}'|nofilter }}", "there is no filter `nofilter`"),
        ] {
            let said = refused("book/start.html", &format!("{}\n{slip}", start.trim_end_matches('\n')));
            assert!(said.starts_with(&format!("book/start.html, line {line}: {why}")), "{slip}: {said}");
        }
        assert!(
            refused("static/theme.css", ":root { --x: {{ theme.nope }} }").starts_with("static/theme.css, line 1: this page is given no")
        );
        assert!(refused("mail/customer.txt", "a\n{{ x|nofilter }}").starts_with("mail/customer.txt, line 2: there is no filter"));
    }

    #[test]
    fn what_pages_have_in_common_may_be_put_otherwise() {
        for (name, text) in embedded::FILES.iter().filter(|(file, _)| own::language_of(file).is_none()) {
            assert_eq!(refused(name, text), "", "{name} is our own");
        }
        // What stands in a part may stand in the whole, and what the whole is given in the part.
        assert_eq!(
            refused("staff/requests.html", &built_in("staff/requests_list.html").replace("{% include", "{{ page.rows|length }}{% include")),
            ""
        );
        assert_eq!(refused("book/start.html", "{% macro x(y) %}{{ y }}{% endmacro %}{% set a = 1 %}{{ x(a) }}{{ range(3)|join }}"), "");
    }
}
