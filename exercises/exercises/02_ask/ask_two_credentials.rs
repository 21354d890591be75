//! One answer from two credentials (10 minutes)
//!
//! A landlord wants the last name from an identity of the registry, and a proof that the salary is
//! more than 2,000 on a payslip of the employer (`workshop::ask::EMPLOYER`).
//!
//! Mia earns 2,950 and has a permanent post. Tom earns 1,200 and has not. Ann has an identity and
//! no payslip. Eve has issued an identity and a payslip to herself, a payslip to Bob, who has an
//! identity of the registry, and an identity to Zoe, who has a payslip of the employer.
//!
//! Goal: only Mia gets the flat. Add the second half of the request.

use std::process::ExitCode;

use serde_json::{Value, json};
use workshop::ask::REGISTRY;

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
            // TODO: `net_salary`, more than 2000, on a payslip of the employer
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_two_credentials", request)
}
