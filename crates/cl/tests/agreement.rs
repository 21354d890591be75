//! Presentations made by `indy-credx` are accepted, on every engine.

mod library;

use cl::kernel::Engine;
use cl::{PreparedKey, Presentation, ProofRequest, PublicKey, Rejection, verify};
use library::{Holder, Issuer, Use, keys, library_accepts, request};
use serde_json::{Value, json};

/// The verdict of one engine, from JSON.
fn verdict(
    engine: Engine,
    request: &Value,
    presentation: &Value,
    issuers: &[&Issuer],
) -> Result<(), Rejection> {
    let request = ProofRequest::from_json(request).unwrap();
    let presentation = Presentation::parse(&presentation.to_string()).unwrap();
    let keys: Vec<PreparedKey> = issuers
        .iter()
        .map(|issuer| {
            let key = PublicKey::from_credential_definition(&issuer.definition_json).unwrap();
            PreparedKey::with_engine(&key, engine).unwrap()
        })
        .collect();
    verify(&request, &presentation, &keys.iter().collect::<Vec<_>>())
}

#[test]
fn one_revealed_attribute_and_one_predicate() {
    let issuer = Issuer::new(&keys::gvt(), "gvt");
    let holder = Holder::new();
    let credential = holder.receive(
        &issuer,
        &[
            ("age", "28"),
            ("height", "175"),
            ("name", "Alex"),
            ("sex", "male"),
        ],
    );
    let request = request(
        json!({"name": {"name": "name"}}),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18}}),
    );
    let presentation = holder.present(
        &request,
        &[Use {
            issuer: &issuer,
            credential: &credential,
            attributes: &[("name", true)],
            predicates: &["adult"],
        }],
    );
    assert!(library_accepts(&request, &presentation, &[&issuer]));
    for engine in Engine::available() {
        assert_eq!(
            verdict(engine, &request, &presentation, &[&issuer]),
            Ok(()),
            "{engine}"
        );
    }
}
