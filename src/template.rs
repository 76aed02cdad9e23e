//! Named templates → text: minijinja's and fluent's only room.
//!
//! A folder of the practice's own beats what is embedded: `FOLDER/book/form.html` replaces that page, messages in
//! `FOLDER/text/de/any.ftl` replace those of the same id. The folder is read whole, at the start and with each `apply`. Not for: what a page shows (`web`) or a letter says (`mail::message`).

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use self::own::Own;

use crate::appointment::practice::Language;

mod embedded;
mod own;
mod pages;

/// Steps one template may take; a page of a week takes about 20,000.
const FUEL: u64 = 2_000_000;

type Bundle = FluentBundle<FluentResource>;

/// The templates and texts of one running program.
pub struct Templates {
    folder: Option<PathBuf>,
    loaded: RwLock<Arc<Loaded>>,
    adoptions: AtomicU64,
}

struct Loaded {
    environment: Environment<'static>,
    /// The same without the practice's own pages.
    built_in: Environment<'static>,
    bundles: Arc<BTreeMap<Language, Bundle>>,
    folder: Option<PathBuf>,
    /// The practice's own files.
    own: Arc<Own>,
}

impl Templates {
    /// Loads the embedded ones and, where given and there, a folder of the practice's own. What can't be read, or has a name that no page
    /// and no letter uses, is refused with its file and line.
    pub fn load(folder: Option<&Path>) -> Result<Templates, String> {
        let loaded = RwLock::new(Arc::new(Loaded::read(folder)?));
        Ok(Templates { folder: folder.map(Path::to_owned), loaded, adoptions: AtomicU64::new(0) })
    }

    /// The folder read once more, for whoever wants to check it before it is adopted.
    pub fn again(&self) -> Result<Templates, String> {
        Templates::load(self.folder.as_deref())
    }

    /// Takes over what another has loaded: pages and letters from now on are made of it.
    pub fn adopt(&self, other: &Templates) {
        let fresh = other.now();
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.adoptions.fetch_add(1, Ordering::Release);
    }

    /// How often others were taken over: whoever keeps what was made of these makes it anew after each.
    pub fn adoptions(&self) -> u64 {
        self.adoptions.load(Ordering::Acquire)
    }

    fn now(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Renders a template. `language` is put beside the context's own keys, where `t()` finds it.
    pub fn render(&self, name: &str, language: Language, context: impl Serialize) -> Result<String, String> {
        let loaded = self.now();
        written_of(&loaded.environment, name, &whole(language, context)).map_err(|error| loaded.fault(name, &error))
    }

    /// Renders a page. Where one of the practice's own templates fails on what it is given, which no check can rule out, the page is made of
    /// the built-in ones and the fault goes to the log: a customer must not stand before a closed door for it.
    pub fn page(&self, name: &str, language: Language, context: impl Serialize) -> Result<String, String> {
        let (loaded, context) = (self.now(), whole(language, context));
        let first = written_of(&loaded.environment, name, &context).map_err(|error| loaded.fault(name, &error));
        let fault = match first {
            Err(fault) if !loaded.own.is_empty() => fault,
            done => return done,
        };
        tracing::error!(fault, "a template of the practice's own fails; the built-in one is shown");
        written_of(&loaded.built_in, name, &context).map_err(|error| loaded.fault(name, &error))
    }

    /// One message, without a template.
    pub fn text(&self, language: Language, id: &str, arguments: &[(&str, &str)]) -> String {
        let mut given = FluentArgs::new();
        for (name, value) in arguments {
            given.set(*name, FluentValue::from(*value));
        }
        message(&self.now().bundles, language, id, &given).unwrap_or_else(|| id.to_owned())
    }
}

impl Loaded {
    fn read(folder: Option<&Path>) -> Result<Loaded, String> {
        let own = Arc::new(own::read(folder)?);
        let mut bundles = BTreeMap::new();
        for language in Language::ALL {
            bundles.insert(language, bundle(language, &own)?);
        }
        let bundles = Arc::new(bundles);
        let environment = environment(&bundles, Arc::clone(&own));
        let built_in = self::environment(&bundles, Arc::default());
        let loaded = Loaded { environment, built_in, bundles, folder: folder.map(Path::to_owned), own };
        loaded.check()?;
        Ok(loaded)
    }

    fn check(&self) -> Result<(), String> {
        let Loaded { environment, built_in, bundles, own, .. } = self;
        let known = pages::Known { own: own.as_ref(), environment, built_in, bundles: bundles.as_ref() };
        for name in own.keys().filter(|name| own::language_of(name).is_none()) {
            environment.get_template(name).map_err(|error| self.fault(name, &error))?;
            known.check(name).map_err(|fault| format!("{}, line {}: {}", self.shown(name), fault.line, fault.words))?;
        }
        Ok(())
    }

    /// Where a template lies: one of the practice's own in its folder.
    fn shown(&self, name: &str) -> String {
        let folder = self.folder.as_ref().filter(|_| self.own.contains_key(name));
        folder.map_or_else(|| name.to_owned(), |folder| folder.join(name).display().to_string())
    }

    /// A failure as a sentence with its file and line; in a template that another includes, its own.
    fn fault(&self, name: &str, error: &Error) -> String {
        let mut inmost = error;
        while let Some(inner) = std::error::Error::source(inmost).and_then(|source| source.downcast_ref::<Error>()) {
            inmost = inner;
        }
        let (shown, line) = (self.shown(inmost.name().unwrap_or(name)), inmost.line().unwrap_or(1));
        match inmost.detail() {
            Some(detail) => format!("{shown}, line {line}: {}: {detail}", inmost.kind()),
            None => format!("{shown}, line {line}: {}", inmost.kind()),
        }
    }
}

/// What every template is given beside its page's own values.
fn whole(language: Language, context: impl Serialize) -> Value {
    minijinja::context! { language => language.tag(), direction => language.direction(), ..Value::from(minijinja::value::Serde(context)) }
}

fn written_of(environment: &Environment<'static>, name: &str, context: &Value) -> Result<String, Error> {
    environment.get_template(name)?.render(context.clone())
}

fn environment(bundles: &Arc<BTreeMap<Language, Bundle>>, own: Arc<Own>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    environment.set_formatter(legible);
    environment.set_loader(move |name| Ok(source(&own, name)));
    let texts = Arc::clone(bundles);
    environment.add_function("t", move |state: &State, id: &str, given: Kwargs| translate(&texts, state, id, &given));
    for (name, style) in [
        ("long_date", Style::Long),
        ("until_date", Style::Until),
        ("short_date", Style::Short),
        ("day", Style::Day),
        ("month", Style::Month),
        ("weekday", Style::Weekday),
    ] {
        let texts = Arc::clone(bundles);
        environment.add_filter(name, move |state: &State, value: &str| written(&texts, state, value, style));
    }
    environment.add_filter("said", said);
    environment.add_filter("own", own_words);
    environment.add_filter("time", |value: &str| local(value).map(|at| at.format("%H:%M").to_string()));
    environment
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `Donnerstag, 26. März 2026`
    Long,
    /// The same behind a word for "until", which asks some languages for another case: `weekday-N.until`
    Until,
    /// `Do. 26.3.`
    Short,
    /// `26. März`
    Day,
    /// `März 2026`
    Month,
    /// `Donnerstag`
    Weekday,
}

/// Writes a value. In HTML a slash stays a slash, so that addresses stay legible; what can end a text or an attribute is escaped.
fn legible(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe()) else {
        return minijinja::escape_formatter(out, state, value);
    };
    write_escaped(out, text).map_err(Error::from)
}

/// Escapes for HTML's texts and attributes.
fn write_escaped(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    for piece in text.split_inclusive(['<', '>', '&', '"', '\'']) {
        let mut plain = piece.chars();
        let escaped = match plain.next_back() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('"') => "&quot;",
            Some('\'') => "&#39;",
            _ => {
                out.write_str(piece)?;
                continue;
            }
        };
        out.write_str(plain.as_str())?;
        out.write_str(escaped)?;
    }
    Ok(())
}

/// A text of the practice's (`web::view::said`), isolated in its direction and marked with its language where that is not the page's.
fn said(state: &State, text: &Value) -> Result<Value, Error> {
    let part = |name: &str| Ok::<_, Error>(text.get_attr(name)?.as_str().unwrap_or_default().to_owned());
    marked(state, &part("text")?, &part("lang")?)
}

/// What the practice has written once, as names are; on a page in its own language nothing has to be said about it.
fn own_words(state: &State, text: &str) -> Result<Value, Error> {
    let mark = state.lookup("frame").and_then(|frame| frame.get_attr("own").ok());
    match mark.as_ref().and_then(Value::as_str).filter(|mark| !mark.is_empty()) {
        Some(mark) => marked(state, text, mark),
        None => Ok(Value::from(text)),
    }
}

fn marked(state: &State, text: &str, language: &str) -> Result<Value, Error> {
    if !matches!(state.auto_escape(), AutoEscape::Html) {
        return Ok(Value::from(text));
    }
    let mut html = String::from(if language.is_empty() { "<bdi>" } else { "<bdi lang=\"" });
    if !language.is_empty() {
        write_escaped(&mut html, language)?;
        html.push_str("\">");
    }
    write_escaped(&mut html, text)?;
    html.push_str("</bdi>");
    Ok(Value::from_safe_string(html))
}

fn source(own: &Own, name: &str) -> Option<String> {
    own.get(name).cloned().or_else(|| embedded::FILES.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned()))
}

fn bundle(language: Language, own: &Own) -> Result<Bundle, String> {
    let tag = language.tag();
    let mut bundle = Bundle::new_concurrent(vec![tag.parse().map_err(|e| format!("{tag}: {e}"))?]);
    // Without this, every value is wrapped in invisible direction marks, which end up in mails and calendars.
    bundle.set_use_isolating(false);
    let prefix = format!("text/{tag}/");
    // What a language does not say itself, as the staff pages, is said in another.
    let instead = format!("text/{}/", language.instead().tag());
    for prefix in if instead == prefix { vec![&prefix] } else { vec![&instead, &prefix] } {
        for (file, text) in embedded::FILES.iter().filter(|(file, _)| file.starts_with(prefix.as_str())) {
            let resource = FluentResource::try_new((*text).to_owned()).map_err(|(_, faults)| format!("{file}: {faults:?}"))?;
            bundle.add_resource_overriding(resource);
        }
    }
    for (file, text) in own.iter().filter(|(file, _)| own::language_of(file) == Some(language)) {
        let resource = FluentResource::try_new(text.clone()).map_err(|(_, faults)| format!("{file}: {faults:?}"))?;
        bundle.add_resource_overriding(resource);
    }
    Ok(bundle)
}

fn message(bundles: &BTreeMap<Language, Bundle>, language: Language, id: &str, given: &FluentArgs) -> Option<String> {
    let bundle = bundles.get(&language)?;
    let pattern = match id.split_once('.') {
        Some((id, part)) => bundle.get_message(id)?.get_attribute(part)?.value(),
        None => bundle.get_message(id)?.value()?,
    };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(given), &mut faults).into_owned();
    faults.is_empty().then_some(text)
}

fn language_of(state: &State) -> Language {
    state.lookup("language").and_then(|v| Language::from_tag(v.as_str()?)).unwrap_or(Language::En)
}

fn translate(bundles: &BTreeMap<Language, Bundle>, state: &State, id: &str, given: &Kwargs) -> Result<String, Error> {
    let mut arguments = FluentArgs::new();
    // A name or an address of the other direction must not turn the sentence around it (Unicode TR #9, §2.4): on pages only, since in
    // subjects and calendars the marks would be seen.
    let language = language_of(state);
    let isolated = language.direction() == "rtl" && matches!(state.auto_escape(), AutoEscape::Html);
    for name in given.args() {
        let value: Value = given.get(name)?;
        let value = match value.kind() {
            ValueKind::Number => FluentValue::from(i64::try_from(value).unwrap_or(0)),
            _ if isolated => FluentValue::from(format!("\u{2068}{value}\u{2069}")),
            _ => FluentValue::from(value.to_string()),
        };
        arguments.set(name.to_owned(), value);
    }
    message(bundles, language, id, &arguments)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no text '{id}', or an argument of it is missing")))
}

/// Reads `2026-03-26` or `2026-03-26T10:30:00`, a wall-clock time in the location's zone.
fn local(value: &str) -> Result<NaiveDateTime, Error> {
    let date = || Some(NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()?.and_time(chrono::NaiveTime::MIN));
    let minutes = || NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M").ok();
    NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S")
        .ok()
        .or_else(minutes)
        .or_else(date)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("'{value}' is no local date or time")))
}

fn written(bundles: &BTreeMap<Language, Bundle>, state: &State, value: &str, style: Style) -> Result<String, Error> {
    let at = local(value)?;
    let language = language_of(state);
    let word = |id: String| {
        message(bundles, language, &id, &FluentArgs::new())
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no text '{id}'")))
    };
    let (day, year) = (at.day().to_string(), at.year().to_string());
    let mut given = FluentArgs::new();
    given.set("day", FluentValue::from(day));
    given.set("year", FluentValue::from(year));
    given.set("number", FluentValue::from(at.month()));
    let weekday = at.weekday().number_from_monday();
    let (pattern, weekday, month) = match style {
        Style::Weekday => return word(format!("weekday-{weekday}")),
        Style::Long => ("date-long", format!("weekday-{weekday}"), format!("month-{}", at.month())),
        Style::Until => ("date-long", format!("weekday-{weekday}"), format!("month-{}", at.month())),
        Style::Short => ("date-short", format!("weekday-short-{weekday}"), format!("month-short-{}", at.month())),
        Style::Day => ("date-day", format!("weekday-{weekday}"), format!("month-short-{}", at.month())),
        Style::Month => ("date-month", format!("weekday-{weekday}"), format!("month-{}", at.month())),
    };
    let until = (style == Style::Until).then(|| word(format!("{weekday}.until")).ok()).flatten();
    let weekday = until.map_or_else(|| word(weekday), Ok)?;
    given.set("weekday", FluentValue::from(weekday));
    given.set("month", FluentValue::from(word(month)?));
    message(bundles, language, pattern, &given).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no text '{pattern}'")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn dates_are_written_in_the_language() {
        let templates = Templates::load(None).unwrap();
        let render = |language, source: &str| {
            let mut environment = templates.now().environment.clone();
            environment.add_template_owned("x.html", source.to_owned()).unwrap();
            environment
                .get_template("x.html")
                .unwrap()
                .render(minijinja::context! { language => language, at => "2026-03-26T10:30:00", evil => "<b>" })
                .unwrap()
        };
        assert_eq!(render("de", "{{ at|long_date }}, {{ at|time }}"), "Donnerstag, 26. März 2026, 10:30");
        assert_eq!(render("en", "{{ at|long_date }}"), "Thursday, 26 March 2026");
        assert_eq!(render("de", "{{ at|until_date }}"), render("de", "{{ at|long_date }}"));
        assert_eq!(
            render("uk", "{{ at|long_date }}, до {{ at|until_date }}"),
            "четвер, 26 березня 2026 р., до четверга, 26 березня 2026 р."
        );
        assert_eq!(render("de", "{{ at|short_date }} {{ at|month }}"), "Do. 26.3. März 2026");
        assert_eq!((render("de", "{{ at|day }}"), render("en", "{{ at|day }}")), ("26. März".into(), "26 Mar".into()));
        assert_eq!(render("de", "{{ evil }}"), "&lt;b&gt;");
        assert_eq!(render("de", "{{ '/a?b&c=\"d\\'' }}{{ '<b>'|safe }}{{ 7 }}"), "/a?b&amp;c=&quot;d&#39;<b>7");
    }

    /// Messages of a language in the files that customers read, each with the variables that it names.
    fn messages(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, text) in
            embedded::FILES.iter().filter(|(file, _)| file.starts_with(&format!("text/{tag}/")) && !file.ends_with("/staff.ftl"))
        {
            let mut id = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    line.split_once('=').unwrap().0.trim().clone_into(&mut id);
                    messages.insert(id.clone(), BTreeSet::new());
                }
                let names = line.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap().to_owned());
                // A date is put together differently in each language; a plural form may name its number or not.
                messages
                    .entry(id.clone())
                    .or_default()
                    .extend(names.filter(|name| !id.starts_with("date-") && name != "count" && name != "free"));
            }
        }
        messages.remove("");
        messages
    }

    #[test]
    fn every_language_says_the_same_with_the_same_values() {
        let german = messages("de");
        assert!(german.len() > 200);
        for language in Language::ALL {
            let theirs = messages(language.tag());
            for (id, names) in &german {
                assert_eq!(theirs.get(id), Some(names), "{id} in {}", language.tag());
            }
            assert_eq!(theirs.len(), german.len(), "{}", language.tag());
        }
        let staff = |tag: &str| embedded::FILES.iter().any(|(file, _)| *file == format!("text/{tag}/staff.ftl"));
        assert_eq!(Language::ALL.into_iter().filter(|language| staff(language.tag())).collect::<Vec<_>>(), Language::STAFF);
    }

    #[test]
    fn both_languages_of_the_staff_pages_say_the_same() {
        let ids = |tag: &str| {
            let (_, text) = embedded::FILES.iter().find(|(file, _)| *file == format!("text/{tag}/staff.ftl")).unwrap();
            let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
            lines.filter_map(|line| line.split_once('=').map(|(id, _)| id.trim().to_owned())).collect::<BTreeSet<_>>()
        };
        assert_eq!(ids("de"), ids("en"));
    }

    #[test]
    fn numbers_and_names_keep_their_place_in_every_language() {
        let templates = Templates::load(None).unwrap();
        let count = |language, free: i64| {
            let mut given = FluentArgs::new();
            given.set("free", FluentValue::from(free));
            message(&templates.now().bundles, language, "grid-count", &given).unwrap()
        };
        assert_eq!((count(Language::Uk, 3), count(Language::Uk, 5)), ("3 вільні години".into(), "5 вільних годин".into()));
        assert_eq!((count(Language::Ar, 2), count(Language::Ar, 11)), ("وقتان متاحان".into(), "11 وقتًا متاحًا".into()));
        let mut environment = templates.now().environment.clone();
        let source = "{{ t('booking-mail', email='a@b.example') }}|{{ at|long_date }}|{{ at|month }}";
        for name in ["x.html", "x.txt"] {
            environment.add_template_owned(name, source.to_owned()).unwrap();
        }
        let render = |name: &str, language| {
            environment.get_template(name).unwrap().render(minijinja::context! { language => language, at => "2026-03-26" }).unwrap()
        };
        assert!(render("x.html", "ar").contains("\u{2068}a@b.example\u{2069}"));
        assert!(!render("x.txt", "ar").contains('\u{2068}'));
        assert!(render("x.html", "uk").ends_with("|четвер, 26 березня 2026 р.|Березень 2026"));
        assert!(render("x.html", "tr").ends_with("|26 Mart 2026 Perşembe|Mart 2026"));
    }
}
