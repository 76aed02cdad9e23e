//! What stays behind when everything is deleted: nothing. And the limit on entries.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use super::*;
use crate::app::Settings;
use crate::mail::message::Sender;
use crate::principal::{Role, View};
use crate::store::engine::Engine;
use crate::store::memory::MemoryEngine;
use crate::template::Templates;
use crate::world::Fixed;

struct House {
    app: App,
    engine: Arc<MemoryEngine>,
    anna: Actor,
}

async fn house() -> House {
    let engine = Arc::new(MemoryEngine::new());
    let sender = Sender { address: "a@b.example".into(), host: "b.example".into(), public_url: "https://b.example".into() };
    let (templates, world) = (Arc::new(Templates::load(None).unwrap()), Arc::new(Fixed::at(crate::ical::time::instant(1_774_515_600))));
    let settings = Settings { sender, bookings_per_hour: 1 };
    let app = App::start(Arc::<MemoryEngine>::clone(&engine), world, templates, settings).await.unwrap();
    let principal = Principal { login: "anna".into(), display_name: "Anna".into(), role: Role::Staff, email: None, view: View::Full };
    House { app, engine, anna: Actor::new(principal, "test") }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn path(text: &str) -> Vec<Name> {
    text.split('/').filter(|name| !name.is_empty()).map(|name| Name::new(name).unwrap()).collect()
}

fn transfer(from: &str, to: &str, way: Way) -> Transfer {
    Transfer { from: path(from), to: path(to), way, overwrite: Overwrite::Yes }
}

fn note(text: &str) -> Vec<PropertyChange> {
    let name = PropertyName { namespace: "urn:x".into(), local: "note".into() };
    vec![PropertyChange { name, value: (!text.is_empty()).then(|| format!("<note xmlns=\"urn:x\">{text}</note>")) }]
}

impl House {
    async fn copy(&self, from: &str, to: &str) -> Result<Written> {
        self.app.transfer_file(&self.anna, transfer(from, to, Way::Copy), Condition::Always).await
    }

    /// Keys of bodies, entries, shares and dead properties of files.
    async fn keys(&self) -> usize {
        let mut count = 0;
        for prefix in [&b"fe"[..], b"fb", b"fs", b"df/"] {
            count += self.engine.scan(prefix, None, 1024).await.unwrap().len();
        }
        count
    }
}

#[test]
fn a_login_has_so_many_entries() {
    runtime().block_on(async {
        let house = house().await;
        house.app.make_folder(&house.anna, &path("a"), note("x")).await.unwrap();
        let mut entries = 1;
        // Each copy doubles what there is below the folder.
        while entries * 2 < MAX_ENTRIES {
            house.copy("a", "b").await.unwrap();
            house.app.transfer_file(&house.anna, transfer("b", &format!("a/{entries}"), Way::Move), Condition::Always).await.unwrap();
            entries *= 2;
        }
        let before = house.app.quota(&house.anna.principal).await.unwrap();
        assert!(matches!(house.copy("a", "b").await, Err(Error::Refused(Precondition::QuotaNotExceeded, _))));
        assert_eq!(house.app.quota(&house.anna.principal).await, Ok(before));
        while house.app.make_folder(&house.anna, &path(&format!("c{entries}")), Vec::new()).await.is_ok() {
            entries += 1;
        }
        assert_eq!(entries, MAX_ENTRIES);
        house.app.delete_file(&house.anna, &path("a"), Condition::Always).await.unwrap();
        assert_eq!(house.app.quota(&house.anna.principal).await.unwrap().used, 0);
        house.app.make_folder(&house.anna, &path("a"), Vec::new()).await.unwrap();
    });
}

#[derive(Debug, Clone)]
enum Step {
    Put(String, usize),
    Folder(String),
    Note(String, String),
    Delete(String),
    Transfer(Transfer),
}

fn any_step() -> impl Strategy<Value = Step> {
    let any_path = || "[ab](/[ab]){0,2}";
    let ways = prop_oneof![Just(Way::Move), Just(Way::Copy), Just(Way::CopyAlone)];
    prop_oneof![
        // Of none, one and several pieces.
        (any_path(), prop_oneof![Just(0_usize), Just(10), Just(40_000)]).prop_map(|(path, size)| Step::Put(path, size)),
        any_path().prop_map(Step::Folder),
        (any_path(), "[x]{0,3}").prop_map(|(path, text)| Step::Note(path, text)),
        any_path().prop_map(Step::Delete),
        (any_path(), any_path(), ways).prop_map(|(from, to, way)| Step::Transfer(transfer(&from, &to, way))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_deleted_leaves_nothing(steps in prop::collection::vec(any_step(), 1..60)) {
        runtime().block_on(async {
            let house = house().await;
            let (app, anna) = (&house.app, &house.anna);
            for step in steps {
                // Refusals are part of it: they must leave nothing either.
                let _ = match step {
                    Step::Put(at, size) => app.put_file(anna, &path(&at), Bytes::from(vec![1; size]), "", Condition::Always).await.map(|_| ()),
                    Step::Folder(at) => app.make_folder(anna, &path(&at), note("f")).await,
                    Step::Note(at, text) => app.patch_file(anna, &path(&at), note(&text)).await,
                    Step::Delete(at) => app.delete_file(anna, &path(&at), Condition::Always).await,
                    Step::Transfer(transfer) => app.transfer_file(anna, transfer, Condition::Always).await.map(|_| ()),
                };
            }
            for top in ["a", "b"] {
                let _ = app.delete_file(anna, &path(top), Condition::Always).await;
            }
            assert_eq!(house.keys().await, 0);
            assert_eq!(app.quota(&anna.principal).await, Ok(Quota { used: 0, available: QUOTA }));
        });
    }
}
