//! What a customer books: the template of a booking's VEVENT, with every rule that a practice may give it.
//!
//! Not for: whether a time is free under these rules (`slot`), reading them (`config::practice::service`). No RFC: these are the trade's own words.

use serde::{Deserialize, Serialize};

use super::practice::{Id, Text};

/// The most fields of one service, and the most boxes.
pub const MAX_LIST: usize = 50;

/// What a customer books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// In addresses, and X-OPENSLOT-SERVICE of a booking.
    pub id: Id,
    /// What customers read.
    pub name: Text,
    /// What staff read, where that is another name.
    #[serde(default)]
    pub internal_name: Option<String>,
    /// The heading under which it is offered.
    #[serde(default)]
    pub group: Option<Text>,
    /// A sentence below its name.
    pub description: Text,
    /// What the customer should know or bring: on the form, on the appointment's page and in its letters.
    #[serde(default)]
    pub instructions: Text,
    /// How long it takes.
    pub duration_minutes: u32,
    /// A slot may start every so many minutes from opening.
    pub step_minutes: u32,
    /// On this finer grid a slot may start too, where it touches what is taken: so gaps are filled.
    #[serde(default)]
    pub gap_step_minutes: Option<u32>,
    /// So many minutes before an appointment its resources are taken for its preparation; they need not lie in opening hours.
    #[serde(default)]
    pub before_minutes: u16,
    /// So many after it for its follow-up; likewise.
    #[serde(default)]
    pub after_minutes: u16,
    /// A slot must start at least so many hours from now.
    pub lead_hours: u32,
    /// The customer may move an appointment until so many hours before it.
    #[serde(default)]
    pub move_hours: u32,
    /// The customer may cancel an appointment until so many hours before it.
    #[serde(default)]
    pub cancel_hours: u32,
    /// A slot must start at most so many days from today.
    pub horizon_days: u32,
    /// At most so many a day at one location.
    #[serde(default)]
    pub per_day: Option<u32>,
    /// At most so many a week, from Monday on, at one location.
    #[serde(default)]
    pub per_week: Option<u32>,
    /// How many requests of this service one contact may have open, or appointments ahead where they are confirmed at once; the practice's own
    /// limit counts all services.
    #[serde(default)]
    pub open_requests: Option<u32>,
    /// What a booking is at first.
    #[serde(default)]
    pub initial: Initial,
    /// Whether a booking leaves its resources free (TRANSP:TRANSPARENT): a telephone appointment, a drop-in.
    #[serde(default)]
    pub transparent: bool,
    /// What it needs, all at once; empty: any one resource of the location. Customers choose among the first need's.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Where it is done; empty: everywhere.
    #[serde(default)]
    pub locations: Vec<Id>,
    /// Whether it is offered to those only who have its link.
    #[serde(default)]
    pub hidden: bool,
    /// How many customers share one appointment; 1 but for groups.
    #[serde(default = "one")]
    pub capacity: u32,
    /// What else the form asks for, in this order.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// What the customer is asked to agree to, each with a box of its own that is never ticked beforehand.
    #[serde(default)]
    pub consents: Vec<Consent>,
}

impl Service {
    /// A service under the rules that need no thought: any one resource, a day ahead, two months far, a request at first.
    pub fn new(id: Id, name: Text, duration_minutes: u32) -> Service {
        Service {
            id,
            name,
            internal_name: None,
            group: None,
            description: Text::default(),
            instructions: Text::default(),
            duration_minutes,
            step_minutes: duration_minutes.min(30),
            gap_step_minutes: None,
            before_minutes: 0,
            after_minutes: 0,
            lead_hours: 24,
            move_hours: 0,
            cancel_hours: 0,
            horizon_days: 60,
            per_day: None,
            per_week: None,
            open_requests: None,
            initial: Initial::Request,
            transparent: false,
            needs: Vec::new(),
            locations: Vec::new(),
            hidden: false,
            capacity: 1,
            fields: Vec::new(),
            consents: Vec::new(),
        }
    }
}

fn one() -> u32 {
    1
}

/// So many of these resources at once: 1 of two cabins; 2 of three nurses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// How many; at least 1.
    pub count: u32,
    /// Of which; empty: of all at the location.
    pub of: Vec<Id>,
}

/// What a booking is at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Initial {
    /// A request, that staff confirm.
    #[default]
    Request,
    /// Confirmed at once.
    Confirmed,
}

/// A field of a service's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name in the form.
    pub id: Id,
    /// Its label, for people and in DESCRIPTION.
    pub label: Text,
    /// What is filled in.
    pub kind: FieldKind,
    /// Whether it must be.
    pub required: bool,
}

/// What is filled into a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Text,
    /// One of these.
    Choice(Vec<Text>),
    /// Yes or no.
    Checkbox,
    /// A day.
    Date,
}

/// What the customer is asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its name in the form.
    pub id: Id,
    /// The sentence.
    pub text: Text,
    /// Whether nothing is booked without it.
    pub required: bool,
}
