//! `referents`, `self-attested`, `revealed-set`, `encoding`, `predicates`.

use proofs::{Check, EngineSet, Engines, Policy, explain};
use serde_json::json;

use super::cases::*;

#[test]
fn every_referent_is_answered() {
    let unanswered = altered(TWO, |case| {
        remove(&mut case.presentation, "/requested_proof/self_attested_attrs", "phone");
    });
    let verdict = verdict(&unanswered);
    assert_eq!(failed(&verdict), [Check::Referents]);
    assert!(
        said(&verdict, Check::Referents)
            .starts_with("phone: an answer to the requested attribute / none")
    );

    // What it proved is then not asked for either.
    let predicate = altered(TWO, |case| {
        remove(&mut case.presentation, "/requested_proof/predicates", "adult");
    });
    assert_eq!(failures(&predicate), [Check::Referents, Check::Predicates]);
}

#[test]
fn nothing_is_answered_that_was_not_asked_for() {
    for member in ["unrevealed_attrs", "predicates"] {
        let more = altered(TWO, |case| {
            set(
                &mut case.presentation,
                &format!("/requested_proof/{member}"),
                "extra",
                json!({"sub_proof_index": 0}),
            );
        });
        assert_eq!(failures(&more), [Check::Referents], "{member}");
    }
    let attested = altered(TWO, |case| {
        set(&mut case.presentation, "/requested_proof/self_attested_attrs", "extra", "said");
    });
    assert_eq!(failures(&attested), [Check::Referents]);
}

#[test]
fn no_referent_is_answered_twice() {
    let twice = altered(TWO, |case| {
        set(&mut case.presentation, "/requested_proof/self_attested_attrs", "height", "180");
    });
    // It is restricted, too.
    assert_eq!(failures(&twice), [Check::Referents, Check::SelfAttested]);
}

#[test]
fn a_group_is_answered_as_a_group_with_its_names() {
    let single = altered(TWO, |case| {
        let value = case.presentation["requested_proof"]["revealed_attrs"]["given name"].clone();
        remove(&mut case.presentation, "/requested_proof/revealed_attrs", "given name");
        let group = json!({"sub_proof_index": 1, "values": {"NAME": {"raw": value["raw"], "encoded": value["encoded"]}}});
        set(&mut case.presentation, "/requested_proof/revealed_attr_groups", "given name", group);
    });
    assert_eq!(failures(&single), [Check::Referents]);

    // One name is missing, so the referent asks for no more than is revealed.
    let fewer = altered(TWO, |case| {
        remove(
            &mut case.presentation,
            "/requested_proof/revealed_attr_groups/graduate/values",
            "Degree",
        );
    });
    assert_eq!(failures(&fewer), [Check::Referents]);
}

#[test]
fn names_in_a_group_may_be_spelled_otherwise() {
    assert_verified(&altered(TWO, |case| {
        let values = "/requested_proof/revealed_attr_groups/graduate/values";
        let value = remove(&mut case.presentation, values, "Degree");
        set(&mut case.presentation, values, "DEGREE", value);
    }));
}

#[test]
fn an_attribute_and_a_predicate_may_share_a_referent() {
    assert_verified(&altered(TWO, |case| {
        for value in [&mut case.presentation_request, &mut case.presentation] {
            let map = if value.get("proof").is_some() {
                "/requested_proof/predicates"
            } else {
                "/requested_predicates"
            };
            let predicate = remove(value, map, "adult");
            set(value, map, "height", predicate);
        }
    }));
}

#[test]
fn what_the_request_restricts_is_not_self_attested() {
    let restricted = |restriction| {
        altered(TWO, |case| {
            set(
                &mut case.presentation_request,
                "/requested_attributes/phone",
                "restrictions",
                restriction,
            );
        })
    };
    for restriction in [
        json!({"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e"}),
        json!([{"schema_name": "gvt"}]),
        // These restrict nothing in effect, but may have lost what they were to say.
        json!([{}]),
        json!({"issuer_did": null}),
        json!({"$and": []}),
    ] {
        let verdict = verdict(&restricted(restriction.clone()));
        assert_eq!(failed(&verdict), [Check::SelfAttested], "{restriction}");
        assert!(said(&verdict, Check::SelfAttested).starts_with("phone: "));
    }
    for none in [json!(null), json!({}), json!([])] {
        assert_verified(&restricted(none));
    }
}

#[test]
fn the_mathematics_reveals_exactly_what_is_asked_for() {
    // Said to be hidden, and revealed all the same.
    let more = altered(ONE, |case| {
        remove(&mut case.presentation, "/requested_proof/revealed_attrs", "attr1_referent");
        set(
            &mut case.presentation,
            "/requested_proof/unrevealed_attrs",
            "attr1_referent",
            json!({"sub_proof_index": 0}),
        );
    });
    assert_eq!(failures(&more), [Check::RevealedSet]);

    // Requested, and hidden: then nothing proves the text either.
    let fewer = altered(TWO, |case| {
        remove(&mut case.presentation, "/requested_proof/unrevealed_attrs", "height");
        set(
            &mut case.presentation,
            "/requested_proof/revealed_attrs",
            "height",
            json!({"sub_proof_index": 1, "raw": "175", "encoded": "175"}),
        );
    });
    assert_eq!(failures(&fewer), [Check::RevealedSet, Check::Encoding]);
}

#[test]
fn an_attribute_may_be_asked_for_twice() {
    assert_verified(&altered(TWO, |case| {
        set(
            &mut case.presentation_request,
            "/requested_attributes",
            "again",
            json!({"name": "n a m e"}),
        );
        let shown = case.presentation["requested_proof"]["revealed_attrs"]["given name"].clone();
        set(&mut case.presentation, "/requested_proof/revealed_attrs", "again", shown);
    }));
}

#[test]
fn a_changed_raw_beside_an_unchanged_encoded_is_found() {
    let changed = altered(ONE, |case| {
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw") =
            "Alexander".into();
    });
    let verdict = verdict(&changed);
    assert_eq!(failed(&verdict), [Check::Encoding]);
    let said = said(&verdict, Check::Encoding);
    assert!(
        said.starts_with("attr1_referent: \"name\" with a text that encodes to 9926285"),
        "{said}"
    );
    assert!(said.contains("\"Alexander\""), "{said}");

    // A restriction on the value does not hold for a text that nothing proves.
    let restricted = altered(OPERATORS, |case| {
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/name/raw") = "alex".into();
    });
    assert_eq!(failures(&restricted), [Check::Encoding, Check::Restrictions]);
}

#[test]
fn the_encoded_value_is_the_one_that_is_proved() {
    let other = altered(ONE, |case| {
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw") =
            "175".into();
        *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/encoded") =
            "175".into();
    });
    // The engine compares the two as well.
    assert_eq!(failures(&other), [Check::Encoding, Check::MathematicsCl]);
}

#[test]
fn an_integer_is_shown_in_its_canonical_form() {
    let shown = |raw: &str| {
        altered(ONE, |case| {
            *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/raw") =
                raw.into();
            *at(&mut case.presentation, "/requested_proof/revealed_attrs/attr1_referent/encoded") =
                "-28".into();
            *at(
                &mut case.presentation,
                "/proof/proofs/0/primary_proof/eq_proof/revealed_attrs/name",
            ) = "-28".into();
        })
    };
    let failures =
        |raw| failed(&explain(&shown(raw), &Policy::default(), EngineSet::default(), None));
    for spelling in ["-28", "-028", " -28", "-28\t"] {
        let found = failures(spelling);
        assert!(
            !found.contains(&Check::Encoding) && !found.contains(&Check::NumberForm),
            "{spelling:?}"
        );
        let verdict = explain(&shown(spelling), &Policy::default(), EngineSet::default(), None);
        let is_warned = cautions(&verdict).contains(&"text-not-canonical");
        assert_eq!(is_warned, spelling != "-28", "{spelling:?}");
    }
    for other in ["28", "-28.0", "- 28", "−28"] {
        assert!(failures(other).contains(&Check::Encoding), "{other:?}");
    }
}

#[test]
fn a_value_that_is_held_and_not_shown_is_said() {
    let verdict = verdict(&case(TWO));
    assert!(verdict.verified());
    assert_eq!(cautions(&verdict), ["unrevealed", "self-attested"]);
    let learned = &verdict.learned.as_ref().unwrap()["height"];
    assert_eq!((&learned.held[..], learned.shown.len()), (&["height".to_owned()][..], 0));
    assert!(learned.credential.is_some());

    let policy = Policy { require_revealed: true, engines: Engines::Cl, ..Policy::default() };
    let engines = EngineSet { cl: Some(&*CL), ..EngineSet::default() };
    let refused = explain(&case(TWO), &policy, engines, None);
    assert_eq!(failed(&refused), [Check::Referents]);
    assert!(said(&refused, Check::Referents).starts_with("height: the value of height"));
    assert!(refused.learned.as_ref().unwrap().is_empty());
}

#[test]
fn a_group_may_not_be_held_back() {
    let hidden = altered(TWO, |case| {
        remove(&mut case.presentation, "/requested_proof/revealed_attr_groups", "graduate");
        set(
            &mut case.presentation,
            "/requested_proof/unrevealed_attrs",
            "graduate",
            json!({"sub_proof_index": 0}),
        );
    });
    assert!(failures(&hidden).contains(&Check::Referents));
}

#[test]
fn a_policy_may_want_one_credential_for_several_referents() {
    let explain_with = |groups: &[&[&str]]| {
        let group = |group: &&[&str]| group.iter().map(|one| (*one).to_owned()).collect();
        let same_credential = groups.iter().map(group).collect();
        let policy = Policy { same_credential, engines: Engines::Cl, ..Policy::default() };
        explain(&case(TWO), &policy, EngineSet { cl: Some(&*CL), ..EngineSet::default() }, None)
    };
    assert!(explain_with(&[&["given name", "height"], &["graduate"]]).verified());
    let two = explain_with(&[&["given name", "graduate"]]);
    assert_eq!(failed(&two), [Check::Referents]);
    assert!(said(&two, Check::Referents).contains("one credential for given name, graduate"));
    // what no credential answers is not from that credential
    let attested = explain_with(&[&["given name", "phone"]]);
    assert!(said(&attested, Check::Referents).starts_with("phone: "));
}

#[test]
fn a_lower_bound_alone_is_noted_or_refused() {
    let verdict_with = |require_ranges| {
        let policy = Policy { require_ranges, engines: Engines::Cl, ..Policy::default() };
        explain(&case(ONE), &policy, EngineSet { cl: Some(&*CL), ..EngineSet::default() }, None)
    };
    let noted = verdict_with(false);
    assert!(noted.verified() && cautions(&noted).is_empty());
    let notes: Vec<_> = noted.cautions().map(|(check, one)| (check, one.name)).collect();
    assert_eq!(notes, [(Check::Predicates, "one-sided-bound")]);
    let refused = verdict_with(true);
    assert_eq!(failed(&refused), [Check::Predicates]);
    assert!(said(&refused, Check::Predicates).contains("age >= 18 has no upper bound"));
}

#[test]
fn another_bound_operator_or_attribute_is_another_predicate() {
    for (member, value) in
        [("p_value", json!(19)), ("p_type", json!(">")), ("name", json!("height"))]
    {
        let other = altered(ONE, |case| {
            set(
                &mut case.presentation_request,
                "/requested_predicates/predicate1_referent",
                member,
                value,
            );
        });
        assert_eq!(failures(&other), [Check::Predicates], "{member}");
    }
}

#[test]
fn no_predicate_is_proved_twice() {
    let twice = altered(ONE, |case| {
        let predicates = at(&mut case.presentation, "/proof/proofs/0/primary_proof/ge_proofs")
            .as_array_mut()
            .unwrap();
        predicates.push(predicates[0].clone());
    });
    // The challenge does not cover the second one.
    assert_eq!(failures(&twice), [Check::Predicates, Check::ChallengeBinding]);
}

#[test]
fn a_predicate_may_be_asked_for_twice() {
    assert_verified(&altered(ONE, |case| {
        let asked =
            case.presentation_request["requested_predicates"]["predicate1_referent"].clone();
        set(&mut case.presentation_request, "/requested_predicates", "again", asked);
        set(
            &mut case.presentation,
            "/requested_proof/predicates",
            "again",
            json!({"sub_proof_index": 0}),
        );
    }));
}
