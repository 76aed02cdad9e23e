//! Something that takes letters, and the one that writes them to files.
//!
//! Not for: trying again (`outbox`), SMTP (`smtp`).

use std::fs::{self, File};
use std::future::Future;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::message::Letter;
use crate::appointment::notice::Outcome;

/// At most so many letters are listed.
pub const LISTED: usize = 200;
/// At most so many names of the folder are looked at.
const SCANNED: usize = 100_000;
/// A larger file is none of ours.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Octets of a file's name before `.eml`.
const NAME_LENGTH: usize = 240;

/// What kind of thing went wrong; all that a log may say of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nobody listens there.
    Refused,
    /// No way leads there.
    Unreachable,
    /// The name of the server has no address.
    Name,
    /// The server's certificate.
    Certificate,
    /// TLS otherwise.
    Tls,
    /// User and password.
    Authentication,
    /// No answer in time.
    Silent,
    /// An answer that is a refusal; it has a code.
    Answer,
    /// The letter's own addresses.
    Address,
    /// The folder of letters.
    Folder,
    /// Anything else.
    Other,
}

impl Kind {
    /// The common ones: what they are called where they are told in other languages, and the sentence that is kept, with which words begin.
    pub const TOLD: [(Kind, &str, &str); 7] = [
        (Kind::Refused, "refused", "The mail server refuses connections"),
        (Kind::Unreachable, "unreachable", "The mail server can't be reached"),
        (Kind::Name, "name", "The mail server's name is not known"),
        (Kind::Certificate, "certificate", "The mail server's certificate is not accepted"),
        (Kind::Tls, "tls", "The connection to the mail server can't be encrypted"),
        (Kind::Authentication, "authentication", "The mail server does not accept user and password"),
        (Kind::Silent, "silent", "The mail server does not answer"),
    ];
}

/// Which of the common causes words begin with, empty for none, and what they say beyond it.
pub fn told(words: &str) -> (&'static str, &str) {
    let found = Kind::TOLD.into_iter().find_map(|(_, word, sentence)| Some((word, words.strip_prefix(sentence)?)));
    found.map_or(("", words), |(word, rest)| (word, rest.trim_start_matches([':', '.', ' '])))
}

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What it was.
    pub kind: Kind,
    /// The server's answer's number.
    pub code: Option<u16>,
    /// One line that holds no address.
    pub words: String,
}

impl Cause {
    /// One of ours, without a server's answer.
    pub fn new(kind: Kind, words: impl Into<String>) -> Cause {
        Cause { kind, code: None, words: words.into() }
    }

    /// Of a kind, with the sentence for it where there is one, and with details of whoever saw it.
    pub fn told(kind: Kind, code: Option<u16>, detail: &str) -> Cause {
        let sentence = Kind::TOLD.into_iter().find(|(told, ..)| *told == kind).map(|(_, _, sentence)| sentence);
        let words = match sentence {
            Some(sentence) if detail.is_empty() => format!("{sentence}."),
            Some(sentence) => format!("{sentence}: {detail}"),
            None => detail.to_owned(),
        };
        Cause { kind, code, words }
    }
}

/// A letter that did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFault {
    /// Worth another try.
    Transient(Cause),
    /// Never going to work.
    Permanent(Cause),
}

/// The answer to a letter that was handed over.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailFault>> + Send + 'a>>;

/// Takes letters. A letter handed over twice under one Message-ID may arrive twice, but must not be lost.
pub trait Mailer: Send + Sync {
    /// Hands a letter over; `Ok` once somebody else, or the disk, answers for it.
    fn send<'a>(&'a self, letter: &'a Letter) -> Sending<'a>;

    /// What has become of a letter that was handed over.
    fn taken(&self) -> Outcome {
        Outcome::Sent
    }
}

/// Writes letters to a folder, one file each, named by Message-ID. A letter that is there already is left alone.
#[derive(Debug, Clone)]
pub struct FileMailer {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// One writer at a time, so that a temporary file belongs to one letter.
    writing: Mutex<()>,
}

/// A letter in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its file's name, with `.eml`.
    pub name: String,
    /// When it was written.
    pub written: DateTime<Utc>,
}

impl FileMailer {
    /// A mailer for a folder, which is made when the first letter comes.
    pub fn new(folder: impl Into<PathBuf>) -> FileMailer {
        FileMailer { folder: Arc::new(Folder { path: folder.into(), writing: Mutex::new(()) }) }
    }

    /// The letters, newest first, at most [`LISTED`]. None where there is no folder yet.
    pub async fn list(&self) -> io::Result<Vec<Listed>> {
        let folder = Arc::clone(&self.folder);
        blocking(move || folder.list()).await
    }

    /// A letter's octets by its file's name; `None` where there is none of this name.
    pub async fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_letter_name(name) {
            return Ok(None);
        }
        let path = self.folder.path.join(name);
        blocking(move || read(&path)).await
    }
}

impl Mailer for FileMailer {
    fn taken(&self) -> Outcome {
        Outcome::Filed
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> Sending<'a> {
        let (folder, name, octets) = (Arc::clone(&self.folder), file_name(&letter.message_id), letter.octets.clone());
        Box::pin(async move {
            blocking(move || folder.write(&name, &octets)).await.map_err(|e| {
                MailFault::Transient(Cause::new(Kind::Folder, format!("The letter can't be written to its folder: {}.", e.kind())))
            })
        })
    }
}

impl Folder {
    /// Written whole under another name, then renamed: a letter that is in the folder is complete, whenever the power fails.
    fn write(&self, name: &str, octets: &[u8]) -> io::Result<()> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        make(&self.path)?;
        let path = self.path.join(name);
        if !path.try_exists()? {
            let unfinished = self.path.join(format!(".{name}.part"));
            let mut file = create(&unfinished)?;
            file.write_all(octets)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)?;
        }
        // Also where the file was there: it may have been renamed just before a crash.
        File::open(&self.path)?.sync_all()
    }

    fn list(&self) -> io::Result<Vec<Listed>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e),
        };
        let mut found = Vec::new();
        for entry in entries.take(SCANNED) {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().filter(|name| is_letter_name(name)).map(str::to_owned) else { continue };
            // A letter that somebody has just deleted is not an error of the list.
            if let Ok(written) = entry.metadata().and_then(|m| m.modified()) {
                found.push((written, name));
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        Ok(found.into_iter().take(LISTED).map(|(written, name)| Listed { name, written: written.into() }).collect())
    }
}

/// Makes a folder, and those above it, into which only this user may look: letters say who has an appointment.
fn make(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

/// A file that only this user may read, wherever the folder is.
fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut octets = Vec::new();
    file.take(LARGEST).read_to_end(&mut octets)?;
    Ok(Some(octets))
}

/// The file of a Message-ID: nothing in it can leave the folder or hide in it.
fn file_name(message_id: &str) -> String {
    let plain: String = message_id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(NAME_LENGTH).collect();
    match plain.strip_prefix('.') {
        Some(rest) => format!("_{rest}.eml"),
        None => format!("{plain}.eml"),
    }
}

fn is_letter_name(name: &str) -> bool {
    name.chars().all(is_plain) && name.ends_with(".eml") && !name.starts_with('.')
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '@' | '_' | '-')
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(io::Error::other(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own, which goes with it.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str) -> Temporary {
            let path = std::env::temp_dir().join(format!("openslot-mailer-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Temporary(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn letter(message_id: &str, text: &str) -> Letter {
        Letter { message_id: message_id.into(), from: "a@b.example".into(), to: "c@d.example".into(), octets: text.as_bytes().to_vec() }
    }

    #[test]
    fn common_causes_are_told_apart_from_their_details() {
        for (kind, word, _) in Kind::TOLD {
            assert_eq!(told(&Cause::told(kind, None, "").words), (word, ""));
            assert_eq!(told(&Cause::told(kind, None, "535 no").words), (word, "535 no"));
        }
        assert_eq!(told(&Cause::told(Kind::Answer, Some(550), "550 no such user").words), ("", "550 no such user"));
    }

    #[tokio::test]
    async fn a_letter_is_written_once() {
        let folder = Temporary::new("once");
        let mailer = FileMailer::new(folder.0.join("mail"));
        assert_eq!(mailer.list().await.unwrap(), []);
        mailer.send(&letter("u.1.requested.customer@h", "first")).await.unwrap();
        mailer.send(&letter("u.1.requested.customer@h", "again")).await.unwrap();
        mailer.send(&letter("u.2.confirmed.customer@h", "second")).await.unwrap();
        let mut names: Vec<String> = mailer.list().await.unwrap().into_iter().map(|listed| listed.name).collect();
        names.sort();
        assert_eq!(names, ["u.1.requested.customer@h.eml", "u.2.confirmed.customer@h.eml"]);
        assert_eq!(mailer.read(&names[0]).await.unwrap().unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.0.join("mail")).unwrap().count(), 2);
        let mode = fs::metadata(folder.0.join("mail").join(&names[0])).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    }

    #[tokio::test]
    async fn the_newest_comes_first_and_what_is_left_of_a_crash_is_not_listed() {
        let folder = Temporary::new("order");
        let mailer = FileMailer::new(&folder.0);
        for (at, name) in ["b", "a", "c"].into_iter().enumerate() {
            mailer.send(&letter(name, name)).await.unwrap();
            let written = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000 + at as u64);
            File::options().write(true).open(folder.0.join(format!("{name}.eml"))).unwrap().set_modified(written).unwrap();
        }
        fs::write(folder.0.join(".d.eml.part"), b"half").unwrap();
        let names: Vec<String> = mailer.list().await.unwrap().into_iter().map(|listed| listed.name).collect();
        assert_eq!(names, ["c.eml", "a.eml", "b.eml"]);
        mailer.send(&letter("d", "whole")).await.unwrap();
        assert_eq!(mailer.read("d.eml").await.unwrap().unwrap(), b"whole");
    }

    #[tokio::test]
    async fn no_name_leaves_the_folder() {
        let folder = Temporary::new("escape");
        let mailer = FileMailer::new(folder.0.join("mail"));
        mailer.send(&letter("../../x/é@h", "text")).await.unwrap();
        assert_eq!(mailer.list().await.unwrap()[0].name, "_._.._x__@h.eml");
        fs::write(folder.0.join("secret.eml"), b"secret").unwrap();
        for name in ["../secret.eml", "..", ".eml", "", "/etc/passwd", "a.eml\0"] {
            assert_eq!(mailer.read(name).await.unwrap(), None, "{name}");
        }
        assert_eq!(mailer.read("nothing.eml").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let folder = Temporary::new("file");
        fs::write(&folder.0, b"not a folder").unwrap();
        let result = FileMailer::new(folder.0.join("mail")).send(&letter("a", "b")).await;
        assert!(matches!(result, Err(MailFault::Transient(_))), "{result:?}");
        let _ = fs::remove_file(&folder.0);
    }
}
