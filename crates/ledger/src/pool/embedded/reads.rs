//! Replies to reads.
//!
//! As those of a node, they repeat the request's members beside `data`, `seqNo` and `txnTime`. A
//! node's `state_proof`, for clients that do not trust a single node, is left out.

use serde_json::{Map, Value, json};

use super::{
    envelope::Envelope,
    operation::Operation,
    state::{Entry, State},
};
use crate::format::{Role, cred_def_id, schema_id};

/// Returns the `result` of a read.
pub(super) fn result(state: &State, envelope: &Envelope) -> Value {
    let read = match &envelope.operation {
        Operation::GetNym { did } => read_nym(state, did),
        Operation::GetSchema { author, name, version } => {
            let entry = state.schema(&schema_id(author, name, version));
            let mut data = json!({"name": name, "version": version});
            if let Some(entry) = entry {
                data["attr_names"] = entry.data.clone();
            }
            ReadResult::of(entry, data)
        }
        Operation::GetCredDef { author, schema_seq_no, signature_type, tag } => {
            let tag = tag.as_deref().unwrap_or_default();
            let entry = state.cred_def(&cred_def_id(author, signature_type, *schema_seq_no, tag));
            let data = entry.map_or(Value::Null, |entry| entry.data.clone());
            ReadResult::of(entry, data)
        }
        Operation::Nym { .. } | Operation::Schema { .. } | Operation::CredDef { .. } => {
            ReadResult::nothing()
        }
    };
    let mut result: Map<String, Value> = envelope.operation_members();
    result.insert("identifier".to_owned(), json!(envelope.author));
    result.insert("reqId".to_owned(), json!(envelope.req_id));
    result.insert("data".to_owned(), read.data);
    result.insert("seqNo".to_owned(), json!(read.seq_no));
    result.insert("txnTime".to_owned(), json!(read.time));
    Value::Object(result)
}

struct ReadResult {
    data: Value,
    seq_no: Option<u32>,
    time: Option<u64>,
}

impl ReadResult {
    fn of(entry: Option<&Entry>, data: Value) -> Self {
        Self {
            data,
            seq_no: entry.map(|entry| entry.seq_no),
            time: entry.and_then(|entry| entry.time),
        }
    }

    fn nothing() -> Self {
        Self::of(None, Value::Null)
    }
}

/// Reads a DID, whose data nodes give as JSON text within the JSON.
fn read_nym(state: &State, did: &str) -> ReadResult {
    let Some(nym) = state.nym(did) else {
        return ReadResult::nothing();
    };
    let data = json!({
        "dest": did,
        "identifier": nym.added_by,
        "role": nym.role.map(Role::code),
        "seqNo": nym.seq_no,
        "txnTime": nym.time,
        "verkey": nym.verkey,
    });
    ReadResult { data: json!(data.to_string()), seq_no: Some(nym.seq_no), time: nym.time }
}
