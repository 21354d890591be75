//! Say something without a credential: possible only where the request does not restrict who
//! vouches for it.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::{Answer, IDENTITY};

fn request() -> Value {
    json!({
        "nonce": "20261128006",
        "name": "appointment",
        "version": "1.0",
        "requested_attributes": {
            "name": { "name": "last_name", "restrictions": { "schema_id": IDENTITY } },
            "phone": { "name": "phone" },
        },
        "requested_predicates": {},
    })
}

fn answer() -> Answer {
    Answer { self_attested: vec![("phone", "555 0137")], ..Answer::default() }
}

fn main() -> ExitCode {
    workshop::ask::check_answer("answer_self_attested", request, answer)
}
