//! Ask for values of one credential (10 minutes)
//!
//! A parcel is handed to the person whose first and last name stand on it.
//!
//! Goal: the two names come from one and the same credential. With the request below, a person with
//! two identities could show the first name of one and the last name of the other.

use std::process::ExitCode;

use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "nonce": "20261128002",
        "name": "parcel",
        "version": "1.0",
        "requested_attributes": {
            // TODO: one referent that asks for both names, instead of two
            "first": { "name": "first_name" },
            "last": { "name": "last_name" },
        },
        "requested_predicates": {},
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_group", request)
}
