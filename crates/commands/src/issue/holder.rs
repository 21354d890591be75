//! The holder's part: asking for a credential, and storing it.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Result, anyhow, bail, ensure};
use indy::{
    anoncreds::{
        self, Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
        ReceivedCredential, Schema,
    },
    error::LedgerError,
    pool,
    wallet::Wallet,
};
use proofs::{encoding::encodes_to, names::fold};
use stdx::text::Quoted;
use tutorial::{
    Tutorial, TutorialError,
    data::{LINK_SECRET, POOL_NAME, PROVER_DID},
    error::quoted,
    resume::OrAlreadyDone,
};

use crate::holder::HolderOptions;

/// A holder with a wallet in a home.
pub(super) struct Holder<'t> {
    tutorial: &'t Tutorial,
    wallet: Arc<Wallet>,
    link_secret: String,
}

impl<'t> Holder<'t> {
    /// Opens the holder of a home: makes the wallet and the link secret where they are missing.
    pub async fn open(
        tutorial: &'t Tutorial,
        options: &HolderOptions,
        link_secret: Option<&str>,
    ) -> Result<Self> {
        // a new home learns of its pool here; another home has its ledger, or needs none
        let pool_config = tutorial.pool_config();
        if !pool_config.is_embedded() {
            pool::create_pool_ledger_config(tutorial.pools(), POOL_NAME, &pool_config)
                .await
                .or_already_done()?;
        }
        let wallet = options.wallet_or_new(tutorial).await?;
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
        self.check_schema(&offer.schema_id.0, &cred_def).await?;
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
        self.check_schema(&credential.schema_id.0, &cred_def).await?;
        Ok(anoncreds::prover_receive_credential(&self.wallet, id, credential, &cred_def, None)
            .await?)
    }

    async fn cred_def(&self, id: &str) -> Result<CredentialDefinition> {
        let read = self.tutorial.read_cred_def(id).await;
        read.map_err(|error| unknown(self.tutorial, id, error))
    }

    /// Checks that a schema is the one whose attributes a credential definition signs.
    async fn check_schema(&self, schema_id: &str, cred_def: &CredentialDefinition) -> Result<()> {
        let schema = self.tutorial.read_schema(schema_id).await;
        let Schema::SchemaV1(schema) =
            schema.map_err(|error| unknown(self.tutorial, schema_id, error))?;
        let names: BTreeSet<String> = schema.attr_names.0.iter().map(|name| fold(name)).collect();
        ensure!(
            names == anoncreds::attributes_of(cred_def)?,
            "the schema {} has other attributes than the credential definition {}; ask the issuer for an offer in which \
             both belong together",
            Quoted(schema_id),
            Quoted(&cred_def.id().0)
        );
        Ok(())
    }

    /// Returns the credential of the same credential definition, with the same values and bound to
    /// the same link secret, that the wallet has already.
    pub async fn held(&self, credential: &Credential) -> Result<Option<String>> {
        let Some(id) = anoncreds::prover_find_credential_like(&self.wallet, credential).await?
        else {
            return Ok(None);
        };
        let bound_to = anoncreds::prover_link_secret_of(&self.wallet, &id).await?;
        Ok(bound_to.is_some_and(|name| name == self.link_secret).then_some(id))
    }
}

/// Returns the error of public data that a home does not have, with what to do.
pub(crate) fn unknown(tutorial: &Tutorial, id: &str, error: TutorialError) -> anyhow::Error {
    let is_missing = matches!(
        error,
        TutorialError::Gone { .. }
            | TutorialError::Ledger(
                LedgerError::NotFound { .. } | LedgerError::InvalidInput { .. }
            )
    );
    if !is_missing {
        return error.into();
    }
    let home = quoted(tutorial.home().directory());
    anyhow!(
        "{} is not among the public data of this home; take in the issuer's with `negotiate-proof public import FILE \
         --home {home}`, or use the issuer's pool with --genesis",
        Quoted(id)
    )
}

/// Checks that each text encodes to what is signed. A text that was altered on the way does not,
/// and is not proved.
pub(super) fn check_encodings(credential: &Credential) -> Result<()> {
    let values = credential.values.0.iter();
    let others = values.filter(|(_, value)| !encodes_to(&value.raw, &value.encoded));
    let mut others: Vec<String> = others.map(|(name, _)| Quoted(name).to_string()).collect();
    others.sort();
    ensure!(
        others.is_empty(),
        "what is signed for {} is not the encoding of its text: the text was altered on the way, or the issuer encodes in \
         a way of its own, and verifiers refuse what shows it; ask the issuer, or store it nevertheless with --any-encoding",
        others.join(", ")
    );
    Ok(())
}
