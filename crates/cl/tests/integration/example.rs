//! The example from which most tests of verification start: Alex holds one credential of the
//! government, and presents one revealed attribute, one hidden attribute and two predicates.

use std::sync::OnceLock;

use indy_credx::types::Credential;
use serde_json::{Value, json};

use crate::library::{Holder, Issuer, Use, keys, request};

pub const ALEX: [(&str, &str); 4] =
    [("age", "28"), ("height", "175"), ("name", "Alex"), ("sex", "male")];

pub struct Alex {
    pub holder: Holder,
    pub government: Issuer,
    pub credential: Credential,
}

pub fn alex() -> &'static Alex {
    static INSTANCE: OnceLock<Alex> = OnceLock::new();
    INSTANCE.get_or_init(|| {
        let holder = Holder::new();
        let government = Issuer::new(&keys::gvt(), "gvt");
        let credential = holder.receive(&government, &ALEX);
        Alex { holder, government, credential }
    })
}

/// A request with a valid presentation.
pub struct Shown {
    pub request: Value,
    pub presentation: Value,
}

/// Returns the example: the name is revealed, the sex is hidden, the age is at least 18, the height
/// below 200.
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
        Shown { request, presentation }
    })
}
