//! DIDs: their syntax, their documents, and how they are resolved.
//!
//! | method | resolved by |
//! |---|---|
//! | `did:key` | itself: the key is in the DID |
//! | `did:work`, and any other | a registry of DID documents, given as files |
//!
//! Resolvers of other methods are registered with [`Resolvers`]; that of `did:sov`, which reads a ledger, is in the
//! crate `exchange-anoncreds`.

pub mod did_key;
mod did_registry;
mod document;
mod public_key;
mod resolvers;
mod rsa;

use std::{fmt, str::FromStr};

use async_trait::async_trait;

pub use did_key::KeyResolver;
pub use did_registry::{DidRegistry, DidRegistryError};
pub use document::{DocumentError, document_of, read_document};
pub use public_key::ed25519_from_base58;
pub use resolvers::Resolvers;

/// A decentralised identifier: `did:<method>:<id>`, as in section 3.1 of DID Core, without path, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did {
    text: String,
    /// Where the method ends.
    colon: usize,
}

/// A text is not a DID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a DID; a DID is written did:method:id, for example did:sov:WgWxqztrNooG92RXvxSTWv"
)]
pub struct NotADid {
    /// The text.
    pub text: String,
}

impl Did {
    /// Returns the DID of a method and an id that are known to be well-formed.
    fn of(method: &str, id: &str) -> Self {
        Self { text: format!("did:{method}:{id}"), colon: "did:".len() + method.len() }
    }

    /// Returns the method: `key`, `sov`, `work`, ...
    pub fn method(&self) -> &str {
        self.text.get("did:".len()..self.colon).unwrap_or_default()
    }

    /// Returns what the method identifies: the text after `did:<method>:`.
    pub fn id(&self) -> &str {
        self.text.get(self.colon + 1..).unwrap_or_default()
    }

    /// Parses the DID of a key reference: the text before `#`.
    ///
    /// # Errors
    ///
    /// [`NotADid`], also for a reference without a DID, such as `key-1`.
    pub fn of_reference(reference: &str) -> Result<Self, NotADid> {
        let (did, _) = reference.split_once('#').unwrap_or((reference, ""));
        did.parse()
    }

    /// Returns the whole DID.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Did {
    type Err = NotADid;

    fn from_str(text: &str) -> Result<Self, NotADid> {
        let parsed = || {
            let (method, id) = text.strip_prefix("did:")?.split_once(':')?;
            let is_method = !method.is_empty()
                && method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            let is_id = !id.is_empty()
                && !id.ends_with(':')
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte));
            (is_method && is_id).then_some("did:".len() + method.len())
        };
        match parsed() {
            Some(colon) => Ok(Self { text: text.to_owned(), colon }),
            None => Err(NotADid { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PublicKey {
    /// Ed25519: 32 bytes.
    Ed25519([u8; 32]),
    /// RSA: modulus and exponent, big-endian, without leading zeros.
    Rsa {
        /// The modulus: 2,048 to 8,192 bits.
        modulus: Vec<u8>,
        /// The exponent.
        exponent: Vec<u8>,
    },
}

/// A key of a DID, and how it is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationMethod {
    /// Its whole id: `did:work:...#key-1`.
    pub id: String,
    /// The key.
    pub key: PublicKey,
}

/// What a DID resolves to: its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DidDocument {
    /// The DID.
    pub did: Did,
    /// Its keys, in the document's order.
    pub methods: Vec<VerificationMethod>,
}

impl DidDocument {
    /// Returns the key that a proof refers to: by the whole id, or by the text after `#`, with or without `#`. The
    /// draft's own examples write `did:work:...#key-1` and `key-1`.
    pub fn method(&self, reference: &str) -> Option<&VerificationMethod> {
        let fragment = reference.strip_prefix('#').unwrap_or(reference);
        self.methods.iter().find(|method| {
            method.id == reference
                || method.id.strip_prefix(self.did.as_str()).and_then(|rest| rest.strip_prefix('#'))
                    == Some(fragment)
        })
    }
}

/// Why a DID does not resolve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The resolver does not know it.
    #[error("{did} is not known; {remedy}")]
    NotFound {
        /// The DID.
        did: Did,
        /// What to do, as a clause.
        remedy: String,
    },
    /// There is no resolver for its method.
    #[error("there is no resolver for did:{method}; register the DID's document as a file")]
    UnknownMethod {
        /// The method.
        method: String,
    },
    /// What it resolves to is malformed.
    #[error("the document of {did} cannot be used: {reason}; correct it at its source")]
    Malformed {
        /// The DID.
        did: Did,
        /// Why, as a clause.
        reason: String,
    },
    /// The ledger or registry where it is resolved does not answer.
    #[error("{did} cannot be resolved now: {reason}; try again later")]
    Unreachable {
        /// The DID.
        did: Did,
        /// Why, as a clause.
        reason: String,
    },
}

/// Finds the keys of DIDs.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// Resolves a DID.
    ///
    /// # Errors
    ///
    /// [`ResolveError`].
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError>;
}
