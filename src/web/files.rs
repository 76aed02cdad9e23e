//! Style sheets, the script and the icon: named by their content, so that browsers keep them for ever.
//!
//! They come through the templates, so that a practice's own folder can replace them. RFC 9111 §5.2.2, RFC 8246 (immutable).

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderName};

use super::colour::{Theme, theme};
use super::page::{plain, set, whole};
use crate::appointment::practice::Language;
use crate::collection::Etag;
use crate::exchange::Reply;
use crate::template::Templates;

/// Name and media type of each file.
const FILES: [(&str, &str); 9] = [
    ("page.css", "text/css; charset=utf-8"),
    ("book.css", "text/css; charset=utf-8"),
    ("staff.css", "text/css; charset=utf-8"),
    ("staff.js", "text/javascript; charset=utf-8"),
    ("zone.js", "text/javascript; charset=utf-8"),
    ("hold.js", "text/javascript; charset=utf-8"),
    ("frame.js", "text/javascript; charset=utf-8"),
    (WIDGET, "text/javascript; charset=utf-8"),
    ("icon.svg", "image/svg+xml"),
];

/// The script that a practice's own site loads, under an address without a tag.
const WIDGET: &str = "widget.js";

const THEME: &str = "theme.css";

#[derive(Clone)]
struct File {
    name: &'static str,
    media_type: &'static str,
    octets: Bytes,
    tag: String,
}

/// The files of one running program.
pub struct Files {
    files: Vec<File>,
    /// Changes with the theme's template.
    theme: String,
}

impl Files {
    /// Reads all of them once.
    pub fn load(templates: &Templates) -> Result<Files, String> {
        let mut files = Vec::new();
        for (name, media_type) in FILES {
            // No file has anything to fill in; a language must be named all the same.
            let octets = Bytes::from(templates.render(&format!("static/{name}"), Language::En, Nothing {})?);
            let tag = tag(&octets);
            files.push(File { name, media_type, octets, tag });
        }
        let theme = tag(written(templates, "")?.as_bytes());
        Ok(Files { files, theme })
    }

    /// The address of a file, with its content's tag.
    pub fn href(&self, name: &str) -> String {
        let tag = self.files.iter().find(|file| file.name == name).map_or("", |file| &file.tag);
        format!("/static/{name}?v={tag}")
    }

    /// The address of the style sheet of a colour.
    pub fn theme_href(&self, colour: &str) -> String {
        format!("/static/{THEME}?v={}", self.theme_tag(colour))
    }

    /// The script for a practice's own site. Browsers ask again after five minutes, for its address never changes.
    pub fn widget(&self) -> Reply {
        let octets = self.files.iter().find(|file| file.name == WIDGET).map_or_else(Bytes::new, |file| file.octets.clone());
        let mut reply = whole(StatusCode::OK, "text/javascript; charset=utf-8", octets);
        set(&mut reply, header::CACHE_CONTROL, "public, max-age=300");
        set(&mut reply, HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        reply
    }

    fn themed(&self, templates: &Templates, colour: &str) -> Option<File> {
        let octets = Bytes::from(written(templates, colour).ok()?);
        Some(File { name: THEME, media_type: "text/css; charset=utf-8", octets, tag: self.theme_tag(colour) })
    }

    fn theme_tag(&self, colour: &str) -> String {
        tag(format!("{} {colour}", self.theme).as_bytes())
    }

    /// A file. `asked` is the tag of the address; under any other the file may have changed tomorrow.
    pub fn serve(&self, templates: &Templates, colour: &str, name: &str, asked: Option<&str>) -> Reply {
        let file = if name == THEME { self.themed(templates, colour) } else { self.files.iter().find(|file| file.name == name).cloned() };
        let Some(file) = file else { return plain(StatusCode::NOT_FOUND, "There is no such file.\n") };
        let mut reply = whole(StatusCode::OK, file.media_type, file.octets);
        let kept = if asked == Some(file.tag.as_str()) { "public, max-age=31536000, immutable" } else { "no-cache" };
        set(&mut reply, header::CACHE_CONTROL, kept);
        set(&mut reply, header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        reply
    }
}

#[derive(serde::Serialize)]
struct Nothing {}

#[derive(serde::Serialize)]
struct Themed {
    theme: Theme,
}

fn written(templates: &Templates, colour: &str) -> Result<String, String> {
    templates.render("static/theme.css", Language::En, Themed { theme: theme(colour) })
}

fn tag(octets: &[u8]) -> String {
    Etag::of(octets).as_str().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_for_ever_under_its_own_tag_only() {
        let templates = Templates::load(None).unwrap();
        let files = Files::load(&templates).unwrap();
        for (name, href) in [("page.css", files.href("page.css")), ("theme.css", files.theme_href("#1f5f8b"))] {
            let asked = href.split_once("?v=").unwrap().1;
            let kept = |asked| files.serve(&templates, "#1f5f8b", name, asked).headers()[header::CACHE_CONTROL].clone();
            assert_eq!(kept(Some(asked)), "public, max-age=31536000, immutable");
            assert_eq!(kept(Some("0123456789abcdef")), "no-cache");
            assert_eq!(kept(None), "no-cache");
        }
        assert_ne!(files.theme_href("#1f5f8b"), files.theme_href("#7a1f3d"));
        assert_eq!(files.serve(&templates, "", "../base.html", None).status(), StatusCode::NOT_FOUND);
    }
}
