//! Credentials that the prover has asked for, and whose issuer has not answered yet.
//!
//! libindy leaves it to its caller to keep the metadata of a credential request, which are secret.
//! A holder whose issuer is on another machine may wait for days, so here the wallet keeps them,
//! and a credential finds its own.

use indy_credx::types::{
    Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
    CredentialRequestMetadata, RevocationRegistryDefinition,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use stdx::task::boxed;
use uuid::Uuid;
use wallet::{
    Wallet,
    category::{CREDENTIAL, CREDENTIAL_REQUEST},
    record::NewRecord,
};

use crate::{
    error::AnoncredsError,
    prover::{find_like, prover_create_credential_req, prover_store_credential},
    stored,
};

const OPERATION: &str = "create a credential request";

/// A request that has not been answered, as the wallet keeps it.
#[derive(Serialize)]
struct PendingRequest<'r> {
    cred_def_id: &'r str,
    metadata: &'r CredentialRequestMetadata,
}

/// The same as it is stored, with its metadata not yet parsed.
#[derive(Deserialize)]
struct PendingRecord<'r> {
    cred_def_id: String,
    #[serde(borrow)]
    metadata: &'r RawValue,
}

/// A credential that an issuer has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedCredential {
    /// Its id in the wallet.
    pub id: String,
    /// Whether it was stored now; otherwise the wallet has it already.
    pub is_new: bool,
}

/// Creates a credential request for an offer, as [`prover_create_credential_req`] does, and keeps
/// its metadata in the wallet until [`prover_receive_credential`].
///
/// # Errors
///
/// Those of [`prover_create_credential_req`]; [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_request_credential(
    wallet: &Wallet,
    prover_did: &str,
    offer: &CredentialOffer,
    cred_def: &CredentialDefinition,
    link_secret: &str,
) -> Result<CredentialRequest, AnoncredsError> {
    let (request, metadata) =
        prover_create_credential_req(wallet, prover_did, offer, cred_def, link_secret).await?;
    let pending = PendingRequest { cred_def_id: &offer.cred_def_id.0, metadata: &metadata };
    let value = stored::to_bytes(OPERATION, &pending)?;
    let name = Uuid::new_v4().to_string();
    let record = NewRecord { category: CREDENTIAL_REQUEST, name: &name, value: &value, tags: &[] };
    wallet.insert_record(record).await?;
    Ok(request)
}

/// Stores a credential with the metadata of the pending request that it answers, which is no longer
/// pending then.
///
/// `cred_id` is as for [`prover_store_credential`]. A credential that was stored before is found
/// again, so that a program that was stopped in between may call this once more.
///
/// # Errors
///
/// [`AnoncredsError::CredentialNotRequested`] if it answers none of the wallet's pending requests,
/// and those of [`prover_store_credential`].
#[boxed]
pub async fn prover_receive_credential(
    wallet: &Wallet,
    cred_id: Option<&str>,
    credential: &Credential,
    cred_def: &CredentialDefinition,
    rev_reg_def: Option<&RevocationRegistryDefinition>,
) -> Result<ReceivedCredential, AnoncredsError> {
    const WHAT: &str = "credential request";
    if let Some(id) = find_same(wallet, credential).await? {
        return Ok(ReceivedCredential { id, is_new: false });
    }
    let cred_def_id = &credential.cred_def_id.0;
    let mut pending = 0;
    for name in wallet.record_names(CREDENTIAL_REQUEST).await? {
        let Some(value) = wallet.fetch_record(CREDENTIAL_REQUEST, &name).await? else {
            continue;
        };
        let record: PendingRecord<'_> = stored::parse(wallet.id(), WHAT, &name, &value)?;
        if record.cred_def_id != *cred_def_id {
            continue;
        }
        pending += 1;
        let metadata = stored::parse_object(wallet.id(), WHAT, &name, record.metadata)?;
        let stored =
            prover_store_credential(wallet, cred_id, &metadata, credential, cred_def, rev_reg_def);
        match stored.await {
            Ok(id) => {
                wallet.remove_record(CREDENTIAL_REQUEST, &name).await?;
                return Ok(ReceivedCredential { id, is_new: true });
            }
            // it answers another request, if any
            Err(AnoncredsError::CredentialForAnotherLinkSecret { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(AnoncredsError::CredentialNotRequested {
        cred_def_id: cred_def_id.clone(),
        pending,
        wallet: wallet.id().to_owned(),
    })
}

/// Returns the id under which the wallet has a credential already: one with the same values and the
/// same signature. (What the issuer has sent differs from what is stored: the wallet has completed
/// the signature.)
async fn find_same(
    wallet: &Wallet,
    credential: &Credential,
) -> Result<Option<String>, AnoncredsError> {
    const SIGNATURE: [&str; 2] = ["/signature/p_credential/a", "/signature/p_credential/e"];
    let sent = serde_json::to_value(credential).unwrap_or_default();
    for id in find_like(wallet, credential).await? {
        let Some(record) = wallet.fetch_record(CREDENTIAL, &id).await? else {
            continue;
        };
        let held: Value = stored::parse(wallet.id(), "credential", &id, &record)?;
        let is_same = |pointer: &str| {
            held.pointer(pointer).is_some_and(|part| Some(part) == sent.pointer(pointer))
        };
        if SIGNATURE.iter().all(|pointer| is_same(pointer)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
