//! `non-revocation`, and the other checks on a case with a non-revocation proof.

use proofs::{
    Case, Check, Decision, EngineSet, Engines, IntervalRule, Outcome, Policy, Verdict, explain,
};
use serde_json::{Value, json};

use super::cases::*;

const REGISTRY: &str =
    "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE:CL_ACCUM:R1";

fn verdict_on(alter: impl FnOnce(&mut Case)) -> Verdict {
    let library = Accepts::proof_of(&case(REVOCABLE));
    library_verdict(&altered(REVOCABLE, alter), &library)
}

fn failures_of(alter: impl FnOnce(&mut Case)) -> Vec<Check> {
    failed(&verdict_on(alter))
}

#[test]
fn a_valid_non_revocation_proof_passes_all_checks() {
    let verdict = verdict_on(|_| {});
    assert!(verdict.verified(), "{:#?}", verdict.failed().collect::<Vec<_>>());
}

#[test]
fn the_timestamp_lies_in_the_interval() {
    let interval = |from: Value, to: Value| {
        move |case: &mut Case| {
            case.presentation_request["non_revoked"] = json!({"from": from, "to": to})
        }
    };
    let later = verdict_on(interval(json!(1_600_000_001), json!(1_700_000_000)));
    assert_undecided(&later, Check::NonRevocation);
    assert_eq!(failures_of(interval(json!(null), json!(1_599_999_999))), [Check::NonRevocation]);
    assert_eq!(failures_of(interval(json!(1_600_000_000), json!(1_600_000_000))), []);
    assert_eq!(failures_of(interval(json!(null), json!(null))), []);
}

#[test]
fn a_referents_own_interval_comes_before_the_requests() {
    let own = verdict_on(|case| {
        let predicate = at(&mut case.presentation_request, "/requested_predicates/adult");
        predicate["non_revoked"] = json!({"to": 1_599_999_999});
    });
    assert_eq!(failed(&own), [Check::NonRevocation]);
    assert_eq!(
        said(&own, Check::NonRevocation),
        "adult: a credential shown not to be revoked at 1599999999 or earlier / timestamp 1600000000 / \
         ask the prover for a presentation with a revocation state of that time"
    );
}

#[test]
fn an_interval_demands_a_non_revocation_proof() {
    // All of it left out: the challenge covers it still.
    let silent = failures_of(|case| {
        set(&mut case.presentation, "/proof/proofs/0", "non_revoc_proof", Value::Null);
        set(&mut case.presentation, "/identifiers/0", "timestamp", Value::Null);
    });
    assert_eq!(silent, [Check::ChallengeBinding, Check::NonRevocation]);
    // Without an interval the proof may be left out, or be there.
    let unasked = failures_of(|case| {
        remove(&mut case.presentation_request, "", "non_revoked");
        remove(&mut case.presentation_request, "/requested_predicates/adult", "non_revoked");
    });
    assert_eq!(unasked, []);
}

#[test]
fn timestamp_registry_and_proof_come_together() {
    let without = |member: &'static str| {
        move |case: &mut Case| set(&mut case.presentation, "/identifiers/0", member, Value::Null)
    };
    assert_eq!(failures_of(without("timestamp")), [Check::NonRevocation]);
    assert_eq!(failures_of(without("rev_reg_id")), [Check::NonRevocation]);
    let no_proof = failures_of(|case| {
        set(&mut case.presentation, "/proof/proofs/0", "non_revoc_proof", Value::Null);
    });
    assert_eq!(no_proof, [Check::ChallengeBinding, Check::NonRevocation]);
}

#[test]
fn an_irrevocable_credential_has_no_revocation_data() {
    for (member, value) in [("timestamp", json!(1)), ("rev_reg_id", json!(REGISTRY))] {
        let case =
            altered(ONE, |case| set(&mut case.presentation, "/identifiers/0", member, value));
        assert_eq!(failures(&case), [Check::NonRevocation], "{member}");
    }
    let asked = altered(ONE, |case| {
        case.presentation_request["non_revoked"] = json!({"to": 1_700_000_000});
    });
    assert_verified(&asked);
    assert_eq!(cautions(&verdict(&asked)), ["cannot-be-revoked", "cannot-be-revoked"]);
}

#[test]
fn the_registry_belongs_to_the_credential_definition() {
    let another = failures_of(|case| {
        set(case.rev_reg_defs.get_mut(REGISTRY).unwrap(), "", "credDefId", GVT_CRED_DEF);
    });
    assert_eq!(another, [Check::NonRevocation]);
    let renamed =
        failures_of(|case| set(case.rev_reg_defs.get_mut(REGISTRY).unwrap(), "", "id", "other"));
    assert_eq!(renamed, [Check::NonRevocation]);
    for clear in
        [|case: &mut Case| case.rev_reg_defs.clear(), |case: &mut Case| case.rev_regs.clear()]
    {
        let verdict = verdict_on(clear);
        assert_eq!(failed(&verdict), []);
        let undecided: Vec<_> = verdict.undecided().map(|report| report.check).collect();
        assert_eq!(undecided, [Check::NonRevocation, Check::MathematicsLibrary]);
    }
}

#[test]
fn the_registry_is_the_issuers() {
    let by = |issuer: &'static str| {
        move |case: &mut Case| {
            set(case.rev_reg_defs.get_mut(REGISTRY).unwrap(), "", "issuerId", issuer);
        }
    };
    assert_eq!(failures_of(by("NcYxiDXkpYi6ov5FcYDi1e")), []);
    assert_eq!(failures_of(by("did:indy:sovrin:NcYxiDXkpYi6ov5FcYDi1e")), []);
    assert_eq!(failures_of(by("Th7MpTaRZVRYnPiabds81Y")), [Check::NonRevocation]);
}

/// Asks whether the credential was not revoked at `from`, with other entries of the registry.
fn later(from: u64, entries: &[(u64, &str)], policy: &Policy) -> Verdict {
    let altered = altered(REVOCABLE, |case| {
        case.presentation_request["non_revoked"] = json!({"from": from, "to": from});
        let predicate = at(&mut case.presentation_request, "/requested_predicates/adult");
        predicate["non_revoked"] = json!({"from": from, "to": from});
        let own = case.rev_regs[REGISTRY]["1600000000"].clone();
        for (time, accumulator) in entries {
            let mut entry = own.clone();
            match *accumulator {
                "own" => {}
                "other" => entry["value"]["accum"] = other_point(),
                "other after own" => {
                    let own = &own["value"]["accum"];
                    entry["value"] = json!({"accum": other_point(), "prevAccum": own});
                }
                _ => panic!("{accumulator}"),
            }
            case.rev_regs.get_mut(REGISTRY).unwrap().insert(time.to_string(), entry);
        }
    });
    let library = Accepts::proof_of(&case(REVOCABLE));
    let policy = Policy { engines: Engines::IndyCredx, ..policy.clone() };
    explain(&altered, &policy, EngineSet { library: Some(&library), ..EngineSet::default() }, None)
}

#[test]
fn an_older_entry_counts_if_it_was_still_in_force() {
    const FROM: u64 = 1_700_000_000;
    let proven = Policy::default();
    let decision = |entries: &[(u64, &str)]| later(FROM, entries, &proven).decision();
    assert_eq!(decision(&[]), Decision::Undecided);
    // the registry at a time of the interval
    assert_eq!(decision(&[(FROM, "own")]), Decision::Verified);
    assert_eq!(decision(&[(FROM, "other")]), Decision::Rejected);
    // the next change came after the interval began
    assert_eq!(decision(&[(FROM + 9, "other after own")]), Decision::Verified);
    assert_eq!(decision(&[(FROM + 9, "other")]), Decision::Undecided);
    // another change that is said to have come first, and one that is not known to have taken it
    // back in time
    assert_eq!(
        decision(&[(FROM + 5, "other"), (FROM + 9, "other after own")]),
        Decision::Undecided
    );
    assert_eq!(decision(&[(FROM - 9, "other"), (FROM + 9, "other after own")]), Decision::Rejected);
    // a change before it began, and another that took it back
    assert_eq!(decision(&[(FROM - 9, "other")]), Decision::Rejected);
    assert_eq!(decision(&[(FROM - 9, "other"), (FROM - 5, "own")]), Decision::Undecided);
    assert_eq!(decision(&[(FROM - 9, "other"), (FROM, "own")]), Decision::Verified);
}

#[test]
fn the_policy_says_what_an_older_entry_is_worth() {
    const FROM: u64 = 1_700_000_000;
    let with = |interval, entries: &[(u64, &str)]| {
        later(FROM, entries, &Policy { interval, ..Policy::default() })
    };
    let lenient = with(IntervalRule::Lenient, &[]);
    assert!(lenient.verified());
    assert!(cautions(&lenient).contains(&"entry-before-interval"));
    assert!(!with(IntervalRule::Lenient, &[(FROM, "other")]).verified());
    assert_eq!(failed(&with(IntervalRule::Strict, &[(FROM, "own")])), [Check::NonRevocation]);
}

#[test]
fn the_verifier_may_assert_which_entry_was_in_force() {
    const FROM: u64 = 1_700_000_000;
    let asserted = |time: u64| {
        verdict_on(|case| {
            case.presentation_request["non_revoked"] = json!({"from": FROM, "to": FROM});
            let predicate = at(&mut case.presentation_request, "/requested_predicates/adult");
            predicate["non_revoked"] = json!({"from": FROM, "to": FROM});
            let by_from = [(FROM.to_string(), time)].into();
            case.nonrevoked_interval_override = [(REGISTRY.to_owned(), by_from)].into();
        })
    };
    assert!(asserted(1_600_000_000).verified());
    assert_eq!(failed(&asserted(1_650_000_000)), [Check::NonRevocation]);
    // an entry that is older than the one given, or not yet written, says nothing
    assert_undecided(&asserted(1_599_999_999), Check::NonRevocation);
    assert_undecided(&asserted(FROM + 1), Check::NonRevocation);
}

#[test]
fn status_lists_are_entries_too() {
    let listed = |form: fn(Value) -> Value| {
        let mut case = case(REVOCABLE);
        let entry = case.rev_regs.remove(REGISTRY).unwrap()["1600000000"].clone();
        let definition = case.rev_reg_defs.get_mut(REGISTRY).unwrap();
        for member in ["ver", "id"] {
            remove(definition, "", member);
        }
        set(definition, "", "issuerId", "NcYxiDXkpYi6ov5FcYDi1e");
        let mut written = serde_json::to_value(case).unwrap();
        written["rev_status_lists"] = form(json!({
            "revRegDefId": REGISTRY, "issuerId": "NcYxiDXkpYi6ov5FcYDi1e", "revocationList": [0, 0],
            "currentAccumulator": entry["value"]["accum"], "timestamp": 1_600_000_000,
        }));
        let library = Accepts::proof_of(&super::cases::case(REVOCABLE));
        failed(&library_verdict(&super::cases::case(&written.to_string()), &library))
    };
    assert_eq!(listed(|list| json!([list])), []);
    assert_eq!(listed(|list| json!({REGISTRY: [list]})), []);
    assert_eq!(listed(|list| json!({REGISTRY: list})), []);
    assert_eq!(listed(|list| json!({REGISTRY: {"1600000000": list}})), []);
    for (member, other) in [
        ("revRegDefId", json!("another")),
        ("issuerId", json!("Th7MpTaRZVRYnPiabds81Y")),
        ("revRegDefId", json!(5)),
        ("issuerId", json!(5)),
        ("timestamp", json!(1_600_000_001)),
        ("currentAccumulator", json!("1 1 1 0 1 1 1 0 1 1 1 0")),
    ] {
        let altered = |mut list: Value, other: &Value| {
            list[member] = other.clone();
            json!({REGISTRY: {"1600000000": list}})
        };
        let mut case = case(REVOCABLE);
        let entry = case.rev_regs.remove(REGISTRY).unwrap()["1600000000"].clone();
        let list = json!({
            "revRegDefId": REGISTRY, "issuerId": "NcYxiDXkpYi6ov5FcYDi1e", "revocationList": [0, 0],
            "currentAccumulator": entry["value"]["accum"], "timestamp": 1_600_000_000,
        });
        let mut written = serde_json::to_value(case).unwrap();
        written["rev_status_lists"] = altered(list, &other);
        let library = Accepts::proof_of(&super::cases::case(REVOCABLE));
        let verdict = library_verdict(&super::cases::case(&written.to_string()), &library);
        assert_eq!(failed(&verdict), [Check::NonRevocation], "{member}");
    }
}

#[test]
fn what_a_case_shows_comes_before_what_it_asserts() {
    const FROM: u64 = 1_700_000_000;
    let verdict = verdict_on(|case| {
        case.presentation_request["non_revoked"] = json!({"from": FROM, "to": FROM});
        let predicate = at(&mut case.presentation_request, "/requested_predicates/adult");
        predicate["non_revoked"] = json!({"from": FROM, "to": FROM});
        let by_from = [(FROM.to_string(), 1_600_000_000)].into();
        case.nonrevoked_interval_override = [(REGISTRY.to_owned(), by_from)].into();
        let entries = case.rev_regs.get_mut(REGISTRY).unwrap();
        let mut newer = entries["1600000000"].clone();
        newer["value"]["accum"] = other_point();
        entries.insert((FROM - 1).to_string(), newer);
    });
    assert_eq!(failed(&verdict), [Check::NonRevocation]);
}

/// Another point of the second group: one of the proof's own.
fn other_point() -> Value {
    case(REVOCABLE).presentation["proof"]["proofs"][0]["non_revoc_proof"]["c_list"]["w"].clone()
}

#[test]
fn an_interval_does_not_end_before_it_begins() {
    let backwards = failures_of(|case| {
        case.presentation_request["non_revoked"] = json!({"from": 2, "to": 1});
    });
    assert_eq!(backwards, [Check::RequestShape]);
}

#[test]
fn a_revocable_credential_that_is_not_asked_about_is_said() {
    let verdict = verdict_on(|case| {
        remove(&mut case.presentation_request, "", "non_revoked");
        remove(&mut case.presentation_request, "/requested_predicates/adult", "non_revoked");
        // not a proof that anyone made: the check alone is looked at
        set(&mut case.presentation, "/proof/proofs/0", "non_revoc_proof", Value::Null);
        set(&mut case.presentation, "/identifiers/0", "timestamp", Value::Null);
    });
    assert_eq!(verdict.outcome(Check::NonRevocation), Outcome::Passed);
    assert!(cautions(&verdict).contains(&"revocation-not-asked"));
}

#[test]
fn the_registry_is_known_only_by_a_proof() {
    let restricted = |case: &mut Case| {
        set(
            &mut case.presentation_request,
            "/requested_attributes/name",
            "restrictions",
            json!({"rev_reg_id": REGISTRY}),
        );
    };
    assert_eq!(failures_of(restricted), []);
    let unproved = failures_of(|case| {
        restricted(case);
        set(&mut case.presentation, "/proof/proofs/0", "non_revoc_proof", Value::Null);
    });
    assert_eq!(unproved, [Check::ChallengeBinding, Check::Restrictions, Check::NonRevocation]);
}

#[test]
fn the_challenge_covers_the_points_of_the_non_revocation_proof() {
    let list = "/proof/proofs/0/non_revoc_proof/c_list";
    let exchanged = failures_of(|case| {
        let e = case.presentation.pointer(&format!("{list}/e")).unwrap().clone();
        set(&mut case.presentation, list, "d", e);
    });
    assert_eq!(exchanged, [Check::ChallengeBinding]);
    for no_point in ["", "1", "1 0 1 0 1 0", "1 XY 1 1 1 1", "1 1 1 1 1 1 1 1"] {
        let failures = failures_of(|case| set(&mut case.presentation, list, "g", no_point));
        assert_eq!(failures, [Check::ChallengeBinding], "{no_point:?}");
    }
}

#[test]
fn responses_of_a_non_revocation_proof_are_below_the_order() {
    let c = "/proof/proofs/0/non_revoc_proof/x_list/c";
    let order = "2523648240000001BA344D8000000007FF9F800000000010A10000000000000D";
    for wrong in [order, "1", "", "-1"] {
        assert_eq!(
            failures_of(|case| *at(&mut case.presentation, c) = wrong.into()),
            [Check::NumberForm]
        );
    }
    let below = order.replace("0D", "0C");
    // Another number, of the right form.
    assert_eq!(
        failures_of(|case| *at(&mut case.presentation, c) = below.into()),
        [Check::MathematicsLibrary]
    );
}

#[test]
fn what_cl_cannot_compute_is_undecided_and_not_rejected() {
    let verdict = verdict(&case(REVOCABLE));
    assert_undecided(&verdict, Check::MathematicsCl);
    assert!(verdict.reason().unwrap().contains("let the policy ask both engines"));

    // with another engine it does not count
    let library = Accepts::proof_of(&case(REVOCABLE));
    let engines = EngineSet { library: Some(&library), cl: Some(&*CL) };
    let verdict = explain(&case(REVOCABLE), &Policy::default(), engines, None);
    assert!(verdict.verified());
    assert_eq!(verdict.outcome(Check::MathematicsCl), Outcome::NotReached);
}
