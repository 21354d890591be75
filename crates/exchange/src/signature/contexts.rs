//! JSON-LD contexts, from files: none is fetched.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use serde_json::Value;

use super::{
    SignatureError,
    linked_data::{LocalContext, Processed},
};

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

/// At most this many lists of contexts are kept processed. Others' documents choose the lists.
const MAX_PROCESSED: usize = 64;

/// The contexts that documents may name. Those of Verifiable Credentials, of security vocabularies, and of this
/// exchange are there from the start. Clones share what they have parsed and processed.
#[derive(Clone)]
pub struct Contexts {
    documents: BTreeMap<String, Arc<Document>>,
    /// By the list of URLs that a document names, in JSON.
    processed: Arc<Mutex<BTreeMap<String, Arc<Processed>>>>,
}

/// A context as a file has it, parsed when it is first needed.
struct Document {
    text: Cow<'static, str>,
    parsed: OnceLock<Result<LocalContext, String>>,
}

impl Contexts {
    /// Returns the contexts that come with this crate.
    pub fn new() -> Self {
        static NEW: LazyLock<Contexts> = LazyLock::new(|| {
            let documents =
                BUILT_IN.into_iter().map(|(url, text)| (url.to_owned(), of(text.into())));
            Contexts { documents: documents.collect(), processed: Arc::default() }
        });
        NEW.clone()
    }

    /// Adds a context under its URL, in place of one that is there.
    ///
    /// A context decides what the members of other parties' documents mean: add only what the URL's owner publishes.
    pub fn add(&mut self, url: impl Into<String>, document: Value) {
        self.documents.insert(url.into(), of(document.to_string().into()));
        self.processed = Arc::default();
    }

    /// Returns whether a context is known.
    pub(super) fn has(&self, url: &str) -> bool {
        self.documents.contains_key(url)
    }

    /// Returns a context, parsed.
    pub(super) fn get(&self, url: &str) -> Result<LocalContext, String> {
        let document =
            self.documents.get(url).ok_or_else(|| format!("the context {url} is not known"))?;
        document.parsed.get_or_init(|| LocalContext::of_document(&document.text)).clone()
    }

    /// Returns what a document's list of contexts defines. It is processed once.
    pub(super) fn processed(&self, list: &Value) -> Result<Arc<Processed>, SignatureError> {
        let key = list.to_string();
        let lock = || self.processed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(Arc::clone(known));
        }
        let processed = Arc::new(Processed::of(&key, self)?);
        let mut all = lock();
        if all.len() < MAX_PROCESSED {
            all.insert(key, Arc::clone(&processed));
        }
        Ok(processed)
    }
}

fn of(text: Cow<'static, str>) -> Arc<Document> {
    Arc::new(Document { text, parsed: OnceLock::new() })
}

impl Default for Contexts {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the URLs only.
impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.documents.keys()).finish()
    }
}
