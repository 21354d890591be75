//! Criteria translated to AnonCreds requests and back, and the shapes of answers.

use std::collections::BTreeSet;

use exchange::message::Criterion;
use exchange_anoncreds::{BridgeError, Loss, MAX_CREDENTIALS, Shape, from_anoncreds, to_anoncreds};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::parties::{
    ACME, GLOBEX, GOVERNMENT, IDENTITY, INITECH, adult, holder, request, shape, two_payslips,
};

fn pointers(losses: &[Loss]) -> Vec<&str> {
    losses.iter().map(|loss| &*loss.pointer).collect()
}

fn anoncreds(attributes: Value, predicates: Value) -> proofs::ProofRequest {
    proofs::ProofRequest::from_value(&json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

#[test]
fn only_issuers_of_the_method_sov_are_asked_for() {
    let mut criterion = two_payslips();
    let dids = criterion["issuers"]["dids"].as_array_mut().unwrap();
    dids.insert(1, json!("did:work:WrgHL2icHVN8vwZtY9YmjY"));
    let translated = to_anoncreds(&request(&[criterion]), 0, &shape(2, &["month"]), &holder());
    let translated = translated.unwrap();
    let restrictions = &translated["requested_attributes"]["credential_1"]["restrictions"];
    let issuers = restrictions.as_array().unwrap().iter().map(|one| &one["issuer_did"]);
    assert_eq!(issuers.collect::<Vec<_>>(), [ACME, GLOBEX, INITECH]);
}

#[test]
fn a_shape_that_the_criterion_does_not_allow_is_an_error() {
    let asked = request(&[two_payslips()]);
    let refused =
        |shape: &Shape| to_anoncreds(&asked, 0, shape, &holder()).unwrap_err().to_string();
    assert!(refused(&shape(2, &["net pay"])).starts_with("credential 1 does not show \"month\""));
    assert!(refused(&shape(2, &["month", "employee"])).starts_with("\"employee\" would be shown"));
    for number in [0, 1, 4, MAX_CREDENTIALS + 1] {
        assert!(refused(&shape(number, &["month"])).contains(" is answered by 2 to 3 credentials"));
    }
    let other = to_anoncreds(&asked, 1, &shape(2, &["month"]), &holder()).unwrap_err().to_string();
    assert!(other.contains("no criterion number 1"), "{other}");
    let mut optional = two_payslips();
    optional["properties"][0]["required"] = json!(false);
    let none = to_anoncreds(&request(&[optional]), 0, &shape(2, &[]), &holder()).unwrap_err();
    assert!(none.to_string().starts_with("nothing would be proved of credential 1"), "{none}");
}

#[test]
fn an_anoncreds_request_becomes_criteria_and_lists_losses() {
    let asked = anoncreds(
        json!({
            "attr1": {"name": "name", "non_revoked": {"to": 9}, "restrictions": [
                {"schema_id": IDENTITY, "issuer_did": GOVERNMENT, "attr::name::value": "Alex"},
                {"schema_id": IDENTITY, "cred_def_id": format!("{ACME}:3:CL:15:TAG1")},
            ]},
            "attr2": {"name": "phone"},
            "attr3": {"name": "degree", "restrictions": {"schema_id": IDENTITY}},
            "attr4": {"name": "degree", "restrictions": [
                {"schema_id": IDENTITY, "issuer_did": GOVERNMENT},
                {"schema_id": format!("{ACME}:2:degree:1.0"), "issuer_did": GOVERNMENT},
            ]},
        }),
        json!({"adult": {"name": "age", "p_type": ">=", "p_value": 18, "restrictions":
            {"schema_id": IDENTITY, "issuer_did": {"$in": [GOVERNMENT, GLOBEX]}}}}),
    );
    let (criteria, losses) = from_anoncreds(&asked).unwrap();
    let [name, age] = &criteria[..] else { panic!("{criteria:?}") };
    assert_eq!(name.required().collect::<Vec<_>>(), ["name"]);
    assert_eq!(name.issuers.dids, [GOVERNMENT, ACME].map(|did| format!("did:sov:{did}")));
    assert_eq!((age.min_count(), age.max_count()), (1, 1));
    assert!(age.properties.is_empty());
    assert_eq!(age.predicates[0].p_type, ">=");
    assert_eq!(age.issuers.dids, [GOVERNMENT, GLOBEX].map(|did| format!("did:sov:{did}")));
    assert_eq!(
        pointers(&losses),
        [
            "/nonce",
            "/requested_attributes/attr1/non_revoked",
            "/requested_attributes/attr1/restrictions",
            "/requested_attributes/attr1/restrictions",
            "/requested_attributes/attr2",
            "/requested_attributes/attr3",
            "/requested_attributes/attr4",
        ]
    );
}

#[test]
fn an_anoncreds_request_that_loses_everything_is_an_error() {
    let asked = anoncreds(json!({"phone": {"name": "phone"}}), json!({}));
    let Err(BridgeError::NothingTranslates(losses)) = from_anoncreds(&asked) else {
        panic!("it was translated")
    };
    assert_eq!(pointers(&losses), ["/nonce", "/requested_attributes/phone"]);
}

#[test]
fn a_predicate_with_other_restrictions_gets_its_own_criterion() {
    let restricted = |issuer| json!({"schema_id": IDENTITY, "issuer_did": issuer});
    let asked = anoncreds(
        json!({"credential_1": {"names": ["name"], "restrictions": restricted(GOVERNMENT)}}),
        json!({"credential_1_predicate_1": {"name": "age", "p_type": ">=", "p_value": 18,
            "restrictions": restricted(ACME)}}),
    );
    assert_eq!(from_anoncreds(&asked).unwrap().0.len(), 2);
}

/// Criteria that AnonCreds can ask, with the optional names that are shown.
fn criterion() -> impl Strategy<Value = (Value, usize, BTreeSet<String>)> {
    let names = prop::collection::btree_set("[a-z]{1,6}( [A-Z][a-z]{0,3})?", 1..8);
    let kinds = prop::collection::vec(0..4_u8, 8);
    let bounds = prop::collection::vec(any::<i32>(), 8);
    let issuers = prop::sample::subsequence(vec![ACME, GLOBEX, GOVERNMENT], 1..=3);
    (names, kinds, bounds, issuers, "[ -~]{0,20}", 1..4_usize).prop_map(
        |(names, kinds, bounds, issuers, description, credentials)| {
            let (mut properties, mut predicates) = (Vec::new(), Vec::new());
            let mut chosen = BTreeSet::new();
            let mut folded = BTreeSet::new();
            for ((name, kind), bound) in names.into_iter().zip(kinds).zip(bounds) {
                if !folded.insert(proofs::names::fold(&name)) {
                    continue;
                }
                let comparison = [">=", ">", "<=", "<"][bound.rem_euclid(4) as usize];
                match kind {
                    0 => properties.push(json!({"name": name, "required": true})),
                    1 => predicates
                        .push(json!({"name": name, "p_type": comparison, "p_value": bound})),
                    optional => {
                        properties.push(json!({"name": name, "required": false}));
                        if optional == 2 {
                            chosen.insert(name);
                        }
                    }
                }
            }
            let dids: Vec<String> = issuers.iter().map(|did| format!("did:sov:{did}")).collect();
            let criterion = json!({
                "description": description, "reason": "r", "issuers": {"dids": dids},
                "schema": IDENTITY, "properties": properties, "predicates": predicates,
                "min": 1, "max": 3,
            });
            (criterion, credentials, chosen)
        },
    )
}

proptest! {
    /// Each credential of a criterion comes back as a criterion that differs in nothing but what
    /// AnonCreds lacks.
    #[test]
    fn a_criterion_comes_back_except_for_what_anoncreds_lacks(
        (written, credentials, chosen) in criterion()
    ) {
        let asked = request(&[written]);
        let criterion: &Criterion = &asked.message().body.criteria[0];
        let mut shown: BTreeSet<String> = criterion.required().map(str::to_owned).collect();
        shown.extend(chosen);
        let shape = Shape { groups: vec![shown.clone(); credentials] };
        let translation = to_anoncreds(&asked, 0, &shape, &holder());
        if shown.is_empty() && criterion.predicates.is_empty() {
            let refused = translation.unwrap_err().to_string();
            prop_assert!(refused.starts_with("nothing would be proved"));
            return Ok(());
        }
        let translation = translation.unwrap();

        let derived = proofs::ProofRequest::from_value(&translation).unwrap();
        let (back, losses) = from_anoncreds(&derived).unwrap();
        prop_assert_eq!(pointers(&losses), ["/nonce"]);
        prop_assert_eq!(back.len(), credentials);
        for returned in &back {
            prop_assert_eq!(&returned.description, &criterion.description);
            prop_assert_eq!(&returned.issuers, &criterion.issuers);
            prop_assert_eq!(&returned.kind, &criterion.kind);
            prop_assert_eq!(&returned.predicates, &criterion.predicates);
            // AnonCreds has no reason, no range of credentials, and no optional attributes
            prop_assert_eq!(&*returned.reason, "");
            prop_assert_eq!((returned.min_count(), returned.max_count()), (1, 1));
            let asked = criterion.properties.iter().map(|property| &property.name);
            let asked: Vec<&str> = asked.filter(|name| shown.contains(*name)).map(|name| &**name).collect();
            prop_assert_eq!(returned.required().collect::<Vec<_>>(), asked);
            prop_assert_eq!(returned.optional().count(), 0);
        }
    }
}

#[test]
fn credentials_come_back_in_the_order_of_their_numbers() {
    let mut criterion = adult();
    criterion["min"] = json!(11);
    criterion["max"] = json!(11);
    criterion["predicates"] = json!([]);
    let mut shape = shape(11, &["name"]);
    shape.groups[10].insert("height".to_owned());
    let translation = to_anoncreds(&request(&[criterion]), 0, &shape, &holder()).unwrap();
    let derived = proofs::ProofRequest::from_value(&translation).unwrap();
    let (back, _) = from_anoncreds(&derived).unwrap();
    let sizes: Vec<usize> = back.iter().map(|criterion| criterion.properties.len()).collect();
    assert_eq!(sizes, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
}

#[test]
fn a_referent_of_a_shape_has_one_spelling() {
    let claims = |referent: &str| {
        let shown = json!({"requested_proof": {"predicates": {referent: {}}, "revealed_attr_groups":
            {referent: {"values": {"name": {}}}}}});
        Shape::of_presentation(&shown).unwrap().groups
    };
    assert_eq!(claims("credential_1"), [BTreeSet::from(["name".to_owned()])]);
    assert_eq!(claims("credential_12_predicate_3"), vec![BTreeSet::new(); 12]);
    for other in [
        "credential_0",
        "credential_01",
        "credential_+1",
        "credential_",
        "credential_1_predicate_",
        "credential_1_predicate_0",
        "credential_99999999999",
        "name",
    ] {
        assert!(claims(other).is_empty(), "{other}");
    }
}

#[test]
fn too_many_credentials_are_refused_before_memory_is_allocated() {
    for number in [MAX_CREDENTIALS as u32 + 1, u32::MAX] {
        let referent = format!("credential_{number}");
        let presentation = json!({"requested_proof":
            {"revealed_attr_groups": {referent: {"values": {"name": {}}}}}});
        let refused = Shape::of_presentation(&presentation).unwrap_err().to_string();
        assert!(refused.contains("and 20 are the most"), "{refused}");
    }
}

#[test]
fn json_that_is_not_a_presentation_shows_nothing() {
    for other in [json!(null), json!([]), json!({"requested_proof": {"revealed_attr_groups": []}})]
    {
        assert_eq!(Shape::of_presentation(&other).unwrap(), Shape::default());
    }
}
