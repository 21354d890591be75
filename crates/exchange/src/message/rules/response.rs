//! The rules of responses and presentations.

use super::{
    Rule, credential,
    node::{Node, Violations},
    request::check_criterion,
    text::{check_date_member, check_id, check_once, check_proofs, check_type},
};
use crate::message::CL_PRESENTATION;

/// The most signatures of attributes in one response. The draft's own examples have a dozen; checking one takes
/// some ten microseconds, and one message must not keep a verifier busy for long.
const MAX_ATTRIBUTE_SIGNATURES: usize = 1_000;

pub(super) fn check(response: &Node, violations: &mut Violations) {
    for name in ["id", "proofRequestId"] {
        if let Some(id) = response.member(name) {
            check_id(&id, violations);
        }
    }
    check_type(response, "ProofResponse", violations);
    check_proofs(response, violations);
    let mut presentations = Vec::new();
    for fulfilled in response.each("FulfilledCriteria") {
        if let Some(criterion) = fulfilled.member("Criterion") {
            check_criterion(&criterion, violations);
        }
        presentations.extend(fulfilled.each("Presentations"));
    }
    for presentation in &presentations {
        check_presentation(presentation, violations);
    }
    let ids = presentations.iter().filter_map(|presentation| presentation.member("id"));
    check_once(Rule::PresentationOnce, ids, violations);
    check_signatures(response, &presentations, violations);
}

fn check_presentation(presentation: &Node, violations: &mut Violations) {
    if let Some(id) = presentation.member("id") {
        check_id(&id, violations);
    }
    check_date_member(presentation, "created", violations);
    check_type(presentation, "VerifiablePresentation", violations);
    check_proofs(presentation, violations);
    check_content(presentation, violations);
    for credential in presentation.each("verifiableCredential") {
        credential::check(&credential, violations);
    }
}

fn check_content(presentation: &Node, violations: &mut Violations) {
    let types = presentation.each("type");
    let is_cl = types.iter().any(|kind| kind.text() == CL_PRESENTATION);
    let credentials = presentation.each("verifiableCredential").len();
    let has_proof = presentation.member("presentation").is_some();
    let (is_right, expected) = match is_cl {
        true => (has_proof && credentials == 0, "`presentation`, and no credential beside it"),
        false => (!has_proof && credentials > 0, "at least one credential, and no `presentation`"),
    };
    if !is_right {
        let presence = if has_proof { "a" } else { "no" };
        violations.add_found(
            Rule::PresentationContent,
            presentation,
            expected,
            format!("{presence} `presentation`, credentials: {credentials}"),
        );
    }
}

fn check_signatures(response: &Node, presentations: &[Node], violations: &mut Violations) {
    let credentials =
        presentations.iter().flat_map(|presentation| presentation.each("verifiableCredential"));
    let attributes = credentials.flat_map(|credential| credential.each("credentialSubjects"));
    let signatures: usize = attributes.map(|attribute| attribute.each("proof").len()).sum();
    if signatures > MAX_ATTRIBUTE_SIGNATURES {
        violations.add_found(
            Rule::TooMany,
            response,
            format!("at most {MAX_ATTRIBUTE_SIGNATURES} signatures of attributes"),
            signatures.to_string(),
        );
    }
}
