//! A transaction as the ledger keeps it, in a node's JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::envelope::Envelope;
use super::operation::Operation;
use super::state::{cred_def_id, schema_id};

/// What was written, by whom, when, under which number.
///
/// The members are a node's. Its `rootHash` and `auditPath`, by which a node proves its answers to
/// clients that do not trust it, are left out: an embedded ledger answers its own process.
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

/// Who asked for it. Genesis transactions have little of this.
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

/// What the ledger added.
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

/// By which a request is known again; SHA-256 in hexadecimal, as nodes compute them.
pub(super) struct Digests {
    /// Of all of it.
    pub(super) full: String,
    /// Of all but the signature.
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
    /// The transaction that a checked write becomes.
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
                protocol_version: Some(crate::format::PROTOCOL_VERSION),
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
        Operation::CredDef {
            schema_seq_no,
            signature_type,
            tag,
        } => Some(cred_def_id(author, signature_type, *schema_seq_no, tag)),
        _ => None,
    }
}

fn sha256_hex(text: &str) -> String {
    to_hex(&Sha256::digest(text))
}

/// Lower-case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
