//! Tests of `predicate-link`, `number-range`, `challenge-binding` and `same-holder`, at their own
//! functions.

use std::cell::OnceCell;

use serde_json::Value;
use verdict::Failure;

use super::parsed::ParsedCase;
use super::{binding, numbers, public_data, shape};
use crate::case::Case;
use crate::policy::Policy;

const TWO: &str = include_str!("../../tests/fixtures/cases/two-credentials.json");

const SECOND: &str = "/proof/proofs/1/primary_proof";

/// Returns what a check finds in a valid case of two credentials whose presentation was altered.
fn found(
    check: fn(&ParsedCase<'_>) -> Vec<Failure>,
    alter: impl FnOnce(&mut Value),
) -> Vec<Failure> {
    let mut case = Case::from_json(TWO).unwrap();
    alter(&mut case.presentation);
    let presentation = shape::presentation(&case.presentation).unwrap();
    let credentials = public_data::credentials(&case, &presentation).unwrap_or_default();
    let (request, _) = shape::request(&case.presentation_request).unwrap();
    let policy = Policy::default();
    let entries = OnceCell::new();
    check(&ParsedCase { case: &case, policy: &policy, request, presentation, credentials, entries })
}

fn at<'v>(presentation: &'v mut Value, pointer: &str) -> &'v mut Value {
    presentation.pointer_mut(pointer).unwrap()
}

/// Replaces the number that stands there by the next one.
fn count_up(presentation: &mut Value, pointer: &str) {
    let number = at(presentation, pointer);
    let next = number.as_str().unwrap().parse::<dashu_int::UBig>().unwrap() + 1_u8;
    *number = next.to_string().into();
}

#[test]
fn an_unaltered_presentation_passes() {
    for check in
        [binding::predicate_link, numbers::range, binding::challenge_binding, binding::same_holder]
    {
        assert_eq!(found(check, |_| {}), []);
    }
}

#[test]
fn a_predicate_has_the_response_of_its_own_attribute() {
    let other = found(binding::predicate_link, |presentation| {
        count_up(presentation, &format!("{SECOND}/ge_proofs/1/mj"));
    });
    let [failure] = other.as_slice() else { panic!("{other:?}") };
    assert!(failure.expected.starts_with("the response for \"age\" in sub-proof 1, "));
    assert!(failure.got.starts_with("predicate 1 has the response "));

    let none = found(binding::predicate_link, |presentation| {
        let m = at(presentation, &format!("{SECOND}/eq_proof/m"));
        m.as_object_mut().unwrap().remove("age");
    });
    assert_eq!(none.len(), 2, "both predicates are on it");

    // Another response elsewhere is nothing to a predicate.
    let elsewhere = found(binding::predicate_link, |presentation| {
        count_up(presentation, &format!("{SECOND}/eq_proof/m/height"));
    });
    assert_eq!(elsewhere, []);
}

#[test]
fn each_response_has_its_greatest_length() {
    for (member, bits) in [
        ("eq_proof/e", 457),
        ("eq_proof/v", 3061),
        ("eq_proof/m/height", 594),
        ("eq_proof/m2", 2433),
        ("ge_proofs/0/u/0", 594),
        ("ge_proofs/0/r/DELTA", 2386),
        ("ge_proofs/0/mj", 594),
        ("ge_proofs/0/alpha", 2788),
    ] {
        let pointer = format!("{SECOND}/{member}");
        let with = |number: dashu_int::IBig| {
            found(numbers::range, |presentation| {
                *at(presentation, &pointer) = number.to_string().into();
            })
        };
        let above = dashu_int::IBig::ONE << bits;
        let [failure] = &with(above.clone())[..] else { panic!("{member}") };
        assert_eq!(failure.expected, format!("{pointer}: a number of at most {bits} bits"));
        assert_eq!(with(above.clone() - 1), [], "{member}");
        if member.ends_with("alpha") {
            assert_eq!(with(-above.clone()).len(), 1);
            assert_eq!(with(1 - above), []);
        }
    }
    let challenge = (dashu_int::UBig::ONE << 256).to_string();
    let longer = found(numbers::range, |presentation| {
        *at(presentation, "/proof/aggregated_proof/c_hash") = challenge.into();
    });
    assert_eq!(longer.len(), 1);
}

#[test]
fn the_challenge_covers_every_commitment_in_its_place() {
    const LIST: &str = "/proof/aggregated_proof/c_list";
    fn list(presentation: &mut Value) -> &mut Vec<Value> {
        at(presentation, LIST).as_array_mut().unwrap()
    }
    let exchanged = found(binding::challenge_binding, |presentation| {
        list(presentation).swap(0, 6);
    });
    let expected: Vec<_> = exchanged.iter().map(|failure| failure.expected.as_str()).collect();
    assert_eq!(
        expected,
        [
            "entry 0 of c_list to be a_prime of sub-proof 0",
            "entry 6 of c_list to be a_prime of sub-proof 1",
        ]
    );
    let padded = found(binding::challenge_binding, |presentation| {
        let first = &mut list(presentation)[0];
        first.as_array_mut().unwrap().insert(0, 0.into());
    });
    assert_eq!(padded.len(), 1, "not the fewest bytes");
    let fewer = found(binding::challenge_binding, |presentation| {
        list(presentation).pop();
    });
    assert_eq!(
        (fewer[0].expected.as_str(), fewer[0].got.as_str()),
        ("17 entries in c_list, one for each commitment", "16")
    );
    let other = found(binding::challenge_binding, |presentation| {
        count_up(presentation, &format!("{SECOND}/ge_proofs/0/t/DELTA"));
    });
    assert_eq!(other[0].expected, "entry 11 of c_list to be t/DELTA of predicate 0 of sub-proof 1");
    // A number that is not a commitment is not in the list.
    let response = found(binding::challenge_binding, |presentation| {
        count_up(presentation, &format!("{SECOND}/eq_proof/v"));
    });
    assert_eq!(response, []);
}

#[test]
fn all_credentials_have_one_response_for_the_link_secret() {
    let other = found(binding::same_holder, |presentation| {
        count_up(presentation, &format!("{SECOND}/eq_proof/m/master_secret"));
    });
    let [failure] = other.as_slice() else { panic!("{other:?}") };
    assert_eq!(failure.got, "sub-proof 1 has a different one");

    // Attributes of one name in two credentials are two attributes.
    let attribute = found(binding::same_holder, |presentation| {
        count_up(presentation, &format!("{SECOND}/eq_proof/m/height"));
    });
    assert_eq!(attribute, []);
}
