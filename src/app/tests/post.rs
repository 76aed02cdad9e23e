//! The outbox while the mail server is away, and what staff do about letters that do not leave.

use std::sync::Mutex;

use super::*;
use crate::mail::mailer::{Cause, Kind, MailFault, Mailer, Sending};
use crate::mail::message::Letter;

/// A mail server that a test turns off, and that may refuse addresses.
#[derive(Default)]
struct Office {
    down: Mutex<bool>,
    /// Refused for good, and for now.
    refused: Mutex<Vec<(&'static str, bool)>>,
    taken: Mutex<Vec<Letter>>,
    tried: Mutex<usize>,
}

impl Office {
    fn turn(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }

    fn taken(&self) -> Vec<(String, String)> {
        self.taken.lock().unwrap().iter().map(|letter| (letter.to.clone(), letter.message_id.clone())).collect()
    }
}

impl Mailer for Office {
    fn send<'a>(&'a self, letter: &'a Letter) -> Sending<'a> {
        Box::pin(async move {
            *self.tried.lock().unwrap() += 1;
            if *self.down.lock().unwrap() {
                return Err(MailFault::Transient(Cause::new(Kind::Other, "connection refused")));
            }
            match self.refused.lock().unwrap().iter().find(|(address, _)| *address == letter.to) {
                Some((_, true)) => return Err(MailFault::Permanent(Cause::new(Kind::Other, "550 no such user"))),
                Some((_, false)) => return Err(MailFault::Transient(Cause::new(Kind::Other, "451 later"))),
                None => {}
            }
            self.taken.lock().unwrap().push(letter.clone());
            Ok(())
        })
    }
}

impl House {
    async fn book_as(&self, email: &str, start: i64) -> String {
        let id = |text: &str| Id(text.into());
        let customer = Customer {
            given_name: "Torsten".into(),
            family_name: "Tester".into(),
            email: email.into(),
            telephone: "0711 123456".into(),
            ..Customer::default()
        };
        let (location, service) = (id("stuttgart"), id("batteriewechsel"));
        let from = [192, 0, 2, 1].into();
        let form = BookingForm {
            location,
            service,
            resource: None,
            start,
            customer,
            language: Language::De,
            form: None,
            from,
            own: Default::default(),
        };
        let token = self.app.book(form).await.unwrap();
        self.app.booking(&token).await.unwrap().booking.uid
    }

    async fn post_of(&self, login: &str) -> letters::Post {
        self.app.post(&self.app.principal_of(login).await.unwrap()).await.unwrap()
    }

    async fn queue_of(&self, login: &str) -> letters::Queue {
        self.app.queue(&self.app.principal_of(login).await.unwrap()).await.unwrap()
    }
}

/// The mail server is away for two hours while 50 people book.
#[test]
fn smtp_down_for_two_hours_during_fifty_bookings() {
    Runtime::new().unwrap().block_on(async {
        let house = house(0).await;
        let office = Arc::new(Office::default());
        let outbox = house.app.outbox(Arc::clone(&office) as Arc<dyn Mailer>);
        office.turn(true);
        let (mut down, mut expected) = (false, Vec::new());
        // A quarter of an hour each, from Wednesday on; five people book ten times.
        for n in 0..50_i64 {
            let email = format!("k{}@example.org", n % 5);
            let uid = house.book_as(&email, at(2 + n / 32, 9) + n % 32 * 900).await;
            expected.push((email, uid));
            house.clock.set(instant(house.app.now() + 144));
            down = outbox.round(down).await.unwrap();
        }
        assert_eq!(house.app.now(), NOW + 7200);
        assert!(office.taken().is_empty() && down);
        assert!(*office.tried.lock().unwrap() < 200, "it waits longer each time: {}", office.tried.lock().unwrap());
        // The dashboard says so, since when, and how many: one to each customer, one copy each.
        let post = house.post_of("anna").await;
        assert_eq!((post.waiting, post.since, post.failed), (100, NOW, 0));
        let late = house.queue_of("anna").await.late;
        assert!(late.len() == 100 && late[0].words == "connection refused" && late[0].attempts > 3 && late[0].may_write);

        office.turn(false);
        for _ in 0..400 {
            down = outbox.round(down).await.unwrap();
            if office.taken().len() == 100 {
                break;
            }
            house.clock.set(instant(house.app.now() + 60));
        }
        let taken = office.taken();
        let ids: std::collections::BTreeSet<&String> = taken.iter().map(|(_, id)| id).collect();
        assert_eq!((taken.len(), ids.len()), (100, 100), "all leave, none twice");
        // In order: for each address the letters as they were owed.
        let uid_of = |id: &str| id.split('.').next().unwrap().to_owned();
        for address in ["k0@example.org", "k1@example.org", "k2@example.org", "k3@example.org", "k4@example.org"] {
            let sent: Vec<String> = taken.iter().filter(|(to, _)| to == address).map(|(_, id)| uid_of(id)).collect();
            let owed: Vec<String> = expected.iter().filter(|(to, _)| to == address).map(|(_, uid)| uid.clone()).collect();
            assert_eq!(sent, owed, "{address}");
        }
        let copies: Vec<String> = taken.iter().filter(|(to, _)| to == "info@mustermann.example").map(|(_, id)| uid_of(id)).collect();
        assert_eq!(copies, expected.iter().map(|(_, uid)| uid.clone()).collect::<Vec<_>>());
        assert_eq!(house.post_of("anna").await, letters::Post { since: house.app.now(), ..letters::Post::default() });
        house.clock.set(instant(house.app.now() + DAY));
        outbox.round(down).await.unwrap();
        assert_eq!(office.taken().len(), 100);
    });
}

#[test]
fn a_later_letter_to_the_same_address_waits_for_the_earlier() {
    Runtime::new().unwrap().block_on(async {
        let house = house(0).await;
        let office = Arc::new(Office::default());
        let outbox = house.app.outbox(Arc::clone(&office) as Arc<dyn Mailer>);
        office.refused.lock().unwrap().push(("slow@example.org", false));
        let first = house.book_as("slow@example.org", at(2, 9)).await;
        let mut down = outbox.round(false).await.unwrap();
        office.refused.lock().unwrap().clear();
        house.clock.set(instant(house.app.now() + 1));
        let second = house.book_as("Slow@example.org", at(2, 10)).await;
        let third = house.book_as("quick@example.org", at(2, 11)).await;
        down = outbox.round(down).await.unwrap();
        let order = |address: &str| -> Vec<String> {
            let taken = office.taken().into_iter().filter(|(to, _)| to.eq_ignore_ascii_case(address));
            taken.map(|(_, id)| id.split('.').next().unwrap().to_owned()).collect()
        };
        assert_eq!(order("quick@example.org"), [third]);
        for _ in 0..3 {
            house.clock.set(instant(house.app.now() + 60));
            down = outbox.round(down).await.unwrap();
        }
        assert_eq!(order("slow@example.org"), [first, second]);
    });
}

#[test]
fn what_is_refused_for_good_is_shown_tried_again_or_dropped() {
    Runtime::new().unwrap().block_on(async {
        let house = house(0).await;
        let office = Arc::new(Office::default());
        let outbox = house.app.outbox(Arc::clone(&office) as Arc<dyn Mailer>);
        office.refused.lock().unwrap().push(("gone@example.org", true));
        let uid = house.book_as("gone@example.org", at(2, 9)).await;
        let other = house.book_as("gone@example.org", at(2, 10)).await;
        outbox.round(false).await.unwrap();
        let failed = house.queue_of("anna").await.failed;
        assert_eq!((house.post_of("anna").await.failed, failed.len()), (2, 2));
        assert_eq!(failed[0].words, "550 no such user");
        let letters = house.app.open(&house.app.principal_of("anna").await.unwrap(), &uid).await.unwrap().letters;
        assert!(
            letters.iter().any(|letter| letter.outcome == Outcome::Rejected("550 no such user".into())),
            "the appointment's history has it"
        );
        let id_of = |uid: &str| failed.iter().find(|late| late.uid == uid).unwrap().id.clone();
        // Who does not see the booking changes nothing about its letters.
        let ben = house.app.send_again(&house.by("ben").await, &uid, &id_of(&uid)).await;
        assert!(matches!(ben, Err(Refusal::NotFound) | Ok(())), "{ben:?}");
        house.app.drop_letter(&house.by("anna").await, &other, &id_of(&other)).await.unwrap();
        assert_eq!(house.queue_of("anna").await.failed.len(), 1);
        // The address is put right in the appointment, and the letter goes there, under its own Message-ID.
        let object = house.get("kabine-1", &format!("{uid}.ics")).await;
        let text = object.master().unwrap().text("DESCRIPTION").unwrap().replace("gone@example.org", "here@example.org");
        let mut editor = Editor::new(&object);
        editor.set_text(object.master().unwrap(), "DESCRIPTION", &text).unwrap();
        house.put("anna", "kabine-1", &format!("{uid}.ics"), editor.finish()).await.unwrap();
        house.app.send_again(&house.by("anna").await, &uid, &id_of(&uid)).await.unwrap();
        outbox.round(false).await.unwrap();
        let sent = office.taken().into_iter().find(|(to, _)| to == "here@example.org").unwrap();
        assert_eq!(sent.1, format!("{}b.example", id_of(&uid)));
        assert_eq!((house.post_of("anna").await.failed, house.queue_of("anna").await), (0, letters::Queue::default()));
    });
}

#[test]
fn a_letter_that_waits_can_be_taken_out() {
    Runtime::new().unwrap().block_on(async {
        let house = house(0).await;
        let office = Arc::new(Office::default());
        let outbox = house.app.outbox(Arc::clone(&office) as Arc<dyn Mailer>);
        office.turn(true);
        let uid = house.book_as("a@example.org", at(2, 9)).await;
        outbox.round(false).await.unwrap();
        for late in house.queue_of("anna").await.late {
            house.app.drop_letter(&house.by("anna").await, &uid, &late.id).await.unwrap();
        }
        office.turn(false);
        house.clock.set(instant(house.app.now() + 3600));
        outbox.round(true).await.unwrap();
        assert!(office.taken().is_empty());
        let letters = house.app.open(&house.app.principal_of("anna").await.unwrap(), &uid).await.unwrap().letters;
        assert!(!letters.is_empty() && letters.iter().all(|letter| letter.outcome == Outcome::Dropped("anna".into())), "{letters:?}");
    });
}

/// A mail server at whose door the customer of another appointment calls it off.
struct Counter {
    app: Arc<App>,
    clock: Arc<Fixed>,
    token: String,
    taken: Mutex<Vec<String>>,
}

impl Mailer for Counter {
    fn send<'a>(&'a self, letter: &'a Letter) -> Sending<'a> {
        Box::pin(async move {
            if self.taken.lock().unwrap().is_empty() {
                self.clock.set(instant(self.app.now() + 100));
                self.app.cancel(&self.token, "").await.unwrap();
            }
            self.taken.lock().unwrap().push(letter.message_id.clone());
            Ok(())
        })
    }
}

#[test]
fn what_is_called_off_while_letters_leave_is_not_confirmed() {
    Runtime::new().unwrap().block_on(async {
        let house = house(120).await;
        let quiet = Arc::new(Office::default());
        let (_, first) = house.book(at(2, 9)).await.unwrap();
        let (token, second) = house.book(at(2, 11)).await.unwrap();
        house.app.outbox(Arc::clone(&quiet) as Arc<dyn Mailer>).round(false).await.unwrap();
        house.act(&first, Act::Confirm).await;
        house.clock.set(instant(house.app.now() + 10));
        house.act(&second, Act::Confirm).await;
        house.clock.set(instant(house.app.now() + 115));
        let counter =
            Arc::new(Counter { app: Arc::clone(&house.app), clock: Arc::clone(&house.clock), token, taken: Mutex::new(Vec::new()) });
        let outbox = house.app.outbox(Arc::clone(&counter) as Arc<dyn Mailer>);
        let taken = || counter.taken.lock().unwrap().iter().map(|id| id.split('@').next().unwrap().to_owned()).collect::<Vec<_>>();
        outbox.round(false).await.unwrap();
        assert!(taken().iter().all(|id| id.starts_with(&first)), "{:?}", taken());
        let before = taken().len();
        outbox.round(false).await.unwrap();
        // The confirmation of what was called off meanwhile is never told: the two letters tell that it was.
        let after: Vec<String> = taken().into_iter().skip(before).collect();
        assert!(after.len() == 2 && after.iter().all(|id| id.starts_with(&second)), "{after:?}");
    });
}
