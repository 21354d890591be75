//! Ask for values of one credential: the names of a group are answered by one credential.

use std::process::ExitCode;

use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "nonce": "20261128002",
        "name": "parcel",
        "version": "1.0",
        "requested_attributes": {
            "names": { "names": ["first_name", "last_name"] },
        },
        "requested_predicates": {},
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_group", request)
}
