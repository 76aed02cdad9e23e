//! The practice's own templates and texts beside a running server: what has a slip is refused by `apply`, with file, line and reason, and the
//! server goes on with what was good.

use std::path::Path;

use crate::child::{fails, said};
use crate::harness::{PRACTICE, Server, refused};

const START: &str = include_str!("../../templates/book/start.html");
const LETTER: &str = include_str!("../../templates/mail/customer.txt");
const MARK: &str = "<p>Unser eigener Gruß</p>";

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// The start page with something at the end of what it shows, and the line of that.
fn start(more: &str) -> (String, usize) {
    let at = START.rfind("{% endblock %}").unwrap();
    let (before, after) = START.split_at(at);
    (format!("{before}{more}\n{after}"), before.matches('\n').count() + 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slips_in_pages_letters_and_texts_are_refused_and_the_last_good_ones_stay() {
    let server = Server::start().await;
    let (folder, data) = (server.data().join("templates"), server.data().to_str().unwrap().to_owned());
    let practice = server.data().join("practice.toml");
    std::fs::write(&practice, PRACTICE).unwrap();
    let practice = practice.to_str().unwrap().to_owned();
    let good = || {
        let (practice, data) = (practice.clone(), data.clone());
        tokio::task::spawn_blocking(move || said(&["apply", &practice, "--data", &data], ""))
    };
    let bad = || {
        let (practice, data) = (practice.clone(), data.clone());
        tokio::task::spawn_blocking(move || fails(&["apply", &practice, "--data", &data], ""))
    };
    let visitor = server.customer();
    let preview = "/staff/mail/preview/confirmed/customer/de";
    let desk = server.desk("admin").await;

    write(&folder, "book/start.html", &start(MARK).0);
    write(&folder, "mail/customer.txt", &format!("{LETTER}\nMit eigenem Gruß\n"));
    visitor.get("/").await.ok().never_says(MARK);
    let style = "p { color: #123456 }";
    write(&folder, "static/book.css", style);
    good().await.unwrap();
    let page = visitor.get("/").await.ok().says(MARK).text();
    let address = page.split('"').find(|address| address.starts_with("/static/book.css?v=")).unwrap();
    let sheet = visitor.get(address).await.ok().says(style);
    assert!(sheet.header("cache-control").contains("immutable"));
    desk.get(preview).await.ok().says("Mit eigenem Gruß");

    for (slip, why) in [
        ("{% if page %}", "syntax error"),
        ("{{ page.nothing }}", "this page is given no `page.nothing`"),
        ("{% include 'book/nothing.html' %}", "there is no template `book/nothing.html`"),
        ("{{ t('nothing') }}", "there is no text `nothing`"),
        ("{{ page|nothing }}", "there is no filter `nothing`"),
    ] {
        let (page, line) = start(slip);
        write(&folder, "book/start.html", &page);
        let said = bad().await.unwrap();
        let file = folder.join("book/start.html");
        // An `if` without its end is noticed where the block ends.
        let line = if why == "syntax error" { line + 1 } else { line };
        assert!(said.contains(&format!("{}, line {line}: {why}", file.display())), "{slip}: {said}");
        visitor.get("/").await.ok().says(MARK);
    }
    write(&folder, "book/start.html", &start(MARK).0);
    let line = LETTER.matches('\n').count() + 1;
    for (slip, why) in [("{{ nothing }}", "undefined value"), ("{% endif %}", "syntax error"), ("{{ name|nothing }}", "there is no filter")]
    {
        write(&folder, "mail/customer.txt", &format!("{LETTER}{slip}\n"));
        let said = bad().await.unwrap();
        assert!(said.contains(&format!("{}, line {line}: {why}", folder.join("mail/customer.txt").display())), "{slip}: {said}");
        desk.get(preview).await.ok().says("Mit eigenem Gruß");
    }
    write(&folder, "mail/customer.txt", LETTER);
    write(&folder, "text/de/own.ftl", "mail-confirmed-lead = Gut\nmail-confirmed-lead { x\n");
    let said = bad().await.unwrap();
    assert!(said.contains(&format!("{}, line 2: ", folder.join("text/de/own.ftl").display())), "{said}");
    desk.get(preview).await.ok().says("Mit eigenem Gruß");

    // Nor does a server start with one.
    let kept = server.end().await;
    let why = refused(kept.path()).await;
    assert!(why.contains("own.ftl, line 2: "), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_fails_on_what_it_is_given_is_shown_as_it_came() {
    let server = Server::start().await;
    // Nothing but the page itself shows that this is no date.
    let (page, _) = start(&format!("{MARK}{{{{ 'today'|long_date }}}}"));
    write(&server.data().join("templates"), "book/start.html", &page);
    server.app.apply(openslot::config::practice::parse("practice.toml", PRACTICE).unwrap()).await.unwrap();
    let shown = server.customer().get("/").await.ok().never_says(MARK);
    shown.says("Filiale Stuttgart");
    // The others are the practice's own.
    server.customer().get("/book/stuttgart?service=beratung").await.ok();
}
