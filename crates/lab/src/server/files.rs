//! What a browser may send: the files of a scenario.
//!
//! Names from a browser become paths only in the form that [`Files::read`] allows, and the files of
//! a scenario may name only files that came with them: the program would read any other file that
//! this machine's user can read.

use std::{collections::BTreeMap, fs, io, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Deserializer, Value, json};

use super::refusal::Refusal;

/// The most files of a scenario.
const MAX_FILES: usize = 200;

/// The most bytes of a request's body; pictures are a third longer in base64.
pub const MAX_BODY: usize = 6 << 20;

/// The longest part of a path.
const MAX_NAME: usize = 64;

/// The directory of the requests; all other files are about what is issued.
const REQUESTS: &str = "requests/";

/// Members that name another file of the scenario.
const REFERENCES: [&str; 2] = ["file", "prepared_key"];

/// What some editors write before a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The beginning of names that `serde_json` has for itself: the member's text would be read as JSON
/// once more.
const RESERVED: &str = "$serde_json::private::";

/// The files of a scenario by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Reads the member `files` of a request: text, or `{"base64": ...}`, by path.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::wrong(format!("the request is not JSON: {error}")))?;
        let members = body["files"].as_object();
        let members = members.ok_or_else(|| Refusal::wrong("there are no files"))?;
        if members.len() > MAX_FILES {
            return Err(Refusal::wrong(format!("a scenario has at most {MAX_FILES} files here")));
        }
        let mut files = BTreeMap::new();
        for (path, content) in members {
            if !is_plain(path) {
                return Err(Refusal::wrong(format!(
                    "{path:?} cannot be the name of a file here; write letters of English, digits, - _ and . and at \
                     most one directory"
                )));
            }
            let bytes = match content {
                Value::String(text) => text.clone().into_bytes(),
                other => other["base64"]
                    .as_str()
                    .and_then(|text| BASE64_STANDARD.decode(text).ok())
                    .ok_or_else(|| Refusal::wrong(format!("{path} is neither text nor base64")))?,
            };
            files.insert(path.clone(), bytes);
        }
        let files = Self(files);
        files.check_directories()?;
        files.check_references()?;
        Ok(files)
    }

    /// Reads the files of a directory that this server has made.
    pub fn load(directory: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut open = vec![(directory.to_owned(), String::new())];
        while let Some((path, prefix)) = open.pop() {
            for entry in fs::read_dir(path)? {
                let entry = entry?;
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                match entry.file_type()?.is_dir() {
                    true => open.push((entry.path(), name + "/")),
                    false => drop(files.insert(name, fs::read(entry.path())?)),
                }
            }
        }
        Ok(Self(files))
    }

    /// Writes the files into a new directory.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir(directory)?;
        for (name, bytes) in &self.0 {
            let path = directory.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
        Ok(())
    }

    /// Returns the files as a browser sends them.
    pub fn to_json(&self) -> Value {
        let files = self.0.iter().map(|(name, bytes)| {
            let content = match std::str::from_utf8(bytes) {
                Ok(text) => json!(text),
                Err(_) => json!({"base64": BASE64_STANDARD.encode(bytes)}),
            };
            (name.clone(), content)
        });
        Value::Object(files.collect())
    }

    /// Returns whether another scenario issues the same, and has requests of the same names.
    pub fn issues_the_same(&self, other: &Self) -> bool {
        let differs = |name: &String| self.0.get(name) != other.0.get(name);
        let names = || self.0.keys().chain(other.0.keys());
        self.0.keys().eq(other.0.keys())
            && !names().any(|name| !name.starts_with(REQUESTS) && differs(name))
    }

    /// Returns the names of the requests, in the order in which they are played.
    pub fn requests(&self) -> Vec<String> {
        self.named("requests").into_iter().map(|(name, _)| name).collect()
    }

    /// Returns the JSON files of a kind by their names, in the order in which they are played.
    pub fn named(&self, kind: &str) -> Vec<(String, Value)> {
        let named = self.0.iter().filter_map(|(path, bytes)| {
            let name = path.strip_prefix(kind)?.strip_prefix('/')?.strip_suffix(".json")?;
            Some((name.to_owned(), parse(bytes).unwrap_or_default()))
        });
        // the order of names is not that of paths: `-` comes before `.`
        let mut named: Vec<(String, Value)> = named.collect();
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        named
    }

    /// Checks that all files that should be JSON can be read, before they are played. They are
    /// examined before that, so that the program says what is wrong with them.
    pub fn check_json(&self) -> Result<(), Refusal> {
        for (path, bytes) in self.0.iter().filter(|(path, _)| path.ends_with(".json")) {
            parse(bytes).map_err(|error| {
                Refusal::wrong(format!("{path} is not JSON: {error}; correct it"))
            })?;
        }
        Ok(())
    }

    /// Checks that no file has the name of a directory of others.
    fn check_directories(&self) -> Result<(), Refusal> {
        let directories = self.0.keys().filter_map(|path| path.split_once('/'));
        match directories.map(|(name, _)| name).find(|name| self.0.contains_key(*name)) {
            Some(name) => Err(Refusal::wrong(format!(
                "the file {name:?} has the name of a directory; remove it, or give it another name"
            ))),
            None => Ok(()),
        }
    }

    /// Checks that files name only files that are here. What [`parse`] cannot read, the program
    /// cannot either.
    fn check_references(&self) -> Result<(), Refusal> {
        for (path, bytes) in &self.0 {
            if parse(bytes).is_err() {
                continue;
            }
            let strings = strings(bytes).map_err(|error| {
                Refusal::wrong(format!("{path} cannot be used here: {error}; correct it"))
            })?;
            if strings.iter().any(|(_, text)| text.starts_with(RESERVED)) {
                return Err(Refusal::wrong(format!(
                    "{path} cannot be used here: it has a text that begins with {RESERVED:?}; remove it"
                )));
            }
            for (name, (is_value, named)) in strings.iter().zip(strings.iter().skip(1)) {
                let is_reference = *is_value && REFERENCES.contains(&name.1.as_str());
                if is_reference && !self.0.contains_key(named) {
                    return Err(Refusal::wrong(format!(
                        "{path} names the file {named:?}, which is not here; add it, or give the member `{}` another name",
                        name.1
                    )));
                }
            }
        }
        Ok(())
    }
}

/// Reads JSON as the program does, which leaves out a byte order mark.
fn parse(bytes: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes))
}

/// Returns all strings of JSON in their order, names of members too, each with whether it is the
/// value of the member that the string before it names. In a [`Value`], members that occur twice
/// would be lost.
fn strings(json: &[u8]) -> serde_json::Result<Vec<(bool, String)>> {
    let mut found = Vec::new();
    let mut rest = json;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        let (before, from) = rest.split_at(start);
        let mut read = Deserializer::from_slice(from).into_iter::<String>();
        let Some(text) = read.next() else { break };
        found.push((before.trim_ascii() == b":", text?));
        rest = from.get(read.byte_offset()..).unwrap_or_default();
    }
    Ok(found)
}

/// Returns whether a path from a browser can be used.
fn is_plain(path: &str) -> bool {
    let is_plain = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        (1..=MAX_NAME).contains(&part.len()) && !part.starts_with('.') && part.chars().all(allowed)
    };
    path.split('/').count() <= 2 && path.split('/').all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: Value) -> Result<Files, Refusal> {
        Files::read(json!({ "files": files }).to_string().as_bytes())
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in
            ["../x", "/etc/x", "a/../b", "a/b/c", ".x", "a/.x", "", "a//b", "a\\b", "a b", "x:y"]
        {
            let long = "a".repeat(65);
            assert!(read(json!({name: "{}"})).is_err(), "{name}");
            assert!(read(json!({long: "{}"})).is_err());
        }
        assert!(read(json!({"issuers/a-b_1.json": "{}", "photo.png": {"base64": "AA=="}})).is_ok());
    }

    #[test]
    fn files_name_only_files_that_came_with_them() {
        for text in [
            r#"{"values": {"photo": {"file": "/etc/hostname"}}}"#,
            r#"{"values": {"photo": {"file": "../credentials/a.json"}}}"#,
            r#"{"schemas": [{"prepared_key": "key.json"}]}"#,
            r#"{"values": {"photo": {"file": "photos/a.png", "file": "/etc/hostname"}}}"#,
        ] {
            let files = json!({"credentials/a.json": text, "photos/a.png": {"base64": "AA=="}});
            assert!(read(files).is_err(), "{text}");
        }
        let text = r#"{"values": {"photo": {"file": "photos/a.png"}}}"#;
        let files = json!({"credentials/a.json": text, "photos/a.png": {"base64": "AA=="}});
        assert!(read(files).is_ok());
    }

    #[test]
    fn no_way_of_writing_hides_a_reference() {
        let inner = json!(r#"{"file": "/etc/hostname"}"#);
        for text in [
            "\u{feff}{\"values\": {\"photo\": {\"file\": \"/etc/hostname\"}}}".to_owned(),
            "\u{feff}{\"schemas\": [{\"prepared_key\": \"/etc/hostname\"}]}".to_owned(),
            r#"{"file": "/etc/hostname", "file": "photos/a.png"}"#.to_owned(),
            r#"{"values": {"photo": {"file": "/etc/hostname"}}, "values": {}}"#.to_owned(),
            r#"[1, [[{"a": ["\"", {"file"
                :\t"/etc/hostname"}]}]], "file"]"#
                .replace("\\t", "\t"),
            r#"{"\u0066ile": "\/etc/hostname"}"#.to_owned(),
            format!(r#"{{"photo": {{"$serde_json::private::RawValue": {inner}}}}}"#),
            format!(r#"{{"\u0024serde_json::private::RawValue": {inner}}}"#),
        ] {
            assert!(parse(text.as_bytes()).is_ok(), "{text}");
            let files = json!({"credentials/a.json": text, "photos/a.png": {"base64": "AA=="}});
            assert!(read(files).is_err(), "{text}");
        }
        for text in [
            "\u{feff}{\"file\": \"photos/a.png\"}",
            r#"{"file": "photos/a.png", "file": "photos/a.png", "a": "file", "b": ["file", ":", "x"]}"#,
            r#"{"file": {"raw": "x"}}"#,
        ] {
            let files = json!({"credentials/a.json": text, "photos/a.png": {"base64": "AA=="}});
            assert!(read(files).expect(text).check_json().is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_examined_and_not_played() {
        let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let deep = "[".repeat(200) + &"]".repeat(200);
        for content in [
            json!("{\"file\": "),
            json!("\u{feff}\u{feff}{}"),
            json!(""),
            json!(deep),
            json!({"base64": BASE64_STANDARD.encode(utf16)}),
        ] {
            let files = read(json!({"credentials/a.json": content, "a.png": ""})).expect("files");
            assert!(files.check_json().is_err(), "{content}");
        }
    }

    #[test]
    fn a_file_and_a_directory_cannot_have_one_name() {
        assert!(read(json!({"issuers": "{}", "issuers/a.json": "{}"})).is_err());
        assert!(read(json!({"issuers.json": "{}", "issuers/a.json": "{}"})).is_ok());
    }

    #[test]
    fn only_the_requests_may_change_in_a_scenario_that_goes_on() {
        let files = |issuer: &str, request: &str| {
            read(json!({"issuers/a.json": issuer, "requests/r.json": request})).expect("files")
        };
        assert!(files("{}", "{}").issues_the_same(&files("{}", "[]")));
        assert!(!files("{}", "{}").issues_the_same(&files("[]", "{}")));
        let other = read(json!({"issuers/a.json": "{}", "requests/s.json": "{}"})).expect("files");
        assert!(!files("{}", "{}").issues_the_same(&other));
        assert_eq!(other.requests(), ["s"]);
        let two = read(json!({"requests/a-b.json": "{}", "requests/a.json": "{}"})).expect("files");
        assert_eq!(two.requests(), ["a", "a-b"]);
    }

    #[test]
    fn files_are_written_and_loaded_as_they_were() {
        let photo = json!({"base64": BASE64_STANDARD.encode([255, 0, 1])});
        let files = read(json!({"a.json": "{}", "photos/p.png": photo})).expect("files");
        let directory = tempfile::tempdir().expect("a directory");
        files.write(&directory.path().join("scenario")).expect("written");
        let loaded = Files::load(&directory.path().join("scenario")).expect("loaded");
        assert_eq!(loaded, files);
        assert_eq!(loaded.to_json()["photos/p.png"], photo);
    }
}
