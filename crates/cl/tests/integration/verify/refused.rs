//! Each rejection says what is wrong and where.

use cl::kernel::Engine;
use cl::{Equation, Presentation, ProofPart, ProofRequest, Rejection, verify};
use dashu_int::UBig;
use serde_json::{Value, json};

use crate::example::{ALEX, alex, shown};
use crate::library::{Holder, Issuer, Use, keys, library_accepts, request, verdict};

/// Returns the rejection of the example after a change.
fn refused(change: impl FnOnce(&mut Value)) -> Rejection {
    let (alex, shown) = (alex(), shown());
    let mut presentation = shown.presentation.clone();
    change(&mut presentation);
    verdict(Engine::detect(), &shown.request, &presentation, &[&alex.government]).unwrap_err()
}

/// Returns the rejection of the example as an answer to another request.
fn refused_for(attributes: Value, predicates: Value) -> Rejection {
    let request = request(attributes, predicates);
    verdict(Engine::detect(), &request, &shown().presentation, &[&alex().government]).unwrap_err()
}

fn primary(presentation: &mut Value) -> &mut Value {
    &mut presentation["proof"]["proofs"][0]["primary_proof"]
}

const FIRST: ProofPart = ProofPart { sub_proof: 0, predicate: None };

#[test]
fn a_sub_proof_without_key_or_identifier() {
    let (alex, shown) = (alex(), shown());
    let rejection =
        verdict(Engine::detect(), &shown.request, &shown.presentation, &[]).unwrap_err();
    assert_eq!(rejection, Rejection::Count { keys: 0, sub_proofs: 1, identifiers: 1 });
    let twice = [&alex.government, &alex.government];
    let rejection =
        verdict(Engine::detect(), &shown.request, &shown.presentation, &twice).unwrap_err();
    assert_eq!(rejection, Rejection::Count { keys: 2, sub_proofs: 1, identifiers: 1 });
    let rejection = refused(|presentation| presentation["identifiers"] = json!([]));
    assert_eq!(rejection, Rejection::Count { keys: 1, sub_proofs: 1, identifiers: 0 });
    let rejection = refused(|presentation| presentation["proof"]["proofs"] = json!([]));
    assert_eq!(rejection, Rejection::Count { keys: 1, sub_proofs: 0, identifiers: 1 });
}

#[test]
fn a_revocation_part() {
    let rejection = refused(|presentation| {
        presentation["proof"]["proofs"][0]["non_revoc_proof"] = json!({"x_list": {}});
    });
    assert_eq!(rejection, Rejection::Revocation { sub_proof: 0 });
    assert!(rejection.to_string().contains("this engine does not check revocation"));
}

#[test]
fn an_unanswered_referent_and_an_answer_to_an_unknown_one() {
    let name = json!({"name": "name"});
    let predicates = shown().request["requested_predicates"].clone();
    let rejection = refused_for(
        json!({"name": name, "sex": {"name": "sex"}, "more": name}),
        predicates.clone(),
    );
    assert_eq!(rejection, Rejection::Unanswered { referent: "more".into() });
    let rejection = refused_for(json!({"name": name}), predicates);
    assert_eq!(rejection, Rejection::UnknownReferent { referent: "sex".into(), kind: "attribute" });
    let rejection = refused(|presentation| {
        presentation["requested_proof"]["predicates"] = json!({"adult": {"sub_proof_index": 0}});
    });
    assert_eq!(rejection, Rejection::Unanswered { referent: "small".into() });
    let rejection = refused(|presentation| {
        presentation["requested_proof"]["unrevealed_attrs"]["sex"] = json!({"sub_proof_index": 7});
    });
    let expected = Rejection::NoSuchSubProof { referent: "sex".into(), sub_proofs: 1, got: 7 };
    assert_eq!(rejection, expected);
}

#[test]
fn another_attribute_than_requested() {
    let predicates = shown().request["requested_predicates"].clone();
    let ask = |name| json!({"name": {"name": name}, "sex": {"name": "sex"}});
    let rejection = refused_for(ask("height"), predicates.clone());
    assert!(matches!(rejection, Rejection::RevealedAttributes { sub_proof: 0, .. }), "{rejection}");
    for name in ["shoe size", "master_secret"] {
        let rejection = refused_for(ask(name), predicates.clone());
        assert!(
            matches!(rejection, Rejection::NoSuchAttribute { sub_proof: 0, .. }),
            "{rejection}"
        );
    }
}

#[test]
fn an_answer_with_another_value_than_proved() {
    let rejection = refused(|presentation| {
        presentation["requested_proof"]["revealed_attrs"]["name"]["encoded"] = json!("28");
    });
    assert!(matches!(rejection, Rejection::RevealedValue { .. }), "{rejection}");
    assert_eq!(rejection.part(), Some(FIRST));
}

#[test]
fn one_response_too_many_or_too_few() {
    let rejection = refused(|presentation| {
        primary(presentation)["eq_proof"]["m"]["name"] = json!("5");
    });
    assert!(matches!(rejection, Rejection::HiddenAttributes { sub_proof: 0, .. }), "{rejection}");
    let rejection = refused(|presentation| {
        let m = primary(presentation)["eq_proof"]["m"].as_object_mut().unwrap();
        m.remove("master_secret");
    });
    assert!(matches!(rejection, Rejection::HiddenAttributes { sub_proof: 0, .. }), "{rejection}");
}

#[test]
fn other_predicates_than_requested() {
    let attributes = shown().request["requested_attributes"].clone();
    let mut predicates = shown().request["requested_predicates"].clone();
    predicates["adult"]["p_value"] = json!(21);
    let rejection = refused_for(attributes.clone(), predicates.clone());
    assert!(matches!(rejection, Rejection::Predicates { sub_proof: 0, .. }), "{rejection}");
    assert!(rejection.to_string().contains("asks for age >= 21, height < 200"), "{rejection}");
    predicates["adult"] = json!({"name": "age", "p_type": ">", "p_value": 18});
    let rejection = refused_for(attributes, predicates);
    assert!(matches!(rejection, Rejection::Predicates { .. }), "{rejection}");
    let rejection = refused(|presentation| {
        let proofs = primary(presentation)["ge_proofs"].as_array_mut().unwrap();
        proofs.push(proofs[0].clone());
    });
    assert!(matches!(rejection, Rejection::Predicates { .. }), "{rejection}");
}

#[test]
fn a_predicate_about_another_number_than_the_attribute() {
    let rejection = refused(|presentation| {
        primary(presentation)["ge_proofs"][1]["mj"] = json!("5");
    });
    assert!(matches!(rejection, Rejection::PredicateAttribute { .. }), "{rejection}");
    assert_eq!(rejection.equation(), Some(Equation::Difference));
    assert_eq!(rejection.part(), Some(ProofPart { sub_proof: 0, predicate: Some(1) }));
    assert_eq!(rejection.sub_proof(), Some(0));
}

#[test]
fn an_element_or_response_out_of_range_names_its_equation() {
    let rejection =
        refused(|presentation| primary(presentation)["ge_proofs"][1]["t"]["2"] = json!("1"));
    assert_eq!(rejection.equation(), Some(Equation::Root(2)));
    assert_eq!(rejection.part(), Some(ProofPart { sub_proof: 0, predicate: Some(1) }));
    assert!(rejection.to_string().starts_with("predicate 1 of sub-proof 0: t.2"), "{rejection}");
    let long = json!("9".repeat(1000));
    let rejection = refused(|presentation| primary(presentation)["eq_proof"]["v"] = long);
    assert_eq!(rejection.equation(), Some(Equation::T));
    assert_eq!(rejection.part(), Some(FIRST));
}

#[test]
fn a_list_of_other_commitments() {
    let rejection = refused(|presentation| {
        presentation["proof"]["aggregated_proof"]["c_list"] = json!([]);
    });
    assert_eq!(rejection, Rejection::CommitmentCount { expected: 11, got: 0 });
    // With a leading zero, the bytes differ, although the number is the same.
    let rejection = refused(|presentation| {
        let list = &mut presentation["proof"]["aggregated_proof"]["c_list"];
        list[6].as_array_mut().unwrap().insert(0, json!(0));
    });
    let part = ProofPart { sub_proof: 0, predicate: Some(1) };
    assert_eq!(rejection, Rejection::Commitment { part, name: "t.0".into(), position: 6 });
    // With a byte moved to the next entry, the bytes differ, although the hash would be the same.
    let rejection = refused(|presentation| {
        let list = &mut presentation["proof"]["aggregated_proof"]["c_list"];
        let byte = list[3].as_array_mut().unwrap().pop().unwrap();
        list[4].as_array_mut().unwrap().insert(0, byte);
    });
    assert!(matches!(rejection, Rejection::Commitment { position: 3, .. }), "{rejection}");
}

/// Joins two valid presentations with the same nonce.
fn join(mut first: Value, mut second: Value) -> Value {
    let before = first["identifiers"].as_array().unwrap().len();
    for list in ["/proof/proofs", "/proof/aggregated_proof/c_list", "/identifiers"] {
        let from = second.pointer_mut(list).unwrap().as_array_mut().unwrap();
        first.pointer_mut(list).unwrap().as_array_mut().unwrap().append(from);
    }
    let answers = second["requested_proof"]["revealed_attrs"].as_object_mut().unwrap();
    for (referent, mut answer) in std::mem::take(answers) {
        answer["sub_proof_index"] =
            json!(answer["sub_proof_index"].as_u64().unwrap() + before as u64);
        first["requested_proof"]["revealed_attrs"][referent] = answer;
    }
    first
}

#[test]
fn credentials_of_two_or_three_holders() {
    let alex = alex();
    let registry = Issuer::new(&keys::bits_2048(), "registry");
    let (government, [robin, sam]) = (&alex.government, [(); 2].map(|()| Holder::new()));
    let asks = |referents: &[&str]| -> Value {
        let name = json!({"name": "name"});
        let referents = referents.iter().map(|referent| ((*referent).to_owned(), name.clone()));
        request(Value::Object(referents.collect()), json!({}))
    };
    let used =
        |issuer, credential, attributes| Use { issuer, credential, attributes, predicates: &[] };
    let (of_robin, of_sam) = (robin.receive(&registry, &ALEX), sam.receive(government, &ALEX));
    let also_of_alex = alex.holder.receive(&registry, &ALEX);
    let by_robin = robin.present(&asks(&["b"]), &[used(&registry, &of_robin, &[("b", true)])]);
    let by_sam = sam.present(&asks(&["c"]), &[used(government, &of_sam, &[("c", true)])]);
    let first = used(government, &alex.credential, &[("a", true)]);
    let by_alex = alex.holder.present(&asks(&["a"]), &[first]);
    let first = used(government, &alex.credential, &[("a", true)]);
    let second = used(&registry, &also_of_alex, &[("a2", true)]);
    let twice_by_alex = alex.holder.present(&asks(&["a", "a2"]), &[first, second]);
    for (referents, issuers, differing, joined) in [
        (&["a", "b"][..], vec![government, &registry], 1, join(by_alex.clone(), by_robin.clone())),
        (
            &["a", "b", "c"],
            vec![government, &registry, government],
            1,
            join(join(by_alex, by_robin), by_sam.clone()),
        ),
        (
            &["a", "a2", "c"],
            vec![government, &registry, government],
            2,
            join(twice_by_alex.clone(), by_sam.clone()),
        ),
        (
            &["a", "a2", "c"],
            vec![government, government, &registry],
            1,
            join(by_sam, twice_by_alex),
        ),
    ] {
        let request = asks(referents);
        let rejection = verdict(Engine::detect(), &request, &joined, &issuers).unwrap_err();
        let Rejection::LinkSecret { sub_proof, expected, got } = &rejection else {
            panic!("{rejection}");
        };
        let response = |index: usize| {
            let proof = &joined["proof"]["proofs"][index]["primary_proof"]["eq_proof"];
            proof["m"]["master_secret"].clone()
        };
        assert_eq!(*sub_proof, differing, "{referents:?}");
        assert_eq!(json!(expected.to_string()), response(0));
        assert_eq!(json!(got.to_string()), response(differing));
        assert!(!library_accepts(&request, &joined, &issuers));
    }
}

#[test]
fn a_wrong_hash_without_any_sub_proof() {
    let json = request(json!({"phone": {"name": "phone"}}), json!({}));
    let honest = alex().holder.try_present(&json, &[], &[("phone", "555")]).unwrap();
    assert_eq!(verdict(Engine::detect(), &json, &honest, &[]), Ok(()));
    let mut other_nonce = json.clone();
    other_nonce["nonce"] = json!("5");
    let mut other_hash = honest.clone();
    other_hash["proof"]["aggregated_proof"]["c_hash"] = json!("5");
    for (request, presentation) in [(&json, &other_hash), (&other_nonce, &honest)] {
        let request = ProofRequest::from_json(request).unwrap();
        let presentation = Presentation::from_json(presentation).unwrap();
        let rejection = verify(&request, &presentation, &[]).unwrap_err();
        assert!(matches!(rejection, Rejection::Challenge { .. }), "{rejection}");
        assert_eq!(cl::verify_batch(&[(&request, &presentation, &[])]), [Err(rejection)]);
        assert!(!cl::trace(&request, &presentation, &[]).unwrap().is_accepted());
    }
}

#[test]
fn the_key_of_another_issuer() {
    let shown = shown();
    let other = Issuer::new(&keys::gvt().for_attributes(&keys::gvt().attributes()), "other");
    let request = ProofRequest::from_json(&shown.request).unwrap();
    let presentation = Presentation::from_json(&shown.presentation).unwrap();
    for engine in Engine::available() {
        let verdict = verify(&request, &presentation, &[other.prepared(engine)]);
        let Err(Rejection::Challenge { expected, got }) = verdict else {
            unreachable!("{verdict:?}");
        };
        assert_ne!(expected, got);
    }
}

#[test]
fn a_commitment_without_inverse_affects_no_other_presentation() {
    let (alex, shown) = (alex(), shown());
    let p = keys::gvt().private["value"]["p_key"]["p"].clone();
    let factor =
        UBig::from_str_radix(p.as_str().unwrap(), 10).unwrap() * UBig::from(2_u8) + UBig::ONE;
    let request = ProofRequest::from_json(&shown.request).unwrap();
    let honest = Presentation::from_json(&shown.presentation).unwrap();
    let altered = |name: &str, position: usize| {
        let mut presentation = shown.presentation.clone();
        primary(&mut presentation)["ge_proofs"][0]["t"][name] = json!(factor.to_string());
        presentation["proof"]["aggregated_proof"]["c_list"][position] =
            json!(*factor.to_be_bytes());
        Presentation::from_json(&presentation).unwrap()
    };
    let (root, delta) = (altered("2", 3), altered("DELTA", 5));
    let part = ProofPart { sub_proof: 0, predicate: Some(0) };
    let not_invertible = |equation| Err(Rejection::NotInvertible { part, equation });
    for engine in Engine::available() {
        let keys = [alex.government.prepared(engine)];
        let items: [cl::BatchItem<'_>; 4] = [
            (&request, &honest, &keys),
            (&request, &root, &keys),
            (&request, &delta, &keys),
            (&request, &honest, &keys),
        ];
        let outcomes = [
            Ok(()),
            not_invertible(Equation::Root(2)),
            not_invertible(Equation::Difference),
            Ok(()),
        ];
        assert_eq!(cl::verify_batch(&items), outcomes, "{engine}");
    }
}
