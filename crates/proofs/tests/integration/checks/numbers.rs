//! `number-form`, `hidden-set`.

use proofs::Check;
use serde_json::json;

use super::cases::*;

const EQUALITY: &str = "/proof/proofs/0/primary_proof/eq_proof";
const PREDICATE: &str = "/proof/proofs/0/primary_proof/ge_proofs/0";

#[test]
fn every_number_is_a_canonical_decimal() {
    for (pointer, also) in [
        (format!("{EQUALITY}/e"), vec![]),
        (format!("{EQUALITY}/v"), vec![]),
        (format!("{EQUALITY}/m2"), vec![]),
        (format!("{EQUALITY}/m/height"), vec![]),
        (format!("{PREDICATE}/u/2"), vec![]),
        (format!("{PREDICATE}/r/DELTA"), vec![]),
        ("/proof/aggregated_proof/c_hash".to_owned(), vec![]),
        // These are compared with another number as well.
        (format!("{PREDICATE}/mj"), vec![Check::PredicateLink]),
        (format!("{EQUALITY}/a_prime"), vec![Check::ChallengeBinding]),
        (format!("{PREDICATE}/t/1"), vec![Check::ChallengeBinding]),
    ] {
        for (before, after) in [("0", ""), ("+", ""), ("-", ""), ("", " ")] {
            let case = altered(ONE, |case| {
                let number = at(&mut case.presentation, &pointer);
                *number = format!("{before}{}{after}", number.as_str().unwrap()).into();
            });
            let mut expected = [also.clone(), vec![Check::NumberForm]].concat();
            expected.sort();
            assert_eq!(failures(&case), expected, "{pointer}");
        }
    }
}

#[test]
fn alpha_may_be_negative() {
    let case = altered(ONE, |case| {
        let alpha = at(&mut case.presentation, &format!("{PREDICATE}/alpha"));
        *alpha = format!("-{}", alpha.as_str().unwrap().trim_start_matches('-')).into();
    });
    let failed = failures(&case);
    assert!(failed.is_empty() || failed == [Check::MathematicsCl], "{failed:?}");
}

#[test]
fn every_group_element_lies_between_1_and_the_modulus() {
    let n = case(ONE).cred_defs[GVT_CRED_DEF]["value"]["primary"]["n"].clone();
    for pointer in [format!("{EQUALITY}/a_prime"), format!("{PREDICATE}/t/DELTA")] {
        for outside in [json!("0"), json!("1"), n.clone()] {
            let case = altered(ONE, |case| *at(&mut case.presentation, &pointer) = outside);
            assert_eq!(failures(&case), [Check::NumberForm, Check::ChallengeBinding]);
        }
        // An element, and another than the challenge covers.
        let case = altered(ONE, |case| *at(&mut case.presentation, &pointer) = "2".into());
        assert_eq!(failures(&case), [Check::ChallengeBinding]);
    }
}

#[test]
fn the_numbers_of_the_issuers_key_are_checked_too() {
    for (member, wrong) in [("n", "0x17"), ("s", "1"), ("z", "007"), ("rctxt", "")] {
        let case = altered(ONE, |case| {
            set(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "/value/primary", member, wrong);
        });
        assert!(failures(&case).contains(&Check::NumberForm), "{member}");
    }
}

#[test]
fn the_hidden_attributes_are_those_of_schema_and_key() {
    let schema_has_more = altered(ONE, |case| {
        let schema = case.schemas.get_mut(GVT_SCHEMA).unwrap();
        at(schema, "/attrNames").as_array_mut().unwrap().push("eyes".into());
    });
    // The key lacks it, and so does the sub-proof.
    assert_eq!(failures(&schema_has_more), [Check::HiddenSet]);

    let key_has_less = altered(ONE, |case| {
        remove(case.cred_defs.get_mut(GVT_CRED_DEF).unwrap(), "/value/primary/r", "height");
    });
    let verdict = verdict(&key_has_less);
    assert_eq!(failed(&verdict), [Check::HiddenSet]);
    assert!(said(&verdict, Check::HiddenSet).contains("bases for age, master_secret, name, sex"));

    for (alteration, name) in [("less", "sex"), ("more", "eyes")] {
        let case = altered(ONE, |case| {
            let m = format!("{EQUALITY}/m");
            match alteration {
                "less" => drop(remove(&mut case.presentation, &m, name)),
                _ => set(&mut case.presentation, &m, name, "1"),
            }
        });
        assert_eq!(failures(&case), [Check::HiddenSet], "{alteration}");
    }
}

#[test]
fn the_link_secret_has_one_response() {
    let older = altered(ONE, |case| {
        let response = remove(&mut case.presentation, &format!("{EQUALITY}/m"), "master_secret");
        set(&mut case.presentation, EQUALITY, "m1", response);
    });
    assert_verified(&older);
    let twice = altered(ONE, |case| {
        let response =
            case.presentation.pointer(&format!("{EQUALITY}/m/master_secret")).unwrap().clone();
        set(&mut case.presentation, EQUALITY, "m1", response);
    });
    assert_eq!(failures(&twice), [Check::HiddenSet]);
}

#[test]
fn an_unrevealed_attribute_must_exist() {
    let missing = altered(TWO, |case| {
        *at(&mut case.presentation_request, "/requested_attributes/height/name") = "weight".into();
    });
    let verdict = verdict(&missing);
    assert_eq!(failed(&verdict), [Check::HiddenSet]);
    assert!(
        said(&verdict, Check::HiddenSet)
            .starts_with("height: a credential with the attribute \"weight\"")
    );
}

#[test]
fn a_schema_may_spell_names_with_spaces_and_capitals() {
    assert_verified(&altered(ONE, |case| {
        let schema = case.schemas.get_mut(GVT_SCHEMA).unwrap();
        set(schema, "", "attrNames", json!(["A ge", "SEX", "height", "Name"]));
    }));
}
