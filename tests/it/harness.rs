//! A server per test: the program as `main` starts it, on port 0, with sled in a temporary folder and a clock set to
//! Tuesday 2026-03-24, 09:00 in Berlin.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use openslot::app::App;
use openslot::config::{self, Config, practice};
use openslot::mail::mailer::FileMailer;
use openslot::principal::View;
use openslot::program::{Letters, Program, engine};
use openslot::world::{Fixed, Real, World};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::talk::{Client, Reply};

/// When every test begins.
pub const NOW: &str = "2026-03-24T08:00:00Z";

/// A small practice's text; tests replace a line of it where they need another.
pub const PRACTICE: &str = include_str!("../../fixtures/practice/small.toml");

/// How long a test waits for an effect before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A folder of a test's own, which goes with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        let random: String = Real.fresh().iter().map(|b| format!("{b:02x}")).collect();
        let path = std::env::temp_dir().join(format!("openslot-it-{random}"));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.0.display());
        } else {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// Limits that a test chooses.
pub struct Choices {
    pub practice: String,
    pub bookings_per_hour: u32,
    /// The port of a mail server; letters are written to files where there is none.
    pub smtp: Option<u16>,
    /// Whether `X-Forwarded-For` says whose request it is: [`Server::visitor`].
    pub behind_proxy: bool,
}

impl Default for Choices {
    fn default() -> Choices {
        Choices { practice: PRACTICE.to_owned(), bookings_per_hour: u32::MAX, smtp: None, behind_proxy: false }
    }
}

/// A running server.
pub struct Server {
    pub app: Arc<App>,
    pub clock: Arc<Fixed>,
    pub address: SocketAddr,
    pub folder: Folder,
    passwords: Vec<(&'static str, String)>,
    /// Who has a password of their own by now.
    people: tokio::sync::Mutex<Vec<String>>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<Result<(), String>>>,
}

impl Server {
    /// The demo practice without its appointments.
    pub async fn start() -> Server {
        Server::with(Choices::default()).await
    }

    /// The demo practice with one text replaced.
    pub async fn changed(from: &str, to: &str) -> Server {
        assert!(PRACTICE.contains(from), "{from}");
        Server::with(Choices { practice: PRACTICE.replace(from, to), ..Choices::default() }).await
    }

    pub async fn with(choices: Choices) -> Server {
        let folder = Folder::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Arc::new(Fixed::at(instant(NOW)));
        let program = assemble(folder.path(), address, &clock, &choices).await.unwrap();
        let app = Arc::clone(&program.app);
        app.apply(practice::parse("practice.toml", &choices.practice).unwrap()).await.unwrap();
        let mut passwords = Vec::new();
        for login in ["anna", "ben", "admin"] {
            // A device's password costs no key derivation; a hundred tests would spend their time on nothing else.
            if let Ok(who) = app.principal_of(login).await {
                passwords.push((login, app.add_device(&who, "test", View::Full).await.unwrap()));
            }
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(program.run(listener, async move {
            let _ = stopped.await;
        }));
        Server { app, clock, address, folder, passwords, people: Default::default(), stop: Some(stop), running: Some(running) }
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Of a person, for the staff pages.
    pub async fn own_password(&self, login: &str) -> String {
        let mut people = self.people.lock().await;
        let password = format!("{login}-in-person");
        if !people.iter().any(|person| person == login) {
            self.app.set_password(login, &password).await.unwrap();
            people.push(login.to_owned());
        }
        password
    }

    /// Of a device.
    pub fn password(&self, login: &str) -> &str {
        self.passwords.iter().find(|(name, _)| *name == login).map(|(_, password)| password.as_str()).unwrap()
    }

    fn login(&self, login: &str) -> Client {
        Client::new(self.address).home(login).basic(login, self.password(login))
    }

    /// Sees kabine-1 and kabine-2.
    pub fn anna(&self) -> Client {
        self.login("anna")
    }

    /// Sees kabine-2 alone.
    pub fn ben(&self) -> Client {
        self.login("ben")
    }

    pub fn admin(&self) -> Client {
        self.login("admin")
    }

    /// Somebody without a login.
    pub fn customer(&self) -> Client {
        Client::new(self.address)
    }

    /// Somebody at an address, through a proxy.
    pub fn visitor(&self, address: &str) -> Client {
        self.customer().with("X-Forwarded-For", address)
    }

    pub fn set_clock(&self, to: &str) {
        self.clock.set(instant(to));
    }

    /// Lets time pass.
    pub fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now() + chrono::Duration::seconds(seconds));
    }

    /// Ends it cleanly and leaves its folder.
    pub async fn end(mut self) -> Folder {
        let _ = self.stop.take().unwrap().send(());
        self.running.take().unwrap().await.unwrap().unwrap();
        std::mem::replace(&mut self.folder, Folder(PathBuf::from("/nonexistent/openslot-it")))
    }

    /// Every letter that is due, sent: the outbox's own operation, so that nobody waits for its next round. What the program's own
    /// outbox takes first lies in its folder, the rest beside it.
    pub async fn letters(&self) -> Vec<Letter> {
        let beside = self.data().join("beside");
        self.app.outbox(Arc::new(FileMailer::new(beside.join("mail")))).round(false).await.unwrap();
        let mut all = letters(self.data());
        all.extend(letters(&beside));
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        all
    }

    /// Their kinds, sorted: `requested.customer`.
    pub async fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.letters().await.iter().map(Letter::kind).collect();
        kinds.sort();
        kinds
    }
}

/// Why a program does not start in a folder.
pub async fn refused(data: &Path) -> String {
    let clock = Arc::new(Fixed::at(instant(NOW)));
    assemble(data, SocketAddr::from(([127, 0, 0, 1], 0)), &clock, &Choices::default()).await.err().unwrap()
}

async fn assemble(data: &Path, address: SocketAddr, clock: &Arc<Fixed>, choices: &Choices) -> Result<Program, String> {
    let mut config: Config = config::read(None).unwrap();
    config.listen = address;
    config.public_url = format!("http://{address}");
    config.from = "termine@mustermann.example".into();
    config.data = data.to_path_buf();
    config.limits.bookings_per_hour = choices.bookings_per_hour;
    // Tests send forms that they have not looked at.
    config.limits.form_seconds = 0;
    config.limits.behind_proxy = choices.behind_proxy;
    if let Some(port) = choices.smtp {
        let security = openslot::mail::smtp::Security::None;
        config.mail = config::Mail::Smtp(openslot::mail::smtp::SmtpSettings {
            host: "127.0.0.1".into(),
            port: Some(port),
            security,
            user: None,
            password: None,
            authority: None,
            timeout_seconds: 10,
        });
    }
    Program::assemble(config, engine(data).unwrap(), Arc::clone(clock) as Arc<dyn World>, Letters::Shown).await
}

/// A letter in DATA/mail.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The file's name without `.eml`.
    pub id: String,
    /// As written.
    pub text: String,
}

impl Letter {
    /// `requested.customer`
    pub fn kind(&self) -> String {
        let local = self.id.split('@').next().unwrap();
        let words: Vec<&str> = local.split('.').collect();
        words[words.len() - 2..].join(".")
    }

    pub fn uid(&self) -> &str {
        self.id.split('.').next().unwrap()
    }

    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        let found = head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_else(|| panic!("no {name} in {head}"))
    }

    /// The parts of the given media type: their headers in one line each, and their decoded octets as text.
    pub fn parts(&self, media_type: &str) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        collect(&self.text, &mut parts);
        parts.retain(|(head, _)| head.to_lowercase().contains(&format!("content-type: {media_type}")));
        parts
    }

    /// The iTIP object, unfolded, of the alternative; the attachment must be the same octets.
    pub fn itip(&self) -> String {
        let (shown, attached) = (self.parts("text/calendar"), self.parts("application/ics"));
        assert_eq!((shown.len(), attached.len()), (1, 1), "{}", self.text);
        assert_eq!(shown[0].1, attached[0].1);
        let method = value_of_line(&shown[0].1, "METHOD");
        assert!(shown[0].0.contains(&format!("method={method}")), "{}", shown[0].0);
        unfold(&shown[0].1)
    }
}

/// Walks a MIME body (RFC 2046 §5.1) down to its leaves.
fn collect(entity: &str, parts: &mut Vec<(String, String)>) {
    let (head, body) = entity.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    if let Some((_, rest)) = head.split_once("boundary=") {
        let boundary = rest.trim_start_matches('"').split(['"', ';', '\r']).next().unwrap();
        for part in body.split(&format!("--{boundary}")).skip(1) {
            if !part.starts_with("--") {
                collect(part.trim_start_matches("\r\n"), parts);
            }
        }
        return;
    }
    let lower = head.to_lowercase();
    let decoded = if lower.contains("content-transfer-encoding: base64") {
        use base64::Engine as _;
        let packed: String = body.split_whitespace().collect();
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(packed).unwrap()).unwrap()
    } else if lower.contains("content-transfer-encoding: quoted-printable") {
        quoted_printable(body)
    } else {
        body.to_owned()
    };
    parts.push((head, decoded));
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut octets = Vec::new();
    let mut rest = joined.bytes();
    while let Some(b) = rest.next() {
        if b == b'=' {
            let pair = [rest.next().unwrap(), rest.next().unwrap()];
            octets.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
        } else {
            octets.push(b);
        }
    }
    String::from_utf8(octets).unwrap()
}

pub fn letters(data: &Path) -> Vec<Letter> {
    let Ok(entries) = fs::read_dir(data.join("mail")) else { return Vec::new() };
    let mut letters: Vec<Letter> = entries
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let id = path.file_name()?.to_str()?.strip_suffix(".eml")?.to_owned();
            Some(Letter { id, text: fs::read_to_string(&path).unwrap() })
        })
        .collect();
    letters.sort_by(|a, b| a.id.cmp(&b.id));
    letters
}

/// Asks again and again until the answer is there; ends the test where it never comes.
pub async fn until<T>(what: &str, mut asked: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = asked().await {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain: {what}");
        tokio::task::yield_now().await;
    }
}

/// Content lines without their folds.
pub fn unfold(text: &str) -> String {
    text.replace("\r\n ", "").replace("\r\n\t", "")
}

/// The value of the first line of this name, wherever it stands.
pub fn value_of_line(object: &str, name: &str) -> String {
    let unfolded = unfold(object);
    unfolded.lines().find_map(|line| line.strip_prefix(&format!("{name}:"))).unwrap_or_else(|| panic!("no {name} in {unfolded}")).to_owned()
}

/// The value of a line of the event, parameters cut off.
pub fn value_of(object: &str, name: &str) -> String {
    let unfolded = unfold(object);
    // VTIMEZONEs have DTSTARTs of their own.
    let event = unfolded.split("BEGIN:VEVENT").nth(1).unwrap_or(&unfolded).to_owned();
    let found = event.lines().find_map(|line| {
        let (head, value) = line.split_once(':')?;
        (head.split(';').next() == Some(name)).then(|| value.to_owned())
    });
    found.unwrap_or_else(|| panic!("no {name} in {unfolded}"))
}

pub fn has(object: &str, name: &str) -> bool {
    unfold(object).lines().any(|line| line.starts_with(&format!("{name}:")) || line.starts_with(&format!("{name};")))
}

/// A plain event: UTC or floating or dated times as written; further lines may follow.
pub fn event(uid: &str, start: &str, end: &str, more: &str) -> Bytes {
    let line =
        |name: &str, value: &str| if value.len() == 8 { format!("{name};VALUE=DATE:{value}\r\n") } else { format!("{name}:{value}\r\n") };
    let more: String = more.split_terminator('\n').map(|line| format!("{}\r\n", line.trim_end_matches('\r'))).collect();
    Bytes::from(format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260324T080000Z\r\n{}{}SUMMARY:{uid}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n",
        line("DTSTART", start),
        line("DTEND", end),
    ))
}

/// One property of the event replaced (or added, or with an empty line removed); folded lines are unfolded first.
pub fn edited(object: &str, name: &str, line: &str) -> String {
    let unfolded = unfold(object);
    let (head, event) = unfolded.split_once("BEGIN:VEVENT\r\n").unwrap();
    let mut kept: Vec<&str> =
        event.split("\r\n").filter(|l| !(l.starts_with(&format!("{name}:")) || l.starts_with(&format!("{name};")))).collect();
    if !line.is_empty() {
        kept.insert(0, line);
    }
    format!("{head}BEGIN:VEVENT\r\n{}", kept.join("\r\n"))
}

/// What a customer types.
pub const TESTER: [(&str, &str); 9] = [
    ("salutation", "Herr"),
    ("given_name", "Torsten"),
    ("family_name", "Tester"),
    ("email", "t.tester@example.org"),
    ("telephone", "+49 711 21475475"),
    ("street", "Hauptstr. 5"),
    ("postcode", "70771"),
    ("city", "Leinfelden"),
    ("comment", "Gerät pfeift links."),
];

/// The form for an hour's consultation, some fields otherwise.
pub fn form<'a>(resource: &'a str, start: &'a str, otherwise: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = vec![("service", "beratung"), ("resource", resource), ("start", start), ("lang", "de")];
    fields.extend(TESTER);
    for (name, value) in otherwise {
        fields.retain(|(n, _)| n != name);
        fields.push((name, value));
    }
    fields
}

/// A booking that was made.
#[derive(Debug, Clone)]
pub struct Booked {
    /// `/booking/TOKEN`
    pub page: String,
    pub uid: String,
    /// `kabine-1/UID.ics`
    pub path: String,
}

impl Server {
    /// Books an hour as [`TESTER`].
    pub async fn book(&self, resource: &str, start: &str) -> Booked {
        self.book_with(resource, start, &[]).await
    }

    pub async fn book_with(&self, resource: &str, start: &str, otherwise: &[(&str, &str)]) -> Booked {
        let page = self.customer().post("/book/stuttgart/new", &form(resource, start, otherwise)).await.leads();
        let token = page.strip_prefix("/booking/").unwrap().split('?').next().unwrap();
        let uid = openslot::appointment::link::claim(token).unwrap().uid;
        Booked { page: format!("/booking/{token}"), path: format!("{resource}/{uid}.ics"), uid }
    }
}

/// HTML's own escapes taken back.
pub fn unescape_html(html: &str) -> String {
    let text = html.replace("&#x2f;", "/").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

impl Server {
    /// A login signed in to the staff pages.
    pub async fn desk(&self, login: &str) -> Client {
        let fields = [("login", login), ("password", &self.own_password(login).await), ("next", "")];
        let reply = self.customer().post("/staff/sign-in", &fields).await.is(303);
        let cookie = reply.header("set-cookie");
        self.customer().with("Cookie", cookie.split(';').next().unwrap())
    }
}

/// The csrf field of a page's forms.
pub fn csrf(page: &str) -> String {
    page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    Some(page.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next()?.to_owned())
}

/// Decides about parked letters on a page that was loaded before. Where it shows none, as somebody would who makes up the form.
pub async fn judge(desk: &Client, verdict: &str, page: &str) -> Reply {
    let last = hidden(page, "last").unwrap_or_else(|| u64::MAX.to_string());
    desk.post(&format!("/staff/mail/parked/{verdict}"), &[("csrf", &csrf(page)), ("last", &last)]).await
}

/// Presses a button of an appointment's page.
pub async fn press(desk: &Client, uid: &str, act: &str) -> Reply {
    let page = desk.get(&format!("/staff/appointment/{uid}")).await.ok().text();
    let seen = hidden(&page, "seen").unwrap_or_default();
    desk.post(&format!("/staff/appointment/{uid}/{act}"), &[("csrf", &csrf(&page)), ("seen", &seen)]).await
}

/// A booking's state, all signals of which must agree.
#[track_caller]
pub fn state_of(object: &str) -> String {
    let state = value_of(object, "X-OPENSLOT-STATE");
    let (status, transparency, prefix, category, show_as, colour) = match state.as_str() {
        "REQUESTED" => ("TENTATIVE", "OPAQUE", "ANFRAGE: ", "Online Terminanfrage", "TENTATIVE", "orange"),
        "CONFIRMED" => ("CONFIRMED", "OPAQUE", "Beratung", "Online bestätigt", "BUSY", "green"),
        "CANCELLED" => ("CANCELLED", "TRANSPARENT", "STORNIERT: ", "Storniert", "FREE", "gray"),
        "REJECTED" => ("CANCELLED", "TRANSPARENT", "ABGELEHNT: ", "Abgelehnt", "FREE", "gray"),
        "ATTENDED" => ("CONFIRMED", "OPAQUE", "✓ ", "Wahrgenommen", "BUSY", "green"),
        "NO-SHOW" => ("CONFIRMED", "OPAQUE", "NICHT ERSCHIENEN: ", "Geplatzt", "BUSY", "green"),
        other => panic!("{other}"),
    };
    assert_eq!(value_of(object, "STATUS"), status, "{object}");
    assert_eq!(value_of(object, "TRANSP"), transparency, "{object}");
    let summary = value_of(object, "SUMMARY");
    assert!(summary.starts_with(prefix) && summary.matches("Beratung").count() == 1 && summary.matches(": ").count() < 2, "{summary}");
    assert_eq!(unfold(object).matches("\r\nCATEGORIES:").count(), 1, "one line: {object}");
    assert!(value_of(object, "CATEGORIES").split(',').next() == Some(category), "{object}");
    assert_eq!(value_of(object, "X-MICROSOFT-CDO-BUSYSTATUS"), show_as);
    assert_eq!(value_of(object, "COLOR"), colour);
    assert!(value_of(object, "URL").contains("/staff/appointment/"));
    state
}
