//! JCS, the canonical JSON of RFC 8785, and the bytes that the proof types without linked data
//! sign.

use std::cmp::Ordering;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};
use stdx::pointer;

use super::{SignatureError, Signed, signed::Covered};

/// The greatest depth of a document: it is written recursively. Text is read no deeper.
const MAX_DEPTH: usize = 128;

/// Whole numbers up to this are doubles, and JavaScript writes them digit by digit: 2^53.
const MAX_PLAIN: u64 = 1 << 53;

/// Returns the canonical JSON of a document.
///
/// JCS writes every number as a double. Two different whole numbers that are the same double would
/// have the same signature, so a whole number that is not exactly a double is refused.
///
/// # Errors
///
/// [`SignatureError::NotCanonical`].
pub fn canonical_json(document: &Value) -> Result<Vec<u8>, SignatureError> {
    let mut bytes = Vec::new();
    write(&mut bytes, document, 0)?;
    Ok(bytes)
}

/// Returns what `Ed25519VerificationKey2018` signs: the document, a dot, and the nonce; of a claim
/// the document is in base64.
pub(super) fn with_nonce(signed: Signed<'_>, nonce: &str) -> Result<Vec<u8>, SignatureError> {
    let json = canonical(signed.members()?)?;
    let mut bytes = match signed {
        Signed::Message(_) | Signed::Credential(_) => json,
        Signed::Claim(..) => STANDARD.encode(json).into_bytes(),
    };
    bytes.push(b'.');
    bytes.extend_from_slice(nonce.as_bytes());
    Ok(bytes)
}

/// Returns what `JcsEd25519Signature2020` signs: the document with the proof's other members as its
/// `proof`. The proof is embedded as an object even where the document has it in a list, since the
/// list may grow later.
pub(super) fn with_proof(
    signed: Signed<'_>,
    proof: &Map<String, Value>,
) -> Result<Vec<u8>, SignatureError> {
    let mut members = signed.members()?;
    members.push(("proof", Covered::Less(proof, "signatureValue")));
    canonical(members)
}

/// Returns what `eddsa-jcs-2022` signs: the digest of the proof's other members, and that of the
/// document (W3C, Data Integrity EdDSA Cryptosuites 1.0, section 3.3).
pub(super) fn digests(
    signed: Signed<'_>,
    proof: &Map<String, Value>,
) -> Result<Vec<u8>, SignatureError> {
    let options = Sha256::digest(without(proof, "proofValue")?);
    Ok([options, Sha256::digest(canonical(signed.members()?)?)].concat())
}

/// Returns the canonical JSON of an object without the member of this name.
pub(super) fn without(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<Vec<u8>, SignatureError> {
    let mut bytes = Vec::new();
    write_covered(&mut bytes, &Covered::Less(members, name), 0)?;
    Ok(bytes)
}

fn canonical(members: Vec<(&str, Covered<'_>)>) -> Result<Vec<u8>, SignatureError> {
    let mut bytes = Vec::with_capacity(1024);
    write_members(&mut bytes, members, 0)?;
    Ok(bytes)
}

/// Why a value has no canonical form of its own, and the JSON pointer from where it was found.
struct Refusal {
    pointer: String,
    reason: String,
}

fn refused(reason: String) -> Refusal {
    Refusal { pointer: String::new(), reason }
}

impl Refusal {
    /// Returns the same as found in the object or list that has it as this member.
    fn within(self, member: &str) -> Self {
        Self { pointer: pointer::child("", member) + &self.pointer, ..self }
    }
}

impl From<Refusal> for SignatureError {
    fn from(Refusal { pointer, reason }: Refusal) -> Self {
        Self::NotCanonical(format!("{pointer:?} {reason}"))
    }
}

fn write(bytes: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(refused(format!("is nested more than {MAX_DEPTH} deep; nest it less")));
    }
    match value {
        Value::Null => bytes.extend_from_slice(b"null"),
        Value::Bool(true) => bytes.extend_from_slice(b"true"),
        Value::Bool(false) => bytes.extend_from_slice(b"false"),
        Value::Number(number) => write_number(bytes, number)?,
        Value::String(text) => write_text(bytes, text)?,
        Value::Array(items) => {
            bytes.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    bytes.push(b',');
                }
                write(bytes, item, depth + 1)
                    .map_err(|refusal| refusal.within(&index.to_string()))?;
            }
            bytes.push(b']');
        }
        Value::Object(members) => {
            let all = || members.iter().map(|(name, value)| (&**name, Covered::Value(value)));
            // maps are sorted by UTF-8 already, which for nearly all names is the same
            match members.keys().is_sorted_by(|one, other| in_utf_16(one, other).is_lt()) {
                true => write_sorted(bytes, all(), depth)?,
                false => write_members(bytes, all().collect(), depth)?,
            }
        }
    }
    Ok(())
}

fn write_covered(bytes: &mut Vec<u8>, value: &Covered<'_>, depth: usize) -> Result<(), Refusal> {
    match *value {
        Covered::Value(value) => write(bytes, value, depth),
        Covered::Less(members, without) => {
            let members = members.iter().filter(|(name, _)| *name != without);
            let members = members.map(|(name, value)| (&**name, Covered::Value(value)));
            write_members(bytes, members.collect(), depth)
        }
        Covered::Entry(entry) => {
            bytes.push(b'[');
            write_covered(bytes, &Covered::Less(entry, "proof"), depth + 1)
                .map_err(|refusal| refusal.within("0"))?;
            bytes.push(b']');
            Ok(())
        }
    }
}

/// Writes an object: its members in the order of their names in UTF-16 (section 3.2.3).
fn write_members(
    bytes: &mut Vec<u8>,
    mut members: Vec<(&str, Covered<'_>)>,
    depth: usize,
) -> Result<(), Refusal> {
    members.sort_by(|(one, _), (other, _)| in_utf_16(one, other));
    write_sorted(bytes, members.into_iter(), depth)
}

fn write_sorted<'a>(
    bytes: &mut Vec<u8>,
    members: impl Iterator<Item = (&'a str, Covered<'a>)>,
    depth: usize,
) -> Result<(), Refusal> {
    bytes.push(b'{');
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            bytes.push(b',');
        }
        write_text(bytes, name)?;
        bytes.push(b':');
        write_covered(bytes, &value, depth + 1).map_err(|refusal| refusal.within(name))?;
    }
    bytes.push(b'}');
    Ok(())
}

fn in_utf_16(one: &str, other: &str) -> Ordering {
    match one.is_ascii() && other.is_ascii() {
        true => one.cmp(other),
        false => one.encode_utf16().cmp(other.encode_utf16()),
    }
}

/// Writes a text: `serde_json` escapes what section 3.2.2.2 says, and in the same way.
fn write_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), Refusal> {
    serde_json::to_writer(bytes, text).map_err(|error| refused(error.to_string()))
}

/// Writes a number: a small whole one as it is, any other as JavaScript writes the double (section
/// 3.2.2.3).
fn write_number(bytes: &mut Vec<u8>, number: &Number) -> Result<(), Refusal> {
    let whole = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    match whole {
        Some(whole) if whole.unsigned_abs() <= MAX_PLAIN.into() => {
            bytes.extend_from_slice(whole.to_string().as_bytes());
        }
        Some(whole) if whole as f64 as i128 != whole => {
            return Err(refused(format!(
                "is the whole number {whole}, which JSON readers round; write a smaller one, or a text where one may stand"
            )));
        }
        _ => {
            let written = serde_json_canonicalizer::to_vec(number);
            bytes.extend_from_slice(&written.map_err(|error| refused(error.to_string()))?);
        }
    }
    Ok(())
}
