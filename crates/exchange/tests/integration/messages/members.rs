//! Members that this crate does not know, and members with two spellings.

use exchange::message::{
    Form, Message, Mode, ProofRequest, ProofResponse, Received, Spelling, VerifiableCredential,
};
use serde_json::{Value, json};

use super::fixture::{document, put};

/// Puts an unknown member into each object of a document but its proofs.
fn extend(value: &mut Value, count: &mut usize) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| extend(one, count)),
        Value::Object(members) => {
            let members_but_proofs = members.iter_mut().filter(|(name, _)| *name != "proof");
            members_but_proofs.for_each(|(_, one)| extend(one, count));
            *count += 1;
            members.insert(
                "unknown".to_owned(),
                json!({"number": *count, "list": [1.5, null, {"deep": true}]}),
            );
        }
        _ => {}
    }
}

fn extended(name: &str, least: usize) -> Value {
    let mut document = document(name);
    let mut objects = 0;
    extend(&mut document, &mut objects);
    assert!(objects >= least, "{name}: {objects}");
    document
}

fn is_parsed_with_unknown_members<M: Message>(name: &str, least: usize) {
    let document = extended(name, least);
    let read = Received::<M>::of(document.clone(), Mode::Usual)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(read.document(), &document, "{name}");
}

#[test]
fn unknown_members_are_carried_along_in_every_object() {
    is_parsed_with_unknown_members::<ProofRequest>("request-json-ld.json", 20);
    for name in ["response-single.json", "response-long.json", "response-mixed.json"] {
        is_parsed_with_unknown_members::<ProofResponse>(name, 9);
    }
    is_parsed_with_unknown_members::<VerifiableCredential>("credential.json", 4);
    is_parsed_with_unknown_members::<VerifiableCredential>("credential-linked-data.json", 4);
}

#[test]
fn unknown_members_of_a_criterion_are_written_back() {
    for name in ["request-json.json", "request-predicates.json"] {
        let document = extended(name, 10);
        let criteria = document["proofRequest"]["criteria"].clone();
        let read: Received<ProofRequest> = Received::of(document, Mode::Usual).unwrap();
        let written = read.message().body.criteria.iter();
        let written: Value =
            written.map(|one| one.written(Spelling::Request, Form::default())).collect();
        assert_eq!(written, criteria, "{name}");
    }
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
    let (single, listed) = (single.message(), listed.message());
    assert_eq!((&single.types, &single.context), (&listed.types, &listed.context));
    assert_eq!(single.proof[0].signature_value, listed.proof[0].signature_value);
    assert_eq!((&*single.proof[0].pointer, &*listed.proof[0].pointer), ("/proof", "/proof/0"));
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
fn one_number_in_three_spellings_is_one_count() {
    let mut request = document("request-json.json");
    let asked: Received<ProofRequest> = Received::of(request.clone(), Mode::Usual).unwrap();
    for (min, max) in [(json!(6.0), json!(6e0)), (json!(6), json!(6.0))] {
        put(&mut request, "/proofRequest/criteria/3/min", min);
        put(&mut request, "/proofRequest/criteria/3/max", max);
        let read: Received<ProofRequest> = Received::of(request.clone(), Mode::Usual).unwrap();
        let (read, asked) = (&read.message().body.criteria[3], &asked.message().body.criteria[3]);
        assert_eq!((read.min, read.max), (Some(6), Some(6)));
        assert!(read.asks_the_same_as(asked));
    }
    put(&mut request, "/proofRequest/criteria/3/max", json!(1e3));
    let read: Received<ProofRequest> = Received::of(request, Mode::Usual).unwrap();
    assert_eq!(read.message().body.criteria[3].max, Some(1000));
}

#[test]
fn criteria_are_compared_with_numbers_as_numbers() {
    let with = |value: Value| {
        let mut request = document("request-json.json");
        put(&mut request, "/proofRequest/criteria/0/weights", json!({"inner": [value, 0.5]}));
        let read: Received<ProofRequest> = Received::of(request, Mode::Usual).unwrap();
        read.message().body.criteria[0].clone()
    };
    assert!(with(json!(1.0)).asks_the_same_as(&with(json!(1))));
    assert!(with(json!(-0.0)).asks_the_same_as(&with(json!(0))));
    assert!(!with(json!(1.5)).asks_the_same_as(&with(json!(1))));
}

#[test]
fn min_of_one_may_be_left_out() {
    let mut request = document("request-json.json");
    put(&mut request, "/proofRequest/criteria/0/min", json!(1));
    let named: Received<ProofRequest> = Received::of(request.clone(), Mode::Usual).unwrap();
    request["proofRequest"]["criteria"][0].as_object_mut().unwrap().remove("min");
    let omitted: Received<ProofRequest> = Received::of(request, Mode::Usual).unwrap();
    let (named, omitted) = (&named.message().body.criteria[0], &omitted.message().body.criteria[0]);
    assert!(named.asks_the_same_as(omitted) && omitted.asks_the_same_as(named));
}

#[test]
fn members_on_which_nothing_acts_are_refused_in_every_part_of_a_response() {
    let presentation = "/FulfilledCriteria/0/Presentations/0";
    let credential = format!("{presentation}/verifiableCredential/0");
    let attribute = format!("{credential}/credentialSubjects/0");
    let answered = ["proofRequestId", "presentationRequestId", "proofRequestInstanceId"];
    for (place, members) in [
        ("", &["recipient", "audience", "expires"][..]),
        ("/FulfilledCriteria/0", &["verifier", "expires"]),
        ("/FulfilledCriteria/0", &answered),
        (presentation, &["verifier", "recipient", "termsOfUse", "credentialStatus"]),
        (presentation, &answered),
        (&credential, &["domain", "challenge", "audience", "proofPurpose", "termsOfUse"]),
        (&credential, &["deactivated", "suspended", "expired", "expiry", "revocationDate"]),
        (&attribute, &["domain", "termsOfUse", "refreshService", "revoked"]),
    ] {
        for member in members {
            let mut response = document("response-single.json");
            response.pointer_mut(place).unwrap()[*member] = json!("did:work:another");
            let error = Received::<ProofResponse>::of(response, Mode::Usual).unwrap_err();
            assert!(error.to_string().contains(&format!("{place}/{member}: ")), "{error}");
        }
    }
    let mut response = document("response-single.json");
    response.pointer_mut(presentation).unwrap()["proof"][0]["id"] = json!({"domain": "another"});
    let error = Received::<ProofResponse>::of(response, Mode::Usual).unwrap_err();
    assert!(error.to_string().contains("/proof/0/id: expected a text"), "{error}");
}

#[test]
fn a_date_is_short_and_in_ascii() {
    let long = format!("2019-08-23T14:29:48.{}Z", "1".repeat(300));
    for date in ["2019-08-23T14:29:48\u{2212}01:00", &long] {
        let mut response = document("response-single.json");
        put(&mut response, "/FulfilledCriteria/0/Presentations/0/created", json!(date));
        let error = Received::<ProofResponse>::of(response, Mode::Usual).unwrap_err();
        assert!(error.to_string().contains("/created: expected a date in RFC 3339"), "{error}");
    }
}
