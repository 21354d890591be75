//! After the document is expanded: that all of it is in the quads, in one way only.
//!
//! What the signature covers are the quads; what people and programs read is the JSON. Everything in the JSON that
//! could be changed without a change of the quads is refused here: members that are left out, relative ids, ways
//! to write the same in other words, and parts with the same id, which would become one.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use sophia_api::term::SimpleTerm;

use super::{
    not_canonical,
    quads::{BASE, Quads},
    shown,
};
use crate::signature::{SignatureError, canonical_json};

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const PROOF_PURPOSE: &str = "https://w3id.org/security#proofPurpose";

/// Checks a document against its quads.
pub(super) fn check(document: &Value, quads: &Quads) -> Result<(), SignatureError> {
    let mut found = Found::in_quads(quads)?;
    let mut read = Read::default();
    read.value(document, &mut String::new(), "", &mut found.json)?;
    for leaf in &read.leaves {
        found.take(&leaf.text).then_some(()).ok_or_else(|| {
            not_canonical(format!(
                "its contexts do not define all of {:?} ({:?}), so that a signature would not cover \
                 it; correct it, or add a context that defines it",
                leaf.place,
                shown(&leaf.text)
            ))
        })?;
    }
    let mut mapped = found.mapped;
    for leaf in &read.terms {
        if found.take(&leaf.text) {
            continue;
        }
        mapped = mapped.checked_sub(1).ok_or_else(|| {
            not_canonical(format!(
                "its contexts do not define {:?} at {:?}; add one that does",
                shown(&leaf.text),
                leaf.place
            ))
        })?;
    }
    for (id, objects) in &read.ids {
        found.check_id(id, objects)?;
    }
    Ok(())
}

/// What is in the quads.
#[derive(Default)]
struct Found<'a> {
    /// How often a text is an object, as a literal or as an IRI.
    objects: HashMap<&'a str, usize>,
    /// How many objects are the meanings of terms: types, and the purposes of proofs.
    mapped: usize,
    /// JSON as it is, each in canonical form.
    json: HashMap<&'a str, usize>,
    /// In which graphs an IRI is a subject.
    subjects: HashMap<&'a str, HashSet<Option<&'a str>>>,
}

impl<'a> Found<'a> {
    fn in_quads(quads: &'a Quads) -> Result<Self, SignatureError> {
        let mut found = Self::default();
        for ([subject, predicate, object], graph) in quads {
            for term in [subject, predicate, object] {
                check_absolute(term)?;
            }
            if let SimpleTerm::Iri(subject) = subject {
                let graph = graph.as_ref().and_then(name);
                found
                    .subjects
                    .entry(subject.as_str())
                    .or_default()
                    .insert(graph);
            }
            let is_term = matches!(predicate, SimpleTerm::Iri(iri)
                if [RDF_TYPE, PROOF_PURPOSE].contains(&iri.as_str()));
            match object {
                SimpleTerm::Iri(_) if is_term => found.mapped += 1,
                SimpleTerm::Iri(iri) => *found.objects.entry(iri.as_str()).or_default() += 1,
                SimpleTerm::LiteralDatatype(text, datatype) if datatype.as_str() == RDF_JSON => {
                    *found.json.entry(text).or_default() += 1;
                }
                SimpleTerm::LiteralDatatype(text, _) | SimpleTerm::LiteralLanguage(text, ..) => {
                    *found.objects.entry(text).or_default() += 1;
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Uses up one occurrence of a text.
    fn take(&mut self, text: &str) -> bool {
        match self.objects.get_mut(text) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Checks that an id is kept, and that no two parts of the document become one through it.
    fn check_id(&self, id: &str, objects: &Objects) -> Result<(), SignatureError> {
        let graphs = self.subjects.get(id).map(HashSet::len);
        if graphs.is_none() && !self.objects.contains_key(id) {
            return Err(not_canonical(format!(
                "its contexts do not define the id at {:?}; correct it, or add a context that does",
                objects.place
            )));
        }
        if graphs.is_some_and(|graphs| graphs < objects.with_members) {
            return Err(not_canonical(format!(
                "{:?} is the id of {} of its parts, which linked data takes for one; give each its own",
                shown(id),
                objects.with_members
            )));
        }
        Ok(())
    }
}

fn name<'a>(term: &'a SimpleTerm<'static>) -> Option<&'a str> {
    match term {
        SimpleTerm::Iri(iri) => Some(iri.as_str()),
        SimpleTerm::BlankNode(id) => Some(id.as_str()),
        _ => None,
    }
}

/// Refuses what was relative in the document.
fn check_absolute(term: &SimpleTerm<'static>) -> Result<(), SignatureError> {
    let relative = match term {
        SimpleTerm::Iri(iri) => iri.as_str().strip_prefix(BASE),
        _ => None,
    };
    match relative {
        None => Ok(()),
        Some(text) => Err(not_canonical(format!(
            "{:?} is neither defined by its contexts nor an absolute IRI; define it, or write a whole \
             IRI, and a UUID as urn:uuid:...",
            shown(text)
        ))),
    }
}

/// What a JSON reader finds.
#[derive(Default)]
struct Read {
    /// Texts, numbers and truth values.
    leaves: Vec<Leaf>,
    /// Texts that stand for something that a context defines.
    terms: Vec<Leaf>,
    /// Ids, and what has them.
    ids: HashMap<String, Objects>,
}

struct Leaf {
    text: String,
    place: String,
}

/// The objects that have the same id.
struct Objects {
    /// Where the first is.
    place: String,
    /// How many of them have other members.
    with_members: usize,
}

impl Read {
    /// Reads a value. `place` is its JSON pointer, `member` the name of the member that it is in.
    fn value(
        &mut self,
        value: &Value,
        place: &mut String,
        member: &str,
        json: &mut HashMap<&str, usize>,
    ) -> Result<(), SignatureError> {
        if is_json_literal(value, json)? {
            return Ok(());
        }
        let length = place.len();
        match value {
            Value::Null => Err(refused(
                place,
                "is null, which linked data leaves out; leave it out",
            )),
            Value::Bool(truth) => self.leaf(truth.to_string(), place, member),
            Value::Number(number) if number.is_f64() => Err(refused(
                place,
                "is a number with a fraction or an exponent, which linked data rounds; write it as a text",
            )),
            Value::Number(number) => self.leaf(number.to_string(), place, member),
            Value::String(text) => self.text(text, place, member),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_array() {
                        return Err(refused(
                            place,
                            "has a list in a list, which linked data makes one",
                        ));
                    }
                    place.push_str(&format!("/{index}"));
                    self.value(item, place, member, json)?;
                    place.truncate(length);
                }
                Ok(())
            }
            Value::Object(members) => self.members(members, place, json),
        }
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        place: &mut String,
        json: &mut HashMap<&str, usize>,
    ) -> Result<(), SignatureError> {
        let length = place.len();
        for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
            if name.starts_with('@') || name.contains(':') {
                return Err(refused(
                    place,
                    &format!(
                        "has the member {:?}; write a term that its contexts define",
                        shown(name)
                    ),
                ));
            }
            place.push('/');
            place.push_str(&name.replace('~', "~0").replace('/', "~1"));
            if name == "id" {
                self.id(value, members, place)?;
            } else {
                self.value(value, place, name, json)?;
            }
            place.truncate(length);
        }
        Ok(())
    }

    fn id(
        &mut self,
        value: &Value,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<(), SignatureError> {
        let Some(id) = value.as_str().filter(|id| is_absolute_iri(id)) else {
            return Err(refused(
                place,
                &format!(
                    "is {:?}, and not an absolute IRI; write a UUID as urn:uuid:...",
                    shown(&value.to_string())
                ),
            ));
        };
        let objects = self.ids.entry(id.to_owned()).or_insert_with(|| Objects {
            place: place.to_owned(),
            with_members: 0,
        });
        let others = members
            .keys()
            .any(|name| name != "id" && name != "@context");
        objects.with_members += usize::from(others);
        Ok(())
    }

    fn text(&mut self, text: &str, place: &str, member: &str) -> Result<(), SignatureError> {
        // URDNA2015 writes these as they are, and its standard writes them with a backslash.
        let is_odd = |c: char| matches!(c, '\0'..='\x1f' | '\x7f') && !matches!(c, '\n' | '\r');
        if text.contains(is_odd) {
            return Err(refused(place, "has a control character; leave it out"));
        }
        self.leaf(text.to_owned(), place, member)
    }

    fn leaf(&mut self, text: String, place: &str, member: &str) -> Result<(), SignatureError> {
        let leaf = Leaf {
            text,
            place: place.to_owned(),
        };
        if member != "type" && member != "proofPurpose" {
            self.leaves.push(leaf);
            return Ok(());
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if leaf.text.is_empty() || !leaf.text.chars().all(is_name) {
            return Err(refused(
                place,
                &format!(
                    "is {:?}; write a term that its contexts define",
                    shown(&leaf.text)
                ),
            ));
        }
        self.terms.push(leaf);
        Ok(())
    }
}

/// Whether a value is in the quads as the JSON that it is.
fn is_json_literal(value: &Value, json: &mut HashMap<&str, usize>) -> Result<bool, SignatureError> {
    if json.is_empty() || !(value.is_object() || value.is_array()) {
        return Ok(false);
    }
    let canonical = canonical_json(value)?;
    let count = std::str::from_utf8(&canonical)
        .ok()
        .and_then(|text| json.get_mut(text))
        .filter(|count| **count > 0);
    Ok(count.map(|count| *count -= 1).is_some())
}

fn is_absolute_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_never = |c: char| c <= ' ' || c == '\x7f' || "<>\"{}|\\^`".contains(c);
    is_scheme && !rest.is_empty() && !rest.contains(is_never) && !text.starts_with(BASE)
}

fn refused(place: &str, problem: &str) -> SignatureError {
    not_canonical(format!("{place:?} {problem}"))
}
