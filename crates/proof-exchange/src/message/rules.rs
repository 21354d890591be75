//! The rules that no JSON Schema states, each violation with its place.

use std::fmt;

use super::{Message, Mode, ProofRequest, ProofResponse, VerifiableCredential, schema};
use serde_json::Value;

/// A rule of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The JSON Schema of the message.
    Schema,
}

/// A rule that a message breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// Where in the document: a JSON pointer.
    pub pointer: String,
    /// What should be.
    pub expected: String,
    /// What is.
    pub got: String,
    /// What to do about it, as a clause without a full stop.
    pub remedy: String,
}

impl Violation {
    /// A document that passes its schema and still does not have the shape of the message.
    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        Self {
            rule: Rule::Schema,
            pointer: String::new(),
            expected: "a message of its kind".to_owned(),
            got: error.to_string(),
            remedy: "correct the message".to_owned(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            expected,
            got,
            remedy,
            ..
        } = self;
        write!(
            f,
            "at {pointer:?}: expected {expected}; found {got}; {remedy}"
        )
    }
}

impl Message for ProofRequest {
    const KIND: &'static str = "proof request";

    fn check_schema(document: &Value, mode: Mode) -> Vec<Violation> {
        schema::request(document, mode)
    }

    fn check_rules(&self, _mode: Mode) -> Vec<Violation> {
        Vec::new()
    }
}

impl Message for ProofResponse {
    const KIND: &'static str = "proof response";

    fn check_schema(document: &Value, mode: Mode) -> Vec<Violation> {
        schema::response(document, mode)
    }

    fn check_rules(&self, _mode: Mode) -> Vec<Violation> {
        Vec::new()
    }
}

impl Message for VerifiableCredential {
    const KIND: &'static str = "credential";

    fn check_schema(document: &Value, mode: Mode) -> Vec<Violation> {
        schema::credential(document, mode)
    }

    fn check_rules(&self, _mode: Mode) -> Vec<Violation> {
        Vec::new()
    }
}
