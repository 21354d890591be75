//! The rules of requests, and of criteria wherever they are.

use std::collections::HashSet;

use serde::Deserialize as _;
use url::Url;

use super::{
    Rule,
    node::{Node, Violations},
    text::{check_date_member, check_did, check_id, check_once, check_proofs, check_type, is_uri},
};
use crate::message::{Criterion, Spelling};

pub(super) fn check(request: &Node, violations: &mut Violations) {
    if let Some(id) = request.member("id") {
        check_id(&id, violations);
    }
    check_type(request, "ProofRequest", violations);
    if let Some(url) = request.member("proofURL") {
        check_url(&url, violations);
    }
    check_proofs(request, violations);
    let Some(body) = request.member("proofRequest") else {
        return;
    };
    if let Some(verifier) = body.member("verifier") {
        check_did(&verifier, violations);
    }
    check_date_member(&body, "expires", violations);
    let criteria = body.each("criteria");
    for criterion in &criteria {
        check_criterion(criterion, violations);
    }
    check_distinct(&criteria, violations);
}

fn check_url(node: &Node, violations: &mut Violations) {
    let is_http = |url: Url| matches!(url.scheme(), "http" | "https");
    let text = node.text();
    if !is_uri(text) || !text.contains("://") || !Url::parse(text).is_ok_and(is_http) {
        violations.add(Rule::ProofUrl, node, "an absolute URL of HTTP");
    }
}

/// Checks that no criterion occurs twice. They are compared as they are written, so that their spelling makes no
/// difference.
fn check_distinct(criteria: &[Node], violations: &mut Violations) {
    let mut seen = HashSet::new();
    for node in criteria {
        let Ok(criterion) = Criterion::deserialize(node.value) else {
            continue;
        };
        if !seen.insert(criterion.written(Spelling::Request).to_string()) {
            violations.add_found(
                Rule::CriterionOnce,
                node,
                "another criterion than those before",
                "one of them again",
            );
        }
    }
}

/// Checks a criterion, in a request or repeated in a response.
pub(super) fn check_criterion(criterion: &Node, violations: &mut Violations) {
    if let Some(issuers) = criterion.member("issuers") {
        let dids = issuers.each("dids");
        for did in &dids {
            check_did(did, violations);
        }
        check_once(Rule::IssuerOnce, dids, violations);
    }
    let mut attributes = criterion.each("properties");
    if let Some(schema) = criterion.member("schema") {
        attributes.extend(schema.each("attributes"));
    }
    if attributes.is_empty() && criterion.each("predicates").is_empty() {
        violations.add_found(
            Rule::SomethingAsked,
            criterion,
            "an attribute to show, or a predicate",
            "neither",
        );
    }
    let names = attributes.iter().filter_map(|attribute| attribute.member("name"));
    check_once(Rule::AttributeOnce, names, violations);
    check_bounds(criterion, violations);
}

fn check_bounds(criterion: &Node, violations: &mut Violations) {
    let bound = |name| criterion.value.get(name).and_then(serde_json::Value::as_u64);
    let min = bound("min").unwrap_or(1);
    let Some(max) = bound("max") else {
        return;
    };
    if min > max {
        violations.add_found(
            Rule::BoundsInOrder,
            criterion,
            "`min` at most `max`",
            format!("at least {min} and at most {max}"),
        );
    }
}
