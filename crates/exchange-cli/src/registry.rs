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

    /// Returns the file of a document, from the registry's directory on.
    pub fn file_name(kind: DocumentKind, id: &str) -> String {
        format!("{}/{}.json", kind.directory(), utf8_percent_encode(id, ENCODED))
    }

    fn path(&self, kind: DocumentKind, id: &str) -> PathBuf {
        self.directory.join(Self::file_name(kind, id))
    }

    /// Publishes a document, unless the same is published already.
    pub fn publish(&self, kind: DocumentKind, id: &str, document: &Value) -> Result<()> {
        let path = self.path(kind, id);
        let shown = path.display();
        let bytes = format!("{document:#}\n").into_bytes();
        let made = fs::create_dir_all(self.directory.join(kind.directory()));
        match made.and_then(|()| publish(&path, &bytes)) {
            // another process may have published it at the same time
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = self.read(kind, id).with_context(|| format!("cannot use {shown}"))?;
                ensure!(
                    there.as_ref() == Some(document),
                    "{shown} is there already, with another document of {id}; its publisher must not change it: \
                     name another --registry, or use the home that published it, with the same --key if it used one"
                );
                Ok(())
            }
            written => written.with_context(|| {
                format!(
                    "cannot write {shown}; name with --registry a directory in which this user may publish"
                )
            }),
        }
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
