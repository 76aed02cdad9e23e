//! Passwords for calendar programs: the list, a new one, revoking.
//!
//! Not for: how they are kept (`app::login`).

use http::StatusCode;
use serde::Serialize;

use super::form::Fields;
use super::page::Visit;
use super::session::{signed_in, signed_in_form};
use super::wall::Wall;
use crate::exchange::Reply;
use crate::principal::Principal;

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
}

#[derive(Serialize)]
struct DeviceView {
    key: String,
    label: String,
    /// Local.
    created: String,
}

/// What came of adding one.
enum Added {
    Nothing,
    Nameless,
    Secret { label: String, secret: String },
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
    match visit.web.app.add_device(&who, &label).await {
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

async fn show(visit: &Visit<'_>, who: &Principal, added: Added) -> Reply {
    let devices = match visit.web.app.devices(who).await {
        Ok(devices) => devices,
        Err(error) => return visit.error(error),
    };
    // People of the practice think in the time of its first branch.
    let wall = Wall::of(visit.practice.locations.first().map_or("", |location| &location.zone));
    let devices = devices.into_iter().map(|d| DeviceView { key: d.key, label: d.label, created: wall.written(d.created) }).collect();
    let nameless = matches!(added, Added::Nameless);
    let (label, secret) = if let Added::Secret { label, secret } = added { (label, secret) } else { Default::default() };
    let status = if nameless { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let server = format!("{}/", visit.web.public_url);
    let page = DevicesPage { login: who.login.clone(), server, devices, secret, label, nameless };
    visit.page(status, "staff/devices.html", page)
}
