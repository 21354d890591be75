//! The nonce that ties an answer to one criterion of one request and to one holder.

use exchange::{did::Did, signature::canonical_json};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::BridgeError;

/// Separates these hashes from all others over the same bytes.
const DOMAIN: &[u8] = b"proof-exchange: nonce of a criterion's AnonCreds request, version 1\0";

/// How many bytes of the hash make the nonce: 128 bits.
const BYTES: usize = 16;

/// Derives the nonce of the AnonCreds request for a criterion (by its index, from 0) of a proof
/// request, as the document was received, when this holder answers.
///
/// The challenge of an AnonCreds presentation covers nothing of a request but its nonce. So the
/// nonce must stand for all that the presentation answers: the whole request (its verifier, its id,
/// its time, its signature), the criterion, and the holder. If the verifier chose the nonce, the
/// receiver of a presentation could pass it on as an answer to another verifier, as the answer to
/// another criterion, or under a signature of its own.
///
/// It is derived, so that no party has to send it: the first 128 bits of a SHA-256 hash over a
/// domain separator, the length and the text of the document in canonical form (RFC 8785), the
/// criterion's index, and the DID. AnonCreds verifiers usually draw 80 random bits. That is enough
/// for a number that never repeats, but not for one that stands for a text: a verifier chooses the
/// text of its request, and anyone can make DIDs, so that a pair with the same nonce of 80 bits is
/// found in 2^40 steps. With 128 bits, the most that the engines accept, it takes 2^64.
///
/// # Errors
///
/// [`BridgeError::NotCanonical`].
pub fn nonce(request_document: &Value, index: usize, holder: &Did) -> Result<String, BridgeError> {
    let canonical = canonical_json(request_document)?;
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    // the length keeps the document apart from what follows it
    hash.update((canonical.len() as u64).to_be_bytes());
    hash.update(&canonical);
    hash.update((index as u64).to_be_bytes());
    hash.update(holder.as_str());
    let number = hash
        .finalize()
        .iter()
        .take(BYTES)
        .fold(0, |number: u128, byte| (number << 8) | u128::from(*byte));
    // some libraries do not accept zero as a nonce
    Ok(number.max(1).to_string())
}
