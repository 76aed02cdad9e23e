//! Passwords for calendar programs: the list, a new one, revoking; beside them addresses without a login, and how programs are told.
//!
//! Not for: how they are kept (`app::login`), making addresses (`feeds`).

use http::StatusCode;
use serde::Serialize;

use super::dns;
use super::feeds::{self, FeedsView};
use super::form::Fields;
use super::page::Visit;
use super::session::{signed_in, signed_in_form};
use super::wall::Wall;
use crate::app::devices::DevicePassword;
use crate::exchange::Reply;
use crate::principal::{Principal, Role, View};

/// The longest name of a device, in characters.
const MAX_LABEL: usize = 60;

#[derive(Serialize)]
struct DevicesPage {
    /// The login, as calendar programs ask for it.
    login: String,
    /// Where calendar programs find the calendars.
    server: String,
    /// Oldest first.
    devices: Vec<DeviceView>,
    /// The secret of the one just made, or empty. It is shown this once.
    secret: String,
    /// What the one just made is called.
    label: String,
    /// Whether a name was missing.
    nameless: bool,
    /// Addresses without a login.
    feeds: FeedsView,
    /// Lines of a zone file, for administrators; empty for others.
    dns: Vec<String>,
    /// What a device can be shown, the fullest first.
    views: [&'static str; 3],
}

#[derive(Serialize)]
struct DeviceView {
    key: String,
    label: String,
    /// Local.
    created: String,
    /// Local, or empty where it never was.
    used: String,
    /// `full`, `name` or `busy`.
    view: &'static str,
}

/// What came of adding one.
pub enum Added {
    /// None was.
    Nothing,
    /// It had no name.
    Nameless,
    /// A device's password.
    Secret {
        /// What the device is called.
        label: String,
        /// Shown this once.
        secret: String,
    },
    /// An address without a login.
    Feed(String),
}

/// The list.
pub async fn list(visit: Visit<'_>) -> Reply {
    match signed_in(visit).await {
        Ok((visit, who)) => show(&visit, &who, Added::Nothing).await,
        Err(reply) => reply,
    }
}

/// Makes one. The answer is the page itself, not a redirect: the secret is kept nowhere from which another page could take it.
pub async fn add(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let label: String = fields.get("label").unwrap_or("").trim().chars().filter(|c| !c.is_control()).take(MAX_LABEL).collect();
    if label.is_empty() {
        return show(&visit, &who, Added::Nameless).await;
    }
    let view = fields.get("view").and_then(View::from_word).unwrap_or(View::Full);
    match visit.web.app.add_device(&who, &label, view).await {
        Ok(secret) => show(&visit, &who, Added::Secret { label, secret }).await,
        Err(error) => visit.error(error),
    }
}

/// Revokes one.
pub async fn revoke(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    match visit.web.app.revoke_device(&who, fields.get("key").unwrap_or("")).await {
        Ok(()) => visit.see("/staff/devices"),
        Err(error) => visit.error(error),
    }
}

/// The page.
pub async fn show(visit: &Visit<'_>, who: &Principal, added: Added) -> Reply {
    let devices = match visit.web.app.devices(who).await {
        Ok(devices) => devices,
        Err(error) => return visit.error(error),
    };
    // People of the practice think in the time of its first branch.
    let wall = Wall::of(visit.practice.locations.first().map_or("", |location| &location.zone));
    let view = |device: DevicePassword| DeviceView {
        key: device.key,
        label: device.label,
        created: wall.written(device.created),
        used: device.used.map_or_else(String::new, |used| wall.written(used)),
        view: device.view.min(who.view).word(),
    };
    let devices = devices.into_iter().map(view).collect();
    let nameless = matches!(added, Added::Nameless);
    let (label, secret, made) = match added {
        Added::Secret { label, secret } => (label, secret, String::new()),
        Added::Feed(address) => (String::new(), String::new(), address),
        Added::Nothing | Added::Nameless => Default::default(),
    };
    let feeds = match feeds::view(visit, who, &wall, made).await {
        Ok(feeds) => feeds,
        Err(error) => return visit.error(error),
    };
    let public_url = &visit.web.public_url;
    let dns = if who.role == Role::Admin { dns::records(dns::domain(who.email.as_deref(), public_url), public_url) } else { Vec::new() };
    let status = if nameless { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (server, views) = (format!("{public_url}/"), View::ALL.map(View::word));
    let page = DevicesPage { login: who.login.clone(), server, devices, secret, label, nameless, feeds, dns, views };
    visit.page(status, "staff/devices.html", page)
}
