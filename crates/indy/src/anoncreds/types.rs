//! The values of libindy's calls that are not the library's own: candidates, choices, and the
//! maps that carry public data to prover and verifier.

use std::collections::BTreeMap;

use indy_credx::types::{
    CredentialDefinition, CredentialRevocationState, RevocationRegistry,
    RevocationRegistryDefinition, Schema,
};
use proofs::Interval;
use serde::{Deserialize, Serialize};

/// Schemas by id.
pub type Schemas = BTreeMap<String, Schema>;
/// Credential definitions by id.
pub type CredDefs = BTreeMap<String, CredentialDefinition>;
/// Revocation states by credential id, then by timestamp (seconds since 1970).
pub type RevocationStates = BTreeMap<String, BTreeMap<u64, CredentialRevocationState>>;
/// Revocation registry definitions by id.
pub type RevocationRegistryDefinitions = BTreeMap<String, RevocationRegistryDefinition>;
/// Revocation registries by id, then by timestamp (seconds since 1970).
pub type RevocationRegistries = BTreeMap<String, BTreeMap<u64, RevocationRegistry>>;

/// What a wallet says of one of its credentials; nothing in it is secret to its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialInfo {
    /// The credential's id in the wallet. libindy calls it *referent*, which in a proof request
    /// means something else; the JSON keeps the name.
    pub referent: String,
    /// Raw attribute values by name, as the issuer wrote the names.
    pub attrs: BTreeMap<String, String>,
    /// The schema's id.
    pub schema_id: String,
    /// The credential definition's id.
    pub cred_def_id: String,
    /// The revocation registry's id, if the credential can be revoked.
    pub rev_reg_id: Option<String>,
    /// The credential's index in that registry.
    pub cred_rev_id: Option<String>,
}

/// A credential that can answer a referent of a proof request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The credential.
    pub cred_info: CredentialInfo,
    /// When it has to be proved unrevoked, if the request asks for that.
    pub interval: Option<Interval>,
}

/// Which credential answers which referent: the prover's choice among the candidates.
///
/// The JSON form is libindy's `requested_credentials`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestedCredentials {
    /// Values that the prover states itself, by attribute referent.
    #[serde(default)]
    pub self_attested_attributes: BTreeMap<String, String>,
    /// The credential for each attribute referent.
    #[serde(default)]
    pub requested_attributes: BTreeMap<String, RevealableCredential>,
    /// The credential for each predicate referent.
    #[serde(default)]
    pub requested_predicates: BTreeMap<String, ProvingCredential>,
}

/// The credential for an attribute referent, and whether the value is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevealableCredential {
    /// The credential's id in the wallet.
    pub cred_id: String,
    /// The moment at which it is proved unrevoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// Whether the verifier gets to see the value, or only that the attribute exists.
    pub revealed: bool,
}

/// The credential for a predicate referent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvingCredential {
    /// The credential's id in the wallet.
    pub cred_id: String,
    /// The moment at which it is proved unrevoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
}

impl RequestedCredentials {
    /// Answer the attribute `referent` from credential `cred_id`, and show the value.
    #[must_use]
    pub fn reveal(mut self, referent: impl Into<String>, cred_id: impl Into<String>) -> Self {
        let choice = RevealableCredential {
            cred_id: cred_id.into(),
            timestamp: None,
            revealed: true,
        };
        self.requested_attributes.insert(referent.into(), choice);
        self
    }

    /// Answer the attribute `referent` from credential `cred_id`, and keep the value hidden.
    #[must_use]
    pub fn hide(mut self, referent: impl Into<String>, cred_id: impl Into<String>) -> Self {
        let choice = RevealableCredential {
            cred_id: cred_id.into(),
            timestamp: None,
            revealed: false,
        };
        self.requested_attributes.insert(referent.into(), choice);
        self
    }

    /// Prove the predicate `referent` from credential `cred_id`.
    #[must_use]
    pub fn prove(mut self, referent: impl Into<String>, cred_id: impl Into<String>) -> Self {
        let choice = ProvingCredential {
            cred_id: cred_id.into(),
            timestamp: None,
        };
        self.requested_predicates.insert(referent.into(), choice);
        self
    }

    /// Answer the attribute `referent` with a value of the prover's own, vouched for by nobody.
    #[must_use]
    pub fn self_attest(mut self, referent: impl Into<String>, value: impl Into<String>) -> Self {
        self.self_attested_attributes
            .insert(referent.into(), value.into());
        self
    }
}
