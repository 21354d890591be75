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
    fs, io,
    io::Write,
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

    /// Where documents of this kind are.
    pub fn directory(&self, kind: Kind) -> PathBuf {
        self.directory.join(kind.directory())
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
        if let Some(there) = self.read(kind, id)? {
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
            file.persist(&path)?;
            fs::File::open(&directory)?.sync_all()
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }

    /// Read a document; `None` if it is not published.
    pub fn read(&self, kind: Kind, id: &str) -> Result<Option<Value>> {
        let path = self.path(kind, id);
        let shown = path.display();
        let length = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
        };
        ensure!(
            length <= LONGEST,
            "cannot use {shown}: it has more than {LONGEST} bytes"
        );
        let bytes = fs::read(&path).with_context(|| format!("cannot read {shown}"))?;
        let document = serde_json::from_slice(&bytes)
            .with_context(|| format!("{shown} is not JSON; get it anew from its publisher"))?;
        Ok(Some(document))
    }
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
}
