//! The server's settings as one checked struct. The environment and files of settings are read here and nowhere else.
//!
//! Not for: the practice itself (`config::practice`).

pub mod practice;
pub mod zoneinfo;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::mail::message::Sender;
use crate::mail::smtp::{Security, SmtpSettings};

/// The variable that holds the SMTP password, where no file does.
const PASSWORD_VARIABLE: &str = "OPENSLOT_SMTP_PASSWORD";

/// Everything that `openslot.toml` can say, with its defaults.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How customers reach it, without a slash at its end.
    pub public_url: String,
    /// Where everything is kept.
    pub data: PathBuf,
    /// Who said so.
    pub said: Said,
    /// The practice's own templates and texts.
    pub templates: Option<PathBuf>,
    /// Time zone rules of the system, used where they are newer than our own.
    pub zoneinfo: PathBuf,
    /// How letters leave.
    pub mail: Mail,
    /// The address of letters.
    pub from: String,
    /// Limits.
    pub limits: Limits,
}

/// Who named the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The file of settings, or the command line.
    Explicitly,
    /// Nobody: it is the default.
    ByDefault,
}

/// The data folder where none is named: beside the file of settings, or where the program was started.
const DATA: &str = "openslot-data";

/// How letters leave.
#[derive(Debug)]
pub enum Mail {
    /// As files in `DATA/mail`.
    Files,
    /// Through a mail server.
    Smtp(SmtpSettings),
}

/// What one visitor, and all together, may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bookings of one network address in an hour.
    pub bookings_per_hour: u32,
    /// How many seconds filling in the booking form takes at least; a form that comes sooner is shown once more. 0: no form is measured.
    pub form_seconds: u32,
    /// Connections at once; one network address may have a quarter of them, unless it is a proxy's or this machine's.
    pub connections: usize,
    /// Whether the last address in X-Forwarded-For is the visitor's: only behind a proxy of one's own.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bookings_per_hour: 20, form_seconds: 2, connections: 1024, behind_proxy: false }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    data: Option<PathBuf>,
    templates: Option<PathBuf>,
    zoneinfo: Option<PathBuf>,
    mail: MailFile,
    limits: Limits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MailFile {
    from: Option<String>,
    smtp: Option<SmtpFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SmtpFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: SecurityWord,
    user: Option<String>,
    password_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SecurityWord {
    #[default]
    StartTls,
    Tls,
    None,
}

/// Reads a file of settings, or takes the defaults. The sentence of a refusal names file, line, key and what is allowed.
pub fn read(path: Option<&Path>) -> Result<Config, String> {
    let Some(path) = path else { return check(File::default(), Path::new("")) };
    let shown = path.display();
    let text = text(path)?;
    let file: File = toml::from_str(&text).map_err(|e| fault(&shown.to_string(), &text, &e))?;
    check(file, path).map_err(|e| format!("{shown}: {e}"))
}

/// A file of text; one in another encoding is refused with the line where that shows.
pub fn text(path: &Path) -> Result<String, String> {
    let octets = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    String::from_utf8(octets).map_err(|error| {
        let (valid, text) = (error.utf8_error().valid_up_to(), String::from_utf8_lossy(error.as_bytes()).into_owned());
        at_line(&path.display().to_string(), &text, valid, "this is not UTF-8, in which the file must be saved")
    })
}

/// A parser's refusal as a sentence: file, line, what stands there, what is allowed.
pub(crate) fn fault(file: &str, text: &str, error: &toml::de::Error) -> String {
    let message = plainly(error.message().trim());
    match error.span() {
        Some(span) => at_line(file, text, span.start, &message),
        None => format!("{file}: {message}"),
    }
}

/// What a parser expects, in words for whoever wrote the file.
fn plainly(message: &str) -> String {
    const NUMBERS: [&str; 4] = ["u16", "u32", "u64", "usize"];
    if message.contains("invalid socket address") {
        return "an IP address and a port: 127.0.0.1:8008, or 0.0.0.0:8008 for every address of this machine".into();
    }
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    match expected {
        number if NUMBERS.contains(&number) => format!("{found}, expected a whole number, without quotes"),
        "a boolean" => format!("{found}, expected true or false, without quotes"),
        "a string" => format!("{found}, expected a text in quotes"),
        _ => message.to_owned(),
    }
}

/// A refusal of what stands at an offset of a file.
pub(crate) fn at_line(file: &str, text: &str, offset: usize, message: &str) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let content = text.lines().nth(line - 1).unwrap_or_default().trim();
    format!("{file}, line {line}: `{content}`: {message}")
}

fn check(file: File, path: &Path) -> Result<Config, String> {
    // Names in the file are meant beside the file, wherever the program was started.
    let beside = |name: PathBuf| path.parent().map_or(name.clone(), |folder| folder.join(&name));
    let listen = file.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8008)));
    let public_url = file.public_url.unwrap_or_else(|| format!("http://{listen}")).trim_end_matches('/').to_owned();
    let host = host_of(&public_url).ok_or("public_url must be `http://` or `https://`, a host, perhaps a port, and no path")?;
    let from = file.mail.from.unwrap_or_else(|| {
        format!("termine@{}", if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() { &host } else { "openslot.invalid" })
    });
    crate::mail::message::ascii_address(&from).map_err(|e| format!("mail.from: {e}"))?;
    let mail = match file.mail.smtp {
        Some(smtp) => Mail::Smtp(check_smtp(smtp, beside)?),
        None => Mail::Files,
    };
    if file.limits.connections == 0 {
        return Err("limits.connections must be at least 1".into());
    }
    Ok(Config {
        listen,
        public_url,
        said: if file.data.is_some() { Said::Explicitly } else { Said::ByDefault },
        data: beside(file.data.unwrap_or_else(|| PathBuf::from(DATA))),
        templates: file.templates.map(beside),
        zoneinfo: file.zoneinfo.map_or_else(|| PathBuf::from(zoneinfo::SYSTEM), beside),
        mail,
        from,
        limits: file.limits,
    })
}

fn check_smtp(smtp: SmtpFile, beside: impl Fn(PathBuf) -> PathBuf) -> Result<SmtpSettings, String> {
    let read = |path: PathBuf| std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()));
    let password = match smtp.password_file {
        Some(file) => Some(String::from_utf8_lossy(&read(beside(file))?).trim_end_matches(['\r', '\n']).to_owned()),
        None => std::env::var(PASSWORD_VARIABLE).ok(),
    };
    if smtp.user.is_some() && password.is_none() {
        return Err(format!("mail.smtp.user needs a password: mail.smtp.password_file, or the variable {PASSWORD_VARIABLE}"));
    }
    let security = match smtp.security {
        SecurityWord::StartTls => Security::StartTls,
        SecurityWord::Tls => Security::Tls,
        SecurityWord::None if is_loopback(&smtp.host) => Security::None,
        SecurityWord::None => {
            return Err("mail.smtp.security = \"none\" is allowed for localhost only: letters hold customers' data".into());
        }
    };
    let authority = smtp.ca_file.map(|file| read(beside(file))).transpose()?;
    Ok(SmtpSettings { host: smtp.host, port: smtp.port, security, user: smtp.user, password, authority, timeout_seconds: 60 })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The host of a public address that has no path.
fn host_of(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    let plain = matches!(uri.scheme_str(), Some("http" | "https")) && matches!(uri.path(), "" | "/") && uri.query().is_none();
    uri.host().filter(|_| plain).map(str::to_owned)
}

impl Config {
    /// In whose name letters go out.
    pub fn sender(&self) -> Sender {
        let host = self.from.rsplit('@').next().unwrap_or("openslot.invalid").to_owned();
        Sender { address: self.from.clone(), host, public_url: self.public_url.clone() }
    }

    /// What is allowed and seldom meant, a line each.
    pub fn doubts(&self) -> Vec<String> {
        let (url, listen) = (&self.public_url, self.listen);
        let mut doubts = Vec::new();
        if url.starts_with("https://") && !self.limits.behind_proxy {
            doubts.push(format!(
                "public_url is {url} and limits.behind_proxy is false: behind a proxy, which https needs, all visitors count as one; \
                 behind_proxy = true where the proxy sets X-Forwarded-For"
            ));
        }
        let nowhere = |host: &str| is_loopback(host) || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified());
        if !listen.ip().is_loopback() && host_of(url).is_some_and(|host| nowhere(&host)) {
            doubts.push(format!(
                "public_url is {url} and this listens on {listen}: links in letters lead to the reader's own machine; set public_url"
            ));
        }
        doubts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        match toml::from_str::<File>(text) {
            Err(error) => fault("openslot.toml", text, &error),
            Ok(file) => check(file, Path::new("openslot.toml")).unwrap_err(),
        }
    }

    #[test]
    fn nothing_needs_to_be_said() {
        let config = read(None).unwrap();
        assert_eq!((config.listen.to_string().as_str(), config.public_url.as_str()), ("127.0.0.1:8008", "http://127.0.0.1:8008"));
        assert!(matches!(config.mail, Mail::Files));
    }

    #[test]
    fn what_is_seldom_meant_is_doubted() {
        let doubts = |text: &str| check(toml::from_str(text).unwrap(), Path::new("openslot.toml")).unwrap().doubts();
        let proxied = "public_url = \"https://termine.example\"\n[limits]\nbehind_proxy = true";
        for sound in ["", proxied, "listen = \"0.0.0.0:80\"\npublic_url = \"http://kalender.example\"", "listen = \"[::1]:8008\""] {
            assert_eq!(doubts(sound), [""; 0], "{sound}");
        }
        let direct = doubts("public_url = \"https://termine.example\"");
        assert!(direct.len() == 1 && direct[0].contains("behind_proxy = true"), "{direct:?}");
        for lost in [
            "listen = \"0.0.0.0:80\"",
            "listen = \"[::]:80\"",
            "listen = \"0.0.0.0:80\"\npublic_url = \"http://localhost\"",
            "listen = \"192.0.2.1:80\"\npublic_url = \"http://[::1]:80\"",
        ] {
            let lost = doubts(lost);
            assert!(lost.len() == 1 && lost[0].contains("set public_url"), "{lost:?}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let unknown = refused("listen = \"127.0.0.1:1\"\nlisen = 1\n");
        assert!(unknown.starts_with("openslot.toml, line 2: `lisen = 1`: unknown field `lisen`, expected one of"), "{unknown}");
        assert!(unknown.contains("`public_url`"), "{unknown}");
        assert!(refused("listen = \"localhost:8907\"").contains("an IP address and a port: 127.0.0.1:8008"));
        assert!(refused("[limits]\nbehind_proxy = \"yes\"").contains("true or false, without quotes"));
        let wrong = refused("[limits]\nconnections = \"many\"\n");
        assert!(wrong.starts_with("openslot.toml, line 2: `connections = \"many\"`: invalid type"), "{wrong}");
        assert!(refused("public_url = \"ftp://x\"").contains("public_url"));
        assert!(refused("[mail.smtp]\nhost = \"mail.example\"\nsecurity = \"none\"").contains("localhost only"));
        assert!(refused("[mail.smtp]\nhost = \"mail.example\"\nsecurity = \"ssl\"").contains("expected one of `starttls`, `tls`, `none`"));
        assert!(
            refused("[mail.smtp]\nhost = \"mail.example\"\nuser = \"x\"\npassword_file = \"/nowhere/at/all\"").contains("/nowhere/at/all")
        );
    }
}
