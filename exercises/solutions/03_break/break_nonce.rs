//! Break it, 2: answer another request (5 minutes)
//!
//! Goal: see why a presentation cannot be sent a second time.
//!
//! A verifier puts a new random number into each request, the nonce. Alex has made a presentation
//! for one request. Here the same presentation answers another request, which differs only in its
//! nonce.
//!
//! What to do: predict which check fails, then change the nonce in the request. A nonce is written
//! as a decimal text of at most 128 bits. (In these exercises our own engine, `cl`, computes the
//! mathematics; `indy-credx` is not asked.)

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value, json},
    outcome::finish,
};

// The challenge is a hash of the commitments and the nonce. Nothing but the recomputed hash shows
// that the nonce is another: each number of the presentation is still what an honest prover sends.
const PREDICTION: Check = Check::MathematicsCl;

/// Changes Alex's case.
fn change(case: &mut Value) {
    let request = &mut case["presentation_request"];
    // A decimal text, or the request itself would be malformed, and an earlier check would fail.
    request["nonce"] = json!("123432421213");
}

fn main() -> ExitCode {
    finish("break_nonce", break_it::nonce(PREDICTION, change))
}
