//! The nonce that ties an answer to one question and one holder.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::BridgeError;
use crate::did::Did;

/// Separates these hashes from all others over the same bytes.
const DOMAIN: &[u8] = b"proof-exchange: nonce of a criterion's AnonCreds request, version 1\0";

/// The first bytes of the hash that make the number: 128 bits.
const BYTES: usize = 16;

/// The nonce of the AnonCreds request for a criterion (by its number, from 0) of a proof request, as the document
/// came, when this holder answers.
///
/// The challenge of an AnonCreds presentation covers nothing of a request but its nonce. So the nonce must stand
/// for all that the presentation answers: the whole request (its verifier, its id, its time, its signature), the
/// criterion, and the holder. With a nonce of the verifier's choice, whoever receives a presentation could pass it
/// on as an answer to another verifier, as the answer to another criterion, or under a signature of their own.
///
/// It is derived, so that nobody has to send it: the first 128 bits of a SHA-256 hash over a domain separator, the
/// length and the text of the document in canonical form (RFC 8785), the criterion's number, and the DID.
/// AnonCreds verifiers usually draw 80 bits. That is enough for a number that never repeats, but not for one that
/// stands for a text: a verifier chooses the text of its request, and anybody makes DIDs, so that a pair
/// with one nonce of 80 bits is found in 2^40 steps. With 128 bits, the most that the engines read, it takes 2^64.
///
/// # Errors
///
/// [`BridgeError::NotCanonical`].
pub fn nonce(
    request_document: &Value,
    criterion: usize,
    holder: &Did,
) -> Result<String, BridgeError> {
    let canonical = serde_json_canonicalizer::to_vec(request_document).map_err(|error| {
        BridgeError::NotCanonical {
            reason: error.to_string(),
        }
    })?;
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    // the length keeps the document apart from what follows it
    hash.update((canonical.len() as u64).to_be_bytes());
    hash.update(&canonical);
    hash.update((criterion as u64).to_be_bytes());
    hash.update(holder.as_str());
    let number = hash
        .finalize()
        .iter()
        .take(BYTES)
        .fold(0, |number: u128, byte| (number << 8) | u128::from(*byte));
    // a nonce of zero is no nonce to some libraries
    Ok(number.max(1).to_string())
}
