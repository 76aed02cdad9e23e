//! A VEVENT seen as an appointment.
//!
//! Not for: what a change of it meant (`gesture`), who is told (`notice`).

use chrono::{DateTime, Utc};
use minicbor::{Decode, Encode};

use super::practice::{Id, Language};
use crate::ical::time::TimeRange;

/// Where a booking stands. There is no other record of it than the event's own lines and its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum State {
    /// Asked for on the web; blocks its time.
    #[n(0)]
    Requested,
    /// Staff have confirmed.
    #[n(1)]
    Confirmed,
    /// Cancelled by customer or staff; its time is free.
    #[n(2)]
    Cancelled,
    /// Staff have declined the request; its time is free.
    #[n(3)]
    Rejected,
    /// The customer came.
    #[n(4)]
    Attended,
    /// The customer did not come.
    #[n(5)]
    NoShow,
}

/// What the customer typed. Each value is one line without control characters; empty where nothing was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// `Herr`, `Frau`, or what the practice offers.
    pub salutation: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub telephone: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// Comment; several lines are joined by ` / `.
    pub comment: String,
}

impl Customer {
    /// The fields' names, in the order of the form.
    pub const FIELDS: [&'static str; 9] =
        ["salutation", "given_name", "family_name", "email", "telephone", "street", "postcode", "city", "comment"];

    /// A field by its name.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "salutation" => &self.salutation,
            "given_name" => &self.given_name,
            "family_name" => &self.family_name,
            "email" => &self.email,
            "telephone" => &self.telephone,
            "street" => &self.street,
            "postcode" => &self.postcode,
            "city" => &self.city,
            "comment" => &self.comment,
            _ => "",
        }
    }

    /// A field to write, by its name.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "salutation" => &mut self.salutation,
            "given_name" => &mut self.given_name,
            "family_name" => &mut self.family_name,
            "email" => &mut self.email,
            "telephone" => &mut self.telephone,
            "street" => &mut self.street,
            "postcode" => &mut self.postcode,
            "city" => &mut self.city,
            "comment" => &mut self.comment,
            _ => return None,
        })
    }

    /// `Given Family`, without salutation.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// An appointment, as read from its VEVENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// UID of the event: a UUID.
    pub uid: String,
    /// X-OPENSLOT-REV: how often the server has written it.
    pub revision: u32,
    /// Where it stands.
    pub state: State,
    /// When.
    pub range: TimeRange,
    /// IANA zone in which it was written.
    pub zone: String,
    /// What for.
    pub service: Option<Id>,
    /// SUMMARY without our prefix.
    pub summary: String,
    /// LOCATION as written.
    pub place: String,
    /// Who.
    pub customer: Customer,
    /// In which language the customer is written to.
    pub language: Language,
    /// Staff's own notes, below `Notizen`.
    pub notes: String,
    /// When it was asked for.
    pub created: DateTime<Utc>,
}
