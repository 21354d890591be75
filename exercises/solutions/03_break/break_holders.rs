//! Break it, 6: put two people together (15 minutes)
//!
//! Goal: see what shows that two credentials belong to one person, and how the parts of a
//! presentation belong together.
//!
//! One request asks for two names and two ages, from any issuers. Alex has one credential, Bea
//! another, and they would like to appear as one person. So Bea's sub-proof is appended to Alex's
//! presentation.
//!
//! What to do: predict which check fails, and append the parts that are still missing. Look at a
//! presentation first: `negotiate-proof case --home alex | jq .presentation` prints that of the home
//! `alex`, if the walkthrough has run there.

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value, add_members, append, json},
    outcome::finish,
};

// The response for the link secret is m̂ = m̃ + c·m. Two people have two link secrets m, and so two
// responses. The hash does not fit either, but no engine gets to see numbers that an honest prover
// cannot have made.
const PREDICTION: Check = Check::SameHolder;

/// Changes Alex's case, with what is in Bea's.
fn change(case: &mut Value, bea: &Value) {
    // What the verifier asks for, and what it reads from the ledger.
    let request = &mut case["presentation_request"];
    request["requested_attributes"]["other_name"] = json!({"name": "name"});
    request["requested_predicates"]["other_adult"] =
        json!({"name": "age", "p_type": ">=", "p_value": 18});
    for public_data in ["/schemas", "/cred_defs"] {
        add_members(case, bea, public_data);
    }

    // The proofs, each about one credential.
    append(case, bea, "/presentation/proof/proofs");
    // Without the commitments of the second sub-proof, `challenge-binding` would fail; without its
    // identifiers, `presentation-shape`.
    append(case, bea, "/presentation/proof/aggregated_proof/c_list");
    append(case, bea, "/presentation/identifiers");

    // Which sub-proof answers which referent. Alex's is number 0.
    let answers = &mut case["presentation"]["requested_proof"];
    answers["predicates"]["other_adult"] = json!({"sub_proof_index": 1});
    // In Bea's own presentation it was sub-proof 0.
    let shown_by_bea = &bea["presentation"]["requested_proof"]["revealed_attrs"];
    let mut name = shown_by_bea["attr1_referent"].clone();
    name["sub_proof_index"] = json!(1);
    answers["revealed_attrs"]["other_name"] = name;
}

fn main() -> ExitCode {
    finish("break_holders", break_it::holders(PREDICTION, change))
}
