//! The request as a whole.

use serde_json::{Map, Value};

use super::context::Context;
use super::finding::{Details, Reporter};
use super::location::Location;
use super::members::{self, OF_REQUEST, get, required, text};
use super::rule::Rule;
use super::{Linter, across, nonce, referent};
use crate::error::Fault;
use crate::request::{ProofRequest, limits};
use crate::version::RequestVersion;

/// Checks one requested attribute or predicate.
type CheckReferent = fn(&Value, &Location<'_>, &Context<'_>, &mut Reporter);

/// Checks a request.
pub(super) fn check(written: &Value, known: &Linter<'_>, reporter: &mut Reporter) {
    let root = &Location::ROOT;
    let Some(request) = members::object(written, root, OF_REQUEST, reporter) else {
        return;
    };
    beyond_limits(written, request, reporter);
    let context = Context::new(request, known);
    if let Some(value) = required(request, "nonce", "a nonce", root, reporter) {
        nonce::check(value, &root.member("nonce"), reporter);
    }
    for key in ["name", "version"] {
        if let Some(value) = required(request, key, "a text", root, reporter) {
            text(value, &root.member(key), reporter);
        }
    }
    version(request, reporter);
    members::interval(request, root, reporter);

    let attributes =
        section(request, "requested_attributes", referent::attribute, &context, reporter);
    let predicates =
        section(request, "requested_predicates", referent::predicate, &context, reporter);
    if attributes == Some(0) && predicates == Some(0) {
        reporter.error(Rule::EmptyRequest, root, || {
            Details::new(
                "neither a requested attribute nor a requested predicate",
                "ask for an attribute or a predicate",
            )
        });
    }
    across::check(request, &context, reporter);
}

/// Reports more than readers take. This comes first, since what is beyond the limits may have many
/// findings.
fn beyond_limits(written: &Value, request: &Map<String, Value>, reporter: &mut Reporter) {
    if let Err(error) = limits::check_referents(request) {
        reporter.refused(&error);
    } else if let Err(error) = ProofRequest::from_value(written)
        && error.fault == Fault::TooManyTerms
    {
        reporter.refused(&error);
    }
}

fn version(request: &Map<String, Value>, reporter: &mut Reporter) {
    let Some(value) = get(request, "ver") else {
        return;
    };
    let location = Location::ROOT.member("ver");
    if let Some(ver) = text(value, &location, reporter)
        && RequestVersion::parse(ver).is_none()
    {
        reporter.fault(Fault::UnknownVersion, &location, r#""1.0" or "2.0""#, value);
    }
}

/// Checks each referent of a section, and counts them; `None` if the section is not an object.
fn section(
    request: &Map<String, Value>,
    key: &str,
    check: CheckReferent,
    context: &Context<'_>,
    reporter: &mut Reporter,
) -> Option<usize> {
    let Some(value) = get(request, key) else {
        return Some(0);
    };
    let location = Location::ROOT.member(key);
    let Some(referents) = value.as_object() else {
        reporter.wrong_type(&location, "an object with a member for each referent", value);
        return None;
    };
    for (referent, requested) in referents {
        check(requested, &location.requested(referent), context, reporter);
    }
    Some(referents.len())
}
