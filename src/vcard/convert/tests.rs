//! Cards of programs in both versions, there and back; and that a card once converted says the same for ever.

use bytes::Bytes;
use proptest::prelude::*;

use super::super::{Card, Version};
use super::converted;

fn card(version: Version, lines: &str) -> Card {
    let text = format!("BEGIN:VCARD\r\nVERSION:{}\r\nUID:u\r\n{}END:VCARD\r\n", version.as_str(), lines.replace('\n', "\r\n"));
    Card::parse(Bytes::from(text)).unwrap()
}

/// The lines of a card but the first three, unfolded.
fn lines(octets: &Bytes, version: Version) -> String {
    let text = String::from_utf8(octets.to_vec()).unwrap().replace("\r\n ", "");
    let head = format!("BEGIN:VCARD\r\nVERSION:{}\r\nUID:u\r\n", version.as_str());
    let inner = text.strip_prefix(&head).unwrap_or_else(|| panic!("{text}")).strip_suffix("END:VCARD\r\n").unwrap();
    Card::parse(octets.clone()).unwrap();
    inner.replace("\r\n", "\n")
}

fn four(three: &str) -> String {
    lines(&converted(&card(Version::Three, three), Version::Four).unwrap(), Version::Four)
}

fn three(four: &str) -> String {
    lines(&converted(&card(Version::Four, four), Version::Three).unwrap(), Version::Three)
}

/// The same in both, there and back.
const BOTH: [(&str, &str); 17] = [
    ("FN:Jörg Müller\nN:Müller;Jörg;;;\nNOTE:a\\, b\n", "FN:Jörg Müller\nN:Müller;Jörg;;;\nNOTE:a\\, b\n"),
    ("N:Harten;Rene;;;\nSORT-STRING:Harten\\, R.\n", "N;SORT-AS=\"Harten, R.\":Harten;Rene;;;\n"),
    ("N:;;;;\nTEL;TYPE=home,pref:1\nTEL;TYPE=cell:2\n", "N:;;;;\nTEL;TYPE=home;PREF=1:1\nTEL;TYPE=cell:2\n"),
    ("N:;;;;\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\n", "N:;;;;\nPHOTO:data:image/jpeg;base64,/9j/4AAQ\n"),
    ("N:;;;;\nPHOTO;VALUE=uri;TYPE=PNG:https://a.example/b.png\n", "N:;;;;\nPHOTO;MEDIATYPE=image/png:https://a.example/b.png\n"),
    ("N:;;;;\nSOUND;ENCODING=b;TYPE=OGG:AAAA\n", "N:;;;;\nSOUND:data:audio/ogg;base64,AAAA\n"),
    ("N:;;;;\nKEY;ENCODING=b;TYPE=PGP:AAAA\n", "N:;;;;\nKEY:data:application/pgp-keys;base64,AAAA\n"),
    ("N:;;;;\nBDAY:1985-04-12\nREV:1995-10-31T22:27:10Z\n", "N:;;;;\nBDAY:19850412\nREV:19951031T222710Z\n"),
    ("N:;;;;\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\n", "N:;;;;\nBDAY:--0229\n"),
    ("N:;;;;\nBDAY;VALUE=date-time:1953-10-15T23:10:00-06:00\n", "N:;;;;\nBDAY:19531015T231000-0600\n"),
    ("N:;;;;\nX-BDAY;VALUE=text:um 1800\n", "N:;;;;\nBDAY;VALUE=text:um 1800\n"),
    ("N:;;;;\nitem1.X-ABDATE:2009-08-08\nitem1.X-ABLabel:_$!<Anniversary>!$_\n", "N:;;;;\nANNIVERSARY:20090808\n"),
    ("N:;;;;\nGEO:48.77;9.18\nTZ:-05:00\nCLASS:PRIVATE\n", "N:;;;;\nGEO:geo:48.77,9.18\nTZ;VALUE=utc-offset:-0500\nX-CLASS:PRIVATE\n"),
    ("N:;;;;\nTZ;VALUE=text:Europe/Berlin\n", "N:;;;;\nTZ:Europe/Berlin\n"),
    (
        "N:;;;;\nADR;TYPE=home:;;Weg 1;Ulm;;89073;\nLABEL;TYPE=home:Weg 1\\n89073 Ulm\n",
        "N:;;;;\nADR;TYPE=home;LABEL=Weg 1^n89073 Ulm:;;Weg 1;Ulm;;89073;\n",
    ),
    ("N:;;;;\nX-ABShowAs:COMPANY\nAGENT;VALUE=uri:urn:uuid:1\n", "N:;;;;\nKIND:org\nRELATED;TYPE=agent:urn:uuid:1\n"),
    (
        "N:;;;;\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1\nX-GENDER:F\n",
        "N:;;;;\nKIND:group\nMEMBER:urn:uuid:1\nGENDER:F\n",
    ),
];

#[test]
fn what_both_versions_can_say_goes_there_and_back() {
    for (in_three, in_four) in BOTH {
        assert_eq!(four(in_three), in_four);
        assert_eq!(three(in_four), in_three);
    }
}

#[test]
fn what_programs_write_in_3_is_understood() {
    for (sent, said) in [
        // iOS, with types in small letters and one at a time, and a label that is found by its group.
        (
            "EMAIL;type=INTERNET;type=HOME;type=pref:a@b.example\nitem1.TEL;type=pref:1\nitem1.X-ABLabel:Praxis\n",
            "EMAIL;TYPE=HOME;PREF=1:a@b.example\nitem1.TEL;PREF=1:1\nitem1.X-ABLabel:Praxis\n",
        ),
        ("PHOTO;ENCODING=b:iVBORw0K\n", "PHOTO:data:image/png;base64,iVBORw0K\n"),
        ("PHOTO;X-ABCROP=a&b;ENCODING=BASE64;TYPE=JPEG:/9j/\n", "PHOTO;X-ABCROP=a&b:data:image/jpeg;base64,/9j/\n"),
        ("PHOTO;TYPE=WORK;VALUE=uri:data:image/png\\;base64\\,AA==\n", "PHOTO;TYPE=WORK:data:image/png;base64,AA==\n"),
        ("LOGO:https://a.example/b\n", "LOGO:https://a.example/b\n"),
        ("KEY:0815\n", "KEY;VALUE=text:0815\n"),
        ("TEL;HOME;VOICE;VALUE=phone-number:1\n", "TEL;TYPE=HOME,VOICE:1\n"),
        ("BDAY;VALUE=date:1985-04-12\nBDAY:1990-01-01\n", "BDAY:19850412\nX-BDAY:1990-01-01\n"),
        // A second anniversary, and what a group is shown as, say no less for not being the first.
        (
            "item1.X-ABDATE:2009-08-08\nitem1.X-ABLabel:_$!<Anniversary>!$_\nitem2.X-ABDATE:2010-01-01\nitem2.X-ABLabel:_$!<Anniversary>!$_\n",
            "ANNIVERSARY:20090808\nitem2.X-ABDATE:2010-01-01\nitem2.X-ABLabel:_$!<Anniversary>!$_\n",
        ),
        ("X-ABShowAs:COMPANY\nX-ADDRESSBOOKSERVER-KIND:GROUP\n", "X-ABShowAs:COMPANY\nKIND:group\n"),
        ("X-GENDER:Male\n", "GENDER:M\n"),
        ("X-GENDER:Nonbinary\n", "GENDER:;Nonbinary\n"),
        // Labels find their addresses: by group, by place, by type.
        (
            "item1.ADR;type=WORK:;;s\nitem2.ADR;type=WORK:;;t\nitem2.LABEL;type=WORK:zu t\nitem1.LABEL;type=WORK:zu s\n",
            "item1.ADR;TYPE=WORK;LABEL=zu s:;;s\nitem2.ADR;TYPE=WORK;LABEL=zu t:;;t\n",
        ),
        ("ADR;TYPE=work:;;s\nADR;TYPE=work:;;t\nLABEL;TYPE=work:zu t\n", "ADR;TYPE=work:;;s\nADR;TYPE=work;LABEL=zu t:;;t\n"),
        ("ADR;TYPE=work:;;s\nNOTE:x\nLABEL;TYPE=work:zu s\n", "ADR;TYPE=work;LABEL=zu s:;;s\nNOTE:x\n"),
        ("URL:http\\://a.example/b\\,c\nIMPP:xmpp\\:a@b\n", "URL:http://a.example/b,c\nIMPP:xmpp:a@b\n"),
        ("PHOTO;BASE64;JPEG:/9j/\n", "PHOTO:data:image/jpeg;base64,/9j/\n"),
        ("BDAY:im Mai\nREV:2026-03-01\nGEO:hier\n", "BDAY:im Mai\nREV:20260301T000000Z\nGEO:hier\n"),
        ("BDAY:1953-10-15T23:10:00.5Z\nX-ANNIVERSARY:2009-08-08\n", "BDAY:19531015T231000Z\nANNIVERSARY:20090808\n"),
        ("LABEL;TYPE=work:Weg 1\\nUlm\nPROFILE:VCARD\n", "ADR;TYPE=work;LABEL=Weg 1^nUlm:;;;;;;\n"),
        ("AGENT:BEGIN:VCARD\\nEND:VCARD\nSORT-STRING:x\n", "X-AGENT:BEGIN:VCARD\\nEND:VCARD\nX-SORT-STRING:x\n"),
        ("NOTE;CHARSET=UTF-8:ä\nX-EIGEN;A=b:c\n", "NOTE:ä\nX-EIGEN;A=b:c\n"),
        // Another date than an anniversary keeps its label.
        ("item1.X-ABDATE:2009-08-08\nitem1.X-ABLabel:Anpassung\n", "item1.X-ABDATE:2009-08-08\nitem1.X-ABLabel:Anpassung\n"),
    ] {
        assert_eq!(four(sent), said, "{sent}");
    }
}

#[test]
fn what_programs_write_in_4_is_understood() {
    for (sent, said) in [
        ("FN;PREF=2:B\nFN;PREF=1:A\n", "X-FN:B\nFN;TYPE=pref:A\nN:A;;;;\n"),
        ("FN:Praxis\\, Ulm\n", "FN:Praxis\\, Ulm\nN:Praxis\\, Ulm;;;;\n"),
        ("N;ALTID=1;LANGUAGE=ja:A;;;;\nN;ALTID=1;LANGUAGE=en:B;;;;\n", "N;ALTID=1;LANGUAGE=ja:A;;;;\nX-N;ALTID=1;LANGUAGE=en:B;;;;\n"),
        (
            "N:;;;;\nTEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+1-555-555;ext=5555\n",
            "N:;;;;\nTEL;TYPE=voice,home,pref:+1-555-555 ext. 5555\n",
        ),
        ("N:;;;;\nTEL;VALUE=uri:sip:a@b.example\n", "N:;;;;\nTEL;VALUE=uri:sip:a@b.example\n"),
        ("N:;;;;\nTEL;VALUE=uri:tel:1\\;EXT=2\n", "N:;;;;\nTEL:1 ext. 2\n"),
        ("N:;;;;\nTEL;VALUE=uri:tel:863;phone-context=+49-731\n", "N:;;;;\nTEL;VALUE=uri:tel:863;phone-context=+49-731\n"),
        // RFC 6350 §6.3.1
        (
            "N:;;;;\nADR;LABEL=\"Mr. John Q. Public, Esq.\\nMail Drop: TNE QB\":;;1;;;;\n",
            "N:;;;;\nADR:;;1;;;;\nLABEL:Mr. John Q. Public\\, Esq.\\nMail Drop: TNE QB\n",
        ),
        // Pictures as 3.0 writes them, in 4.0.
        ("N:;;;;\nPHOTO;ENCODING=BASE64;TYPE=JPEG;VALUE=BINARY:/9j/\n", "N:;;;;\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\n"),
        ("N:;;;;\nPHOTO;ENCODING=b;TYPE=image/jpeg:data:image/jpeg;base64,/9j/\n", "N:;;;;\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\n"),
        ("N:;;;;\nPHOTO:\nBDAY:\n", "N:;;;;\nPHOTO:\nBDAY:\n"),
        ("N:;;;;\nBDAY:19850412\nBDAY;ALTID=1:--0412\n", "N:;;;;\nBDAY:1985-04-12\nX-BDAY;ALTID=1:--0412\n"),
        ("N:;;;;\nPHOTO:data:image/svg+xml,%3Csvg%2F%3E\n", "N:;;;;\nPHOTO;ENCODING=b;TYPE=SVG+XML:PHN2Zy8+\n"),
        ("N:;;;;\nKEY;VALUE=text:0815\nKEY:https://a.example/k\n", "N:;;;;\nKEY;VALUE=text:0815\nKEY;VALUE=uri:https://a.example/k\n"),
        ("N:;;;;\nBDAY:1985-04\nANNIVERSARY:2009\n", "N:;;;;\nX-BDAY:1985-04\nX-ANNIVERSARY:2009\n"),
        ("N:;;;;\nKIND:individual\nRELATED;TYPE=spouse;VALUE=text:Jo\n", "N:;;;;\nRELATED;TYPE=spouse;VALUE=text:Jo\n"),
        (
            "N:;;;;\nitem4.TEL:1\nANNIVERSARY:--0808\n",
            "N:;;;;\nitem4.TEL:1\nitem5.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-08-08\nitem5.X-ABLabel:_$!<Anniversary>!$_\n",
        ),
    ] {
        assert_eq!(three(sent), said, "{sent}");
    }
}

#[test]
fn lines_that_stay_are_octets_as_sent() {
    let folded = "N:;;;;\nnote;x-a=\"b\":Gr\n ü\n ße\nitem1.tel;Type=cell:1\n";
    let octets = converted(&card(Version::Three, folded), Version::Four).unwrap();
    let sent = folded.replace('\n', "\r\n");
    assert!(String::from_utf8(octets.to_vec()).unwrap().contains(&sent), "{octets:?}");
    // In a card with lone newlines all lines end alike.
    let lone = "BEGIN:VCARD\nVERSION:3.0\nUID:u\nFN:A\nNOTE:x\n y\nTEL;TYPE=pref:1\nEND:VCARD\n";
    let octets = converted(&Card::parse(Bytes::from(lone)).unwrap(), Version::Four).unwrap();
    assert_eq!(octets, "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nFN:A\r\nNOTE:xy\r\nTEL;PREF=1:1\r\nEND:VCARD\r\n");
    // One that was folded inside a character, and one that ends otherwise than the others.
    let odd = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\nFN:Gr\xc3\r\n \xbcn\r\nEND:VCARD\r\n";
    let octets = converted(&Card::parse(Bytes::from_static(odd)).unwrap(), Version::Four).unwrap();
    assert_eq!(octets, "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nFN:Grün\r\nEND:VCARD\r\n".as_bytes());
    let own = card(Version::Four, "FN:A\n");
    assert_eq!(converted(&own, Version::Four).unwrap(), *own.octets());
}

fn sorted(card: &Card) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8_lossy(card.octets()).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn of_both() -> impl Strategy<Value = Vec<&'static (&'static str, &'static str)>> {
    proptest::sample::subsequence((1..BOTH.len()).collect::<Vec<_>>(), 0..6)
        .prop_map(|places| places.into_iter().map(|place| &BOTH[place]).collect())
}

fn wild() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec![
        "FN",
        "N",
        "X-FN",
        "X-N",
        "TEL",
        "EMAIL",
        "ADR",
        "LABEL",
        "PHOTO",
        "KEY",
        "SOUND",
        "BDAY",
        "X-BDAY",
        "ANNIVERSARY",
        "X-ANNIVERSARY",
        "X-ABDATE",
        "X-ABLABEL",
        "REV",
        "GEO",
        "TZ",
        "AGENT",
        "RELATED",
        "KIND",
        "MEMBER",
        "X-ABSHOWAS",
        "CLASS",
        "X-CLASS",
        "SORT-STRING",
        "GENDER",
        "NOTE",
    ]);
    let param = proptest::sample::select(vec![
        "",
        ";TYPE=pref",
        ";TYPE=home,work",
        ";PREF=1",
        ";PREF=50",
        ";VALUE=uri",
        ";VALUE=text",
        ";ENCODING=b",
        ";TYPE=JPEG",
        ";HOME",
        ";LABEL=\"a;b\"",
        ";SORT-AS=x",
        ";MEDIATYPE=image/png",
        ";X-APPLE-OMIT-YEAR=1604",
        ";TYPE=agent",
        ";CHARSET=UTF-8",
    ]);
    let value = proptest::sample::select(vec![
        "",
        "a",
        "a\\;b\\,c;d",
        "1985-04-12",
        "19850412T101112Z",
        "--0412",
        "1604-04-12",
        "1985",
        "geo:1,2",
        "1;2",
        "-0500",
        "tel:+1;ext=2",
        "data:image/png;base64,AA==",
        "data:,a%20b",
        "data:",
        "https://a.example/",
        "company",
        "group",
        "org",
        "individual",
        "_$!<Anniversary>!$_",
    ]);
    let line = (proptest::bool::ANY, name, proptest::collection::vec(param, 0..4), value)
        .prop_map(|(grouped, name, params, value)| format!("{}{name}{}:{value}\n", if grouped { "item1." } else { "" }, params.concat()));
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn pieces_of_both_go_there_and_back(pieces in of_both()) {
        let of = |version: Version| pieces.iter().map(|both| if version == Version::Three { both.0 } else { both.1 }).collect::<String>();
        // Each has a name of its own; one card has one.
        let once = |text: String| format!("N:;;;;\n{}", text.replace("N:;;;;\n", ""));
        let words = of(Version::Four);
        let names: Vec<&str> = words.lines().filter_map(|line| line.split([':', ';']).next()).filter(|name| *name != "N").collect();
        let distinct = names.len() == names.iter().collect::<std::collections::BTreeSet<_>>().len();
        if distinct && !words.contains("SORT-AS") {
            prop_assert_eq!(four(&once(of(Version::Three))), once(of(Version::Four)));
            prop_assert_eq!(three(&once(of(Version::Four))), once(of(Version::Three)));
        }
    }

    #[test]
    fn addresses_keep_their_labels(addresses in proptest::collection::vec((0..2, any::<bool>(), any::<bool>()), 0..6)) {
        let line = |(at, (kind, grouped, labelled)): (usize, &(i32, bool, bool))| {
            let group = if *grouped { format!("item{at}.") } else { String::new() };
            let label = if *labelled { format!(";LABEL=L{at}") } else { String::new() };
            format!("{group}ADR;TYPE={}{label}:;;{at};;;;\n", if *kind == 0 { "home" } else { "work" })
        };
        let sent = format!("N:;;;;\n{}", addresses.iter().enumerate().map(line).collect::<String>());
        prop_assert_eq!(four(&three(&sent)), sent);
    }

    #[test]
    fn whatever_is_sent_becomes_a_card_that_stays(lines in wild()) {
        for (from, to) in [(Version::Three, Version::Four), (Version::Four, Version::Three)] {
            let sent = card(from, &format!("FN:Zoe\n{lines}"));
            let there_and_back = |card: &Card| {
                let there = Card::parse(converted(card, to).unwrap()).unwrap();
                assert_eq!(there.version().unwrap(), to);
                let back = Card::parse(converted(&there, from).unwrap()).unwrap();
                assert_eq!((back.version().unwrap(), back.text("UID")), (from, sent.text("UID")));
                // 3.0 has a name that is made of FN.
                assert_eq!(back.text("FN"), sent.text("FN"));
                assert!(sent.all("N").count() == 0 || back.text("N") == sent.text("N"));
                back
            };
            // Nothing goes on changing: neither is anything lost with each change that programs of both make in turn.
            let settled = (0..4).fold(sent.clone(), |card, _| there_and_back(&card));
            prop_assert_eq!(sorted(&there_and_back(&settled)), sorted(&settled));
        }
    }
}
