//! Every letter once, made of an invented appointment: to be looked at before customers are written to, and to try out changed templates.
//!
//! Not for: letters that are sent (`outbox`).

use chrono::{DateTime, TimeDelta, Utc};

use super::message::{self, Letter, Particulars, Sender};
use crate::appointment::booking::{Booking, Customer, Own, State};
use crate::appointment::notice::{Notice, NoticeKind, Recipient};
use crate::appointment::practice::{Id, Language, Practice};
use crate::collection::{CollectionId, Version};
use crate::ical::time::TimeRange;
use crate::template::Templates;

/// A letter by its wording (the `about` of its template), and the appointment that it is about.
pub const LETTERS: [(&str, NoticeKind, State); 8] = [
    ("requested", NoticeKind::Requested, State::Requested),
    ("confirmed", NoticeKind::Confirmed, State::Confirmed),
    ("moved", NoticeKind::Moved, State::Confirmed),
    ("moved-request", NoticeKind::Moved, State::Requested),
    ("cancelled", NoticeKind::Cancelled, State::Cancelled),
    ("declined", NoticeKind::Declined, State::Rejected),
    ("reminder", NoticeKind::Reminder, State::Confirmed),
    ("reminder-request", NoticeKind::Reminder, State::Requested),
];

/// Whether the practice gets a copy of what customers do: of these letters there are two.
pub fn has_copy(about: &str) -> bool {
    matches!(about, "requested" | "confirmed" | "moved" | "moved-request" | "cancelled")
}

/// A letter of an invented customer of this practice. `None` where there is none of this wording to this recipient.
pub fn letter(
    templates: &Templates,
    practice: &Practice,
    about: &str,
    to: Recipient,
    language: Language,
    now: DateTime<Utc>,
) -> Option<Result<Letter, String>> {
    let (_, kind, state) = LETTERS.into_iter().find(|(word, _, _)| *word == about)?;
    if to == Recipient::Practice && !has_copy(about) {
        return None;
    }
    let mut practice = practice.clone();
    if to == Recipient::Practice {
        practice.language = language;
        practice.copy_to.get_or_insert_with(|| "termine@practice.example".into());
    }
    let booking = booking(&practice, state, language, now);
    let sender = Sender {
        address: "termine@practice.example".into(),
        host: "practice.example".into(),
        public_url: "https://practice.example".into(),
    };
    let notice = Notice { uid: booking.uid.clone(), collection: CollectionId(1), version: Version(1), kind, to, sequence: 1 };
    let particulars = Particulars {
        practice: &practice,
        sender: &sender,
        booking: &booking,
        resource: practice.resources.first(),
        beside: &[],
        location: practice.resources.first().and_then(|resource| practice.location(resource.location.as_str())),
        link: "https://practice.example/booking/SAMPLE",
        now,
    };
    Some(message::letter(templates, &notice, &particulars))
}

fn booking(practice: &Practice, state: State, language: Language, now: DateTime<Utc>) -> Booking {
    let start = (now + TimeDelta::days(7)).timestamp();
    let start = start - start.rem_euclid(3600);
    let service = practice.services.first();
    let minutes = service.map_or(60, |service| service.duration_minutes);
    let text = |de: &str, en: &str| if language == Language::De { de.to_owned() } else { en.to_owned() };
    Booking {
        uid: "00000000-0000-4000-8000-000000000000".into(),
        revision: 1,
        state,
        range: TimeRange { start, end: start + i64::from(minutes) * 60 },
        zone: practice.zone().to_owned(),
        service: service.map(|service| service.id.clone()),
        summary: String::new(),
        place: String::new(),
        resources: Vec::new(),
        customer: Customer {
            salutation: text("Frau", "Ms"),
            given_name: "Erika".into(),
            family_name: "Mustermann".into(),
            email: "erika@customer.example".into(),
            telephone: "0711 123456".into(),
            street: text("Beispielweg 1", "Example Road 1"),
            postcode: "12345".into(),
            city: text("Musterstadt", "Sampleton"),
            comment: text("Ein Beispiel.", "A sample."),
            own: vec![Own { id: "own".into(), label: text("Eigenes Feld", "Own field"), value: text("Eigener Wert", "Own value") }],
            reminder: true,
        },
        language,
        repeats: false,
        day: None,
        log: Vec::new(),
        notes: String::new(),
        created: now,
    }
}

/// Hours ahead so many that the sample can no longer be cancelled.
const TOO_LATE: u32 = 10_000;

/// Writes every letter in every language: a template that can't is refused with its file and line. Those to customers are written of an
/// appointment that can be cancelled and of one that no longer can.
pub fn check(templates: &Templates) -> Result<(), String> {
    let (practice, mut late) = (complete(), complete());
    late.services.iter_mut().for_each(|service| service.cancel_hours = TOO_LATE);
    for language in Language::ALL {
        for (about, _, _) in LETTERS {
            for (practice, to) in [(&practice, Recipient::Customer), (&late, Recipient::Customer), (&practice, Recipient::Practice)] {
                if let Some(written) = letter(templates, practice, about, to, language, DateTime::UNIX_EPOCH) {
                    written.map_err(|fault| format!("the letter `{about}` in `{}` can't be written: {fault}", language.tag()))?;
                }
            }
        }
    }
    Ok(())
}

/// A practice that has everything that a letter may speak of.
fn complete() -> Practice {
    use crate::appointment::practice::{Location, Resource, ResourceKind, Text, Week};
    use crate::appointment::service::Service;
    let both = |text: &str| Text(Language::ALL.map(|language| (language, text.to_owned())).into_iter().collect());
    let service = Service::new(Id("sample".into()), both("Sample"), 60);
    let location = Id("sample".into());
    Practice {
        copy_to: Some("termine@practice.example".into()),
        privacy_url: Some("https://practice.example/privacy".into()),
        imprint_url: Some("https://practice.example/imprint".into()),
        notify_grace_seconds: 0,
        open_requests: 1,
        locations: vec![Location {
            id: location.clone(),
            name: "Sample".into(),
            street: "Sample Street 1".into(),
            postcode: "12345".into(),
            city: "Sampleton".into(),
            telephone: "0711 123456".into(),
            email: "sample@practice.example".into(),
            zone: "Europe/Berlin".into(),
            region: None,
            holidays: Default::default(),
            hours: Week::default(),
        }],
        resources: vec![Resource {
            id: Id("sample".into()),
            name: "Sample".into(),
            location,
            kind: ResourceKind::Room,
            hours: None,
            online: true,
            public_busy: false,
        }],
        services: vec![Service { instructions: both("Sample."), cancel_hours: 1, ..service }],
        ..Practice::new("Sample".into(), Language::De)
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::read_letter;
    use super::*;

    #[test]
    fn all_letters_can_be_written_in_all_languages() {
        check(&Templates::load(None).unwrap()).unwrap();
    }

    #[test]
    fn subjects_are_neutral() {
        let templates = Templates::load(None).unwrap();
        let mut practice = complete();
        practice.services[0].name =
            crate::appointment::practice::Text(Language::ALL.map(|l| (l, "Hörtest".to_owned())).into_iter().collect());
        for language in Language::ALL {
            for (about, _, _) in LETTERS {
                let letter = letter(&templates, &practice, about, Recipient::Customer, language, DateTime::UNIX_EPOCH).unwrap().unwrap();
                let shown = read_letter(&letter.octets);
                assert!(!shown.subject.contains("Hörtest") && shown.text.contains("Hörtest"), "{about}: {}", shown.subject);
                let calendar = shown.invitation.map(|part| String::from_utf8(part.octets).unwrap().replace("\r\n ", ""));
                assert!(calendar.is_none_or(|object| !object.contains("Hörtest")), "{about}");
            }
        }
    }

    #[test]
    fn a_template_that_no_letter_can_be_made_of_is_named_with_its_line() {
        let folder = std::env::temp_dir().join(format!("openslot-sample-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("mail")).unwrap();
        std::fs::write(folder.join("mail/customer.txt"), "Hello\n{{ nmae }}\n").unwrap();
        let fault = check(&Templates::load(Some(&folder)).unwrap()).unwrap_err();
        assert!(fault.contains("mail/customer.txt, line 2: "), "{fault}");
        std::fs::write(folder.join("mail/customer.txt"), "Hello\n{{ name }\n").unwrap();
        let fault = Templates::load(Some(&folder)).err().unwrap();
        assert!(fault.contains("mail/customer.txt, line 2: "), "{fault}");
        std::fs::write(folder.join("mail/customer.txt"), "Hello {{ name }}, {{ start|long_date }}\n").unwrap();
        let templates = Templates::load(Some(&folder)).unwrap();
        check(&templates).unwrap();
        let letter =
            letter(&templates, &complete(), "confirmed", Recipient::Customer, Language::En, DateTime::UNIX_EPOCH).unwrap().unwrap();
        assert!(read_letter(&letter.octets).text.contains("Hello Erika Mustermann, Thursday, 8 January 1970"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
