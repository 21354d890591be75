//! Refusals of a request, in the words of a node.

use serde_json::{Map, Value, json};

use super::python::{quoted, repr, shorten};

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Reason {
    /// It is wrong in itself, or contradicts what is written.
    Invalid(String),
    /// Its author may not do this.
    Unauthorized(String),
    /// Its signature does not verify; the whole text, as nodes give it.
    Signature(String),
}

impl Reason {
    fn text(&self, identifier: &Value, req_id: &Value) -> String {
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
        format!("client request invalid: {class}({identifier}, {req_id}, {})", quoted(text))
    }
}

/// Returns the reply to a request that a node refuses before it is put to consensus.
pub(crate) fn reqnack(identifier: &Value, req_id: &Value, reason: &Reason) -> Value {
    json!({
        "op": "REQNACK",
        "identifier": identifier,
        "reqId": req_id,
        "reason": reason.text(identifier, req_id),
    })
}

/// Returns the reply to a request that the rules of the ledger refuse.
pub(crate) fn reject(identifier: &Value, req_id: &Value, reason: &Reason) -> Value {
    let mut reply = reqnack(identifier, req_id, reason);
    reply["op"] = json!("REJECT");
    reply["code"] = Value::Null;
    reply
}

/// Returns the reply to a request whose members, as far as it has any, are not a request's.
pub(crate) fn reqnack_malformed(members: &Map<String, Value>, problem: String) -> Value {
    // The reply repeats these two members; whatever the request has in their place is kept short.
    let short = |name: &str| match members.get(name) {
        Some(Value::String(text)) => json!(shorten(text)),
        None | Some(Value::Array(_) | Value::Object(_)) => Value::Null,
        Some(other) => other.clone(),
    };
    reqnack(&short("identifier"), &short("reqId"), &Reason::Invalid(problem))
}
