//! A detached JWS with an unencoded payload (RFC 7515 and RFC 7797): header, two dots, signature.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::json::read_document;

/// A longer text is not parsed: an RSA signature of 8,192 bits has 1,366 digits.
const MAX_LENGTH: usize = 4096;

/// The algorithm that a header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// RSA, PKCS#1 v1.5 with SHA-256.
    Rs256,
    /// RSA, PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// Returns the header as it is written, without whitespace and with the members in the usual
    /// order.
    pub(super) fn header(self) -> String {
        let json = format!(r#"{{"alg":"{}","b64":false,"crit":["b64"]}}"#, self.name());
        URL_SAFE_NO_PAD.encode(json)
    }
}

/// The parts of a JWS.
pub(super) struct Jws<'a> {
    pub(super) algorithm: Algorithm,
    /// As it was received: the signature covers it.
    pub(super) header: &'a str,
    pub(super) signature: Vec<u8>,
}

/// Returns the bytes that are signed.
pub(super) fn signed_bytes(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), b".", payload].concat()
}

impl<'a> Jws<'a> {
    /// Parses a JWS. Its header must say `b64: false` and `crit: ["b64"]`: another payload is not
    /// what is signed here, and another critical member is not understood.
    ///
    /// # Errors
    ///
    /// What is wrong, as a clause about the member.
    pub(super) fn read(text: &'a str) -> Result<Self, &'static str> {
        const SHAPE: &str = "is not a detached JWS, which is header..signature in base64url";
        if text.len() > MAX_LENGTH {
            return Err("is longer than any JWS of the supported algorithms");
        }
        let (header, rest) = text.split_once('.').ok_or(SHAPE)?;
        let signature = rest.strip_prefix('.').ok_or(SHAPE)?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| SHAPE);
        let members =
            read_document(&decode(header)?).map_err(|_| "has a header that is not JSON")?;
        if members.get("b64") != Some(&Value::Bool(false)) {
            return Err("has a header without b64: false");
        }
        let critical = members.get("crit").and_then(Value::as_array);
        if critical.map(Vec::as_slice) != Some(&["b64".into()]) {
            return Err("has a header whose crit is not [\"b64\"]");
        }
        let named = members.get("alg").and_then(Value::as_str);
        let algorithm = [Algorithm::EdDsa, Algorithm::Rs256, Algorithm::Ps256]
            .into_iter()
            .find(|algorithm| named == Some(algorithm.name()))
            .ok_or("has a header whose alg is not EdDSA, RS256 or PS256")?;
        Ok(Self { algorithm, header, signature: decode(signature)? })
    }
}
