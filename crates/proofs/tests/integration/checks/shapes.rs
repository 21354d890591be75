//! `size`, `request-shape`, `presentation-shape`.

use proofs::{Check, EngineSet, Outcome, Policy, Verdict, explain};
use serde_json::{Value, json};

use super::cases::*;

/// A check failed, and nothing after it was reached.
fn assert_ends_at(verdict: &Verdict, check: Check) {
    assert_eq!(failed(verdict), [check]);
    for report in verdict.reports.iter().filter(|report| report.check > Check::PresentationShape) {
        assert_eq!(report.outcome, Outcome::NotReached, "{}", report.check);
        assert_eq!(report.note.as_deref(), Some(format!("because {check} failed").as_str()));
    }
}

#[test]
fn a_case_of_more_than_256_kib_is_not_read() {
    let long = |bytes: usize| {
        altered(ONE, |case| {
            case.presentation_request["name"] = "x".repeat(bytes).into();
        })
    };
    let refused = verdict(&long(256 << 10));
    assert_ends_at(&refused, Check::Size);
    assert!(said(&refused, Check::Size).contains("at most 262144 bytes"));
    assert_verified(&long(200 << 10));
}

#[test]
fn no_more_than_64_sub_proofs_and_64_predicates_are_read() {
    let sub_proofs = |number: usize| {
        altered(ONE, |case| {
            let proofs = at(&mut case.presentation, "/proof/proofs");
            *proofs = vec![json!({}); number].into();
        })
    };
    assert_ends_at(&verdict(&sub_proofs(65)), Check::Size);
    assert_eq!(failures(&sub_proofs(64)), [Check::PresentationShape]);

    let requested = |number: usize| {
        altered(ONE, |case| {
            let predicate =
                case.presentation_request["requested_predicates"]["predicate1_referent"].clone();
            for index in 1..number {
                set(
                    &mut case.presentation_request,
                    "/requested_predicates",
                    &index.to_string(),
                    predicate.clone(),
                );
            }
        })
    };
    assert_ends_at(&verdict(&requested(65)), Check::Size);
    assert_eq!(failures(&requested(64)), [Check::Referents]);

    let proved = |number: usize| {
        altered(ONE, |case| {
            let predicates = at(&mut case.presentation, "/proof/proofs/0/primary_proof/ge_proofs");
            *predicates = vec![predicates[0].clone(); number].into();
        })
    };
    assert_ends_at(&verdict(&proved(65)), Check::Size);
}

#[test]
fn no_number_of_more_than_1300_digits_is_read() {
    let e = |digits: usize| {
        altered(ONE, |case| {
            *at(&mut case.presentation, "/proof/proofs/0/primary_proof/eq_proof/e") =
                "1".repeat(digits).into();
        })
    };
    assert_ends_at(&verdict(&e(1301)), Check::Size);
    assert_eq!(failures(&e(1300)), [Check::NumberRange]);
}

#[test]
fn nothing_nested_very_deep_is_read() {
    let nested = |depth: usize| {
        altered(ONE, |case| {
            case.presentation["note"] =
                (0..depth).fold(json!(0), |inner, _| Value::from(vec![inner]));
        })
    };
    assert_ends_at(&verdict(&nested(200)), Check::Size);
    assert_verified(&nested(100));
}

#[test]
fn the_ledgers_objects_are_bounded_too() {
    let case = altered(ONE, |case| {
        case.schemas.insert("large".to_owned(), "x".repeat(8 << 20).into());
    });
    assert_ends_at(&verdict(&case), Check::Size);
}

#[test]
fn size_and_shapes_stop_the_later_checks_even_if_relaxed() {
    let case = altered(ONE, |case| {
        case.presentation_request["name"] = "x".repeat(256 << 10).into();
    });
    let policy = Policy { relaxed: [Check::Size].into(), ..Policy::default() };
    let verdict =
        explain(&case, &policy, EngineSet { cl: Some(&*CL), ..EngineSet::default() }, None);
    assert!(!verdict.verified());
    assert_eq!(verdict.outcome(Check::RequestShape), Outcome::NotReached);
}

#[test]
fn a_request_needs_a_canonical_nonce_of_at_most_128_bits() {
    let nonce =
        |nonce: &str| altered(ONE, |case| case.presentation_request["nonce"] = nonce.into());
    for wrong in ["0123432421212", "00", "340282366920938463463374607431768211456", "12x", "-1", ""]
    {
        assert_ends_at(&verdict(&nonce(wrong)), Check::RequestShape);
    }
    // a number, as some agents write it
    assert_verified(&altered(ONE, |case| {
        case.presentation_request["nonce"] = json!(123_432_421_212_u64);
    }));
    // one of 80 bits too, digit by digit
    let text = serde_json::to_string(&case(ONE)).unwrap();
    let long = text.replacen("\"nonce\":\"123432421212\"", "\"nonce\":947121108704767252195126", 1);
    let long = case(&long);
    assert_eq!(long.presentation_request["nonce"], "947121108704767252195126");
    assert_eq!(failures(&long), [Check::MathematicsCl]);
    // well formed, and another nonce than the proof's
    for other in ["0", "340282366920938463463374607431768211455"] {
        assert_eq!(failures(&nonce(other)), [Check::MathematicsCl]);
    }
}

#[test]
fn a_request_has_name_or_names_and_asks_for_something() {
    let both = altered(TWO, |case| {
        set(
            &mut case.presentation_request,
            "/requested_attributes/phone",
            "names",
            json!(["phone"]),
        );
    });
    let verdict = verdict(&both);
    assert_ends_at(&verdict, Check::RequestShape);
    assert!(said(&verdict, Check::RequestShape).contains("/requested_attributes/phone: both"));

    let nothing = altered(ONE, |case| {
        case.presentation_request["requested_attributes"] = json!({});
        case.presentation_request["requested_predicates"] = json!({});
    });
    assert_ends_at(&super::cases::verdict(&nothing), Check::RequestShape);
}

#[test]
fn no_name_stands_twice_in_a_group() {
    let twice = altered(TWO, |case| {
        at(&mut case.presentation_request, "/requested_attributes/graduate/names")
            .as_array_mut()
            .unwrap()
            .push("FIRST NAME".into());
    });
    assert_ends_at(&verdict(&twice), Check::RequestShape);
}

#[test]
fn a_request_may_have_a_version_and_unknown_members() {
    assert_verified(&altered(ONE, |case| {
        case.presentation_request["ver"] = "1.0".into();
        case.presentation_request["comment"] = "for the job".into();
        case.presentation["comment"] = json!(["here", "you", "are"]);
    }));
}

#[test]
fn a_presentation_has_an_identifier_for_each_sub_proof() {
    let missing = altered(TWO, |case| {
        at(&mut case.presentation, "/identifiers").as_array_mut().unwrap().pop();
    });
    assert_ends_at(&verdict(&missing), Check::PresentationShape);
}

#[test]
fn each_sub_proof_is_used_and_each_index_leads_to_one() {
    let idle = altered(TWO, |case| {
        *at(
            &mut case.presentation,
            "/requested_proof/revealed_attr_groups/graduate/sub_proof_index",
        ) = 1.into();
        *at(&mut case.presentation, "/requested_proof/predicates/recent/sub_proof_index") =
            1.into();
    });
    let idle = verdict(&idle);
    assert_ends_at(&idle, Check::PresentationShape);
    assert!(said(&idle, Check::PresentationShape).contains("/proof/proofs/0 answers none"));

    let nowhere = altered(TWO, |case| {
        *at(&mut case.presentation, "/requested_proof/unrevealed_attrs/height/sub_proof_index") =
            2.into();
    });
    let nowhere = verdict(&nowhere);
    assert_ends_at(&nowhere, Check::PresentationShape);
    assert!(
        said(&nowhere, Check::PresentationShape).starts_with("height: one of the 2 sub-proofs")
    );
}

#[test]
fn what_cannot_be_read_is_named_by_its_json_pointer() {
    for (pointer, wrong) in [
        ("/proof/proofs/0/primary_proof/eq_proof/v", json!(17)),
        ("/proof/aggregated_proof/c_list/0/3", json!(256)),
        ("/requested_proof/predicates/predicate1_referent/sub_proof_index", json!("0")),
        ("/proof/proofs/0/primary_proof/ge_proofs/0/predicate/value", json!(2147483648_u32)),
        // a list of an object's values is no object
        ("/requested_proof/revealed_attrs/attr1_referent", json!([0, "Alex", "99"])),
        ("/identifiers/0", json!([GVT_SCHEMA, GVT_CRED_DEF, null, null])),
    ] {
        let case = altered(ONE, |case| *at(&mut case.presentation, pointer) = wrong);
        let verdict = verdict(&case);
        assert_ends_at(&verdict, Check::PresentationShape);
        let said = said(&verdict, Check::PresentationShape);
        assert!(said.contains(&format!("/ {pointer}: ")), "{said}");
    }
}

#[test]
fn each_predicate_has_exactly_its_numbers() {
    let u = "/proof/proofs/0/primary_proof/ge_proofs/0/u";
    let less = altered(ONE, |case| {
        remove(&mut case.presentation, u, "3");
    });
    let more = altered(ONE, |case| set(&mut case.presentation, u, "4", "1"));
    for case in [less, more] {
        assert_ends_at(&verdict(&case), Check::PresentationShape);
    }
}

#[test]
fn schema_and_credential_definition_must_be_given() {
    let without = altered(ONE, |case| case.cred_defs.clear());
    let verdict = verdict(&without);
    assert_undecided(&verdict, Check::PresentationShape);
    let said = verdict.reason().unwrap();
    assert!(said.contains(GVT_CRED_DEF) && said.contains("give it under `cred_defs`"), "{said}");
    // what needs no public data is checked all the same
    assert_eq!(verdict.outcome(Check::Predicates), Outcome::Passed);
    assert_eq!(verdict.outcome(Check::Restrictions), Outcome::NotReached);
    let wrong = altered(ONE, |case| {
        case.cred_defs.clear();
        case.presentation_request["requested_predicates"]["predicate1_referent"]["p_value"] =
            19.into();
    });
    assert_eq!(failures(&wrong), [Check::Predicates]);

    let broken = altered(ONE, |case| {
        remove(case.schemas.get_mut(GVT_SCHEMA).unwrap(), "", "attrNames");
    });
    assert_ends_at(&super::cases::verdict(&broken), Check::PresentationShape);
}

#[test]
fn a_list_of_member_values_is_not_a_presentation() {
    let list = altered(ONE, |case| {
        let member = |name: &str| case.presentation[name].clone();
        case.presentation =
            json!([member("proof"), member("requested_proof"), member("identifiers")]);
    });
    let verdict = verdict(&list);
    assert_ends_at(&verdict, Check::PresentationShape);
    assert!(said(&verdict, Check::PresentationShape).contains("/ the presentation: "));
}
