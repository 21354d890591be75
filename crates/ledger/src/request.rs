//! A request to the ledger, in the JSON that an Indy node takes.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::format::{PROTOCOL_VERSION, signature_input};

/// The author of anonymous reads, as libindy names it.
pub const ANONYMOUS_DID: &str = "LibindyDid111111111111";

/// A request, signed or not.
///
/// Its JSON is exactly what a node takes; a request in that format from any other program can be
/// deserialized into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerRequest {
    /// The author's DID. Reads may be anonymous: then it is [`ANONYMOUS_DID`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// An object with a `type` and the members that this type takes.
    pub operation: Value,
    /// Always [`PROTOCOL_VERSION`] in requests that are built here.
    pub protocol_version: u32,
    /// Greater than in any request built before.
    pub req_id: u64,
    /// Base58 of the author's Ed25519 signature over [`Self::signature_input`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl LedgerRequest {
    /// Returns an unsigned request with a fresh `reqId`.
    pub(crate) fn new(author: &str, operation: Value) -> Self {
        Self {
            identifier: Some(author.to_owned()),
            operation,
            protocol_version: PROTOCOL_VERSION,
            req_id: fresh_request_id(),
            signature: None,
        }
    }

    /// Returns the text that the author signs: the request without its signature, in the node's own
    /// signing format (members sorted, `name:value` joined by `|`, items joined by `,`).
    pub fn signature_input(&self) -> String {
        signature_input(&self.members())
    }

    /// Returns the request as JSON text, members sorted.
    pub fn to_json(&self) -> String {
        Value::Object(self.members()).to_string()
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if let Some(identifier) = &self.identifier {
            members.insert("identifier".to_owned(), json!(identifier));
        }
        members.insert("operation".to_owned(), self.operation.clone());
        members.insert("protocolVersion".to_owned(), json!(self.protocol_version));
        members.insert("reqId".to_owned(), json!(self.req_id));
        if let Some(signature) = &self.signature {
            members.insert("signature".to_owned(), json!(signature));
        }
        members
    }
}

/// Returns the nanoseconds since 1970, or one more than the last request id, whichever is greater.
///
/// It increases strictly within a process, and from one process to the next unless the clock is set
/// back.
fn fresh_request_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX / 2));
    let next = |last: u64| now.max(last + 1);
    let before = LAST
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)))
        .unwrap_or_else(|last| last);
    next(before)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::fresh_request_id;

    #[test]
    fn request_ids_increase_strictly() {
        let ids: Vec<u64> = (0..1000).map(|_| fresh_request_id()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn threads_never_share_a_request_id() {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                std::thread::spawn(|| (0..500).map(|_| fresh_request_id()).collect::<Vec<_>>())
            })
            .collect();
        let ids: BTreeSet<u64> =
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect();
        assert_eq!(ids.len(), 8 * 500);
    }
}
