//! What a request says must be so of anything it names, for it to be done: the header `If`, looked up.
//!
//! It is decided together with the change itself, so that "if nobody has changed this calendar since" is a promise.
//! Not for: reading the header (`dav`), conditions on the one object that is written (`collection::Condition`).
//! RFC 4918 §10.4.3 and §10.4.4, RFC 6578 §5.

use super::files;
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Name, Version};
use crate::error::{Error, Result};
use crate::principal::Login;
use crate::store::txn::Txn;

/// Lists of terms: at least one list must hold. Without any, nothing was given, and everything may be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given(pub Vec<Vec<Term>>);

/// One term of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Of what.
    pub subject: Subject,
    /// What is asked of it.
    pub state: State,
    /// Whether it must be so, or must not.
    pub sense: Sense,
}

/// What a term speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An object of a collection, which may be there or not, as the caller is shown it.
    Object(CollectionId, Name, Lens),
    /// A collection.
    Collection(CollectionId),
    /// A file, which may be there or not.
    File(Login, Vec<Name>),
    /// Something without tags and tokens, or that the caller knows nothing of.
    Other,
}

/// A state that something may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It has this tag, without quotes.
    Etag(String),
    /// It is at this version.
    Version(Version),
    /// The one that it was in when the request was read: homes and inboxes have no version that a commit could be held to.
    Always,
    /// One that nothing is ever in: a lock's, since there are no locks.
    Never,
}

/// Whether a term is negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// It must be so.
    Is,
    /// It must not be so.
    IsNot,
}

impl Given {
    /// Refuses with [`Error::Stale`] where no list holds.
    pub(super) fn check(&self, txn: &mut Txn<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        for list in &self.0 {
            if holds(list, txn)? {
                return Ok(());
            }
        }
        Err(Error::Stale)
    }
}

/// Whether all terms of a list hold.
fn holds(list: &[Term], txn: &mut Txn<'_>) -> Result<bool> {
    for term in list {
        if is(term, txn)? != (term.sense == Sense::Is) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is(term: &Term, txn: &mut Txn<'_>) -> Result<bool> {
    Ok(match (&term.subject, &term.state) {
        (_, State::Always) => true,
        (Subject::Object(id, name, lens), State::Etag(tag)) => {
            txn.entry(*id, name)?.is_some_and(|entry| lens.etag(&entry.etag).as_str() == tag)
        }
        (Subject::File(login, path), State::Etag(tag)) => files::etag_of(txn, login, path)?.is_some_and(|etag| etag.as_str() == tag),
        (Subject::Collection(id), State::Version(version)) => txn.version(*id)? == *version,
        _ => false,
    })
}
