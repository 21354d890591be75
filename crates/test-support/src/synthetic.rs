//! Credentials by the thousand: real in form and size, but with a signature that fits none of them.
//!
//! Search does not read signatures, so one real credential, issued with a test key, lends its
//! numbers to all.

use std::sync::LazyLock;

use proofs::encoding::encode;
use serde_json::{Map, Value, json};

/// The real credential, as JSON.
pub const CREDENTIAL: &str = include_str!("../fixtures/credential.json");

static PARSED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(CREDENTIAL).unwrap());

/// What is particular to one credential.
#[derive(Debug, Clone)]
pub struct SyntheticCredential {
    /// The schema's id.
    pub schema_id: String,
    /// The credential definition's id.
    pub cred_def_id: String,
    /// The revocation registry's id.
    pub rev_reg_id: Option<String>,
    /// The attributes' names and raw values.
    pub values: Vec<(String, String)>,
}

impl SyntheticCredential {
    /// Returns the credential as a line of an import file.
    pub fn line(&self, id: &str) -> String {
        let values = self.values.iter();
        let values: Map<String, Value> = values
            .map(|(name, raw)| (name.clone(), json!({"raw": raw, "encoded": encode(raw)})))
            .collect();
        let mut credential = PARSED.clone();
        credential["schema_id"] = json!(self.schema_id);
        credential["cred_def_id"] = json!(self.cred_def_id);
        credential["rev_reg_id"] = json!(self.rev_reg_id);
        credential["values"] = Value::Object(values);
        json!({"id": id, "credential": credential}).to_string()
    }
}
