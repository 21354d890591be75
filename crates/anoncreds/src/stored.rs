//! The records that this crate keeps in a wallet: their categories, form and tags.
//!
//! | category | name | value | tags |
//! |---|---|---|---|
//! | `credential_definition` | the id | public part, private part, key correctness proof | none |
//! | `link_secret` | its name | the library's `LinkSecret` | none |
//! | `credential_request` | a random one | the metadata of a request that is not answered yet | none |
//! | `credential` | the credential's id | the library's `Credential`, and perhaps an [`Origin`] as its member `origin`, and the name of its link secret as `link_secret` | see [`CredentialView::tags`] |
//!
//! A credential definition is one record, so that a crash cannot leave a public part without its
//! private part.

use std::collections::{BTreeMap, BTreeSet};

use credx::Object;
use indy_credx::types::{
    Credential, CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof,
    LinkSecret,
};
use proofs::{
    ClassTags, CredentialFacts, HeldCredential, HeldCredentials, HeldValue, Tags, names::fold,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wallet::{
    Wallet,
    category::{CREDENTIAL, CREDENTIAL_DEFINITION, LINK_SECRET},
    record::{Record, Tag as RecordTag},
};
use zeroize::Zeroizing;

use crate::{
    error::AnoncredsError,
    types::{CredentialInfo, ShownCredential},
};

/// A credential definition as its issuer keeps it.
#[derive(Serialize)]
pub(crate) struct StoredCredDef {
    /// The schema's id, because the public part contains only the schema's sequence number.
    pub schema_id: String,
    pub public: CredentialDefinition,
    pub private: CredentialDefinitionPrivate,
    pub key_correctness_proof: CredentialKeyCorrectnessProof,
}

/// The same as it is stored, with its parts not yet parsed.
#[derive(Deserialize)]
struct CredDefRecord<'r> {
    schema_id: String,
    #[serde(borrow)]
    public: &'r RawValue,
    #[serde(borrow)]
    private: &'r RawValue,
    #[serde(borrow)]
    key_correctness_proof: &'r RawValue,
}

/// What the registry's objects say of a credential, where its identifiers may not say it. Only what
/// is known is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Origin {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_issuer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_id: Option<String>,
}

impl Origin {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Leaves out what the identifiers of a credential say themselves.
    pub fn without(self, facts: &CredentialFacts) -> Self {
        let unless = |given: Option<String>, said: &Option<String>| {
            given.filter(|given| said.as_ref() != Some(given))
        };
        Self {
            schema_name: unless(self.schema_name, &facts.schema_name),
            schema_version: unless(self.schema_version, &facts.schema_version),
            schema_issuer_id: unless(self.schema_issuer_id, &facts.schema_issuer_did),
            issuer_id: unless(self.issuer_id, &facts.issuer_did),
        }
    }

    /// Completes the facts that identifiers say.
    pub fn complete(&self, facts: CredentialFacts) -> CredentialFacts {
        let or = |given: &Option<String>, read: Option<String>| given.clone().or(read);
        CredentialFacts {
            schema_name: or(&self.schema_name, facts.schema_name),
            schema_version: or(&self.schema_version, facts.schema_version),
            schema_issuer_did: or(&self.schema_issuer_id, facts.schema_issuer_did),
            issuer_did: or(&self.issuer_id, facts.issuer_did),
            ..facts
        }
    }
}

/// A class of credentials, as the class directory has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ClassEntry {
    pub cred_def_id: String,
    pub schema_id: String,
    /// The folded names.
    pub attributes: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Origin::is_empty")]
    pub origin: Origin,
}

impl ClassEntry {
    /// Returns the tags that all credentials of the class have in common.
    pub fn tags(&self) -> ClassTags {
        let without_texts = self.attributes.iter().map(|name| (name, ""));
        let facts =
            CredentialFacts::from_ids(&self.schema_id, &self.cred_def_id, None, without_texts);
        ClassTags::from(self.origin.complete(facts))
    }
}

/// Parses a record's value. The error of a damaged value does not contain the value.
pub(crate) fn parse<'v, T: Deserialize<'v>>(
    wallet: &str,
    what: &'static str,
    name: &str,
    value: &'v [u8],
) -> Result<T, AnoncredsError> {
    serde_json::from_slice(value).map_err(|error| {
        // the message of serde_json quotes the value; a position cannot leak it
        let reason =
            format!("its JSON breaks off at line {}, column {}", error.line(), error.column());
        damaged(wallet, what, name, reason)
    })
}

/// Parses an object of the library, from a record or a part of one.
pub(crate) fn parse_object<T: Object>(
    wallet: &str,
    what: &'static str,
    name: &str,
    json: &RawValue,
) -> Result<T, AnoncredsError> {
    credx::parse(json.get()).map_err(|error| damaged(wallet, what, name, error.reason))
}

fn damaged(wallet: &str, what: &'static str, name: &str, reason: String) -> AnoncredsError {
    AnoncredsError::DamagedRecord { what, id: name.to_owned(), wallet: wallet.to_owned(), reason }
}

/// Serializes a record. The bytes are wiped when dropped, because most records hold a secret.
pub(crate) fn to_bytes<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<Zeroizing<Vec<u8>>, AnoncredsError> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(|error| AnoncredsError::Library { operation: what, reason: error.to_string() })
}

pub(crate) async fn link_secret(wallet: &Wallet, name: &str) -> Result<LinkSecret, AnoncredsError> {
    let value = wallet.fetch_record(LINK_SECRET, name).await?;
    let value = value.ok_or_else(|| AnoncredsError::LinkSecretNotFound {
        name: name.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    let (wallet, what) = (wallet.id(), "link secret");
    parse_object(wallet, what, name, parse(wallet, what, name, &value)?)
}

pub(crate) async fn cred_def(wallet: &Wallet, id: &str) -> Result<StoredCredDef, AnoncredsError> {
    let value = wallet.fetch_record(CREDENTIAL_DEFINITION, id).await?;
    let value = value.ok_or_else(|| AnoncredsError::CredDefNotFound {
        id: id.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    let (wallet, what) = (wallet.id(), "credential definition");
    let record: CredDefRecord<'_> = parse(wallet, what, id, &value)?;
    Ok(StoredCredDef {
        schema_id: record.schema_id,
        public: parse_object(wallet, what, id, record.public)?,
        private: parse_object(wallet, what, id, record.private)?,
        key_correctness_proof: parse_object(wallet, what, id, record.key_correctness_proof)?,
    })
}

pub(crate) async fn credential(wallet: &Wallet, id: &str) -> Result<Credential, AnoncredsError> {
    let value = wallet.fetch_record(CREDENTIAL, id).await?;
    let value = value.ok_or_else(|| AnoncredsError::CredentialNotFound {
        id: id.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    let (wallet, what) = (wallet.id(), "credential");
    parse_object(wallet, what, id, parse(wallet, what, id, &value)?)
}

/// Returns those of these credentials that the wallet holds, without their signatures.
pub(crate) async fn held(
    wallet: &Wallet,
    ids: impl IntoIterator<Item = &String>,
) -> Result<HeldCredentials, AnoncredsError> {
    let mut held = HeldCredentials::new();
    for id in ids {
        if let Some(value) = wallet.fetch_record(CREDENTIAL, id).await? {
            let view: CredentialView = parse(wallet.id(), "credential", id, &value)?;
            let credential = HeldCredential { tags: view.tags(), values: view.values };
            held.insert(id.clone(), credential);
        }
    }
    Ok(held)
}

/// The parts of a stored credential that search and display need: everything but the signature's
/// numbers, which take long to parse.
#[derive(Deserialize)]
pub(crate) struct CredentialView {
    schema_id: String,
    cred_def_id: String,
    rev_reg_id: Option<String>,
    values: BTreeMap<String, HeldValue>,
    signature: SignatureView,
    #[serde(default)]
    origin: Origin,
    #[serde(default)]
    link_secret: Option<String>,
}

#[derive(Deserialize)]
struct SignatureView {
    r_credential: Option<RevocationView>,
}

#[derive(Deserialize)]
struct RevocationView {
    i: u32,
}

impl CredentialView {
    /// Returns the credential's description; `referent` is its id in the wallet.
    pub fn describe(self, referent: &str) -> CredentialInfo {
        let attrs = self.values.into_iter();
        CredentialInfo {
            referent: referent.to_owned(),
            attrs: attrs.map(|(name, value)| (name, value.raw)).collect(),
            schema_id: self.schema_id,
            cred_def_id: self.cred_def_id,
            rev_reg_id: self.rev_reg_id,
            cred_rev_id: self.signature.r_credential.map(|revocation| revocation.i.to_string()),
        }
    }

    /// Returns everything that may be shown of the credential; `id` is its id in the wallet.
    pub fn show(self, id: &str) -> ShownCredential {
        ShownCredential {
            id: id.to_owned(),
            schema_id: self.schema_id,
            cred_def_id: self.cred_def_id,
            rev_reg_id: self.rev_reg_id,
            cred_rev_id: self.signature.r_credential.map(|revocation| revocation.i.to_string()),
            link_secret: self.link_secret,
            values: self.values,
        }
    }

    /// Returns the name of the link secret that the credential was issued for, where it is
    /// recorded.
    pub fn into_link_secret(self) -> Option<String> {
        self.link_secret
    }

    /// Returns the encoded value of an attribute, by its folded name.
    pub fn encoded(&self, folded: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values.find(|(name, _)| fold(name) == folded).map(|(_, value)| value.encoded.as_str())
    }

    /// Returns the tags by which the credential is found, under the names that libindy, ACA-Py and
    /// Credo use. What neither an identifier nor the [`Origin`] says has no tag.
    pub fn tags(&self) -> Tags {
        let attributes = self.values.iter();
        let facts = CredentialFacts::from_ids(
            &self.schema_id,
            &self.cred_def_id,
            self.rev_reg_id.as_deref(),
            attributes.map(|(name, value)| (name, &value.raw)),
        );
        Tags::from(self.origin.complete(facts))
    }

    /// Returns the class that the credential belongs to.
    pub fn class(&self) -> ClassEntry {
        ClassEntry {
            cred_def_id: self.cred_def_id.clone(),
            schema_id: self.schema_id.clone(),
            attributes: self.values.keys().map(|name| fold(name)).collect(),
            origin: self.origin.clone(),
        }
    }

    /// Parses a record that was read through the index.
    ///
    /// # Errors
    ///
    /// When the record is damaged.
    pub fn from_record(wallet: &Wallet, record: &Record) -> Result<Self, AnoncredsError> {
        parse(wallet.id(), "credential", &record.name, &record.value)
    }
}

/// Converts tags to the wallet's form.
pub(crate) fn to_record_tags(tags: &Tags) -> Vec<RecordTag> {
    tags.iter().map(|(name, value)| RecordTag::new(name.to_string(), value)).collect()
}

/// The greatest length of a credential's id and of an attribute's name, in bytes: PostgreSQL's
/// indexes take about 2,700 bytes of the encrypted form.
const MAX_NAME_LENGTH: usize = 1_024;

/// Checks that a credential's id and the names of its attributes can be stored in every kind of
/// wallet.
///
/// # Errors
///
/// When one of them is too long.
pub(crate) fn check_names(id: &str, credential: &CredentialView) -> Result<(), AnoncredsError> {
    let names = credential.values.keys().map(String::as_str);
    match names.chain([id]).find(|name| name.len() > MAX_NAME_LENGTH) {
        None => Ok(()),
        Some(long) => Err(AnoncredsError::InvalidStructure {
            what: "a credential's id or attribute name".to_owned(),
            reason: format!(
                "it has {} bytes, and at most {MAX_NAME_LENGTH} are allowed",
                long.len()
            ),
            remedy: "choose a shorter one",
        }),
    }
}
