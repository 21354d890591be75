//! Step 3 of "Negotiate a Proof": proof request and credential search, actions 18 and 19.
//!
//! A verifier asks: show me your name, as this trust anchor certified it under this schema, and
//! prove that you are at least 18, without telling how old you are. The prover looks in its wallet
//! for credentials that can answer.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use indy::anoncreds::{self, ProofRequest};
use serde_json::json;
use tutorial::{
    Tutorial,
    data::PROVER_WALLET,
    handover::{Found, Issued},
};

/// The referent of the requested attribute.
pub const ATTRIBUTE: &str = "attr1_referent";
/// The referent of the requested predicate.
pub const PREDICATE: &str = "predicate1_referent";

/// Runs actions 18 and 19.
///
/// # Errors
///
/// The first failure of an action, or that the wallet has no credential for a referent.
pub async fn run(tutorial: &Tutorial, issued: &Issued) -> Result<Found> {
    // ANCHOR: action-18
    let mut action = tutorial.begin(18, "Prover gets the Proof Request").await?;
    let proof_request = ProofRequest::from_value(&json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {
            ATTRIBUTE: {
                "name": "name",
                "restrictions": {
                    "issuer_did": issued.trust_anchor_did,
                    "schema_id": issued.schema_id,
                },
            },
        },
        "requested_predicates": {
            PREDICATE: {
                "name": "age",
                "p_type": ">=",
                "p_value": 18,
                "restrictions": { "issuer_did": issued.trust_anchor_did },
            },
        },
    }))?;
    action.show("Proof Request", &proof_request)?;
    action.end()?;
    // ANCHOR_END: action-18

    // ANCHOR: action-19
    let mut action = tutorial
        .begin(
            19,
            "Prover gets Credentials for attr1_referent and predicate1_referent",
        )
        .await?;
    let prover_wallet = tutorial.wallet(PROVER_WALLET).await?;
    let mut search =
        anoncreds::prover_search_credentials_for_proof_req(&prover_wallet, &proof_request, None)
            .await?;
    let for_attribute =
        anoncreds::prover_fetch_credentials_for_proof_req(&mut search, ATTRIBUTE, 1).await?;
    action.show("Prover credential for attr1_referent", &for_attribute)?;
    let for_predicate =
        anoncreds::prover_fetch_credentials_for_proof_req(&mut search, PREDICATE, 1).await?;
    action.show("Prover credential for predicate1_referent", &for_predicate)?;
    anoncreds::prover_close_credentials_search_for_proof_req(search);

    let preview =
        anoncreds::prover_preview_disclosure(&prover_wallet, &proof_request, None).await?;
    action.show_text("What the verifier would learn", &preview)?;
    action.end()?;
    // ANCHOR_END: action-19

    let candidates = BTreeMap::from([
        (ATTRIBUTE.to_owned(), for_attribute),
        (PREDICATE.to_owned(), for_predicate),
    ]);
    for (referent, found) in &candidates {
        ensure!(
            !found.is_empty(),
            "the prover's wallet has no credential for {referent}; was the one of step 2 deleted?"
        );
    }
    let found = Found {
        proof_request,
        candidates,
    };
    tutorial.save(3, &found)?;
    Ok(found)
}
