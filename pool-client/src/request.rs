//! Requests that can be sent to nodes.

use pool_protocol::{ErrorKind, PoolMessage, PoolRequest, RequestError, RequestId};
use serde_json::{Map, Value};

/// A request that can be sent: it has an author, an operation and a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    members: Map<String, Value>,
    req_id: u64,
}

impl Request {
    /// Checks the request of a line.
    ///
    /// # Errors
    /// The message to answer the line with.
    pub fn accept(line: PoolRequest) -> Result<(RequestId, Self), PoolMessage> {
        match Self::new(line.request) {
            Ok(request) => Ok((line.id, request)),
            Err(problem) => {
                let error = RequestError::new(ErrorKind::InvalidRequest, problem);
                Err(PoolMessage::outcome(line.id, Err(error)))
            }
        }
    }

    /// Takes an object with the members without which a node cannot reply at all.
    ///
    /// Everything else is for the nodes to check, which name what is missing in a `REQNACK`.
    fn new(value: Value) -> Result<Self, &'static str> {
        let Value::Object(members) = value else {
            return Err("the request is not a JSON object");
        };
        if !members.get("identifier").is_some_and(Value::is_string) {
            return Err("the request has no `identifier`, a text: its author's DID");
        }
        if !members.get("operation").is_some_and(Value::is_object) {
            return Err("the request has no `operation`, an object");
        }
        // indy-vdr matches replies by this number, as a signed one of 64 bits.
        let req_id = members.get("reqId").and_then(Value::as_u64);
        let Some(req_id) = req_id.filter(|id| i64::try_from(*id).is_ok()) else {
            return Err("the request has no `reqId`, a whole number from 0 to 2^63 - 1");
        };
        Ok(Self { members, req_id })
    }

    /// Returns its number.
    pub fn req_id(&self) -> u64 {
        self.req_id
    }

    /// Returns the operation's `type`, if it has one.
    pub fn operation_type(&self) -> Option<&str> {
        self.members.get("operation")?.get("type")?.as_str()
    }

    /// Returns the JSON that is sent.
    pub fn into_json(self) -> Value {
        Value::Object(self.members)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn accept(request: Value) -> Result<(RequestId, Request), PoolMessage> {
        let id = RequestId::Text("x".to_owned());
        Request::accept(PoolRequest { id, request })
    }

    #[test]
    fn a_request_is_accepted_with_all_its_members() {
        let request = json!({"identifier": "A", "operation": {"type": "105", "x": [1]}, "reqId": 3,
            "signature": "s", "unknown": null});
        let (id, accepted) = accept(request.clone()).expect("accepted");
        assert_eq!(id, RequestId::Text("x".to_owned()));
        assert_eq!(accepted.req_id(), 3);
        assert_eq!(accepted.operation_type(), Some("105"));
        assert_eq!(accepted.into_json(), request);
    }

    #[test]
    fn a_malformed_request_is_refused_with_its_id() {
        for (request, expected) in [
            (json!(null), "not a JSON object"),
            (json!([]), "not a JSON object"),
            (json!({"operation": {}, "reqId": 1}), "`identifier`"),
            (json!({"identifier": 1, "operation": {}, "reqId": 1}), "`identifier`"),
            (json!({"identifier": "A", "reqId": 1}), "`operation`"),
            (json!({"identifier": "A", "operation": [], "reqId": 1}), "`operation`"),
            (json!({"identifier": "A", "operation": {}}), "`reqId`"),
            (json!({"identifier": "A", "operation": {}, "reqId": -1}), "`reqId`"),
            (json!({"identifier": "A", "operation": {}, "reqId": 1.5}), "`reqId`"),
            (json!({"identifier": "A", "operation": {}, "reqId": u64::MAX}), "`reqId`"),
        ] {
            let PoolMessage::Error { error, id } = accept(request.clone()).expect_err("refused")
            else {
                panic!("not an error: {request}");
            };
            assert_eq!(id, Some(RequestId::Text("x".to_owned())), "{request}");
            assert_eq!(error.kind, ErrorKind::InvalidRequest);
            assert!(error.message.contains(expected), "{}", error.message);
        }
    }
}
