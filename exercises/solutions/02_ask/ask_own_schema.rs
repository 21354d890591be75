//! A schema of your own: its author decides what can be compared later.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::Licence;

fn licence() -> Licence {
    Licence {
        attributes: vec!["name", "birthdate_dateint", "categories", "expires_dateint", "photo"],
        values: vec![
            ("name", "Kim Keller"),
            ("birthdate_dateint", "19990423"),
            ("categories", "A, B"),
            ("expires_dateint", "20310617"),
            ("photo", "kim.png"),
        ],
    }
}

fn request() -> Value {
    json!({
        "nonce": "20261128007",
        "name": "car rental",
        "version": "1.0",
        "requested_attributes": {
            "categories": { "name": "categories" },
        },
        "requested_predicates": {
            // valid after 2026-11-28
            "valid": { "name": "expires_dateint", "p_type": ">", "p_value": 20261128 },
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check_licence("ask_own_schema", licence, request)
}
