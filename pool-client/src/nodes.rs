//! A pool of nodes, by way of `indy-vdr`.
//!
//! A write is sent to all nodes and holds when more than a third of them give the same reply. A read is
//! sent to two: one reply with a state proof that verifies is enough, and without one more than a
//! third must agree.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use indy_vdr::common::error::{VdrError, VdrErrorKind};
use indy_vdr::config::PoolConfig;
use indy_vdr::pool::{
    Pool as _, PoolBuilder, PoolRunner, PoolTransactions, PreparedRequest, ProtocolVersion,
    RequestMethod, RequestResult, RequestResultMeta,
};
use serde_json::Value;

use crate::protocol::{Kind, Outcome, Problem, Request};
use crate::serve::{Answer, Pool};

/// How long a node may take to say that it got a request, in seconds. It answers in milliseconds.
const LONGEST_ACKNOWLEDGEMENT: u32 = 5;

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
            ack_timeout: timeout.min(LONGEST_ACKNOWLEDGEMENT).into(),
            ..PoolConfig::default()
        };
        let transactions = PoolTransactions::from_json_file(genesis)?;
        let builder = PoolBuilder::new(config, transactions);
        let trial = builder.clone();
        // Some keys of a wrong length make indy-vdr panic.
        let count = catch_unwind(AssertUnwindSafe(|| usable_nodes(trial)))
            .unwrap_or_else(|_| Err(unusable("a node's key has the wrong length")))?;
        Ok(Self {
            runner: builder.into_runner(None)?,
            count,
        })
    }
}

/// How many nodes there are, when requests can be sent to all of them. indy-vdr would find out only
/// in a thread of its own, and that would panic.
fn usable_nodes(builder: PoolBuilder) -> Result<usize, VdrError> {
    let pool = builder.into_local()?;
    let nodes = pool.get_verifier_info()?;
    if nodes.is_empty() {
        return Err(unusable("they name no validator node"));
    }
    for (alias, node) in &nodes {
        let address = node.client_addr.trim_start_matches("tcp://");
        if address.parse::<SocketAddr>().is_err() {
            let address = &node.client_addr;
            return Err(unusable(&format!(
                "{alias} has no IP address and port: {address:?}"
            )));
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

    fn submit(&self, request: Request, answer: Answer) {
        let prepared = prepare(request);
        if matches!(prepared.method, RequestMethod::Full { .. }) {
            let problem = "requests that every node answers for itself are not offered";
            answer.give(&Err(Problem::new(Kind::InvalidRequest, problem)));
            return;
        }
        let count = self.count;
        let callback = move |result| answer.give(&outcome(result, count));
        // When the thread has ended, the callback is dropped, and its answer says so.
        let _ = self.runner.send_request(prepared, Box::new(callback));
    }
}

/// What `indy-vdr` does not like is sent nevertheless, for it is the nodes who say what is wrong.
fn prepare(request: Request) -> PreparedRequest {
    let req_id = request.req_id().to_string();
    let operation_type = request.operation_type().unwrap_or_default().to_owned();
    let json = request.into_json();
    PreparedRequest::from_request_json_ext(json.clone(), false, None).unwrap_or_else(|_| {
        PreparedRequest::new(ProtocolVersion::Node1_4, operation_type, req_id, json, None)
    })
}

/// What a result means, in a pool of so many nodes.
fn outcome(
    result: Result<(RequestResult<String>, RequestResultMeta), VdrError>,
    count: usize,
) -> Outcome {
    match result {
        Ok((RequestResult::Reply(reply), _)) => parse(&reply),
        Ok((RequestResult::Failed(error), meta)) => failure(&error, Some(&meta), count),
        Err(error) => failure(&error, None, count),
    }
}

/// A refusal is an answer; whatever else went wrong is a problem.
fn failure(error: &VdrError, meta: Option<&RequestResultMeta>, count: usize) -> Outcome {
    if let VdrErrorKind::PoolRequestFailed(refusal) = error.kind() {
        return parse(refusal);
    }
    let silent = silent_nodes(meta);
    let kind = match error.kind() {
        VdrErrorKind::PoolTimeout if silent.len() == count => Kind::Unreachable,
        VdrErrorKind::PoolTimeout | VdrErrorKind::Unavailable => Kind::Timeout,
        VdrErrorKind::Connection => Kind::Unreachable,
        VdrErrorKind::PoolNoConsensus => Kind::NoConsensus,
        VdrErrorKind::Input | VdrErrorKind::Incompatible => Kind::InvalidRequest,
        _ => Kind::Internal,
    };
    Err(Problem::new(kind, error.to_string()).with_silent_nodes(silent))
}

/// A node's reply, if it is one of the three that end a request.
fn parse(text: &str) -> Outcome {
    let unexpected = || {
        Problem::new(
            Kind::NoConsensus,
            "a node's answer is not one to this request",
        )
    };
    let reply: Value = serde_json::from_str(text).map_err(|_| unexpected())?;
    match reply.get("op").and_then(Value::as_str) {
        Some("REPLY" | "REQNACK" | "REJECT") => Ok(reply),
        _ => Err(unexpected()),
    }
}

/// The nodes that were asked and from which nothing came.
fn silent_nodes(meta: Option<&RequestResultMeta>) -> Vec<String> {
    let timing = meta.and_then(|meta| meta.timing.as_ref());
    let mut silent: Vec<String> = timing
        .into_iter()
        .flatten()
        // indy-vdr's way to say that there is no duration
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

    fn failed(kind: VdrErrorKind, timing: &[(&str, f32)]) -> Outcome {
        let timing: HashMap<String, f32> = timing
            .iter()
            .map(|(node, seconds)| ((*node).to_owned(), *seconds))
            .collect();
        let meta = RequestResultMeta {
            state_proof: HashMap::new(),
            timing: Some(timing),
        };
        outcome(Ok((RequestResult::Failed(kind.into()), meta)), 2)
    }

    fn problem(outcome: Outcome) -> Value {
        json!(outcome.expect_err("no reply"))
    }

    #[test]
    fn a_refusal_is_a_reply() {
        let refusal = json!({"op": "REJECT", "reqId": 1, "reason": "no"});
        let outcome = failed(VdrErrorKind::PoolRequestFailed(refusal.to_string()), &[]);
        assert_eq!(outcome, Ok(refusal));
    }

    #[test]
    fn a_pool_without_a_sign_of_life_from_any_node_is_unreachable() {
        let problem = problem(failed(
            VdrErrorKind::PoolTimeout,
            &[("Node2", -1.0), ("Node1", -1.0)],
        ));
        assert_eq!(problem["kind"], "unreachable");
        assert_eq!(problem["nodes"], json!(["Node1", "Node2"]));
    }

    #[test]
    fn when_some_nodes_answered_or_were_not_asked_it_is_a_timeout() {
        for timing in [&[("Node1", 0.1), ("Node2", -1.0)][..], &[("Node2", -1.0)]] {
            let problem = problem(failed(VdrErrorKind::PoolTimeout, timing));
            assert_eq!(problem["kind"], "timeout");
            assert_eq!(problem["nodes"], json!(["Node2"]));
        }
    }

    #[test]
    fn answers_that_do_not_agree_are_no_consensus() {
        let problem = problem(failed(VdrErrorKind::PoolNoConsensus, &[("Node1", 0.1)]));
        assert_eq!(problem["kind"], "no-consensus");
    }

    #[test]
    fn what_is_no_answer_to_a_request_is_no_reply() {
        for text in ["", "null", "[]", r#"{"op": "PONG"}"#] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
