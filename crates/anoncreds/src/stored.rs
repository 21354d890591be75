//! The records that `anoncreds` keeps in a wallet: their categories, their form, their tags.
//!
//! | category | name | value | tags |
//! |---|---|---|---|
//! | `credential_definition` | the id | public part, private part, key correctness proof | none |
//! | `link_secret` | its name | the library's `LinkSecret` | none |
//! | `credential` | the credential's id | the library's `Credential` | see [`CredentialView::tags`] |
//!
//! A credential definition is one record, so that no crash can leave a public part without its
//! private part.

use std::collections::{BTreeMap, BTreeSet};

use aries_askar::entry::{Entry, EntryTag};
use indy_credx::types::{
    Credential, CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof,
    LinkSecret,
};
use proofs::{
    CredentialFacts, HeldCredential, HeldCredentials, HeldValue, Tags,
    identifiers::IdentifierError, names::fold,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::types::CredentialInfo;
use crate::error::AnoncredsError;
use wallet::{Record, Wallet};

pub(crate) use wallet::category::{CREDENTIAL, CREDENTIAL_DEFINITION, LINK_SECRET};

/// What an issuer keeps of a credential definition.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredCredDef {
    /// The schema's id; the public part names the schema by its sequence number only.
    pub schema_id: String,
    pub public: CredentialDefinition,
    pub private: CredentialDefinitionPrivate,
    pub key_correctness_proof: CredentialKeyCorrectnessProof,
}

/// What the directory says of one class.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct ClassEntry {
    pub cred_def_id: String,
    pub schema_id: String,
    /// Folded names.
    pub attributes: BTreeSet<String>,
}

/// Read a record's value; a value that does not parse is damage, reported without its content.
pub(super) fn parse<T: DeserializeOwned>(
    wallet: &str,
    what: &'static str,
    entry: &Entry,
) -> Result<T, AnoncredsError> {
    parse_value(wallet, what, &entry.name, &entry.value)
}

fn parse_value<T: DeserializeOwned>(
    wallet: &str,
    what: &'static str,
    name: &str,
    value: &[u8],
) -> Result<T, AnoncredsError> {
    serde_json::from_slice(value).map_err(|error| AnoncredsError::DamagedRecord {
        what,
        id: name.to_owned(),
        wallet: wallet.to_owned(),
        // serde_json quotes the offending value in its message; a position cannot leak one
        reason: format!(
            "its JSON breaks off at line {}, column {}",
            error.line(),
            error.column()
        ),
    })
}

/// The bytes of a record; zeroised when dropped, for most records hold a secret.
pub(super) fn to_bytes<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<Zeroizing<Vec<u8>>, AnoncredsError> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(|error| AnoncredsError::Library {
            operation: what,
            reason: error.to_string(),
        })
}

pub(super) async fn link_secret(wallet: &Wallet, name: &str) -> Result<LinkSecret, AnoncredsError> {
    let entry = wallet.fetch_record(LINK_SECRET, name).await?;
    let entry = entry.ok_or_else(|| AnoncredsError::LinkSecretNotFound {
        name: name.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    parse(wallet.id(), "link secret", &entry)
}

pub(super) async fn cred_def(wallet: &Wallet, id: &str) -> Result<StoredCredDef, AnoncredsError> {
    let entry = wallet.fetch_record(CREDENTIAL_DEFINITION, id).await?;
    let entry = entry.ok_or_else(|| AnoncredsError::CredDefNotFound {
        id: id.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    parse(wallet.id(), "credential definition", &entry)
}

pub(super) async fn credential(wallet: &Wallet, id: &str) -> Result<Credential, AnoncredsError> {
    let entry = wallet.fetch_record(CREDENTIAL, id).await?;
    let entry = entry.ok_or_else(|| AnoncredsError::CredentialNotFound {
        id: id.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    parse(wallet.id(), "credential", &entry)
}

/// Those of these credentials that the wallet holds, without their signatures.
pub(super) async fn held(
    wallet: &Wallet,
    ids: impl IntoIterator<Item = &String>,
) -> Result<HeldCredentials, AnoncredsError> {
    let mut held = HeldCredentials::new();
    for id in ids {
        if let Some(entry) = wallet.fetch_record(CREDENTIAL, id).await? {
            let view: CredentialView = parse(wallet.id(), "credential", &entry)?;
            let credential = HeldCredential {
                tags: view.tags()?,
                values: view.values,
            };
            held.insert(id.clone(), credential);
        }
    }
    Ok(held)
}

/// What search and display need of a stored credential: everything but the signature's numbers,
/// which are costly to parse.
#[derive(Deserialize)]
pub(super) struct CredentialView {
    schema_id: String,
    cred_def_id: String,
    rev_reg_id: Option<String>,
    values: BTreeMap<String, HeldValue>,
    signature: SignatureView,
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
    /// The credential's public description; `referent` is its id in the wallet.
    pub fn describe(self, referent: &str) -> CredentialInfo {
        let attrs = self.values.into_iter();
        CredentialInfo {
            referent: referent.to_owned(),
            attrs: attrs.map(|(name, value)| (name, value.raw)).collect(),
            schema_id: self.schema_id,
            cred_def_id: self.cred_def_id,
            rev_reg_id: self.rev_reg_id,
            cred_rev_id: self
                .signature
                .r_credential
                .map(|revocation| revocation.i.to_string()),
        }
    }

    /// The encoded value of an attribute, by its folded name.
    pub fn encoded(&self, folded: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(name, _)| fold(name) == folded)
            .map(|(_, value)| value.encoded.as_str())
    }

    /// The tags under which the credential is found: the names that libindy, ACA-Py and Credo
    /// use.
    ///
    /// # Errors
    ///
    /// When schema id or credential definition id have none of Indy's forms.
    pub fn tags(&self) -> Result<Tags, AnoncredsError> {
        let attributes = self.values.iter();
        let facts = CredentialFacts::from_ids(
            &self.schema_id,
            &self.cred_def_id,
            self.rev_reg_id.as_deref(),
            attributes.map(|(name, value)| (name, &value.raw)),
        );
        facts
            .map(Tags::from)
            .map_err(|error| unknown_form(&self.cred_def_id, &error))
    }

    /// The class that the credential belongs to.
    pub fn class(&self) -> ClassEntry {
        ClassEntry {
            cred_def_id: self.cred_def_id.clone(),
            schema_id: self.schema_id.clone(),
            attributes: self.values.keys().map(|name| fold(name)).collect(),
        }
    }

    /// Read a record of the index.
    ///
    /// # Errors
    ///
    /// When the record is damaged.
    pub fn of_record(wallet: &Wallet, record: &Record) -> Result<Self, AnoncredsError> {
        parse_value(wallet.id(), "credential", &record.name, &record.value)
    }
}

/// Tags in the store's own form; all of them are stored encrypted.
pub(super) fn to_entry_tags(tags: &Tags) -> Vec<EntryTag> {
    tags.iter()
        .map(|(name, value)| EntryTag::Encrypted(name.to_string(), value.to_owned()))
        .collect()
}

/// The longest id of a credential and name of an attribute, in bytes: PostgreSQL's indexes take no
/// more than some 2,700 of the encrypted form.
const LONGEST_NAME: usize = 1_024;

/// Check that a credential's id and the names of its attributes can be stored anywhere.
///
/// # Errors
///
/// When one of them is too long.
pub(super) fn check_names(id: &str, credential: &CredentialView) -> Result<(), AnoncredsError> {
    let names = credential.values.keys().map(String::as_str);
    match names.chain([id]).find(|name| name.len() > LONGEST_NAME) {
        None => Ok(()),
        Some(long) => Err(AnoncredsError::InvalidStructure {
            what: "a credential's id or attribute name".to_owned(),
            reason: format!(
                "it has {} bytes, and {LONGEST_NAME} are possible",
                long.len()
            ),
            remedy: "choose a shorter one",
        }),
    }
}

/// The error for a credential whose ids have none of Indy's forms.
pub(super) fn unknown_form(cred_def_id: &str, error: &IdentifierError) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: format!("a credential of `{cred_def_id}`"),
        reason: error.to_string(),
        remedy: "check what the issuer sent",
    }
}
