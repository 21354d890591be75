//! What prevents a presentation, and what does not.

use std::collections::BTreeMap;

use proofs::preflight::{self, Refusal};
use proofs::{
    Choice, HeldCredential, HeldCredentials, HeldValue, Mismatch, PredicateType, ProofRequest,
    encoding,
};
use serde_json::{Value, json};

const ISSUER: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// Two credentials: Alex's, and one on another schema.
fn credentials() -> HeldCredentials {
    let alex = [
        ("Name", "Alex"),
        ("age", "28"),
        ("sex", "male"),
        ("height", "175"),
        ("debt", "-2147483648"),
    ];
    let degree = [("degree", "physics"), ("age", "17"), ("grade", "2147483647")];
    [("alex", credential("gvt", &alex)), ("degree", credential("degree", &degree))]
        .map(|(id, credential)| (id.to_owned(), credential))
        .into()
}

fn credential(schema: &str, values: &[(&str, &str)]) -> HeldCredential {
    let value = |raw: &str| HeldValue { raw: raw.to_owned(), encoded: encoding::encode(raw) };
    let values: BTreeMap<_, _> =
        values.iter().map(|(name, raw)| ((*name).to_owned(), value(raw))).collect();
    let schema_id = format!("Th7MpTaRZVRYnPiabds81Y:2:{schema}:1.0");
    let cred_def_id = format!("{ISSUER}:3:CL:12:TAG1");
    HeldCredential::from_ids(&schema_id, &cred_def_id, None, values)
}

fn request(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "822341096514423177893041", "name": "r", "version": "1",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

/// The request of the tutorial, in short.
fn tutorial() -> ProofRequest {
    request(
        json!({"given": {"name": "name", "restrictions": {"issuer_did": ISSUER, "schema_name": "gvt"}}}),
        predicate("age", ">=", 18),
    )
}

/// One predicate, under the referent `p`.
fn predicate(name: &str, p_type: &str, p_value: i32) -> Value {
    json!({"p": {"name": name, "p_type": p_type, "p_value": p_value}})
}

fn attribute(asked: Value) -> ProofRequest {
    request(json!({"a": asked}), json!({}))
}

fn comparison(name: &str, p_type: &str, p_value: i32) -> ProofRequest {
    request(json!({}), predicate(name, p_type, p_value))
}

fn passes(request: &ProofRequest, choice: &Choice) {
    assert_eq!(preflight::check(request, choice, &credentials()), Ok(()));
}

/// The only refusal.
fn refusal(request: &ProofRequest, choice: &Choice) -> Refusal {
    let refusals = preflight::check(request, choice, &credentials()).unwrap_err();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals.into_iter().next().unwrap()
}

/// What a refusal says.
fn text(request: &ProofRequest, choice: &Choice) -> String {
    refusal(request, choice).to_string()
}

fn choice() -> Choice {
    Choice::default()
}

#[test]
fn the_tutorials_choice_passes() {
    passes(&tutorial(), &choice().reveal("given", "alex").prove("p", "alex"));
    passes(&tutorial(), &choice().hide("given", "alex").prove("p", "alex"));
}

#[test]
fn every_referent_must_be_answered() {
    assert_eq!(
        text(&tutorial(), &choice().prove("p", "alex")),
        r#"nothing answers "given"; choose a credential for it"#
    );
    assert_eq!(
        refusal(&tutorial(), &choice().reveal("given", "alex")),
        Refusal::Unanswered { referent: "p".to_owned() }
    );
    let both = preflight::check(&tutorial(), &choice(), &credentials()).unwrap_err();
    let referents: Vec<_> = both.iter().map(Refusal::referent).collect();
    assert_eq!(referents, ["given", "p"]);
}

#[test]
fn only_what_was_asked_for_is_answered_and_as_it_was_asked() {
    let complete = || choice().reveal("given", "alex").prove("p", "alex");
    for more in [
        complete().reveal("x", "alex"),
        complete().prove("x", "alex"),
        complete().self_attest("x", "y"),
    ] {
        assert_eq!(
            text(&tutorial(), &more),
            r#"the request has no referent "x"; it has "given", "p": answer one of these"#
        );
    }
    for otherwise in [choice().reveal("p", "alex"), choice().self_attest("p", "28")] {
        let otherwise = Choice { predicates: BTreeMap::new(), ..otherwise.reveal("given", "alex") };
        assert_eq!(
            refusal(&tutorial(), &otherwise),
            Refusal::PredicateAnsweredAsAttribute { referent: "p".to_owned() }
        );
    }
    assert_eq!(
        refusal(&tutorial(), &choice().prove("given", "alex").prove("p", "alex")),
        Refusal::AttributeAnsweredAsPredicate { referent: "given".to_owned() }
    );
}

#[test]
fn a_shared_referent_needs_an_attribute_and_a_predicate() {
    let shared = request(json!({"p": {"name": "name"}}), predicate("age", ">=", 18));
    passes(&shared, &choice().reveal("p", "alex").prove("p", "alex"));
    assert_eq!(
        refusal(&shared, &choice().reveal("p", "alex")),
        Refusal::Unanswered { referent: "p".to_owned() }
    );
}

#[test]
fn a_self_attested_text_answers_only_an_unrestricted_attribute() {
    let free = attribute(json!({"name": "phone", "restrictions": []}));
    passes(&free, &choice().self_attest("a", "555"));
    let restricted = attribute(json!({"name": "phone", "restrictions": {"issuer_did": ISSUER}}));
    assert_eq!(
        refusal(&restricted, &choice().self_attest("a", "555")),
        Refusal::SelfAttestedThoughRestricted { referent: "a".to_owned() }
    );
    let name = attribute(json!({"name": "name"}));
    assert_eq!(
        text(&name, &choice().self_attest("a", "Alex").reveal("a", "alex")),
        r#""a" is answered twice, by the credential "alex" and by a text of your own; keep one of them"#
    );
}

#[test]
fn a_chosen_credential_must_exist_and_have_the_attributes() {
    let request = attribute(json!({"name": "degree"}));
    passes(&request, &choice().reveal("a", "degree"));
    assert_eq!(
        text(&request, &choice().reveal("a", "lost")),
        r#"there is no credential "lost" to answer "a"; choose one of the wallet's"#
    );
    assert_eq!(
        text(&request, &choice().hide("a", "alex")),
        r#"the credential "alex" has no attribute "degree" to answer "a"; choose a credential that has it"#
    );
    let group = attribute(json!({"names": ["NAME", "degree", "sex"]}));
    assert_eq!(
        refusal(&group, &choice().reveal("a", "alex")),
        Refusal::AttributeMissing {
            referent: "a".to_owned(),
            credential: "alex".to_owned(),
            attribute: "degree".to_owned(),
        }
    );
    passes(&attribute(json!({"names": ["n a m e", "SEX"]})), &choice().reveal("a", "alex"));
    assert!(matches!(
        refusal(&comparison("degree", "<", 3), &choice().prove("p", "alex")),
        Refusal::AttributeMissing { .. }
    ));
}

#[test]
fn a_chosen_credential_must_satisfy_the_restriction() {
    let request = attribute(json!({"name": "age", "restrictions": {"schema_name": "gvt"}}));
    passes(&request, &choice().reveal("a", "alex"));
    let refusal = refusal(&request, &choice().reveal("a", "degree"));
    assert!(matches!(
        &refusal,
        Refusal::RestrictionNotSatisfied { reason: Mismatch::AnotherSchema { .. }, .. }
    ));
    assert_eq!(
        refusal.to_string(),
        "the credential \"degree\" does not satisfy what \"a\" demands: the schema's name is \"degree\", \
         where \"gvt\" is wanted; choose another credential"
    );
}

#[test]
fn a_value_that_is_demanded_must_be_shown() {
    let demands = json!({"attr::Name::value": "Alex"});
    let request = attribute(json!({"name": "name", "restrictions": demands}));
    passes(&request, &choice().reveal("a", "alex"));
    let hidden = refusal(&request, &choice().hide("a", "alex"));
    assert_eq!(
        hidden,
        Refusal::RestrictedValueHidden {
            referent: "a".to_owned(),
            credential: "alex".to_owned(),
            attribute: "name".to_owned(),
        }
    );
    assert!(hidden.to_string().contains("reveal the attribute"), "{hidden}");

    // Another referent may show it, if the same credential answers both.
    let two = |by: &str| {
        let two = self::request(
            json!({"a": {"name": "sex", "restrictions": {"attr::age::value": "28"}}, "b": {"name": "age"}}),
            json!({}),
        );
        preflight::check(&two, &choice().reveal("a", "alex").reveal("b", by), &credentials())
    };
    assert_eq!(two("alex"), Ok(()));
    assert!(matches!(two("degree").unwrap_err()[..], [Refusal::RestrictedValueHidden { .. }]));
}

#[test]
fn a_predicate_must_be_true() {
    for (p_type, p_value) in [(">=", 28), (">", 27), ("<=", 28), ("<", 29)] {
        passes(&comparison("AGE", p_type, p_value), &choice().prove("p", "alex"));
    }
    for (p_type, p_value) in [(">=", 29), (">", 28), ("<=", 27), ("<", 28)] {
        let false_one = refusal(&comparison("age", p_type, p_value), &choice().prove("p", "alex"));
        assert!(
            matches!(&false_one, Refusal::PredicateFalse { got: 28, p_value: bound, .. } if *bound == p_value),
            "{false_one}"
        );
    }
    assert_eq!(
        text(&comparison("age", ">=", 29), &choice().prove("p", "alex")),
        "\"p\" wants \"age\" >= 29, and it is 28 in the credential \"alex\"; the predicate is false and \
         cannot be proved: choose another credential, or do not answer"
    );
}

#[test]
fn a_text_and_a_number_of_more_than_32_bits_are_refused() {
    assert_eq!(
        text(&comparison("name", ">", 0), &choice().prove("p", "alex")),
        "\"p\" wants \"name\" to be compared, and it is \"Alex\" in the credential \"alex\", which is not a \
         whole number of 32 bits; the library proves nothing of it: choose another credential, or do not answer"
    );
    let large = credential("gvt", &[("id", "2147483648")]);
    let held = HeldCredentials::from([("large".to_owned(), large)]);
    let refusals =
        preflight::check(&comparison("id", ">", 0), &choice().prove("p", "large"), &held);
    assert!(matches!(refusals.unwrap_err()[..], [Refusal::NotANumber { .. }]));
    passes(&comparison("grade", ">", 0), &choice().prove("p", "degree"));
}

#[test]
fn the_distance_to_the_bound_must_fit_32_bits() {
    passes(&comparison("grade", ">=", 0), &choice().prove("p", "degree"));
    passes(&comparison("debt", "<=", -1), &choice().prove("p", "alex"));
    assert_eq!(
        refusal(&comparison("grade", ">=", -1), &choice().prove("p", "degree")),
        Refusal::TooFarFromBound {
            referent: "p".to_owned(),
            credential: "degree".to_owned(),
            attribute: "grade".to_owned(),
            p_type: PredicateType::GreaterOrEqual,
            p_value: -1,
            got: i32::MAX,
            distance: 1 << 31,
        }
    );
    let debt = text(&comparison("debt", "<", 0), &choice().prove("p", "alex"));
    assert!(debt.contains("true, but 2147483648 apart"), "{debt}");
}

#[test]
fn one_credential_does_not_reveal_and_compare_an_attribute() {
    let request = request(json!({"a": {"names": ["sex", "Age"]}}), predicate("age", "<", 30));
    assert_eq!(
        refusal(&request, &choice().reveal("a", "alex").prove("p", "alex")),
        Refusal::RevealedAndCompared {
            referent: "p".to_owned(),
            credential: "alex".to_owned(),
            attribute: "age".to_owned(),
            revealed_for: "a".to_owned(),
        }
    );
    passes(&request, &choice().hide("a", "alex").prove("p", "alex"));
    passes(&request, &choice().reveal("a", "alex").prove("p", "degree"));
}

#[test]
fn one_credential_is_presented_once() {
    let at = |attribute: Option<u64>, predicate: Option<u64>| {
        let mut choice = choice().reveal("given", "alex").prove("p", "alex");
        choice.attributes.get_mut("given").unwrap().timestamp = attribute;
        choice.predicates.get_mut("p").unwrap().timestamp = predicate;
        choice
    };
    passes(&tutorial(), &at(Some(5), Some(5)));
    assert_eq!(
        text(&tutorial(), &at(None, Some(5))),
        "the credential \"alex\" would be presented twice, for \"given\" without a timestamp and for \"p\" at 5; \
         choose one moment for all that it answers"
    );
    assert!(matches!(
        refusal(&tutorial(), &at(Some(4), Some(5))),
        Refusal::PresentedTwice { timestamp: Some(5), earlier: Some(4), .. }
    ));
}

#[test]
fn a_refusal_in_json_has_its_name() {
    let refusal = refusal(&comparison("age", "<", 3), &choice().prove("p", "alex"));
    assert_eq!(
        serde_json::to_value(&refusal).unwrap(),
        json!({
            "refusal": "predicate-false", "referent": "p", "credential": "alex", "attribute": "age",
            "p_type": "<", "p_value": 3, "got": 28,
        })
    );
}

#[test]
fn a_choice_reads_as_libindys_requested_credentials() {
    let written = json!({
        "self_attested_attributes": {"phone": "555"},
        "requested_attributes": {"given": {"cred_id": "alex", "revealed": true}},
        "requested_predicates": {"p": {"cred_id": "alex"}},
    });
    let choice = choice().self_attest("phone", "555").reveal("given", "alex").prove("p", "alex");
    assert_eq!(serde_json::from_value::<Choice>(written.clone()).unwrap(), choice);
    assert_eq!(serde_json::to_value(&choice).unwrap(), written);
}
