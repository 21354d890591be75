//! A holder's choice: which credential answers which referent.
//!
//! The [preflight check](crate::preflight) checks it before a presentation is made; the
//! [disclosure](crate::disclosure) shows what a verifier would learn from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::names;
use crate::tags::{CredentialFacts, Tags};

/// Which credential answers which referent.
///
/// In JSON, it is what libindy calls `requested_credentials`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Texts that the holder states without a credential, by attribute referent.
    #[serde(default, rename = "self_attested_attributes")]
    pub self_attested: BTreeMap<String, String>,
    /// The credential for each attribute referent.
    #[serde(default, rename = "requested_attributes")]
    pub attributes: BTreeMap<String, ChosenForAttribute>,
    /// The credential for each predicate referent.
    #[serde(default, rename = "requested_predicates")]
    pub predicates: BTreeMap<String, ChosenForPredicate>,
}

/// The credential for an attribute referent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenForAttribute {
    /// The credential's id in the wallet.
    #[serde(rename = "cred_id")]
    pub credential: String,
    /// The moment at which it is proved not to be revoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
    /// Whether the value is revealed to the verifier, or only that there is one.
    pub revealed: bool,
}

/// The credential for a predicate referent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenForPredicate {
    /// The credential's id in the wallet.
    #[serde(rename = "cred_id")]
    pub credential: String,
    /// The moment at which it is proved not to be revoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
}

/// Credentials by their ids in the wallet.
pub type HeldCredentials = BTreeMap<String, HeldCredential>;

/// What a holder knows of a credential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldCredential {
    /// The facts that restrictions are about.
    pub tags: Tags,
    /// The attributes, by name as the issuer wrote it.
    pub values: BTreeMap<String, HeldValue>,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldValue {
    /// The text.
    pub raw: String,
    /// The integer that is signed, in decimal.
    pub encoded: String,
}

impl HeldCredential {
    /// Returns a credential with the tags that its identifiers say ([`CredentialFacts::from_ids`]).
    pub fn from_ids(
        schema_id: &str,
        cred_def_id: &str,
        rev_reg_id: Option<&str>,
        values: BTreeMap<String, HeldValue>,
    ) -> Self {
        let texts = values.iter().map(|(name, value)| (name, &value.raw));
        let facts = CredentialFacts::from_ids(schema_id, cred_def_id, rev_reg_id, texts);
        Self { tags: facts.into(), values }
    }

    /// Returns the attribute of a name, with the name as the issuer wrote it. Names compare without
    /// spaces and case.
    pub fn attribute(&self, name: &str) -> Option<(&str, &HeldValue)> {
        let mut values = self.values.iter();
        values.find(|(own, _)| names::same(own, name)).map(|(own, value)| (own.as_str(), value))
    }
}

impl Choice {
    /// Answers an attribute referent from a credential, and shows the value.
    #[must_use]
    pub fn reveal(self, referent: impl Into<String>, credential: impl Into<String>) -> Self {
        self.attribute(referent, credential, true)
    }

    /// Answers an attribute referent from a credential, and keeps the value hidden.
    #[must_use]
    pub fn hide(self, referent: impl Into<String>, credential: impl Into<String>) -> Self {
        self.attribute(referent, credential, false)
    }

    fn attribute(
        mut self,
        referent: impl Into<String>,
        credential: impl Into<String>,
        revealed: bool,
    ) -> Self {
        let chosen =
            ChosenForAttribute { credential: credential.into(), timestamp: None, revealed };
        self.attributes.insert(referent.into(), chosen);
        self
    }

    /// Proves a predicate referent from a credential.
    #[must_use]
    pub fn prove(mut self, referent: impl Into<String>, credential: impl Into<String>) -> Self {
        let chosen = ChosenForPredicate { credential: credential.into(), timestamp: None };
        self.predicates.insert(referent.into(), chosen);
        self
    }

    /// Answers an attribute referent with a text that the holder states without a credential.
    #[must_use]
    pub fn self_attest(mut self, referent: impl Into<String>, text: impl Into<String>) -> Self {
        self.self_attested.insert(referent.into(), text.into());
        self
    }

    /// Returns every use of a credential: its id, the moment at which it is proved not to be
    /// revoked, and the referent that it answers. A credential is presented once for each different
    /// moment.
    pub(crate) fn uses(&self) -> impl Iterator<Item = (&str, Option<u64>, &str)> {
        let attributes = self.attributes.iter().map(|(referent, chosen)| {
            (chosen.credential.as_str(), chosen.timestamp, referent.as_str())
        });
        let predicates = self.predicates.iter().map(|(referent, chosen)| {
            (chosen.credential.as_str(), chosen.timestamp, referent.as_str())
        });
        attributes.chain(predicates)
    }
}
