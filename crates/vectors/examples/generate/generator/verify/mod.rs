//! The files of the kind `verify`.

mod basic;
mod binding;
mod change;
mod encoding;
mod forms;
mod frozen;
mod groups;
mod multi_credential;
mod nonrevocation;
mod numbers;
mod predicates;
mod restrictions;
mod structure;

use serde_json::json;
use vectors::Kind;

use super::file::File;
use super::schema::{KindSchema, object};

/// Returns them.
pub fn files() -> Vec<File> {
    vec![
        basic::file(),
        predicates::file(),
        groups::file(),
        multi_credential::file(),
        binding::file(),
        restrictions::file(),
        encoding::file(),
        structure::file(),
        numbers::file(),
        forms::file(),
        nonrevocation::file(),
    ]
}

pub fn schema() -> KindSchema {
    let any = json!({"description": "as the case has it, malformed or not"});
    let text = json!({"type": "string"});
    KindSchema {
        kind: Kind::Verify,
        input: object(
            json!({
                "presentation_request": any,
                "presentation": any,
                "presentation_request_json": text,
                "presentation_json": text,
                "nonrevoked_interval_override": {
                    "type": "object",
                    "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
                "policy": {"type": "object"},
                "used_nonces": {"type": "array", "items": text},
            }),
            &[],
        ),
        output: None,
        has_public: true,
    }
}
