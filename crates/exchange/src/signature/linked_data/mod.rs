//! Linked data: the canonical N-Quads of a JSON-LD document, by URDNA2015 (RDFC-1.0 is its
//! standard).
//!
//! JSON-LD drops in silence what it does not understand: a member that no context defines is left
//! out, and a relative id becomes another or none. A signature would not cover it, although a
//! reader of the JSON would take it for signed. So a document is refused unless all of it is in the
//! quads, and unless there is only one way to read it (see [`input`] and [`complete`]).

mod alike;
mod complete;
mod input;
mod quads;

use std::{borrow::Cow, thread};

use oxrdf::Quad;
use rdf_canon::{CanonicalizationOptions, canonicalize_quads_with};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sophia_jsonld::Policy;
use stdx::text::shorten;

use super::{Contexts, SignatureError, not_canonical};

/// The size of the stack of the thread that expands a document and names its blank nodes, in bytes.
/// Both are recursive.
const STACK: usize = 32 << 20;

/// How many steps the naming of blank nodes that look alike may take.
const MAX_NAMING_STEPS: usize = 4_000;

/// An error shows at most this many characters of a text from a document.
const MAX_SHOWN: usize = 120;

/// Returns the SHA-256 digests of the canonical N-Quads of some documents, one after the other.
pub(super) fn digests(
    documents: &[Map<String, Value>],
    contexts: &Contexts,
) -> Result<Vec<u8>, SignatureError> {
    documents.iter().try_for_each(|document| input::check(document, contexts))?;
    let work = || {
        let digest = |document| Ok(Sha256::digest(canonical(document, contexts)?));
        let digests = documents.iter().map(digest).collect::<Result<Vec<_>, SignatureError>>();
        digests.map(|digests| digests.concat())
    };
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("linked data".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| not_canonical(format!("there is no thread for it: {error}")))?;
        let stopped = |_| Err(not_canonical("the JSON-LD library gave up on it"));
        worker.join().unwrap_or_else(stopped)
    })
}

/// Returns the canonical N-Quads of a document.
fn canonical(
    document: &Map<String, Value>,
    contexts: &Contexts,
) -> Result<Vec<u8>, SignatureError> {
    let quads = quads::of(document, contexts, Policy::Strictest).map_err(|error| {
        // The library does not name the member that no context defines. Under the standard policy
        // the member is left out, so that the check finds it missing.
        quads::of(document, contexts, Policy::Standard)
            .and_then(|quads| complete::check(document, &quads))
            .err()
            .unwrap_or(error)
    })?;
    complete::check(document, &quads)?;
    alike::check(&quads)?;
    let quads: Vec<Quad> = quads.into_iter().collect();
    let options = CanonicalizationOptions { hndq_call_limit: Some(MAX_NAMING_STEPS) };
    canonicalize_quads_with::<Sha256>(&quads, &options)
        .map(String::into_bytes)
        .map_err(|error| not_canonical(format!("its parts without an id cannot be named: {error}")))
}

/// Returns a text from a document, as far as an error shows it.
fn shown(text: &str) -> Cow<'_, str> {
    shorten(text, MAX_SHOWN)
}
