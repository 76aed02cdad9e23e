//! What a service may say and ask: own fields, consents, instructions, groups, hidden and restricted services.

use super::*;
use crate::appointment::practice::{Language, Text};
use crate::appointment::service::{Consent, Field, FieldKind, Service};

fn field(id: &str, label: (&str, &str), kind: FieldKind, required: bool) -> Field {
    Field { id: Id(id.into()), label: sample::text(label.0, label.1), kind, required }
}

/// A practice whose consultation asks for more than every form does.
fn asking() -> Practice {
    let mut practice = practice();
    let ears = FieldKind::Choice(vec![sample::text("links", "left"), sample::text("rechts", "right")]);
    let service = &mut practice.services[0];
    service.fields = vec![
        field("device", ("Gerät", "Device"), FieldKind::Text, true),
        field("ear", ("Ohr", "Ear"), ears, true),
        field("born", ("Geburtsdatum", "Date of birth"), FieldKind::Date, false),
        field("wheelchair", ("Rollstuhl", "Wheelchair"), FieldKind::Checkbox, false),
    ];
    let rules = sample::text("Ich komme pünktlich.", "I will be on time.");
    service.consents = vec![Consent { id: Id("rules".into()), text: rules, required: true }];
    service.instructions = sample::text("Bitte bringen Sie Ihre Geräte mit.", "Please bring your devices.");
    practice
}

#[tokio::test]
async fn own_fields_are_asked_checked_kept_and_reach_staff() {
    let mut walk = Walk::through(asking()).await;
    let open = format!("/book/stuttgart/new?service=beratung&resource=kabine-1&lang=en&start={}", escape(START));
    let form = walk.get(&open).await.is(200).says("Please bring your devices.").says("<legend>Your agreement</legend>");
    let form = form.says("for=\"own-device\"><bdi>Device</bdi> <span class=\"must\">").says("<option value=\"rechts\">right</option>");
    let form = form.says("name=\"own-born\" type=\"date\"").says("aria-describedby=\"own-born-hint\"");
    let form = form.says("type=\"checkbox\" value=\"1\" required> <span><bdi>I will be on time.");
    let typed = [
        ("service", "beratung"),
        ("resource", "kabine-1"),
        ("start", START),
        ("form", &form.field("form")),
        ("lang", "en"),
        ("given_name", "Eve"),
        ("family_name", "Tester"),
        ("email", "eve@example.org"),
        ("telephone", "0711 21475475"),
        ("own-device", "<b>Alt: \"8\""),
        ("own-ear", "oben"),
        ("own-born", "gestern"),
        ("own-wheelchair", "1"),
    ];
    let again = walk.post("/book/stuttgart/new", &typed).await.is(422).says("3 fields are missing");
    let again = again
        .says("<a href=\"#own-ear\"><bdi>Ear</bdi>: ")
        .says("<a href=\"#own-born\"><bdi>Date of birth</bdi>: ")
        .says("<a href=\"#consent-rules\">");
    let again = again
        .says("value=\"&lt;b&gt;Alt: &quot;8&quot;\"")
        .says("id=\"own-wheelchair\" name=\"own-wheelchair\" type=\"checkbox\" value=\"1\" checked");
    again.says("aria-describedby=\"own-born-hint own-born-fault\" aria-invalid=\"true\"").says("id=\"consent-rules-fault\"");
    let mended = typed.map(|(name, value)| match name {
        "own-ear" => (name, "rechts"),
        "own-born" => (name, "24.12.1960"),
        _ => (name, value),
    });
    let mended = [mended.as_slice(), &[("consent-rules", "1")]].concat();
    walk.post("/book/stuttgart/new", &mended).await.is(303);
    walk.sign_in().await;
    let href = walk.get("/staff/").await.after("<a class=\"row row-requested\" href=\"");
    let page = walk.get(&href).await.is(200).says("<dt>Gerät</dt><dd>&lt;b&gt;Alt: &quot;8&quot;</dd>").says("<dt>Ohr</dt><dd>rechts</dd>");
    page.says("<dd>1960-12-24</dd>").says("<dt>Rollstuhl</dt><dd>ja</dd>").says("<dt>Einverstanden</dt><dd>I will be on time.</dd>");
    let by = Actor::new(walk.web.app.principal_of("anna").await.unwrap(), "test");
    let calendar = walk.web.app.calendar(&by.principal, &Name::new("kabine-1").unwrap()).await.unwrap();
    let name = Name::new(&format!("{}.ics", href.rsplit_once('/').unwrap().1)).unwrap();
    let found = walk.web.app.objects(&calendar, &[name]).await.unwrap().remove(0).unwrap();
    let event = crate::ical::object::CalendarObject::parse(found.octets).unwrap();
    let text = event.master().unwrap().text("DESCRIPTION").unwrap();
    assert!(
        text.contains("Gerät: <b>Alt: \"8\"\nOhr: rechts\nGeburtsdatum: 1960-12-24\nRollstuhl: ja\nEinverstanden: I will be on time.\n"),
        "{text}"
    );
}

#[tokio::test]
async fn services_stand_in_groups_and_a_hidden_one_is_found_by_its_link_alone() {
    let mut practice = practice();
    practice.services[0].group = Some(sample::text("Hören", "Hearing"));
    practice.services[1].hidden = true;
    practice.services[1].internal_name = Some("Kulanz".into());
    practice.services[2].locations = vec![Id("esslingen".into())];
    let other = Service { id: Id("ohrpassstueck".into()), group: practice.services[0].group.clone(), ..practice.services[0].clone() };
    practice.services.push(other);
    let walk = Walk::through(practice).await;
    let page = walk
        .get("/book/stuttgart")
        .await
        .is(200)
        .says("<h3><bdi>Hören</bdi></h3>")
        .never_says("servicetermin")
        .never_says("batteriewechsel");
    assert_eq!(page.text.matches("Hören").count(), 1, "one heading for its group");
    walk.get("/book/esslingen").await.is(200).says("Batteriewechsel").never_says("Servicetermin");
    let grid = walk.get("/book/stuttgart?service=servicetermin").await.is(200).says("Servicetermin").never_says("Kulanz");
    walk.get(&grid.after(&format!("data-start=\"{START}\" href=\""))).await.is(200).says("Servicetermin").never_says("Kulanz");
    walk.get("/book/stuttgart?service=batteriewechsel").await.is(200).says("Worum geht es?");
    assert_eq!(walk.get("/book/stuttgart/new?service=batteriewechsel").await.is(303).location, "/book/stuttgart");
}

#[tokio::test]
async fn what_the_practice_has_not_written_in_a_language_says_in_which_it_is() {
    let mut practice = asking();
    practice.services[0].instructions = Text(BTreeMap::from([(Language::De, "Bitte pünktlich.".to_owned())]));
    let walk = Walk::through(practice).await;
    let form = |lang: &str| format!("/book/stuttgart/new?service=beratung&resource=kabine-1&lang={lang}&start={}", escape(START));
    // In Arabic nothing is written; in English all but one text is, and names are what they are.
    let arabic = walk
        .get(&form("ar"))
        .await
        .is(200)
        .says("<bdi lang=\"de\">Gerät</bdi>")
        .says("<option value=\"rechts\" lang=\"de\">rechts</option>");
    arabic
        .says("<bdi lang=\"de\">Beratung</bdi>, <bdi lang=\"de\">Kabine 1</bdi>")
        .says("<strong><bdi lang=\"de\">Filiale Stuttgart</bdi></strong>");
    let english = walk.get(&form("en")).await.is(200).says("<bdi>Device</bdi>").says("<option value=\"rechts\">right</option>");
    english.says("<bdi lang=\"de\">Bitte pünktlich.</bdi>").says("<bdi>Consultation</bdi>, <bdi lang=\"de\">Kabine 1</bdi>");
    for own in ["de", "de-simple"] {
        walk.get(&form(own)).await.is(200).says("<bdi>Gerät</bdi>").never_says("<bdi lang").never_says("<option value=\"rechts\" lang");
    }
    let grid = walk.get("/book/stuttgart?service=beratung&lang=tr").await.is(200);
    grid.says("<h1><bdi lang=\"de\">Beratung</bdi>").says("<p class=\"kicker\"><bdi lang=\"de\">Filiale Stuttgart</bdi></p>");
}
