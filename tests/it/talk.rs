//! A small HTTP client whose requests and answers read like a conversation, with one connection kept alive.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// Who talks. A clone talks over the same connection.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    home: String,
    headers: Vec<(String, String)>,
    connection: Arc<Mutex<Option<SendRequest<Full<Bytes>>>>>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Client {
        Client { address, home: String::new(), headers: Vec::new(), connection: Arc::default() }
    }

    /// Paths without a slash before them lie in this login's calendar home.
    pub fn home(mut self, login: &str) -> Client {
        self.home = format!("/dav/calendars/{login}/");
        self
    }

    pub fn basic(&self, login: &str, password: &str) -> Client {
        let packed = base64::engine::general_purpose::STANDARD.encode(format!("{login}:{password}"));
        self.with("Authorization", &format!("Basic {packed}"))
    }

    /// The same with a further header.
    pub fn with(&self, name: &str, value: &str) -> Client {
        let mut other = self.clone();
        other.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same over a connection of its own.
    pub fn apart(&self) -> Client {
        Client { connection: Arc::default(), ..self.clone() }
    }

    pub fn path(&self, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { format!("{}{path}", self.home) }
    }

    pub async fn ask(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Reply {
        let reply = self.try_ask(method, path, body).await;
        reply.unwrap_or_else(|| panic!("{method} {path}: no answer"))
    }

    /// `None` where the server is gone.
    pub async fn try_ask(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Option<Reply> {
        let body: Bytes = body.into();
        let path = self.path(path);
        let mut connection = self.connection.lock().await;
        // The server may have closed the first, which was idle.
        for _ in 0..2 {
            if connection.is_none() {
                *connection = connect(self.address).await;
            }
            let sender = connection.as_mut()?;
            let mut request = Request::builder().method(method).uri(&path).header("Host", self.address.to_string());
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
            if sender.ready().await.is_ok()
                && let Ok(reply) = sender.send_request(request.body(Full::new(body.clone())).unwrap()).await
            {
                let (parts, body) = reply.into_parts();
                let body = body.collect().await.ok()?.to_bytes();
                return Some(Reply { what: format!("{method} {path}"), status: parts.status, headers: parts.headers, body });
            }
            *connection = None;
        }
        None
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "").await
    }

    pub async fn head(&self, path: &str) -> Reply {
        self.ask("HEAD", path, "").await
    }

    pub async fn put(&self, path: &str, object: impl Into<Bytes>) -> Reply {
        self.with("Content-Type", "text/calendar; charset=utf-8").ask("PUT", path, object).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.ask("DELETE", path, "").await
    }

    pub async fn propfind(&self, path: &str, depth: &str, names: &str) -> Reply {
        let body = format!("<D:propfind {NS}><D:prop>{names}</D:prop></D:propfind>");
        self.with("Depth", depth).xml("PROPFIND", path, &body).await
    }

    pub async fn report(&self, path: &str, body: &str) -> Reply {
        self.with("Depth", "1").xml("REPORT", path, body).await
    }

    /// The free-busy answer of a calendar, unfolded.
    pub async fn freebusy(&self, path: &str, start: &str, end: &str) -> String {
        let body = format!("<C:free-busy-query {NS}><C:time-range start=\"{start}\" end=\"{end}\"/></C:free-busy-query>");
        self.report(path, &body).await.ok().text().replace("\r\n ", "")
    }

    pub async fn xml(&self, method: &str, path: &str, body: &str) -> Reply {
        self.with("Content-Type", "application/xml; charset=utf-8").ask(method, path, body.to_owned()).await
    }

    /// A form as a browser sends it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.try_post(path, fields).await.unwrap_or_else(|| panic!("POST {path}: no answer"))
    }

    /// `None` where the server is gone.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        self.with("Content-Type", "application/x-www-form-urlencoded").try_ask("POST", path, body.join("&")).await
    }

    /// The sync-token of a calendar: whatever changes it, changes this.
    pub async fn token(&self, calendar: &str) -> String {
        let reply = self.propfind(calendar, "0", "<D:sync-token/>").await.multistatus();
        reply.only().value("sync-token")
    }

    pub async fn sync(&self, calendar: &str, token: &str) -> Reply {
        let body = format!(
            "<D:sync-collection {NS}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
        );
        self.report(calendar, &body).await
    }

    /// Names in a calendar.
    pub async fn names(&self, calendar: &str) -> Vec<String> {
        let answers = self.propfind(calendar, "1", "<D:getetag/>").await.multistatus();
        let names = answers.0.iter().map(|a| a.href.clone()).filter(|href| !href.ends_with('/'));
        names.map(|href| href.rsplit('/').next().unwrap().to_owned()).collect()
    }

    /// Octets as they are, over a connection of their own; everything that comes back until the server closes.
    pub async fn raw(&self, octets: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The server may close before it has read everything.
        let _ = stream.write_all(octets).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Requests on one connection, each sent when the one before it was answered with a body of a known length; the last ends it.
    pub async fn raw_in_turn(&self, requests: &[&[u8]]) -> Vec<String> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let (last, before) = requests.split_last().unwrap();
        let mut answers = Vec::new();
        for request in before {
            stream.write_all(request).await.unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"\r\n\r\n") {
                answer.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8_lossy(&answer).to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok()).unwrap();
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            answers.push(head + &String::from_utf8_lossy(&body));
        }
        let _ = stream.write_all(last).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answers.push(String::from_utf8_lossy(&answer).into_owned());
        answers
    }

    /// The request line and headers of this client, for [`Client::raw`].
    pub fn head_of(&self, method: &str, path: &str) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{method} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}", self.path(path), self.address)
    }

    /// A reply whose body is still coming: server-sent events.
    pub async fn stream(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(format!("{}\r\n", self.head_of("GET", path)).as_bytes()).await.unwrap();
        stream
    }
}

async fn connect(address: SocketAddr) -> Option<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender)
}

/// Reads from a stream until what came contains a text.
pub async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut heard = String::new();
    let mut piece = [0; 4096];
    let reading = async {
        while !heard.contains(text) {
            let length = stream.read(&mut piece).await.unwrap();
            assert!(length > 0, "ended before {text:?}: {heard}");
            heard.push_str(&String::from_utf8_lossy(&piece[..length]));
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), reading).await.unwrap_or_else(|_| panic!("{text:?} never came"));
    heard
}

/// The namespaces of every body here.
pub const NS: &str = r#"xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/""#;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub what: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    #[track_caller]
    pub fn is(self, status: u16) -> Reply {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.gist());
        self
    }

    #[track_caller]
    pub fn ok(self) -> Reply {
        self.is(200)
    }

    #[track_caller]
    pub fn created(self) -> Reply {
        self.is(201)
    }

    #[track_caller]
    pub fn no_content(self) -> Reply {
        self.is(204)
    }

    /// Refused with a precondition's element.
    #[track_caller]
    pub fn refused(self, status: u16, element: &str) -> Reply {
        let reply = self.is(status);
        let text = reply.text();
        assert!(text.contains("<D:error") && text.contains(&format!(":{element}")), "{}: {text}", reply.what);
        reply
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Reply {
        assert!(self.text().contains(text), "{} does not say {text:?}: {}", self.what, self.gist());
        self
    }

    #[track_caller]
    pub fn never_says(self, text: &str) -> Reply {
        assert!(!self.text().contains(text), "{} says {text:?}: {}", self.what, self.gist());
        self
    }

    /// What a person would read of it.
    fn gist(&self) -> String {
        let text = self.text();
        let main = text.split("<main").nth(1).unwrap_or(&text);
        main.chars().take(1_500).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        self.find(name).unwrap_or_else(|| panic!("{} has no {name}: {:?}", self.what, self.headers))
    }

    pub fn find(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// Where a 303 leads, without scheme and host.
    #[track_caller]
    pub fn leads(self) -> String {
        let location = self.is(303).header("location");
        match location.split_once("://") {
            Some((_, rest)) => format!("/{}", rest.split_once('/').map_or("", |(_, path)| path)),
            None => location,
        }
    }

    /// A multistatus, read.
    #[track_caller]
    pub fn multistatus(self) -> Answers {
        let reply = self.is(207);
        Answers::read(&reply.text())
    }
}

/// One `response` of a multistatus.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub href: String,
    /// The status of the whole, where there is one.
    pub status: Option<u16>,
    /// By local name: status and inner XML.
    pub properties: BTreeMap<String, (u16, String)>,
}

impl Answer {
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        match self.properties.get(name) {
            Some((200, inner)) => unescape(inner),
            other => panic!("{name} of {}: {other:?}", self.href),
        }
    }

    pub fn status_of(&self, name: &str) -> Option<u16> {
        self.properties.get(name).map(|(status, _)| *status)
    }
}

fn unescape(inner: &str) -> String {
    let text = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#13;", "\r").replace("&#xD;", "\r");
    text.replace("&apos;", "'").replace("&amp;", "&")
}

/// All of a multistatus, in its order.
#[derive(Debug, Clone)]
pub struct Answers(pub Vec<Answer>);

impl Answers {
    #[track_caller]
    pub fn of(&self, href: &str) -> &Answer {
        self.find(href).unwrap_or_else(|| panic!("no answer for {href}: {self:?}"))
    }

    pub fn find(&self, href: &str) -> Option<&Answer> {
        self.0.iter().find(|answer| answer.href == href || answer.href.ends_with(&format!("/{href}")))
    }

    #[track_caller]
    pub fn only(&self) -> &Answer {
        assert_eq!(self.0.len(), 1, "{self:?}");
        &self.0[0]
    }

    pub fn hrefs(&self) -> Vec<&str> {
        self.0.iter().map(|answer| answer.href.as_str()).collect()
    }

    /// The last segments, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|answer| answer.href.rsplit('/').next().unwrap()).collect();
        names.sort();
        names
    }

    fn read(text: &str) -> Answers {
        let mut reader = NsReader::from_str(text);
        let mut answers = Vec::new();
        let (mut path, mut answer, mut group) = (Vec::<String>::new(), Answer::default(), Vec::<(String, String)>::new());
        let mut heard = String::new();
        loop {
            match reader.read_resolved_event().unwrap() {
                (namespace, Event::Start(start)) => {
                    assert!(!matches!(namespace, ResolveResult::Unknown(_)), "an undeclared prefix in {text}");
                    let local = start.local_name().as_ref().to_owned();
                    path.push(local.clone());
                    heard.clear();
                    match local.as_str() {
                        "response" if path.len() == 2 => answer = Answer::default(),
                        "propstat" if path.len() == 3 => group.clear(),
                        _ if path.len() == 5 && path[2] == "propstat" && path[3] == "prop" => {
                            let inner = reader.read_text(start.name()).unwrap().to_string();
                            group.push((local, inner));
                            path.pop();
                        }
                        _ => {}
                    }
                }
                (_, Event::Empty(start)) if path.len() == 4 && path[3] == "prop" => {
                    group.push((start.local_name().as_ref().to_owned(), String::new()));
                }
                (_, Event::Text(piece)) => heard.push_str(&piece),
                (_, Event::GeneralRef(name)) => heard.push_str(&format!("&{};", &*name)),
                (_, Event::End(_)) => {
                    let status = || heard.split(' ').nth(1).unwrap().parse::<u16>().unwrap();
                    match (path.len(), path.last().map(String::as_str)) {
                        (3, Some("href")) => answer.href = unescape(&heard),
                        (3, Some("status")) => answer.status = Some(status()),
                        (4, Some("status")) => {
                            let status = status();
                            answer.properties.extend(group.drain(..).map(|(name, inner)| (name, (status, inner))));
                        }
                        (2, Some("response")) => answers.push(std::mem::take(&mut answer)),
                        _ => {}
                    }
                    path.pop();
                    heard.clear();
                }
                (_, Event::Eof) => return Answers(answers),
                _ => {}
            }
        }
    }
}
