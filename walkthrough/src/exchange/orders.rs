//! Orders: which credentials are to be issued, by whom, with which values.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A file of orders.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Issuers whose keys may be made here.
    #[serde(default)]
    pub issuers: Vec<IssuerOrder>,
    /// Schemas of AnonCreds credentials.
    #[serde(default)]
    pub schemas: Vec<SchemaOrder>,
    /// The credentials.
    pub credentials: Vec<CredentialOrder>,
}

/// An issuer. It has no `Debug`: the seed is a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerOrder {
    /// Its DID.
    pub did: String,
    /// From which its key is made, if the wallet does not hold it yet; a random key if left out.
    #[serde(default, deserialize_with = "secret")]
    pub seed: Option<Zeroizing<String>>,
}

/// A schema of AnonCreds credentials.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaOrder {
    /// The DID of whoever writes it to the ledger.
    pub author: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The names of its attributes.
    pub attributes: Vec<String>,
}

/// How a credential is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum OrderedProof {
    /// Attribute by attribute: the draft's own.
    #[default]
    Ed25519VerificationKey2018,
    /// Attribute by attribute, with the proof's own members.
    JcsEd25519Signature2020,
    /// Attribute by attribute, as linked data.
    Ed25519Signature2018,
    /// As a whole, for proofs in zero knowledge: AnonCreds.
    CLSignature2019,
}

/// A credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CredentialOrder {
    /// Its id; a fresh UUID if left out.
    #[serde(default)]
    pub id: Option<String>,
    /// How it is signed.
    #[serde(default)]
    pub proof_type: OrderedProof,
    /// The issuer's DID.
    pub issuer: String,
    /// The id of its schema.
    #[serde(default)]
    pub schema: Option<String>,
    /// Instead: the context of its type.
    #[serde(default)]
    pub context: Option<String>,
    /// And its type.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// From when it is valid; now if left out.
    #[serde(default)]
    pub issuance_date: Option<String>,
    /// Until when; for ever if left out.
    #[serde(default)]
    pub expiration_date: Option<String>,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Zeroizing<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Zeroizing::new))
}
