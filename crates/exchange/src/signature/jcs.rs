//! JCS, the canonical JSON of RFC 8785, and the bytes that the proof types without linked data sign.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use stdx::pointer;

use super::{Covers, SignatureError};

/// The greatest depth of a document: it is written recursively. Text is read no deeper.
const MAX_DEPTH: usize = 128;

/// Returns the canonical JSON of a document.
///
/// JCS writes every number as a double. Two different whole numbers that are the same double would have the same
/// signature, so a whole number that is not exactly a double is refused.
///
/// # Errors
///
/// [`SignatureError::NotCanonical`].
pub fn canonical_json(document: &Value) -> Result<Vec<u8>, SignatureError> {
    check(document, &mut String::new(), 0)?;
    write(document)
}

/// Returns what `Ed25519VerificationKey2018` signs: the document without its proof, a dot, and the nonce; of a
/// claim the document is in base64.
pub(super) fn with_nonce(
    document: &Map<String, Value>,
    covers: Covers,
    nonce: &str,
) -> Result<Vec<u8>, SignatureError> {
    check_members(document)?;
    let json = write(&WithProof { document, proof: None })?;
    let mut bytes = match covers {
        Covers::Message => json,
        Covers::Claim => STANDARD.encode(json).into_bytes(),
    };
    bytes.push(b'.');
    bytes.extend_from_slice(nonce.as_bytes());
    Ok(bytes)
}

/// Returns what `JcsEd25519Signature2020` signs: the document with the proof's other members as its `proof`. The
/// proof is embedded as an object even where the document has it in a list, since the list may grow later.
pub(super) fn with_proof(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Result<Vec<u8>, SignatureError> {
    check_members(document)?;
    for (name, value) in proof {
        check(value, &mut pointer::child("/proof", name), 2)?;
    }
    write(&WithProof { document, proof: Some(proof) })
}

/// A document with a proof in place of its own, or with none. Nothing is copied.
struct WithProof<'a> {
    document: &'a Map<String, Value>,
    proof: Option<&'a Map<String, Value>>,
}

impl Serialize for WithProof<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.document.iter().filter(|(name, _)| *name != "proof") {
            map.serialize_entry(name, value)?;
        }
        if let Some(members) = self.proof {
            map.serialize_entry("proof", &WithoutSignature { members })?;
        }
        map.end()
    }
}

/// A proof without its `signatureValue`.
struct WithoutSignature<'a> {
    members: &'a Map<String, Value>,
}

impl Serialize for WithoutSignature<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members.iter().filter(|(name, _)| *name != "signatureValue"))
    }
}

fn write(value: &impl Serialize) -> Result<Vec<u8>, SignatureError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| not_canonical(error.to_string()))
}

/// Checks all members of a document but its proof.
fn check_members(document: &Map<String, Value>) -> Result<(), SignatureError> {
    for (name, value) in document.iter().filter(|(name, _)| *name != "proof") {
        check(value, &mut pointer::child("", name), 1)?;
    }
    Ok(())
}

/// Checks that a value has a canonical form of its own. `path` is its JSON pointer.
fn check(value: &Value, path: &mut String, depth: usize) -> Result<(), SignatureError> {
    if depth > MAX_DEPTH {
        return Err(not_canonical(format!(
            "{path:?} is nested more than {MAX_DEPTH} deep; nest it less"
        )));
    }
    let length = path.len();
    match value {
        Value::Number(number) => {
            let whole = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
            if let Some(whole) = whole.filter(|&whole| whole as f64 as i128 != whole) {
                return Err(not_canonical(format!(
                    "{path:?} is the whole number {whole}, which JSON readers round; write it as a text"
                )));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer::push(path, &index.to_string());
                check(item, path, depth + 1)?;
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointer::push(path, name);
                check(member, path, depth + 1)?;
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
    Ok(())
}

fn not_canonical(reason: String) -> SignatureError {
    SignatureError::NotCanonical { reason }
}
