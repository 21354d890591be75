//! Step 3 of the tutorial: proof request and credential search, actions 18 and 19 (15 minutes)
//!
//! Goal: a verifier asks for Alex's name, and for a proof that Alex is at least 18. The name must
//! come from a credential of the trust anchor on the tutorial's schema; the age from any credential
//! of the trust anchor.
//!
//! The request below asks for less. Complete it, and fetch the candidates of the predicate.

// the gaps below would be warned of; remove this once they are filled
#![allow(unreachable_code, unused_imports, unused_variables, clippy::diverging_sub_expression)]

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Result;
use indy::anoncreds::{self, ProofRequest};
use serde_json::json;
use tutorial::{
    Tutorial,
    data::{ATTRIBUTE, PREDICATE, PROVER_WALLET},
    handover::{Found, Issued},
};

async fn run(tutorial: &Tutorial, issued: &Issued) -> Result<Found> {
    tutorial.begin(18, "Prover gets the Proof Request").await?;
    // each requested item has its own label in the request, the referent
    let proof_request = ProofRequest::from_value(&json!({
        "nonce": "123432421212",
        "name": "proof_req_1",
        "version": "0.1",
        "requested_attributes": {
            ATTRIBUTE: {
                "name": "name",
                // TODO: the name counts only from a credential of this issuer *and* of this schema
                "restrictions": {
                    "issuer_did": issued.trust_anchor_did,
                },
            },
        },
        "requested_predicates": {
            PREDICATE: {
                "name": "age",
                // TODO: "at least 18"
                "p_type": ">",
                "p_value": 18,
                "restrictions": { "issuer_did": issued.trust_anchor_did },
            },
        },
    }))?;
    tutorial.show("Proof Request", &proof_request)?;

    tutorial
        .begin(19, "Prover gets Credentials for attr1_referent and predicate1_referent")
        .await?;
    let wallet = tutorial.wallet(PROVER_WALLET).await?;
    let mut search =
        anoncreds::prover_search_credentials_for_proof_req(&wallet, &proof_request, None).await?;
    // one candidate is enough here; another call would fetch the next ones
    let for_attribute =
        anoncreds::prover_fetch_credentials_for_proof_req(&mut search, ATTRIBUTE, 1).await?;
    tutorial.show("Prover credential for attr1_referent", &for_attribute)?;
    // TODO: fetch one candidate for PREDICATE, as above for ATTRIBUTE
    let for_predicate: Vec<anoncreds::Candidate> = todo!("one candidate for the predicate");
    tutorial.show("Prover credential for predicate1_referent", &for_predicate)?;
    anoncreds::prover_close_credentials_search_for_proof_req(search);

    // before anything is proved: what the answer would tell the verifier
    let preview = anoncreds::prover_preview_disclosure(&wallet, &proof_request, None).await?;
    tutorial.show_text("What the verifier would learn", &preview)?;

    let candidates = BTreeMap::from([
        (ATTRIBUTE.to_owned(), for_attribute),
        (PREDICATE.to_owned(), for_predicate),
    ]);
    let found = Found { proof_request, candidates };
    found.check()?;
    tutorial.save(3, &found)?;
    Ok(found)
}

fn main() -> ExitCode {
    workshop::steps::check_step_3("step3_request", run)
}
