//! Why a step of the exchange is not made.

use wallet::WalletError;

use crate::{message::MessageError, signature::SignatureError};

/// Why a request, a credential or a response is not made, or a credential is not stored, found or
/// chosen. The text says what happened, to what, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// What was to be made breaks a rule of messages.
    #[error("{before}{source}")]
    Message {
        /// The beginning of the sentence.
        before: &'static str,
        /// The rules.
        source: MessageError,
    },
    /// A part of what was to be made cannot be signed.
    #[error("the {what} cannot be signed: {source}")]
    Signature {
        /// The part.
        what: String,
        /// Why.
        source: SignatureError,
    },
    /// The request accepts nothing that the holder can do.
    #[error("{0}")]
    NoAcceptedType(String),
    /// The wallet failed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
