//! Say whose word you take: without a restriction, anyone is an issuer.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::REGISTRY;

fn request() -> Value {
    json!({
        "nonce": "20261128003",
        "name": "cinema",
        "version": "1.0",
        "requested_attributes": {},
        "requested_predicates": {
            // dates are written as numbers, YYYYMMDD: born on 2008-11-28 or before
            "adult": {
                "name": "birthdate_dateint",
                "p_type": "<=",
                "p_value": 20081128,
                "restrictions": { "issuer_did": REGISTRY },
            },
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_restriction", request)
}
