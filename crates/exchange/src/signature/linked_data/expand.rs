//! Contexts and documents, expanded by `json_ld`.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{self, Poll, Waker},
};

use locspan::Meta;
use rdf_types::IriVocabularyMut;
use sophia_jsonld::{
    Policy,
    json_ld::{
        Context, Expand as _, ExpandedDocument, Loader, LoadingResult, Process as _,
        RemoteDocument, context_processing, expansion,
        future::{BoxFuture, FutureExt as _},
        syntax::{self, Parse as _, TryFromJson as _},
    },
    vocabulary::{ArcBnode, ArcIri, ArcVoc},
};

use super::{not_canonical, reduced::Reduced};
use crate::signature::{Contexts, SignatureError, jcs};

/// The base of relative ids, by which they are recognised afterwards.
pub(super) const BASE: &str = "x-relative://base/";

/// The document of a context, without positions.
pub(super) type ContextDocument = Meta<syntax::Value<()>, ()>;

/// Parses the document of a context.
pub(super) fn context_document(text: &str) -> Result<ContextDocument, String> {
    syntax::Value::parse_str(text, |_| ()).map_err(|error| error.0.to_string())
}

/// Loads contexts that are there.
struct InMemory<'a>(&'a Reduced);

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
        let found = self.0.get(url.as_str());
        async move { Ok(RemoteDocument::new(Some(url), None, found?)) }.boxed()
    }
}

/// What a list of contexts defines.
pub(super) struct Processed(Context<ArcIri, ArcBnode, syntax::context::Value<()>, ()>);

impl Processed {
    /// Processes a list of contexts, in JSON.
    pub(in crate::signature) fn of(list: &str, contexts: &Reduced) -> Result<Self, SignatureError> {
        let list = syntax::Value::parse_str(list, |_| ())
            .map_err(|error| not_canonical(error.0.to_string()))?;
        let local = syntax::context::Value::try_from_json(list)
            .map_err(|error| not_canonical(error.0.to_string()))?;
        let initial = Context::new(Some(base()));
        let processed = now(local.process_full(
            &mut ArcVoc {},
            &initial,
            &mut InMemory(contexts),
            Some(base()),
            context_processing::Options::default(),
            (),
        ))?;
        let processed = processed.map_err(|error| not_canonical(error.0.to_string()))?;
        Ok(Self(processed.into_processed()))
    }

    /// Returns whether it holds for the objects inside of a document too, as nearly every context does.
    fn propagates(&self) -> bool {
        self.0.previous_context().is_none()
    }
}

/// Expands a document. The policy decides about members that no context defines.
pub(super) fn expand(
    document: &serde_json::Map<String, serde_json::Value>,
    contexts: &Contexts,
    policy: Policy,
) -> Result<ExpandedDocument<ArcIri, ArcBnode, ()>, SignatureError> {
    let options = expansion::Options { policy, ..Default::default() };
    let contexts = &*contexts.reduced_to(document);
    let own = document.get("@context").map(|list| contexts.processed(list)).transpose()?;
    let (context, left_out) = match own {
        Some(processed) if processed.propagates() => (processed.0.clone(), "@context"),
        _ => (Context::new(Some(base())), ""),
    };
    let text = jcs::without(document, left_out)?;
    let parsed = String::from_utf8(text)
        .map_err(|error| not_canonical(error.to_string()))
        .and_then(|text| {
            syntax::Value::parse_str(&text, |_| ())
                .map_err(|error| not_canonical(error.0.to_string()))
        })?;
    let (base, mut vocabulary, mut loader) = (base(), ArcVoc {}, InMemory(contexts));
    let expanded =
        now(parsed.expand_full(&mut vocabulary, context, Some(&base), &mut loader, options, ()))?;
    Ok(expanded.map_err(|error| not_canonical(error.0.to_string()))?.0)
}

fn base() -> ArcIri {
    ArcIri::new_unchecked(Arc::from(BASE))
}

/// Returns the result of a future that has nothing to wait for, since contexts are in memory.
fn now<T>(future: impl Future<Output = T>) -> Result<T, SignatureError> {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(not_canonical("a context is not in memory".to_owned())),
    }
}
