//! The state that all transactions so far have led to.

use std::collections::HashMap;

use serde_json::Value;

use super::transaction::Transaction;
use crate::format::{Role, cred_def_id, operation_type, schema_id};

/// What the ledger has about a DID.
#[derive(Debug, Clone, Default)]
pub(super) struct Nym {
    pub(super) verkey: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) added_by: Option<String>,
    pub(super) seq_no: u32,
    pub(super) time: Option<u64>,
}

/// A schema's attribute names, or a credential definition's keys.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) data: Value,
    pub(super) seq_no: u32,
    pub(super) time: Option<u64>,
}

/// The state of the ledger.
#[derive(Debug, Default)]
pub(super) struct State {
    nyms: HashMap<String, Nym>,
    schemas: HashMap<String, Entry>,
    cred_defs: HashMap<String, Entry>,
    /// In the order of their sequence numbers, from 1.
    transactions: Vec<Transaction>,
    /// The index in `transactions`, by the digest of the payload that was written.
    by_payload: HashMap<String, usize>,
    last_time: u64,
}

impl State {
    pub(super) fn nym(&self, did: &str) -> Option<&Nym> {
        self.nyms.get(did)
    }

    pub(super) fn schema(&self, id: &str) -> Option<&Entry> {
        self.schemas.get(id)
    }

    pub(super) fn cred_def(&self, id: &str) -> Option<&Entry> {
        self.cred_defs.get(id)
    }

    /// Returns the type of the transaction with this sequence number.
    pub(super) fn transaction_type(&self, seq_no: u64) -> Option<&str> {
        let index = usize::try_from(seq_no).ok()?.checked_sub(1)?;
        let transaction = self.transactions.get(index)?;
        Some(&transaction.txn.operation_type)
    }

    /// Returns the transaction of the request whose digest without the signature is this.
    pub(super) fn written(&self, payload_digest: &str) -> Option<&Transaction> {
        self.transactions.get(*self.by_payload.get(payload_digest)?)
    }

    /// Returns the sequence number that the next transaction gets.
    pub(super) fn next_seq_no(&self) -> u32 {
        // Memory does not hold four thousand million transactions.
        u32::try_from(self.transactions.len() + 1).unwrap_or(u32::MAX)
    }

    /// Returns when the last transaction was written. The times of later ones never decrease.
    pub(super) fn last_time(&self) -> u64 {
        self.last_time
    }

    /// Applies a transaction. The rules were checked before it was written, so only its form can be
    /// wrong, in a file that was edited.
    pub(super) fn apply(&mut self, transaction: &Transaction) -> Result<(), String> {
        let seq_no = transaction.txn_metadata.seq_no;
        let expected = self.next_seq_no();
        if seq_no != expected {
            return Err(format!(
                "its seqNo is {seq_no}, but {expected} comes next: a transaction is missing"
            ));
        }
        match transaction.txn.operation_type.as_str() {
            operation_type::NYM => self.apply_nym(transaction)?,
            operation_type::SCHEMA => self.apply_schema(transaction)?,
            operation_type::CRED_DEF => self.apply_cred_def(transaction)?,
            other => return Err(format!("its type {other:?} is unknown")),
        }
        if let Some(digest) = &transaction.txn.metadata.payload_digest {
            let index = self.transactions.len();
            self.by_payload.insert(digest.clone(), index);
        }
        self.transactions.push(transaction.clone());
        let time = transaction.txn_metadata.txn_time.unwrap_or_default();
        self.last_time = self.last_time.max(time);
        Ok(())
    }

    fn apply_nym(&mut self, transaction: &Transaction) -> Result<(), String> {
        let data = &transaction.txn.data;
        let did = text(data.get("dest"), "dest")?;
        let role = match data.get("role") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(code) => {
                let code = text(Some(code), "role")?;
                let role = Role::from_code(code).ok_or("its role is unknown")?;
                Some(Some(role))
            }
        };
        let nym = self.nyms.entry(did.to_owned()).or_insert_with(|| Nym {
            added_by: transaction.txn.metadata.from.clone(),
            ..Nym::default()
        });
        if let Some(role) = role {
            nym.role = role;
        }
        if let Some(verkey) = data.get("verkey") {
            nym.verkey = verkey.as_str().map(str::to_owned);
        }
        nym.seq_no = transaction.txn_metadata.seq_no;
        nym.time = transaction.txn_metadata.txn_time;
        Ok(())
    }

    fn apply_schema(&mut self, transaction: &Transaction) -> Result<(), String> {
        let data = transaction.txn.data.get("data").unwrap_or(&Value::Null);
        let id = schema_id(
            author(transaction)?,
            text(data.get("name"), "name")?,
            text(data.get("version"), "version")?,
        );
        let attr_names = data.get("attr_names").ok_or("it has no attr_names")?;
        self.schemas.insert(id, entry(transaction, attr_names.clone()));
        Ok(())
    }

    fn apply_cred_def(&mut self, transaction: &Transaction) -> Result<(), String> {
        let data = &transaction.txn.data;
        let schema_seq_no = data.get("ref").and_then(Value::as_u64).ok_or("it has no ref")?;
        let id = cred_def_id(
            author(transaction)?,
            text(data.get("signature_type"), "signature_type")?,
            schema_seq_no,
            text(data.get("tag"), "tag")?,
        );
        let keys = data.get("data").ok_or("it has no data")?;
        self.cred_defs.insert(id, entry(transaction, keys.clone()));
        Ok(())
    }
}

fn entry(transaction: &Transaction, data: Value) -> Entry {
    Entry { data, seq_no: transaction.txn_metadata.seq_no, time: transaction.txn_metadata.txn_time }
}

fn author(transaction: &Transaction) -> Result<&str, String> {
    let author = transaction.txn.metadata.from.as_deref();
    author.ok_or_else(|| "it has no author".to_owned())
}

/// Returns a member that is a text.
fn text<'a>(value: Option<&'a Value>, name: &str) -> Result<&'a str, String> {
    value.and_then(Value::as_str).ok_or_else(|| format!("it has no text {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::embedded::genesis;

    #[test]
    fn a_missing_transaction_is_detected_by_its_number() {
        let genesis = genesis::transactions();
        let mut state = State::default();
        state.apply(&genesis[0]).expect("the first transaction");
        let problem = state.apply(&genesis[2]).expect_err("the second is missing");
        assert!(problem.contains("seqNo is 3, but 2 comes next"), "{problem}");
    }

    #[test]
    fn a_transaction_of_unknown_type_or_role_is_refused() {
        let genesis = genesis::transactions();
        let mut unknown_type = genesis[0].clone();
        unknown_type.txn.operation_type = "9999".to_owned();
        let mut unknown_role = genesis[0].clone();
        unknown_role.txn.data.insert("role".to_owned(), "77".into());
        for transaction in [unknown_type, unknown_role] {
            let problem = State::default().apply(&transaction).expect_err("refused");
            assert!(problem.contains("unknown"), "{problem}");
        }
    }
}
