//! Passwords for calendar programs: the list, a new one, revoking.
//!
//! Not for: how they are kept (`app::login`).

use http::StatusCode;
use serde::Serialize;

use super::form::Fields;
use super::page::Visit;
use super::session::{signed_in, signed_in_form};
use super::wall::Wall;
use crate::app::devices::DevicePassword;
use crate::exchange::Reply;
use crate::principal::{Principal, View};

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

async fn show(visit: &Visit<'_>, who: &Principal, added: Added) -> Reply {
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
    let (label, secret) = if let Added::Secret { label, secret } = added { (label, secret) } else { Default::default() };
    let status = if nameless { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let server = format!("{}/", visit.web.public_url);
    let page = DevicesPage { login: who.login.clone(), server, devices, secret, label, nameless, views: View::ALL.map(View::word) };
    visit.page(status, "staff/devices.html", page)
}
