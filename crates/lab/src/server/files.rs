//! What a browser may send: the files of a scenario.
//!
//! Names from a browser become paths only in the form that [`Files::read`] allows, and the files of a scenario may name
//! only files that came with them: the program would read any other file that this machine's user can read.

use std::{collections::BTreeMap, fs, io, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

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
            Some((name.to_owned(), serde_json::from_slice(bytes).unwrap_or_default()))
        });
        // the order of names is not that of paths: `-` comes before `.`
        let mut named: Vec<(String, Value)> = named.collect();
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        named
    }

    /// Checks that files name only files that are here. What is not JSON, the program refuses.
    fn check_references(&self) -> Result<(), Refusal> {
        for (path, bytes) in &self.0 {
            let Ok(value) = serde_json::from_slice::<Value>(bytes) else { continue };
            let mut open = vec![&value];
            while let Some(value) = open.pop() {
                match value {
                    Value::Array(elements) => open.extend(elements),
                    Value::Object(members) => {
                        let named =
                            REFERENCES.iter().filter_map(|name| members.get(*name)?.as_str());
                        if let Some(named) =
                            named.into_iter().find(|name| !self.0.contains_key(*name))
                        {
                            return Err(Refusal::wrong(format!(
                                "{path} names the file {named:?}, which is not here; add it"
                            )));
                        }
                        open.extend(members.values());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
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
