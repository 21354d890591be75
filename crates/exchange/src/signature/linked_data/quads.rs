//! The quads of a JSON-LD document.

use std::{
    collections::HashSet,
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use serde_json::Value;
use sophia_api::{
    quad::Spog,
    source::QuadSource,
    term::{SimpleTerm, Term},
};
use sophia_jsonld::{
    JsonLdOptions, JsonLdParser, Policy, json_ld::future::FutureExt, loader::ClosureLoader,
    vocabulary::ArcIri,
};

use super::not_canonical;
use crate::signature::{Contexts, SignatureError};

/// A quad: subject, predicate, object, and the graph that it is in.
pub(super) type Quad = Spog<SimpleTerm<'static>>;

/// The quads of a document, each once.
pub(super) type Quads = HashSet<Quad>;

/// The base of relative ids, by which they are recognised afterwards.
pub(super) const BASE: &str = "x-relative://base/";

/// The most quads that a document may have.
const MAX_QUADS: usize = 20_000;

/// Expands a document, and returns its quads. The policy decides about members that no context defines.
pub(super) fn of(
    document: &Value,
    contexts: &Contexts,
    policy: Policy,
) -> Result<Quads, SignatureError> {
    let options = JsonLdOptions::new()
        .with_base(ArcIri::new_unchecked(Arc::from(BASE)))
        .with_expansion_policy(policy)
        .with_document_loader_closure(|| {
            ClosureLoader::new(|url| {
                let text = contexts.get(url.as_str()).map(|text| text.to_string());
                async move { text.ok_or_else(|| format!("the context {url} is not known")) }.boxed()
            })
        });
    let parser = JsonLdParser::new_with_options(options);
    let text = document.to_string();
    // contexts are in memory, so that there is nothing to wait for
    let Some(mut source) = poll_once(parser.async_parse_str(&text)) else {
        return Err(not_canonical("a context is not in memory".to_owned()));
    };
    let mut quads = Quads::new();
    source
        .for_each_quad(|quad| {
            if quads.len() <= MAX_QUADS {
                let (terms, graph) = quad;
                quads.insert((
                    terms.map(|term| term.into_term()),
                    graph.map(|term| term.into_term()),
                ));
            }
        })
        .map_err(|error| not_canonical(error.to_string()))?;
    if quads.len() > MAX_QUADS {
        return Err(not_canonical(format!(
            "it makes more than {MAX_QUADS} statements; send less at a time"
        )));
    }
    Ok(quads)
}

fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
