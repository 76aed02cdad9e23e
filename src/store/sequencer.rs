//! One line for all writers of this process: decisions run one after another, their batches become one commit, one flush.
//!
//! With a collection's version as its lock, eight parallel writers would conflict seven times a flush; here they never do.
//! Between processes on one engine the lock decides, and the group is decided anew. A commit that the medium did not take is the last: the
//! line goes on answering, with refusals, and says so to whoever can end the program. Not for: what is decided (`app`).

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::{oneshot, watch};

use super::caches::Caches;
use super::engine::{Batch, Engine, EngineError};
use super::failed;
use super::overlay::{Overlay, Touched};
use super::txn::Txn;
use super::wait::wait;
use crate::collection::Version;
use crate::error::{Error, Result};

/// How many decisions one flush serves at most.
const MAX_GROUP: usize = 256;

/// How often a group is decided anew because another process was faster.
const MAX_ATTEMPTS: usize = 8;

/// A decision, waiting in line.
trait Job: Send {
    /// Decides. May be called again where the engine found a conflict: nothing but the transaction may be changed.
    fn decide(&mut self, txn: &mut Txn<'_>) -> bool;
    /// What it decided is durable, or never will be.
    fn finish(self: Box<Self>, outcome: Result<Touched>);
}

struct Pending<T, F> {
    decide: F,
    decided: Option<Result<T>>,
    done: oneshot::Sender<Result<(T, Touched)>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: FnMut(&mut Txn<'_>) -> Result<T> + Send,
{
    fn decide(&mut self, txn: &mut Txn<'_>) -> bool {
        // A fault in one decision must not end the line for all.
        let decided = catch_unwind(AssertUnwindSafe(|| (self.decide)(txn)));
        let decided = decided.unwrap_or_else(|_| Err(Error::Failed("a decision panicked".into())));
        let keeps = decided.is_ok();
        self.decided = Some(decided);
        keeps
    }

    fn finish(self: Box<Self>, outcome: Result<Touched>) {
        let answer = match (self.decided, outcome) {
            (Some(Ok(value)), Ok(touched)) => Ok((value, touched)),
            // A refusal may rest on what others in the group wrote, so it too is told only after the commit.
            (Some(Err(refusal)), Ok(_)) => Err(refusal),
            (_, Err(error)) => Err(error),
            (None, Ok(_)) => Err(Error::Failed("a decision was never made".into())),
        };
        // Whoever asked may have gone away; what was decided stands all the same.
        let _ = self.done.send(answer);
    }
}

/// The line.
pub struct Sequencer {
    jobs: Sender<Box<dyn Job>>,
    failure: watch::Receiver<Option<String>>,
}

impl Sequencer {
    /// Starts the thread that decides and commits. It ends when the sequencer is dropped, after the last job.
    pub fn start(engine: Arc<dyn Engine>, caches: Arc<Caches>, floor: Version) -> std::io::Result<Sequencer> {
        let (jobs, waiting) = channel();
        let (fail, failure) = watch::channel(None);
        let thread = std::thread::Builder::new().name("sequencer".into());
        thread.spawn(move || run(&waiting, &Line { engine: engine.as_ref(), caches: &caches, floor, fail }))?;
        Ok(Sequencer { jobs, failure })
    }

    /// Decides and commits: the answer and what was touched, once it is durable.
    pub async fn commit<T, F>(&self, decide: F) -> Result<(T, Touched)>
    where
        T: Send + 'static,
        F: FnMut(&mut Txn<'_>) -> Result<T> + Send + 'static,
    {
        let (done, answer) = oneshot::channel();
        let gone = || Error::Failed("the sequencer has ended".into());
        self.jobs.send(Box::new(Pending { decide, decided: None, done })).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Why the medium takes no more, once it does not: whatever is asked from then on is refused until the engine is opened again.
    pub fn failure(&self) -> impl Future<Output = String> + Send + use<> {
        let mut failure = self.failure.clone();
        async move {
            match failure.wait_for(Option::is_some).await {
                Ok(why) => why.clone().unwrap_or_default(),
                Err(_) => "the sequencer has ended".into(),
            }
        }
    }
}

/// What the line's thread works with.
struct Line<'a> {
    engine: &'a dyn Engine,
    caches: &'a Caches,
    floor: Version,
    fail: watch::Sender<Option<String>>,
}

impl Line<'_> {
    /// A batch that breaks a rule is one decision's fault, and is told from a medium that fails before the engine has it.
    fn commit(&self, batch: Batch) -> std::result::Result<(), EngineError> {
        batch.check()?;
        // An engine that panics must not end the line for all.
        let done = catch_unwind(AssertUnwindSafe(|| wait(self.engine.commit(batch))));
        let done = done.unwrap_or_else(|_| Err(EngineError::Failed("the engine panicked".into())));
        if let Err(EngineError::Failed(why)) = &done {
            // The first reason is the cause; later ones only say that there was one.
            self.fail.send_if_modified(|known| {
                let first = known.is_none();
                if first {
                    *known = Some(why.clone());
                }
                first
            });
        }
        done
    }
}

fn run(waiting: &Receiver<Box<dyn Job>>, line: &Line<'_>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(MAX_GROUP - 1));
        let outcomes = serve(&mut group, line);
        for (job, outcome) in group.into_iter().zip(outcomes) {
            job.finish(outcome);
        }
    }
}

/// Decides a group and commits it; what each job is told.
fn serve(group: &mut [Box<dyn Job>], line: &Line<'_>) -> Vec<Result<Touched>> {
    for _ in 0..MAX_ATTEMPTS {
        let mut overlay = Overlay::default();
        let mut touched = Vec::with_capacity(group.len());
        for job in group.iter_mut() {
            let mut txn = Txn::new(line.engine, &line.caches.indexes, &overlay, line.floor);
            let keeps = job.decide(&mut txn);
            let own = if keeps { txn.into_overlay() } else { Overlay::default() };
            touched.push(own.touched);
            overlay.take(own);
        }
        if overlay.writes.is_empty() {
            return touched.into_iter().map(Ok).collect();
        }
        let steps = overlay.steps();
        let batch = Batch { expect: overlay.expect.into_iter().collect(), write: overlay.writes.into_iter().collect() };
        match line.commit(batch) {
            Ok(()) => {
                line.caches.publish(steps);
                return touched.into_iter().map(Ok).collect();
            }
            Err(EngineError::Conflict) => {}
            Err(error) => {
                let error = failed(error);
                return group.iter().map(|_| Err(error.clone())).collect();
            }
        }
    }
    group.iter().map(|_| Err(Error::Busy)).collect()
}
