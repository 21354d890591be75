//! The check of the size: how much work a response may cause.

use std::io::{self, Write};

use serde_json::Value;
use verdict::Failure;

use super::view::ResponseView;
use crate::message::Proof;

/// The most work that the signatures of a response may cause, in bytes that they cover.
///
/// The length of a message does not tell how much that is: each attribute's signature covers the metadata of its
/// credential too. A signature counts as 8 KiB more than it covers, and what it covers counts 16 times if it is
/// processed as JSON-LD. The draft's six-payslip response is some 5 % of this.
pub const MAX_WORK: usize = 8 << 20;

/// The work of verifying an Ed25519 signature: the bytes that are brought into canonical form and hashed in that time.
const SIGNATURE: usize = 8 << 10;

/// How many times longer it takes to bring JSON-LD into canonical form than JSON.
const LINKED_DATA: usize = 16;

/// Checks `size`, beyond the length of the messages: no more signatures than can be verified in reasonable time.
pub(super) fn check(view: &ResponseView<'_>) -> Vec<Failure> {
    let work = work(view);
    if work <= MAX_WORK {
        return Vec::new();
    }
    vec![Failure::new(
        format!("signatures of no more work than one of {MAX_WORK} bytes"),
        format!("{work} bytes"),
        "answer with fewer credentials or attributes at a time",
    )]
}

fn work(view: &ResponseView<'_>) -> usize {
    let (request, response) = (view.request, view.response);
    let mut work = cost(&request.message().proof, || bytes(request.document()));
    let mut add = |more: usize| work = work.saturating_add(more);
    add(cost(&response.message().proof, || bytes(response.document())));
    for presentation in view.presentations() {
        add(cost(&presentation.proof, || bytes(response.part(&presentation.pointer))));
    }
    for credential in view.credentials() {
        let whole = response.part(&credential.pointer);
        add(cost(credential.whole.as_deref().unwrap_or_default(), || bytes(whole)));
        let entries = whole.get("credentialSubjects").map_or(0, bytes);
        let metadata = bytes(whole).saturating_sub(entries);
        for attribute in &credential.attributes {
            add(cost(&attribute.proof, || metadata + bytes(response.part(&attribute.pointer))));
        }
    }
    work
}

/// Returns the work of verifying some proofs that cover this many bytes.
fn cost(proofs: &[Proof], covered: impl FnOnce() -> usize) -> usize {
    if proofs.is_empty() {
        return 0;
    }
    let covered = covered();
    let costs = proofs.iter().map(|proof| {
        let factor = match &*proof.kind {
            "Ed25519Signature2018" | "RsaSignature2018" => LINKED_DATA,
            _ => 1,
        };
        SIGNATURE.saturating_add(covered.saturating_mul(factor))
    });
    costs.fold(0, usize::saturating_add)
}

/// Returns the length of a value in JSON.
fn bytes(value: &Value) -> usize {
    struct Counter(usize);
    impl Write for Counter {
        fn write(&mut self, written: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(written.len());
            Ok(written.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}
