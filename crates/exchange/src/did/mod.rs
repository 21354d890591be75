//! DIDs: their syntax, their documents, and how they are resolved.
//!
//! A `did:key` resolves by itself, with [`KeyResolver`]: the key is in the DID. The documents of
//! all others come from a [`Resolver`] of the program: from a registry of files, or for `did:sov`
//! from a ledger, for which the crate `exchange-anoncreds` has one.

pub mod did_key;
mod document;
mod public_key;
mod rsa;

use std::{fmt, str::FromStr};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::date;

pub use did_key::KeyResolver;
pub use document::{DocumentError, document_of, read_document};
pub use public_key::ed25519_from_base58;

/// A decentralised identifier: `did:<method>:<id>`, as in section 3.1 of DID Core, without path,
/// query or fragment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(String);

/// A text is not a DID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a DID; a DID is written did:method:id, for example did:sov:WgWxqztrNooG92RXvxSTWv"
)]
pub struct NotADid(String);

impl Did {
    /// Returns the method: `key`, `sov`, `work`, ...
    pub fn method(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }

    /// Returns what the method identifies: the text after `did:<method>:`.
    pub fn id(&self) -> &str {
        self.0.splitn(3, ':').nth(2).unwrap_or_default()
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
        &self.0
    }
}

impl FromStr for Did {
    type Err = NotADid;

    fn from_str(text: &str) -> Result<Self, NotADid> {
        let is_did = |(method, id): (&str, &str)| {
            let is_method =
                method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte);
            !method.is_empty()
                && is_method
                && !id.is_empty()
                && !id.ends_with(':')
                && id.bytes().all(is_id)
        };
        let parts = text.strip_prefix("did:").and_then(|rest| rest.split_once(':'));
        match parts.is_some_and(is_did) {
            true => Ok(Self(text.to_owned())),
            false => Err(NotADid(text.to_owned())),
        }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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

/// What a key may be used for: a verification relationship of DID Core (section 5.3). The others
/// are for no signature of this exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Stating something, as the attributes of a credential.
    AssertionMethod,
    /// Speaking for oneself, as in a request or a response.
    Authentication,
}

impl Purpose {
    /// All purposes: those that a signature of a message may have.
    pub const ALL: &[Self] = &[Self::AssertionMethod, Self::Authentication];

    /// Those that a signature of a credential may have.
    pub const OF_CREDENTIALS: &[Self] = &[Self::AssertionMethod];

    /// Returns the name of the list in a DID document, which is also a proof's `proofPurpose`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }

    /// Returns the names of some: any of them.
    pub(crate) fn names(purposes: &[Self]) -> String {
        let names: Vec<&str> = purposes.iter().map(|purpose| purpose.name()).collect();
        names.join(" or ")
    }
}

/// A key of a DID, how it is referred to, and what limits its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationMethod {
    /// Its whole id: `did:work:...#key-1`.
    pub id: String,
    /// The key.
    pub key: PublicKey,
    /// Who controls it, where the document says that it is not its own DID.
    pub foreign_controller: Option<String>,
    /// When it was or will be revoked, as the document writes it; in RFC 3339 if it is well-formed.
    pub revoked: Option<String>,
    /// When it expires, as `revoked`.
    pub expires: Option<String>,
    /// From when it is valid, as `revoked`.
    pub valid_from: Option<String>,
    /// What it may be used for. A document without lists of purposes, as they were written in 2019,
    /// allows all.
    pub purposes: Vec<Purpose>,
}

impl VerificationMethod {
    /// Returns a key that may be used for everything, and for ever.
    pub fn new(id: impl Into<String>, key: PublicKey) -> Self {
        Self {
            id: id.into(),
            key,
            foreign_controller: None,
            revoked: None,
            expires: None,
            valid_from: None,
            purposes: Purpose::ALL.to_vec(),
        }
    }
}

/// What a DID resolves to: its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DidDocument {
    /// The DID.
    pub did: Did,
    /// Its keys, in the document's order.
    pub methods: Vec<VerificationMethod>,
    /// Whether its owner has given up the DID, so that none of its keys may be used.
    pub deactivated: bool,
}

/// Why a key of a document may not be used, and what to do, as a clause that continues "the key
/// is". A date that cannot be read limits the key now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(String);

impl DidDocument {
    /// Returns the document of a DID that is in use.
    pub fn new(did: Did, methods: Vec<VerificationMethod>) -> Self {
        Self { did, methods, deactivated: false }
    }

    /// Returns the key that a proof refers to: by the whole id, or by the text after `#`, with or
    /// without `#`. The draft's own examples write `did:work:...#key-1` and `key-1`.
    pub fn method(&self, reference: &str) -> Option<&VerificationMethod> {
        self.methods.get(self.position(reference)?)
    }

    fn position(&self, reference: &str) -> Option<usize> {
        let fragment = reference.strip_prefix('#').unwrap_or(reference);
        self.methods.iter().position(|method| {
            method.id == reference
                || method.id.strip_prefix(self.did.as_str()).and_then(|rest| rest.strip_prefix('#'))
                    == Some(fragment)
        })
    }

    /// Returns the key that a proof refers to, if it may be used now for one of these purposes.
    ///
    /// # Errors
    ///
    /// [`KeyError`].
    pub fn key_for(
        &self,
        reference: &str,
        purposes: &[Purpose],
        now: DateTime<Utc>,
    ) -> Result<&PublicKey, KeyError> {
        if self.deactivated {
            return Err(KeyError(
                "one of a document that is deactivated; ask its owner for the DID that is used now"
                    .to_owned(),
            ));
        }
        let method = self.method(reference).ok_or_else(|| {
            KeyError(
                "one that the DID's document does not have; sign with a key that the DID's document has, or add the \
                 key to the document"
                    .to_owned(),
            )
        })?;
        if let Some(controller) = &method.foreign_controller {
            let remedy = "have it signed with a key that the DID controls itself";
            return Err(KeyError(format!("one that {controller:?} controls; {remedy}")));
        }
        for (what, at) in [("was revoked", &method.revoked), ("expired", &method.expires)] {
            if let Some(at) = at
                && date::parse(at).is_none_or(|at| at <= now)
            {
                let remedy = "have it signed with a key that is in use";
                return Err(KeyError(format!("one that {what} at {at:?}; {remedy}")));
            }
        }
        if let Some(at) = &method.valid_from
            && date::parse(at).is_none_or(|at| at > now)
        {
            let remedy = "have it signed with a key that is in use";
            return Err(KeyError(format!("one that is valid from {at:?}; {remedy}")));
        }
        if !purposes.iter().any(|purpose| method.purposes.contains(purpose)) {
            return Err(KeyError(format!(
                "one that its document does not list under {}; list it there, or sign with a key that is",
                Purpose::names(purposes)
            )));
        }
        Ok(&method.key)
    }
}

/// Why a DID does not resolve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The resolver does not know it; what to do, as a clause.
    #[error("{0} is not known; {1}")]
    NotFound(Did, String),
    /// There is no resolver for its method.
    #[error("there is no resolver for did:{0}; register the DID's document as a file")]
    UnknownMethod(String),
    /// What it resolves to is malformed: why, as a clause.
    #[error("the document of {0} cannot be used: {1}; correct it at its source")]
    Malformed(Did, String),
    /// The ledger or registry where it is resolved does not answer: why, as a clause.
    #[error("{0} cannot be resolved now: {1}; try again later")]
    Unreachable(Did, String),
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

    /// Tries whether its source can be read at all.
    ///
    /// # Errors
    ///
    /// Why not, as a clause; it may name a file.
    async fn try_out(&self) -> Result<(), String> {
        Ok(())
    }
}
