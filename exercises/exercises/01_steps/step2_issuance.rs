//! Step 2 of the tutorial: issuance setup, actions 1 to 17, and 11b (25 minutes)
//!
//! Goal: the ledger holds a trust anchor, a schema and a credential definition, and the prover's
//! wallet holds a credential of Alex: male, 175 cm, 28 years old.
//!
//! The template is here: each action begins with its number and label, and shows what it made. Six
//! actions have a gap, marked TODO. Fill them in order; after each save the check says how far you
//! have come. Page "Step 2" of the book explains every action, and <https://docs.rs> is not needed:
//! hover over a function in your editor.

// the gaps below would be warned of; remove this once they are filled
#![allow(unreachable_code, unused_imports, unused_variables, clippy::diverging_sub_expression)]

use std::process::ExitCode;

use anyhow::Result;
use indy::{
    anoncreds::{self, CredentialDefinitionConfig},
    did::{self, MyDidConfig},
    ledger::{self, Role},
    pool, wallet,
};
use tutorial::{
    Tutorial,
    data::{
        CRED_DEF_TAG, CREDENTIAL, ISSUER_WALLET, LINK_SECRET, POOL_NAME, PROVER_DID, PROVER_WALLET,
        SCHEMA_ATTRIBUTES, SCHEMA_NAME, SCHEMA_VERSION, STEWARD_SEED,
    },
    handover::Issued,
    resume::{OrAlreadyDone, unless_on_ledger},
};

async fn run(tutorial: &Tutorial) -> Result<Issued> {
    tutorial.begin(1, "Creates a new local pool ledger configuration that is used later when connecting to ledger.").await?;
    // the embedded ledger, unless the command line names the genesis file of a real pool
    let pool_config = tutorial.pool_config();
    pool::create_pool_ledger_config(tutorial.pools(), POOL_NAME, &pool_config)
        .await
        .or_already_done()?;
    tutorial.show("Pool ledger configuration", &POOL_NAME)?;

    tutorial.begin(2, "Open pool ledger and get its handle").await?;
    let pool =
        pool::open_pool_ledger_with(tutorial.pools(), POOL_NAME, tutorial.pool_options()).await?;
    // later steps use the handle too
    let pool = tutorial.keep_pool(pool).await?;
    tutorial.show("Pool", &pool.name())?;

    tutorial.begin(3, "Creating Issuer wallet and opening it to get the handle.").await?;
    let (config, credentials) = tutorial.wallet_access(ISSUER_WALLET);
    wallet::create_wallet(&config, &credentials).await.or_already_done()?;
    let issuer_wallet =
        tutorial.keep_wallet(wallet::open_wallet(&config, &credentials).await?).await;
    tutorial.show("Issuer wallet", &issuer_wallet.id())?;

    tutorial.begin(4, "Generating and storing steward DID and verkey").await?;
    // the genesis transactions of a test pool make this DID a steward, which may add trust anchors
    // TODO: store the DID that follows from STEWARD_SEED in the issuer's wallet, with
    // `did::create_and_store_my_did`
    let steward: did::MyDid = todo!("the DID that follows from STEWARD_SEED");
    tutorial.show("Steward DID", &steward.did)?;
    tutorial.show("Steward Verkey", &steward.verkey)?;

    tutorial.begin(5, "Generating and storing trust anchor DID and verkey").await?;
    // after an interrupted run, the next one finds the DID by this label
    let config = MyDidConfig::random().with_label("trust anchor");
    let trust_anchor = did::create_and_store_my_did(&issuer_wallet, &config).await;
    let trust_anchor = tutorial.or_stored_did(trust_anchor)?;
    tutorial.show("Trust anchor DID", &trust_anchor.did)?;
    tutorial.show("Trust anchor Verkey", &trust_anchor.verkey)?;

    tutorial.begin(6, "Building NYM request to add Trust Anchor to the ledger").await?;
    // TODO: which key, and which role, does the steward ask the ledger to give to the new DID?
    let (verkey, role): (Option<&str>, Option<Role>) = (None, None);
    let nym_request =
        ledger::build_nym_request(&steward.did, &trust_anchor.did, verkey, None, role)?;
    tutorial.show("NYM transaction request", &nym_request)?;

    tutorial.begin(7, "Sending NYM request to the ledger").await?;
    let nym_response =
        ledger::sign_and_submit_request(&pool, &issuer_wallet, &steward.did, &nym_request);
    // the request is not sent if an interrupted run has written the DID
    let nym_response = unless_on_ledger(&pool, &nym_request, nym_response).await?;
    tutorial.show("NYM transaction response", &nym_response)?;

    tutorial.begin(8, "Issuer create Credential Schema").await?;
    // TODO: create the schema SCHEMA_NAME in SCHEMA_VERSION with SCHEMA_ATTRIBUTES; the steward is
    // its author
    let schema: anoncreds::Schema = todo!("a schema of the steward");
    let schema_id = schema.id().to_string();
    tutorial.show("Schema", &anoncreds::schema_to_json(&schema)?)?;

    tutorial
        .begin(9, "Build the SCHEMA request to add new schema to the ledger as a Steward")
        .await?;
    let schema_request = ledger::build_schema_request(&steward.did, &schema)?;
    tutorial.show("Schema request", &schema_request)?;

    tutorial.begin(10, "Sending the SCHEMA request to the ledger").await?;
    let schema_response =
        ledger::sign_and_submit_request(&pool, &issuer_wallet, &steward.did, &schema_request);
    // a schema cannot be written twice: one from an interrupted run is accepted
    let schema_response = unless_on_ledger(&pool, &schema_request, schema_response).await?;
    tutorial.show("Schema response", &schema_response)?;

    tutorial.begin(11, "Creating and storing Credential Definition using anoncreds as Trust Anchor, for the given Schema").await?;
    // only the ledger's copy has the sequence number that becomes part of the id
    let schema = ledger::read_schema(&pool, Some(&trust_anchor.did), &schema_id).await?;
    let config = CredentialDefinitionConfig { support_revocation: false, ..tutorial.key_config() };
    // TODO: one argument is wrong: who issues credentials by this definition?
    let cred_def = anoncreds::issuer_create_and_store_credential_def(
        &issuer_wallet,
        &steward.did,
        &schema,
        CRED_DEF_TAG,
        &config,
    );
    // the search for two safe primes takes up to a few seconds
    let cred_def = tutorial.wait_for_key(&config, cred_def).await;
    let cred_def = tutorial.or_stored_cred_def(cred_def, &issuer_wallet).await?;
    let cred_def_id = cred_def.id().to_string();
    tutorial.show("Credential definition", &cred_def)?;

    // The tutorial leaves this out, since its parties share a process. A verifier that reads
    // everything from the ledger needs it.
    tutorial.begin("11b", "Sending the CRED_DEF request to the ledger as Trust Anchor").await?;
    let cred_def_request = ledger::build_cred_def_request(&trust_anchor.did, &cred_def)?;
    let cred_def_response = ledger::sign_and_submit_request(
        &pool,
        &issuer_wallet,
        &trust_anchor.did,
        &cred_def_request,
    );
    let cred_def_response = unless_on_ledger(&pool, &cred_def_request, cred_def_response).await?;
    tutorial.show("Credential definition response", &cred_def_response)?;

    tutorial.begin(12, "Creating Prover wallet and opening it to get the handle").await?;
    let (config, credentials) = tutorial.wallet_access(PROVER_WALLET);
    wallet::create_wallet(&config, &credentials).await.or_already_done()?;
    let prover_wallet =
        tutorial.keep_wallet(wallet::open_wallet(&config, &credentials).await?).await;
    tutorial.show("Prover wallet", &prover_wallet.id())?;
    tutorial.show("Prover DID", &PROVER_DID)?;

    tutorial.begin(13, "Prover is creating Link Secret").await?;
    // every credential of this prover will be bound to it, and it never leaves the wallet
    anoncreds::prover_create_master_secret(&prover_wallet, LINK_SECRET).await.or_already_done()?;
    tutorial.show("Link Secret name", &LINK_SECRET)?;

    tutorial.begin(14, "Issuer (Trust Anchor) is creating a Credential Offer for Prover").await?;
    let offer = anoncreds::issuer_create_credential_offer(&issuer_wallet, &cred_def_id).await?;
    tutorial.show("Credential Offer", &offer)?;

    tutorial.begin(15, "Prover creates Credential Request for the given credential offer").await?;
    // the prover trusts the ledger's copy, not the issuer's
    let cred_def =
        ledger::read_cred_def(&pool, Some(&trust_anchor.did), &offer.cred_def_id.0).await?;
    // TODO: answer the offer with `anoncreds::prover_create_credential_req`; the credential is to
    // be bound to LINK_SECRET
    let (request, request_metadata): (
        anoncreds::CredentialRequest,
        anoncreds::CredentialRequestMetadata,
    ) = todo!("a request for the offered credential");
    // the metadata is not shown: it unblinds the credential
    tutorial.show("Credential Request", &request)?;

    tutorial.begin(16, "Issuer (Trust Anchor) creates Credential for Credential Request").await?;
    // raw values, and the integers that encode them: numbers as themselves, texts by their hash
    // TODO: these are not Alex's values; take those of the tutorial
    let values = anoncreds::credential_values([("sex", "male"), ("name", "Bob")]);
    let credential =
        anoncreds::issuer_create_credential(&issuer_wallet, &offer, &request, values).await?;
    tutorial.show("Credential", &credential)?;

    tutorial.begin(17, "Prover processes and stores Credential").await?;
    let credential_id = anoncreds::prover_store_credential(
        &prover_wallet,
        None,
        &request_metadata,
        &credential,
        &cred_def,
        None,
    );
    let credential_id = tutorial.unless_held(&prover_wallet, &credential, credential_id).await?;
    tutorial.show("Credential id", &credential_id)?;

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

fn main() -> ExitCode {
    workshop::steps::check_step_2("step2_issuance", run)
}
