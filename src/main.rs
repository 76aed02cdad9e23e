//! The command line → settings → program.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use openslot::app::login::readable_secret;
use openslot::arguments::{Arguments, Place, UserVerb, Verb};
use openslot::config::{self, Config, Mail, Said, practice};
use openslot::control::{self, Command, Reply};
use openslot::demo;
use openslot::ical::zone::Zone;
use openslot::program::{Letters, Program, Unopened, engine, has_store, reread_at_hangup, sentence, told_to_stop};
use openslot::store::sled::guard;
use openslot::world::{Real, World};
use tokio::net::TcpListener;

/// How long threads may take to end whose work nobody waits for.
const GIVEN_UP: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_max_level(tracing::Level::INFO).init();
    // A panic's own words may quote what a customer typed; where it happened is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if !guard::tells(&place) {
            tracing::error!(place, "panic");
        }
    }));
    let done = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let done = runtime.block_on(perform(arguments.command));
            // What still runs was given up: a name server that does not answer holds a thread for half a minute.
            runtime.shutdown_timeout(GIVEN_UP);
            done
        }
        Err(error) => Err(format!("no runtime: {error}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("openslot: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(verb: Verb) -> Result<(), String> {
    match verb {
        Verb::Demo { listen, data } => try_it(listen, data).await,
        Verb::Serve { config } => serve(config::read(config.as_deref())?).await,
        Verb::Apply { file, place } => command(&place, Command::Apply(Box::new(practice::read(&file)?)), Where::AnyFolder).await,
        Verb::Import { login, calendar, file, place } => {
            let text = config::text(&file)?;
            command(&place, Command::Import { login, calendar, text }, Where::Store).await
        }
        Verb::User(UserVerb::Add { login, name, admin, stdin, take_home, place }) => {
            let (password, shown) = password(stdin)?;
            let add = Command::UserAdd { name: name.unwrap_or_else(|| login.clone()), login, admin, password, take_home };
            command(&place, add, Where::Store).await?;
            show(shown);
            Ok(())
        }
        Verb::User(UserVerb::Passwd { login, stdin, place }) => {
            let (password, shown) = password(stdin)?;
            command(&place, Command::UserPasswd { login, password }, Where::Store).await?;
            show(shown);
            Ok(())
        }
        Verb::User(UserVerb::List { place }) => command(&place, Command::UserList, Where::Store).await,
        Verb::User(UserVerb::Remove { login, delete_home, place }) => {
            command(&place, Command::UserRemove { login, delete_home }, Where::Store).await
        }
    }
}

/// A password from standard input; or one made, and what is to be shown of it once it holds.
fn password(stdin: bool) -> Result<(String, Option<String>), String> {
    if stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(|e| e.to_string())?;
        return Ok((line.trim_end_matches(['\r', '\n']).to_owned(), None));
    }
    let made = readable_secret(Real.fresh());
    Ok((made.clone(), Some(made)))
}

fn show(password: Option<String>) {
    if let Some(password) = password {
        println!("password: {password}");
    }
}

/// How often a command that can neither reach a server nor open the store tries again; an attempt to open it takes half a second.
const STARTING: u32 = 10;

/// Where a command makes sense.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In a folder that has a store.
    Store,
    /// In an empty one too, which gets a store.
    AnyFolder,
}

/// Asks the running server of the data folder, or opens the folder.
async fn command(place: &Place, command: Command, wanted: Where) -> Result<(), String> {
    let mut config = config::read(place.config.as_deref())?;
    if let Some(data) = &place.data {
        config.data.clone_from(data);
        config.said = Said::Explicitly;
    }
    let there = has_store(&config.data);
    let folder = absolute(&config.data);
    if !there && wanted == Where::Store {
        return Err(format!(
            "{}: there is no openslot data in this folder. Name the server's: --config FILE as `openslot serve` has it, or --data DIR; \
             `openslot apply` and `openslot serve` begin a new one.",
            folder.display()
        ));
    }
    if config.said == Said::ByDefault {
        eprintln!("data: {}{}", folder.display(), if there { "" } else { " (new)" });
    }
    let mut tries = STARTING;
    let reply = loop {
        if let Some(reply) = control::ask(&config.data, &command).await {
            break reply?;
        }
        match engine(&config.data) {
            Ok(engine) => {
                let program = Program::assemble(config, engine, Arc::new(Real), Letters::Hidden).await?;
                break control::perform(&program.app, command).await;
            }
            // A server that has the folder and does not listen yet is just being started.
            Err(Unopened::InUse(_)) if tries > 0 => tries -= 1,
            Err(why) => return Err(why.sentence()),
        }
    };
    match reply {
        Reply::Done(lines) => {
            let mut out = std::io::stdout().lock();
            // Whoever reads no further, as `head` does, has read enough.
            let _ = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
            Ok(())
        }
        Reply::Refused(sentence) => Err(sentence),
    }
}

/// As it can be typed anywhere; a folder whose whole name can't be told is called as it was named.
fn absolute(data: &Path) -> PathBuf {
    std::path::absolute(data).unwrap_or_else(|_| data.to_owned())
}

async fn serve(config: Config) -> Result<(), String> {
    let listener = TcpListener::bind(config.listen).await.map_err(|e| format!("{}: {e}", config.listen))?;
    let engine = engine(&config.data).map_err(Unopened::sentence)?;
    config.doubts().iter().for_each(|doubt| tracing::warn!("{doubt}"));
    let (url, data, files) = (config.public_url.clone(), absolute(&config.data), matches!(config.mail, Mail::Files));
    let program = Program::assemble(config, engine, Arc::new(Real), Letters::Hidden).await?;
    let (stop, rereading) = (told_to_stop(), reread_at_hangup(Arc::clone(&program.app)));
    // Only now: whoever reads this may ask at once, and send signals.
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    println!("openslot serves {url} on {address} (data: {})", data.display());
    if files {
        println!(
            "no mail server is set up ([mail.smtp]): letters are only written to {}, nobody receives them",
            data.join("mail").display()
        );
    }
    let served = program.run(listener, stop).await;
    rereading.abort();
    served
}

async fn try_it(listen: SocketAddr, data: Option<PathBuf>) -> Result<(), String> {
    let listener = TcpListener::bind(listen).await.map_err(|e| format!("{listen}: {e}"))?;
    let mut config = config::read(None)?;
    config.listen = listener.local_addr().map_err(|e| e.to_string())?;
    config.public_url = format!("http://{}", config.listen);
    config.from = "termine@mustermann.example".into();
    config.limits.bookings_per_hour = u32::MAX;
    config.limits.form_seconds = 0;
    let passing = data.is_none();
    config.data = data.unwrap_or_else(|| std::env::temp_dir().join(format!("openslot-demo-{}", readable_secret(Real.fresh()))));
    let folder = config.data.clone();
    let served = demonstrate(config, listener).await;
    if passing {
        // A folder that can't be removed is only untidy.
        let _ = std::fs::remove_dir_all(&folder);
    }
    served
}

async fn demonstrate(config: Config, listener: TcpListener) -> Result<(), String> {
    let (url, data) = (config.public_url.clone(), config.data.clone());
    let program = Program::assemble(config, engine(&data).map_err(Unopened::sentence)?, Arc::new(Real), Letters::Shown).await?;
    let today = Zone::named("Europe/Berlin").unwrap_or(Zone::UTC).utc_to_local(Real.now().timestamp()).date();
    demo::fill(&program.app, today).await.map_err(sentence)?;
    let stop = told_to_stop();
    demo::announce(&url, &data);
    program.run(listener, stop).await
}
