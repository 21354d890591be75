//! The draft's own examples.

use exchange::message::{
    CredentialKind, Criterion, Message, Mode, ProofRequest, ProofResponse, Received, Spelling,
};
use serde_json::{Value, json};

use super::fixture::{bytes, document};

const REQUESTS: [&str; 2] = ["request-json.json", "request-json-ld.json"];

const RESPONSES: [&str; 3] =
    ["response-single.json", "response-long.json", "response-json-ld.json"];

const CRITERIA: [&str; 4] = [
    "criterion-email.json",
    "criterion-date-of-birth.json",
    "criterion-billing-address.json",
    "criterion-payslips.json",
];

/// Parses, writes, and parses again; returns what was written.
fn round_trip<M: Message + PartialEq + std::fmt::Debug>(name: &str, mode: Mode) -> Value {
    let read =
        Received::<M>::read(&bytes(name), mode).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(read.document(), &document(name), "{name} as it came");
    let again = Received::made(read.message(), mode).unwrap();
    assert_eq!(again.message(), read.message(), "{name}");
    again.document().clone()
}

#[test]
fn every_request_of_the_draft_is_parsed_and_written_the_same() {
    for name in REQUESTS {
        for mode in [Mode::Usual, Mode::Strict] {
            assert_eq!(round_trip::<ProofRequest>(name, mode), document(name));
        }
    }
}

#[test]
fn every_response_of_the_draft_is_parsed_and_written_the_same() {
    for name in RESPONSES {
        let mut expected = document(name);
        if let Some(context) = expected.as_object_mut().unwrap().remove("context") {
            expected["@context"] = json!([context]);
        }
        for mode in [Mode::Usual, Mode::Strict] {
            assert_eq!(round_trip::<ProofResponse>(name, mode), expected, "{name}");
        }
    }
}

#[test]
fn every_criterion_of_the_draft_is_parsed_and_written_the_same() {
    for name in CRITERIA {
        let criterion: Criterion = serde_json::from_value(document(name)).unwrap();
        assert_eq!(criterion.written(Spelling::Request), document(name));
        let request: Received<ProofRequest> =
            Received::of(request_of(document(name)), Mode::Strict).unwrap();
        assert_eq!(request.message().body.criteria, [criterion]);
    }
}

fn request_of(criterion: Value) -> Value {
    let mut request = document("request-json.json");
    request["proofRequest"]["criteria"] = json!([criterion]);
    request
}

#[test]
fn a_criterion_is_the_same_in_both_spellings() {
    for name in CRITERIA {
        let criterion: Criterion = serde_json::from_value(document(name)).unwrap();
        let repeated = criterion.written(Spelling::Response);
        let of_schema = matches!(criterion.kind, CredentialKind::Schema(_));
        assert_eq!(repeated["schema"]["attributes"].is_array(), of_schema);
        assert_eq!(repeated.get("properties").is_none(), of_schema);
        let read: Criterion = serde_json::from_value(repeated).unwrap();
        assert!(read.asks_the_same_as(&criterion), "{name}");
    }
}

#[test]
fn the_credit_card_application_is_that_of_the_draft() {
    let request: Received<ProofRequest> =
        Received::read(&bytes("request-json-ld.json"), Mode::Usual).unwrap();
    let body = &request.message().body;
    let accept: Vec<String> = body.accept.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(accept, ["json/RsaSignature2018", "json-ld/CLSignature2019"]);
    let [email, birth, address, payslips] = &*body.criteria else {
        panic!("four criteria");
    };
    assert_eq!(email.issuers.dids.len(), 3);
    assert_eq!(email.required().collect::<Vec<_>>(), ["emailAddress"]);
    assert_eq!(
        birth.kind,
        CredentialKind::LinkedData {
            context: "https://stateagency.gov".to_owned(),
            kind: "DrivingLicenceCredential".to_owned(),
        }
    );
    assert_eq!(address.optional().collect::<Vec<_>>(), ["street2"]);
    assert_eq!((payslips.min_count(), payslips.max_count()), (6, 6));
}

#[test]
fn the_long_response_is_parsed_although_it_repeats_a_payslip() {
    let response: Received<ProofResponse> =
        Received::read(&bytes("response-long.json"), Mode::Usual).unwrap();
    let payslips = &response.message().fulfilled[2].presentations;
    let ids: Vec<&str> = payslips.iter().map(|one| &*one.credentials[0].id).collect();
    assert_eq!(ids, ["12c21009-7c13-42da-9cb8-01ea805ed324"; 2]);
    assert_ne!(payslips[0].id, payslips[1].id);
}
