//! A limit on the work of naming blank nodes.
//!
//! A blank node whose own quads are unique gets its name at once. Those that look alike are told
//! apart by walking through the graph, in all orders, and a graph can be built for which that never
//! ends.

use std::collections::{BTreeSet, HashMap, HashSet};

use oxrdf::{Quad, TermRef};

use super::quads::{Quads, terms};
use crate::signature::{SignatureError, not_canonical};

/// At most this many blank nodes may look like others.
const MAX_ALIKE: usize = 64;

/// One of these may have at most this many statements with a further blank node in the same place:
/// all of their 720 orders may be tried.
const MAX_ORDERED: usize = 6;

/// Refuses a graph in which too many blank nodes look alike, or one of these has too many
/// neighbours.
pub(super) fn check(quads: &Quads) -> Result<(), SignatureError> {
    let mut seen: HashMap<&str, Vec<String>> = HashMap::new();
    for quad in quads {
        for id in blank_nodes(quad) {
            seen.entry(id).or_default().push(as_seen_by(id, quad));
        }
    }
    let mut groups: HashMap<Vec<String>, Vec<&str>> = HashMap::new();
    for (id, mut statements) in seen {
        statements.sort_unstable();
        groups.entry(statements).or_default().push(id);
    }
    let alike: HashSet<&str> =
        groups.into_values().filter(|group| group.len() > 1).flatten().collect();
    let most = most_neighbours(quads, &alike);
    if alike.len() > MAX_ALIKE || most > MAX_ORDERED {
        return Err(not_canonical(format!(
            "{} of its parts without an id look alike, with up to {most} further ones beside each; more than \
             {MAX_ALIKE}, or {MAX_ORDERED} beside one, take too long to tell apart; give them ids",
            alike.len()
        )));
    }
    Ok(())
}

/// Returns the greatest number of statements that one of these nodes has with other blank nodes in
/// the same place: as subject or object of the same predicate, or as the graph.
fn most_neighbours(quads: &Quads, of: &HashSet<&str>) -> usize {
    let mut counts: HashMap<(&str, usize, &str), usize> = HashMap::new();
    for quad in quads {
        for id in blank_nodes(quad).into_iter().filter(|id| of.contains(id)) {
            for (place, term) in terms(quad).enumerate() {
                if matches!(term, TermRef::BlankNode(other) if other.as_str() != id) {
                    // a graph is the same whatever the predicate
                    let predicate = if place < 3 { quad.predicate.as_str() } else { "" };
                    *counts.entry((id, place, predicate)).or_default() += 1;
                }
            }
        }
    }
    counts.into_values().max().unwrap_or_default()
}

/// Returns the blank nodes of a quad, each once.
fn blank_nodes(quad: &Quad) -> BTreeSet<&str> {
    let ids = terms(quad).filter_map(|term| match term {
        TermRef::BlankNode(id) => Some(id.as_str()),
        _ => None,
    });
    ids.collect()
}

/// Writes a quad with its blank nodes named `me` and `other`.
fn as_seen_by(id: &str, quad: &Quad) -> String {
    let written = terms(quad).map(|term| match term {
        TermRef::BlankNode(found) if found.as_str() == id => "me ".to_owned(),
        TermRef::BlankNode(_) => "other ".to_owned(),
        term => format!("{term} "),
    });
    written.collect()
}
