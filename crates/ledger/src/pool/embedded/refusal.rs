//! How a request is turned down, in a node's words.

use serde_json::{Value, json};

use super::python::{repr, repr_text};

/// Why a request was turned down.
#[derive(Debug)]
pub(super) enum Problem {
    /// It is wrong in itself, or contradicts what is written.
    Invalid(String),
    /// Its author may not do this.
    Unauthorized(String),
    /// Its signature does not hold; the whole reason, as nodes give it.
    Signature(String),
}

impl Problem {
    fn reason(&self, identifier: &Value, req_id: &Value) -> String {
        let (class, text) = match self {
            Self::Invalid(text) => ("InvalidClientRequest", text),
            Self::Unauthorized(text) => ("UnauthorizedClientRequest", text),
            Self::Signature(text) => return format!("client request invalid: {text}"),
        };
        let identifier = repr(identifier);
        let req_id = repr(req_id);
        // Nodes leave the text out where they have none.
        if text.is_empty() {
            return format!("client request invalid: {class}({identifier}, {req_id})");
        }
        format!(
            "client request invalid: {class}({identifier}, {req_id}, {})",
            repr_text(text)
        )
    }
}

/// The answer to a request that a node does not even put to consensus.
pub(super) fn reqnack(identifier: &Value, req_id: &Value, problem: &Problem) -> Value {
    json!({
        "op": "REQNACK",
        "identifier": identifier,
        "reqId": req_id,
        "reason": problem.reason(identifier, req_id),
    })
}

/// The answer to a request that the rules of the ledger turn down.
pub(super) fn reject(identifier: &Value, req_id: &Value, problem: &Problem) -> Value {
    let mut answer = reqnack(identifier, req_id, problem);
    answer["op"] = json!("REJECT");
    answer["code"] = Value::Null;
    answer
}
