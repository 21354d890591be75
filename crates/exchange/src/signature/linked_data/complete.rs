//! The check after a document is expanded: all of it is in the quads, in one way only.
//!
//! The signature covers the quads; people and programs read the JSON. Everything in the JSON that could be changed
//! without a change of the quads is refused here: members that are left out, relative ids, other spellings of the
//! same, and parts with the same id, which would become one.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};
use sophia_api::term::SimpleTerm;
use stdx::pointer;

use super::{not_canonical, quads::Quads, shown};
use crate::signature::{SignatureError, canonical_json, contexts::BASE};

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const PROOF_PURPOSE: &str = "https://w3id.org/security#proofPurpose";

/// Checks a document against its quads.
pub(super) fn check(document: &Map<String, Value>, quads: &Quads) -> Result<(), SignatureError> {
    let mut covered = Covered::of(quads)?;
    let mut content = Content::default();
    content.members(document, &mut String::new(), &mut covered.json)?;
    for leaf in &content.leaves {
        covered.take(&leaf.text).then_some(()).ok_or_else(|| {
            not_canonical(format!(
                "its contexts do not define all of {:?} ({:?}), so that a signature would not cover \
                 it; correct it, or add a context that defines it",
                leaf.path,
                shown(&leaf.text)
            ))
        })?;
    }
    let mut mapped = covered.mapped;
    for leaf in &content.terms {
        if covered.take(&leaf.text) {
            continue;
        }
        mapped = mapped.checked_sub(1).ok_or_else(|| {
            not_canonical(format!(
                "its contexts do not define {:?} at {:?}; add one that does",
                shown(&leaf.text),
                leaf.path
            ))
        })?;
    }
    for (id, objects) in &content.ids {
        covered.check_id(id, objects)?;
    }
    Ok(())
}

/// What the quads contain, and a signature thus covers.
#[derive(Default)]
struct Covered<'a> {
    /// How often a text is an object, as a literal or as an IRI.
    objects: HashMap<&'a str, usize>,
    /// How many objects are the IRIs of terms: types, and the purposes of proofs.
    mapped: usize,
    /// JSON literals, each in canonical form.
    json: HashMap<&'a str, usize>,
    /// The graphs in which an IRI is a subject.
    subjects: HashMap<&'a str, HashSet<Option<&'a str>>>,
}

impl<'a> Covered<'a> {
    fn of(quads: &'a Quads) -> Result<Self, SignatureError> {
        check_absolute(quads)?;
        let mut covered = Self::default();
        for ([subject, predicate, object], graph) in quads {
            if let SimpleTerm::Iri(subject) = subject {
                let graph = graph.as_ref().and_then(name);
                covered.subjects.entry(subject.as_str()).or_default().insert(graph);
            }
            let is_term = matches!(predicate, SimpleTerm::Iri(iri)
                if [RDF_TYPE, PROOF_PURPOSE].contains(&iri.as_str()));
            match object {
                SimpleTerm::Iri(_) if is_term => covered.mapped += 1,
                SimpleTerm::Iri(iri) => *covered.objects.entry(iri.as_str()).or_default() += 1,
                SimpleTerm::LiteralDatatype(text, datatype) if datatype.as_str() == RDF_JSON => {
                    *covered.json.entry(text).or_default() += 1;
                }
                SimpleTerm::LiteralDatatype(text, _) | SimpleTerm::LiteralLanguage(text, ..) => {
                    *covered.objects.entry(text).or_default() += 1;
                }
                _ => {}
            }
        }
        Ok(covered)
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

    /// Checks that an id is covered, and that it does not make two parts of the document one.
    fn check_id(&self, id: &str, objects: &Objects) -> Result<(), SignatureError> {
        let graphs = self.subjects.get(id).map(HashSet::len);
        if graphs.is_none() && !self.objects.contains_key(id) {
            return Err(not_canonical(format!(
                "its contexts do not define the id at {:?}; correct it, or add a context that does",
                objects.path
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

/// Refuses relative IRIs, and names the same one each time: quads have no order.
fn check_absolute(quads: &Quads) -> Result<(), SignatureError> {
    let terms = quads.iter().flat_map(|(terms, _)| terms);
    let relative = terms.filter_map(|term| match term {
        SimpleTerm::Iri(iri) => iri.as_str().strip_prefix(BASE),
        _ => None,
    });
    match relative.min() {
        None => Ok(()),
        Some(text) => Err(not_canonical(format!(
            "{:?} is neither defined by its contexts nor an absolute IRI; define it, or write a whole \
             IRI, and a UUID as urn:uuid:...",
            shown(text)
        ))),
    }
}

/// What a reader of the JSON finds in it.
#[derive(Default)]
struct Content {
    /// Texts, numbers and truth values.
    leaves: Vec<Leaf>,
    /// Texts that stand for something that a context defines.
    terms: Vec<Leaf>,
    /// Ids, and the objects that have them.
    ids: BTreeMap<String, Objects>,
}

struct Leaf {
    text: String,
    /// Its JSON pointer.
    path: String,
}

/// The objects that have the same id.
struct Objects {
    /// The JSON pointer to the id of the first.
    path: String,
    /// How many of them have other members.
    with_members: usize,
}

impl Content {
    /// Adds a value. `path` is its JSON pointer, `member` the name of the member that it is in.
    fn add(
        &mut self,
        value: &Value,
        path: &mut String,
        member: &str,
        json: &mut HashMap<&str, usize>,
    ) -> Result<(), SignatureError> {
        if is_json_literal(value, json)? {
            return Ok(());
        }
        let length = path.len();
        match value {
            Value::Null => {
                Err(refused(path, "is null, which linked data leaves out; leave it out"))
            }
            Value::Bool(truth) => self.leaf(truth.to_string(), path, member),
            Value::Number(number) if number.is_f64() => Err(refused(
                path,
                "is a number with a fraction or an exponent, which linked data rounds; write it as a text",
            )),
            Value::Number(number) => self.leaf(number.to_string(), path, member),
            Value::String(text) => self.text(text, path, member),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_array() {
                        return Err(refused(
                            path,
                            "has a list in a list, which linked data makes one",
                        ));
                    }
                    pointer::push(path, &index.to_string());
                    self.add(item, path, member, json)?;
                    path.truncate(length);
                }
                Ok(())
            }
            Value::Object(members) => self.members(members, path, json),
        }
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        path: &mut String,
        json: &mut HashMap<&str, usize>,
    ) -> Result<(), SignatureError> {
        let length = path.len();
        for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
            if name.starts_with('@') || name.contains(':') {
                return Err(refused(
                    path,
                    &format!(
                        "has the member {:?}; write a term that its contexts define",
                        shown(name)
                    ),
                ));
            }
            pointer::push(path, name);
            if name == "id" {
                self.id(value, members, path)?;
            } else {
                self.add(value, path, name, json)?;
            }
            path.truncate(length);
        }
        Ok(())
    }

    fn id(
        &mut self,
        value: &Value,
        members: &Map<String, Value>,
        path: &str,
    ) -> Result<(), SignatureError> {
        let Some(id) = value.as_str().filter(|id| is_absolute_iri(id)) else {
            return Err(refused(
                path,
                &format!(
                    "is {:?}, and not an absolute IRI; write a UUID as urn:uuid:...",
                    shown(&value.to_string())
                ),
            ));
        };
        let objects = self
            .ids
            .entry(id.to_owned())
            .or_insert_with(|| Objects { path: path.to_owned(), with_members: 0 });
        let others = members.keys().any(|name| name != "id" && name != "@context");
        objects.with_members += usize::from(others);
        Ok(())
    }

    fn text(&mut self, text: &str, path: &str, member: &str) -> Result<(), SignatureError> {
        // URDNA2015 writes these as they are, and its successor RDFC-1.0 with a backslash
        let is_odd = |c: char| matches!(c, '\0'..='\x1f' | '\x7f') && !matches!(c, '\n' | '\r');
        if text.contains(is_odd) {
            return Err(refused(path, "has a control character; leave it out"));
        }
        self.leaf(text.to_owned(), path, member)
    }

    fn leaf(&mut self, text: String, path: &str, member: &str) -> Result<(), SignatureError> {
        let leaf = Leaf { text, path: path.to_owned() };
        if member != "type" && member != "proofPurpose" {
            self.leaves.push(leaf);
            return Ok(());
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if leaf.text.is_empty() || !leaf.text.chars().all(is_name) {
            return Err(refused(
                path,
                &format!("is {:?}; write a term that its contexts define", shown(&leaf.text)),
            ));
        }
        self.terms.push(leaf);
        Ok(())
    }
}

/// Returns whether a value is in the quads as a JSON literal.
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
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_never = |c: char| c <= ' ' || c == '\x7f' || "<>\"{}|\\^`".contains(c);
    is_scheme && !rest.is_empty() && !rest.contains(is_never) && !text.starts_with(BASE)
}

fn refused(path: &str, problem: &str) -> SignatureError {
    not_canonical(format!("{path:?} {problem}"))
}
