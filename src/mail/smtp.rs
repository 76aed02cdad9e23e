//! Letters → a mail server, by lettre.
//!
//! A connection for each letter: a practice sends a few an hour, and a connection that was given up in the middle of an answer can
//! never be taken for a good one. Not for: trying again (`outbox`). RFC 5321, 3207, 4954, 8314.

mod cause;

use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use self::cause::{Step, cause};
use super::mailer::{Cause, Kind, MailFault, Mailer, Sending};
use super::message::Letter;

/// The farewell may take so long; the letter has left by then.
const QUIT_SECONDS: u64 = 5;

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in the clear and must become TLS before anything is said; port 587.
    StartTls,
    /// TLS from the first octet; port 465.
    Tls,
    /// None; port 25. For a server on the same machine.
    None,
}

/// Where letters are handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Where it is not the usual one.
    pub port: Option<u16>,
    /// How.
    pub security: Security,
    /// As whom; nobody where there is no user.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<String>,
    /// A certificate authority of one's own, as the PEM file's octets, beside those that browsers know.
    pub authority: Option<Vec<u8>>,
    /// How long a letter may take from the connection to the server's last word.
    pub timeout_seconds: u64,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Settings end up in logs; passwords must not.
        let Self { host, port, security, user, timeout_seconds, password: _, authority: _ } = self;
        write!(f, "SmtpSettings {{ {host:?}, {port:?}, {security:?}, {user:?}, {timeout_seconds} s }}")
    }
}

/// Hands letters to a mail server.
pub struct SmtpMailer {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

impl SmtpMailer {
    /// A mailer for a server; nothing is sent yet. Refused where the host can't be a server's name or the authority is no certificate.
    pub fn new(settings: SmtpSettings) -> Result<SmtpMailer, String> {
        let tls = match settings.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(tls(&settings).map_err(|e| format!("The mail server '{}': {e}", settings.host))?),
        };
        Ok(SmtpMailer { settings, tls, hello: ClientId::default() })
    }

    fn port(&self) -> u16 {
        self.settings.port.unwrap_or(match self.settings.security {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }

    /// A connection on which more can be said.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = self.tls.clone().filter(|_| self.settings.security == Security::Tls);
        let server = (self.settings.host.as_str(), self.port());
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, wrapper, None).await?;
        if let (Security::StartTls, Some(tls)) = (self.settings.security, &self.tls) {
            // Fails where the server does not offer it: nothing is ever said in the clear.
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        Ok(connection)
    }

    async fn sign_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Error> {
        let Some(user) = &self.settings.user else { return Ok(()) };
        let password = self.settings.password.clone().unwrap_or_default();
        connection.auth(DEFAULT_MECHANISMS, &Credentials::new(user.clone(), password)).await?;
        Ok(())
    }

    async fn hand_over(&self, letter: &Letter) -> Result<AsyncSmtpConnection, MailFault> {
        let envelope = envelope(letter)?;
        // A server that does not let us in has not judged the letter, whatever the number of its answer.
        let outside = |step| move |error: Error| MailFault::Transient(cause(&error, step, letter));
        let mut connection = self.connect().await.map_err(outside(Step::Connecting))?;
        self.sign_in(&mut connection).await.map_err(outside(Step::SigningIn))?;
        connection.send(&envelope, &letter.octets).await.map_err(|e| judged(&e, letter))?;
        Ok(connection)
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> Sending<'a> {
        Box::pin(async move {
            let limit = Duration::from_secs(self.settings.timeout_seconds.max(1));
            let Ok(result) = tokio::time::timeout(limit, self.hand_over(letter)).await else {
                return Err(MailFault::Transient(Cause::told(Kind::Silent, None, "")));
            };
            let mut connection = result?;
            // The letter is theirs already; a bad farewell must not send it again.
            let _ = tokio::time::timeout(Duration::from_secs(QUIT_SECONDS), connection.quit()).await;
            Ok(())
        })
    }
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, Error> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authority {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    builder.build()
}

fn envelope(letter: &Letter) -> Result<Envelope, MailFault> {
    let address = |written: &str| {
        written.parse::<Address>().map_err(|_| MailFault::Permanent(Cause::new(Kind::Address, "The e-mail address is not valid.")))
    };
    let (from, to) = (address(&letter.from)?, address(&letter.to)?);
    Envelope::new(Some(from), vec![to]).map_err(|_| MailFault::Permanent(Cause::new(Kind::Address, "The letter has no recipient.")))
}

/// Only an answer of the 500s to this letter is for good (RFC 5321 §4.2.1).
fn judged(error: &Error, letter: &Letter) -> MailFault {
    let cause = cause(error, Step::Letter, letter);
    if error.is_permanent() { MailFault::Permanent(cause) } else { MailFault::Transient(cause) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    /// What a server says to each command; it has to read the message itself.
    struct Sink {
        greeting: &'static str,
        rcpt: &'static str,
        data: &'static str,
        auth: &'static str,
    }

    const GOOD: Sink = Sink { greeting: "220 sink", rcpt: "250 ok", data: "250 taken", auth: "235 welcome" };

    /// Serves one connection and answers all that it was told after DATA.
    async fn serve(listener: TcpListener, sink: Sink) -> Vec<u8> {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut taken = Vec::new();
        stream.get_mut().write_all(format!("{}\r\n", sink.greeting).as_bytes()).await.unwrap();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return taken;
            }
            let answer = match line.split_whitespace().next().unwrap_or("") {
                "EHLO" => "250-sink\r\n250 AUTH PLAIN",
                "RCPT" => sink.rcpt,
                "AUTH" => sink.auth,
                "DATA" => {
                    stream.get_mut().write_all(b"354 go on\r\n").await.unwrap();
                    while !taken.ends_with(b"\r\n.\r\n") {
                        assert_ne!(stream.read_until(b'\n', &mut taken).await.unwrap(), 0);
                    }
                    sink.data
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            // A client that has heard enough may be gone.
            let _ = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
        }
    }

    fn letter() -> Letter {
        let octets = b"Subject: x\r\n\r\n.a line that begins with a dot\r\nend\r\n".to_vec();
        Letter { message_id: "1.requested.customer@h".into(), from: "a@sender.example".into(), to: "t.tester@example.org".into(), octets }
    }

    fn settings(port: u16) -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".into(),
            port: Some(port),
            security: Security::None,
            user: None,
            password: None,
            authority: None,
            timeout_seconds: 20,
        }
    }

    async fn send(sink: Sink, change: impl FnOnce(&mut SmtpSettings)) -> (Result<(), MailFault>, Vec<u8>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = settings(listener.local_addr().unwrap().port());
        change(&mut settings);
        let served = tokio::spawn(serve(listener, sink));
        let result = SmtpMailer::new(settings).unwrap().send(&letter()).await;
        (result, served.await.unwrap())
    }

    #[tokio::test]
    async fn a_letter_arrives_as_it_is() {
        let (result, taken) = send(GOOD, |_| ()).await;
        assert_eq!(result, Ok(()));
        let text = String::from_utf8(taken).unwrap();
        assert_eq!(text.trim_end(), "Subject: x\r\n\r\n..a line that begins with a dot\r\nend\r\n\r\n.");
    }

    #[tokio::test]
    async fn a_server_that_is_busy_is_asked_again() {
        let (result, _) = send(Sink { data: "451 4.3.0 try again later", ..GOOD }, |_| ()).await;
        assert!(
            matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words.contains("451") && words.contains("try again later")),
            "{result:?}"
        );
    }

    #[tokio::test]
    async fn a_recipient_that_is_unknown_is_given_up_without_the_address() {
        let (result, taken) =
            send(Sink { rcpt: "550-5.1.1 <t.tester@example.org>: no\r\n550 mailbox t.tester here", ..GOOD }, |_| ()).await;
        let Err(MailFault::Permanent(Cause { words, .. })) = result else { panic!("{result:?}") };
        assert!(words.contains("550") && words.contains("no mailbox … here"), "{words}");
        assert!(!words.contains("tester") && !words.contains('\n'), "{words}");
        assert_eq!(taken, b"");
    }

    #[tokio::test]
    async fn a_server_that_lets_nobody_in_has_not_judged_the_letter() {
        let (result, _) = send(Sink { greeting: "554 no service", ..GOOD }, |_| ()).await;
        assert!(matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words.contains("554")), "{result:?}");
        let wrong_password = |settings: &mut SmtpSettings| settings.user = Some("practice".into());
        let (result, _) = send(Sink { auth: "535 5.7.8 wrong", ..GOOD }, wrong_password).await;
        assert!(
            matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words == "The mail server does not accept user and password: 535 5.7.8 wrong"),
            "{result:?}"
        );
    }

    #[tokio::test]
    async fn nothing_is_said_in_the_clear_where_tls_is_asked_for() {
        let (result, taken) = send(GOOD, |settings| settings.security = Security::StartTls).await;
        assert!(matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words.contains("STARTTLS")), "{result:?}");
        assert_eq!(taken, b"");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_tried_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let result = SmtpMailer::new(settings(port)).unwrap().send(&letter()).await;
        assert!(
            matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words == "The mail server refuses connections."),
            "{result:?}"
        );
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_is_left() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = settings(listener.local_addr().unwrap().port());
        settings.timeout_seconds = 1;
        let result = SmtpMailer::new(settings).unwrap().send(&letter()).await;
        assert!(
            matches!(&result, Err(MailFault::Transient(Cause { words, .. })) if words == "The mail server does not answer."),
            "{result:?}"
        );
        drop(listener);
    }

    #[test]
    fn an_authority_that_is_no_certificate_is_refused() {
        let wrong = |authority: &str| SmtpSettings { security: Security::Tls, authority: Some(authority.into()), ..settings(465) };
        assert!(SmtpMailer::new(wrong("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).is_err());
    }

    #[test]
    fn settings_do_not_show_the_password() {
        let shown = format!("{:?}", SmtpSettings { password: Some("hush".into()), ..settings(25) });
        assert!(shown.contains("127.0.0.1") && !shown.contains("hush"));
    }
}
