//! Linked data: the canonical N-Quads of a JSON-LD document, by URDNA2015 (RDFC-1.0 is its standard).
//!
//! JSON-LD says nothing of what it does not understand: a member that no context defines is left out, and a
//! relative id becomes another or none. A signature would not cover it, and whoever reads the JSON would take it for
//! signed. So a document is refused unless all of it is in the quads; and unless there is one way only to read it
//! (see [`plain`] and [`complete`]).

mod alike;
mod complete;
mod plain;
mod quads;

use std::thread;

use serde_json::Value;
use sophia_c14n::{hash::Sha256, rdfc10};
use sophia_jsonld::Policy;

use super::{Contexts, SignatureError};

/// Expansion is recursive, and so is the naming of blank nodes; the thread that does both has this much stack.
const STACK: usize = 32 << 20;

/// How deep the naming of blank nodes may recurse, in parts of their number.
const DEPTH_FACTOR: f32 = 1.0;

/// Of how many blank nodes that look alike all orders are tried: 24 for 4. A document made to need more is
/// refused.
const PERMUTATION_LIMIT: usize = 4;

/// The canonical N-Quads of a document.
pub(super) fn canonical(document: &Value, contexts: &Contexts) -> Result<Vec<u8>, SignatureError> {
    plain::check(document, contexts)?;
    let work = || canonical_here(document, contexts);
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("linked data".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| not_canonical(format!("there is no thread for it: {error}")))?;
        worker.join().unwrap_or_else(|_| {
            Err(not_canonical(
                "the JSON-LD library gave up on it".to_owned(),
            ))
        })
    })
}

fn canonical_here(document: &Value, contexts: &Contexts) -> Result<Vec<u8>, SignatureError> {
    let quads = quads::of(document, contexts, Policy::Strictest).map_err(|error| {
        // The library does not say which member it is that no context defines. Without the strictness the member
        // is left out, and missed.
        quads::of(document, contexts, Policy::Standard)
            .and_then(|quads| complete::check(document, &quads))
            .err()
            .unwrap_or(error)
    })?;
    complete::check(document, &quads)?;
    alike::check(&quads)?;
    let mut text = Vec::new();
    rdfc10::normalize_with::<Sha256, _, _>(&quads, &mut text, DEPTH_FACTOR, PERMUTATION_LIMIT)
        .map_err(|error| not_canonical(error.to_string()))?;
    Ok(text)
}

fn not_canonical(reason: String) -> SignatureError {
    SignatureError::NotCanonical { reason }
}

/// A text from a document, as far as an error shows it.
fn shown(text: &str) -> String {
    const MAX: usize = 120;
    match text.char_indices().nth(MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}
