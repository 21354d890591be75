//! The registry: a directory of what everybody may read.
//!
//! ```text
//! dids/<did>.json                     DID documents
//! schemas/<id>.json                   schemas of AnonCreds credentials
//! credential-definitions/<id>.json    the public keys of their issuers
//! ```
//!
//! It stands for the places where issuers publish: a ledger, a web site. A workshop shares it as a directory.
//! In file names every character but letters, digits, `-`, `_` and `.` is percent-encoded.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tempfile::NamedTempFile;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A document of the registry has at most this many bytes: the keys of a credential definition with a
/// hundred attributes have some 70,000.
const LONGEST: u64 = 1 << 20;

/// What is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// DID documents.
    Did,
    /// Schemas.
    Schema,
    /// Credential definitions.
    CredDef,
}

impl Kind {
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
    /// The registry in this directory, which need not be there yet.
    pub fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
        }
    }

    /// Its directory.
    pub fn root(&self) -> &Path {
        &self.directory
    }

    /// Whether the directory is there.
    pub fn exists(&self) -> bool {
        self.directory.is_dir()
    }

    fn path(&self, kind: Kind, id: &str) -> PathBuf {
        let name = utf8_percent_encode(id, ENCODED);
        self.directory
            .join(kind.directory())
            .join(format!("{name}.json"))
    }

    /// Publish a document, or see that the same is published already.
    pub fn publish(&self, kind: Kind, id: &str, document: &Value) -> Result<()> {
        let path = self.path(kind, id);
        let there = self
            .read(kind, id)
            .with_context(|| format!("cannot use {}", path.display()))?;
        if let Some(there) = there {
            ensure!(
                there == *document,
                "{} is there already, with another document of {id}; its publisher must not change it: name \
                 another --registry, or use the home that published it",
                path.display()
            );
            return Ok(());
        }
        let directory = self.directory.join(kind.directory());
        let write = || -> io::Result<()> {
            fs::create_dir_all(&directory)?;
            let mut file = NamedTempFile::new_in(&directory)?;
            serde_json::to_writer_pretty(&mut file, document)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            let file = file.persist(&path)?;
            readable_by_all(&file)?;
            fs::File::open(&directory)?.sync_all()
        };
        write().with_context(|| {
            format!(
                "cannot write {}; name with --registry a directory in which this user may publish",
                path.display()
            )
        })
    }

    /// Read a document; `None` if it is not published. The errors do not name the file.
    pub fn read(&self, kind: Kind, id: &str) -> Result<Option<Value>> {
        let file = match fs::File::open(self.path(kind, id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("what is published cannot be read"),
        };
        let mut bytes = Vec::new();
        file.take(LONGEST + 1)
            .read_to_end(&mut bytes)
            .context("what is published cannot be read")?;
        ensure!(
            bytes.len() as u64 <= LONGEST,
            "what is published has more than {LONGEST} bytes"
        );
        let document = serde_json::from_slice(&bytes)
            .context("what is published is not JSON; get it anew from its publisher")?;
        Ok(Some(document))
    }
}

/// Temporary files begin as their owner's own.
fn readable_by_all(file: &fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_published_is_read_and_cannot_be_changed() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        let id = "did:work:../x;y";
        assert_eq!(registry.read(Kind::Did, id).unwrap(), None);
        registry.publish(Kind::Did, id, &json!({"id": id})).unwrap();
        registry.publish(Kind::Did, id, &json!({"id": id})).unwrap();
        assert_eq!(
            registry.read(Kind::Did, id).unwrap(),
            Some(json!({"id": id}))
        );
        assert!(
            registry
                .publish(Kind::Did, id, &json!({"id": "other"}))
                .is_err()
        );
        assert_eq!(registry.read(Kind::Schema, id).unwrap(), None);
        let files: Vec<_> = fs::read_dir(directory.path().join("dids"))
            .unwrap()
            .collect();
        assert_eq!(files.len(), 1);
    }

    #[test]
    fn what_is_too_long_or_no_json_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        fs::create_dir(directory.path().join("dids")).unwrap();
        let path = directory.path().join("dids/did%3Awork%3Ax.json");
        for (content, reason) in [
            (vec![b' '; 1 + LONGEST as usize], "more than 1048576 bytes"),
            (b"{".to_vec(), "not JSON"),
        ] {
            fs::write(&path, content).unwrap();
            let error = registry.read(Kind::Did, "did:work:x").unwrap_err();
            assert!(format!("{error:#}").contains(reason), "{error:#}");
            let document = json!({"id": "did:work:x"});
            let error = registry
                .publish(Kind::Did, "did:work:x", &document)
                .unwrap_err();
            assert!(
                format!("{error:#}").contains("did%3Awork%3Ax.json"),
                "{error:#}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_published_may_be_read_by_everybody() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::new(directory.path());
        registry.publish(Kind::Schema, "x", &json!({})).unwrap();
        let file = fs::metadata(directory.path().join("schemas/x.json")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o644);
    }
}
