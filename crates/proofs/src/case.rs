//! A presentation with all that is needed to verify it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Objects by identifier.
pub type ById = BTreeMap<String, Value>;

/// A presentation, the request that it answers, and the ledger's objects that both name.
///
/// Everything is kept as it was written: what a check reads, it reads itself, and says where it could
/// not. One case is one JSON object, one line of a file of cases.
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
