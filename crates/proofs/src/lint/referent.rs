//! One requested attribute or predicate.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use stdx::text::Quoted;

use super::context::{Context, read_restriction};
use super::date_bound;
use super::demand::demanded_texts;
use super::finding::{Details, Reporter, Severity};
use super::known_names::{KnownNames, may_follow};
use super::location::Location;
use super::members::{
    OF_ATTRIBUTE, OF_PREDICATE, attribute_name, get, interval, object, required, text,
};
use super::restriction;
use super::rule::Rule;
use super::schema::ValueType;
use crate::error::Fault;
use crate::names;
use crate::request::{PredicateType, parse::bound_fault};
use crate::restriction::Restriction;

/// Checks a requested attribute or group.
pub(super) fn attribute(
    value: &Value,
    location: &Location<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let Some(requested) = object(value, location, OF_ATTRIBUTE, reporter) else {
        return;
    };
    let meaning = read_restriction(value);
    let known_names = KnownNames::new(context, meaning.as_ref());
    let mut own = BTreeSet::new();
    match (get(requested, "name"), get(requested, "names")) {
        (Some(name), None) => {
            let location = location.member("name");
            if let Some(name) = attribute_name(name, &location, reporter) {
                known_names.check(name, &location, reporter);
                own.insert(names::fold(name));
            }
        }
        (None, Some(names)) => {
            own = group(names, &location.member("names"), &known_names, reporter);
        }
        (Some(_), Some(_)) => one_of(Fault::NameAndNames, "both", location, reporter),
        (None, None) => one_of(Fault::NoName, "neither", location, reporter),
    }
    restriction::check(requested, location, &own, context, reporter);
    interval(requested, location, reporter);
}

fn one_of(fault: Fault, found: &str, location: &Location<'_>, reporter: &mut Reporter) {
    reporter.error(fault.into(), location, || {
        Details::new(format!("expected either `name` or `names`, found {found}"), fault.advice())
    });
}

/// Checks the names of a group, and returns them folded.
fn group(
    value: &Value,
    location: &Location<'_>,
    known_names: &KnownNames<'_>,
    reporter: &mut Reporter,
) -> BTreeSet<String> {
    const EXPECTED: &str = "a list of attribute names";
    let mut own = BTreeSet::new();
    let Some(items) = value.as_array() else {
        reporter.wrong_type(location, EXPECTED, value);
        return own;
    };
    if items.is_empty() {
        reporter.fault(Fault::EmptyGroup, location, EXPECTED, value);
    }
    for (index, item) in items.iter().enumerate() {
        let location = location.element(index);
        let Some(name) = attribute_name(item, &location, reporter) else {
            continue;
        };
        if own.insert(names::fold(name)) {
            known_names.check(name, &location, reporter);
        } else {
            reporter.error(Rule::RepeatedName, &location, || {
                let found = format!("{} once more in the group", Quoted(name));
                Details::new(found, "name it once")
            });
        }
    }
    own
}

/// Checks a requested predicate.
pub(super) fn predicate(
    value: &Value,
    location: &Location<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let Some(requested) = object(value, location, OF_PREDICATE, reporter) else {
        return;
    };
    let meaning = read_restriction(value);
    let name = required(requested, "name", "the name of an attribute", location, reporter);
    if let Some(name) = name {
        let location = location.member("name");
        if let Some(name) = attribute_name(name, &location, reporter) {
            KnownNames::new(context, meaning.as_ref()).check(name, &location, reporter);
            of_text(name, meaning.as_ref(), &location, context, reporter);
        }
    }
    let p_type = predicate_type(requested, location, reporter);
    let p_value = bound(requested, location, reporter);
    if let (Some(p_type), Some(p_value)) = (p_type, p_value) {
        edge(p_type, p_value, &location.member("p_value"), reporter);
        if let Some(name) = name.and_then(Value::as_str) {
            date_bound::check(
                name,
                p_type,
                p_value,
                &location.member("p_value"),
                context,
                reporter,
            );
            one_sided(name, p_type, p_value, meaning.as_ref(), location, context, reporter);
        }
    }
    // A predicate reveals no attribute.
    restriction::check(requested, location, &BTreeSet::new(), context, reporter);
    interval(requested, location, reporter);
}

fn predicate_type(
    requested: &Map<String, Value>,
    location: &Location<'_>,
    reporter: &mut Reporter,
) -> Option<PredicateType> {
    const EXPECTED: &str = "one of >=, <=, >, <";
    let value = required(requested, "p_type", EXPECTED, location, reporter)?;
    let location = location.member("p_type");
    let p_type = PredicateType::parse(text(value, &location, reporter)?);
    if p_type.is_none() {
        reporter.fault(Fault::UnknownPredicateType, &location, EXPECTED, value);
    }
    p_type
}

fn bound(
    requested: &Map<String, Value>,
    location: &Location<'_>,
    reporter: &mut Reporter,
) -> Option<i32> {
    const EXPECTED: &str = "a whole number from -2147483648 to 2147483647";
    let value = required(requested, "p_value", EXPECTED, location, reporter)?;
    let location = location.member("p_value");
    if !value.is_number() {
        reporter.wrong_type(&location, EXPECTED, value);
        return None;
    }
    let bound = value.as_i64().and_then(|number| i32::try_from(number).ok());
    if bound.is_none() {
        let whole = value.as_f64().filter(|number| number.fract() == 0.0);
        match (bound_fault(value), whole) {
            (fault @ Fault::PredicateValueNotWhole, Some(whole)) => {
                reporter.error(fault.into(), &location, || {
                    Details::new(
                        format!("expected {EXPECTED}, found {value}"),
                        format!("write {whole:.0}"),
                    )
                });
            }
            (fault, _) => reporter.fault(fault, &location, EXPECTED, value),
        }
    }
    bound
}

/// Checks for a bound at the edge of the 32 bits.
fn edge(p_type: PredicateType, p_value: i32, location: &Location<'_>, reporter: &mut Reporter) {
    if p_value != i32::MIN && p_value != i32::MAX {
        return;
    }
    // At an edge, a comparison holds for one of the two extremes or for none.
    let holds = p_type.holds(i32::MIN, p_value) || p_type.holds(i32::MAX, p_value);
    let found = || format!("{p_type} {p_value}");
    if holds {
        reporter.warn(Rule::BoundAtEdge, location, || {
            Details::new(found(), "choose a bound among the values that there are")
        });
    } else {
        reporter.error(Rule::BoundNeverHolds, location, || {
            Details::new(found(), "choose a bound among the values that there are")
        });
    }
}

/// Checks for a lower bound without an upper one on an attribute that may be a text.
fn one_sided(
    name: &str,
    p_type: PredicateType,
    p_value: i32,
    meaning: Option<&Restriction>,
    location: &Location<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let folded = names::fold(name);
    let is_lower = matches!(p_type, PredicateType::GreaterOrEqual | PredicateType::Greater);
    let is_integer = context.schema.as_ref().is_some_and(|schema| {
        schema.value_type(&folded) == Some(ValueType::Integer)
            && may_follow(schema, meaning, context)
    });
    if !is_lower || is_integer || context.upper_bounds.contains(&folded) {
        return;
    }
    reporter.note(Rule::OneSidedBound, location, || {
        Details::new(
            format!("{} {p_type} {p_value}, and no predicate with `<=` or `<` on it", Quoted(name)),
            "if its values may be texts, add a second bound under the same restriction: the greatest value that \
             makes sense",
        )
    });
}

/// Checks for a predicate on an attribute that may be a text.
fn of_text(
    name: &str,
    meaning: Option<&Restriction>,
    location: &Location<'_>,
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
        (None, true, _) => {
            (Severity::Error, "its own restriction wants it to be a text".to_owned())
        }
        (None, false, Some(referent)) => (
            Severity::Warning,
            format!("the restriction of {} wants it to be a text", Quoted(referent)),
        ),
        (None, false, None) => return,
    };
    reporter.report(Rule::PredicateOnText, severity, location, || {
        Details::new(
            format!("{} is a text: {reason}", Quoted(name)),
            "compare an attribute whose values are whole numbers, or ask to be shown the text",
        )
    });
}
