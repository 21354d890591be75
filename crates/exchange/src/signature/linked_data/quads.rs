//! The quads of a JSON-LD document.

use std::collections::HashSet;

use serde_json::{Map, Value};
use sophia_api::{
    quad::Spog,
    term::{SimpleTerm, Term as _},
};
use sophia_jsonld::{Policy, RdfTerm, json_ld::RdfQuads as _, vocabulary::ArcVoc};

use super::{expand::expand, not_canonical};
use crate::signature::{Contexts, SignatureError};

/// A quad: subject, predicate, object, and the graph that it is in.
pub(super) type Quad = Spog<SimpleTerm<'static>>;

/// The quads of a document, each once.
pub(super) type Quads = HashSet<Quad>;

/// The most quads that a document may have.
const MAX_QUADS: usize = 20_000;

/// Expands a document, and returns its quads. The policy decides about members that no context defines.
pub(super) fn of(
    document: &Map<String, Value>,
    contexts: &Contexts,
    policy: Policy,
) -> Result<Quads, SignatureError> {
    let mut expanded = expand(document, contexts, policy)?;
    let mut vocabulary = ArcVoc {};
    let mut blank_nodes = rdf_types::generator::Blank::new().with_metadata(());
    expanded.relabel_and_canonicalize_with(&mut vocabulary, &mut blank_nodes);
    let quads = expanded.rdf_quads_full(&mut vocabulary, &mut blank_nodes, None, false).cloned();
    let simple = |term: RdfTerm| term.into_term();
    let quads: Quads = quads
        .take(MAX_QUADS + 1)
        .map(|rdf_types::Quad(subject, predicate, object, graph)| {
            let terms = [RdfTerm::from(subject), RdfTerm::from(predicate), RdfTerm::from(object)];
            (terms.map(simple), graph.map(|graph| simple(graph.into())))
        })
        .collect();
    if quads.len() > MAX_QUADS {
        return Err(not_canonical(format!(
            "it makes more than {MAX_QUADS} statements; send less at a time"
        )));
    }
    Ok(quads)
}
