//! Say whose word you take (10 minutes)
//!
//! A cinema admits people of 18 years and more, and anybody can issue a credential with a date of
//! birth.
//!
//! Mia earns 2,950 and has a permanent post. Tom earns 1,200 and has not. Ann has an identity and
//! no payslip. Eve has issued an identity and a payslip to herself.
//!
//! Goal: Mia and Ann are admitted; Tom is too young; Eve is refused, because only the registry's
//! word counts (`workshop::ask::REGISTRY` is its DID).

use std::process::ExitCode;

use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "nonce": "20261128003",
        "name": "cinema",
        "version": "1.0",
        "requested_attributes": {},
        "requested_predicates": {
            // dates are written as numbers, YYYYMMDD: born on 2008-11-28 or before
            "adult": {
                "name": "birthdate_dateint",
                "p_type": "<=",
                "p_value": 20081128,
                // TODO: only credentials that the registry has issued
                "restrictions": {},
            },
        },
    })
}

fn main() -> ExitCode {
    workshop::ask::check("ask_restriction", request)
}
