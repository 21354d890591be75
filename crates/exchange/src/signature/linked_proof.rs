//! The bytes that the proof types with a `jws` sign: the digests of the proof's other members and of the document,
//! both as canonical N-Quads.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Contexts, SignatureError, contexts::SECURITY_CONTEXT, linked_data};

/// Members that only another kind of proof has. They would not be covered.
const NOT_OF_A_JWS: [&str; 3] = ["@context", "proofValue", "signatureValue"];

/// Returns the payload of the JWS: 64 bytes.
pub(super) fn payload(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    contexts: &Contexts,
) -> Result<Vec<u8>, SignatureError> {
    for member in NOT_OF_A_JWS {
        if proof.contains_key(member) {
            return Err(SignatureError::Malformed {
                member,
                problem: "does not belong in a proof with a jws".to_owned(),
            });
        }
    }
    let mut options = proof.clone();
    options.remove("jws");
    options.insert("@context".to_owned(), SECURITY_CONTEXT.into());
    let mut document = document.clone();
    document.remove("proof");
    let digest = |part: Map<String, Value>| -> Result<_, SignatureError> {
        Ok(Sha256::digest(linked_data::canonical(&part.into(), contexts)?))
    };
    Ok([digest(options)?, digest(document)?].concat())
}
