//! The check of the dates.

use chrono::{DateTime, Utc};
use verdict::Failure;

use super::view::ResponseView;
use crate::{
    date,
    fit::{self, not_after},
    message::{Proof, ProofRequest, VerifiableCredential},
};

/// Checks `dates`, of a request: it was not signed in the future, and its signature has not
/// expired. `latest` is the present plus the clock skew.
pub(super) fn request(
    request: &ProofRequest,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
) -> Vec<Failure> {
    request.proof.iter().flat_map(|proof| signed(proof, now, latest)).collect()
}

fn signed(
    proof: &Proof,
    now: DateTime<Utc>,
    latest: DateTime<Utc>,
) -> impl Iterator<Item = Failure> {
    let created = proof.created.as_deref();
    let future = created.and_then(|text| not_after(latest, text, || proof.pointer.clone()));
    let expires = proof.expires.as_deref();
    let past = expires.filter(|text| date::parse(text).is_none_or(|expires| expires < now));
    let past = past.map(|text| {
        Failure::new(
            "a signature that has not expired",
            format!("one that expired at {text}"),
            "have it signed again",
        )
        .about(format!("{}/expires", proof.pointer))
    });
    future.into_iter().chain(past)
}

/// Checks `dates`, of a response. Clocks may differ by the skew that the policy allows.
///
/// - Nothing is dated in the future: no signature, no presentation, no credential.
/// - A presentation answers a request, so that it was not made before the request was signed.
/// - No signature has expired, and no credential unless its criterion allows that.
///
/// In a proof of type `Ed25519VerificationKey2018` the member `created` is not signed, so that
/// checking it only finds dates that are wrong by accident.
pub(super) fn response(view: &ResponseView<'_>) -> Vec<Failure> {
    let latest = view.policy.latest(view.now);
    let mut failures = request(view.request.message(), view.now, latest);
    let proofs = view.response.message().proof.iter();
    let proofs = proofs.chain(view.presentations().flat_map(|presentation| &presentation.proof));
    let proofs = proofs.chain(view.credentials().flat_map(VerifiableCredential::proofs));
    failures.extend(proofs.flat_map(|proof| signed(proof, view.now, latest)));
    failures.extend(presentations(view));
    for answer in &view.answers {
        let criterion = answer.criterion.map(|(_, criterion)| criterion);
        let credentials = answer.fulfilled.credentials();
        failures
            .extend(credentials.flat_map(|one| fit::validity(one, criterion, latest, view.now)));
    }
    failures
}

fn presentations(view: &ResponseView<'_>) -> Vec<Failure> {
    let proofs = view.request.message().proof.iter();
    let requested = proofs.filter_map(|proof| date::parse(proof.created.as_deref()?)).max();
    let skew = view.policy.clock_skew;
    let earliest = requested.and_then(|requested| requested.checked_sub_signed(skew));
    let presentations = view.presentations();
    let failures = presentations.filter_map(|presentation| {
        let created = &presentation.created;
        let pointer = || format!("{}/created", presentation.pointer);
        if let Some(earliest) = earliest
            && let Some(made) = date::parse(created)
            && made < earliest
        {
            let failure = Failure::new(
                "a presentation that was made for this request",
                format!("one of {created}, before the request was signed"),
                "make a new presentation; set the clock if it is wrong",
            );
            return Some(failure.about(pointer()));
        }
        not_after(view.policy.latest(view.now), created, pointer)
    });
    failures.collect()
}
