//! Break it, 3: take another issuer's word (10 minutes)
//!
//! Goal: see what a restriction is for, and what a request without restrictions accepts.
//!
//! Bea has a credential of the same schema, from another issuer. Her presentation was made for a
//! request with the same nonce, so that the mathematics alone does not tell the two requests
//! apart.
//!
//! What to do: send Bea's presentation as the answer to Alex's request. Predict which check fails,
//! and for which referents. Then predict what happens if the verifier had put no restrictions into
//! the request: the check removes them from your changed case and verifies it again.

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value},
    outcome::finish,
};

// The request names the issuer whose word counts. Bea's issuer is another one.
const PREDICTION: Check = Check::Restrictions;

// Both referents restrict the issuer: the one for the name, and the one for the age.
const REFERENTS: &[&str] = &["attr1_referent", "predicate1_referent"];

// Bea's issuer did sign, and the nonce is the same: without restrictions nothing is wrong with this
// answer.
const WITHOUT_RESTRICTIONS: Option<Check> = None;

/// Changes Alex's case, with what is in Bea's.
fn change(case: &mut Value, bea: &Value) {
    // A verifier reads from the ledger what the presentation names.
    case["schemas"] = bea["schemas"].clone();
    case["cred_defs"] = bea["cred_defs"].clone();
    // As a whole: a part of it would not go with the rest of Alex's.
    case["presentation"] = bea["presentation"].clone();
}

fn main() -> ExitCode {
    let outcome = break_it::issuer(PREDICTION, REFERENTS, WITHOUT_RESTRICTIONS, change);
    finish("break_issuer", outcome)
}
