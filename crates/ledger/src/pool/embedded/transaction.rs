//! A transaction as the ledger stores it, in a node's JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{envelope::Envelope, operation::Operation};
use crate::format::{PROTOCOL_VERSION, cred_def_id, schema_id};

/// What was written, its author, time and sequence number.
///
/// The members are a node's. Its `rootHash` and `auditPath`, by which a node proves its replies to
/// clients that do not trust it, are left out: an embedded ledger serves its own process.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    pub(super) req_signature: Value,
    pub(super) txn: Payload,
    pub(super) txn_metadata: TransactionMetadata,
    pub(super) ver: String,
}

/// What was written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload {
    /// The request's operation without its type.
    pub(super) data: Map<String, Value>,
    pub(super) metadata: PayloadMetadata,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) protocol_version: Option<u32>,
    #[serde(rename = "type")]
    pub(super) operation_type: String,
}

/// The request that it came from. Genesis transactions have little of this.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PayloadMetadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) payload_digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) req_id: Option<u64>,
}

/// What the ledger added to the request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionMetadata {
    pub(super) seq_no: u32,
    /// What the transaction is about: a schema's or credential definition's identifier, the
    /// SHA-256 of a DID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) txn_id: Option<String>,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) txn_time: Option<u64>,
}

/// The digests by which a repeated request is recognized: SHA-256 in hexadecimal, as nodes compute
/// them.
pub(super) struct Digests {
    /// Of the whole request.
    pub(super) full: String,
    /// Of the request without its signature.
    pub(super) payload: String,
}

impl Digests {
    pub(super) fn of(envelope: &Envelope) -> Self {
        Self {
            full: sha256_hex(&envelope.digest_input()),
            payload: sha256_hex(&envelope.signature_input()),
        }
    }
}

impl Transaction {
    /// Returns the transaction of a write that passed all checks.
    pub(super) fn of(envelope: &Envelope, seq_no: u32, time: u64) -> Self {
        let mut data = envelope.operation_members();
        let operation_type = match data.remove("type") {
            Some(Value::String(operation_type)) => operation_type,
            _ => String::new(),
        };
        let signature = json!({"from": envelope.author, "value": envelope.signature});
        let digests = Digests::of(envelope);
        Self {
            req_signature: json!({"type": "ED25519", "values": [signature]}),
            txn: Payload {
                data,
                metadata: PayloadMetadata {
                    digest: Some(digests.full),
                    from: Some(envelope.author.clone()),
                    payload_digest: Some(digests.payload),
                    req_id: Some(envelope.req_id),
                },
                protocol_version: Some(PROTOCOL_VERSION),
                operation_type,
            },
            txn_metadata: TransactionMetadata {
                seq_no,
                txn_id: transaction_id(&envelope.author, &envelope.operation),
                txn_time: Some(time),
            },
            ver: "1".to_owned(),
        }
    }
}

fn transaction_id(author: &str, operation: &Operation) -> Option<String> {
    match operation {
        Operation::Nym { did, .. } => Some(sha256_hex(did)),
        Operation::Schema { name, version } => Some(schema_id(author, name, version)),
        Operation::CredDef { schema_seq_no, signature_type, tag } => {
            Some(cred_def_id(author, signature_type, *schema_seq_no, tag))
        }
        _ => None,
    }
}

fn sha256_hex(text: &str) -> String {
    to_hex(&Sha256::digest(text))
}

/// Returns lower-case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
