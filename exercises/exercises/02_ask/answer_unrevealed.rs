//! Answer, and keep a value back (5 minutes)
//!
//! Now you are the holder. A library asks Mia for her last name and her address. The name may be
//! shown; of the address she only wants to prove that she has one in her identity.
//!
//! Goal: the library learns the name, and that Mia holds the attribute `address`. Change the
//! answer, not the request.

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
    // TODO: name the referent (not the attribute) whose value is not shown
    Answer { hidden: vec![], ..Answer::default() }
}

fn main() -> ExitCode {
    workshop::ask::check_answer("answer_unrevealed", request, answer)
}
