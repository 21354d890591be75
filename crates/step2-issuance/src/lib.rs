//! Step 2 of "Negotiate a Proof": issuance setup, actions 1 to 17.
//!
//! The tutorial takes this step over from its sister "Issue Credential". At the end the ledger
//! holds a trust anchor, a schema and a credential definition, and the prover's wallet holds a
//! credential: Alex, male, 175 cm, 28 years old.
//!
//! Read [`run`] from top to bottom beside the book; each action has the tutorial's number, and
//! calls a function of `indy` that is named as in libindy.

use anyhow::Result;
use indy::{
    anoncreds::{self, CredentialDefinitionConfig, SearchProgress},
    did::{self, MyDidConfig},
    error::{AnoncredsError, LedgerError, PoolError, WalletError},
    ledger::{self, Role},
    pool, wallet,
};
use tutorial::{
    Tutorial,
    data::{
        CRED_DEF_TAG, CREDENTIAL, ISSUER_WALLET, LINK_SECRET, POOL_NAME, PROVER_DID, PROVER_WALLET,
        SCHEMA_ATTRIBUTES, SCHEMA_NAME, SCHEMA_VERSION, STEWARD_SEED, WalletAccount,
    },
    handover::Issued,
};

/// Runs actions 1 to 17.
///
/// Running it again after an interruption is safe: what exists already is used.
///
/// # Errors
///
/// The first failure of an action; nothing is handed to step 3 then.
pub async fn run(tutorial: &Tutorial) -> Result<Issued> {
    // ANCHOR: action-1
    let mut action = tutorial
        .begin(1, "Creates a new local pool ledger configuration that is used later when connecting to ledger.")
        .await?;
    match pool::create_pool_ledger_config(tutorial.pools(), POOL_NAME, &tutorial.pool_config())
        .await
    {
        // one that exists already is fine
        Ok(()) | Err(PoolError::AlreadyExists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    action.show("Pool ledger configuration", &POOL_NAME)?;
    action.end()?;
    // ANCHOR_END: action-1

    // ANCHOR: action-2
    let mut action = tutorial
        .begin(2, "Open pool ledger and get its handle")
        .await?;
    let pool = tutorial
        .keep_pool(
            pool::open_pool_ledger_with(tutorial.pools(), POOL_NAME, tutorial.pool_options())
                .await?,
        )
        .await;
    for warning in pool.warnings() {
        tutorial.printer().note(warning)?;
    }
    action.show("Pool", &pool.name())?;
    action.end()?;
    // ANCHOR_END: action-2

    // ANCHOR: action-3
    let mut action = tutorial
        .begin(
            3,
            "Creating Issuer wallet and opening it to get the handle.",
        )
        .await?;
    let issuer_wallet = create_and_open_wallet(tutorial, ISSUER_WALLET).await?;
    action.show("Issuer wallet", &issuer_wallet.id())?;
    action.end()?;
    // ANCHOR_END: action-3

    // ANCHOR: action-4
    let mut action = tutorial
        .begin(4, "Generating and storing steward DID and verkey")
        .await?;
    let steward =
        did::create_and_store_my_did(&issuer_wallet, &MyDidConfig::from_seed(STEWARD_SEED)).await?;
    action.show("Steward DID", &steward.did)?;
    action.show("Steward Verkey", &steward.verkey)?;
    action.end()?;
    // ANCHOR_END: action-4

    // ANCHOR: action-5
    let mut action = tutorial
        .begin(5, "Generating and storing trust anchor DID and verkey")
        .await?;
    let trust_anchor = did::create_and_store_my_did(&issuer_wallet, &MyDidConfig::random()).await?;
    action.show("Trust anchor DID", &trust_anchor.did)?;
    action.show("Trust anchor Verkey", &trust_anchor.verkey)?;
    action.end()?;
    // ANCHOR_END: action-5

    // ANCHOR: action-6
    let mut action = tutorial
        .begin(6, "Building NYM request to add Trust Anchor to the ledger")
        .await?;
    let nym_request = ledger::build_nym_request(
        &steward.did,
        &trust_anchor.did,
        Some(&trust_anchor.verkey),
        None,
        Some(Role::TrustAnchor),
    )?;
    action.show("NYM transaction request", &nym_request)?;
    action.end()?;
    // ANCHOR_END: action-6

    // ANCHOR: action-7
    let mut action = tutorial
        .begin(7, "Sending NYM request to the ledger")
        .await?;
    let nym_response =
        ledger::sign_and_submit_request(&pool, &issuer_wallet, &steward.did, &nym_request).await?;
    action.show("NYM transaction response", &nym_response)?;
    action.end()?;
    // ANCHOR_END: action-7

    // ANCHOR: action-8
    let mut action = tutorial.begin(8, "Issuer create Credential Schema").await?;
    let schema = anoncreds::issuer_create_schema(
        &steward.did,
        SCHEMA_NAME,
        SCHEMA_VERSION,
        &SCHEMA_ATTRIBUTES,
    )?;
    let schema_id = schema.id().to_string();
    action.show("Schema", &schema)?;
    action.end()?;
    // ANCHOR_END: action-8

    // ANCHOR: action-9
    let mut action = tutorial
        .begin(
            9,
            "Build the SCHEMA request to add new schema to the ledger as a Steward",
        )
        .await?;
    let schema_request = ledger::build_schema_request(&steward.did, &schema)?;
    action.show("Schema request", &schema_request)?;
    action.end()?;
    // ANCHOR_END: action-9

    // ANCHOR: action-10
    let mut action = tutorial
        .begin(10, "Sending the SCHEMA request to the ledger")
        .await?;
    let schema_response =
        ledger::sign_and_submit_request(&pool, &issuer_wallet, &steward.did, &schema_request).await;
    match schema_response {
        Ok(response) => action.show("Schema response", &response)?,
        // an earlier, interrupted run wrote it: the ledger refuses to write it twice
        Err(LedgerError::Refused { .. })
            if ledger_has_schema(&pool, &steward.did, &schema).await? =>
        {
            action.show("Schema response", &"the ledger has this schema already")?;
        }
        Err(error) => return Err(error.into()),
    }
    action.end()?;
    // ANCHOR_END: action-10

    // ANCHOR: action-11
    let mut action = tutorial
        .begin(11, "Creating and storing Credential Definition using anoncreds as Trust Anchor, for the given Schema")
        .await?;
    // only the schema on the ledger has the sequence number that becomes part of the id
    let schema = ledger::read_schema(&pool, Some(&trust_anchor.did), &schema_id).await?;
    let config = CredentialDefinitionConfig {
        support_revocation: false,
        key: tutorial.key_source(),
        progress: SearchProgress::default(),
    };
    let progress = config.progress.clone();
    let cred_def = action
        .wait(
            "searching for two safe primes of 1024 bits",
            move || progress.tested(),
            anoncreds::issuer_create_and_store_credential_def(
                &issuer_wallet,
                &trust_anchor.did,
                &schema,
                CRED_DEF_TAG,
                &config,
            ),
        )
        .await?;
    let cred_def_id = cred_def.id().to_string();
    action.show("Credential definition", &cred_def)?;
    action.end()?;
    // ANCHOR_END: action-11

    // ANCHOR: action-11b
    // The tutorial leaves this out, since its parties share a process. A verifier who reads
    // everything from the ledger needs it.
    let mut action = tutorial
        .begin(
            "11b",
            "Sending the CRED_DEF request to the ledger as Trust Anchor",
        )
        .await?;
    let cred_def_request = ledger::build_cred_def_request(&trust_anchor.did, &cred_def)?;
    let cred_def_response = ledger::sign_and_submit_request(
        &pool,
        &issuer_wallet,
        &trust_anchor.did,
        &cred_def_request,
    )
    .await?;
    action.show("Credential definition response", &cred_def_response)?;
    action.end()?;
    // ANCHOR_END: action-11b

    // ANCHOR: action-12
    let mut action = tutorial
        .begin(
            12,
            "Creating Prover wallet and opening it to get the handle",
        )
        .await?;
    let prover_wallet = create_and_open_wallet(tutorial, PROVER_WALLET).await?;
    action.show("Prover wallet", &prover_wallet.id())?;
    action.show("Prover DID", &PROVER_DID)?;
    action.end()?;
    // ANCHOR_END: action-12

    // ANCHOR: action-13
    let mut action = tutorial.begin(13, "Prover is creating Link Secret").await?;
    match anoncreds::prover_create_master_secret(&prover_wallet, LINK_SECRET).await {
        // an earlier, interrupted run made it
        Ok(_) | Err(AnoncredsError::LinkSecretDuplicateName { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    action.show("Link Secret name", &LINK_SECRET)?;
    action.end()?;
    // ANCHOR_END: action-13

    // ANCHOR: action-14
    let mut action = tutorial
        .begin(
            14,
            "Issuer (Trust Anchor) is creating a Credential Offer for Prover",
        )
        .await?;
    let offer = anoncreds::issuer_create_credential_offer(&issuer_wallet, &cred_def_id).await?;
    action.show("Credential Offer", &offer)?;
    action.end()?;
    // ANCHOR_END: action-14

    // ANCHOR: action-15
    let mut action = tutorial
        .begin(
            15,
            "Prover creates Credential Request for the given credential offer",
        )
        .await?;
    // the prover trusts the ledger's copy, not the issuer's
    let cred_def =
        ledger::read_cred_def(&pool, Some(&trust_anchor.did), &offer.cred_def_id.0).await?;
    let (request, request_metadata) = anoncreds::prover_create_credential_req(
        &prover_wallet,
        PROVER_DID,
        &offer,
        &cred_def,
        LINK_SECRET,
    )
    .await?;
    // the metadata is not shown: it unblinds the credential
    action.show("Credential Request", &request)?;
    action.end()?;
    // ANCHOR_END: action-15

    // ANCHOR: action-16
    let mut action = tutorial
        .begin(
            16,
            "Issuer (Trust Anchor) creates Credential for Credential Request",
        )
        .await?;
    let values = anoncreds::credential_values(CREDENTIAL);
    let credential =
        anoncreds::issuer_create_credential(&issuer_wallet, &offer, &request, values).await?;
    action.show("Credential", &credential)?;
    action.end()?;
    // ANCHOR_END: action-16

    // ANCHOR: action-17
    let mut action = tutorial
        .begin(17, "Prover processes and stores Credential")
        .await?;
    let credential_id = anoncreds::prover_store_credential(
        &prover_wallet,
        None,
        &request_metadata,
        &credential,
        &cred_def,
        None,
    )
    .await?;
    action.show("Credential id", &credential_id)?;
    action.end()?;
    // ANCHOR_END: action-17

    let issued = Issued {
        steward_did: steward.did,
        trust_anchor_did: trust_anchor.did,
        prover_did: PROVER_DID.to_owned(),
        schema_id,
        cred_def_id,
        link_secret: LINK_SECRET.to_owned(),
        credential_id,
    };
    tutorial.save(2, &issued)?;
    Ok(issued)
}

/// Creates a wallet if it does not exist, and opens it (actions 3 and 12).
async fn create_and_open_wallet(
    tutorial: &Tutorial,
    account: WalletAccount,
) -> Result<std::sync::Arc<wallet::Wallet>> {
    let config = tutorial.wallet_config(account);
    let credentials = tutorial.wallet_credentials(account);
    match wallet::create_wallet(&config, &credentials).await {
        Ok(()) | Err(WalletError::AlreadyExists { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let opened = wallet::open_wallet(&config, &credentials).await?;
    Ok(tutorial.keep_wallet(account, opened).await)
}

/// Returns whether the ledger's schema under this id is the one that was to be written. Attribute
/// names are a set: a ledger may return them in any order.
async fn ledger_has_schema(
    pool: &pool::Pool,
    submitter_did: &str,
    schema: &anoncreds::Schema,
) -> Result<bool> {
    let anoncreds::Schema::SchemaV1(ours) = schema;
    match ledger::read_schema(pool, Some(submitter_did), &ours.id.0).await {
        Ok(anoncreds::Schema::SchemaV1(theirs)) => Ok(theirs.attr_names.0 == ours.attr_names.0),
        Err(LedgerError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
