//! Answers to reads.
//!
//! As a node's, they repeat the request's members beside `data`, `seqNo` and `txnTime`. A node's
//! `state_proof`, the proof for clients that do not trust the node they asked, is left out.

use serde_json::{Map, Value, json};

use super::envelope::Envelope;
use super::operation::Operation;
use super::state::{Entry, State, cred_def_id, schema_id};

/// The `result` of a read.
pub(super) fn result(state: &State, envelope: &Envelope) -> Value {
    let found = match &envelope.operation {
        Operation::GetNym { did } => read_nym(state, did),
        Operation::GetSchema {
            author,
            name,
            version,
        } => {
            let entry = state.schema(&schema_id(author, name, version));
            let mut data = json!({"name": name, "version": version});
            if let Some(entry) = entry {
                data["attr_names"] = entry.data.clone();
            }
            Found::of(entry, data)
        }
        Operation::GetCredDef {
            author,
            schema_seq_no,
            signature_type,
            tag,
        } => {
            let tag = tag.as_deref().unwrap_or_default();
            let entry = state.cred_def(&cred_def_id(author, signature_type, *schema_seq_no, tag));
            let data = entry.map_or(Value::Null, |entry| entry.data.clone());
            Found::of(entry, data)
        }
        Operation::Nym { .. } | Operation::Schema { .. } | Operation::CredDef { .. } => {
            Found::nothing()
        }
    };
    let mut result: Map<String, Value> = envelope.operation_members();
    result.insert("identifier".to_owned(), json!(envelope.author));
    result.insert("reqId".to_owned(), json!(envelope.req_id));
    result.insert("data".to_owned(), found.data);
    result.insert("seqNo".to_owned(), json!(found.seq_no));
    result.insert("txnTime".to_owned(), json!(found.time));
    Value::Object(result)
}

struct Found {
    data: Value,
    seq_no: Option<u32>,
    time: Option<u64>,
}

impl Found {
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

/// Nodes give a DID's data as JSON text within the JSON.
fn read_nym(state: &State, did: &str) -> Found {
    let Some(nym) = state.nym(did) else {
        return Found::nothing();
    };
    let data = json!({
        "dest": did,
        "identifier": nym.added_by,
        "role": nym.role.map(crate::format::Role::code),
        "seqNo": nym.seq_no,
        "txnTime": nym.time,
        "verkey": nym.verkey,
    });
    Found {
        data: json!(data.to_string()),
        seq_no: Some(nym.seq_no),
        time: nym.time,
    }
}
