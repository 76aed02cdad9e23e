//! The header `If`: read, and looked up as far as names go. RFC 4918 §10.4, RFC 6578 §5.
//!
//! Not for: whether it holds (`app::given`). There are no locks, so that a lock's token never matches.

use http::HeaderMap;

use super::found;
use super::home_token::{self, Seen};
use super::href::{Target, Tray};
use super::sync_token::SyncToken;
use crate::app::App;
use crate::app::calendar::Calendar;
use crate::app::given::{Given, Sense, State, Subject, Term};
use crate::error::{Error, Result};
use crate::principal::Principal;

/// The most conditions that one header may list.
pub const MAX_CONDITIONS: usize = 100;

/// Whom a list speaks of, and what must be so.
#[derive(Debug, Clone, PartialEq, Eq)]
struct List {
    /// An href; without one it is the request's own address.
    tag: Option<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    sense: Sense,
    token: Token,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A URI between angle brackets.
    State(String),
    /// A strong entity tag, without quotes.
    Etag(String),
    /// A weak one: as with `If-Match`, it never matches.
    Weak(String),
}

/// What the header says must be so; nothing where there is none.
pub async fn given(app: &App, who: &Principal, target: &Target, headers: &HeaderMap) -> Result<Given> {
    let mut values = headers.get_all("if").iter();
    let Some(value) = values.next() else { return Ok(Given::default()) };
    let text = value.to_str().map_err(|_| malformed())?;
    if values.next().is_some() {
        return Err(Error::Malformed("The header If stands there twice.".into()));
    }
    let mut lists = Vec::new();
    for list in parse(text)? {
        // An address that cannot be read is one where nothing is.
        let target = list.tag.as_deref().map_or_else(|| Some(target.clone()), |href| Target::read(href).ok());
        lists.push(terms(app, who, target.as_ref(), &list.conditions).await?);
    }
    Ok(Given(lists))
}

async fn terms(app: &App, who: &Principal, target: Option<&Target>, conditions: &[Condition]) -> Result<Vec<Term>> {
    // What nobody but its owner reaches is nothing to others; of calendars the privileges say who reaches them.
    let reached = target.filter(|target| target.login().is_some() && target.private_to().is_none_or(|login| login == who.login));
    let collection = match reached {
        Some(target) => find(app, who, target).await?,
        None => None,
    };
    let subject = match (reached, &collection) {
        (Some(Target::Object(_, _, name) | Target::Card(_, _, name)), Some(at)) => Subject::Object(at.id, name.clone(), app.lens(at)),
        (_, Some(at)) => Subject::Collection(at.id),
        (Some(Target::File(login, path)), _) => Subject::File(login.clone(), path.clone()),
        _ => Subject::Other,
    };
    // A token is a collection's, not that of what lies in it.
    let collection = collection.filter(|_| matches!(subject, Subject::Collection(_)));
    let asks_token = conditions.iter().any(|condition| matches!(condition.token, Token::State(_)));
    let fixed = match reached {
        Some(target) if asks_token => token_of(app, who, target).await?,
        _ => None,
    };
    let state = |token: &Token| match (token, &fixed) {
        (Token::State(uri), Some(fixed)) if uri == fixed => State::Always,
        _ => state(token, collection.as_ref()),
    };
    let term = |condition: &Condition| Term { subject: subject.clone(), state: state(&condition.token), sense: condition.sense };
    Ok(conditions.iter().map(term).collect())
}

/// The token of what has one without being a collection of objects.
async fn token_of(app: &App, who: &Principal, target: &Target) -> Result<Option<String>> {
    match target {
        Target::Home(_) | Target::AddressHome(_) => {
            let members = match found::home(app, who, target).await {
                Err(Error::NotFound) => return Ok(None),
                members => members?,
            };
            home_token::write(&members.iter().map(Seen::of).collect::<Vec<Seen>>()).map(Some)
        }
        Target::Tray(_, Tray::Inbox) => Ok(Some(SyncToken::EMPTY.to_string())),
        _ => Ok(None),
    }
}

/// The collection at an address, or the one around it, if there is one.
async fn find(app: &App, who: &Principal, target: &Target) -> Result<Option<Calendar>> {
    match found::collection(app, who, target).await {
        Ok(collection) => Ok(Some(collection)),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn state(token: &Token, calendar: Option<&Calendar>) -> State {
    match token {
        Token::Etag(tag) => State::Etag(tag.clone()),
        Token::Weak(_) => State::Never,
        Token::State(uri) => {
            let token = calendar.and_then(|calendar| SyncToken::read(uri, calendar).ok());
            token.filter(|token| token.rest.is_none()).map_or(State::Never, |token| State::Version(token.version))
        }
    }
}

fn malformed() -> Error {
    Error::Malformed("The header If is not what RFC 4918 §10.4.2 says.".into())
}

/// Reads the header's value: lists without tags, or lists after tags, and never both.
fn parse(text: &str) -> Result<Vec<List>> {
    let mut lists: Vec<List> = Vec::new();
    let mut tag: Option<String> = None;
    let mut rest = text.trim_matches(BLANK);
    let mut conditions = 0;
    while !rest.is_empty() {
        if rest.starts_with('<') {
            if tag.is_none() && !lists.is_empty() {
                return Err(malformed());
            }
            let (href, after) = between(rest, '<', '>')?;
            tag = Some(href.to_owned());
            rest = after.trim_start_matches(BLANK);
        }
        let (list, after) = list(rest)?;
        conditions += list.len();
        if conditions > MAX_CONDITIONS {
            return Err(Error::Malformed(format!("The header If lists more than {MAX_CONDITIONS} conditions.")));
        }
        lists.push(List { tag: tag.clone(), conditions: list });
        rest = after.trim_start_matches(BLANK);
    }
    if lists.is_empty() { Err(malformed()) } else { Ok(lists) }
}

const BLANK: [char; 2] = [' ', '\t'];

/// `(` conditions `)`
fn list(text: &str) -> Result<(Vec<Condition>, &str)> {
    let mut rest = text.strip_prefix('(').ok_or_else(malformed)?.trim_start_matches(BLANK);
    let mut conditions = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(')') {
            return if conditions.is_empty() { Err(malformed()) } else { Ok((conditions, after)) };
        }
        let (condition, after) = condition(rest)?;
        conditions.push(condition);
        if conditions.len() > MAX_CONDITIONS {
            return Err(Error::Malformed(format!("The header If lists more than {MAX_CONDITIONS} conditions.")));
        }
        rest = after.trim_start_matches(BLANK);
    }
}

/// `Not`, in any case, then a state token or an entity tag.
fn condition(text: &str) -> Result<(Condition, &str)> {
    let negated = text.get(..3).filter(|word| word.eq_ignore_ascii_case("not"));
    let (sense, rest) = match negated.and_then(|_| text.get(3..)) {
        Some(after) => (Sense::IsNot, after.trim_start_matches(BLANK)),
        None => (Sense::Is, text),
    };
    if rest.starts_with('<') {
        let (uri, after) = between(rest, '<', '>')?;
        return Ok((Condition { sense, token: Token::State(uri.to_owned()) }, after));
    }
    let (weak, quoted) = match rest.strip_prefix("[W/") {
        Some(after) => (true, after),
        None => (false, rest.strip_prefix('[').ok_or_else(malformed)?),
    };
    let (opaque, after) = quoted.strip_prefix('"').and_then(|inner| inner.split_once('"')).ok_or_else(malformed)?;
    let after = after.strip_prefix(']').ok_or_else(malformed)?;
    let token = if weak { Token::Weak(opaque.to_owned()) } else { Token::Etag(opaque.to_owned()) };
    Ok((Condition { sense, token }, after))
}

/// What stands between two marks, without blanks, and what comes after.
fn between(text: &str, open: char, close: char) -> Result<(&str, &str)> {
    let (inner, after) = text.strip_prefix(open).and_then(|inner| inner.split_once(close)).ok_or_else(malformed)?;
    if inner.is_empty() || inner.contains(BLANK) { Err(malformed()) } else { Ok((inner, after)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state(uri: &str) -> Condition {
        Condition { sense: Sense::Is, token: Token::State(uri.into()) }
    }

    fn etag(tag: &str) -> Condition {
        Condition { sense: Sense::Is, token: Token::Etag(tag.into()) }
    }

    fn not(condition: Condition) -> Condition {
        Condition { sense: Sense::IsNot, ..condition }
    }

    fn list(tag: Option<&str>, conditions: Vec<Condition>) -> List {
        List { tag: tag.map(str::to_owned), conditions }
    }

    /// RFC 4918 §10.4.6 to §10.4.11.
    #[test]
    fn the_rfcs_examples_are_read() {
        let lock = "urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2";
        let weak = Condition { sense: Sense::Is, token: Token::Weak("A weak ETag".into()) };
        for (text, lists) in [
            (
                format!("(<{lock}> [\"I am an ETag\"]) ([\"I am another ETag\"])"),
                vec![list(None, vec![state(lock), etag("I am an ETag")]), list(None, vec![etag("I am another ETag")])],
            ),
            (format!("(Not <{lock}> <urn:x>)"), vec![list(None, vec![not(state(lock)), state("urn:x")])]),
            (format!("(<{lock}>) (Not <DAV:no-lock>)"), vec![list(None, vec![state(lock)]), list(None, vec![not(state("DAV:no-lock"))])]),
            (
                format!("</resource1> (<{lock}> [W/\"A weak ETag\"]) ([\"strong ETag\"])"),
                vec![list(Some("/resource1"), vec![state(lock), weak]), list(Some("/resource1"), vec![etag("strong ETag")])],
            ),
            (format!("<http://www.example.com/specs/> (<{lock}>)"), vec![list(Some("http://www.example.com/specs/"), vec![state(lock)])]),
            (
                "</a>(Not[\"4217\"])</b>([\"x\"])".to_owned(),
                vec![list(Some("/a"), vec![not(etag("4217"))]), list(Some("/b"), vec![etag("x")])],
            ),
        ] {
            assert_eq!(parse(&text), Ok(lists), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in [
            "",
            " ",
            "()",
            "(",
            "(<urn:x>",
            "<urn:x>",
            "</a>",
            "</a> </b> (<urn:x>)",
            "(<urn:x>) </a> (<urn:y>)",
            "</a> (<urn:x>) </b>",
            "([x])",
            "([\"x\")",
            "(\"x\")",
            "(Not)",
            "(Not Not <urn:x>)",
            "(<urn x>)",
            "(<>)",
            "(<urn:x>) x",
            "[\"x\"]",
            "(( <urn:x>))",
        ] {
            assert!(matches!(parse(text), Err(Error::Malformed(_))), "{text}");
        }
        let many = format!("({})", "<urn:x>".repeat(MAX_CONDITIONS + 1));
        assert!(parse(&many).is_err());
        assert!(parse(&"(<urn:x>)".repeat(MAX_CONDITIONS + 1)).is_err());
        assert!(parse(&"(<urn:x>)".repeat(MAX_CONDITIONS)).is_ok());
    }

    fn write(lists: &[List], blank: &str) -> String {
        let mut text = String::new();
        let mut before: Option<&String> = None;
        for list in lists {
            if let Some(tag) = list.tag.as_ref().filter(|tag| before != Some(*tag)) {
                text.push_str(&format!("<{tag}>{blank}"));
            }
            before = list.tag.as_ref();
            text.push('(');
            for condition in &list.conditions {
                text.push_str(if condition.sense == Sense::IsNot { "Not " } else { "" });
                text.push_str(&match &condition.token {
                    Token::State(uri) => format!("<{uri}>"),
                    Token::Etag(tag) => format!("[\"{tag}\"]"),
                    Token::Weak(tag) => format!("[W/\"{tag}\"]"),
                });
                text.push_str(blank);
            }
            text.push_str(&format!("){blank}"));
        }
        text
    }

    fn any_condition() -> impl Strategy<Value = Condition> {
        let token = prop_oneof![
            "[a-zA-Z:/0-9().\"\\[\\]-]{1,12}".prop_map(Token::State),
            "[ !#-~]{0,8}".prop_map(Token::Etag),
            "[ !#-~]{0,8}".prop_map(Token::Weak),
        ];
        (token, prop_oneof![Just(Sense::Is), Just(Sense::IsNot)]).prop_map(|(token, sense)| Condition { sense, token })
    }

    proptest! {
        #[test]
        fn reading_is_total(text in "\\PC{0,60}", more in "[ \t<>()\\[\\]\"NotnW/a:é]{0,60}") {
            let _ = (parse(&text), parse(&more), parse(&format!("({more})")), parse(&format!("</a> (Not {more}")));
        }

        #[test]
        fn what_is_written_is_read(
            groups in prop::collection::vec(prop::collection::vec(any_condition(), 1..4), 1..5),
            tags in prop::option::of("/[a-z]{1,3}"),
            blank in "[ \t]{0,2}",
        ) {
            let lists: Vec<List> = groups.into_iter().map(|conditions| List { tag: tags.clone(), conditions }).collect();
            prop_assert_eq!(parse(&write(&lists, &blank)), Ok(lists));
        }
    }
}
