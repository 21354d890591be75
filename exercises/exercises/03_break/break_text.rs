//! Break it, 1: change what people read (5 minutes)
//!
//! Goal: see that a verifier needs more than mathematics.
//!
//! A credential does not sign the text "Alex". It signs a number that the text encodes to, and a
//! presentation carries both, under `raw` and `encoded`.
//!
//! What to do: predict which check of the verifier fails, then change the text that people read,
//! and only that. The case is Alex's presentation, recorded from the tutorial:
//! `{"presentation_request", "presentation", "schemas", "cred_defs"}`.

use std::process::ExitCode;

use workshop::{
    break_it::{self, Check, Value, json},
    outcome::finish,
};

// TODO: which check will fail? `Check::Size` stands for "not predicted yet".
const PREDICTION: Check = Check::Size;

/// Changes Alex's case.
fn change(case: &mut Value) {
    let answer = &mut case["presentation"]["requested_proof"]["revealed_attrs"]["attr1_referent"];
    // TODO: give the answer another text. Its number stays as it is.
    answer["raw"] = json!("Alex");
}

fn main() -> ExitCode {
    finish("break_text", break_it::text(PREDICTION, change))
}
