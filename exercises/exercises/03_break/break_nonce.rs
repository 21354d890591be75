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
    break_it::{self, Check, Value},
    outcome::finish,
};

// TODO: which check will fail? `Check::Size` stands for "not predicted yet".
const PREDICTION: Check = Check::Size;

/// Changes Alex's case.
fn change(case: &mut Value) {
    let request = &mut case["presentation_request"];
    // TODO: ask with another nonce. `json!(…)` of `workshop::break_it` makes a `Value` of a text.
    todo!("change the nonce, which is {}", request["nonce"]);
}

fn main() -> ExitCode {
    finish("break_nonce", break_it::nonce(PREDICTION, change))
}
