//! The checks that a response belongs to its request: its id, its criteria, its proof types, its time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use verdict::{Caution, Failure, Found};

use super::{policy::Demand, view::ResponseView};
use crate::{
    date,
    message::{Accepted, CL_PRESENTATION, ProofRequest, Syntax, VerifiableCredential},
};

/// Checks `in-time`. The verifier set the time by its own clock, so that no skew is allowed for.
pub(super) fn in_time(request: &ProofRequest, now: DateTime<Utc>) -> Vec<Failure> {
    let Some(text) = &request.body.expires else {
        return Vec::new();
    };
    let failure = |got: String| {
        Failure::new(
            format!("a request that can be answered until {text}"),
            got,
            "ask the verifier for a new request",
        )
        .about(format!("/{}/expires", request.form.names().body))
    };
    match date::parse(text) {
        Some(expires) if now <= expires => Vec::new(),
        Some(_) => vec![failure(format!("it is {} now", now.to_rfc3339()))],
        None => vec![failure("that is not a date".to_owned())],
    }
}

/// Checks `answers-request`. The draft ties a response to its request by the request's id alone, which another
/// verifier can copy, to pass the response on. So a response may name its verifier, as those of this crate's holder
/// do; one that names another is refused, and one that names none where the policy demands it.
pub(super) fn answers_request(view: &ResponseView<'_>, demands: &BTreeSet<Demand>) -> Found {
    let (request, response) = (view.request.message(), view.response.message());
    let mut found = Found::default();
    if response.proof_request_id != request.id {
        let failure = Failure::new(
            format!("a response to the request {}", request.id),
            format!("one to {}", response.proof_request_id),
            "send the response to where its own request says",
        );
        let pointer = format!("/{}", response.form.names().answered);
        found.failures.push(failure.about(pointer));
    }
    let expected = || format!("a response for {}", request.body.verifier);
    match &response.verifier {
        Some(verifier) if *verifier == request.body.verifier => {}
        Some(verifier) => {
            let remedy = "do not accept it: it was made for another verifier";
            let failure = Failure::new(expected(), format!("one for {verifier}"), remedy);
            found.failures.push(failure.about("/verifier"));
        }
        None if demands.contains(&Demand::Audience) => {
            let remedy =
                "have the holder name the verifier in the response, as its member `verifier`";
            let failure = Failure::new(expected(), "one that names no verifier", remedy);
            found.failures.push(failure.about("/verifier"));
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

/// Checks `accepted-types`: `accept` lists what the verifier will process, and must list every proof of a response.
///
/// A signature of the holder is of a listed pair: the response's syntax, and the proof's type. What issuers made
/// earlier is the same in either syntax, so that its type counts under any: attributes' signatures, and proofs in
/// zero knowledge. AnonCreds has no signature for messages: where only [`CL_PRESENTATION`] is listed for a syntax,
/// the holder may sign with any type.
pub(super) fn accepted_types(view: &ResponseView<'_>) -> Vec<Failure> {
    let Some(accept) = &view.request.message().body.accept else {
        return Vec::new();
    };
    let found = found(view).into_iter();
    let refused = found.filter(|(used, _)| !is_accepted(accept, used));
    let refused = refused.map(|(used, pointer)| {
        let listed: Vec<String> = accept.iter().map(ToString::to_string).collect();
        let got = match used {
            Used::Signed(syntax, kind) => {
                let proof_type = kind.to_owned();
                Accepted { syntax, proof_type }.to_string()
            }
            Used::Made(kind) => kind.to_owned(),
        };
        Failure::new(
            format!("one of {}", listed.join(", ")),
            got,
            "answer in a syntax and with proofs of types that the request accepts, or ask for it to accept more",
        )
        .about(pointer)
    });
    refused.collect()
}

/// A proof type, and the party that uses it.
#[derive(PartialEq, Eq)]
enum Used<'r> {
    /// The holder, in a message of this syntax.
    Signed(Syntax, &'r str),
    /// An issuer, or the holder of an issuer's credential in zero knowledge.
    Made(&'r str),
}

/// Returns all proof types of a response, each with the JSON pointer to its first use.
fn found<'r>(view: &ResponseView<'r>) -> Vec<(Used<'r>, String)> {
    let mut found: Vec<(Used<'r>, String)> = Vec::new();
    let mut note = |used: Used<'r>, pointer: &str| {
        if !found.iter().any(|(known, _)| *known == used) {
            found.push((used, pointer.to_owned()));
        }
    };
    let response = view.response.message();
    let syntax = response.syntax();
    for proof in &response.proof {
        note(Used::Signed(syntax, proof.type_name()), &proof.pointer);
    }
    for presentation in view.presentations() {
        for proof in &presentation.proof {
            note(Used::Signed(syntax, proof.type_name()), &proof.pointer);
        }
        if presentation.is_cl() {
            note(Used::Made(CL_PRESENTATION), &format!("{}/type", presentation.pointer));
        }
    }
    for proof in view.credentials().flat_map(VerifiableCredential::proofs) {
        note(Used::Made(proof.type_name()), &proof.pointer);
    }
    found
}

fn is_accepted(accept: &[Accepted], used: &Used<'_>) -> bool {
    match *used {
        Used::Made(kind) => accept.iter().any(|accepted| accepted.proof_type == kind),
        Used::Signed(syntax, kind) => {
            let mut here = accept.iter().filter(|accepted| accepted.syntax == syntax);
            let only_cl = here.clone().count() > 0
                && here.clone().all(|accepted| accepted.proof_type == CL_PRESENTATION);
            only_cl || here.any(|accepted| accepted.proof_type == kind)
        }
    }
}
