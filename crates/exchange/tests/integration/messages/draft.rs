//! The draft's own examples.

use exchange::message::{
    CredentialKind, Criterion, Form, Message, Mode, ProofRequest, ProofResponse, Received, Spelling,
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

fn is_parsed<M: Message>(name: &str) {
    for mode in [Mode::Usual, Mode::Strict] {
        let read = Received::<M>::read(&bytes(name), mode);
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.document(), &document(name), "{name} as it came");
    }
}

#[test]
fn every_message_of_the_draft_is_parsed_in_both_modes() {
    REQUESTS.into_iter().for_each(is_parsed::<ProofRequest>);
    RESPONSES.into_iter().for_each(is_parsed::<ProofResponse>);
}

#[test]
fn every_criterion_of_the_draft_is_written_as_it_was() {
    for name in CRITERIA {
        assert_eq!(
            criterion(document(name)).written(Spelling::Request, Form::default()),
            document(name)
        );
    }
}

fn criterion(document: Value) -> Criterion {
    let request: Received<ProofRequest> = Received::of(request_of(document), Mode::Strict).unwrap();
    request.message().body.criteria[0].clone()
}

fn request_of(criterion: Value) -> Value {
    let mut request = document("request-json.json");
    request["proofRequest"]["criteria"] = json!([criterion]);
    request
}

#[test]
fn a_criterion_is_the_same_in_both_spellings() {
    for name in CRITERIA {
        let asked = criterion(document(name));
        let repeated = asked.written(Spelling::Response, Form::default());
        let of_schema = matches!(asked.kind, CredentialKind::Schema(_));
        assert_eq!(repeated["schema"]["attributes"].is_array(), of_schema);
        assert_eq!(repeated.get("properties").is_none(), of_schema);
        assert!(criterion(repeated).asks_the_same_as(&asked), "{name}");
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
