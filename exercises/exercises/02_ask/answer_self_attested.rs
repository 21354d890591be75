//! Say something without a credential (10 minutes)
//!
//! For an appointment, a doctor asks for the last name, and for a telephone number, which no
//! credential contains.
//!
//! Goal: Mia says that her phone is "555 0137", and the doctor learns that she *says* so. Two
//! things are in the way: one in the request, one in the answer.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::{Answer, IDENTITY, REGISTRY};

fn request() -> Value {
    json!({
        "nonce": "20261128006",
        "name": "appointment",
        "version": "1.0",
        "requested_attributes": {
            "name": { "name": "last_name", "restrictions": { "schema_id": IDENTITY } },
            // TODO: this demands that the registry vouches for the number
            "phone": { "name": "phone", "restrictions": { "issuer_did": REGISTRY } },
        },
        "requested_predicates": {},
    })
}

fn answer() -> Answer {
    // TODO: what Mia says, by referent
    Answer { self_attested: vec![], ..Answer::default() }
}

fn main() -> ExitCode {
    workshop::ask::check_answer("answer_self_attested", request, answer)
}
