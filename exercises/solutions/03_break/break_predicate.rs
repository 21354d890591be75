//! Break it, 4: prove what is not true (10 minutes)
//!
//! Goal: see where the bound of a predicate stands, and what ties it to the mathematics.
//!
//! Alex is 28, and has proved an age of at least 18. A verifier asks for at least 30, and gets the
//! old answer. There are two ways to send it: as it is, and with a presentation that says 30 as
//! well.
//!
//! What to do: predict for each which check fails. Then write both changes. The second is made on
//! top of the first.

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value, json},
    outcome::finish,
};

// The presentation says that it proves 18, which is not what was asked for.
const OLD_ANSWER: Check = Check::Predicates;

// Now it says what was asked for, but its numbers are about 18: a verifier puts the bound into the
// equation of T_Δ.
const CHANGED_ANSWER: Check = Check::MathematicsCl;

/// Changes Alex's case so that the request asks for an age of at least 30.
fn ask_for_30(case: &mut Value) {
    let predicate =
        &mut case["presentation_request"]["requested_predicates"]["predicate1_referent"];
    predicate["p_value"] = json!(30);
}

/// Changes the case once more, so that the presentation claims that 30 was proved.
fn claim_30(case: &mut Value) {
    let proof = &mut case["presentation"]["proof"]["proofs"][0]["primary_proof"]["ge_proofs"][0];
    // This is all that a prover could change in a false claim: 28 - 30 is not a sum of four
    // squares.
    proof["predicate"]["value"] = json!(30);
}

fn main() -> ExitCode {
    let outcome = break_it::predicate((OLD_ANSWER, ask_for_30), (CHANGED_ANSWER, claim_30));
    finish("break_predicate", outcome)
}
