//! The crate `anoncreds-clsignatures` as an adapter: the mathematics of presentations, without the
//! checks around it.
//!
//! What a sub-proof must show follows from the request's referents that the presentation assigns to
//! it.

mod claims;
mod verify;

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

/// What it can do; `docs/src/vectors.md` has the meanings.
const FEATURES: &[&str] = &[
    "verify",
    "predicates",
    "groups",
    "multi-credential",
    "self-attested",
    "unrevealed",
    "revocation",
    "ids-legacy",
    "ids-did-indy",
    "ids-did-cheqd",
    "ids-did-webvh",
    "ids-https",
];

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let test: Value = serde_json::from_str(&line?)?;
        let answer = match test.get("start") {
            Some(_) => json!({
                "name": "anoncreds-clsignatures",
                "version": "0.3.2",
                "features": FEATURES,
            }),
            None => answer(&test),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn answer(test: &Value) -> Value {
    let (verdict, detail) = match test["kind"].as_str() {
        Some("verify") => verify(test),
        _ => ("unsupported", "it verifies only".to_owned()),
    };
    json!({"tcId": test["tcId"], "verdict": verdict, "detail": detail})
}

fn verify(test: &Value) -> (&'static str, String) {
    if let Some(reason) = claims::beyond_the_library(&test["input"]) {
        return ("unsupported", reason.to_owned());
    }
    match verify::verify(&test["input"], &test["public"]["anoncreds"]) {
        Ok(true) => ("valid", String::new()),
        Ok(false) => ("invalid", "the challenge is another".to_owned()),
        Err(refusal) => ("invalid", refusal.0),
    }
}
