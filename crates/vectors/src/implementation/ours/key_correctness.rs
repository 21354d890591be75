//! Does a holder accept this key, by its correctness proof?

use cl::PublicKey;
use cl::keys::{KeyCorrectnessProof, KeyProofError, check_correctness_proof};
use serde_json::Value;

use super::super::Answer;

/// Answers with the part that is wrong: what cannot be read, the names, or the numbers.
pub(super) fn answer(input: &Value) -> Answer {
    let key = PublicKey::from_credential_definition(&input["cred_def"]);
    let proof = KeyCorrectnessProof::from_json(&input["key_correctness_proof"]);
    let (key, proof) = match (key, proof) {
        (Ok(key), Ok(proof)) => (key, proof),
        (Err(error), _) | (_, Err(error)) => return Answer::failed("form", error.to_string()),
    };
    match check_correctness_proof(&key, &proof) {
        Ok(()) => Answer::valid(),
        Err(error) => {
            let part = match error {
                KeyProofError::Unproven { .. } | KeyProofError::UnknownName { .. } => "names",
                _ => "numbers",
            };
            Answer::failed(part, error.to_string())
        }
    }
}
