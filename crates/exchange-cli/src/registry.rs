//! The registry: a directory in which issuers publish.
//!
//! ```text
//! dids/<did>.json                     DID documents
//! schemas/<id>.json                   schemas of AnonCreds credentials
//! credential-definitions/<id>.json    the public keys of their issuers
//! ```
//!
//! It stands for the places where issuers publish: a ledger, a web site. A workshop shares it as a directory, so that
//! its files are for everyone to read, unlike those of a home. What is published is never changed.
//! In file names every character but letters, digits, `-`, `_` and `.` is percent-encoded.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use indy::anoncreds::objects::{Kind, check};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use stdx::fs::publish;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The most bytes of a document: the keys of a credential definition with a hundred attributes have
/// some 70,000.
const MAX_BYTES: u64 = 1 << 20;

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// DID documents.
    Did,
    /// Schemas.
    Schema,
    /// Credential definitions.
    CredDef,
}

impl DocumentKind {
    fn directory(self) -> &'static str {
        match self {
            Self::Did => "dids",
            Self::Schema => "schemas",
            Self::CredDef => "credential-definitions",
        }
    }
}

/// A registry's directory.
#[derive(Debug, Clone)]
pub struct Registry {
    directory: PathBuf,
}

impl Registry {
    /// Returns the registry in this directory, which need not exist yet.
    pub fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    /// Returns its directory.
    pub fn root(&self) -> &Path {
        &self.directory
    }

    /// Returns whether the directory exists.
    pub fn exists(&self) -> bool {
        self.directory.is_dir()
    }

    fn path(&self, kind: DocumentKind, id: &str) -> PathBuf {
        let name = utf8_percent_encode(id, ENCODED);
        self.directory.join(kind.directory()).join(format!("{name}.json"))
    }

    /// Publishes a document, unless the same is published already.
    pub fn publish(&self, kind: DocumentKind, id: &str, document: &Value) -> Result<()> {
        let path = self.path(kind, id);
        let write = || -> io::Result<()> {
            fs::create_dir_all(self.directory.join(kind.directory()))?;
            let mut bytes = serde_json::to_vec_pretty(document)?;
            bytes.push(b'\n');
            publish(&path, &bytes)
        };
        match write() {
            // another process may have published it at the same time
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.check_published(kind, id, document)
            }
            written => written.with_context(|| {
                format!(
                    "cannot write {}; name with --registry a directory in which this user may publish",
                    path.display()
                )
            }),
        }
    }

    /// Checks that what is published is this document.
    fn check_published(&self, kind: DocumentKind, id: &str, document: &Value) -> Result<()> {
        let path = self.path(kind, id);
        let there =
            self.read(kind, id).with_context(|| format!("cannot use {}", path.display()))?;
        ensure!(
            there.as_ref() == Some(document),
            "{} is there already, with another document of {id}; its publisher must not change it: name \
             another --registry, or use the home that published it",
            path.display()
        );
        Ok(())
    }

    /// Reads a document; `None` if it is not published. The errors do not name the file.
    pub fn read(&self, kind: DocumentKind, id: &str) -> Result<Option<Value>> {
        let file = match fs::File::open(self.path(kind, id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("what is published cannot be read"),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .context("what is published cannot be read")?;
        ensure!(
            bytes.len() as u64 <= MAX_BYTES,
            "what is published has more than {MAX_BYTES} bytes"
        );
        let not_json = "what is published is not JSON; get it anew from its publisher";
        let document = serde_json::from_slice(&bytes).context(not_json)?;
        check(Kind::Json, str::from_utf8(&bytes)?).context(not_json)?;
        Ok(Some(document))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_published_document_is_read_and_cannot_be_changed() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        let id = "did:work:../x;y";
        assert_eq!(registry.read(DocumentKind::Did, id).unwrap(), None);
        registry.publish(DocumentKind::Did, id, &json!({"id": id})).unwrap();
        registry.publish(DocumentKind::Did, id, &json!({"id": id})).unwrap();
        assert_eq!(registry.read(DocumentKind::Did, id).unwrap(), Some(json!({"id": id})));
        assert!(registry.publish(DocumentKind::Did, id, &json!({"id": "other"})).is_err());
        assert_eq!(registry.read(DocumentKind::Schema, id).unwrap(), None);
        let files: Vec<_> = fs::read_dir(directory.path().join("dids")).unwrap().collect();
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn of_publishers_at_the_same_time_one_wins_and_the_others_learn_it() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        for round in 0..50 {
            let id = format!("did:work:{round}");
            let barrier = std::sync::Barrier::new(8);
            let publish = |number: usize| {
                barrier.wait();
                // two publish the same
                let document = json!({"id": id, "key": number / 2});
                registry.publish(DocumentKind::Did, &id, &document).map(|()| document)
            };
            let results: Vec<_> = std::thread::scope(|scope| {
                let publish = &publish;
                let threads: Vec<_> =
                    (0..8).map(|number| scope.spawn(move || publish(number))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let there = registry.read(DocumentKind::Did, &id).unwrap().unwrap();
            let won = results.iter().filter(|result| result.is_ok()).count();
            assert_eq!(won, 2, "those whose document is there");
            for result in results {
                match result {
                    Ok(document) => assert_eq!(document, there),
                    Err(error) => {
                        let text = error.to_string();
                        assert!(text.contains(&format!("another document of {id}")), "{text}");
                        assert!(text.contains("name another --registry"), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_document_that_is_too_long_or_not_json_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        fs::create_dir(directory.path().join("dids")).unwrap();
        let path = directory.path().join("dids/did%3Awork%3Ax.json");
        for (content, reason) in [
            (vec![b' '; 1 + MAX_BYTES as usize], "more than 1048576 bytes"),
            (b"{".to_vec(), "not JSON"),
        ] {
            fs::write(&path, content).unwrap();
            let error = registry.read(DocumentKind::Did, "did:work:x").unwrap_err();
            assert!(format!("{error:#}").contains(reason), "{error:#}");
            let document = json!({"id": "did:work:x"});
            let error = registry.publish(DocumentKind::Did, "did:work:x", &document).unwrap_err();
            assert!(format!("{error:#}").contains("did%3Awork%3Ax.json"), "{error:#}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_published_document_is_readable_by_everyone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        registry.publish(DocumentKind::Schema, "x", &json!({})).unwrap();
        let file = fs::metadata(directory.path().join("schemas/x.json")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o644);
    }
}
