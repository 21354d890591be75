//! Facts about the whole request that the checks of its parts need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::demand::demanded_texts;
use super::members::get;
use super::schema::Schema;
use super::{Date, Linter};
use crate::names;
use crate::request::PredicateType;
use crate::restriction::Restriction;
use crate::version::RequestVersion;

/// Facts about the whole request, gathered before its parts are checked. What is malformed is
/// skipped here, and reported where it stands.
pub(super) struct Context<'r> {
    pub(super) version: RequestVersion,
    pub(super) schema: Option<Schema<'r>>,
    /// The day on which the request is sent.
    pub(super) date: Option<Date>,
    /// The attributes (folded) that are to be revealed, with the first referent that asks for each.
    pub(super) revealed: BTreeMap<String, &'r str>,
    /// The attributes (folded) that a restriction wants to be some text, with its referent.
    pub(super) texts: BTreeMap<String, &'r str>,
    /// The attributes (folded) that are compared with a greatest value.
    pub(super) upper_bounds: BTreeSet<String>,
    /// The attributes (folded) that are compared with a least value.
    pub(super) lower_bounds: BTreeSet<String>,
}

impl<'r> Context<'r> {
    pub(super) fn new(request: &'r Map<String, Value>, known: &Linter<'r>) -> Self {
        let ver = get(request, "ver").and_then(Value::as_str);
        let mut context = Self {
            version: ver.and_then(RequestVersion::parse).unwrap_or_default(),
            schema: known.schema.map(Schema::new),
            date: known.date,
            revealed: BTreeMap::new(),
            texts: BTreeMap::new(),
            upper_bounds: BTreeSet::new(),
            lower_bounds: BTreeSet::new(),
        };
        for (referent, requested) in section(request, "requested_attributes") {
            for name in requested_names(requested) {
                context.revealed.entry(name).or_insert(referent);
            }
            context.gather_texts(referent, requested);
        }
        for (referent, requested) in section(request, "requested_predicates") {
            context.gather_texts(referent, requested);
            context.gather_bound(requested);
        }
        context
    }

    fn gather_bound(&mut self, requested: &Value) {
        let text = |key: &str| requested.get(key).and_then(Value::as_str);
        let bounds = match text("p_type").and_then(PredicateType::parse) {
            Some(PredicateType::GreaterOrEqual | PredicateType::Greater) => &mut self.lower_bounds,
            Some(PredicateType::LessOrEqual | PredicateType::Less) => &mut self.upper_bounds,
            None => return,
        };
        bounds.extend(text("name").map(names::fold));
    }

    fn gather_texts(&mut self, referent: &'r str, requested: &Value) {
        if let Some(restriction) = read_restriction(requested) {
            for name in demanded_texts(&restriction) {
                self.texts.entry(name.to_owned()).or_insert(referent);
            }
        }
    }
}

/// Returns the referents of a section, with what they ask for.
pub(super) fn section<'r>(
    request: &'r Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = (&'r str, &'r Value)> {
    let members = get(request, key).and_then(Value::as_object);
    let members = members.into_iter().flatten();
    members.map(|(referent, requested)| (referent.as_str(), requested))
}

/// Returns the names that a requested attribute asks for, folded.
pub(super) fn requested_names(requested: &Value) -> impl Iterator<Item = String> {
    let one = requested.get("name").and_then(Value::as_str);
    let group = requested.get("names").and_then(Value::as_array);
    let group = group.into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(group).map(names::fold)
}

/// Reads what a referent demands; `None` if nothing, or if it cannot be read.
pub(super) fn read_restriction(requested: &Value) -> Option<Restriction> {
    Restriction::parse(requested.get("restrictions")?).ok()?
}
