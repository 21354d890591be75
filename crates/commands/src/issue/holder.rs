//! The holder's part: asking for a credential, and storing it.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use indy::{
    anoncreds::{
        self, Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
        ReceivedCredential,
    },
    error::LedgerError,
    pool,
    wallet::Wallet,
};
use proofs::encoding::encodes_to;
use stdx::text::Quoted;
use tutorial::{
    Tutorial, TutorialError,
    data::{LINK_SECRET, POOL_NAME, PROVER_DID, PROVER_WALLET},
    error::quoted,
    report,
    resume::OrAlreadyDone,
};

/// A holder with a wallet in a home.
pub(super) struct Holder<'t> {
    tutorial: &'t Tutorial,
    wallet: Arc<Wallet>,
    link_secret: String,
}

impl<'t> Holder<'t> {
    /// Opens the holder of a home: makes the wallet and the link secret where they are missing.
    pub async fn open(tutorial: &'t Tutorial, link_secret: Option<&str>) -> Result<Self> {
        // a new home learns of its pool here; another home has its ledger, or needs none
        let pool_config = tutorial.pool_config();
        if !pool_config.is_embedded() {
            pool::create_pool_ledger_config(tutorial.pools(), POOL_NAME, &pool_config)
                .await
                .or_already_done()?;
        }
        let wallet = tutorial.open_or_create_wallet(PROVER_WALLET).await?;
        let held = anoncreds::prover_list_link_secrets(&wallet).await?;
        let has = |name: &str| held.iter().any(|held| held == name);
        let link_secret = match (link_secret, held.as_slice()) {
            (name, []) => name.unwrap_or(LINK_SECRET),
            (Some(name), _) if has(name) => name,
            // a misspelt name must not make a second secret, which would divide the credentials
            (Some(name), held) => bail!(
                "the prover's wallet has no link secret {}; it has {}: name one of these",
                Quoted(name),
                held.join(", ")
            ),
            (None, [only]) => only,
            (None, _) if has(LINK_SECRET) => LINK_SECRET,
            (None, held) => bail!(
                "the prover's wallet has several link secrets, {}; name one with --link-secret",
                held.join(", ")
            ),
        };
        anoncreds::prover_create_master_secret(&wallet, link_secret).await.or_already_done()?;
        Ok(Self { tutorial, link_secret: link_secret.to_owned(), wallet })
    }

    /// Returns the holder with this wallet, who makes no request.
    pub fn of(wallet: Arc<Wallet>, tutorial: &'t Tutorial) -> Self {
        Self { tutorial, wallet, link_secret: LINK_SECRET.to_owned() }
    }

    /// Asks for the credential of an offer. What unblinds it stays in the wallet.
    pub async fn request(&self, offer: &CredentialOffer) -> Result<CredentialRequest> {
        // the holder trusts its own public data, not the issuer's message
        let cred_def = self.cred_def(&offer.cred_def_id.0).await?;
        Ok(anoncreds::prover_request_credential(
            &self.wallet,
            PROVER_DID,
            offer,
            &cred_def,
            &self.link_secret,
        )
        .await?)
    }

    /// Stores a credential.
    pub async fn store(
        &self,
        id: Option<&str>,
        credential: &Credential,
    ) -> Result<ReceivedCredential> {
        let cred_def = self.cred_def(&credential.cred_def_id.0).await?;
        Ok(anoncreds::prover_receive_credential(&self.wallet, id, credential, &cred_def, None)
            .await?)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition> {
        let read = self.tutorial.read_cred_def(id).await;
        read.map_err(|error| unknown(self.tutorial, error))
    }
}

/// Returns the error of public data that a home does not have, with what to do.
pub(crate) fn unknown(tutorial: &Tutorial, error: TutorialError) -> anyhow::Error {
    let what = match &error {
        TutorialError::Ledger(LedgerError::NotFound { .. }) => error.to_string(),
        TutorialError::Gone { .. } => "the home has no ledger".to_owned(),
        _ => return error.into(),
    };
    let home = quoted(tutorial.home().directory());
    anyhow!(
        "{what}; take in the issuer's public data with `negotiate-proof public import FILE --home {home}`, or use the \
         issuer's pool with --genesis"
    )
}

/// Warns of values that the issuer has encoded in another way than the standard one.
pub(super) fn warn_of_encodings(credential: &Credential) {
    let values = credential.values.0.iter();
    let others = values.filter(|(_, value)| !encodes_to(&value.raw, &value.encoded));
    let mut others: Vec<String> = others.map(|(name, _)| Quoted(name).to_string()).collect();
    if !others.is_empty() {
        others.sort();
        report::warning(&format!(
            "the issuer has not encoded {} in the standard way; verifiers refuse a presentation that shows it",
            others.join(", ")
        ));
    }
}
