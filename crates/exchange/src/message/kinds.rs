//! The kinds of messages, each with its JSON Schema and the rules that no JSON Schema states.

use serde_json::Value;

use super::{
    Message, Mode, ProofRequest, ProofResponse, VerifiableCredential, Violation, rules, schema,
};

impl Message for ProofRequest {
    const KIND: &'static str = "proof request";

    fn check_schema(document: &Value, mode: Mode) -> Vec<Violation> {
        schema::request(document, mode)
    }

    fn check_rules(document: &Value) -> Vec<Violation> {
        rules::request(document)
    }
}

impl Message for ProofResponse {
    const KIND: &'static str = "proof response";

    fn check_schema(document: &Value, mode: Mode) -> Vec<Violation> {
        schema::response(document, mode)
    }

    fn check_rules(document: &Value) -> Vec<Violation> {
        rules::response(document)
    }
}

impl Message for VerifiableCredential {
    const KIND: &'static str = "credential";

    fn check_schema(document: &Value, _mode: Mode) -> Vec<Violation> {
        // strictness is about criteria, and a credential has none
        schema::credential(document)
    }

    fn check_rules(document: &Value) -> Vec<Violation> {
        rules::credential(document)
    }
}
