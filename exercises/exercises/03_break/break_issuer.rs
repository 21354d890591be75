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

// TODO: which check will fail? `Check::Size` stands for "not predicted yet".
const PREDICTION: Check = Check::Size;

// TODO: for which referents of the request will it fail?
const REFERENTS: &[&str] = &[];

// TODO: and which check fails if the request has no restrictions? `None` if none does.
const WITHOUT_RESTRICTIONS: Option<Check> = Some(Check::Size);

/// Changes Alex's case, with what is in Bea's.
fn change(case: &mut Value, bea: &Value) {
    // A verifier reads from the ledger what the presentation names.
    case["schemas"] = bea["schemas"].clone();
    case["cred_defs"] = bea["cred_defs"].clone();
    // TODO: let Bea's presentation be the answer. The request stays Alex's.
}

fn main() -> ExitCode {
    let outcome = break_it::issuer(PREDICTION, REFERENTS, WITHOUT_RESTRICTIONS, change);
    finish("break_issuer", outcome)
}
