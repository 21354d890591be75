//! Submitting the list of requests to a ledger.

use std::collections::HashMap;

use ledger::pool::{Pool, PoolError};
use serde_json::{Value, json};

use super::step::{Content, Kind, Step};

/// The result of a step, in a form in which two ledgers can be compared.
#[derive(Debug, PartialEq)]
pub struct StepResult {
    pub kind: Kind,
    /// What was written or read, without what is specific to each ledger.
    pub data: Value,
    /// The reason of a refusal, with `#` for each number in it.
    pub reason: String,
}

impl StepResult {
    /// Returns whether two results are the same, except for the reason if reasons must differ.
    pub fn agrees_with(&self, other: &Self, reasons_differ: bool) -> bool {
        self.kind == other.kind
            && self.data == other.data
            && reasons_differ == (self.reason != other.reason)
    }

    fn no_reply() -> Self {
        Self { kind: Kind::NoReply, data: Value::Null, reason: String::new() }
    }
}

/// What later steps refer to.
#[derive(Default)]
struct Earlier {
    requests: HashMap<&'static str, String>,
    req_ids: HashMap<&'static str, u64>,
    /// The sequence number that each got on this ledger.
    seq_nos: HashMap<&'static str, u64>,
}

/// Submits all steps to a ledger; `req_id` is the number of the first request.
///
/// `{"number of": "a step"}` in an operation is replaced by the sequence number that this ledger
/// gave to that step.
pub async fn run(pool: &Pool, steps: &[Step<'_>], req_id: u64) -> Vec<StepResult> {
    let mut earlier = Earlier::default();
    let mut results = Vec::new();
    for (step, req_id) in steps.iter().zip(req_id..) {
        let request = earlier.request(step, req_id);
        results.push(match pool.submit(&request).await {
            Ok(reply) => earlier.result(step, &reply),
            Err(PoolError::Timeout { .. }) => StepResult::no_reply(),
            Err(error) => panic!("{}: no reply: {error}", step.name),
        });
        earlier.requests.insert(step.name, request);
    }
    results
}

impl Earlier {
    fn request(&mut self, step: &Step<'_>, fresh: u64) -> String {
        let operation = match &step.content {
            Content::Again(first) => return self.requests[first].clone(),
            Content::Operation(operation) => self.with_numbers(operation),
        };
        let req_id = step.number_of.map_or(fresh, |step| self.req_ids[step]);
        self.req_ids.insert(step.name, req_id);
        let author = step.author.unwrap_or(&step.signer.did);
        let signed = step.signer.request_as(author, req_id, operation);
        let mut request: Value = serde_json::from_str(&signed).expect("JSON");
        (step.tamper)(&mut request);
        request.to_string()
    }

    fn with_numbers(&self, operation: &Value) -> Value {
        let mut operation = operation.clone();
        if let Some(Value::String(step)) = operation.pointer("/ref/number of") {
            operation["ref"] = json!(self.seq_nos[step.as_str()]);
        }
        operation
    }

    fn result(&mut self, step: &Step<'_>, reply: &str) -> StepResult {
        let reply: Value = serde_json::from_str(reply).expect("a reply is JSON");
        let kind = match reply["op"].as_str() {
            Some("REPLY") => Kind::Reply,
            Some("REQNACK") => Kind::Reqnack,
            Some("REJECT") => Kind::Reject,
            other => panic!("{}: a reply of the kind {other:?}", step.name),
        };
        let result = &reply["result"];
        if let Some(seq_no) = result.pointer("/txnMetadata/seqNo").and_then(Value::as_u64) {
            if let Content::Again(first) = step.content {
                assert_eq!(seq_no, self.seq_nos[first], "{}: written twice", step.name);
            }
            self.seq_nos.insert(step.name, seq_no);
        }
        StepResult {
            kind,
            data: comparable(result),
            reason: without_numbers(reply["reason"].as_str().unwrap_or_default()),
        }
    }
}

/// Members that are specific to each ledger: numbers, times and proofs, and what depends on them.
const SPECIFIC: [&str; 10] = [
    "auditPath",
    "digest",
    "payloadDigest",
    "ref",
    "reqSignature",
    "rootHash",
    "seqNo",
    "state_proof",
    "txnId",
    "txnTime",
];

/// Returns a result without what is specific to the ledger. Attribute names are a set, so they are
/// sorted.
fn comparable(result: &Value) -> Value {
    match result {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !SPECIFIC.contains(&name.as_str()))
            .map(|(name, value)| {
                let value = match (name.as_str(), value) {
                    ("attr_names", Value::Array(names)) => sorted(names),
                    // the data of a NYM is JSON within JSON
                    ("data", Value::String(text)) => {
                        comparable(&serde_json::from_str(text).expect("JSON text"))
                    }
                    (_, value) => comparable(value),
                };
                (name.clone(), value)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn sorted(names: &[Value]) -> Value {
    let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    names.sort_unstable();
    json!(names)
}

/// Returns a reason with `#` for each number: the two ledgers' sequence numbers differ.
fn without_numbers(reason: &str) -> String {
    let mut text = String::new();
    for character in reason.chars() {
        match character {
            digit if digit.is_ascii_digit() => {
                if !text.ends_with('#') {
                    text.push('#');
                }
            }
            other => text.push(other),
        }
    }
    text
}
