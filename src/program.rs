//! The program as a whole: parts put together, started and ended. Tests start exactly what `main` starts.
//!
//! Not for: the command line (`main`), settings (`config`).

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::app::{App, Settings};
use crate::config::{self, Config, Mail};
use crate::ical::zone;
use crate::mail::mailer::{FileMailer, Mailer};
use crate::mail::sample;
use crate::mail::smtp::SmtpMailer;
use crate::server::{self, Server};
use crate::store::engine::{Engine, EngineError};
use crate::store::sled::{CACHE_BYTES, SledEngine};
use crate::template::Templates;
use crate::web::Web;
use crate::world::World;
use crate::{control, error};

/// Whether letters that were written to files can be read on a page by everybody: in a demo only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// They can.
    Shown,
    /// They can't.
    Hidden,
}

/// A program that is put together and not yet running.
pub struct Program {
    /// The product, for whoever wants to fill it first.
    pub app: Arc<App>,
    server: Arc<Server>,
    mailer: Arc<dyn Mailer>,
    config: Config,
}

/// A sentence for people.
pub fn sentence(error: error::Error) -> String {
    match error {
        error::Error::Malformed(text) | error::Error::Refused(_, text) | error::Error::Failed(text) => text,
        other => format!("{other:?}"),
    }
}

/// Why the store of a data folder was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unopened {
    /// Another process has it.
    InUse(String),
    /// It can't be made or read.
    Failed(String),
}

impl Unopened {
    /// The sentence for people.
    pub fn sentence(self) -> String {
        match self {
            Unopened::InUse(text) | Unopened::Failed(text) => text,
        }
    }
}

/// Where the store of a data folder lies.
fn store_of(data: &Path) -> PathBuf {
    data.join("store")
}

/// Whether a data folder has a store; nothing is made.
pub fn has_store(data: &Path) -> bool {
    SledEngine::is_there(&store_of(data))
}

/// Opens the store of a data folder; makes the folder where there is none.
pub fn engine(data: &Path) -> Result<Arc<dyn Engine>, Unopened> {
    match SledEngine::open(&store_of(data), CACHE_BYTES) {
        Ok(engine) => Ok(Arc::new(engine)),
        Err(EngineError::InUse) => Err(Unopened::InUse(format!("{}: another openslot uses this data folder", data.display()))),
        Err(EngineError::Failed(text)) => Err(Unopened::Failed(format!("{}: {text}", data.display()))),
        Err(EngineError::Conflict) => Err(Unopened::Failed("the store could not be opened".into())),
    }
}

/// How often deleted collections are looked for.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// Takes a hangup, from now on, for word that templates have been edited; nothing else of a running program comes from files but by `apply`.
/// For a server: a demo ends with its terminal. Must be called inside a tokio runtime.
pub fn reread_at_hangup(app: Arc<App>) -> tokio::task::JoinHandle<()> {
    let hangups = signal(SignalKind::hangup());
    tokio::spawn(async move {
        // Without a handler the signal ends the program, as it does everywhere.
        let Ok(mut hangups) = hangups else { return };
        while hangups.recv().await.is_some() {
            match app.read_templates() {
                Ok(()) => tracing::info!("SIGHUP: the practice's templates were read again; settings are read at the start alone"),
                Err(error) => tracing::warn!(why = sentence(error), "SIGHUP: the practice's templates stay as they were"),
            }
        }
    })
}

/// How long the letter on its way may take at the end. Given up, it stays owed and repeats under its Message-ID; together with the requests
/// under way this is less than the ten seconds after which whoever stops a program begins to kill it.
const LAST_LETTER: Duration = Duration::from_secs(4);

async fn purge(app: Arc<App>) {
    let mut clock = tokio::time::interval(PURGE_EVERY);
    loop {
        clock.tick().await;
        if let Err(error) = app.purge().await {
            tracing::warn!(?error, "deleted collections could not be purged");
        }
    }
}

/// The practice's own templates, checked: from the folder that the settings name, or from `DATA/templates`.
fn templates(config: &Config) -> Result<Templates, String> {
    if let Some(missing) = config.templates.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(format!("templates: there is no folder {}", missing.display()));
    }
    let folder = config.templates.clone().unwrap_or_else(|| config.data.join("templates"));
    let templates = Templates::load(Some(&folder))?;
    sample::check(&templates)?;
    Ok(templates)
}

impl Program {
    /// Puts the parts together. Must be called inside a tokio runtime.
    pub async fn assemble(config: Config, engine: Arc<dyn Engine>, world: Arc<dyn World>, letters: Letters) -> Result<Program, String> {
        if let Some(newer) = config::zoneinfo::read(&config.zoneinfo) {
            let (version, count) = (newer.version().to_owned(), newer.len());
            if zone::adopt(newer) {
                tracing::info!(version, count, folder = %config.zoneinfo.display(), "the system's time zone rules are newer than ours and are used");
            }
        }
        let templates = Arc::new(templates(&config)?);
        let settings = Settings { sender: config.sender(), bookings_per_hour: config.limits.bookings_per_hour };
        let app = Arc::new(App::start(engine, Arc::clone(&world), Arc::clone(&templates), settings).await.map_err(sentence)?);
        let practice = app.practice();
        if let Some(words) = control::unpublished(&practice.unpublished()).filter(|_| !practice.locations.is_empty()) {
            tracing::warn!("{words}");
        }
        let folder = config.data.join("mail");
        let mailer: Arc<dyn Mailer> = match &config.mail {
            Mail::Smtp(settings) => Arc::new(SmtpMailer::new(settings.clone())?),
            Mail::Files => Arc::new(FileMailer::new(&folder)),
        };
        let readable = (letters == Letters::Shown).then_some(folder);
        let mut web = Web::new(Arc::clone(&app), templates, world, Arc::clone(&mailer), &config.public_url, readable)?;
        web.form_seconds = config.limits.form_seconds;
        let server =
            Server { app: Arc::clone(&app), web, connections: config.limits.connections, behind_proxy: config.limits.behind_proxy };
        Ok(Program { app, server: Arc::new(server), mailer, config })
    }

    /// Serves until `stop` is done, then ends cleanly: open pages are closed, requests under way and the letter on its way are finished.
    ///
    /// It ends so too, with a refusal, when the store has failed: all it could still do is refuse, and whoever watches over it can start it
    /// again, which opens the store again.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<(), String> {
        let control = control::listen(Arc::clone(&self.app), &self.config.data);
        if let Err(error) = &control {
            // A folder with a very long name can hold no socket; appointments are worth more than commands.
            tracing::warn!(%error, "no control socket: commands will have to wait until the server is stopped");
        }
        let (end, ended) = watch::channel(false);
        let outbox = tokio::spawn(self.app.outbox(self.mailer).run(ended));
        let purging = tokio::spawn(purge(Arc::clone(&self.app)));
        let failure = self.app.failure();
        let failed = OnceLock::new();
        let over = async {
            tokio::select! {
                () = stop => {}
                why = failure => {
                    tracing::error!(why, "the store takes no more, so this ends: make room on its disk or mend it, then start again; nothing that was answered as done is lost");
                    let _ = failed.set(());
                }
            }
        };
        server::run(Arc::clone(&self.server), listener, over).await;
        purging.abort();
        if let Ok(control) = control {
            control.abort();
        }
        // Nobody listens any more if the outbox has ended by itself.
        let _ = end.send(true);
        let ending = outbox.abort_handle();
        if tokio::time::timeout(LAST_LETTER, outbox).await.is_err() {
            tracing::warn!("the mail server does not answer: the letter on its way is owed, and goes out after the next start");
            ending.abort();
        }
        let _ = std::fs::remove_file(control::socket(&self.config.data));
        match failed.get() {
            None => Ok(()),
            Some(()) => Err("ended, because its store had failed".into()),
        }
    }
}

/// Ctrl-C, or a word from the system; it is heard from the call on, before anybody waits. Must be called inside a tokio runtime.
pub fn told_to_stop() -> impl Future<Output = ()> {
    let words = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        let [interrupt, terminate] = words.map(async |word| match word {
            Ok(mut stream) => {
                stream.recv().await;
            }
            // Without a handler the process ends by it anyway.
            Err(_) => std::future::pending().await,
        });
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}
