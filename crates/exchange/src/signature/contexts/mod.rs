//! JSON-LD contexts, from files: none is fetched.

mod reduced;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use serde_json::{Map, Value};

pub(super) use reduced::{BASE, InMemory, base, now, parsed};
use reduced::{Definitions, Reduced};

/// The context of Verifiable Credentials 1.0.
pub const CREDENTIALS_CONTEXT: &str = "https://www.w3.org/2018/credentials/v1";

/// The same without `www.`, as in the draft's responses.
pub(crate) const CREDENTIALS_WITHOUT_WWW: &str = "https://w3.org/2018/credentials/v1";

/// The context of this exchange: it gives a meaning to each member of the draft's messages that the
/// context of Verifiable Credentials does not define. A message in JSON-LD names it after that one.
pub const EXCHANGE_CONTEXT: &str = "https://negotiate-proof.example/proof-exchange/v1";

/// The context in which the members of a proof with a `jws` are read.
pub(super) const SECURITY_CONTEXT: &str = "https://w3id.org/security/v2";

/// The contexts that come with this crate.
const BUILT_IN: [(&str, &str); 5] = [
    (CREDENTIALS_CONTEXT, include_str!("../../../contexts/credentials-v1.jsonld")),
    (CREDENTIALS_WITHOUT_WWW, include_str!("../../../contexts/credentials-v1.jsonld")),
    ("https://w3id.org/security/v1", include_str!("../../../contexts/security-v1.jsonld")),
    (SECURITY_CONTEXT, include_str!("../../../contexts/security-v2.jsonld")),
    (EXCHANGE_CONTEXT, include_str!("../../../contexts/proof-exchange-v1.jsonld")),
];

/// Returns whether a context with this URL comes with this crate.
pub(crate) fn is_built_in_context(url: &str) -> bool {
    BUILT_IN.iter().any(|(built_in, _)| *built_in == url)
}

/// The contexts that documents may name. Those of Verifiable Credentials, of security vocabularies,
/// and of this exchange are there from the start. Clones share what they have parsed and processed.
#[derive(Clone)]
pub struct Contexts(Arc<Definitions>);

/// The contexts that come with this crate.
static NEW: LazyLock<Contexts> = LazyLock::new(|| {
    let parsed = |text| serde_json::from_str(text).unwrap_or_default();
    let documents = BUILT_IN.into_iter().map(|(url, text)| (url.to_owned(), parsed(text)));
    Contexts(Arc::new(Definitions::of(documents.collect())))
});

impl Contexts {
    /// Returns the contexts that come with this crate.
    pub fn new() -> Self {
        NEW.clone()
    }

    /// Adds a context under its URL, in place of one that is there.
    ///
    /// A context decides what the members of other parties' documents mean: add only what the URL's
    /// owner publishes.
    pub fn add(&mut self, url: impl Into<String>, document: Value) {
        let mut documents = self.0.documents.clone();
        documents.insert(url.into(), document);
        self.0 = Arc::new(Definitions::of(documents));
    }

    /// Returns whether a context is known.
    pub(super) fn has(&self, url: &str) -> bool {
        self.0.documents.contains_key(url)
    }

    /// Returns whether a context is the one that comes with this crate.
    pub(super) fn is_built_in(&self, url: &str) -> bool {
        self.0.documents.get(url) == NEW.0.documents.get(url)
    }

    /// Returns the contexts, reduced to what a document uses.
    pub(super) fn reduced_to(&self, document: &Map<String, Value>) -> Arc<Reduced> {
        self.0.reduced_to(document)
    }
}

impl Default for Contexts {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the URLs only.
impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.documents.keys()).finish()
    }
}
