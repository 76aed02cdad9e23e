//! Every operation of the product: read → decide → commit. Both doors (`dav`, `web`) call these and nothing below them.
//!
//! Not for: HTTP, XML, HTML.

pub mod access;
pub mod address;
pub mod admin;
mod blocks;
pub mod booking;
pub mod calendar;
mod change;
mod concerns;
mod credentials;
mod describing;
pub mod devices;
pub mod duplicate;
mod failures;
pub mod feed;
pub mod files;
pub mod former;
mod furnish;
pub mod given;
pub mod hold;
pub mod hours;
mod leaving;
pub mod letters;
pub mod login;
mod looking;
pub mod manage;
pub mod mass;
mod moving;
mod naming;
pub mod principals;
mod promise;
mod purge;
mod reminder;
mod renewing;
pub mod schedule;
pub mod setting;
mod shadow;
pub mod staff;
mod stage;
mod stranded;
pub mod transfer;
mod visits;

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Notify, broadcast};

use self::credentials::Credentials;
use self::devices::Uses;
use self::failures::Failures;
use self::given::Given;
use self::leaving::Leaving;
use self::visits::Visits;
use crate::appointment::link::Secret;
use crate::appointment::practice::{Language, Practice};
use crate::collection::CollectionId;
use crate::error::{Error, Result};
use crate::mail::mailer::Mailer;
use crate::mail::message::Sender;
use crate::mail::outbox::Outbox;
use crate::principal::Principal;
use crate::store::engine::Engine;
use crate::store::txn::Txn;
use crate::store::{Store, key};
use crate::template::Templates;
use crate::world::World;

/// How many news an open page may be behind before it is told to look for itself.
const NEWS: usize = 256;

/// Who does something, through what (`Thunderbird`, `DAVx5`, `staff page`), and on which conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// Through which program; a short name made of the User-Agent, never the whole of it.
    pub via: String,
    /// What must be so for it to be done.
    pub given: Given,
}

impl Actor {
    /// Somebody who sets no conditions.
    pub fn new(principal: Principal, via: impl Into<String>) -> Actor {
        Actor { principal, via: via.into(), given: Given::default() }
    }
}

/// What an open page is told; it asks for the rest itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The list of requests, or a booking in it, has changed.
    Requests,
    /// The program is about to end: close the stream.
    Closing,
}

/// What the server's settings say to the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// In whose name letters go out, and the public address (`https://termine.example`, without a slash at its end).
    pub sender: Sender,
    /// How many bookings one network address may make in an hour.
    pub bookings_per_hour: u32,
}

/// For each booking that an address may make in an hour it may hold so many times: people look at several, and hold each again.
const HOLDS_PER_BOOKING: u32 = 10;

/// The product. One per process; shared by both doors.
pub struct App {
    store: Arc<Store>,
    world: Arc<dyn World>,
    secret: Secret,
    practice: RwLock<Arc<Practice>>,
    /// One reads the practice at a time, so that the last to read is the last to show it.
    reading: tokio::sync::Mutex<()>,
    credentials: Credentials,
    visits: Visits,
    holding: Visits,
    leaving: Arc<Leaving>,
    worked: Arc<hours::AllWorked>,
    blocks: blocks::KeptBlocks,
    uses: Uses,
    failures: Failures,
    events: broadcast::Sender<Event>,
    templates: Arc<Templates>,
    sender: Sender,
    /// Rung when a letter was put into the outbox.
    bell: Arc<Notify>,
}

impl App {
    /// Opens the product on an engine. Must be called inside a tokio runtime.
    pub async fn start(engine: Arc<dyn Engine>, world: Arc<dyn World>, templates: Arc<Templates>, settings: Settings) -> Result<App> {
        let store = Arc::new(Store::open(engine, Arc::clone(&world)).await?);
        let secret = link_secret(&store, world.as_ref()).await?;
        let visits = Visits::new(settings.bookings_per_hour);
        let (events, _) = broadcast::channel(NEWS);
        let credentials = Credentials::new(world.as_ref());
        let failures = Failures::new(world.as_ref());
        let practice = RwLock::new(Arc::new(empty()));
        let (sender, bell) = (settings.sender, Arc::new(Notify::new()));
        let reading = tokio::sync::Mutex::new(());
        let app = App {
            store,
            world,
            secret,
            practice,
            reading,
            credentials,
            visits,
            holding: Visits::new(settings.bookings_per_hour.saturating_mul(HOLDS_PER_BOOKING)),
            leaving: Arc::default(),
            worked: Arc::default(),
            blocks: blocks::KeptBlocks::default(),
            uses: Uses::default(),
            failures,
            events,
            templates,
            sender,
            bell,
        };
        app.reload().await?;
        app.furnish_all().await?;
        Ok(app)
    }

    /// Reads the practice as it stands in the store.
    async fn reload(&self) -> Result<()> {
        let _reading = self.reading.lock().await;
        let practice = match self.store.record::<u64>(&key::setting("practice-size")).await? {
            None => empty(),
            Some(size) => {
                let text = self.store.long(&key::setting("practice"), usize::try_from(size).unwrap_or(0)).await?;
                serde_json::from_slice(&text).map_err(|e| Error::Failed(format!("the practice in the store cannot be read: {e}")))?
            }
        };
        *self.practice.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(practice);
        self.credentials.forget();
        Ok(())
    }

    /// The practice as it is now.
    pub fn practice(&self) -> Arc<Practice> {
        Arc::clone(&self.practice.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The only way to change anything: decides, commits, tells who waits for news. Durable when it answers.
    async fn commit<T, F>(&self, decide: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Txn<'_>) -> Result<T> + Send + 'static,
    {
        let (value, touched) = self.store.commit(decide).await?;
        if touched.practice {
            self.reload().await?;
        }
        if touched.bookings {
            // Nobody may be looking.
            let _ = self.events.send(Event::Requests);
        }
        if touched.outbox {
            self.bell.notify_one();
        }
        Ok(value)
    }

    /// A change that somebody wants, on the conditions that they set.
    async fn commit_by<T, F>(&self, by: &Actor, mut decide: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Txn<'_>) -> Result<T> + Send + 'static,
    {
        let given = by.given.clone();
        self.commit(move |txn| {
            given.check(txn)?;
            decide(txn)
        })
        .await
    }

    /// Refuses with [`Error::Stale`] where somebody's conditions do not hold; changes nothing.
    pub async fn check(&self, by: &Actor) -> Result<()> {
        if by.given == Given::default() { Ok(()) } else { self.commit_by(by, |_| Ok(())).await }
    }

    /// The present, in seconds.
    pub fn now(&self) -> i64 {
        self.world.now().timestamp()
    }

    /// The collection of a resource.
    async fn collection_of(&self, resource: &str) -> Result<Option<CollectionId>> {
        self.store.record(&key::resource(resource)).await
    }

    /// The staff page of a booking.
    fn page_of(&self, uid: &str) -> String {
        format!("{}/staff/appointment/{uid}", self.sender.public_url)
    }

    /// What sends this product's letters through a mailer, for as long as the program runs.
    pub fn outbox(self: &Arc<App>, mailer: Arc<dyn Mailer>) -> Outbox {
        let app = Arc::clone(self);
        Outbox {
            store: Arc::clone(&self.store),
            world: Arc::clone(&self.world),
            templates: Arc::clone(&self.templates),
            sender: self.sender.clone(),
            secret: self.secret.clone(),
            practice: Box::new(move || app.practice()),
            mailer,
            bell: Arc::clone(&self.bell),
        }
    }

    /// Done, with the reason, once the store has failed: nothing is changed any more, and only opening it again helps.
    pub fn failure(&self) -> impl Future<Output = String> + Send + use<> {
        self.store.failure()
    }

    /// The last word before the program ends: open pages are closed.
    pub fn close(&self) {
        let _ = self.events.send(Event::Closing);
    }
}

/// A practice before anything was applied: it has no locations, and its pages say so.
fn empty() -> Practice {
    Practice::new("openslot".into(), Language::De)
}

/// The secret of links: made once, kept in the store.
async fn link_secret(store: &Store, world: &dyn World) -> Result<Secret> {
    let mut fresh = [0; 32];
    let random = [world.fresh(), world.fresh()].concat();
    fresh.iter_mut().zip(random).for_each(|(to, from)| *to = from);
    let (octets, _) = store
        .commit(move |txn| {
            let key = key::setting("link-secret");
            if let Some(kept) = txn.locked(&key)? {
                return Ok(kept);
            }
            let made = bytes::Bytes::copy_from_slice(&fresh);
            txn.write(key, made.clone());
            Ok(made)
        })
        .await?;
    let secret: [u8; 32] = octets.as_ref().try_into().map_err(|_| Error::Failed("the store's secret for links is damaged".into()))?;
    Ok(Secret(secret))
}

#[cfg(test)]
mod tests;
