//! The rules of requests, and of criteria wherever they are.

use std::collections::HashSet;

use serde::Deserialize as _;
use url::Url;

use super::{
    Rule,
    place::{Findings, Place},
    text::{check_date_member, check_did, check_id, check_once, check_proofs, check_type, is_uri},
};
use crate::message::{Criterion, Spelling};

pub(super) fn check(request: &Place, findings: &mut Findings) {
    if let Some(id) = request.member("id") {
        check_id(&id, findings);
    }
    check_type(request, "ProofRequest", findings);
    if let Some(url) = request.member("proofURL") {
        check_url(&url, findings);
    }
    check_proofs(request, findings);
    let Some(body) = request.member("proofRequest") else {
        return;
    };
    if let Some(verifier) = body.member("verifier") {
        check_did(&verifier, findings);
    }
    check_date_member(&body, "expires", findings);
    let criteria = body.each("criteria");
    for criterion in &criteria {
        check_criterion(criterion, findings);
    }
    check_distinct(&criteria, findings);
}

fn check_url(place: &Place, findings: &mut Findings) {
    let is_http = |url: Url| matches!(url.scheme(), "http" | "https");
    let text = place.text();
    if !is_uri(text) || !text.contains("://") || !Url::parse(text).is_ok_and(is_http) {
        findings.add(Rule::ProofUrl, place, "an absolute URL of HTTP");
    }
}

/// Criteria are compared as they are written, so that their spelling makes no difference.
fn check_distinct(criteria: &[Place], findings: &mut Findings) {
    let mut seen = HashSet::new();
    for place in criteria {
        let Ok(criterion) = Criterion::deserialize(place.value) else {
            continue;
        };
        if !seen.insert(criterion.written(Spelling::Request).to_string()) {
            findings.add_found(
                Rule::CriterionOnce,
                place,
                "another criterion than those before",
                "one of them again",
            );
        }
    }
}

/// A criterion, in a request or repeated in a response.
pub(super) fn check_criterion(criterion: &Place, findings: &mut Findings) {
    if let Some(issuers) = criterion.member("issuers") {
        let dids = issuers.each("dids");
        for did in &dids {
            check_did(did, findings);
        }
        check_once(Rule::IssuerOnce, dids, findings);
    }
    let mut attributes = criterion.each("properties");
    if let Some(schema) = criterion.member("schema") {
        attributes.extend(schema.each("attributes"));
    }
    if attributes.is_empty() && criterion.each("predicates").is_empty() {
        findings.add_found(
            Rule::SomethingAsked,
            criterion,
            "an attribute to show, or a predicate",
            "neither",
        );
    }
    let names = attributes
        .iter()
        .filter_map(|attribute| attribute.member("name"));
    check_once(Rule::AttributeOnce, names, findings);
    check_bounds(criterion, findings);
}

fn check_bounds(criterion: &Place, findings: &mut Findings) {
    let bound = |name| {
        criterion
            .value
            .get(name)
            .and_then(serde_json::Value::as_u64)
    };
    let least = bound("min").unwrap_or(1);
    let Some(most) = bound("max") else {
        return;
    };
    if least > most {
        findings.add_found(
            Rule::BoundsInOrder,
            criterion,
            "`min` at most `max`",
            format!("at least {least} and at most {most}"),
        );
    }
}
