//! What a server needs of a verifier: to look up requests, and to decide on responses.

use async_trait::async_trait;
use proofs::Verdict;
use serde_json::Value;

use crate::check::ExchangeCheck;

/// A verifier behind a server. The server knows HTTP and limits; the desk knows requests and responses.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The request with this id. The id comes from a stranger.
    ///
    /// # Errors
    ///
    /// [`Unavailable`].
    async fn request(&self, id: &str) -> Result<Posted, Unavailable>;

    /// Decides on a response to the request with this id, and keeps it if it is verified: what is returned
    /// as verified has been stored for good. From a refused response nothing is stored.
    ///
    /// Id and response come from a stranger; the response has at most [`MAX_BYTES`](crate::message::MAX_BYTES).
    ///
    /// # Errors
    ///
    /// [`Unavailable`]: nothing was decided, or it could not be stored.
    async fn receive(&self, id: &str, response: Vec<u8>) -> Result<Receipt, Unavailable>;
}

/// What a desk has under an id.
#[derive(Debug, Clone, PartialEq)]
pub enum Posted {
    /// A request, as it was signed.
    Open(Value),
    /// A request that is not answered any more.
    Expired {
        /// When it expired, in RFC 3339.
        at: String,
    },
    /// Nothing.
    Unknown,
}

/// What became of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It was checked. If it is verified, it is stored.
    Judged(Verdict<ExchangeCheck>),
    /// There is no request with this id.
    Unknown,
}

/// The desk lacks something that it needs. It says nothing about the response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {remedy}")]
pub struct Unavailable {
    /// What is lacking, as a clause.
    pub reason: String,
    /// What to do, as a clause.
    pub remedy: String,
}

impl Unavailable {
    /// Lacks something for a reason that will pass.
    pub fn for_now(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            remedy: "send it again later".to_owned(),
        }
    }
}
