//! The command line beside a running server.
//!
//! sled belongs to one process. A server therefore listens on a socket in its data folder, which only its own user may open; a
//! command goes there, and opens the store itself where nobody listens. One line of JSON each way. Not for: HTTP (`server`).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::app::App;
use crate::app::former::{Former, Home};
use crate::appointment::practice::{Practice, ResourceKind};
use crate::error::{Error, Result};
use crate::principal::Role;

/// The longest request: an imported calendar in JSON.
const MAX_REQUEST: u64 = 64 * 1024 * 1024;

/// How long to wait after a connection could not be accepted.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// What the command line asks for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Command {
    /// Make the practice so.
    Apply(Box<Practice>),
    /// Add a login.
    UserAdd {
        /// Its name.
        login: String,
        /// For people.
        name: String,
        /// Whether it may do everything.
        admin: bool,
        /// Its password.
        password: String,
        /// Whether it gets the home of a former login of its name.
        take_home: bool,
    },
    /// Give a login a new password.
    UserPasswd {
        /// Whose.
        login: String,
        /// The new one.
        password: String,
    },
    /// List the logins.
    UserList,
    /// Remove a login.
    UserRemove {
        /// Which.
        login: String,
        /// Whether its home is deleted too.
        delete_home: bool,
    },
    /// Import a calendar.
    Import {
        /// Whose.
        login: String,
        /// Into which of its calendars.
        calendar: String,
        /// The file.
        text: String,
    },
}

/// Lines to print, or a sentence why not.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// It is done and on disk.
    Done(Vec<String>),
    /// Nothing has changed.
    Refused(String),
}

/// Where a data folder's server listens.
pub fn socket(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Does what is asked.
pub async fn perform(app: &App, command: Command) -> Reply {
    let done = match command {
        Command::Apply(practice) => apply(app, *practice).await,
        Command::UserAdd { login, name, admin, password, take_home } => {
            let role = if admin { Role::Admin } else { Role::Staff };
            let former = if take_home { Former::Taken } else { Former::Refused };
            app.add_login(&login, &name, role, &password, former).await.map(|()| vec![format!("added {login}")])
        }
        Command::UserPasswd { login, password } => {
            app.set_password(&login, &password).await.map(|()| vec![format!("{login} has a new password")])
        }
        Command::UserList => list(app).await,
        Command::UserRemove { login, delete_home } => remove(app, &login, delete_home).await,
        Command::Import { login, calendar, text } => {
            app.import(&login, &calendar, text.into()).await.map(|count| vec![format!("imported {count} objects into {calendar}")])
        }
    };
    match done {
        Ok(lines) => Reply::Done(lines),
        Err(error) => Reply::Refused(sentence(error)),
    }
}

/// What becomes of the home is said: it holds more than the login.
async fn remove(app: &App, login: &str, delete_home: bool) -> Result<Vec<String>> {
    if delete_home {
        app.remove_login(login, Home::Deleted).await?;
        // Whoever asked waits for it, so that the name is free when the command ends; what is broken off here a running server goes on with.
        app.purge().await?;
        return Ok(vec![format!("removed {login} with its calendars, address books and files")]);
    }
    app.remove_login(login, Home::Kept).await?;
    Ok(vec![
        format!("removed {login}"),
        format!(
            "its calendars, address books and files are kept, and nobody else gets the name: `openslot user remove {login} --delete-home`"
        ),
        format!("deletes them, `openslot user add {login} --take-home` gives them back"),
    ])
}

/// What to say to the operator of booking pages that customers can't see yet.
pub fn unpublished(missing: &[&str]) -> Option<String> {
    (!missing.is_empty()).then(|| format!("the booking pages are not published: the practice's file has no {}", missing.join(" and no ")))
}

async fn apply(app: &App, practice: Practice) -> Result<Vec<String>> {
    let (missing, unsaid) = (practice.unpublished(), without_needs(&practice));
    let mut lines = app.apply(practice).await?;
    let hired = lines.iter().any(|line| line.starts_with("+ staff "));
    if lines.is_empty() {
        lines.push("nothing to change".into());
    }
    lines.extend(unpublished(&missing));
    lines.extend(unsaid);
    lines.extend(if hired { without_password(app).await? } else { None });
    // What has been applied stays so, whether or not this can be read.
    if let Ok(counts) = app.stranded_by_resource().await {
        lines.extend(counts.iter().map(|(resource, count)| stranded(resource.as_str(), *count)));
    }
    Ok(lines)
}

/// What to say of services for which the file does not say whom or what they take.
fn without_needs(practice: &Practice) -> Option<String> {
    let open: Vec<&str> = practice.services.iter().filter(|service| service.needs.is_empty()).map(|service| service.id.as_str()).collect();
    let people = practice.resources.iter().any(|resource| resource.kind == ResourceKind::Person);
    (!open.is_empty() && practice.resources.len() > 1).then(|| {
        format!(
            "without `resources` and `need`, a service takes any one resource of the branch{}: {}",
            if people { ", people as well as rooms" } else { "" },
            open.join(", ")
        )
    })
}

/// Who cannot sign in yet, and what helps.
async fn without_password(app: &App) -> Result<Option<String>> {
    let waiting: Vec<String> =
        app.logins().await?.into_iter().filter(|login| !login.has_password).map(|login| login.login.to_string()).collect();
    Ok((!waiting.is_empty())
        .then(|| format!("no password yet: {}; `openslot user passwd LOGIN`, with the same --config, makes one", waiting.join(", "))))
}

/// What to say to the operator of appointments to come whose resource the file no longer has.
fn stranded(resource: &str, count: usize) -> String {
    let stand = if count == 1 { "1 appointment to come stands".into() } else { format!("{count} appointments to come stand") };
    format!(
        "{stand} with `{resource}`, which the practice no longer has: no customer is told before an administrator calls them off on the staff \
         page; `{resource}` in the file again brings them back"
    )
}

async fn list(app: &App) -> Result<Vec<String>> {
    let line = |login: crate::app::admin::ListedLogin| {
        let role = if login.role == Role::Admin { "admin" } else { "staff" };
        let note = if login.has_password { "" } else { "  (no password yet: openslot user passwd)" };
        format!("{:<20} {role:<6} {}{note}", login.login, login.display_name)
    };
    let former = |(login, home): (String, Home)| {
        let note = if home == Home::Kept { "its home is kept" } else { "its home is being deleted" };
        format!("{login:<20} removed, {note}")
    };
    let logins = app.logins().await?.into_iter().map(line);
    Ok(logins.chain(app.former_logins().await?.into_iter().map(former)).collect())
}

fn sentence(error: Error) -> String {
    match error {
        Error::Malformed(sentence) | Error::Refused(_, sentence) | Error::Declined(sentence) | Error::Failed(sentence) => sentence,
        Error::NotFound => "There is no such calendar for this login.".into(),
        Error::Busy => "The store is busy; try again.".into(),
        other => format!("{other:?}"),
    }
}

/// Listens for commands until dropped. A socket that a killed server left behind is replaced: whoever holds the store's lock is
/// the only server there is.
pub fn listen(app: Arc<App>, data: &Path) -> std::io::Result<tokio::task::JoinHandle<()>> {
    let path = socket(data);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Out of file descriptors: waiting a moment is all that helps.
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                // Whoever asked and hung up needs no answer.
                let _ = serve(&app, stream).await;
            });
        }
    }))
}

async fn serve(app: &App, stream: UnixStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(MAX_REQUEST)).read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(command) => perform(app, command).await,
        Err(_) => Reply::Refused("The server is of another version than this command.".into()),
    };
    write.write_all(serde_json::to_string(&reply).unwrap_or_default().as_bytes()).await?;
    write.write_all(b"\n").await
}

/// Asks the server of a data folder; `None` where none listens.
pub async fn ask(data: &Path, command: &Command) -> Option<std::result::Result<Reply, String>> {
    let mut stream = UnixStream::connect(socket(data)).await.ok()?;
    Some(exchange(&mut stream, command).await.map_err(|e| format!("the server broke off: {e}")))
}

async fn exchange(stream: &mut UnixStream, command: &Command) -> std::io::Result<Reply> {
    let mut line = serde_json::to_string(command)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await?;
    let mut reply = String::new();
    BufReader::new(stream).read_line(&mut reply).await?;
    Ok(serde_json::from_str(&reply)?)
}
