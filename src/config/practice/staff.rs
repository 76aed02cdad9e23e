//! `[[staff]]` of `practice.toml` → a checked [`Staff`].
//!
//! Not for: what their roles and grants allow (`principal`). No RFC: the practice grants in these words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::place::known_resource;
use super::value::{Checked, address, wrong};
use crate::appointment::practice::{GrantWord, Resource, Staff};
use crate::principal::{Grant, LOGIN_RULE, Role, View, is_login};

/// So many calendars one person is granted at most: what a login is granted is one record.
const MAX_GRANTS: usize = 300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    login: Spanned<String>,
    name: String,
    email: Option<Spanned<String>>,
    #[serde(default = "no_more_than_staff")]
    role: Role,
    #[serde(default)]
    calendars: BTreeMap<Spanned<String>, GrantWord>,
    customers: Option<Spanned<GrantWord>>,
    hours: Option<Spanned<GrantWord>>,
    sees: Option<Spanned<String>>,
}

fn no_more_than_staff() -> Role {
    Role::Staff
}

/// Checks one person; `logins` are those of the people before them.
pub(super) fn check(file: &File, resources: &[Resource], logins: &mut BTreeSet<String>) -> Checked<Staff> {
    let login = file.login.get_ref();
    if let Some((surplus, _)) = file.calendars.iter().nth(MAX_GRANTS) {
        return Err(wrong(surplus, format!("nobody is granted more than {MAX_GRANTS} calendars one by one; an administrator has all")));
    }
    if !is_login(login) {
        return Err(wrong(&file.login, LOGIN_RULE));
    }
    if !logins.insert(login.clone()) {
        return Err(wrong(&file.login, format!("there is another `{login}`")));
    }
    let grant = |(id, word): (&Spanned<String>, &GrantWord)| Ok((known_resource(id, resources)?, Grant::from(*word)));
    Ok(Staff {
        login: login.clone(),
        name: file.name.clone(),
        email: file.email.as_ref().map(address).transpose()?,
        role: file.role,
        grants: file.calendars.iter().map(grant).collect::<Checked<_>>()?,
        customers: file.customers.as_ref().map(|word| readable(word, "the customers on file")).transpose()?,
        hours: file.hours.as_ref().map(|word| readable(word, "opening hours")).transpose()?,
        sees: file.sees.as_ref().map_or(Ok(View::Full), view)?,
    })
}

/// Of cards and of opening hours nobody can be told no more than when they are busy: they never are.
fn readable(word: &Spanned<GrantWord>, what: &str) -> Checked<Grant> {
    match Grant::from(*word.get_ref()) {
        Grant::FreeBusy => Err(wrong(word, format!("{what} are granted to read or to write"))),
        grant => Ok(grant),
    }
}

fn view(word: &Spanned<String>) -> Checked<View> {
    let words = || View::ALL.map(View::word).join(", ");
    View::from_word(word.get_ref()).ok_or_else(|| wrong(word, format!("what somebody sees of customers' data is one of {}", words())))
}
