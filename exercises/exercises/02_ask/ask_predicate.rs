//! Ask for a fact instead of a value (10 minutes)
//!
//! A bank wants to know that a person earns at least 2,500 a month (`net_salary` on a payslip), and
//! nothing more.
//!
//! Mia earns 2,950 and has a permanent post. Tom earns 1,200 and has not. Ann has an identity and
//! no payslip. Eve has issued an identity and a payslip to herself.
//!
//! Goal: Mia proves it, Tom and Ann cannot, and the bank does not learn what Mia earns. The request
//! below asks for the salary itself.

use std::process::ExitCode;

use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "nonce": "20261128001",
        "name": "loan",
        "version": "1.0",
        "requested_attributes": {
            // TODO: the bank must not see this value
            "salary": { "name": "net_salary" },
        },
        "requested_predicates": {},
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_predicate", request)
}
