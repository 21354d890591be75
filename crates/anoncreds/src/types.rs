//! Values of libindy's calls that `indy-credx` does not define: candidates, and the maps of public
//! data for prover and verifier.

use std::collections::BTreeMap;

use indy_credx::types::{
    CredentialDefinition, CredentialRevocationState, RevocationRegistry,
    RevocationRegistryDefinition, Schema,
};
use proofs::{HeldValue, Interval};
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

/// A wallet's description of one of its credentials. It contains no secret.
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

/// What may be shown of a credential: everything but its signature, whose numbers are secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownCredential {
    /// The credential's id in the wallet.
    pub id: String,
    /// The schema's id.
    pub schema_id: String,
    /// The credential definition's id.
    pub cred_def_id: String,
    /// The revocation registry's id, if the credential can be revoked.
    pub rev_reg_id: Option<String>,
    /// The credential's index in that registry.
    pub cred_rev_id: Option<String>,
    /// The name of the link secret that it was issued for, where an imported record said it.
    pub link_secret: Option<String>,
    /// The values by name, raw and encoded.
    pub values: BTreeMap<String, HeldValue>,
}

/// A credential that can answer a referent of a proof request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The credential.
    pub cred_info: CredentialInfo,
    /// The interval in which it must be proved not revoked, if the request asks for that.
    pub interval: Option<Interval>,
}
