//! A schema of your own (15 minutes)
//!
//! The registry also issues driving licences, with name, date of birth, categories, date of expiry
//! and photo. A car rental asks for the categories, and for a proof that the licence has not
//! expired.
//!
//! Goal: complete the schema, and write Kim's date of expiry (17 June 2031) so that it can be
//! compared. The request stays as it is.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::Licence;

fn licence() -> Licence {
    Licence {
        attributes: vec![
            "name",
            "birthdate_dateint",
            "categories",
            // TODO: two attributes are missing; the name of a date ends in _dateint
        ],
        values: vec![
            ("name", "Kim Keller"),
            ("birthdate_dateint", "19990423"),
            ("categories", "A, B"),
            // TODO: under which name, and in which form, can a verifier compare it?
            ("expires", "17 June 2031"),
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
