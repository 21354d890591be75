//! The issuer's calls: schema, credential definition, offer, credential.

use std::collections::BTreeSet;

use indy_credx::{
    issuer,
    types::{
        AttributeNames, Credential, CredentialDefinition,
        CredentialDefinitionConfig as LibraryConfig, CredentialOffer, CredentialRequest,
        CredentialValues, DidValue, MakeCredentialValues, Schema, SchemaId, SignatureType,
    },
};
use proofs::{encoding::encode, names::fold};

use super::{PreparedKey, library, stored};
use crate::{
    error::{AnoncredsError, WalletError},
    wallet::Wallet,
};

/// The most attributes that a schema may have, on an Indy ledger as here.
const MAX_ATTRIBUTES: usize = 125;

/// Create a credential schema (action 8): the attribute names under a name and a version.
///
/// Its id is `<issuer DID>:2:<name>:<version>`. It has no sequence number before the ledger gives
/// it one.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] when the DID, name or version is not usable, when there
/// are no attributes or more than 125, or when two names are the same without spaces and case.
pub fn issuer_create_schema(
    issuer_did: &str,
    name: &str,
    version: &str,
    attributes: &[&str],
) -> Result<Schema, AnoncredsError> {
    let invalid = |reason: String| AnoncredsError::InvalidStructure {
        what: format!("schema `{name}` {version}"),
        reason,
        remedy: "mend the call",
    };
    if attributes.is_empty() || attributes.len() > MAX_ATTRIBUTES {
        return Err(invalid(format!(
            "it has {} attributes; 1 to {MAX_ATTRIBUTES} are possible",
            attributes.len()
        )));
    }
    if [name, version]
        .iter()
        .any(|part| part.is_empty() || part.contains(':'))
    {
        return Err(invalid(
            "name and version must not be empty nor contain `:`, for they become part of the id"
                .to_owned(),
        ));
    }
    let mut folded = BTreeSet::new();
    for attribute in attributes {
        if fold(attribute).is_empty() {
            return Err(invalid("an attribute name is empty".to_owned()));
        }
        if !folded.insert(fold(attribute)) {
            return Err(invalid(format!(
                "attribute `{attribute}` is there twice (names compare without spaces and case)"
            )));
        }
    }
    let names: Vec<String> = attributes.iter().map(|&name| name.to_owned()).collect();
    issuer::create_schema(
        &DidValue(issuer_did.to_owned()),
        name,
        version,
        AttributeNames::from(names),
        None,
    )
    .map_err(|error| invalid(error.to_string()))
}

/// How a credential definition is made.
#[derive(Debug, Clone, Default)]
pub struct CredentialDefinitionConfig {
    /// Whether its credentials can be revoked later.
    pub support_revocation: bool,
    /// Where its key comes from.
    pub key: KeySource,
}

/// Where a credential definition's key comes from.
#[derive(Debug, Clone, Default)]
pub enum KeySource {
    /// A fresh key; finding its safe primes takes seconds.
    #[default]
    Generate,
    /// A key made in advance; without revocation.
    Prepared(PreparedKey),
}

/// Create a credential definition for `schema` and keep its private part in the wallet
/// (action 11).
///
/// Its id is `<issuer DID>:3:CL:<schema sequence number>:<tag>`, so read the schema from the
/// ledger first: only there has it its sequence number.
///
/// # Errors
///
/// [`AnoncredsError::CredDefAlreadyExists`] if the wallet has one under this id, decided before
/// any prime is searched; [`AnoncredsError::InvalidStructure`] if schema, DID or prepared key do
/// not fit together; [`AnoncredsError::Wallet`] from the store.
pub async fn issuer_create_and_store_credential_def(
    wallet: &Wallet,
    issuer_did: &str,
    schema: &Schema,
    tag: &str,
    config: &CredentialDefinitionConfig,
) -> Result<CredentialDefinition, AnoncredsError> {
    const OPERATION: &str = "create a credential definition";
    let origin = DidValue(issuer_did.to_owned());
    let Schema::SchemaV1(parts) = schema;
    let id = issuer::make_credential_definition_id(
        &origin,
        &parts.id,
        parts.seq_no,
        tag,
        SignatureType::CL,
    )
    .map_err(library::refused("name a credential definition"))?
    .0;
    let exists = || AnoncredsError::CredDefAlreadyExists {
        id: id.clone(),
        wallet: wallet.id().to_owned(),
    };
    if wallet
        .fetch_record(stored::CREDENTIAL_DEFINITION, &id)
        .await?
        .is_some()
    {
        return Err(exists());
    }
    if matches!(config.key, KeySource::Prepared(_)) && config.support_revocation {
        return Err(AnoncredsError::InvalidStructure {
            what: "the prepared key".to_owned(),
            reason: "it has no part for revocation".to_owned(),
            remedy: "generate a key instead",
        });
    }

    let schema_id = parts.id.0.clone();
    let (owned_schema, owned_tag, config) = (schema.clone(), tag.to_owned(), config.clone());
    let (record, public) = library::run(OPERATION, move || {
        let (public, private, key_correctness_proof) = match config.key {
            KeySource::Prepared(key) => key.into_cred_def(&origin, &owned_schema, &owned_tag)?,
            KeySource::Generate => issuer::create_credential_definition(
                &origin,
                &owned_schema,
                &owned_tag,
                SignatureType::CL,
                LibraryConfig::new(config.support_revocation),
            )
            .map_err(library::refused(OPERATION))?,
        };
        let record = stored::StoredCredDef {
            schema_id,
            public,
            private,
            key_correctness_proof,
        };
        Ok((stored::to_bytes(OPERATION, &record)?, record.public))
    })
    .await?;
    match wallet
        .insert_record(stored::CREDENTIAL_DEFINITION, &id, &record, &[])
        .await
    {
        Err(WalletError::ItemAlreadyExists { .. }) => Err(exists()),
        outcome => outcome.map(|()| public).map_err(Into::into),
    }
}

/// Offer a credential (action 14): a nonce, and the proof that the issuer's key is well made.
///
/// # Errors
///
/// [`AnoncredsError::CredDefNotFound`] if the wallet does not hold the credential definition.
pub async fn issuer_create_credential_offer(
    wallet: &Wallet,
    cred_def_id: &str,
) -> Result<CredentialOffer, AnoncredsError> {
    let cred_def = stored::cred_def(wallet, cred_def_id).await?;
    issuer::create_credential_offer(
        &SchemaId(cred_def.schema_id),
        &cred_def.public,
        &cred_def.key_correctness_proof,
    )
    .map_err(library::refused("create a credential offer"))
}

/// Attribute values in the form that is signed: each raw value with its standard encoding.
///
/// ```
/// # #[allow(clippy::unwrap_used)]
/// let values = indy::anoncreds::credential_values([("name", "Alex"), ("age", "28")]);
/// assert_eq!(values.0["age"].encoded, "28");
/// ```
pub fn credential_values<'a>(
    values: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> CredentialValues {
    let mut made = MakeCredentialValues::default();
    for (name, raw) in values {
        made.add_encoded(name, raw, encode(raw));
    }
    made.into()
}

/// Create the credential for a request (action 16).
///
/// # Errors
///
/// [`AnoncredsError::CredDefNotFound`]; [`AnoncredsError::InvalidStructure`] if the values are
/// not exactly the schema's attributes; [`AnoncredsError::Library`] if the request does not
/// answer this offer.
pub async fn issuer_create_credential(
    wallet: &Wallet,
    offer: &CredentialOffer,
    request: &CredentialRequest,
    values: CredentialValues,
) -> Result<Credential, AnoncredsError> {
    const OPERATION: &str = "create a credential";
    let cred_def = stored::cred_def(wallet, &offer.cred_def_id.0).await?;
    let offer = library::copy("the credential offer", offer)?;
    let request = library::copy("the credential request", request)?;
    library::run(OPERATION, move || {
        check_values(&cred_def.public, &values)?;
        issuer::create_credential(
            &cred_def.public,
            &cred_def.private,
            &offer,
            &request,
            values,
            None,
        )
        .map(|(credential, _, _)| credential)
        .map_err(library::refused(OPERATION))
    })
    .await
}

/// The values must be for exactly the attributes that the issuer's key can sign.
fn check_values(
    cred_def: &CredentialDefinition,
    values: &CredentialValues,
) -> Result<(), AnoncredsError> {
    let wanted = super::key::attributes_of(cred_def)?;
    let mut given = BTreeSet::new();
    for name in values.0.keys() {
        if !given.insert(fold(name)) {
            return Err(values_unusable(format!(
                "attribute `{name}` is there twice"
            )));
        }
    }
    let missing: Vec<&String> = wanted.difference(&given).collect();
    let unknown: Vec<&String> = given.difference(&wanted).collect();
    if missing.is_empty() && unknown.is_empty() {
        return Ok(());
    }
    Err(values_unusable(format!(
        "missing {missing:?}, not in the schema {unknown:?}"
    )))
}

fn values_unusable(reason: String) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: "the list of credential values".to_owned(),
        reason,
        remedy: "give one value for each attribute of the schema",
    }
}
