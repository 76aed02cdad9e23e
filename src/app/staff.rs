//! What staff do on their pages. The same acts as through a calendar program, over the same code path.

use tokio::sync::broadcast;

use super::{Actor, App, Event};
use crate::appointment::booking::{Booking, State};
use crate::appointment::notice::Delivery;
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::principal::Principal;

/// A booking in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The appointment.
    pub booking: Booking,
    /// The resource whose calendar holds it.
    pub resource: Id,
    /// The branch of the resource.
    pub location: Id,
    /// Whether another opaque event overlaps it in the same calendar.
    pub overlaps: bool,
}

/// One line of a booking's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Seconds since 1970, UTC.
    pub at: i64,
    /// The login, or `None` for the customer.
    pub by: Option<String>,
    /// Through which program.
    pub via: String,
    /// What it meant, one of: `requested`, `confirmed`, `moved`, `cancelled`, `declined`, `attended`, `no-show`, `reopened`, `edited`, `deleted`.
    pub what: String,
    /// Where it stood afterwards.
    pub state: State,
}

/// A booking, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The booking as listed.
    pub listed: Listed,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
    /// The letters about it and how sending them went, oldest first; those still waiting have no outcome in `waiting`.
    pub letters: Vec<Delivery>,
    /// Kinds of letters that have not left yet, by word (`confirmed/customer`).
    pub waiting: Vec<String>,
    /// Whether this login may change it.
    pub may_write: bool,
}

/// What staff can do with a booking by a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A request becomes an appointment.
    Confirm,
    /// A request is turned down.
    Decline,
    /// An appointment is called off.
    Cancel,
    /// The customer came.
    Attended,
    /// The customer did not come.
    NoShow,
}

impl App {
    /// Open requests in the calendars this login sees, newest first.
    pub async fn requests(&self, who: &Principal) -> Result<Vec<Listed>, Refusal> {
        let _ = who;
        todo!()
    }

    /// Bookings of the next `days` days from now in the calendars this login sees, by start, whatever their state.
    pub async fn upcoming(&self, who: &Principal, days: u32) -> Result<Vec<Listed>, Refusal> {
        let _ = (who, days);
        todo!()
    }

    /// A booking by its UID, with its history.
    pub async fn open(&self, who: &Principal, uid: &str) -> Result<Opened, Refusal> {
        let _ = (who, uid);
        todo!()
    }

    /// Does it. Done twice it is refused with [`Refusal::WrongState`] or does nothing.
    pub async fn act(&self, by: &Actor, uid: &str, act: Act) -> Result<(), Refusal> {
        let _ = (by, uid, act);
        todo!()
    }

    /// News for an open page. Nothing is sent that this login may not see; only that something changed.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        todo!()
    }
}
