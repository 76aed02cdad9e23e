//! libdav, told by library.py what to do: a line of JSON in, a line out.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use hyper::header::{HeaderValue, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use libdav::caldav::{
    CalendarComponent, CreateCalendar, FindCalendarHomeSet, FindCalendars, GetCalendarResources, GetSupportedComponents,
    ListCalendarResources, TimeRange, UtcTimestamp,
};
use libdav::dav::{Delete, ListResources, PutResource, SyncCollection, WebDavClient};
use libdav::{CalDavClient, HttpClient};
use serde_json::{Value, json};
use tower_http::auth::AddAuthorization;
use tower_http::set_header::SetRequestHeader;

type Outcome = Result<Value, Box<dyn Error>>;

const ICALENDAR: &str = "text/calendar; charset=utf-8";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, login, password] = arguments.as_slice() else { panic!("client URL LOGIN PASSWORD") };
    let http = Client::builder(TokioExecutor::new()).build_http();
    let agent = HeaderValue::from_static("libdav-client/0.11");
    let http = SetRequestHeader::overriding(AddAuthorization::basic(http, login, password), USER_AGENT, agent);
    let mut session = Session { webdav: WebDavClient::new(url.parse().expect("a URL"), http), found: None, tokens: HashMap::new() };
    for line in stdin().lock().lines() {
        let words: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let answer = match runtime.block_on(session.act(&words)) {
            Ok(value) => json!({ "value": value }),
            Err(fault) => json!({ "fault": fault.to_string() }),
        };
        let mut out = stdout().lock();
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("somebody listens");
    }
}

/// What an application keeps: the client that discovery gave, and the sync token of each calendar.
struct Session<C: HttpClient> {
    webdav: WebDavClient<C>,
    found: Option<(CalDavClient<C>, String)>,
    tokens: HashMap<String, String>,
}

impl<C: HttpClient + Clone> Session<C> {
    async fn act(&mut self, words: &Value) -> Outcome {
        let word = |name: &str| words[name].as_str().unwrap_or_default();
        if word("verb") == "find" {
            return self.find().await;
        }
        let (client, home) = self.found.as_ref().ok_or("nothing was found yet")?;
        match word("verb") {
            "list" => list(client, word("calendar")).await,
            "read" => read(client, word("calendar"), &words["hrefs"]).await,
            "range" => range(client, word("calendar"), stamp(word("start"))?, stamp(word("end"))?).await,
            "create" => {
                let href = format!("{}{}", word("calendar"), word("name"));
                Ok(json!(client.request(PutResource::new(&href).create(word("data"), ICALENDAR)).await?.etag))
            }
            "update" => Ok(json!(client.request(PutResource::new(word("href")).update(word("data"), ICALENDAR, word("etag"))).await?.etag)),
            "delete" => {
                client.request(Delete::new(word("href")).with_etag(word("etag"))).await?;
                Ok(Value::Null)
            }
            "sync" => sync(client, word("calendar"), &mut self.tokens).await,
            "spoil" => Ok(json!(self.tokens.insert(word("calendar").to_owned(), "urn:nobody:1".to_owned()))),
            "make" => {
                let href = format!("{home}{}/", word("name"));
                let events = [CalendarComponent::VEvent];
                client.request(CreateCalendar::new(&href).with_display_name(word("title")).with_components(&events)).await?;
                Ok(json!(href))
            }
            "remove" => {
                client.request(Delete::new(word("href")).force()).await?;
                Ok(Value::Null)
            }
            other => Err(format!("{other} is not a verb").into()),
        }
    }

    /// From the address that the user typed: discovery, principal, home, calendars.
    async fn find(&mut self) -> Outcome {
        let client = CalDavClient::bootstrap_via_service_discovery(self.webdav.clone()).await?;
        let principal = client.find_current_user_principal().await?.ok_or("no principal")?;
        let homes = client.request(FindCalendarHomeSet::new(principal.path())).await?.home_sets;
        let home = homes.first().ok_or("no home")?.path().to_owned();
        let mut calendars = Vec::new();
        for found in client.request(FindCalendars::new(&home)).await?.calendars {
            let components = client.request(GetSupportedComponents::new(&found.href)).await?.components;
            let components: Vec<&str> = components.iter().map(CalendarComponent::as_str).collect();
            let name = found.properties.iter().find(|(name, _)| name.name() == "displayname").and_then(|(_, value)| value.clone());
            calendars.push(json!({ "href": found.href, "name": name, "components": components, "sync": found.supports_sync }));
        }
        self.found = Some((client, home));
        Ok(json!(calendars))
    }
}

async fn list<C: HttpClient>(client: &CalDavClient<C>, calendar: &str) -> Outcome {
    let listed = client.request(ListResources::new(calendar)).await?.resources;
    let objects = listed.into_iter().filter(|one| !one.resource_type.is_collection);
    Ok(objects.map(|one| json!({ "href": one.href, "etag": one.etag })).collect())
}

async fn read<C: HttpClient>(client: &CalDavClient<C>, calendar: &str, hrefs: &Value) -> Outcome {
    let hrefs: Vec<&str> = hrefs.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let got = client.request(GetCalendarResources::new(calendar).with_hrefs(hrefs)).await?.resources;
    let objects = got.into_iter().map(|one| {
        let content = one.content.map_err(|status| format!("{}: {status}", one.href))?;
        Ok(json!({ "href": one.href, "etag": content.etag, "data": content.data }))
    });
    objects.collect()
}

async fn range<C: HttpClient>(client: &CalDavClient<C>, calendar: &str, start: UtcTimestamp, end: UtcTimestamp) -> Outcome {
    let query =
        ListCalendarResources::new(calendar).with_component_and_time_range(CalendarComponent::VEvent, TimeRange::Between(start, end));
    Ok(client.request(query).await?.resources.into_iter().map(|one| one.href).collect())
}

async fn sync<C: HttpClient>(client: &CalDavClient<C>, calendar: &str, tokens: &mut HashMap<String, String>) -> Outcome {
    let token = tokens.remove(calendar);
    let request = SyncCollection::new(calendar);
    let request = token.iter().fold(request, |request, token| request.with_sync_token(token));
    let news = client.request(request).await?;
    tokens.insert(calendar.to_owned(), news.new_sync_token);
    let changed: Vec<String> = news.changed.into_iter().map(|one| one.href).collect();
    Ok(json!({ "changed": changed, "gone": news.deleted }))
}

/// `2026-01-05T08:00:00+00:00` as iCalendar writes it.
fn stamp(text: &str) -> Result<UtcTimestamp, Box<dyn Error>> {
    Ok(text.replace("+00:00", "Z").replace(['-', ':'], "").parse().map_err(|_| format!("{text} is not a time"))?)
}
