//! The rules of responses and presentations.

use super::{
    Rule, credential,
    place::{Findings, Place},
    request::check_criterion,
    text::{check_date_member, check_id, check_once, check_proofs, check_type},
};
use crate::message::CL_PRESENTATION;

/// Signatures of attributes in one response: the draft's own examples have a dozen. Checking one takes some ten
/// microseconds, and a verifier should not be kept busy for long by one message.
const MAX_ATTRIBUTE_SIGNATURES: usize = 1_000;

pub(super) fn check(response: &Place, findings: &mut Findings) {
    for name in ["id", "proofRequestId"] {
        if let Some(id) = response.member(name) {
            check_id(&id, findings);
        }
    }
    check_type(response, "ProofResponse", findings);
    check_proofs(response, findings);
    let mut presentations = Vec::new();
    for fulfilled in response.each("FulfilledCriteria") {
        if let Some(criterion) = fulfilled.member("Criterion") {
            check_criterion(&criterion, findings);
        }
        presentations.extend(fulfilled.each("Presentations"));
    }
    for presentation in &presentations {
        check_presentation(presentation, findings);
    }
    let ids = presentations
        .iter()
        .filter_map(|presentation| presentation.member("id"));
    check_once(Rule::PresentationOnce, ids, findings);
    check_signatures(response, &presentations, findings);
}

fn check_presentation(presentation: &Place, findings: &mut Findings) {
    if let Some(id) = presentation.member("id") {
        check_id(&id, findings);
    }
    check_date_member(presentation, "created", findings);
    check_type(presentation, "VerifiablePresentation", findings);
    check_proofs(presentation, findings);
    check_content(presentation, findings);
    for credential in presentation.each("verifiableCredential") {
        credential::check(&credential, findings);
    }
}

fn check_content(presentation: &Place, findings: &mut Findings) {
    let types = presentation.each("type");
    let is_cl = types.iter().any(|kind| kind.text() == CL_PRESENTATION);
    let credentials = presentation.each("verifiableCredential").len();
    let has_proof = presentation.member("presentation").is_some();
    let (is_right, expected) = match is_cl {
        true => (
            has_proof && credentials == 0,
            "`presentation`, and no credential beside it",
        ),
        false => (
            !has_proof && credentials > 0,
            "at least one credential, and no `presentation`",
        ),
    };
    if !is_right {
        let presence = if has_proof { "a" } else { "no" };
        findings.add_found(
            Rule::PresentationContent,
            presentation,
            expected,
            format!("{presence} `presentation`, credentials: {credentials}"),
        );
    }
}

fn check_signatures(response: &Place, presentations: &[Place], findings: &mut Findings) {
    let credentials = presentations
        .iter()
        .flat_map(|presentation| presentation.each("verifiableCredential"));
    let attributes = credentials.flat_map(|credential| credential.each("credentialSubjects"));
    let signatures: usize = attributes
        .map(|attribute| attribute.each("proof").len())
        .sum();
    if signatures > MAX_ATTRIBUTE_SIGNATURES {
        findings.add_found(
            Rule::TooMany,
            response,
            format!("at most {MAX_ATTRIBUTE_SIGNATURES} signatures of attributes"),
            signatures.to_string(),
        );
    }
}
