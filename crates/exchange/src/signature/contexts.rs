//! JSON-LD contexts, from files: none is fetched.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

/// The context of Verifiable Credentials 1.0.
pub const CREDENTIALS_CONTEXT: &str = "https://www.w3.org/2018/credentials/v1";

/// The context of this exchange: it gives a meaning to each member of the draft's messages that the context of
/// Verifiable Credentials does not define. A message in JSON-LD names it after that one.
pub const EXCHANGE_CONTEXT: &str = "https://negotiate-proof.example/proof-exchange/v1";

/// The context in which the members of a proof with a `jws` are read.
pub(super) const SECURITY_CONTEXT: &str = "https://w3id.org/security/v2";

/// The contexts that come with this crate. The draft's examples also write the first URL without `www`.
const BUILT_IN: [(&str, &str); 5] = [
    (CREDENTIALS_CONTEXT, include_str!("../../contexts/credentials-v1.jsonld")),
    ("https://w3.org/2018/credentials/v1", include_str!("../../contexts/credentials-v1.jsonld")),
    ("https://w3id.org/security/v1", include_str!("../../contexts/security-v1.jsonld")),
    (SECURITY_CONTEXT, include_str!("../../contexts/security-v2.jsonld")),
    (EXCHANGE_CONTEXT, include_str!("../../contexts/proof-exchange-v1.jsonld")),
];

/// The contexts that documents may name. Those of Verifiable Credentials, of security vocabularies, and of this
/// exchange are there from the start.
#[derive(Debug, Clone)]
pub struct Contexts {
    documents: BTreeMap<String, Arc<str>>,
}

impl Contexts {
    /// Returns the contexts that come with this crate.
    pub fn new() -> Self {
        Self {
            documents: BUILT_IN
                .into_iter()
                .map(|(url, text)| (url.to_owned(), text.into()))
                .collect(),
        }
    }

    /// Adds a context under its URL, in place of one that is there.
    ///
    /// A context decides what the members of other parties' documents mean: add only what the URL's owner publishes.
    pub fn add(&mut self, url: impl Into<String>, document: Value) {
        self.documents.insert(url.into(), document.to_string().into());
    }

    /// Returns the text of a context.
    pub(super) fn get(&self, url: &str) -> Option<&Arc<str>> {
        self.documents.get(url)
    }
}

impl Default for Contexts {
    fn default() -> Self {
        Self::new()
    }
}
