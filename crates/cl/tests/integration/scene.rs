//! Alex, who holds one credential of the government, and what most tests start from: a presentation with one
//! revealed attribute, one hidden one and two predicates.

use std::sync::OnceLock;

use indy_credx::types::Credential;
use serde_json::{Value, json};

use crate::library::{Holder, Issuer, Use, keys, request};

pub const ALEX: [(&str, &str); 4] = [
    ("age", "28"),
    ("height", "175"),
    ("name", "Alex"),
    ("sex", "male"),
];

pub struct Alex {
    pub holder: Holder,
    pub government: Issuer,
    pub credential: Credential,
}

pub fn alex() -> &'static Alex {
    static ALEX_HERSELF: OnceLock<Alex> = OnceLock::new();
    ALEX_HERSELF.get_or_init(|| {
        let holder = Holder::new();
        let government = Issuer::new(&keys::gvt(), "gvt");
        let credential = holder.receive(&government, &ALEX);
        Alex {
            holder,
            government,
            credential,
        }
    })
}

/// A request with its honest answer.
pub struct Shown {
    pub request: Value,
    pub presentation: Value,
}

/// Name revealed, sex unrevealed, age at least 18, height below 200.
pub fn shown() -> &'static Shown {
    static SHOWN: OnceLock<Shown> = OnceLock::new();
    SHOWN.get_or_init(|| {
        let alex = alex();
        let request = request(
            json!({"name": {"name": "name"}, "sex": {"name": "sex"}}),
            json!({
                "adult": {"name": "age", "p_type": ">=", "p_value": 18},
                "small": {"name": "height", "p_type": "<", "p_value": 200},
            }),
        );
        let presentation = alex.holder.present(
            &request,
            &[Use {
                issuer: &alex.government,
                credential: &alex.credential,
                attributes: &[("name", true), ("sex", false)],
                predicates: &["adult", "small"],
            }],
        );
        Shown {
            request,
            presentation,
        }
    })
}
