//! The practice's own folder of templates: read whole, checked file by file, so that a slip is named by file and line before anybody
//! sees a page or a letter made of it.
//!
//! Not for: writing pages (`template`), letters tried out on samples (`mail::sample`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;

use super::embedded;
use crate::appointment::practice::Language;

/// At most so many files are read.
const MAX_FILES: usize = 500;

/// A larger file is no template.
const MAX_SIZE: u64 = 512 * 1024;

/// Folders within folders are looked into so deep: `text/de/x.ftl`.
const DEPTH: usize = 2;

/// Files by their names below the folder, `mail/customer.txt`.
pub type Own = BTreeMap<String, String>;

/// Reads a folder. One that is not there holds nothing. Hidden files, and those that editors leave beside (`~`, `.bak`), are passed over.
pub fn read(folder: Option<&Path>) -> Result<Own, String> {
    let mut own = Own::new();
    if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
        collect(folder, "", DEPTH, &mut own)?;
        check(folder, &own)?;
    }
    Ok(own)
}

fn collect(folder: &Path, below: &str, depth: usize, own: &mut Own) -> Result<(), String> {
    let shown = folder.display();
    for entry in fs::read_dir(folder).map_err(|e| format!("{shown}: {e}"))? {
        let entry = entry.map_err(|e| format!("{shown}: {e}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.ends_with('~') || name.ends_with(".bak") || name.starts_with("README") {
            continue;
        }
        let (path, inner) = (entry.path(), format!("{below}{name}"));
        let shown = path.display();
        let about = fs::metadata(&path).map_err(|e| format!("{shown}: {e}"))?;
        if about.is_dir() {
            if depth == 0 {
                return Err(format!("{shown}: no template lies so deep"));
            }
            collect(&path, &format!("{inner}/"), depth - 1, own)?;
            continue;
        }
        if own.len() == MAX_FILES || about.len() > MAX_SIZE {
            return Err(format!("{shown}: at most {MAX_FILES} files of {MAX_SIZE} octets are read"));
        }
        own.insert(inner, fs::read_to_string(&path).map_err(|e| format!("{shown}: {e}"))?);
    }
    Ok(())
}

fn check(folder: &Path, own: &Own) -> Result<(), String> {
    for (name, text) in own {
        let shown = folder.join(name);
        let shown = shown.display();
        match language_of(name) {
            Some(language) => check_texts(&shown.to_string(), language, text, own)?,
            None if embedded::FILES.iter().any(|(file, _)| file == name) => {}
            None => return Err(format!("{shown}: there is no template of this name{}", neighbours(name))),
        }
    }
    Ok(())
}

/// The language of a file of texts: `text/de/own.ftl`.
pub fn language_of(name: &str) -> Option<Language> {
    let (tag, file) = name.strip_prefix("text/")?.split_once('/')?;
    Language::from_tag(tag).filter(|_| file.ends_with(".ftl") && !file.contains('/'))
}

fn neighbours(name: &str) -> String {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside: Vec<&str> =
        embedded::FILES.iter().map(|(file, _)| *file).filter(|file| file.rsplit_once('/').is_some_and(|(f, _)| f == folder)).collect();
    if beside.is_empty() { String::new() } else { format!("; in its folder are {}", beside.join(", ")) }
}

/// A text must be read, be known or be used by a template of the practice's own, and use no value that its page does not give it.
fn check_texts(shown: &str, language: Language, text: &str, own: &Own) -> Result<(), String> {
    if let Err((_, faults)) = FluentResource::try_new(text.to_owned()) {
        let fault = faults.first();
        let line = fault.map_or(1, |fault| line_at(text, fault.pos.start));
        return Err(format!("{shown}, line {line}: {}", fault.map_or_else(String::new, |fault| fault.kind.to_string())));
    }
    let prefix = format!("text/{}/", language.tag());
    let known: Vec<Message<'_>> =
        embedded::FILES.iter().filter(|(file, _)| file.starts_with(&prefix)).flat_map(|(_, text)| messages(text)).collect();
    for message in messages(text) {
        let Some(original) = known.iter().find(|known| known.id == message.id) else {
            let used = own.iter().any(|(name, text)| language_of(name).is_none() && text.contains(message.id));
            if used {
                continue;
            }
            return Err(format!("{shown}, line {}: no page or letter has a text `{}`", message.line, message.id));
        };
        if let Some(value) = message.values.difference(&original.values).next() {
            let given: Vec<String> = original.values.iter().map(|value| format!("${value}")).collect();
            let given = if given.is_empty() { "none".to_owned() } else { given.join(", ") };
            return Err(format!("{shown}, line {}: `{}` is given no ${value}; it is given {given}", message.line, message.id));
        }
    }
    Ok(())
}

/// The line of an offset, from 1 on.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|octet| *octet == b'\n').count() + 1
}

/// A text as its file has it.
struct Message<'a> {
    id: &'a str,
    line: usize,
    /// What it uses: `practice` of `{ $practice }`.
    values: BTreeSet<&'a str>,
}

fn messages(text: &str) -> Vec<Message<'_>> {
    let mut found: Vec<Message<'_>> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with(|c: char| c.is_ascii_alphabetic())
            && let Some((id, _)) = line.split_once('=')
        {
            found.push(Message { id: id.trim(), line: number + 1, values: BTreeSet::new() });
        }
        if let Some(message) = found.last_mut().filter(|_| !line.starts_with('#')) {
            message.values.extend(values(line));
        }
    }
    found
}

fn values(line: &str) -> impl Iterator<Item = &str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    line.split('$').skip(1).map(move |rest| rest.split(|c| !plain(c)).next().unwrap_or("")).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, text: &str) -> String {
        check(Path::new("/t"), &Own::from([(name.to_owned(), text.to_owned())])).unwrap_err()
    }

    #[test]
    fn slips_are_named_by_file_and_line() {
        assert!(
            refused("mail/custmer.txt", "").starts_with("/t/mail/custmer.txt: there is no template of this name; in its folder are mail/")
        );
        let unknown = refused("text/de/own.ftl", "# ours\nmail-requested-subject = Hallo\nmail-requestd-lead = x\n");
        assert_eq!(unknown, "/t/text/de/own.ftl, line 3: no page or letter has a text `mail-requestd-lead`");
        let value = refused("text/de/own.ftl", "mail-requested-subject =\n    Hallo { $practise }\n");
        assert_eq!(value, "/t/text/de/own.ftl, line 1: `mail-requested-subject` is given no $practise; it is given $practice");
        assert!(refused("text/de/own.ftl", "mail-when = Wann\nmail-what { x\n").starts_with("/t/text/de/own.ftl, line 2: "));
        assert!(refused("text/xx/own.ftl", "").contains("no template of this name"));
    }

    #[test]
    fn a_text_of_ones_own_may_stand_beside_a_template_that_uses_it() {
        let own = Own::from([
            ("text/de/own.ftl".to_owned(), "our-parking = Parken im Hof\n".to_owned()),
            ("mail/customer.txt".to_owned(), "{{ t('our-parking') }}".to_owned()),
        ]);
        check(Path::new("/t"), &own).unwrap();
    }
}
