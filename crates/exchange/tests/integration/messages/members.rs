//! Members that this crate does not know, and members with two spellings.

use exchange::message::{
    Message, Mode, ProofRequest, ProofResponse, Received, VerifiableCredential,
};
use serde_json::{Value, json};

use super::fixture::{document, put};

/// Puts an unknown member into each object of a document.
fn extend(value: &mut Value, count: &mut usize) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| extend(one, count)),
        Value::Object(members) => {
            members.values_mut().for_each(|one| extend(one, count));
            *count += 1;
            members.insert(
                "unknown".to_owned(),
                json!({"number": *count, "list": [1.5, null, {"deep": true}]}),
            );
        }
        _ => {}
    }
}

fn keeps_unknown_members<M: Message>(name: &str, least: usize) {
    let mut document = document(name);
    let mut objects = 0;
    extend(&mut document, &mut objects);
    assert!(objects >= least, "{name}: {objects}");
    let read = Received::<M>::of(document.clone(), Mode::Usual)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(serde_json::to_value(read.message()).unwrap(), document, "{name}");
}

#[test]
fn unknown_members_survive_in_every_object_of_a_request() {
    keeps_unknown_members::<ProofRequest>("request-json.json", 20);
    keeps_unknown_members::<ProofRequest>("request-json-ld.json", 20);
    keeps_unknown_members::<ProofRequest>("request-predicates.json", 10);
}

#[test]
fn unknown_members_survive_in_every_object_of_a_response() {
    for name in ["response-single.json", "response-long.json", "response-mixed.json"] {
        keeps_unknown_members::<ProofResponse>(name, 10);
    }
}

#[test]
fn unknown_members_survive_in_every_object_of_a_credential() {
    keeps_unknown_members::<VerifiableCredential>("credential.json", 9);
    keeps_unknown_members::<VerifiableCredential>("credential-linked-data.json", 9);
}

#[test]
fn one_thing_may_stand_for_a_list_of_one() {
    let mut response = document("response-mixed.json");
    let listed: Received<ProofResponse> = Received::of(response.clone(), Mode::Usual).unwrap();
    put(&mut response, "/type", json!("ProofResponse"));
    put(&mut response, "/@context", json!("https://www.w3.org/2018/credentials/v1"));
    let proof = response["proof"][0].clone();
    put(&mut response, "/proof", proof);
    let single: Received<ProofResponse> = Received::of(response, Mode::Usual).unwrap();
    assert_eq!(single.message(), listed.message());
    assert_ne!(single.document(), listed.document());
}

#[test]
fn a_criterion_may_spell_its_context_either_way() {
    let mut request = document("request-json.json");
    let as_it_was: Received<ProofRequest> = Received::of(request.clone(), Mode::Usual).unwrap();
    let criterion = request["proofRequest"]["criteria"][1].as_object_mut().unwrap();
    let context = criterion.remove("context").unwrap();
    criterion.insert("@context".to_owned(), context);
    let read: Received<ProofRequest> = Received::of(request, Mode::Usual).unwrap();
    assert_eq!(read.message(), as_it_was.message());
}

#[test]
fn a_new_message_keeps_the_same_rules() {
    let read: Received<ProofRequest> =
        Received::of(document("request-json.json"), Mode::Usual).unwrap();
    let mut request = read.message().clone();
    request.proof.clear();
    let made = Received::made(&request, Mode::Strict).unwrap();
    assert!(made.document().get("proof").is_none());
    request.body.criteria[3].max = Some(5);
    assert!(Received::made(&request, Mode::Usual).is_err());
}
