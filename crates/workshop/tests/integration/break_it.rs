//! Break it: the learner's prediction against the verdict.

use workshop::break_it::{self, Check, Value, add_members, append, json};

use crate::refused;

/// What an exercise has where no prediction was made.
const NO_PREDICTION: Check = Check::Size;

fn mallory(case: &mut Value) {
    case["presentation"]["requested_proof"]["revealed_attrs"]["attr1_referent"]["raw"] =
        json!("Mallory");
}

#[test]
fn a_changed_text_fails_the_encoding() {
    assert_eq!(break_it::text(Check::Encoding, mallory), Ok(()));
}

#[test]
fn a_wrong_prediction_is_answered_with_the_verdict() {
    let words = [
        "You predicted that mathematics/cl fails. Another check does:",
        "✗ encoding: attr1_referent",
        "expected",
        "found     the text \"Mallory\"",
        "do ",
    ];
    refused(break_it::text(Check::MathematicsCl, mallory), &words);
}

#[test]
fn no_verdict_is_shown_before_a_prediction() {
    let words = ["the gap is not filled yet: predict which check fails", "\n  Encoding "];
    refused(break_it::text(NO_PREDICTION, mallory), &words);
}

#[test]
fn a_case_that_was_not_changed_is_a_gap() {
    let words = [
        "the gap is not filled yet",
        "/presentation/requested_proof/revealed_attrs/attr1_referent/raw as it was",
    ];
    refused(break_it::text(Check::Encoding, |_| ()), &words);
    refused(break_it::text(NO_PREDICTION, |_| ()), &words);
}

#[test]
fn a_gap_is_named_with_its_line() {
    let outcome = break_it::text(Check::Encoding, |_| todo!("change the text"));
    refused(outcome, &["the gap is not filled yet: change the text (line "]);
}

#[test]
fn a_change_elsewhere_is_named() {
    let outcome = break_it::text(Check::Encoding, |case| {
        mallory(case);
        case["presentation_request"]["a/b"] = json!(1);
        case["presentation"]["proof"]["proofs"][0] = Value::Null;
    });
    let words = ["You changed ", "/presentation/proof/proofs/0", "/presentation_request/a~1b"];
    refused(outcome, &words);
}

#[test]
fn another_nonce_fails_the_mathematics() {
    let with = |nonce: Value| {
        break_it::nonce(Check::MathematicsCl, |case| case["presentation_request"]["nonce"] = nonce)
    };
    assert_eq!(with(json!("123432421213")), Ok(()));
    refused(with(json!("one")), &["it does not do what the exercise asks", "✗ request-shape"]);
}

#[test]
fn another_issuer_fails_the_restrictions_of_both_referents() {
    let both = ["predicate1_referent", "attr1_referent"];
    let with = |referents: &[&str], without_restrictions| {
        break_it::issuer(Check::Restrictions, referents, without_restrictions, |case, bea| {
            for member in ["presentation", "schemas", "cred_defs"] {
                case[member] = bea[member].clone();
            }
        })
    };
    assert_eq!(with(&both, None), Ok(()));
    let words = ["It fails for attr1_referent, predicate1_referent; you predicted attr1_referent:"];
    refused(with(&both[1..], None), &words);
    let words = ["you predicted that mathematics/cl fails. No check fails: it is verified."];
    refused(with(&both, Some(Check::MathematicsCl)), &words);
    refused(with(&both, Some(NO_PREDICTION)), &["the gap is not filled yet: predict"]);
}

#[test]
fn a_presentation_without_its_public_data_is_no_answer() {
    let outcome = break_it::issuer(Check::Restrictions, &[], None, |case, bea| {
        case["presentation"] = bea["presentation"].clone();
    });
    refused(outcome, &["it does not do what the exercise asks", "undecided"]);
}

fn asks_for_30(case: &mut Value) {
    case["presentation_request"]["requested_predicates"]["predicate1_referent"]["p_value"] =
        json!(30);
}

fn claims(case: &mut Value, bound: i32) {
    let proof = &mut case["presentation"]["proof"]["proofs"][0]["primary_proof"];
    proof["ge_proofs"][0]["predicate"]["value"] = json!(bound);
}

#[test]
fn a_bound_that_was_not_proved_fails_in_two_ways() {
    let with = |asked, claimed, bound| {
        break_it::predicate((asked, asks_for_30), (claimed, |case| claims(case, bound)))
    };
    assert_eq!(with(Check::Predicates, Check::MathematicsCl, 30), Ok(()));
    let words = ["that predicates fails", "✗ mathematics/cl"];
    refused(with(Check::Predicates, Check::Predicates, 30), &words);
    let words = ["that mathematics/cl fails", "✗ predicates"];
    refused(with(Check::MathematicsCl, Check::MathematicsCl, 30), &words);
    let words = ["it does not do what the exercise asks", "✗ predicates"];
    refused(with(Check::Predicates, Check::MathematicsCl, 31), &words);
}

#[test]
fn a_demand_counts_only_on_a_shown_value() {
    let demand = |case: &mut Value, referent: [&str; 2], name: &str, value: &str| {
        let [kind, referent] = referent;
        case["presentation_request"][kind][referent]["restrictions"][name] = json!(value);
    };
    let predicate = ["requested_predicates", "predicate1_referent"];
    let attribute = ["requested_attributes", "attr1_referent"];
    let with = |referent, sex: (_, &str), shown, name: &str| {
        let hidden = |case: &mut Value| demand(case, sex.0, "attr::sex::value", sex.1);
        let named = |case: &mut Value| demand(case, attribute, "attr::name::value", name);
        break_it::hidden((Check::Restrictions, referent, hidden), (shown, named))
    };
    let male = (predicate, "male");
    assert_eq!(with("predicate1_referent", male, None, "Alex"), Ok(()));
    let words = ["It fails for predicate1_referent; you predicted attr1_referent:"];
    refused(with("attr1_referent", male, None, "Alex"), &words);
    let words = ["You changed /presentation_request/requested_attributes/attr1_referent"];
    refused(with("predicate1_referent", (attribute, "male"), None, "Alex"), &words);
    let words = ["it does not do what the exercise asks", "✗ restrictions: attr1_referent"];
    refused(with("predicate1_referent", male, None, "Bea"), &words);
    let words = ["you predicted that encoding fails. No check fails"];
    refused(with("predicate1_referent", male, Some(Check::Encoding), "Alex"), &words);
}

/// Puts Alex and Bea together, with these lists of Bea's.
fn together(case: &mut Value, bea: &Value, lists: &[&str], sub_proof: usize) {
    let request = &mut case["presentation_request"];
    request["requested_attributes"]["other_name"] = json!({"name": "name"});
    request["requested_predicates"]["other_adult"] =
        json!({"name": "age", "p_type": ">=", "p_value": 18});
    for pointer in ["/schemas", "/cred_defs"] {
        add_members(case, bea, pointer);
    }
    for pointer in lists {
        append(case, bea, pointer);
    }
    let answers = &mut case["presentation"]["requested_proof"];
    answers["predicates"]["other_adult"] = json!({"sub_proof_index": 1});
    let mut name =
        bea["presentation"]["requested_proof"]["revealed_attrs"]["attr1_referent"].clone();
    name["sub_proof_index"] = json!(sub_proof);
    answers["revealed_attrs"]["other_name"] = name;
}

#[test]
fn two_people_fail_the_same_holder() {
    let lists = [
        "/presentation/proof/proofs",
        "/presentation/proof/aggregated_proof/c_list",
        "/presentation/identifiers",
    ];
    let with = |prediction, lists: &[&str], sub_proof| {
        break_it::holders(prediction, |case, bea| together(case, bea, lists, sub_proof))
    };
    assert_eq!(with(Check::SameHolder, &lists, 1), Ok(()));
    let words = ["that mathematics/cl fails", "✗ same-holder"];
    refused(with(Check::MathematicsCl, &lists, 1), &words);
    let words = ["the gap is not filled yet", "/presentation/identifiers/1 as it was"];
    refused(with(Check::SameHolder, &lists[..2], 1), &words);
    let words = ["the gap is not filled yet", "/c_list/6 as it was"];
    refused(with(Check::SameHolder, &lists[..1], 1), &words);
    let words = ["it does not do what the exercise asks", "✗ "];
    refused(with(Check::SameHolder, &lists, 0), &words);
}
