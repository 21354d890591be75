//! A pool of nodes, by way of `indy-vdr`.
//!
//! A write is sent to all nodes and accepted when more than a third of them give the same reply. A
//! read is sent to two: one reply with a state proof that verifies is enough; without one, more
//! than a third must agree.

use std::{
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use indy_vdr::{
    common::error::{VdrError, VdrErrorKind},
    config::PoolConfig,
    pool::{
        Pool as _, PoolBuilder, PoolRunner, PoolTransactions, PreparedRequest, ProtocolVersion,
        RequestMethod, RequestResult, RequestResultMeta,
    },
};
use pool_protocol::{ErrorKind, RequestError};
use serde_json::Value;

use crate::{
    request::Request,
    serve::{Pool, Responder},
};

/// How long a node may take to acknowledge a request, in seconds. It takes milliseconds.
const ACKNOWLEDGEMENT_TIMEOUT: u32 = 5;

/// The nodes that a genesis file names.
pub struct Nodes {
    runner: PoolRunner,
    count: usize,
}

impl Nodes {
    /// Reads the genesis file. No connection is made before the first request.
    ///
    /// # Errors
    /// When the file cannot be read, or names no nodes.
    pub fn open(genesis: &Path, timeout: u32) -> Result<Self, VdrError> {
        let config = PoolConfig {
            reply_timeout: timeout.into(),
            ack_timeout: timeout.min(ACKNOWLEDGEMENT_TIMEOUT).into(),
            ..PoolConfig::default()
        };
        let transactions = PoolTransactions::from_json_file(genesis)?;
        let builder = PoolBuilder::new(config, transactions);
        let to_check = builder.clone();
        // Some keys of a wrong length make indy-vdr panic.
        let count = catch_unwind(AssertUnwindSafe(|| count_nodes(to_check)))
            .unwrap_or_else(|_| Err(unusable("a node's key has the wrong length")))?;
        Ok(Self { runner: builder.into_runner(None)?, count })
    }
}

/// Returns how many nodes there are, if requests can be sent to all of them. Otherwise indy-vdr
/// would panic later, in its own thread.
fn count_nodes(builder: PoolBuilder) -> Result<usize, VdrError> {
    let pool = builder.into_local()?;
    let nodes = pool.get_verifier_info()?;
    if nodes.is_empty() {
        return Err(unusable("they name no validator node"));
    }
    for (alias, node) in &nodes {
        let address = node.client_addr.trim_start_matches("tcp://");
        if address.parse::<SocketAddr>().is_err() {
            let address = &node.client_addr;
            return Err(unusable(&format!("{alias} has no IP address and port: {address:?}")));
        }
    }
    Ok(nodes.len())
}

fn unusable(problem: &str) -> VdrError {
    VdrError::new(VdrErrorKind::Input, Some(problem.to_owned()), None)
}

impl Pool for Nodes {
    fn nodes(&self) -> usize {
        self.count
    }

    fn submit(&self, request: Request, responder: Responder) {
        let prepared = prepare(request);
        if matches!(prepared.method, RequestMethod::Full { .. }) {
            let problem = "requests that each node answers for itself are not supported";
            responder.respond(Err(RequestError::new(ErrorKind::InvalidRequest, problem)));
            return;
        }
        let count = self.count;
        let callback = move |result| responder.respond(outcome(result, count));
        // If indy-vdr's thread has ended, the callback is dropped, and the responder with it.
        let _ = self.runner.send_request(prepared, Box::new(callback));
    }
}

/// Prepares a request, even one that `indy-vdr` refuses: it is the nodes that say what is wrong.
fn prepare(request: Request) -> PreparedRequest {
    let req_id = request.req_id().to_string();
    let operation_type = request.operation_type().unwrap_or_default().to_owned();
    let json = request.into_json();
    PreparedRequest::from_request_json_ext(json.clone(), false, None).unwrap_or_else(|_| {
        PreparedRequest::new(ProtocolVersion::Node1_4, operation_type, req_id, json, None)
    })
}

/// Turns a result into a reply or an error; `count` is the number of nodes.
fn outcome(
    result: Result<(RequestResult<String>, RequestResultMeta), VdrError>,
    count: usize,
) -> Result<Value, RequestError> {
    match result {
        Ok((RequestResult::Reply(reply), _)) => parse(&reply),
        Ok((RequestResult::Failed(error), meta)) => failure(&error, Some(&meta), count),
        Err(error) => failure(&error, None, count),
    }
}

/// Turns a refusal into a reply, and any other failure into an error.
fn failure(
    error: &VdrError,
    meta: Option<&RequestResultMeta>,
    count: usize,
) -> Result<Value, RequestError> {
    if let VdrErrorKind::PoolRequestFailed(refusal) = error.kind() {
        return parse(refusal);
    }
    let silent = silent_nodes(meta);
    let kind = match error.kind() {
        VdrErrorKind::PoolTimeout if silent.len() == count => ErrorKind::Unreachable,
        VdrErrorKind::PoolTimeout | VdrErrorKind::Unavailable => ErrorKind::Timeout,
        VdrErrorKind::Connection => ErrorKind::Unreachable,
        VdrErrorKind::PoolNoConsensus => ErrorKind::NoConsensus,
        VdrErrorKind::Input | VdrErrorKind::Incompatible => ErrorKind::InvalidRequest,
        _ => ErrorKind::Internal,
    };
    Err(RequestError { kind, message: error.to_string(), nodes: silent })
}

/// Parses a node's reply, which must be one of the three that end a request.
fn parse(text: &str) -> Result<Value, RequestError> {
    let unexpected = || {
        RequestError::new(ErrorKind::NoConsensus, "a node's reply does not belong to this request")
    };
    let reply: Value = serde_json::from_str(text).map_err(|_| unexpected())?;
    match reply.get("op").and_then(Value::as_str) {
        Some("REPLY" | "REQNACK" | "REJECT") => Ok(reply),
        _ => Err(unexpected()),
    }
}

/// Returns the nodes that were asked and did not answer.
fn silent_nodes(meta: Option<&RequestResultMeta>) -> Vec<String> {
    let timing = meta.and_then(|meta| meta.timing.as_ref());
    let mut silent: Vec<String> = timing
        .into_iter()
        .flatten()
        // a negative duration is indy-vdr's mark for none
        .filter(|(_, seconds)| **seconds < 0.0)
        .map(|(node, _)| node.clone())
        .collect();
    silent.sort_unstable();
    silent
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;

    fn failed(kind: VdrErrorKind, timing: &[(&str, f32)]) -> Result<Value, RequestError> {
        let timing: HashMap<String, f32> =
            timing.iter().map(|(node, seconds)| ((*node).to_owned(), *seconds)).collect();
        let meta = RequestResultMeta { state_proof: HashMap::new(), timing: Some(timing) };
        outcome(Ok((RequestResult::Failed(kind.into()), meta)), 2)
    }

    fn error(outcome: Result<Value, RequestError>) -> Value {
        json!(outcome.expect_err("an error"))
    }

    #[test]
    fn a_refusal_is_a_reply() {
        let refusal = json!({"op": "REJECT", "reqId": 1, "reason": "no"});
        let outcome = failed(VdrErrorKind::PoolRequestFailed(refusal.to_string()), &[]);
        assert_eq!(outcome, Ok(refusal));
    }

    #[test]
    fn a_pool_in_which_no_node_answers_is_unreachable() {
        let error = error(failed(VdrErrorKind::PoolTimeout, &[("Node2", -1.0), ("Node1", -1.0)]));
        assert_eq!(error["kind"], "unreachable");
        assert_eq!(error["nodes"], json!(["Node1", "Node2"]));
    }

    #[test]
    fn if_only_some_nodes_did_not_answer_it_is_a_timeout() {
        for timing in [&[("Node1", 0.1), ("Node2", -1.0)][..], &[("Node2", -1.0)]] {
            let error = error(failed(VdrErrorKind::PoolTimeout, timing));
            assert_eq!(error["kind"], "timeout");
            assert_eq!(error["nodes"], json!(["Node2"]));
        }
    }

    #[test]
    fn replies_that_differ_are_no_consensus() {
        let error = error(failed(VdrErrorKind::PoolNoConsensus, &[("Node1", 0.1)]));
        assert_eq!(error["kind"], "no-consensus");
    }

    #[test]
    fn text_of_another_form_is_not_a_reply() {
        for text in ["", "null", "[]", r#"{"op": "PONG"}"#] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
