//! Answer, and keep a value back: the holder decides for each attribute whether its value is shown.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::{Answer, IDENTITY};

fn request() -> Value {
    json!({
        "nonce": "20261128005",
        "name": "library card",
        "version": "1.0",
        "requested_attributes": {
            "name": { "name": "last_name", "restrictions": { "schema_id": IDENTITY } },
            "home": { "name": "address", "restrictions": { "schema_id": IDENTITY } },
        },
        "requested_predicates": {},
    })
}

fn answer() -> Answer {
    Answer { hidden: vec!["home"], ..Answer::default() }
}

fn main() -> ExitCode {
    workshop::ask::check_answer("answer_unrevealed", request, answer)
}
