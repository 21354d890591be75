//! The tutorial's finished program: all of its actions in one file, over `indy` alone.
//!
//! `template.rs` is the same with gaps. What stands between the anchors is what the book pastes
//! into these, one step at a time. Run it with `cargo run --release --example negotiate_proof`.

use anyhow::Result;
use serde::Serialize;

#[tokio::main]
async fn main() -> Result<()> {
    // the ledger and the wallets live here, and are removed at the end
    let directory = tempfile::tempdir()?;
    let directory = directory.path();
    print_log("1", "directory", &directory)?;

    // ANCHOR: step-2
    use indy::{
        anoncreds::{self, CredentialDefinitionConfig},
        did::{self, MyDidConfig},
        ledger::{self, Role},
        pool::{self, PoolLedgerConfig},
        wallet::{self, WalletConfig, WalletCredentials, WalletStorage},
    };

    // 1 and 2: a ledger
    pool::create_pool_ledger_config(directory, "pool", &PoolLedgerConfig::embedded()).await?;
    let pool = pool::open_pool_ledger(directory, "pool").await?;
    print_log("2", "pool", &pool.name())?;

    // 3: the issuer's wallet
    let wallet_config = |id: &str| WalletConfig {
        id: id.to_owned(),
        storage: WalletStorage::Sqlite { directory: directory.to_owned() },
    };
    let issuer_config = wallet_config("issuer_wallet");
    let issuer_key = WalletCredentials::passphrase("issuer_wallet_key");
    wallet::create_wallet(&issuer_config, &issuer_key).await?;
    let issuer = wallet::open_wallet(&issuer_config, &issuer_key).await?;
    print_log("3", "issuer's wallet", &issuer.id())?;

    // 4 and 5: two DIDs. The ledger knows the steward from its first day; the trust anchor is new
    let steward_seed = MyDidConfig::from_seed("000000000000000000000000Steward1");
    let steward = did::create_and_store_my_did(&issuer, &steward_seed).await?;
    print_log("4", "steward's DID", &steward.did)?;
    let trust_anchor = did::create_and_store_my_did(&issuer, &MyDidConfig::random()).await?;
    print_log("5", "trust anchor's DID", &trust_anchor.did)?;

    // 6 and 7: the steward writes the trust anchor's DID to the ledger
    let (verkey, role) = (Some(trust_anchor.verkey.as_str()), Some(Role::TrustAnchor));
    let request = ledger::build_nym_request(&steward.did, &trust_anchor.did, verkey, None, role)?;
    print_log("6", "NYM request", &request)?;
    let response = ledger::sign_and_submit_request(&pool, &issuer, &steward.did, &request).await?;
    print_log("7", "NYM response", &response)?;

    // 8, 9 and 10: the schema, on the ledger too
    let attributes = ["age", "sex", "height", "name"];
    let schema = anoncreds::issuer_create_schema(&steward.did, "gvt", "1.0", &attributes)?;
    print_log("8", "schema", &schema)?;
    let request = ledger::build_schema_request(&steward.did, &schema)?;
    print_log("9", "SCHEMA request", &request)?;
    let response = ledger::sign_and_submit_request(&pool, &issuer, &steward.did, &request).await?;
    print_log("10", "SCHEMA response", &response)?;

    // 11 and 11b: the credential definition. The schema is read back from the ledger, because its
    // sequence number there is part of the credential definition's id
    let schema_id = schema.id().to_string();
    let schema = ledger::read_schema(&pool, Some(&trust_anchor.did), &schema_id).await?;
    let (author, config) = (&trust_anchor.did, CredentialDefinitionConfig::default());
    let cred_def = anoncreds::issuer_create_and_store_credential_def(
        &issuer, author, &schema, "TAG1", &config,
    )
    .await?;
    let cred_def_id = cred_def.id().to_string();
    print_log("11", "credential definition", &cred_def_id)?;
    let request = ledger::build_cred_def_request(&trust_anchor.did, &cred_def)?;
    let response =
        ledger::sign_and_submit_request(&pool, &issuer, &trust_anchor.did, &request).await?;
    print_log("11b", "CRED_DEF response", &response)?;

    // 12 and 13: the prover's wallet, with a link secret in it
    let prover_config = wallet_config("prover_wallet");
    let prover_key = WalletCredentials::passphrase("prover_wallet_key");
    wallet::create_wallet(&prover_config, &prover_key).await?;
    let prover = wallet::open_wallet(&prover_config, &prover_key).await?;
    let prover_did = "VsKV7grR1BUE29mG2Fm2kX";
    print_log("12", "prover's wallet", &prover.id())?;
    anoncreds::prover_create_master_secret(&prover, "link_secret").await?;
    print_log("13", "link secret's name", &"link_secret")?;

    // 14 to 17: offer, request, credential
    let offer = anoncreds::issuer_create_credential_offer(&issuer, &cred_def_id).await?;
    print_log("14", "credential offer", &offer)?;
    let (request, request_metadata) = anoncreds::prover_create_credential_req(
        &prover,
        prover_did,
        &offer,
        &cred_def,
        "link_secret",
    )
    .await?;
    print_log("15", "credential request", &request)?;
    let alex = [("sex", "male"), ("name", "Alex"), ("height", "175"), ("age", "28")];
    let values = anoncreds::credential_values(alex);
    let credential = anoncreds::issuer_create_credential(&issuer, &offer, &request, values).await?;
    print_log("16", "credential", &credential)?;
    let credential_id = anoncreds::prover_store_credential(
        &prover,
        None,
        &request_metadata,
        &credential,
        &cred_def,
        None,
    )
    .await?;
    print_log("17", "credential's id", &credential_id)?;
    // ANCHOR_END: step-2

    // ANCHOR: step-3
    use anyhow::ensure;
    use indy::anoncreds::ProofRequest;
    use serde_json::json;

    // 18: what the verifier asks for
    let proof_request = ProofRequest::from_value(&json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {
            "attr1_referent": {
                "name": "name",
                "restrictions": { "issuer_did": trust_anchor.did, "schema_id": schema_id }
            }
        },
        "requested_predicates": {
            "predicate1_referent": {
                "name": "age",
                "p_type": ">=",
                "p_value": 18,
                "restrictions": { "issuer_did": trust_anchor.did }
            }
        }
    }))?;
    print_log("18", "proof request", &proof_request)?;

    // 19: which credentials answer it
    let mut search =
        anoncreds::prover_search_credentials_for_proof_req(&prover, &proof_request, None).await?;
    let for_attribute =
        anoncreds::prover_fetch_credentials_for_proof_req(&mut search, "attr1_referent", 1).await?;
    let for_predicate =
        anoncreds::prover_fetch_credentials_for_proof_req(&mut search, "predicate1_referent", 1)
            .await?;
    anoncreds::prover_close_credentials_search_for_proof_req(search);
    ensure!(!for_attribute.is_empty() && !for_predicate.is_empty(), "no credential answers");
    print_log("19", "candidates", &[&for_attribute, &for_predicate])?;
    // ANCHOR_END: step-3

    // ANCHOR: step-4
    use indy::anoncreds::{CredDefs, RequestedCredentials, RevocationStates, Schemas};

    // 20: the proof
    let requested_credentials = RequestedCredentials::default()
        .reveal("attr1_referent", &for_attribute[0].cred_info.referent)
        .prove("predicate1_referent", &for_predicate[0].cred_info.referent);
    let schemas = Schemas::from([(schema_id, schema)]);
    let cred_defs = CredDefs::from([(cred_def_id, cred_def)]);
    let proof = anoncreds::prover_create_proof(
        &prover,
        &proof_request,
        &requested_credentials,
        "link_secret",
        &schemas,
        &cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    ensure!(proof.requested_proof.revealed_attrs["attr1_referent"].raw == "Alex");
    print_log("20", "proof", &proof)?;
    // ANCHOR_END: step-4

    // ANCHOR: step-5
    use indy::anoncreds::{RevocationRegistries, RevocationRegistryDefinitions};

    // 21: the verifier's answer
    let verified = anoncreds::verifier_verify_proof(
        &proof_request,
        &proof,
        &schemas,
        &cred_defs,
        &RevocationRegistryDefinitions::new(),
        &RevocationRegistries::new(),
    )
    .await?;
    print_log("21", "verified", &verified)?;
    ensure!(verified);

    // 22 to 24: everything is closed and deleted
    wallet::close_wallet(issuer).await?;
    wallet::close_wallet(prover).await?;
    pool::close_pool_ledger(pool).await?;
    print_log("22", "closed", &["issuer_wallet", "prover_wallet", "pool"])?;
    wallet::delete_wallet(&issuer_config, &issuer_key).await?;
    wallet::delete_wallet(&prover_config, &prover_key).await?;
    print_log("23", "deleted", &["issuer_wallet", "prover_wallet"])?;
    pool::delete_pool_ledger_config(directory, "pool").await?;
    print_log("24", "deleted", &"pool")?;
    // ANCHOR_END: step-5
    Ok(())
}

/// Prints the number of an action, and a value that it ended with.
fn print_log(action: &str, what: &str, value: &impl Serialize) -> Result<()> {
    println!("{action:>3}. {what}: {}", serde_json::to_string(value)?);
    Ok(())
}
