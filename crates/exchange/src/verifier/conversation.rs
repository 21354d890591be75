//! The checks that a response belongs to its request: its id, its criteria, its proof types, its
//! time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use verdict::{Caution, Failure, Found};

use super::view::ResponseView;
use crate::message::{
    Accepted, CL_PRESENTATION, ProofRequest, Syntax, VerifiableCredential, any_signs,
};

/// Checks `in-time`. The verifier set the time by its own clock, so that no skew is allowed for.
pub(super) fn in_time(request: &ProofRequest, now: DateTime<Utc>) -> Option<Failure> {
    let failure = Failure::new(
        format!("a request that can be answered until {}", request.expired(now)?),
        format!("it is {} now", now.to_rfc3339()),
        "ask the verifier for a new request",
    );
    Some(failure.about(format!("/{}/expires", request.form.names().body)))
}

/// Checks `answers-request`. The draft ties a response to its request by the request's id alone,
/// which another verifier can copy, to pass the response on. So a response may name its verifier,
/// as those of this crate's holder do; one that names another is refused, and one that names none
/// where the policy demands it.
pub(super) fn answers_request(view: &ResponseView<'_>) -> Found {
    let (request, response) = (view.request.message(), view.response.message());
    let mut found = Found::default();
    let mut fail = |member: &str, expected: String, got: String, remedy: &str| {
        let failure = Failure::new(expected, got, remedy);
        found.failures.push(failure.about(format!("/{member}")));
    };
    let answered = response.form.names().answered;
    if response.proof_request_id != request.id {
        let expected = format!("a response to the request {}", request.id);
        let got = format!("one to {}", response.proof_request_id);
        fail(answered, expected, got, "send the response to where its own request says");
    }
    if response.form != request.form {
        let expected = format!("a response with the names of its request, {}", request.form.name());
        let got = format!("one with those of {}", response.form.name());
        fail(answered, expected, got, "write the response in the form of its request");
    }
    let expected = format!("a response for {}", request.body.verifier);
    match &response.verifier {
        Some(verifier) if *verifier == request.body.verifier => {}
        Some(verifier) => {
            let remedy = "do not accept it: it was made for another verifier";
            fail("verifier", expected, format!("one for {verifier}"), remedy);
        }
        None if view.policy.require_audience => {
            let remedy =
                "have the holder name the verifier in the response, as its member `verifier`";
            fail("verifier", expected, "one that names no verifier".to_owned(), remedy);
        }
        None => found.cautions.push(Caution::new(
            "not-bound-to-verifier",
            "/verifier",
            "the response does not name the verifier that it is for",
            "another verifier can copy the request and pass on the response that it receives",
        )),
    }
    found
}

/// Checks `criteria-answered`.
pub(super) fn criteria_answered(view: &ResponseView<'_>) -> Vec<Failure> {
    let unasked = view.answers.iter().filter(|answer| answer.criterion.is_none());
    let unasked = unasked.map(|answer| {
        let description = &answer.fulfilled.criterion.description;
        Failure::new(
            "an answer to a criterion of the request, as the request has it, and once",
            format!("one to the criterion {description:?}, which the request does not have like this, or which is answered already"),
            "repeat each criterion of the request unchanged, and answer it once",
        )
        .about(format!("{}/Criterion", answer.fulfilled.pointer))
    });
    let answered = view.answers.iter().filter_map(|answer| answer.criterion);
    let answered: BTreeSet<usize> = answered.map(|(index, _)| index).collect();
    let criteria = view.request.message().body.criteria.iter().enumerate();
    let open = criteria
        .filter(|(index, criterion)| criterion.min_count() > 0 && !answered.contains(index));
    let open = open.map(|(index, criterion)| {
        Failure::new(
            format!("an answer to the criterion {:?}", criterion.description),
            "none",
            "answer every criterion of the request whose `min` is not 0",
        )
        .about(view.request.message().criterion_pointer(index))
    });
    unasked.chain(open).collect()
}

/// Checks `accepted-types`: `accept` lists what the verifier will process, and must list every
/// proof of a response.
///
/// A signature of the holder is of a listed pair: the response's syntax, and the proof's type. What
/// issuers made earlier is the same in either syntax, so that its type counts under any:
/// attributes' signatures, and proofs in zero knowledge.
pub(super) fn accepted_types(view: &ResponseView<'_>) -> Vec<Failure> {
    let Some(accept) = &view.request.message().body.accept else {
        return Vec::new();
    };
    let response = view.response.message();
    let syntax = response.syntax();
    let any_signs = any_signs(accept, syntax);
    let is_listed = |proof_type: &str, syntax: Option<Syntax>| {
        accept.iter().any(|accepted| {
            accepted.proof_type == proof_type && syntax.is_none_or(|one| one == accepted.syntax)
        })
    };
    let listed: Vec<String> = accept.iter().map(ToString::to_string).collect();
    let expected = format!("one of {}", listed.join(", "));
    let remedy = "answer in a syntax and with proofs of types that the request accepts, or ask for it to accept more";
    // a text with blanks could read as more than a type
    let shown = |kind: String| match kind.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => kind,
        false => format!("{kind:?}"),
    };
    let mut refused: Vec<Failure> = Vec::new();
    // each type once, where it is used first
    let mut refuse = |got: String, pointer: &str| {
        if !refused.iter().any(|failure| failure.got == got) {
            refused.push(Failure::new(&expected, got, remedy).about(pointer));
        }
    };
    let presentations = view.presentations().flat_map(|presentation| &presentation.proof);
    for proof in response.proof.iter().chain(presentations) {
        let proof_type = proof.type_name().to_owned();
        if !any_signs && !is_listed(&proof_type, Some(syntax)) {
            refuse(shown(Accepted { syntax, proof_type }.to_string()), &proof.pointer);
        }
    }
    for presentation in view.presentations().filter(|presentation| presentation.is_cl()) {
        if !is_listed(CL_PRESENTATION, None) {
            refuse(CL_PRESENTATION.to_owned(), &format!("{}/type", presentation.pointer));
        }
    }
    for proof in view.credentials().flat_map(VerifiableCredential::proofs) {
        if !is_listed(proof.type_name(), None) {
            refuse(shown(proof.type_name().to_owned()), &proof.pointer);
        }
    }
    refused
}
