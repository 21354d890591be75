//! The prover's calls for its credentials: link secret, request, store, get, delete.

use std::collections::BTreeMap;

use indy_credx::{
    prover,
    types::{
        Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
        CredentialRequestMetadata, DidValue, RevocationRegistryDefinition,
    },
};
use proofs::{Restriction, tags::Tag};
use serde::Serialize;
use stdx::task::boxed;
use uuid::Uuid;
use wallet::{
    Wallet, WalletError,
    category::{CREDENTIAL, LINK_SECRET},
    record::NewRecord,
};

use crate::{
    classes,
    error::AnoncredsError,
    library, search,
    stored::{self, CredentialView},
    types::CredentialInfo,
};

/// A credential as it is stored, with the name of its link secret.
#[derive(Serialize)]
struct StoredCredential<'c> {
    #[serde(flatten)]
    credential: &'c Credential,
    link_secret: &'c str,
}

/// Creates the prover's link secret under a name (action 13; older texts call it "master secret").
///
/// The link secret is a random number of 256 bits that goes, blinded, into every credential of its
/// holder. It never leaves the wallet; only the name is returned.
///
/// # Errors
///
/// [`AnoncredsError::LinkSecretDuplicateName`] if the wallet has one of this name, which is kept.
#[boxed]
pub async fn prover_create_master_secret(
    wallet: &Wallet,
    name: &str,
) -> Result<String, AnoncredsError> {
    const OPERATION: &str = "create a link secret";
    let secret = library::call(OPERATION, prover::create_link_secret)?;
    let record = stored::to_bytes(OPERATION, &secret)?;
    match wallet
        .insert_record(NewRecord { category: LINK_SECRET, name, value: &record, tags: &[] })
        .await
    {
        Err(WalletError::ItemAlreadyExists { .. }) => {
            Err(AnoncredsError::LinkSecretDuplicateName {
                name: name.to_owned(),
                wallet: wallet.id().to_owned(),
            })
        }
        outcome => outcome.map(|()| name.to_owned()).map_err(Into::into),
    }
}

/// Returns the names of the wallet's link secrets, sorted. libindy has no such call.
///
/// # Errors
///
/// [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_list_link_secrets(wallet: &Wallet) -> Result<Vec<String>, AnoncredsError> {
    Ok(wallet.record_names(LINK_SECRET).await?)
}

/// Creates a credential request for an offer (action 15).
///
/// The request holds the blinded link secret and goes to the issuer. The metadata stays with the
/// prover until [`prover_store_credential`]: it unblinds the credential, so **it is secret**.
///
/// # Errors
///
/// [`AnoncredsError::LinkSecretNotFound`]; [`AnoncredsError::InvalidStructure`] if `cred_def` is
/// not the one that is offered; [`AnoncredsError::Library`] if the issuer's key is not correct.
#[boxed]
pub async fn prover_create_credential_req(
    wallet: &Wallet,
    prover_did: &str,
    offer: &CredentialOffer,
    cred_def: &CredentialDefinition,
    link_secret: &str,
) -> Result<(CredentialRequest, CredentialRequestMetadata), AnoncredsError> {
    const OPERATION: &str = "create a credential request";
    if cred_def.id().0 != offer.cred_def_id.0 {
        return Err(AnoncredsError::InvalidStructure {
            what: format!("credential definition `{}`", cred_def.id()),
            reason: format!("the offer is for `{}`", offer.cred_def_id),
            remedy: "read the one that the offer names from the ledger",
        });
    }
    let secret = stored::link_secret(wallet, link_secret).await?;
    let secret_name = link_secret.to_owned();
    let did = DidValue(prover_did.to_owned());
    let offer = library::copy(offer)?;
    let cred_def = library::copy(cred_def)?;
    library::run(OPERATION, move || {
        prover::create_credential_request(&did, &cred_def, &secret, &secret_name, &offer)
            .map_err(library::error(OPERATION))
    })
    .await
}

/// Checks a received credential, unblinds it, and stores it (action 17); returns its id.
///
/// `cred_id` is the id to store it under; a random one is chosen if it is `None`. The link secret
/// is the one that `metadata` names.
///
/// # Errors
///
/// [`AnoncredsError::CredentialForAnotherLinkSecret`] if the issuer's signature does not hold for
/// this wallet's link secret; [`AnoncredsError::CredentialAlreadyExists`];
/// [`AnoncredsError::LinkSecretNotFound`]; [`AnoncredsError::InvalidStructure`] if `cred_def` is
/// not the credential's.
#[boxed]
pub async fn prover_store_credential(
    wallet: &Wallet,
    cred_id: Option<&str>,
    metadata: &CredentialRequestMetadata,
    credential: &Credential,
    cred_def: &CredentialDefinition,
    rev_reg_def: Option<&RevocationRegistryDefinition>,
) -> Result<String, AnoncredsError> {
    const OPERATION: &str = "store a credential";
    let cred_def_id = credential.cred_def_id.0.clone();
    if cred_def.id().0 != cred_def_id {
        return Err(AnoncredsError::InvalidStructure {
            what: format!("credential definition `{}`", cred_def.id()),
            reason: format!("the credential is of `{cred_def_id}`"),
            remedy: "read the one that the credential names from the ledger",
        });
    }
    let secret_name = metadata.master_secret_name.clone();
    let bound_to = secret_name.clone();
    let secret = stored::link_secret(wallet, &secret_name).await?;
    let mut owned = library::copy(credential)?;
    let metadata = library::copy(metadata)?;
    let cred_def = library::copy(cred_def)?;
    let rev_reg_def = rev_reg_def.cloned();
    let (record, view) = library::run(OPERATION, move || {
        prover::process_credential(&mut owned, &metadata, &secret, &cred_def, rev_reg_def.as_ref())
            .map_err(|_| AnoncredsError::CredentialForAnotherLinkSecret {
                cred_def_id,
                link_secret: secret_name,
            })?;
        let record = stored::to_bytes(
            OPERATION,
            &StoredCredential { credential: &owned, link_secret: &bound_to },
        )?;
        let view: CredentialView =
            serde_json::from_slice(&record).map_err(|_| AnoncredsError::Library {
                operation: OPERATION,
                reason: "it gave a credential of an unknown form".to_owned(),
            })?;
        Ok((record, view))
    })
    .await?;

    let id = cred_id.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    stored::check_names(&id, &view)?;
    let tags = stored::to_record_tags(&view.tags());
    let class = view.class();
    let record = NewRecord { category: CREDENTIAL, name: &id, value: &record, tags: &tags };
    let stored = wallet.insert_and_update(record, classes::RECORD, |directory| {
        classes::with_entries(directory, [&class])
    });
    match stored.await {
        Err(AnoncredsError::Wallet(WalletError::ItemAlreadyExists { .. })) => {
            Err(AnoncredsError::CredentialAlreadyExists { id, wallet: wallet.id().to_owned() })
        }
        outcome => outcome.map(|()| id),
    }
}

/// Returns a credential of the wallet by its id.
///
/// # Errors
///
/// [`AnoncredsError::CredentialNotFound`], [`AnoncredsError::DamagedRecord`].
#[boxed]
pub async fn prover_get_credential(
    wallet: &Wallet,
    cred_id: &str,
) -> Result<CredentialInfo, AnoncredsError> {
    let value = wallet.fetch_record(CREDENTIAL, cred_id).await?;
    let value = value.ok_or_else(|| not_found(wallet, cred_id))?;
    let view: CredentialView = stored::parse(wallet.id(), "credential", cred_id, &value)?;
    Ok(view.describe(cred_id))
}

/// Returns the wallet's credentials that satisfy a filter, or all of them, in the order of a
/// search.
///
/// The filter is a restriction as in a proof request, for example
/// `{"schema_id": "...", "issuer_did": "..."}`.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_get_credentials(
    wallet: &Wallet,
    filter: Option<&Restriction>,
) -> Result<Vec<CredentialInfo>, AnoncredsError> {
    search::all_matching(wallet, filter).await
}

/// Returns the id of a credential that the wallet holds of the same credential definition and with
/// the same raw values, the first in the order of a search; `None` if it holds none. A program that
/// was stopped learns from it whether it had stored the credential.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_find_credential_like(
    wallet: &Wallet,
    credential: &Credential,
) -> Result<Option<String>, AnoncredsError> {
    Ok(find_like(wallet, credential).await?.into_iter().next())
}

/// Returns the ids of the credentials that [`prover_find_credential_like`] looks for.
pub(crate) async fn find_like(
    wallet: &Wallet,
    credential: &Credential,
) -> Result<Vec<String>, AnoncredsError> {
    let values = credential.values.0.iter();
    let values: BTreeMap<&str, &str> =
        values.map(|(name, value)| (name.as_str(), value.raw.as_str())).collect();
    let has_the_same = |info: &CredentialInfo| {
        info.attrs.iter().map(|(name, raw)| (name.as_str(), raw.as_str())).eq(values.clone())
    };
    let of_the_same = Restriction::Eq(Tag::CredDefId, credential.cred_def_id.0.clone());
    let held = search::all_matching(wallet, Some(&of_the_same)).await?;
    Ok(held.into_iter().filter(has_the_same).map(|info| info.referent).collect())
}

/// Deletes a credential of the wallet.
///
/// # Errors
///
/// [`AnoncredsError::CredentialNotFound`].
#[boxed]
pub async fn prover_delete_credential(
    wallet: &Wallet,
    cred_id: &str,
) -> Result<(), AnoncredsError> {
    match wallet.remove_record(CREDENTIAL, cred_id).await {
        Err(WalletError::ItemNotFound { .. }) => Err(not_found(wallet, cred_id)),
        outcome => outcome.map_err(Into::into),
    }
}

fn not_found(wallet: &Wallet, cred_id: &str) -> AnoncredsError {
    AnoncredsError::CredentialNotFound { id: cred_id.to_owned(), wallet: wallet.id().to_owned() }
}
