//! The messages, both ways.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Tells the requests of one run apart; chosen by the program that sends them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestId {
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
}

/// A line to the client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolRequest {
    /// Comes back with the reply.
    pub id: RequestId,
    /// A node's request. The reader checks only that there is one, not what it is.
    pub request: Value,
}

/// A line from the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PoolMessage {
    /// The client has read the genesis transactions and takes requests.
    Ready {
        /// What it says about the pool.
        ready: Ready,
    },
    /// A node's reply to a request, be it `REPLY`, `REQNACK` or `REJECT`.
    Reply {
        /// Of the request.
        id: RequestId,
        /// The node's JSON.
        reply: Value,
    },
    /// A request has no reply, a line was not understood, or the client cannot work.
    Error {
        /// What is wrong.
        error: RequestError,
        /// Of the request; `None` when the error belongs to no request in particular.
        id: Option<RequestId>,
    },
}

impl PoolMessage {
    /// Returns the first message of a client whose genesis file names so many nodes.
    pub fn ready(nodes: usize) -> Self {
        Self::Ready { ready: Ready { nodes } }
    }

    /// Returns the message that answers a request.
    pub fn outcome(id: RequestId, outcome: Result<Value, RequestError>) -> Self {
        match outcome {
            Ok(reply) => Self::Reply { id, reply },
            Err(error) => Self::Error { error, id: Some(id) },
        }
    }
}

/// What the client says about the pool that it has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// How many nodes the genesis file names.
    pub nodes: usize,
}

/// Why a request has no reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestError {
    /// What the program can make of it.
    pub kind: ErrorKind,
    /// What happened, in a sentence.
    pub message: String,
    /// The nodes that were asked and did not answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
}

impl RequestError {
    /// Returns an error that does not concern particular nodes.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), nodes: Vec::new() }
    }
}

/// The kinds of [`RequestError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// Too few nodes answered in time.
    Timeout,
    /// All nodes were asked, and none answered.
    Unreachable,
    /// The nodes' replies differ, and too few agree.
    NoConsensus,
    /// The line or the request cannot be understood; nothing was sent.
    InvalidRequest,
    /// A fault of the client, which should be restarted; also a kind that this version does not
    /// know.
    #[serde(other)]
    Internal,
}
