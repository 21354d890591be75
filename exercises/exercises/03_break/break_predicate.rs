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
    break_it::{self, Check, Value},
    outcome::finish,
};

// TODO: the request asks for 30, and the presentation is as it was: which check will fail?
const OLD_ANSWER: Check = Check::Size;

// TODO: and if the presentation says 30, too?
const CHANGED_ANSWER: Check = Check::Size;

/// Changes Alex's case so that the request asks for an age of at least 30.
fn ask_for_30(case: &mut Value) {
    let predicate =
        &mut case["presentation_request"]["requested_predicates"]["predicate1_referent"];
    // TODO: change the bound. It is a number, not a text.
    todo!("ask for 30 instead of {}", predicate["p_value"]);
}

/// Changes the case once more, so that the presentation claims that 30 was proved.
fn claim_30(case: &mut Value) {
    let proof = &mut case["presentation"]["proof"]["proofs"][0]["primary_proof"]["ge_proofs"][0];
    // TODO: change the bound that this proof of a predicate names, and nothing else in it.
    todo!("claim 30 in {}", proof["predicate"]);
}

fn main() -> ExitCode {
    let outcome = break_it::predicate((OLD_ANSWER, ask_for_30), (CHANGED_ANSWER, claim_30));
    finish("break_predicate", outcome)
}
