//! Ask for a fact instead of a value: a predicate proves a comparison and shows nothing of the
//! value.

use std::process::ExitCode;

use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "nonce": "20261128001",
        "name": "loan",
        "version": "1.0",
        "requested_attributes": {},
        "requested_predicates": {
            "salary": { "name": "net_salary", "p_type": ">=", "p_value": 2500 },
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_predicate", request)
}
