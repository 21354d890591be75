//! The issuer's part: DID, schema, credential definition, offer.

use std::{collections::BTreeSet, io::Write, path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow, ensure};
use indy::{
    anoncreds::{self, CredentialDefinition, CredentialDefinitionConfig, CredentialOffer, Schema},
    did::{self, MyDidConfig},
    error::{AnoncredsError, DidError, LedgerError},
    ledger::{self, LedgerRequest, Role},
    pool::Pool,
    wallet::Wallet,
};
use proofs::objects;
use serde::Deserialize;
use serde_json::Value;
use stdx::text::{Quoted, Whole};
use tutorial::{
    Tutorial, TutorialError,
    data::{ISSUER_WALLET, STEWARD_SEED},
    input, output,
    resume::unless_on_ledger,
};

/// The author of a schema that is only checked.
const ANY_DID: &str = "Th7MpTaRZVRYnPiabds81Y";

/// A schema as a person writes it. The members beside `name`, `version` and `attributes` are those
/// of a schema in the forms of Indy and of AnonCreds 1.0, and say nothing here: the issuer makes a
/// schema of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemaFile {
    name: String,
    version: String,
    #[serde(alias = "attrNames", alias = "attr_names")]
    attributes: Vec<String>,
    #[serde(default, rename = "id")]
    _id: serde::de::IgnoredAny,
    #[serde(default, rename = "ver")]
    _ver: serde::de::IgnoredAny,
    #[serde(default, rename = "seqNo")]
    _seq_no: serde::de::IgnoredAny,
    #[serde(default, rename = "issuerId")]
    _issuer_id: serde::de::IgnoredAny,
}

impl SchemaFile {
    /// Reads a schema from a file.
    pub async fn read(path: &Path) -> Result<Self> {
        let text = input::text(path, "a schema").await?;
        let parse = || -> Result<Self> {
            objects::check_json(&text)?;
            let value: Value = serde_json::from_str(&text)?;
            let example = "write {\"name\": \"degree\", \"version\": \"1.0\", \"attributes\": [\"name\", \"grade\"]}";
            ensure!(value.is_object(), "expected a schema; {example}");
            let schema: Self =
                serde_json::from_value(value).map_err(|error| anyhow!("{error}; {example}"))?;
            // what is wrong with it is said before anything is made
            let names: Vec<&str> = schema.attributes().collect();
            anoncreds::issuer_create_schema(ANY_DID, &schema.name, &schema.version, &names)?;
            Ok(schema)
        };
        parse().with_context(|| format!("cannot use {}", path.display()))
    }

    /// Returns the names of the attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str)
    }
}

/// An issuer whose DID is on the home's ledger.
pub(super) struct Issuer<'t> {
    tutorial: &'t Tutorial,
    pool: Arc<Pool>,
    wallet: Arc<Wallet>,
    did: String,
}

impl<'t> Issuer<'t> {
    /// Opens the issuer of a name, or the one whose DID has a seed: makes the ledger, the wallet
    /// and the DID where they are missing, and has the steward write the DID to the ledger unless
    /// it is there, as in actions 1 to 7 of the tutorial.
    pub async fn open(tutorial: &'t Tutorial, name: &str, seed: Option<&str>) -> Result<Self> {
        let pool = tutorial.open_or_create_pool().await?;
        let wallet = tutorial.open_or_create_wallet(ISSUER_WALLET).await?;
        let config = match seed {
            Some(seed) => MyDidConfig::from_seed(seed),
            None => MyDidConfig::random().with_label(name),
        };
        let own = match did::create_and_store_my_did(&wallet, &config).await {
            Err(DidError::LabelExists { stored, .. }) => stored,
            made => made?,
        };
        let issuer = Self { tutorial, pool, wallet, did: own.did };
        let seed = MyDidConfig::from_seed(STEWARD_SEED);
        let steward = did::create_and_store_my_did(&issuer.wallet, &seed).await?.did;
        let role = Some(Role::TrustAnchor);
        let nym = ledger::build_nym_request(&steward, &issuer.did, Some(&own.verkey), None, role)?;
        issuer.submit(&steward, &nym).await?;
        Ok(issuer)
    }

    /// Returns the issuer's DID.
    pub fn did(&self) -> &str {
        &self.did
    }

    /// Returns the issuer's wallet.
    pub fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// Makes an offer, and the schema and the credential definition that it needs where they are
    /// missing: actions 8 to 11b and 14.
    pub async fn offer(&self, schema: &SchemaFile, tag: &str) -> Result<CredentialOffer> {
        let schema = self.schema(schema).await?;
        let cred_def = self.cred_def(&schema, tag).await?;
        let id = cred_def.id().to_string();
        Ok(anoncreds::issuer_create_credential_offer(&self.wallet, &id).await?)
    }

    async fn schema(&self, file: &SchemaFile) -> Result<Schema> {
        let names: Vec<&str> = file.attributes().collect();
        let schema = anoncreds::issuer_create_schema(&self.did, &file.name, &file.version, &names)?;
        let id = schema.id().to_string();
        let request = ledger::build_schema_request(&self.did, &schema)?;
        self.submit(&self.did, &request).await.map_err(|error| match error {
            TutorialError::Ledger(LedgerError::Refused { .. }) => anyhow!(error).context(format!(
                "the ledger does not take the schema {id}; if it has one with other attributes under this name and \
                 version, give another version"
            )),
            error => error.into(),
        })?;
        // only the ledger's copy has the sequence number that becomes part of the credential
        // definition's id
        Ok(ledger::read_schema(&self.pool, Some(&self.did), &id).await?)
    }

    async fn cred_def(&self, schema: &Schema, tag: &str) -> Result<CredentialDefinition> {
        let config =
            CredentialDefinitionConfig { support_revocation: false, ..self.tutorial.key_config() };
        let made = anoncreds::issuer_create_and_store_credential_def(
            &self.wallet,
            &self.did,
            schema,
            tag,
            &config,
        );
        let cred_def = match self.tutorial.wait_for_key(&config, made).await {
            Err(AnoncredsError::CredDefAlreadyExists { id, .. }) => {
                anoncreds::issuer_get_credential_def(&self.wallet, &id).await?
            }
            made => made?,
        };
        let request = ledger::build_cred_def_request(&self.did, &cred_def)?;
        self.submit(&self.did, &request).await?;
        Ok(cred_def)
    }

    /// Submits a request unless the ledger has already what it would write.
    async fn submit(&self, author: &str, request: &LedgerRequest) -> Result<(), TutorialError> {
        let submit = ledger::sign_and_submit_request(&self.pool, &self.wallet, author, request);
        unless_on_ledger(&self.pool, request, submit).await.map(drop)
    }

    /// Prints what an offer is of, for a person.
    pub fn print(&self, offer: &CredentialOffer) -> Result<()> {
        let mut out = output::text();
        writeln!(out, "Issuer:                 {}", Whole(&self.did))?;
        writeln!(out, "Schema:                 {}", Whole(&offer.schema_id.0))?;
        writeln!(out, "Credential definition:  {}", Whole(&offer.cred_def_id.0))?;
        Ok(())
    }
}

/// Opens the issuer's wallet of a home.
pub(super) async fn wallet(tutorial: &Tutorial) -> Result<Arc<Wallet>> {
    match tutorial.wallet(ISSUER_WALLET).await {
        Err(TutorialError::Gone { home, .. }) => Err(anyhow!(
            "there is no wallet of an issuer in {}; name the home that made the offer",
            home.display()
        )),
        opened => Ok(opened?),
    }
}

/// Returns the names of the attributes that a credential of an offer has, folded.
pub(super) async fn attributes(
    wallet: &Wallet,
    offer: &CredentialOffer,
) -> Result<BTreeSet<String>> {
    let id = &offer.cred_def_id.0;
    let cred_def = anoncreds::issuer_get_credential_def(wallet, id).await;
    let cred_def = cred_def.with_context(|| format!("cannot sign for the offer of {id}"))?;
    let schema_id = anoncreds::issuer_get_schema_id(wallet, id).await?;
    ensure!(
        schema_id == offer.schema_id.0,
        "the offer names the schema {}, and its credential definition is of {schema_id}; it was altered: take the offer \
         that this home made",
        Quoted(&offer.schema_id.0)
    );
    Ok(anoncreds::attributes_of(&cred_def)?)
}
