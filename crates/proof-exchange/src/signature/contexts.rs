//! JSON-LD contexts, from files: none is ever fetched.

use std::collections::BTreeMap;

use serde_json::Value;

/// The contexts that documents may name. Those of Verifiable Credentials, of security vocabularies, and of this
/// exchange are there from the start.
#[derive(Debug, Clone, Default)]
pub struct Contexts {
    documents: BTreeMap<String, Value>,
}

impl Contexts {
    /// The contexts that come with this crate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a context under its URL.
    pub fn add(&mut self, url: impl Into<String>, document: Value) {
        self.documents.insert(url.into(), document);
    }
}
