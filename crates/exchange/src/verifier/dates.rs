//! The check of the dates.

use chrono::{DateTime, Utc};
use verdict::Failure;

use super::view::{CredentialView, ResponseView, proofs};
use crate::{
    date,
    message::{Proof, ProofRequest, Received},
};

/// Checks `dates`, of a request: it was not signed in the future. `latest` is the present plus the clock skew.
pub(super) fn request(request: &Received<ProofRequest>, latest: DateTime<Utc>) -> Vec<Failure> {
    let signed = proofs(request.document(), &request.message().proof, "");
    let created =
        signed.filter_map(|(pointer, _, proof)| not_after(latest, &proof.created, pointer));
    created.collect()
}

/// Checks `dates`, of a response. Clocks may differ by the skew that the policy allows.
///
/// - Nothing is dated in the future: no signature, no presentation, no credential.
/// - A presentation answers a request, so that it was not made before the request was signed.
/// - A credential has not expired.
///
/// In a proof of type `Ed25519VerificationKey2018` the member `created` is not signed, so that checking it only finds
/// dates that are wrong by accident.
pub(super) fn response(view: &ResponseView<'_>) -> Vec<Failure> {
    let latest = view.latest();
    let mut failures = request(view.request, latest);
    let mut signed = |pointer: &str, document, list: &[Proof]| {
        let dates = proofs(document, list, pointer);
        failures.extend(
            dates.filter_map(|(pointer, _, proof)| not_after(latest, &proof.created, pointer)),
        );
    };
    signed("", view.response.document(), &view.response.message().proof);
    for presentation in view.presentations() {
        signed(&presentation.pointer, presentation.document, &presentation.message.proof);
    }
    for credential in view.credentials() {
        let documents = credential.document.get("credentialSubjects");
        for (entry, (pointer, attribute)) in credential.attributes().enumerate() {
            if let Some(document) = documents.and_then(|documents| documents.get(entry)) {
                signed(&pointer, document, &attribute.proof);
            }
        }
    }
    failures.extend(presentations(view));
    failures.extend(view.credentials().flat_map(|credential| validity(view, credential)));
    failures
}

fn presentations(view: &ResponseView<'_>) -> Vec<Failure> {
    let proofs = view.request.message().proof.iter();
    let requested = proofs.filter_map(|proof| date::parse(&proof.created)).max();
    let earliest = requested.and_then(|requested| requested.checked_sub_signed(view.clock_skew));
    let presentations = view.presentations();
    let failures = presentations.filter_map(|presentation| {
        let (created, pointer) =
            (&presentation.message.created, format!("{}/created", presentation.pointer));
        if let Some(earliest) = earliest
            && let Some(made) = date::parse(created)
            && made < earliest
        {
            let failure = Failure::new(
                "a presentation that was made for this request",
                format!("one of {created}, before the request was signed"),
                "make a new presentation; set the clock if it is wrong",
            );
            return Some(failure.about(pointer));
        }
        not_after(view.latest(), created, pointer)
    });
    failures.collect()
}

fn validity(view: &ResponseView<'_>, credential: &CredentialView<'_>) -> Vec<Failure> {
    let message = credential.message;
    let issued = format!("{}/issuanceDate", credential.pointer);
    let mut failures = Vec::from_iter(not_after(view.latest(), &message.issuance_date, issued));
    let Some(text) = &message.expiration_date else {
        return failures;
    };
    if date::parse(text).is_none_or(|expires| expires < view.now) {
        let failure = Failure::new(
            "a credential that has not expired",
            format!("one that expired at {text}"),
            "ask the issuer for a new credential",
        );
        failures.push(failure.about(format!("{}/expirationDate", credential.pointer)));
    }
    failures
}

fn not_after(latest: DateTime<Utc>, text: &str, pointer: String) -> Option<Failure> {
    let got = match date::parse(text) {
        Some(date) if date <= latest => return None,
        Some(_) => text.to_owned(),
        None => format!("{text:?}, which is not a date"),
    };
    let failure = Failure::new(
        format!("a date not after {}", latest.to_rfc3339()),
        got,
        "set the clock where this was made, or wait until that date",
    );
    Some(failure.about(pointer))
}

impl ResponseView<'_> {
    /// Returns the latest date that is not in the future by any clock within the skew.
    fn latest(&self) -> DateTime<Utc> {
        let latest = self.now.checked_add_signed(self.clock_skew);
        latest.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
