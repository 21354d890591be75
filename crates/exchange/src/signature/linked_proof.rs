//! The bytes that the proof types with a `jws` sign: the digests of the proof's other members and of the document,
//! both as canonical N-Quads.

use serde_json::{Map, Value};

use super::{Contexts, SignatureError, Signed, contexts::SECURITY_CONTEXT, linked_data};

/// Returns the payload of the JWS: 64 bytes.
pub(super) fn payload(
    signed: Signed<'_>,
    proof: &Map<String, Value>,
    contexts: &Contexts,
) -> Result<Vec<u8>, SignatureError> {
    let mut options = proof.clone();
    options.remove("jws");
    // the purpose as the revision of December 2019 spells it in its example; no context defines that name
    if let Some(purpose) = options.remove("presentationPurpose") {
        options.insert("proofPurpose".to_owned(), purpose);
    }
    options.insert("@context".to_owned(), SECURITY_CONTEXT.into());
    linked_data::digests(&[options, signed.document()?], contexts)
}
