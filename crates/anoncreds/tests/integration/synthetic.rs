//! Credentials by the thousand: real in form and size, with a signature that fits none of them.
//!
//! Search does not look at signatures, so one real credential (`fixtures/credential.json`, issued
//! with a test key) lends its numbers to all.

use indy_credx::types::Credential;
use proofs::encoding::encode;
use serde_json::{Map, Value, json};

/// What a credential of the tests says, and of what it is.
#[derive(Debug, Clone)]
pub struct Synthetic {
    pub schema_id: String,
    pub cred_def_id: String,
    pub rev_reg_id: Option<String>,
    pub values: Vec<(String, String)>,
}

/// Makes credentials.
pub struct Mint(Map<String, Value>);

impl Mint {
    pub fn new() -> Self {
        let credential = include_str!("../fixtures/credential.json");
        let checked: Credential = serde_json::from_str(credential).unwrap();
        assert!(checked.rev_reg_id.is_none());
        Self(serde_json::from_str(credential).unwrap())
    }

    /// The credential as a line of an import file.
    pub fn line(&self, id: &str, made: &Synthetic) -> String {
        let values: Map<String, Value> = made
            .values
            .iter()
            .map(|(name, raw)| (name.clone(), json!({"raw": raw, "encoded": encode(raw)})))
            .collect();
        let mut credential = self.0.clone();
        credential.insert("schema_id".to_owned(), json!(made.schema_id));
        credential.insert("cred_def_id".to_owned(), json!(made.cred_def_id));
        credential.insert("rev_reg_id".to_owned(), json!(made.rev_reg_id));
        credential.insert("values".to_owned(), Value::Object(values));
        json!({"id": id, "credential": credential}).to_string()
    }
}
