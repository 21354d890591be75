//! The check of the size: how much work a response may cause.

use serde_json::Value;
use verdict::Failure;

use super::view::ResponseView;
use crate::{message::Proof, signature::ProofType};

/// The most work that the signatures of a response may cause, in bytes of JSON that they cover.
///
/// The length of a message does not tell how much that is: each attribute's signature covers the
/// metadata of its credential too. A signature counts as 8 KiB more than it covers, and what it
/// covers counts 160 times if it is processed as JSON-LD; `cargo bench --bench verify` measures
/// both. The draft's six-payslip response is some 2 % of this, and some half as JSON-LD.
pub const MAX_WORK: usize = 20 << 20;

/// The work of verifying an Ed25519 signature: the bytes that are brought into canonical form and
/// hashed in that time.
const SIGNATURE: usize = 8 << 10;

/// How many times longer it takes to bring JSON-LD into canonical form than JSON.
const LINKED_DATA: usize = 160;

/// Checks `size`, beyond the length of the messages: no more signatures than can be verified in
/// reasonable time.
pub(super) fn check(view: &ResponseView<'_>) -> Result<(), Failure> {
    match work(view) {
        ..=MAX_WORK => Ok(()),
        work => Err(Failure::new(
            format!("signatures of no more work than one of {MAX_WORK} bytes"),
            format!("{work} bytes"),
            "answer with fewer credentials or attributes at a time",
        )),
    }
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
        let is_linked = ProofType::of_name(proof.type_name()).is_some_and(ProofType::is_linked);
        let factor = if is_linked { LINKED_DATA } else { 1 };
        SIGNATURE.saturating_add(covered.saturating_mul(factor))
    });
    costs.fold(0, usize::saturating_add)
}

/// Returns about the length of a value in JSON.
fn bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => 2 + items.iter().map(bytes).sum::<usize>(),
        Value::Object(members) => {
            2 + members.iter().map(|(name, value)| name.len() + 4 + bytes(value)).sum::<usize>()
        }
    }
}
