//! Credentials in the W3C's form, in which Credo keeps those of AnonCreds since its version 0.5.
//!
//! The signature is MessagePack in `proofValue`. Values have no encoding: it follows from the text.
//! An integer of 32 bits is a JSON number there, and everything else a text.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proofs::encoding::encode;
use serde_json::{Map, Value, json};

use super::msgpack;

/// The names of the signature's suite, in the final form and in an earlier one.
const SUITES: [&str; 2] = ["anoncreds-2023", "anoncredsvc-2023"];

/// Returns a credential of AnonCreds in the library's form; `None` if it is another kind of
/// credential.
///
/// # Errors
///
/// A sentence about the member that is missing or wrong.
pub(super) fn to_credential(w3c: &Value) -> Result<Option<Value>, String> {
    let Some(proof) = proof(w3c) else {
        return Ok(None);
    };
    let encoded = proof.get("proofValue").and_then(Value::as_str);
    // `u` is multibase's prefix of base64url
    let encoded = encoded.and_then(|encoded| encoded.strip_prefix('u'));
    let bytes = encoded.and_then(|encoded| URL_SAFE_NO_PAD.decode(encoded).ok());
    let signed = bytes.and_then(|bytes| msgpack::read(&bytes)).and_then(signature);
    let Some(mut credential) = signed else {
        return Err("member `/proof/proofValue` is not a signature of AnonCreds".to_owned());
    };
    let Some(Value::Object(subject)) = w3c.get("credentialSubject") else {
        return Err("member `credentialSubject` is not an object".to_owned());
    };
    // some versions of Credo keep the claims apart from the holder's identifier
    let claims = match subject.get("claims") {
        Some(Value::Object(claims)) => claims,
        _ => subject,
    };
    credential.insert("values".to_owned(), values(claims)?);
    for optional in ["rev_reg_id", "rev_reg", "witness"] {
        credential.entry(optional).or_insert(Value::Null);
    }
    Ok(Some(Value::Object(credential)))
}

/// Returns the members of what is signed: a pair of its kind and an object or, in an earlier form,
/// the object alone.
fn signature(value: Value) -> Option<Map<String, Value>> {
    /// The kind of a credential's signature; presentations have others.
    const CREDENTIAL: u64 = 1;
    match value {
        Value::Object(object) => Some(object),
        Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
            Ok([kind, Value::Object(object)]) if kind.as_u64() == Some(CREDENTIAL) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the proof of AnonCreds, among others perhaps.
fn proof(w3c: &Value) -> Option<&Value> {
    let is_ours = |proof: &&Value| {
        let suite = proof.get("cryptosuite").and_then(Value::as_str);
        suite.is_some_and(|suite| SUITES.contains(&suite))
    };
    match w3c.get("proof")? {
        Value::Array(proofs) => proofs.iter().find(is_ours),
        proof => Some(proof).filter(is_ours),
    }
}

fn values(subject: &Map<String, Value>) -> Result<Value, String> {
    let mut values = Map::new();
    for (name, value) in subject {
        // the holder's identifier, which no issuer of AnonCreds signs
        if name == "id" {
            continue;
        }
        let raw = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => {
                return Err(format!(
                    "member `/credentialSubject/{name}` is not a text or a number"
                ));
            }
        };
        let encoded = encode(&raw);
        values.insert(name.clone(), json!({"raw": raw, "encoded": encoded}));
    }
    Ok(Value::Object(values))
}
