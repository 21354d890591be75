//! The library itself on what is issued: it accepts what is valid, and refuses what is not.

use credx::{Object, parse_unchecked};
use indy_credx::types::{
    Credential, CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof,
    CredentialOffer, CredentialRequest, CredentialRequestMetadata, CredentialValues, DidValue,
    LinkSecret, MakeCredentialValues,
};
use indy_credx::{issuer, prover};
use serde_json::{Value, json};
use vectors::{Expected, Kind};

use crate::corpus::corpus;

/// Reads an object as the library does.
fn read<T: Object>(written: &Value) -> Result<T, String> {
    parse_unchecked(&written.to_string()).map_err(|error| error.to_string())
}

fn accepts(kind: Kind, input: &Value) -> Result<(), String> {
    let work = || match kind {
        Kind::ProcessCredential => processes(input),
        Kind::CredentialRequest => issues(input),
        _ => offers(input),
    };
    stdx::panic::catch(work).unwrap_or_else(|panicked| Err(panicked.to_string()))
}

fn processes(input: &Value) -> Result<(), String> {
    let mut credential: Credential = read(&input["credential"])?;
    let metadata: CredentialRequestMetadata = read(&input["request_metadata"])?;
    let link_secret: LinkSecret = read(&input["link_secret"])?;
    let definition: CredentialDefinition = read(&input["cred_def"])?;
    prover::process_credential(&mut credential, &metadata, &link_secret, &definition, None)
        .map_err(|error| error.to_string())
}

fn issues(input: &Value) -> Result<(), String> {
    let definition: CredentialDefinition = read(&input["cred_def"])?;
    let private: CredentialDefinitionPrivate = read(&input["cred_def_private"])?;
    let offer: CredentialOffer = read(&input["offer"])?;
    let request: CredentialRequest = read(&input["request"])?;
    let values: CredentialValues = serde_json::from_value(input["values"].clone()).unwrap();
    issuer::create_credential(&definition, &private, &offer, &request, values, None)
        .map(drop)
        .map_err(|error| error.to_string())
}

/// A holder checks the key when it answers an offer.
fn offers(input: &Value) -> Result<(), String> {
    let definition: CredentialDefinition = read(&input["cred_def"])?;
    let proof: CredentialKeyCorrectnessProof = read(&input["key_correctness_proof"])?;
    let offer: CredentialOffer = read(&json!({
        "schema_id": "NcYxiDXkpYi6ov5FcYDi1e:2:Person:1.0",
        "cred_def_id": input["cred_def"]["id"],
        "key_correctness_proof": serde_json::to_value(&proof).unwrap(),
        "nonce": "1",
    }))?;
    let link_secret = prover::create_link_secret().unwrap();
    let did = DidValue("VsKV7grR1BUE29mG2Fm2kX".to_owned());
    prover::create_credential_request(&did, &definition, &link_secret, "main", &offer)
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn the_library_decides_as_the_corpus_on_what_is_issued() {
    let corpus = corpus();
    let kinds = [Kind::ProcessCredential, Kind::CredentialRequest, Kind::KeyCorrectness];
    let mut wrong = Vec::new();
    for placed in corpus.tests().filter(|placed| kinds.contains(&placed.group.kind)) {
        let accepted = accepts(placed.group.kind, &placed.test.input);
        let is_right = match placed.test.result {
            Expected::Valid => accepted.is_ok(),
            Expected::Invalid => accepted.is_err(),
            Expected::Acceptable | Expected::Undecided => true,
        };
        if !is_right {
            wrong.push(format!("{}: {accepted:?}", placed.test.id));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_library_encodes_texts_as_the_corpus() {
    let corpus = corpus();
    let tests = corpus.tests().filter(|placed| placed.group.kind == Kind::Encode);
    let mut count = 0;
    for test in tests.map(|placed| placed.test) {
        let (Some(raw), Some(output)) = (test.input["raw"].as_str(), &test.output) else {
            continue;
        };
        let mut values = MakeCredentialValues::default();
        values.add_raw("x", raw).unwrap();
        let values: CredentialValues = values.into();
        assert_eq!(output["encoded"], values.0["x"].encoded, "{}", test.id);
        count += 1;
    }
    assert!(count >= 50, "{count} texts");
}
