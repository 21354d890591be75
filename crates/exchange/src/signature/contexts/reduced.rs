//! Contexts without the terms that a document does not use.
//!
//! Most of the work of expanding a document is processing contexts: each object inside it with a
//! context of its own, or of its type, processes one again, with all its terms. A message uses a
//! tenth of them. A term can be left out wherever it is defined if nothing names it: no member and
//! no text of the document, nor the part of one before a colon, nor a definition of a term that is
//! named. The expanded document stays the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{self, Poll, Waker},
};

use locspan::Meta;
use rdf_types::IriVocabularyMut;
use serde_json::{Map, Value};
use sophia_jsonld::{
    json_ld::{
        Context, Loader, LoadingResult, Process as _, RemoteDocument, context_processing,
        future::{BoxFuture, FutureExt as _},
        syntax::{self, Parse as _, TryFromJson as _},
    },
    vocabulary::{ArcBnode, ArcIri, ArcVoc},
};

use crate::signature::{SignatureError, not_canonical};

/// Contexts are kept for at most this many sets of terms, and processed lists for as many lists.
/// Others' documents choose them; the documents of one kind of message use the same.
const MAX_KEPT: usize = 64;

/// What the known contexts define.
pub(in crate::signature) struct Definitions {
    /// The documents by URL.
    pub(super) documents: BTreeMap<String, Value>,
    /// All terms that are defined anywhere.
    terms: BTreeSet<String>,
    kept: Mutex<BTreeMap<Vec<String>, Arc<Reduced>>>,
}

/// The contexts, with some of their terms.
pub(in crate::signature) struct Reduced {
    contexts: BTreeMap<String, Result<Parsed, String>>,
    /// What a document's list of contexts defines, by the list in JSON.
    processed: Mutex<BTreeMap<String, Arc<Processed>>>,
}

/// What a list of contexts defines, as `json_ld` has it.
type Processed = Context<ArcIri, ArcBnode, syntax::context::Value<()>, ()>;

impl Definitions {
    pub(super) fn of(documents: BTreeMap<String, Value>) -> Self {
        let mut terms = BTreeSet::new();
        for context in documents.values().filter_map(|document| document.get("@context")) {
            each_term(context, &mut |name, _| {
                terms.insert(name.to_owned());
                true
            });
        }
        Self { documents, terms, kept: Mutex::default() }
    }

    /// Returns the contexts with the terms that a document uses.
    pub(in crate::signature) fn reduced_to(&self, document: &Map<String, Value>) -> Arc<Reduced> {
        let mut used = BTreeSet::new();
        each_text_of(document, &mut |text| self.note(text, &mut used));
        let key: Vec<String> = used.iter().map(|&term| term.to_owned()).collect();
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let used = self.with_named(used);
        let reduced = self.documents.iter().map(|(url, document)| {
            let mut document = document.clone();
            if let Some(context) = document.get_mut("@context") {
                reduce(context, &used);
            }
            (url.clone(), parsed(&document.to_string()))
        });
        let reduced =
            Arc::new(Reduced { contexts: reduced.collect(), processed: Mutex::default() });
        keep(&mut lock(), key, &reduced);
        reduced
    }

    /// Notes the terms that a text may stand for: itself, or its prefix.
    fn note<'d>(&'d self, text: &str, used: &mut BTreeSet<&'d str>) {
        let prefix = text.split_once(':').map(|(prefix, _)| prefix);
        for name in [Some(text), prefix].into_iter().flatten() {
            used.extend(self.terms.get(name).map(String::as_str));
        }
    }

    /// Adds the terms that the definitions of these terms name, and so on.
    fn with_named<'d>(&'d self, mut used: BTreeSet<&'d str>) -> BTreeSet<&'d str> {
        loop {
            let mut more = used.clone();
            for context in self.documents.values().filter_map(|document| document.get("@context")) {
                each_term(context, &mut |name, definition| {
                    let is_used = name.starts_with('@') || used.contains(name);
                    if is_used {
                        self.note(name, &mut more);
                        each_text(definition, &mut |text| self.note(text, &mut more));
                    }
                    is_used
                });
            }
            if more.len() == used.len() {
                return used;
            }
            used = more;
        }
    }
}

impl Reduced {
    /// Returns what a document's list of contexts defines. It is processed once.
    pub(in crate::signature) fn processed(
        &self,
        list: &Value,
    ) -> Result<Arc<Processed>, SignatureError> {
        let key = list.to_string();
        let lock = || self.processed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(Arc::clone(known));
        }
        let local = syntax::context::Value::try_from_json(parsed(&key).map_err(not_canonical)?)
            .map_err(|error| not_canonical(error.0.to_string()))?;
        let initial = Context::new(Some(base()));
        let processed = now(local.process_full(
            &mut ArcVoc {},
            &initial,
            &mut InMemory(self),
            Some(base()),
            context_processing::Options::default(),
            (),
        ))?;
        let processed = processed.map_err(|error| not_canonical(error.0.to_string()))?;
        let processed = Arc::new(processed.into_processed());
        keep(&mut lock(), key, &processed);
        Ok(processed)
    }
}

fn keep<K: Ord, V>(kept: &mut BTreeMap<K, Arc<V>>, key: K, value: &Arc<V>) {
    if kept.len() >= MAX_KEPT {
        kept.clear();
    }
    kept.insert(key, Arc::clone(value));
}

/// Removes the definitions of all terms that are not used.
fn reduce(context: &mut Value, used: &BTreeSet<&str>) {
    match context {
        Value::Array(contexts) => contexts.iter_mut().for_each(|context| reduce(context, used)),
        Value::Object(terms) => {
            terms.retain(|name, _| name.starts_with('@') || used.contains(&**name));
            let scoped = terms.values_mut().filter_map(|definition| definition.get_mut("@context"));
            scoped.for_each(|context| reduce(context, used));
        }
        _ => {}
    }
}

/// Calls `visit` with each keyword and term of a context and its definition; with those of a scoped
/// context only where it returns `true` for the term that has it.
fn each_term<'c>(context: &'c Value, visit: &mut impl FnMut(&'c str, &'c Value) -> bool) {
    match context {
        Value::Array(contexts) => contexts.iter().for_each(|context| each_term(context, visit)),
        Value::Object(terms) => {
            for (name, definition) in terms {
                if visit(name, definition)
                    && let Some(scoped) = definition.get("@context")
                {
                    each_term(scoped, visit);
                }
            }
        }
        _ => {}
    }
}

/// Calls `visit` with each text and name in a value, but not with those of a scoped context.
fn each_text(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        Value::Object(members) => each_text_of(members, visit),
        _ => {}
    }
}

fn each_text_of(members: &Map<String, Value>, visit: &mut impl FnMut(&str)) {
    for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
        visit(name);
        each_text(value, visit);
    }
}

/// The base of relative ids, by which they are recognised afterwards.
pub(in crate::signature) const BASE: &str = "x-relative://base/";

/// A document as `json_ld` has it, without positions.
type Parsed = Meta<syntax::Value<()>, ()>;

/// Parses a document.
pub(in crate::signature) fn parsed(text: &str) -> Result<Parsed, String> {
    syntax::Value::parse_str(text, |_| ()).map_err(|error| error.0.to_string())
}

/// Loads contexts that are there.
pub(in crate::signature) struct InMemory<'a>(pub(in crate::signature) &'a Reduced);

impl Loader<ArcIri, ()> for InMemory<'_> {
    type Output = syntax::Value<()>;
    type Error = String;

    fn load_with<'a>(
        &'a mut self,
        _: &'a mut (impl Sync + Send + IriVocabularyMut<Iri = ArcIri>),
        url: ArcIri,
    ) -> BoxFuture<'a, LoadingResult<ArcIri, (), Self::Output, String>>
    where
        ArcIri: 'a,
    {
        let unknown = || Err(format!("the context {} is not known", url.as_str()));
        let found = self.0.contexts.get(url.as_str()).cloned().unwrap_or_else(unknown);
        async move { Ok(RemoteDocument::new(Some(url), None, found?)) }.boxed()
    }
}

pub(in crate::signature) fn base() -> ArcIri {
    ArcIri::new_unchecked(Arc::from(BASE))
}

/// Returns the result of a future that has nothing to wait for, since contexts are in memory.
pub(in crate::signature) fn now<T>(future: impl Future<Output = T>) -> Result<T, SignatureError> {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(not_canonical("a context is not in memory")),
    }
}
