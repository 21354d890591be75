//! Actions 1 to 17: ledger, issuers, schemas, holders, credentials.
//!
//! What an interrupted run has done before is [not done again](tutorial::resume), as in the
//! tutorial's step 2.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, ensure};
use indy::{
    anoncreds::{self, CredentialDefinitionConfig, KeySource},
    did::{self, MyDid, MyDidConfig},
    ledger::{self, Role},
    pool::{self, Pool},
    wallet::{self, Wallet},
};
use stdx::text::Quoted;
use tutorial::{
    Tutorial,
    data::{LINK_SECRET, POOL_NAME, STEWARD_SEED},
    resume::{OrAlreadyDone, unless_on_ledger},
};

use super::{
    super::{
        model::{Credential, Holder, Issuer, Scenario, Schema},
        seed::Seed,
    },
    group::Subject,
    state::{Issued, SchemaIds},
    wallets,
};
use crate::holder::Account;

/// Plays actions 1 to 17, each as often as there are issuers, schemas, holders and credentials.
pub async fn issue(
    tutorial: &Tutorial,
    scenario: &Scenario,
    seed: Option<&Seed>,
) -> Result<Issued> {
    let mut issuance = Issuance {
        tutorial,
        scenario,
        seed,
        pool: open_ledger(tutorial).await?,
        stewards: BTreeMap::new(),
        issued: Issued::default(),
    };
    let issuers = scenario.issuers.iter();
    let issuers = issuers.map(|(name, issuer)| (name.as_str(), issuer.label.as_str(), issuer));
    for (subject, issuer) in Subject::all(tutorial, "Issuer", issuers) {
        issuance.add_issuer(subject, issuer).await?;
    }
    let schemas = scenario.schemas();
    let schemas = schemas.map(|(name, issuer, schema)| (name, issuer.label.as_str(), schema));
    for (subject, schema) in Subject::all(tutorial, "Issuer", schemas) {
        issuance.add_schema(subject, schema).await?;
    }
    let holders = scenario.holders.iter();
    let holders = holders.map(|(name, holder)| (name.as_str(), holder.name.as_str(), holder));
    for (subject, holder) in Subject::all(tutorial, "Holder", holders) {
        issuance.add_holder(subject, holder).await?;
    }
    let credentials = scenario.credentials.iter();
    let credentials =
        credentials.map(|(name, credential)| (name.as_str(), name.as_str(), credential));
    for (subject, credential) in Subject::all(tutorial, "Credential", credentials) {
        issuance.add_credential(subject, credential).await?;
    }
    Ok(issuance.issued)
}

async fn open_ledger(tutorial: &Tutorial) -> Result<Arc<Pool>> {
    tutorial.begin_repeated(1, "Creates a new local pool ledger configuration that is used later when connecting to ledger.").await?;
    let config = tutorial.pool_config();
    pool::create_pool_ledger_config(tutorial.pools(), POOL_NAME, &config)
        .await
        .or_already_done()?;
    tutorial.show("Pool ledger configuration", &POOL_NAME)?;

    tutorial.begin_repeated(2, "Open pool ledger and get its handle").await?;
    let pool =
        pool::open_pool_ledger_with(tutorial.pools(), POOL_NAME, tutorial.pool_options()).await?;
    let pool = tutorial.keep_pool(pool).await?;
    tutorial.show("Pool", &pool.name())?;
    Ok(pool)
}

/// What the actions share.
struct Issuance<'s> {
    tutorial: &'s Tutorial,
    scenario: &'s Scenario,
    seed: Option<&'s Seed>,
    pool: Arc<Pool>,
    /// The DIDs of the issuers' stewards, by the issuer's name.
    stewards: BTreeMap<String, String>,
    issued: Issued,
}

impl<'s> Issuance<'s> {
    /// Returns how a DID is made: from the file's seed, from `--seed`, or from a random key. By its
    /// label an interrupted run's DID is found again.
    fn did_config(&self, own: Option<&str>, role: &str, name: &str) -> MyDidConfig {
        match (own, self.seed) {
            (Some(seed), _) => MyDidConfig::from_seed(seed),
            (None, Some(seed)) => MyDidConfig::from_seed(&*seed.of_did(role, name)),
            (None, None) => MyDidConfig::random(),
        }
    }

    async fn issuer_wallet(&self, name: &str) -> Result<Arc<Wallet>> {
        let account = wallets::of_issuer(self.scenario, name);
        Ok(self.tutorial.wallet(account.open()).await?)
    }

    async fn open_wallet(&self, account: &Account) -> Result<Arc<Wallet>> {
        let (config, credentials) = self.tutorial.wallet_access(account.open());
        wallet::create_wallet(&config, &credentials).await.or_already_done()?;
        let open = wallet::open_wallet(&config, &credentials).await?;
        Ok(self.tutorial.keep_wallet(open).await)
    }

    /// Actions 3 to 7: an issuer's wallet and DIDs.
    async fn add_issuer(&mut self, subject: Subject<'s>, issuer: &Issuer) -> Result<()> {
        let (tutorial, name) = (self.tutorial, subject.name());
        subject.begin(3, "Creating Issuer wallet and opening it to get the handle.").await?;
        let wallet = self.open_wallet(&wallets::of_issuer(self.scenario, name)).await?;
        tutorial.show("Issuer wallet", &wallet.id())?;

        subject.begin(4, "Generating and storing steward DID and verkey").await?;
        let seed = issuer.steward.as_deref().unwrap_or(STEWARD_SEED);
        let steward = did::create_and_store_my_did(&wallet, &MyDidConfig::from_seed(seed)).await?;
        tutorial.show("Steward DID", &steward.did)?;
        tutorial.show("Steward Verkey", &steward.verkey)?;

        subject.begin(5, "Generating and storing trust anchor DID and verkey").await?;
        let config = self.did_config(issuer.seed.as_deref(), "issuer", name);
        let config = config.with_label("trust anchor");
        let anchor = did::create_and_store_my_did(&wallet, &config).await;
        let anchor = tutorial.or_stored_did(anchor)?;
        self.check_seeded(&config, &anchor, &wallet, issuer.seed.is_some(), name)?;
        tutorial.show("Trust anchor DID", &anchor.did)?;
        tutorial.show("Trust anchor Verkey", &anchor.verkey)?;

        subject.begin(6, "Building NYM request to add Trust Anchor to the ledger").await?;
        let (verkey, role) = (Some(anchor.verkey.as_str()), Some(Role::TrustAnchor));
        let request = ledger::build_nym_request(&steward.did, &anchor.did, verkey, None, role)?;
        tutorial.show("NYM transaction request", &request)?;

        subject.begin(7, "Sending NYM request to the ledger").await?;
        let response = ledger::sign_and_submit_request(&self.pool, &wallet, &steward.did, &request);
        let response = unless_on_ledger(&self.pool, &request, response).await?;
        tutorial.show("NYM transaction response", &response)?;

        self.stewards.insert(name.to_owned(), steward.did);
        self.issued.issuers.insert(name.to_owned(), anchor.did);
        Ok(())
    }

    /// Refuses a stored DID that another seed than the stated one has made.
    fn check_seeded(
        &self,
        config: &MyDidConfig,
        stored: &MyDid,
        wallet: &Wallet,
        is_own: bool,
        name: &str,
    ) -> Result<()> {
        let Some(seeded) = config.seeded_did()? else { return Ok(()) };
        let source = match is_own {
            true => format!("the seed in issuers/{name}.json"),
            false => format!("--seed for issuers/{name}.json"),
        };
        ensure!(
            seeded == *stored,
            "the wallet `{}` has the DID {} already, and {source} makes {}; name another --home",
            wallet.id(),
            stored.did,
            seeded.did
        );
        Ok(())
    }

    /// Actions 8 to 11b: a schema, and the credential definition on it.
    async fn add_schema(&mut self, subject: Subject<'s>, schema: &Schema) -> Result<()> {
        let (tutorial, issuer) = (self.tutorial, subject.name());
        let wallet = self.issuer_wallet(issuer).await?;
        let steward = known(&self.stewards, issuer)?.clone();
        let anchor = known(&self.issued.issuers, issuer)?.clone();

        subject.begin(8, "Issuer create Credential Schema").await?;
        let attributes: Vec<&str> = schema.attributes.iter().map(String::as_str).collect();
        let created =
            anoncreds::issuer_create_schema(&steward, &schema.name, &schema.version, &attributes)?;
        let schema_id = created.id().to_string();
        tutorial.show("Schema", &anoncreds::schema_to_json(&created)?)?;

        subject
            .begin(9, "Build the SCHEMA request to add new schema to the ledger as a Steward")
            .await?;
        let request = ledger::build_schema_request(&steward, &created)?;
        tutorial.show("Schema request", &request)?;

        subject.begin(10, "Sending the SCHEMA request to the ledger").await?;
        let response = ledger::sign_and_submit_request(&self.pool, &wallet, &steward, &request);
        let response = unless_on_ledger(&self.pool, &request, response).await?;
        tutorial.show("Schema response", &response)?;

        subject.begin(11, "Creating and storing Credential Definition using anoncreds as Trust Anchor, for the given Schema").await?;
        let on_ledger = ledger::read_schema(&self.pool, Some(&anchor), &schema_id).await?;
        let config = CredentialDefinitionConfig {
            key: self.key_source(issuer, schema),
            ..tutorial.key_config()
        };
        let cred_def = anoncreds::issuer_create_and_store_credential_def(
            &wallet,
            &anchor,
            &on_ledger,
            &schema.tag,
            &config,
        );
        let cred_def = tutorial.wait_for_key(&config, cred_def).await;
        let cred_def = tutorial.or_stored_cred_def(cred_def, &wallet).await?;
        tutorial.show("Credential definition", &cred_def)?;

        subject.begin("11b", "Sending the CRED_DEF request to the ledger as Trust Anchor").await?;
        let request = ledger::build_cred_def_request(&anchor, &cred_def)?;
        let response = ledger::sign_and_submit_request(&self.pool, &wallet, &anchor, &request);
        let response = unless_on_ledger(&self.pool, &request, response).await?;
        tutorial.show("Credential definition response", &response)?;

        let ids = SchemaIds { schema: schema_id, cred_def: cred_def.id().to_string() };
        let schemas = self.issued.schemas.entry(issuer.to_owned()).or_default();
        schemas.insert(schema.name.clone(), ids);
        Ok(())
    }

    /// Returns where the key of a credential definition comes from: the scenario's file, the
    /// command line's if it is for these attributes, `--seed`, or a search.
    fn key_source(&self, issuer: &str, schema: &Schema) -> KeySource {
        let attributes: Vec<&str> = schema.attributes.iter().map(String::as_str).collect();
        match (&schema.prepared_key, self.tutorial.key_config().key, self.seed) {
            (Some((_, key)), _, _) => KeySource::Prepared(key.clone()),
            (None, KeySource::Prepared(key), _) if key.fits(&attributes) => {
                KeySource::Prepared(key)
            }
            (None, KeySource::GenerateWithLibrary, _) => KeySource::GenerateWithLibrary,
            (None, _, Some(seed)) => KeySource::Seeded(seed.of_key(issuer, &schema.name)),
            (None, _, None) => KeySource::Generate,
        }
    }

    /// Actions 12 and 13: a holder's wallet and link secret.
    async fn add_holder(&mut self, subject: Subject<'s>, holder: &Holder) -> Result<()> {
        let (tutorial, name) = (self.tutorial, subject.name());
        subject.begin(12, "Creating Prover wallet and opening it to get the handle").await?;
        let wallet = self.open_wallet(&wallets::of_holder(self.scenario, name)).await?;
        tutorial.show("Prover wallet", &wallet.id())?;
        let did = match &holder.did {
            // only a name, since the prover writes nothing to the ledger
            Some(did) => did.clone(),
            None => {
                let config = self.did_config(None, "holder", name).with_label("holder");
                let did = did::create_and_store_my_did(&wallet, &config).await;
                tutorial.or_stored_did(did)?.did
            }
        };
        tutorial.show("Prover DID", &did)?;

        subject.begin(13, "Prover is creating Link Secret").await?;
        anoncreds::prover_create_master_secret(&wallet, LINK_SECRET).await.or_already_done()?;
        tutorial.show("Link Secret name", &LINK_SECRET)?;
        self.issued.holders.insert(name.to_owned(), did);
        Ok(())
    }

    /// Actions 14 to 17: a credential.
    async fn add_credential(
        &mut self,
        subject: Subject<'s>,
        credential: &Credential,
    ) -> Result<()> {
        let (tutorial, name) = (self.tutorial, subject.name());
        let issuer = self.issuer_wallet(&credential.issuer).await?;
        let holder = wallets::of_holder(self.scenario, &credential.holder);
        let holder = tutorial.wallet(holder.open()).await?;
        let anchor = known(&self.issued.issuers, &credential.issuer)?;
        let did = known(&self.issued.holders, &credential.holder)?;
        let schemas = known(&self.issued.schemas, &credential.issuer)?;
        let cred_def_id = &known(schemas, &credential.schema)?.cred_def;

        subject
            .begin(14, "Issuer (Trust Anchor) is creating a Credential Offer for Prover")
            .await?;
        let offer = anoncreds::issuer_create_credential_offer(&issuer, cred_def_id).await?;
        tutorial.show("Credential Offer", &offer)?;

        subject
            .begin(15, "Prover creates Credential Request for the given credential offer")
            .await?;
        let cred_def =
            ledger::read_cred_def(&self.pool, Some(anchor), &offer.cred_def_id.0).await?;
        let (request, metadata) =
            anoncreds::prover_create_credential_req(&holder, did, &offer, &cred_def, LINK_SECRET)
                .await?;
        tutorial.show("Credential Request", &request)?;

        subject
            .begin(16, "Issuer (Trust Anchor) creates Credential for Credential Request")
            .await?;
        let values = credential.values.iter();
        let values = anoncreds::credential_values(
            values.map(|(name, value)| (name.as_str(), value.raw.as_str())),
        );
        let signed = anoncreds::issuer_create_credential(&issuer, &offer, &request, values).await?;
        tutorial.show("Credential", &signed)?;

        subject.begin(17, "Prover processes and stores Credential").await?;
        let stored = anoncreds::prover_store_credential(
            &holder,
            Some(name),
            &metadata,
            &signed,
            &cred_def,
            None,
        );
        let id = tutorial.unless_held(&holder, &signed, stored).await?;
        tutorial.show("Credential id", &id)?;
        self.issued.credentials.insert(name.to_owned(), id);
        Ok(())
    }
}

/// Returns what an earlier action has made under a name.
fn known<'m, T>(made: &'m BTreeMap<String, T>, name: &str) -> Result<&'m T> {
    made.get(name).with_context(|| format!("nothing was made for {}", Quoted(name)))
}
