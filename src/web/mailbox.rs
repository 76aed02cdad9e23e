//! The demo's mails, readable in the browser.
use super::page::Visit;
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;
pub fn list(visit: &Visit) -> Reply {
    visit.refusal(Refusal::NotFound)
}
pub fn letter(visit: &Visit, _: &str) -> Reply {
    visit.refusal(Refusal::NotFound)
}
pub fn html(visit: &Visit, _: &str) -> Reply {
    visit.refusal(Refusal::NotFound)
}
pub fn part(visit: &Visit, _: &str, _: usize) -> Reply {
    visit.refusal(Refusal::NotFound)
}
