//! The quads of a JSON-LD document.

use std::collections::HashSet;

use oxrdf::{BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, TermRef};
use serde_json::{Map, Value};
use sophia_api::term::{SimpleTerm, Term as _};
use sophia_jsonld::{
    Policy, RdfTerm,
    json_ld::{Context, Expand as _, RdfQuads as _, expansion},
    vocabulary::ArcVoc,
};

use crate::signature::{
    Contexts, SignatureError,
    contexts::{InMemory, base, now, parsed},
    jcs, not_canonical,
};

/// The quads of a document, each once.
pub(super) type Quads = HashSet<Quad>;

/// The most quads that a document may have.
const MAX_QUADS: usize = 20_000;

/// Expands a document, and returns its quads. The policy decides about members that no context
/// defines.
pub(super) fn of(
    document: &Map<String, Value>,
    contexts: &Contexts,
    policy: Policy,
) -> Result<Quads, SignatureError> {
    let contexts = &*contexts.reduced_to(document);
    let own = document.get("@context").map(|list| contexts.processed(list)).transpose()?;
    let (context, left_out) = match own {
        // it holds for the objects inside the document too, as nearly every context does
        Some(own) if own.previous_context().is_none() => (Context::clone(&own), "@context"),
        _ => (Context::new(Some(base())), ""),
    };
    let text = String::from_utf8(jcs::without(document, left_out)?)
        .map_err(|error| not_canonical(error.to_string()))?;
    let parsed = parsed(&text).map_err(not_canonical)?;
    let (base, mut vocabulary, mut loader) = (base(), ArcVoc {}, InMemory(contexts));
    let options = expansion::Options { policy, ..Default::default() };
    let expanded =
        now(parsed.expand_full(&mut vocabulary, context, Some(&base), &mut loader, options, ()))?;
    let mut expanded = expanded.map_err(|error| not_canonical(error.0.to_string()))?.0;
    let mut blank_nodes = rdf_types::generator::Blank::new().with_metadata(());
    expanded.relabel_and_canonicalize_with(&mut vocabulary, &mut blank_nodes);
    let quads = expanded.rdf_quads_full(&mut vocabulary, &mut blank_nodes, None, false).cloned();
    let quads =
        quads.take(MAX_QUADS + 1).map(|rdf_types::Quad(subject, predicate, object, graph)| {
            let graph = match graph {
                None => GraphName::DefaultGraph,
                Some(graph) => node(graph.into())?.into(),
            };
            let NamedOrBlankNode::NamedNode(predicate) = node(predicate.into())? else {
                return None;
            };
            Some(Quad::new(node(subject.into())?, predicate, term(object.into())?, graph))
        });
    let quads = quads
        .collect::<Option<Quads>>()
        .ok_or_else(|| not_canonical("it has a statement that RDF does not know"))?;
    if quads.len() > MAX_QUADS {
        return Err(not_canonical(format!(
            "it makes more than {MAX_QUADS} statements; send less at a time"
        )));
    }
    Ok(quads)
}

/// Returns a term as `rdf_canon` takes it. `None` if it is of another kind.
fn term(term: RdfTerm) -> Option<Term> {
    Some(match term.into_term() {
        SimpleTerm::Iri(iri) => NamedNode::new_unchecked(iri.as_str()).into(),
        SimpleTerm::BlankNode(id) => BlankNode::new_unchecked(format!("b{}", id.as_str())).into(),
        SimpleTerm::LiteralDatatype(text, kind) => {
            Literal::new_typed_literal(&*text, NamedNode::new_unchecked(kind.as_str())).into()
        }
        SimpleTerm::LiteralLanguage(text, language, None) => {
            Literal::new_language_tagged_literal_unchecked(&*text, language.as_str()).into()
        }
        _ => return None,
    })
}

/// Returns a term that is not a literal.
fn node(node: RdfTerm) -> Option<NamedOrBlankNode> {
    match term(node)? {
        Term::NamedNode(node) => Some(node.into()),
        Term::BlankNode(node) => Some(node.into()),
        _ => None,
    }
}

/// Returns the terms of a quad, and the name of its graph.
pub(super) fn terms(quad: &Quad) -> impl Iterator<Item = TermRef<'_>> {
    let graph: Option<TermRef<'_>> = match &quad.graph_name {
        GraphName::NamedNode(name) => Some(name.as_ref().into()),
        GraphName::BlankNode(name) => Some(name.as_ref().into()),
        GraphName::DefaultGraph => None,
    };
    let terms =
        [quad.subject.as_ref().into(), quad.predicate.as_ref().into(), quad.object.as_ref()];
    terms.into_iter().chain(graph)
}
