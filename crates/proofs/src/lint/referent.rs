//! One requested attribute or predicate.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::context::{Context, read_restriction};
use super::demand::{demanded_texts, names_a_schema};
use super::finding::{Details, Reporter, Severity};
use super::members::{
    OF_ATTRIBUTE, OF_PREDICATE, attribute_name, get, interval, object, required, text,
};
use super::place::Place;
use super::restriction;
use super::rule::Rule;
use super::schema::{Schema, ValueType};
use crate::error::Fault;
use crate::names;
use crate::request::PredicateType;
use crate::restriction::Restriction;
use crate::restriction::partial::Verdict;
use stdx::text::Quoted;

/// Looks at a requested attribute or group.
pub(super) fn attribute(
    value: &Value,
    place: &Place<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let Some(requested) = object(value, place, OF_ATTRIBUTE, reporter) else {
        return;
    };
    let meaning = read_restriction(value);
    let known_names = KnownNames::new(context, meaning.as_ref());
    let mut own = BTreeSet::new();
    match (get(requested, "name"), get(requested, "names")) {
        (Some(name), None) => {
            let place = place.member("name");
            if let Some(name) = attribute_name(name, &place, reporter) {
                known_names.check(name, &place, reporter);
                own.insert(names::fold(name));
            }
        }
        (None, Some(names)) => {
            own = group(names, &place.member("names"), &known_names, reporter);
        }
        (Some(_), Some(_)) => one_of(Fault::NameAndNames, "both", place, reporter),
        (None, None) => one_of(Fault::NoName, "neither", place, reporter),
    }
    restriction::check(requested, place, &own, context, reporter);
    interval(requested, place, reporter);
}

fn one_of(fault: Fault, found: &str, place: &Place<'_>, reporter: &mut Reporter) {
    reporter.error(fault.into(), place, || {
        Details::new(
            format!("expected either `name` or `names`, found {found}"),
            fault.advice(),
        )
    });
}

/// Looks at the names of a group, and gives them folded.
fn group(
    value: &Value,
    place: &Place<'_>,
    known_names: &KnownNames<'_>,
    reporter: &mut Reporter,
) -> BTreeSet<String> {
    const EXPECTED: &str = "a list of attribute names";
    let mut own = BTreeSet::new();
    let Some(items) = value.as_array() else {
        reporter.wrong_type(place, EXPECTED, value);
        return own;
    };
    if items.is_empty() {
        reporter.fault(Fault::EmptyGroup, place, EXPECTED, value);
    }
    for (index, item) in items.iter().enumerate() {
        let place = place.element(index);
        let Some(name) = attribute_name(item, &place, reporter) else {
            continue;
        };
        if own.insert(names::fold(name)) {
            known_names.check(name, &place, reporter);
        } else {
            reporter.error(Rule::RepeatedName, &place, || {
                let found = format!("{} once more in the group", Quoted(name));
                Details::new(found, "name it once")
            });
        }
    }
    own
}

/// Looks at a requested predicate.
pub(super) fn predicate(
    value: &Value,
    place: &Place<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let Some(requested) = object(value, place, OF_PREDICATE, reporter) else {
        return;
    };
    let meaning = read_restriction(value);
    let name = required(
        requested,
        "name",
        "the name of an attribute",
        place,
        reporter,
    );
    if let Some(name) = name {
        let place = place.member("name");
        if let Some(name) = attribute_name(name, &place, reporter) {
            KnownNames::new(context, meaning.as_ref()).check(name, &place, reporter);
            of_text(name, meaning.as_ref(), &place, context, reporter);
        }
    }
    let p_type = predicate_type(requested, place, reporter);
    let p_value = bound(requested, place, reporter);
    if let (Some(p_type), Some(p_value)) = (p_type, p_value) {
        edge(p_type, p_value, &place.member("p_value"), reporter);
    }
    // A predicate shows no attribute.
    restriction::check(requested, place, &BTreeSet::new(), context, reporter);
    interval(requested, place, reporter);
}

fn predicate_type(
    requested: &Map<String, Value>,
    place: &Place<'_>,
    reporter: &mut Reporter,
) -> Option<PredicateType> {
    const EXPECTED: &str = "one of >=, <=, >, <";
    let value = required(requested, "p_type", EXPECTED, place, reporter)?;
    let place = place.member("p_type");
    let p_type = PredicateType::parse(text(value, &place, reporter)?);
    if p_type.is_none() {
        reporter.fault(Fault::UnknownPredicateType, &place, EXPECTED, value);
    }
    p_type
}

fn bound(
    requested: &Map<String, Value>,
    place: &Place<'_>,
    reporter: &mut Reporter,
) -> Option<i32> {
    const EXPECTED: &str = "a whole number from -2147483648 to 2147483647";
    let value = required(requested, "p_value", EXPECTED, place, reporter)?;
    let place = place.member("p_value");
    if !value.is_number() {
        reporter.wrong_type(&place, EXPECTED, value);
        return None;
    }
    let bound = value.as_i64().and_then(|number| i32::try_from(number).ok());
    if bound.is_none() {
        reporter.fault(Fault::PredicateValueOutOfRange, &place, EXPECTED, value);
    }
    bound
}

/// Looks at a bound at the edge of the 32 bits.
fn edge(p_type: PredicateType, p_value: i32, place: &Place<'_>, reporter: &mut Reporter) {
    if p_value != i32::MIN && p_value != i32::MAX {
        return;
    }
    // At an edge, a comparison holds for one of the two extremes or for none.
    let holds = p_type.holds(i32::MIN, p_value) || p_type.holds(i32::MAX, p_value);
    let found = || format!("{p_type} {p_value}");
    if holds {
        reporter.warn(Rule::BoundAtEdge, place, || {
            Details::new(found(), "choose a bound among the values that there are")
        });
    } else {
        reporter.error(Rule::BoundNeverHolds, place, || {
            Details::new(found(), "choose a bound among the values that there are")
        });
    }
}

/// Looks at a predicate whose attribute may be a text.
fn of_text(
    name: &str,
    meaning: Option<&Restriction>,
    place: &Place<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let folded = names::fold(name);
    let schema = context.schema.as_ref();
    let by_schema = schema.filter(|schema| {
        schema.value_type(&folded) == Some(ValueType::Text) && may_follow(schema, meaning, context)
    });
    let by_itself = meaning.is_some_and(|own| demanded_texts(own).contains(folded.as_str()));
    let by_another = context.texts.get(&folded);
    let (severity, reason) = match (by_schema, by_itself, by_another) {
        (Some(_), _, _) => (Severity::Error, "the schema's types say so".to_owned()),
        (None, true, _) => (
            Severity::Error,
            "its own restriction wants it to be a text".to_owned(),
        ),
        (None, false, Some(referent)) => (
            Severity::Warning,
            format!(
                "the restriction of {} wants it to be a text",
                Quoted(referent)
            ),
        ),
        (None, false, None) => return,
    };
    reporter.report(Rule::PredicateOnText, severity, place, || {
        Details::new(
            format!("{} is a text: {reason}", Quoted(name)),
            "compare an attribute whose values are whole numbers, or ask to be shown the text",
        )
    });
}

/// Whether a credential on the schema can satisfy the restriction.
fn may_follow(schema: &Schema<'_>, meaning: Option<&Restriction>, context: &Context<'_>) -> bool {
    meaning.is_none_or(|meaning| meaning.verdict(schema, context.version) != Verdict::Never)
}

/// The attributes that there are, if a schema was given that the referent may be about.
pub(super) struct KnownNames<'c> {
    schema: Option<&'c Schema<'c>>,
    /// An attribute that the schema lacks is an error only if the referent insists on the schema.
    severity: Severity,
}

impl<'c> KnownNames<'c> {
    pub(super) fn new(context: &'c Context<'_>, meaning: Option<&Restriction>) -> Self {
        let schema = context.schema.as_ref();
        let severity = if meaning.is_some_and(names_a_schema) {
            Severity::Error
        } else {
            Severity::Warning
        };
        Self {
            schema: schema.filter(|schema| may_follow(schema, meaning, context)),
            severity,
        }
    }

    /// Looks at a name of which a credential should have the attribute.
    pub(super) fn check(&self, name: &str, place: &Place<'_>, reporter: &mut Reporter) {
        let Some(schema) = self.schema else {
            return;
        };
        if schema.has(&names::fold(name)) {
            return;
        }
        reporter.report(Rule::UnknownAttribute, self.severity, place, || {
            let (title, version) = schema.title();
            let remedy = match schema.nearest(name) {
                Some(meant) => format!("did you mean {}?", Quoted(meant)),
                None => "ask for an attribute that the schema has".to_owned(),
            };
            Details::new(
                format!(
                    "{}, which is no attribute of the schema {} {}",
                    Quoted(name),
                    Quoted(title),
                    Quoted(version)
                ),
                remedy,
            )
        });
    }
}
