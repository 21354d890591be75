//! Each referent is answered exactly once, in the way in which the request asks for it, by a
//! credential that has what it asks for.

use std::sync::OnceLock;

use cl::{PreparedKey, Presentation, ProofRequest, PublicKey, Rejection, trace, verify_batch};
use serde_json::{Value, json};

/// A request with a valid presentation, and the keys.
struct Shown {
    request: Value,
    presentation: Value,
    keys: Vec<PreparedKey>,
}

/// Returns a known answer: sub-proof 0 reveals `name` and proves `adult`, a predicate on `age`;
/// sub-proof 1 reveals the group `diploma` (`Degree` and `Status`) and proves `recent`, a predicate
/// on `year`; `phone` is self-attested. The hidden attribute of sub-proof 0 is `height`.
fn shown() -> &'static Shown {
    static SHOWN: OnceLock<Shown> = OnceLock::new();
    SHOWN.get_or_init(|| {
        let text = include_str!(
            "../../known-answers/two-credentials-a-group-and-a-self-attested-value.json"
        );
        let file: Value = serde_json::from_str(text).unwrap();
        let key = |issuer: &Value| {
            let definition = &issuer["credential_definition"];
            PreparedKey::new(&PublicKey::from_credential_definition(definition).unwrap()).unwrap()
        };
        Shown {
            keys: file["issuers"].as_array().unwrap().iter().map(key).collect(),
            request: file["request"].clone(),
            presentation: file["presentation"].clone(),
        }
    })
}

/// Returns the outcome after changes to what the request asks for and to what answers it: each
/// change is a JSON pointer, and a value to put there, or `null` to remove it. Verifying one,
/// verifying a batch and tracing must agree.
fn outcome(request: &[(&str, Value)], answers: &[(&str, Value)]) -> Result<(), Rejection> {
    let changed = |json: &Value, under: &str, changes: &[(&str, Value)]| {
        let mut json = json.clone();
        for (pointer, value) in changes {
            let pointer = format!("{under}{pointer}");
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            match value {
                Value::Null => assert!(parent.remove(name).is_some(), "{pointer}"),
                value => drop(parent.insert(name.to_owned(), value.clone())),
            }
        }
        json
    };
    let shown = shown();
    let request =
        ProofRequest::from_json(&changed(&shown.request, "/requested_", request)).unwrap();
    let presentation = changed(&shown.presentation, "/requested_proof/", answers);
    let presentation = Presentation::from_json(&presentation).unwrap();
    let keys: Vec<&PreparedKey> = shown.keys.iter().collect();
    let outcome = cl::verify(&request, &presentation, &keys);
    let batch = verify_batch(&[(&request, &presentation, &keys)]);
    assert_eq!(batch, std::slice::from_ref(&outcome));
    match trace(&request, &presentation, &keys) {
        Ok(trace) => assert_eq!(trace.is_accepted(), outcome.is_ok()),
        Err(rejection) => assert_eq!(Err(rejection), outcome),
    }
    outcome
}

fn at(sub_proof: usize) -> Value {
    json!({ "sub_proof_index": sub_proof })
}

fn name(name: &str) -> Value {
    json!({ "name": name })
}

fn names(names: &[&str]) -> Value {
    json!({ "names": names })
}

/// Returns the answer to the group `diploma`, with the values under these names.
fn diploma(names: [&str; 2]) -> Value {
    let groups = &shown().presentation["requested_proof"]["revealed_attr_groups"];
    let mut answer = groups["diploma"].clone();
    let values = [&answer["values"]["Degree"], &answer["values"]["Status"]].map(Value::clone);
    answer["values"] = Value::Object(names.into_iter().map(str::to_owned).zip(values).collect());
    answer
}

/// Returns the answer to `name`, as a single attribute and as a group.
fn alex() -> (Value, Value) {
    let single = shown().presentation["requested_proof"]["revealed_attrs"]["name"].clone();
    let value = json!({ "raw": single["raw"], "encoded": single["encoded"] });
    (single, json!({ "sub_proof_index": 0, "values": { "name": value } }))
}

#[test]
fn other_spellings_and_further_hidden_answers_are_accepted() {
    assert_eq!(outcome(&[], &[]), Ok(()));
    for (what, asks) in [
        ("an attribute that stays hidden", name("H E I G H T")),
        ("a group of attributes that stay hidden", names(&["height", "Age"])),
        ("an attribute that another referent reveals", name("name")),
    ] {
        let answer = [("unrevealed_attrs/more", at(0))];
        assert_eq!(outcome(&[("attributes/more", asks)], &answer), Ok(()), "{what}");
    }
    let request = [("attributes/name", name("N a M e"))];
    assert_eq!(outcome(&request, &[]), Ok(()));
    let answer = [("revealed_attr_groups/diploma", diploma(["D E G R E E", "status"]))];
    assert_eq!(outcome(&[], &answer), Ok(()));
}

#[test]
fn an_attribute_and_a_predicate_may_share_a_referent() {
    let request = [("attributes/phone", Value::Null), ("attributes/adult", name("phone"))];
    let answers =
        [("self_attested_attrs/phone", Value::Null), ("self_attested_attrs/adult", json!("555"))];
    assert_eq!(outcome(&request, &answers), Ok(()));
}

#[test]
fn a_request_for_predicates_alone_is_accepted() {
    let file = include_str!("../../known-answers/predicates-on-two-attributes.json");
    let file: Value = serde_json::from_str(file).unwrap();
    assert_eq!(file["request"]["requested_attributes"], json!({}));
    let key = &file["issuers"][0]["credential_definition"];
    let key = PreparedKey::new(&PublicKey::from_credential_definition(key).unwrap()).unwrap();
    let request = ProofRequest::from_json(&file["request"]).unwrap();
    let presentation = Presentation::from_json(&file["presentation"]).unwrap();
    assert_eq!(cl::verify(&request, &presentation, &[&key]), Ok(()));
}

#[test]
fn a_request_for_nothing_is_answered_by_nothing() {
    let request = [("attributes", json!({})), ("predicates", json!({}))];
    assert_eq!(outcome(&request, &[]), Err(Rejection::NothingRequested));
    let request = ProofRequest::from_json(&json!({ "nonce": "5" })).unwrap();
    let empty = Presentation::from_json(&json!({
        "proof": { "proofs": [], "aggregated_proof": { "c_hash": "5", "c_list": [] } },
        "requested_proof": {},
        "identifiers": [],
    }))
    .unwrap();
    assert_eq!(cl::verify(&request, &empty, &[]), Err(Rejection::NothingRequested));
    assert_eq!(verify_batch(&[(&request, &empty, &[])]), [Err(Rejection::NothingRequested)]);
    assert_eq!(trace(&request, &empty, &[]), Err(Rejection::NothingRequested));
}

#[test]
fn an_attribute_that_the_credential_lacks_cannot_be_hidden() {
    for (asks, sub_proof, lacks) in [
        (name("shoe size"), 0, "shoesize"),
        (names(&["height", "Shoe Size"]), 0, "shoesize"),
        (name("degree"), 0, "degree"),
        (name("height"), 1, "height"),
        (name("Master_Secret"), 0, "master_secret"),
        (name(""), 0, ""),
    ] {
        let answer = [("unrevealed_attrs/more", at(sub_proof))];
        let expected = Rejection::NoSuchAttribute { sub_proof, attribute: lacks.into() };
        assert_eq!(outcome(&[("attributes/more", asks)], &answer), Err(expected), "{lacks}");
    }
}

#[test]
fn a_referent_with_two_answers_is_refused() {
    let (_, group) = alex();
    let more = ("attributes/more", name("height"));
    for (referent, request, answers) in [
        ("name", vec![], vec![("unrevealed_attrs/name", at(0))]),
        ("name", vec![], vec![("self_attested_attrs/name", json!("Alex"))]),
        ("diploma", vec![], vec![("unrevealed_attrs/diploma", at(1))]),
        ("phone", vec![], vec![("unrevealed_attrs/phone", at(0))]),
        ("name", vec![], vec![("revealed_attr_groups/name", group)]),
        (
            "more",
            vec![more],
            vec![("unrevealed_attrs/more", at(0)), ("self_attested_attrs/more", json!("175"))],
        ),
        ("name", vec![], vec![("unrevealed_attrs/name", at(1))]),
    ] {
        let expected = Rejection::AnsweredTwice { referent: referent.into() };
        assert_eq!(outcome(&request, &answers), Err(expected), "{answers:?}");
    }
}

#[test]
fn a_group_and_a_single_attribute_have_their_own_answers() {
    let (single, group) = alex();
    let mut degree = diploma(["Degree", "Status"])["values"]["Degree"].take();
    degree["sub_proof_index"] = json!(1);
    let no_group = ("revealed_attr_groups/diploma", Value::Null);
    let no_name = ("revealed_attrs/name", Value::Null);
    let of_one = ("attributes/diploma", names(&["Degree"]));
    for (referent, got, request, answers) in [
        // Even a group of one attribute.
        (
            "diploma",
            "revealed_attrs",
            vec![of_one],
            vec![no_group.clone(), ("revealed_attrs/diploma", degree.clone())],
        ),
        (
            "diploma",
            "revealed_attrs",
            vec![],
            vec![no_group.clone(), ("revealed_attrs/diploma", degree)],
        ),
        (
            "diploma",
            "self_attested_attrs",
            vec![],
            vec![no_group, ("self_attested_attrs/diploma", json!("MSc"))],
        ),
        (
            "name",
            "revealed_attr_groups",
            vec![],
            vec![no_name, ("revealed_attr_groups/name", group)],
        ),
        (
            "name",
            "revealed_attrs",
            vec![("attributes/name", names(&["name"]))],
            vec![("revealed_attrs/name", single)],
        ),
    ] {
        let rejection = outcome(&request, &answers).unwrap_err();
        let is_expected = matches!(
            &rejection,
            Rejection::AnswerMember { referent: found, got: member, .. }
                if found == referent && *member == got
        );
        assert!(is_expected, "{rejection:?}");
    }
}

#[test]
fn an_answer_of_the_other_kind_answers_no_referent() {
    let (single, group) = alex();
    for (referent, kind, answer) in [
        ("adult", "attribute", ("revealed_attrs/adult", single)),
        ("adult", "attribute", ("revealed_attr_groups/adult", group)),
        ("adult", "attribute", ("unrevealed_attrs/adult", at(0))),
        ("adult", "attribute", ("self_attested_attrs/adult", json!("yes"))),
        ("name", "predicate", ("predicates/name", at(0))),
        ("Name", "attribute", ("unrevealed_attrs/Name", at(0))),
    ] {
        let expected = Rejection::UnknownReferent { referent: referent.into(), kind };
        assert_eq!(outcome(&[], std::slice::from_ref(&answer)), Err(expected), "{answer:?}");
    }
}

#[test]
fn an_answer_by_a_sub_proof_that_does_not_exist_is_refused() {
    let (mut single, _) = alex();
    let mut group = diploma(["Degree", "Status"]);
    for got in [2, 4_294_967_295] {
        single["sub_proof_index"] = json!(got);
        group["sub_proof_index"] = json!(got);
        let more = [("attributes/more", name("height"))];
        for (referent, request, answer) in [
            ("name", &[][..], ("revealed_attrs/name", single.clone())),
            ("diploma", &[], ("revealed_attr_groups/diploma", group.clone())),
            ("more", &more, ("unrevealed_attrs/more", at(got))),
            ("adult", &[], ("predicates/adult", at(got))),
        ] {
            let expected =
                Rejection::NoSuchSubProof { referent: referent.into(), sub_proofs: 2, got };
            assert_eq!(outcome(request, &[answer]), Err(expected), "{referent}");
        }
    }
}

#[test]
fn a_group_has_a_value_for_each_of_its_attributes() {
    let (_, other) = alex();
    let mut short = diploma(["Degree", "Status"]);
    short["values"].as_object_mut().unwrap().remove("Status");
    let twice = diploma(["Degree", "d e g r e e"]);
    for answer in [twice, diploma(["Degree", "Year"]), short, other] {
        let rejection = outcome(&[], &[("revealed_attr_groups/diploma", answer)]).unwrap_err();
        let is_expected = matches!(&rejection, Rejection::AnsweredAttributes { referent, .. } if referent == "diploma");
        assert!(is_expected, "{rejection:?}");
    }
}
