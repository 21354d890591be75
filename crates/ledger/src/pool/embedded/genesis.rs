//! The six transactions that every embedded ledger begins with.
//!
//! They are the domain genesis of a test pool of four nodes: a trustee, the four stewards that run
//! the nodes, and one identity without a role. Their keys come from well-known seeds
//! (`000000000000000000000000Trustee1`, `...Steward1` to `...Steward4`, `...Client1`), so this is a
//! ledger for learning and testing. The first transaction that is written gets sequence number 7.

use serde_json::{Map, json};

use super::transaction::{Payload, PayloadMetadata, Transaction, TransactionMetadata};
use crate::format::{Role, operation_type};

const TRUSTEE: &str = "V4SGRU86Z58d6TV7PBUe6f";

/// DID, verification key (abbreviated) and role, in the order of sequence numbers.
const MEMBERS: [(&str, &str, Option<Role>); 6] = [
    (TRUSTEE, "~CoRER63DVYnWZtK8uAzNbx", Some(Role::Trustee)),
    ("Th7MpTaRZVRYnPiabds81Y", "~7TYfekw4GUagBnBVCqPjiC", Some(Role::Steward)),
    ("EbP4aYNeTHL6q385GuVpRV", "~RHGNtfvkgPEUQzQNtNxLNu", Some(Role::Steward)),
    ("4cU41vWW82ArfxJxHkzXPG", "~EMoPA6HrpiExVihsVfxD3H", Some(Role::Steward)),
    ("TWwCRQRZ2ZHMJFn9TzLp7W", "~UhP7K35SAXbix1kCQV4Upx", Some(Role::Steward)),
    ("7JhapNNMLnwkbiC2ZmPZSE", "~LgpYPrzkB6awcHMTPZ9TVn", None),
];

/// Returns the genesis transactions, as a pool's genesis file has them.
pub(super) fn transactions() -> Vec<Transaction> {
    (1..).zip(MEMBERS).map(transaction).collect()
}

fn transaction((seq_no, (did, verkey, role)): (u32, (&str, &str, Option<Role>))) -> Transaction {
    let mut data =
        Map::from_iter([("dest".to_owned(), json!(did)), ("verkey".to_owned(), json!(verkey))]);
    if let Some(role) = role {
        data.insert("role".to_owned(), json!(role.code()));
    }
    Transaction {
        req_signature: json!({}),
        txn: Payload {
            data,
            metadata: PayloadMetadata {
                from: (did != TRUSTEE).then(|| TRUSTEE.to_owned()),
                ..PayloadMetadata::default()
            },
            protocol_version: None,
            operation_type: operation_type::NYM.to_owned(),
        },
        txn_metadata: TransactionMetadata { seq_no, txn_id: None, txn_time: None },
        ver: "1".to_owned(),
    }
}
