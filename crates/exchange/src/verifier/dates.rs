//! Whether the dates make sense together.

use chrono::{DateTime, Utc};
use proofs::verdict::Failure;

use super::read::{Read, Shown, proofs};
use crate::message::{Proof, ProofRequest, Received};

/// Reads a date in RFC 3339.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.to_utc())
}

/// `dates`, of a request: it was not signed in the future. `latest` is the present, and the skew of clocks.
pub(super) fn request(request: &Received<ProofRequest>, latest: DateTime<Utc>) -> Vec<Failure> {
    let signed = proofs(request.document(), &request.message().proof, "");
    let created =
        signed.filter_map(|(pointer, _, proof)| not_after(latest, &proof.created, pointer));
    created.collect()
}

/// `dates`, of a response. Clocks may differ by the skew that the policy allows.
///
/// - Nothing is dated in the future: no signature, no presentation, no credential.
/// - A presentation answers a request, so that it was not made before the request was signed.
/// - A credential has not expired.
///
/// In a proof of type `Ed25519VerificationKey2018` the member `created` is not signed. It counts for no more
/// than this: dates that are wrong by accident are found.
pub(super) fn response(read: &Read<'_>) -> Vec<Failure> {
    let latest = read.latest();
    let mut failures = request(read.request, latest);
    let mut signed = |pointer: &str, document, list: &[Proof]| {
        let dates = proofs(document, list, pointer);
        failures.extend(
            dates.filter_map(|(pointer, _, proof)| not_after(latest, &proof.created, pointer)),
        );
    };
    signed("", read.response.document(), &read.response.message().proof);
    for presented in read.presentations() {
        signed(
            &presented.pointer,
            presented.document,
            &presented.message.proof,
        );
    }
    for shown in read.credentials() {
        let documents = shown.document.get("credentialSubjects");
        for (entry, (pointer, attribute)) in shown.attributes().enumerate() {
            if let Some(document) = documents.and_then(|documents| documents.get(entry)) {
                signed(&pointer, document, &attribute.proof);
            }
        }
    }
    failures.extend(presentations(read));
    failures.extend(read.credentials().flat_map(|shown| credential(read, shown)));
    failures
}

fn presentations(read: &Read<'_>) -> Vec<Failure> {
    let asked = read.request.message().proof.iter();
    let asked = asked.filter_map(|proof| instant(&proof.created)).max();
    let asked = asked.and_then(|asked| asked.checked_sub_signed(read.clock_skew));
    let presentations = read.presentations();
    let failures = presentations.filter_map(|presented| {
        let (created, pointer) = (
            &presented.message.created,
            format!("{}/created", presented.pointer),
        );
        if let Some(asked) = asked
            && let Some(made) = instant(created)
            && made < asked
        {
            let failure = Failure::new(
                "a presentation that was made for this request",
                format!("one of {created}, before the request was signed"),
                "make a new presentation; set the clock if it is wrong",
            );
            return Some(failure.about(pointer));
        }
        not_after(read.latest(), created, pointer)
    });
    failures.collect()
}

fn credential(read: &Read<'_>, shown: &Shown<'_>) -> Vec<Failure> {
    let credential = shown.message;
    let issued = format!("{}/issuanceDate", shown.pointer);
    let mut failures = Vec::from_iter(not_after(read.latest(), &credential.issuance_date, issued));
    let Some(text) = &credential.expiration_date else {
        return failures;
    };
    if instant(text).is_none_or(|expires| expires < read.now) {
        let failure = Failure::new(
            "a credential that has not expired",
            format!("one that expired at {text}"),
            "ask the issuer for a new credential",
        );
        failures.push(failure.about(format!("{}/expirationDate", shown.pointer)));
    }
    failures
}

fn not_after(latest: DateTime<Utc>, text: &str, pointer: String) -> Option<Failure> {
    let got = match instant(text) {
        Some(instant) if instant <= latest => return None,
        Some(_) => text.to_owned(),
        None => format!("{text:?}, which is no date"),
    };
    let failure = Failure::new(
        format!("a date not after {}", latest.to_rfc3339()),
        got,
        "set the clock where this was made, or wait until that date",
    );
    Some(failure.about(pointer))
}

impl Read<'_> {
    /// The latest date that may be the present somewhere.
    fn latest(&self) -> DateTime<Utc> {
        let latest = self.now.checked_add_signed(self.clock_skew);
        latest.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
