//! A presentation with all that is needed to verify it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verdict::Failure;

use crate::limits::{MAX_CASE_BYTES, MAX_DIGITS};

/// Objects by identifier.
pub type ById = BTreeMap<String, Value>;

/// A presentation, the request that it answers, and the ledger's objects that both name.
///
/// Everything is kept as it was written: each check parses what it needs, and says where it could not.
/// A case is one JSON object, a line in a file of cases.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Case {
    /// The case's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The verifier's proof request.
    pub presentation_request: Value,
    /// The prover's answer.
    pub presentation: Value,
    /// Schemas by identifier.
    #[serde(default)]
    pub schemas: ById,
    /// Credential definitions by identifier.
    #[serde(default)]
    pub cred_defs: ById,
    /// Revocation registry definitions by identifier.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_reg_defs: ById,
    /// Revocation registries by identifier, then by timestamp in seconds since 1970.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_regs: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Case {
    /// Reads a case from JSON text.
    ///
    /// This returns soon whatever the text is: it need not be JSON, may be nested a thousand deep, or be
    /// one number of a megabyte.
    ///
    /// # Errors
    /// Why it is not a case; [`Verdict::failed_at`](crate::Verdict) makes a verdict of it, with the check `size`.
    pub fn from_json(text: &str) -> Result<Self, Failure> {
        if text.len() > MAX_CASE_BYTES {
            return Err(Failure::new(
                format!("a case of at most {MAX_CASE_BYTES} bytes"),
                format!("{} bytes", text.len()),
                "give one case at a time, with no other public data than its own",
            ));
        }
        if let Some(position) = long_number(text) {
            return Err(Failure::new(
                format!("no number of more than {MAX_DIGITS} digits"),
                format!("a longer one from byte {position}"),
                "an honest presentation has none so long; ask its sender for the original",
            ));
        }
        let unreadable = |got: String| {
            Failure::new(
                "a case in JSON, nested at most 127 deep: \
                 {\"presentation_request\", \"presentation\", \"schemas\", \"cred_defs\"}",
                got,
                "correct the JSON text",
            )
        };
        if text.trim_start().starts_with('[') {
            return Err(unreadable("a list".to_owned()));
        }
        serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))
    }
}

/// Returns where a run of more than [`MAX_DIGITS`] digits begins, in bytes.
fn long_number(text: &str) -> Option<usize> {
    let mut digits = 0;
    for (position, byte) in text.bytes().enumerate() {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > MAX_DIGITS {
            return Some(position - MAX_DIGITS);
        }
    }
    None
}
