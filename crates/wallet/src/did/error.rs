//! The errors of DIDs.

use super::MyDid;
use crate::error::WalletError;

/// What can go wrong with a DID. No variant holds a seed or a private key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// The wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),

    /// The wallet holds no such DID.
    #[error(
        "the wallet `{wallet}` holds no DID `{did}`: create it with `create_and_store_my_did`, or check its spelling"
    )]
    NotFound {
        /// The DID that was looked for.
        did: String,
        /// The wallet's id.
        wallet: String,
    },

    /// The wallet holds this DID with another verification key.
    #[error(
        "the wallet `{wallet}` already holds the DID `{did}` with another key: use the stored one, or choose another DID or seed"
    )]
    AlreadyExists {
        /// The DID.
        did: String,
        /// The wallet's id.
        wallet: String,
    },

    /// The wallet holds a DID under this label.
    #[error(
        "the wallet `{wallet}` already holds the DID `{}` under the label {label:?}: use it, or choose another label", stored.did
    )]
    LabelExists {
        /// The label.
        label: String,
        /// The DID, and its verkey.
        stored: MyDid,
        /// The wallet's id.
        wallet: String,
    },

    /// The seed is malformed. The seed is never repeated here.
    #[error(
        "the seed cannot be used: {reason} (its length is {length} bytes); give 32 bytes of text, 64 hexadecimal digits, or the base64 of 32 bytes with its closing `=`"
    )]
    InvalidSeed {
        /// The seed's length, in bytes.
        length: usize,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// The DID that was asked for is malformed.
    #[error(
        "{did:?} is not a DID of an Indy ledger: give the base58 of 16 bytes, such as Th7MpTaRZVRYnPiabds81Y"
    )]
    InvalidDid {
        /// The text that was given.
        did: String,
    },

    /// A key could not be created or used.
    #[error("the signing key failed: {reason}")]
    Key {
        /// The error of the key's library.
        reason: String,
    },
}

impl DidError {
    /// Returns the stable code, named after libindy's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wallet(error) => error.code(),
            Self::NotFound { .. } => "WalletItemNotFound",
            Self::AlreadyExists { .. } | Self::LabelExists { .. } => "DidAlreadyExists",
            Self::InvalidSeed { .. } => "DidInvalidSeed",
            Self::InvalidDid { .. } => "DidInvalid",
            Self::Key { .. } => "DidKeyFailed",
        }
    }
}
