//! What a wallet holds: counting and listing.

use std::collections::VecDeque;

use serde::Serialize;
use stdx::task::boxed;
use wallet::{
    Wallet,
    category::{CREDENTIAL, LINK_SECRET},
    did,
    record::{ItemId, Record},
};

use crate::{
    error::AnoncredsError,
    stored::{self, CredentialView},
    types::{CredentialInfo, ShownCredential},
};

const CRED_DEF_TAG: &str = "cred_def_id";

/// How many of each kind a wallet holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct WalletContents {
    /// Credentials of the holder.
    pub credentials: u64,
    /// Link secrets.
    pub link_secrets: u64,
    /// DIDs whose private keys the wallet has.
    pub dids: u64,
}

/// Counts what a wallet holds. The cost grows with the number of credentials, but is small for
/// each.
///
/// # Errors
///
/// [`AnoncredsError::Wallet`], [`AnoncredsError::Did`].
#[boxed]
pub async fn wallet_contents(wallet: &Wallet) -> Result<WalletContents, AnoncredsError> {
    let index = wallet.index().await?;
    let mut credentials = 0;
    for cred_def_id in index.distinct_values(CRED_DEF_TAG).await? {
        let term = index.term(CRED_DEF_TAG, &cred_def_id)?;
        credentials += index.count(&term, usize::MAX).await? as u64;
    }
    Ok(WalletContents {
        credentials,
        link_secrets: wallet.record_names(LINK_SECRET).await?.len() as u64,
        dids: did::list_my_dids(wallet).await?.len() as u64,
    })
}

/// A walk through the credentials of a wallet, a page at a time: by credential definition, and
/// within one in the order in which they were stored. It holds no connection; a credential that is
/// stored meanwhile may be among them.
pub struct CredentialList<'w> {
    wallet: &'w Wallet,
    /// The credential definitions that have not been read to their ends.
    cred_def_ids: VecDeque<String>,
    after: ItemId,
}

/// Begins a walk through the credentials of a wallet.
///
/// # Errors
///
/// [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_list_credentials<'w>(
    wallet: &'w Wallet,
) -> Result<CredentialList<'w>, AnoncredsError> {
    let mut cred_def_ids = wallet.index().await?.distinct_values(CRED_DEF_TAG).await?;
    cred_def_ids.sort();
    Ok(CredentialList { wallet, cred_def_ids: cred_def_ids.into(), after: 0 })
}

/// Returns the next credentials of a walk, `count` at most; none at its end.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_fetch_listed_credentials(
    list: &mut CredentialList<'_>,
    count: usize,
) -> Result<Vec<CredentialInfo>, AnoncredsError> {
    let mut found = Vec::new();
    for record in list.records(count).await? {
        found.push(CredentialView::from_record(list.wallet, &record)?.describe(&record.name));
    }
    Ok(found)
}

impl CredentialList<'_> {
    /// Returns the next records; none at the end.
    pub(crate) async fn records(&mut self, count: usize) -> Result<Vec<Record>, AnoncredsError> {
        let index = self.wallet.index().await?;
        while let Some(cred_def_id) = self.cred_def_ids.front() {
            let term = index.term(CRED_DEF_TAG, cred_def_id)?;
            let ids = index.ids(&[term], self.after, count).await?;
            let Some(last) = ids.last() else {
                self.cred_def_ids.pop_front();
                self.after = 0;
                continue;
            };
            self.after = *last;
            let records = index.records(CREDENTIAL, &ids).await?;
            // all of a page may have been removed meanwhile
            if !records.is_empty() {
                return Ok(records);
            }
        }
        Ok(Vec::new())
    }
}

/// Returns everything of a credential that may be shown: its values and identifiers, not its
/// signature.
///
/// # Errors
///
/// [`AnoncredsError::CredentialNotFound`], [`AnoncredsError::DamagedRecord`].
#[boxed]
pub async fn prover_show_credential(
    wallet: &Wallet,
    cred_id: &str,
) -> Result<ShownCredential, AnoncredsError> {
    Ok(view(wallet, cred_id).await?.show(cred_id))
}

/// Returns the name of the link secret that a credential was issued for, where the wallet has a
/// record of it. It is only a hint: a link secret may have been stored under another name since.
///
/// # Errors
///
/// [`AnoncredsError::CredentialNotFound`], [`AnoncredsError::DamagedRecord`].
#[boxed]
pub async fn prover_link_secret_of(
    wallet: &Wallet,
    cred_id: &str,
) -> Result<Option<String>, AnoncredsError> {
    Ok(view(wallet, cred_id).await?.into_link_secret())
}

async fn view(wallet: &Wallet, cred_id: &str) -> Result<CredentialView, AnoncredsError> {
    let value = wallet.fetch_record(CREDENTIAL, cred_id).await?;
    let value = value.ok_or_else(|| AnoncredsError::CredentialNotFound {
        id: cred_id.to_owned(),
        wallet: wallet.id().to_owned(),
    })?;
    stored::parse(wallet.id(), "credential", cred_id, &value)
}
