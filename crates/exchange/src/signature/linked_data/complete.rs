//! The check after a document is expanded: all of it is in the quads, in one way only.
//!
//! The signature covers the quads; people and programs read the JSON. Everything in the JSON that
//! could be changed without a change of the quads is refused here: members that are left out,
//! relative ids, other spellings of the same, and parts with the same id, which would become one.

use std::collections::{BTreeMap, HashMap, HashSet};

use oxrdf::{GraphName, Subject, Term, TermRef};
use serde_json::{Map, Value};
use stdx::pointer;

use super::{
    quads::{Quads, terms},
    shown,
};
use crate::signature::{SignatureError, canonical_json, contexts::BASE, not_canonical};

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const PROOF_PURPOSE: &str = "https://w3id.org/security#proofPurpose";

/// Checks a document against its quads.
pub(super) fn check(document: &Map<String, Value>, quads: &Quads) -> Result<(), SignatureError> {
    check_absolute(quads)?;
    let mut content = Content { covered: Covered::of(quads), ..Content::default() };
    content.members(document, &mut String::new())?;
    content.check_terms()?;
    content.ids.iter().try_for_each(|(id, objects)| content.covered.check_id(id, objects))
}

/// Refuses relative IRIs, and names the same one each time: quads have no order.
fn check_absolute(quads: &Quads) -> Result<(), SignatureError> {
    let relative = quads.iter().flat_map(terms).filter_map(|term| match term {
        TermRef::NamedNode(iri) => iri.as_str().strip_prefix(BASE),
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

/// What the quads contain, and a signature thus covers.
#[derive(Default)]
struct Covered<'q> {
    /// How often a text is an object, as a literal or as an IRI.
    objects: HashMap<&'q str, usize>,
    /// How many objects are the IRIs of terms: types, and the purposes of proofs.
    mapped: usize,
    /// JSON literals, each in canonical form.
    json: HashMap<&'q str, usize>,
    /// The graphs in which an IRI is a subject.
    subjects: HashMap<&'q str, HashSet<&'q GraphName>>,
}

impl<'q> Covered<'q> {
    fn of(quads: &'q Quads) -> Self {
        let mut covered = Self::default();
        for quad in quads {
            if let Subject::NamedNode(subject) = &quad.subject {
                covered.subjects.entry(subject.as_str()).or_default().insert(&quad.graph_name);
            }
            let is_term = [RDF_TYPE, PROOF_PURPOSE].contains(&quad.predicate.as_str());
            match &quad.object {
                Term::NamedNode(_) if is_term => covered.mapped += 1,
                Term::NamedNode(iri) => *covered.objects.entry(iri.as_str()).or_default() += 1,
                Term::Literal(literal) => {
                    let is_json = literal.datatype().as_str() == RDF_JSON;
                    let texts = if is_json { &mut covered.json } else { &mut covered.objects };
                    *texts.entry(literal.value()).or_default() += 1;
                }
                _ => {}
            }
        }
        covered
    }

    /// Uses up a JSON literal, if a value is one.
    fn take_json(&mut self, value: &Value) -> Result<bool, SignatureError> {
        if self.json.is_empty() || !(value.is_object() || value.is_array()) {
            return Ok(false);
        }
        let canonical = canonical_json(value)?;
        Ok(std::str::from_utf8(&canonical).is_ok_and(|text| take(&mut self.json, text)))
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

/// Uses up one occurrence of a text.
fn take(texts: &mut HashMap<&str, usize>, text: &str) -> bool {
    let count = texts.get_mut(text).filter(|count| **count > 0);
    count.map(|count| *count -= 1).is_some()
}

/// What a reader of the JSON finds in it.
#[derive(Default)]
struct Content<'q> {
    /// What the quads contain, less what was found already: texts, numbers and truth values.
    covered: Covered<'q>,
    /// Texts that stand for something that a context defines, each with its JSON pointer.
    terms: Vec<(String, String)>,
    /// Ids, and the objects that have them.
    ids: BTreeMap<String, Objects>,
}

/// The objects that have the same id.
struct Objects {
    /// The JSON pointer to the id of the first.
    path: String,
    /// How many of them have other members.
    with_members: usize,
}

impl Content<'_> {
    /// Adds a value. `path` is its JSON pointer, `member` the name of the member that it is in.
    fn add(
        &mut self,
        value: &Value,
        path: &mut String,
        member: &str,
    ) -> Result<(), SignatureError> {
        if self.covered.take_json(value)? {
            return Ok(());
        }
        let length = path.len();
        match value {
            Value::Null => {
                Err(refused(path, "is null, which linked data leaves out; leave it out"))
            }
            Value::Bool(truth) => self.leaf(&truth.to_string(), path, member),
            Value::Number(number) if number.is_f64() => Err(refused(
                path,
                "is a number with a fraction or an exponent, which linked data rounds; write a whole number without them, or a text where one may stand",
            )),
            Value::Number(number) => self.leaf(&number.to_string(), path, member),
            Value::String(text) => {
                // URDNA2015 writes these as they are, and its successor RDFC-1.0 with a backslash
                let is_odd = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r');
                if text.contains(is_odd) {
                    return Err(refused(path, "has a control character; leave it out"));
                }
                self.leaf(text, path, member)
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if item.is_array() {
                        let problem = "has a list in a list, which linked data makes one";
                        return Err(refused(path, problem));
                    }
                    pointer::push(path, &index.to_string());
                    self.add(item, path, member)?;
                    path.truncate(length);
                }
                Ok(())
            }
            Value::Object(members) => self.members(members, path),
        }
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        path: &mut String,
    ) -> Result<(), SignatureError> {
        let length = path.len();
        for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
            if name.starts_with('@') || name.contains(':') {
                let (name, advice) = (shown(name), "write a term that its contexts define");
                return Err(refused(path, &format!("has the member {name:?}; {advice}")));
            }
            pointer::push(path, name);
            if name == "id" {
                self.id(value, members, path)?;
            } else {
                self.add(value, path, name)?;
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
            let (text, advice) = (value.to_string(), "write a UUID as urn:uuid:...");
            let problem = format!("is {:?}, and not an absolute IRI; {advice}", shown(&text));
            return Err(refused(path, &problem));
        };
        let new = || Objects { path: path.to_owned(), with_members: 0 };
        let objects = self.ids.entry(id.to_owned()).or_insert_with(new);
        let others = members.keys().any(|name| name != "id" && name != "@context");
        objects.with_members += usize::from(others);
        Ok(())
    }

    fn leaf(&mut self, text: &str, path: &str, member: &str) -> Result<(), SignatureError> {
        if member == "type" || member == "proofPurpose" {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if text.is_empty() || !text.chars().all(is_name) {
                let advice = "write a term that its contexts define";
                return Err(refused(path, &format!("is {:?}; {advice}", shown(text))));
            }
            self.terms.push((text.to_owned(), path.to_owned()));
        } else if !take(&mut self.covered.objects, text) {
            return Err(not_canonical(format!(
                "its contexts do not define all of {path:?} ({:?}), so that a signature would not cover \
                 it; correct it, or add a context that defines it",
                shown(text)
            )));
        }
        Ok(())
    }

    /// Checks the terms, when what they could be taken for is used up: each is an object as it is,
    /// or an IRI.
    fn check_terms(&mut self) -> Result<(), SignatureError> {
        let Self { covered, terms, .. } = self;
        terms.retain(|(text, _)| !take(&mut covered.objects, text));
        match terms.get(covered.mapped) {
            None => Ok(()),
            Some((text, path)) => Err(not_canonical(format!(
                "its contexts do not define {:?} at {path:?}; add one that does",
                shown(text)
            ))),
        }
    }
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
