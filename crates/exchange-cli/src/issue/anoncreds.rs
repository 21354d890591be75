//! Issuing AnonCreds credentials between the wallets of one home.
//!
//! As in step 2 of the tutorial, with as many issuers, schemas and credentials as the orders say:
//! DIDs and schemas are written to the home's ledger, credential definitions made, credentials
//! issued and stored. Public data is published in the registry too. What exists already is used, so
//! that an issuance that was interrupted can be repeated.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use indy::{
    anoncreds::{self, CredentialDefinition, Schema},
    did::{self, MyDidConfig},
    error::{AnoncredsError, LedgerError},
    ledger::{self, LedgerRequest, Role},
    pool::Pool,
    wallet::Wallet,
};
use tutorial::{
    Tutorial,
    data::{LINK_SECRET, PROVER_DID, STEWARD_SEED},
    resume::OrAlreadyDone,
};

use super::orders::{OrderedCredential, OrderedSchema};
use crate::registry::{CRED_DEFS, Registry, SCHEMAS};

/// The tag of credential definitions.
const CRED_DEF_TAG: &str = "exchange";

/// Issues AnonCreds credentials.
pub struct AnoncredsIssuer<'i> {
    tutorial: &'i Tutorial,
    registry: &'i Registry,
    issuers: &'i Wallet,
    prover: &'i Wallet,
    pool: std::sync::Arc<Pool>,
    steward: String,
    cred_defs: BTreeMap<(String, String), CredentialDefinition>,
}

impl<'i> AnoncredsIssuer<'i> {
    /// Opens the home's ledger, makes it if it does not exist, and does the same with the holder's
    /// link secret.
    pub async fn open(
        tutorial: &'i Tutorial,
        registry: &'i Registry,
        issuers: &'i Wallet,
        prover: &'i Wallet,
    ) -> Result<Self> {
        let pool = tutorial.open_or_create_pool().await?;
        let seed = MyDidConfig::from_seed(STEWARD_SEED);
        let steward = did::create_and_store_my_did(issuers, &seed).await?.did;
        anoncreds::prover_create_master_secret(prover, LINK_SECRET).await.or_already_done()?;
        Ok(Self { tutorial, registry, issuers, prover, pool, steward, cred_defs: BTreeMap::new() })
    }

    /// Writes an issuer's DID to the ledger as a trust anchor.
    pub async fn register(&self, did: &str) -> Result<()> {
        let verkey = did::key_for_local_did(self.issuers, did).await?;
        let request = ledger::build_nym_request(
            &self.steward,
            did,
            Some(&verkey),
            None,
            Some(Role::TrustAnchor),
        )?;
        // a ledger that has it already refuses: only its owner may change it
        self.write_or_leave(&self.steward, &request).await
    }

    /// Writes to the ledger, unless it refuses.
    async fn write_or_leave(&self, author: &str, request: &LedgerRequest) -> Result<()> {
        match ledger::sign_and_submit_request(&self.pool, self.issuers, author, request).await {
            Ok(_) | Err(LedgerError::Refused { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a schema to the ledger, and publishes it.
    pub async fn write_schema(&self, ordered: &OrderedSchema) -> Result<()> {
        let author = indy_did(&ordered.author)?;
        let names: Vec<&str> = ordered.attributes.iter().map(String::as_str).collect();
        let schema =
            anoncreds::issuer_create_schema(author, &ordered.name, &ordered.version, &names)?;
        let id = schema.id().to_string();
        let request = ledger::build_schema_request(author, &schema)?;
        // a ledger that has this schema already, or another one, refuses: it is read and compared
        // below
        self.write_or_leave(author, &request).await?;
        let Schema::SchemaV1(there) = ledger::read_schema(&self.pool, None, &id)
            .await
            .with_context(|| format!("the schema {id} could not be written"))?;
        let Schema::SchemaV1(ours) = &schema;
        ensure!(
            there.attr_names.0 == ours.attr_names.0,
            "the ledger has another schema as {id}; give this one another version"
        );
        let document = anoncreds::schema_to_json(&Schema::SchemaV1(there))?;
        self.registry.publish(SCHEMAS, &id, &document, |there| *there == document)
    }

    /// Issues a credential and stores it in the prover's wallet. Returns `false` if the wallet had
    /// one with this id.
    pub async fn issue(&mut self, ordered: &OrderedCredential, id: &str) -> Result<bool> {
        match anoncreds::prover_get_credential(self.prover, id).await {
            Ok(_) => return Ok(false),
            Err(AnoncredsError::CredentialNotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let issuer = indy_did(&ordered.issuer)?;
        let Some(schema_id) = &ordered.schema else {
            bail!("an AnonCreds credential needs a `schema`; give the id of one");
        };
        let (issuers, prover) = (self.issuers, self.prover);
        let cred_def = self.cred_def(issuer, schema_id).await?;
        let cred_def_id = cred_def.id().to_string();
        let offer = anoncreds::issuer_create_credential_offer(issuers, &cred_def_id).await?;
        let (request, metadata) = anoncreds::prover_create_credential_req(
            prover,
            PROVER_DID,
            &offer,
            cred_def,
            LINK_SECRET,
        )
        .await?;
        let attributes = ordered.attributes.iter();
        let values = anoncreds::credential_values(
            attributes.map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let credential =
            anoncreds::issuer_create_credential(issuers, &offer, &request, values).await?;
        anoncreds::prover_store_credential(
            prover,
            Some(id),
            &metadata,
            &credential,
            cred_def,
            None,
        )
        .await?;
        Ok(true)
    }

    /// Returns the credential definition of an issuer for a schema; makes, writes and publishes it
    /// if need be.
    async fn cred_def(&mut self, issuer: &str, schema_id: &str) -> Result<&CredentialDefinition> {
        let key = (issuer.to_owned(), schema_id.to_owned());
        if !self.cred_defs.contains_key(&key) {
            let cred_def = self.find_or_make_cred_def(issuer, schema_id).await?;
            let id = cred_def.id().to_string();
            let document = serde_json::to_value(&cred_def)?;
            self.registry.publish(CRED_DEFS, &id, &document, |there| *there == document)?;
            self.cred_defs.insert(key.clone(), cred_def);
        }
        self.cred_defs.get(&key).context("a credential definition was lost")
    }

    async fn find_or_make_cred_def(
        &self,
        issuer: &str,
        schema_id: &str,
    ) -> Result<CredentialDefinition> {
        let schema = ledger::read_schema(&self.pool, Some(issuer), schema_id)
            .await
            .with_context(|| format!("the orders name no schema {schema_id}"))?;
        let made = anoncreds::issuer_create_and_store_credential_def(
            self.issuers,
            issuer,
            &schema,
            CRED_DEF_TAG,
            &self.tutorial.key_config(),
        )
        .await;
        let cred_def = match made {
            // an interrupted run has stored it, and may not have written it to the ledger
            Err(AnoncredsError::CredDefAlreadyExists { id, .. }) => {
                anoncreds::issuer_get_credential_def(self.issuers, &id).await?
            }
            made => made?,
        };
        let request = ledger::build_cred_def_request(issuer, &cred_def)?;
        if ledger::find_written(&self.pool, &request).await?.is_none() {
            ledger::sign_and_submit_request(&self.pool, self.issuers, issuer, &request).await?;
        }
        Ok(cred_def)
    }
}

/// Returns a DID as Indy's ids have it: without `did:sov:`.
fn indy_did(did: &str) -> Result<&str> {
    match did.strip_prefix("did:sov:") {
        Some(did) => Ok(did),
        None => bail!(
            "AnonCreds credentials are issued by a did:sov:..., and {did} is another kind of DID"
        ),
    }
}
