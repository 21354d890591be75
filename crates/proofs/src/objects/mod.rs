//! Reading the objects that go to a credentials library.
//!
//! A library takes an object from JSON as it is, and may stop the process on a number that is none.
//! So each object is checked first, whatever brought it here: a ledger, a registry, a wallet, a
//! file, a message. [`check`] takes the text through once, without keeping any of it, and refuses
//!
//! - what is longer than [`MAX_OBJECT_BYTES`] or, of presentations and credentials, [`MAX_BYTES`],
//! - a member twice in one object, of which one reader would take the first and another the last,
//! - a number that is not a canonical decimal of at most 1,300 digits (no sign, blank, exponent,
//!   leading zero or other character, not even a NUL),
//! - a point or a number of the pairing's curve that is not hexadecimal.
//!
//! What else a library needs, it says itself. Identifiers and names are any text.
//!
//! ```
//! use negotiate_proofs::objects::{Kind, check};
//!
//! let secret = r#"{"value": {"ms": "12 34"}}"#;
//! assert_eq!(
//!     check(Kind::LinkSecret, secret).unwrap_err().to_string(),
//!     "/value/ms: expected a number in decimal digits without leading zeros, \
//!      got a text with another character than digits"
//! );
//! ```

mod shape;
mod walk;

use crate::error::location;
use crate::limits::{MAX_BYTES, MAX_OBJECT_BYTES};
use shape::Shape;

/// The kinds of objects that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON of any kind, of which only size, depth and members are checked.
    Json,
    /// A verifier's proof request.
    Request,
    /// A prover's answer.
    Presentation,
    /// A schema.
    Schema,
    /// A credential definition, with the issuer's public key.
    CredentialDefinition,
    /// The private key of a credential definition.
    PrivateKey,
    /// The proof that a credential definition's key is correct.
    KeyCorrectnessProof,
    /// A key pair with its proof, as a file holds it.
    PreparedKey,
    /// A credential.
    Credential,
    /// An issuer's offer of a credential.
    CredentialOffer,
    /// A holder's request for a credential.
    CredentialRequest,
    /// What the holder keeps of it.
    RequestMetadata,
    /// A holder's link secret.
    LinkSecret,
    /// A revocation registry's definition.
    RegistryDefinition,
    /// A revocation registry at a time.
    Registry,
}

impl Kind {
    /// Returns the kind's name, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "the JSON text",
            Self::Request => "the proof request",
            Self::Presentation => "the presentation",
            Self::Schema => "the schema",
            Self::CredentialDefinition => "the credential definition",
            Self::PrivateKey => "the private key",
            Self::KeyCorrectnessProof => "the key correctness proof",
            Self::PreparedKey => "the prepared key",
            Self::Credential => "the credential",
            Self::CredentialOffer => "the credential offer",
            Self::CredentialRequest => "the credential request",
            Self::RequestMetadata => "the credential request metadata",
            Self::LinkSecret => "the link secret",
            Self::RegistryDefinition => "the revocation registry definition",
            Self::Registry => "the revocation registry",
        }
    }

    fn shape(self) -> &'static Shape {
        match self {
            Self::Json | Self::Schema => &Shape::Any,
            Self::Request => &shape::REQUEST,
            Self::Presentation => &shape::PRESENTATION,
            Self::CredentialDefinition => &shape::CREDENTIAL_DEFINITION,
            Self::PrivateKey => &shape::PRIVATE_KEY,
            Self::KeyCorrectnessProof => &shape::KEY_CORRECTNESS_PROOF,
            Self::PreparedKey => &shape::PREPARED_KEY,
            Self::Credential => &shape::CREDENTIAL,
            Self::CredentialOffer => &shape::CREDENTIAL_OFFER,
            Self::CredentialRequest => &shape::CREDENTIAL_REQUEST,
            Self::RequestMetadata => &shape::REQUEST_METADATA,
            Self::LinkSecret => &shape::LINK_SECRET,
            Self::RegistryDefinition => &shape::REGISTRY_DEFINITION,
            Self::Registry => &shape::REGISTRY,
        }
    }
}

/// What is wrong with an object. It says where and of what kind, and never quotes a value: that may
/// be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: expected {expected}, got {got}", location(pointer))]
pub struct Malformed {
    /// A JSON pointer (RFC 6901) to what is wrong; empty for the whole.
    pub pointer: String,
    /// What should stand there.
    pub expected: &'static str,
    /// What kind of thing stands there.
    pub got: String,
}

/// What a member is not that occurs twice.
const ONCE: &str = "each member once";

impl Malformed {
    /// Returns whether a member occurs twice.
    pub fn is_repeated_member(&self) -> bool {
        self.expected == ONCE
    }
}

/// Checks the JSON text of an object.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn check(kind: Kind, json: &str) -> Result<(), Malformed> {
    // a photo may be among the values
    let (limit, expected) = match kind {
        Kind::Presentation | Kind::Credential => (MAX_BYTES, "at most 4 MiB"),
        _ => (MAX_OBJECT_BYTES, "at most 1 MiB"),
    };
    if json.len() > limit {
        let got = format!("{} bytes", json.len());
        return Err(Malformed { pointer: String::new(), expected, got });
    }
    check_form(kind, json)
}

/// Checks JSON text of any kind and size: that it is JSON, and that no member occurs twice.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_json(json: &str) -> Result<(), Malformed> {
    check_form(Kind::Json, json)
}

/// Checks the JSON text of an object of any size.
pub(crate) fn check_form(kind: Kind, json: &str) -> Result<(), Malformed> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    walk::walk(kind.shape(), &mut deserializer)?;
    deserializer.end().map_err(|error| walk::not_json(String::new(), &error))
}
