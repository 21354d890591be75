//! The registry: a directory in which issuers publish.
//!
//! ```text
//! dids/<did>.json                     DID documents
//! schemas/<id>.json                   schemas of credentials
//! credential-definitions/<id>.json    the public keys of issuers of AnonCreds credentials
//! ```
//!
//! It stands for the places where issuers publish: a ledger, a web site. A workshop shares it as a
//! directory, so that its files are for everyone to read, unlike those of a home. What is published
//! is never changed. In file names every character but letters, digits, `-`, `_` and `.` is
//! percent-encoded.

use std::{fs, io, path::PathBuf};

use anyhow::{Context, Result, ensure};
use indy::anoncreds::objects::{Kind, check};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use stdx::fs::{publish, read_up_to};

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The most bytes of a document: the keys of a credential definition with a hundred attributes have
/// some 70,000.
const MAX_BYTES: usize = 1 << 20;

/// A folder of the registry, for one kind of documents.
pub type Folder = &'static str;

/// DID documents.
pub const DIDS: Folder = "dids";
/// Schemas.
pub const SCHEMAS: Folder = "schemas";
/// Credential definitions.
pub const CRED_DEFS: Folder = "credential-definitions";

/// A registry.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Its directory, which need not exist yet.
    pub directory: PathBuf,
}

impl Registry {
    /// Returns whether the directory exists.
    pub fn exists(&self) -> bool {
        self.directory.is_dir()
    }

    /// Returns the file of a document, from the registry's directory on.
    pub fn file_name(folder: Folder, id: &str) -> String {
        format!("{folder}/{}.json", utf8_percent_encode(id, ENCODED))
    }

    /// Publishes a document, unless one that is as good is published already.
    pub fn publish(
        &self,
        folder: Folder,
        id: &str,
        document: &Value,
        is_as_good: impl FnOnce(&Value) -> bool,
    ) -> Result<()> {
        let path = self.directory.join(Self::file_name(folder, id));
        let shown = path.display();
        let published = || self.read(folder, id).with_context(|| format!("cannot use {shown}"));
        if published()?.is_none() {
            let bytes = format!("{document:#}\n").into_bytes();
            let made = fs::create_dir_all(self.directory.join(folder));
            match made.and_then(|()| publish(&path, &bytes)) {
                // another process has published it at the same time
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                written => written.with_context(|| {
                    format!("cannot write {shown}; name with --registry a directory in which this user may publish")
                })?,
            }
        }
        ensure!(
            published()?.is_some_and(|there| is_as_good(&there)),
            "{shown} is there already, with another document of {id}; its publisher must not change it: \
             name another --registry, or use the home that published it, with the same --key if it used one"
        );
        Ok(())
    }

    /// Reads a document; `None` if it is not published. The errors do not name the file.
    pub fn read(&self, folder: Folder, id: &str) -> Result<Option<Value>> {
        let path = self.directory.join(Self::file_name(folder, id));
        let read = read_up_to(&path, MAX_BYTES).context("what is published cannot be read")?;
        let Some(bytes) = read else {
            return Ok(None);
        };
        let not_json = "what is published is not JSON; get it anew from its publisher";
        let document: Value = serde_json::from_slice(&bytes).context(not_json)?;
        check(Kind::Json, str::from_utf8(&bytes)?).context(not_json)?;
        let own = document.get("id").and_then(Value::as_str).unwrap_or(id);
        ensure!(own == id, "what is published under its name is the document of {own:?}");
        Ok(Some(document))
    }
}
