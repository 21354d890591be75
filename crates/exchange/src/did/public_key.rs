//! The ways in which a DID document writes a public key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{PublicKey, did_key, rsa};

/// Parses a key from a member's value, given the entry's `type`. `None` where the kind of key is
/// not supported.
type KeyParser = fn(&Value, &str) -> Result<Option<PublicKey>, String>;

/// The members in which a key can be written.
pub(super) const MEMBERS: [(&str, KeyParser); 4] = [
    ("publicKeyBase58", base58),
    ("publicKeyMultibase", multibase),
    ("publicKeyJwk", jwk),
    ("publicKeyPem", pem),
];

/// The kinds of keys in JSON with the algorithms (RFC 7518, RFC 8037, RFC 9864) that may be named
/// for them.
const ALGORITHMS: [(&str, &str); 8] = [
    ("OKP", "EdDSA"),
    ("OKP", "Ed25519"),
    ("RSA", "RS256"),
    ("RSA", "RS384"),
    ("RSA", "RS512"),
    ("RSA", "PS256"),
    ("RSA", "PS384"),
    ("RSA", "PS512"),
];

/// The base58 of 32 bytes has at most this many digits.
const MAX_BASE58: usize = 44;

/// Parses a bare key: only the entry's type tells which algorithm it is for.
fn base58(value: &Value, kind: &str) -> Result<Option<PublicKey>, String> {
    if !kind.contains("Ed25519") {
        return Ok(None);
    }
    let key = value.as_str().and_then(ed25519_from_base58);
    let key = key.ok_or("it is not the base58 of the 32 bytes of an Ed25519 key")?;
    Ok(Some(PublicKey::Ed25519(key)))
}

/// Decodes the 32 bytes of an Ed25519 key from base58; `None` if a text is not the base58 of 32
/// bytes.
pub fn ed25519_from_base58(text: &str) -> Option<[u8; 32]> {
    if text.len() > MAX_BASE58 {
        return None;
    }
    bs58::decode(text).into_vec().ok()?.try_into().ok()
}

/// Parses a key that says itself which algorithm it is for.
fn multibase(value: &Value, kind: &str) -> Result<Option<PublicKey>, String> {
    let key = value.as_str().and_then(did_key::from_multibase);
    match key {
        Some(key) => Ok(Some(PublicKey::Ed25519(key))),
        None if kind.contains("Ed25519") => {
            Err("it is not the multibase of an Ed25519 key, which begins with z6Mk".to_owned())
        }
        None => Ok(None),
    }
}

/// Parses a key in JSON (RFC 7517): `OKP` on the curve Ed25519, or `RSA`.
fn jwk(value: &Value, _kind: &str) -> Result<Option<PublicKey>, String> {
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    let bytes = |name: &str| {
        let decoded = member(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        decoded.ok_or_else(|| format!("its {name} is not base64url"))
    };
    // a key for something other than signatures, such as encryption
    let ops = value.get("key_ops").and_then(Value::as_array);
    let is_for_signatures = member("use").is_none_or(|purpose| purpose == "sig")
        && ops.is_none_or(|ops| ops.iter().any(|op| op == "verify"));
    if !is_for_signatures {
        return Ok(None);
    }
    if let Some(algorithm) = member("alg")
        && !ALGORITHMS.contains(&(member("kty").unwrap_or_default(), algorithm))
    {
        return Err(format!("its alg {algorithm:?} is not one for which this kind of key is"));
    }
    match (member("kty"), member("crv")) {
        (Some("OKP"), Some("Ed25519")) => {
            let key = bytes("x")?
                .try_into()
                .map_err(|_| "its x is not the 32 bytes of an Ed25519 key")?;
            Ok(Some(PublicKey::Ed25519(key)))
        }
        (Some("RSA"), _) => rsa::key(&bytes("n")?, &bytes("e")?).map(Some),
        (Some(_), _) => Ok(None),
        (None, _) => Err("it is not a JSON Web Key, which has a kty".to_owned()),
    }
}

/// Parses a key in PEM: RSA only.
fn pem(value: &Value, _kind: &str) -> Result<Option<PublicKey>, String> {
    rsa::from_pem(value.as_str().ok_or("it is not a text")?)
}

/// Returns a key as a document writes it: the entry's `type`, the member, and its value.
pub(super) fn written(key: &PublicKey) -> (&'static str, &'static str, Value) {
    match key {
        PublicKey::Ed25519(key) => (
            "Ed25519VerificationKey2018",
            "publicKeyBase58",
            bs58::encode(key).into_string().into(),
        ),
        PublicKey::Rsa { modulus, exponent } => {
            let [n, e] = [modulus, exponent].map(|number| URL_SAFE_NO_PAD.encode(number));
            ("JsonWebKey2020", "publicKeyJwk", json!({"kty": "RSA", "n": n, "e": e}))
        }
    }
}
