//! Plays the list on a ledger.

use std::collections::HashMap;

use indy::error::PoolError;
use indy::pool::Pool;
use serde_json::{Value, json};

use super::step::{Content, Kind, Step};

/// What came of a step, in a form in which two ledgers can be compared.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub kind: Kind,
    /// What was written or read, without what is each ledger's own.
    pub data: Value,
    /// The words of a refusal, with `#` for each number in them.
    pub reason: String,
}

impl Outcome {
    /// Whether it is the same but for the words, which may be told to differ.
    pub fn agrees_with(&self, other: &Self, in_other_words: bool) -> bool {
        self.kind == other.kind
            && self.data == other.data
            && in_other_words == (self.reason != other.reason)
    }

    fn silence() -> Self {
        Self {
            kind: Kind::Silence,
            data: Value::Null,
            reason: String::new(),
        }
    }
}

/// What is known of the steps before.
#[derive(Default)]
struct Memory {
    requests: HashMap<&'static str, String>,
    req_ids: HashMap<&'static str, u64>,
    /// Under which number each was written, on this ledger.
    seq_nos: HashMap<&'static str, u64>,
}

/// Plays all steps on a ledger; `req_id` is the number of the first request.
///
/// `{"number of": "a step"}` in an operation becomes the number under which this ledger has
/// written that step.
pub async fn play(pool: &Pool, steps: &[Step<'_>], req_id: u64) -> Vec<Outcome> {
    let mut memory = Memory::default();
    let mut outcomes = Vec::new();
    for (step, req_id) in steps.iter().zip(req_id..) {
        let request = memory.request(step, req_id);
        outcomes.push(match pool.submit(&request).await {
            Ok(reply) => memory.outcome(step, &reply),
            Err(PoolError::Timeout { .. }) => Outcome::silence(),
            Err(error) => panic!("{}: no answer: {error}", step.name),
        });
        memory.requests.insert(step.name, request);
    }
    outcomes
}

impl Memory {
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

    fn outcome(&mut self, step: &Step<'_>, reply: &str) -> Outcome {
        let reply: Value = serde_json::from_str(reply).expect("a reply is JSON");
        let kind = match reply["op"].as_str() {
            Some("REPLY") => Kind::Reply,
            Some("REQNACK") => Kind::Reqnack,
            Some("REJECT") => Kind::Reject,
            other => panic!("{}: an answer of the kind {other:?}", step.name),
        };
        let result = &reply["result"];
        if let Some(seq_no) = result.pointer("/txnMetadata/seqNo").and_then(Value::as_u64) {
            if let Content::Again(first) = step.content {
                assert_eq!(seq_no, self.seq_nos[first], "{}: written again", step.name);
            }
            self.seq_nos.insert(step.name, seq_no);
        }
        Outcome {
            kind,
            data: comparable(result),
            reason: without_numbers(reply["reason"].as_str().unwrap_or_default()),
        }
    }
}

/// Members that are each ledger's own: its numbers, times and proofs, and what depends on them.
const OWN: [&str; 10] = [
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

/// A result without what is the ledger's own. Attribute names are a set, and so are sorted.
fn comparable(result: &Value) -> Value {
    match result {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
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

/// The words without numbers: the two ledgers' sequence numbers differ.
fn without_numbers(reason: &str) -> String {
    let mut words = String::new();
    for character in reason.chars() {
        match character {
            digit if digit.is_ascii_digit() => {
                if !words.ends_with('#') {
                    words.push('#');
                }
            }
            other => words.push(other),
        }
    }
    words
}
