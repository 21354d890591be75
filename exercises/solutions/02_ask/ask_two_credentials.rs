//! One answer from two credentials: both are bound to one link secret, which the verifier does not
//! see.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::{EMPLOYER, REGISTRY};

fn request() -> Value {
    json!({
        "nonce": "20261128004",
        "name": "flat",
        "version": "1.0",
        "requested_attributes": {
            "name": {
                "name": "last_name",
                "restrictions": { "issuer_did": REGISTRY },
            },
        },
        "requested_predicates": {
            "salary": {
                "name": "net_salary",
                "p_type": ">",
                "p_value": 2000,
                "restrictions": { "issuer_did": EMPLOYER },
            },
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_two_credentials", request)
}
