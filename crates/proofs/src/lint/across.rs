//! Conflicts between referents.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stdx::text::Quoted;

use super::context::{Context, section};
use super::finding::{Details, Reporter};
use super::location::Location;
use super::rule::Rule;
use crate::names;
use crate::request::PredicateType;

const PREDICATES: &str = "requested_predicates";

/// Checks referents against each other.
pub(super) fn check(request: &Map<String, Value>, context: &Context<'_>, reporter: &mut Reporter) {
    let location = Location::ROOT.member(PREDICATES);
    let attributes = request.get("requested_attributes");
    let mut ranges: BTreeMap<String, Range<'_>> = BTreeMap::new();
    for (referent, requested) in section(request, PREDICATES) {
        let location = location.requested(referent);
        if attributes.is_some_and(|attributes| attributes.get(referent).is_some()) {
            reporter.warn(Rule::SharedReferent, &location, || {
                Details::new(
                    "a predicate under the referent of an attribute",
                    "give one of them another referent",
                )
            });
        }
        let Some(name) = requested.get("name").and_then(Value::as_str) else {
            continue;
        };
        let folded = names::fold(name);
        if let Some(revealed_by) = context.revealed.get(&folded) {
            reporter.warn(Rule::PredicateBesideReveal, &location, || {
                Details::new(
                    format!("{}, which {} asks to be shown", Quoted(name), Quoted(revealed_by)),
                    "keep the predicate, or keep the attribute",
                )
            });
        }
        if let Some((p_type, p_value)) = comparison(requested) {
            let range = ranges.entry(folded).or_default();
            range.narrow(p_type, p_value, referent);
            range.report(name, &location, reporter);
        }
    }
}

/// Reads a comparison, if it holds for any integer.
fn comparison(requested: &Value) -> Option<(PredicateType, i32)> {
    let p_type = PredicateType::parse(requested.get("p_type")?.as_str()?)?;
    let p_value = i32::try_from(requested.get("p_value")?.as_i64()?).ok()?;
    let holds = p_type.holds(i32::MIN, p_value) || p_type.holds(i32::MAX, p_value);
    holds.then_some((p_type, p_value))
}

/// The values of one attribute for which all predicates hold so far.
#[derive(Default)]
struct Range<'r> {
    least: Option<Bound<'r>>,
    greatest: Option<Bound<'r>>,
    reported: bool,
}

/// An end of a range, and the predicate that sets it.
#[derive(Clone, Copy)]
struct Bound<'r> {
    at: i64,
    referent: &'r str,
    p_type: PredicateType,
    p_value: i32,
}

impl<'r> Range<'r> {
    fn narrow(&mut self, p_type: PredicateType, p_value: i32, referent: &'r str) {
        let value = i64::from(p_value);
        let at = match p_type {
            PredicateType::GreaterOrEqual | PredicateType::LessOrEqual => value,
            PredicateType::Greater => value + 1,
            PredicateType::Less => value - 1,
        };
        let bound = Bound { at, referent, p_type, p_value };
        match p_type {
            PredicateType::GreaterOrEqual | PredicateType::Greater => {
                if self.least.is_none_or(|least| least.at < at) {
                    self.least = Some(bound);
                }
            }
            PredicateType::LessOrEqual | PredicateType::Less => {
                if self.greatest.is_none_or(|greatest| greatest.at > at) {
                    self.greatest = Some(bound);
                }
            }
        }
    }

    /// Reports an empty range, once for each attribute.
    fn report(&mut self, name: &str, location: &Location<'_>, reporter: &mut Reporter) {
        let (Some(least), Some(greatest)) = (self.least, self.greatest) else {
            return;
        };
        if self.reported || least.at <= greatest.at {
            return;
        }
        self.reported = true;
        let show = |bound: Bound<'_>| {
            let referent = Quoted(bound.referent);
            format!("{} {} ({referent})", bound.p_type, bound.p_value)
        };
        reporter.warn(Rule::ContradictoryPredicates, location, || {
            Details::new(
                format!("{} {} and {}", Quoted(name), show(least), show(greatest)),
                "correct one of the bounds",
            )
        });
    }
}
