//! A limit on the work of naming blank nodes.
//!
//! A blank node whose own quads are unique gets its name at once. Those that look alike are told apart by walking
//! through the graph, in all orders, and a graph can be built for which that never ends.

use std::collections::HashMap;

use sophia_api::term::{SimpleTerm, Term};

use super::{
    not_canonical,
    quads::{Quad, Quads},
};
use crate::signature::SignatureError;

/// At most this many blank nodes may look like others.
const MAX_ALIKE: usize = 64;

/// Refuses a graph in which too many blank nodes look alike.
pub(super) fn check(quads: &Quads) -> Result<(), SignatureError> {
    let mut seen: HashMap<&str, Vec<String>> = HashMap::new();
    for quad in quads {
        for id in blank_nodes(quad) {
            seen.entry(id).or_default().push(as_seen_by(id, quad));
        }
    }
    let mut groups: HashMap<Vec<String>, usize> = HashMap::new();
    for mut statements in seen.into_values() {
        statements.sort_unstable();
        *groups.entry(statements).or_default() += 1;
    }
    let alike: usize = groups.into_values().filter(|&count| count > 1).sum();
    if alike > MAX_ALIKE {
        return Err(not_canonical(format!(
            "{alike} of its parts without an id look alike, and more than {MAX_ALIKE} take too long \
             to tell apart; give them ids"
        )));
    }
    Ok(())
}

fn terms(quad: &Quad) -> impl Iterator<Item = &SimpleTerm<'static>> {
    let ([subject, predicate, object], graph) = quad;
    [subject, predicate, object].into_iter().chain(graph)
}

/// Returns the blank nodes of a quad, each once.
fn blank_nodes(quad: &Quad) -> Vec<&str> {
    let mut ids: Vec<&str> = terms(quad)
        .filter_map(|term| match term {
            SimpleTerm::BlankNode(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Writes a quad with its blank nodes named `me` and `other`.
fn as_seen_by(id: &str, quad: &Quad) -> String {
    let mut text = String::new();
    for term in terms(quad) {
        match term {
            SimpleTerm::BlankNode(found) if found.as_str() == id => text.push_str("me "),
            SimpleTerm::BlankNode(_) => text.push_str("other "),
            term => {
                text.push_str(&format!("{:?} ", term.as_simple()));
            }
        }
    }
    text
}
