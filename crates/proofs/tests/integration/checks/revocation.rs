//! `non-revocation`, and the other checks on a case with a non-revocation proof.

use proofs::{Case, Check, Verdict};
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
    assert_eq!(
        failures_of(interval(json!(1_600_000_001), json!(1_700_000_000))),
        [Check::NonRevocation]
    );
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
    assert_verified(&altered(ONE, |case| {
        case.presentation_request["non_revoked"] = json!({"to": 1_700_000_000});
    }));
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
    assert_eq!(failures_of(|case| case.rev_reg_defs.clear()), [Check::NonRevocation]);
    assert_eq!(failures_of(|case| case.rev_regs.clear()), [Check::NonRevocation]);
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
fn cl_refuses_non_revocation_proofs_and_says_what_to_do() {
    let verdict = verdict(&case(REVOCABLE));
    assert_eq!(failed(&verdict), [Check::MathematicsCl]);
    assert!(
        said(&verdict, Check::MathematicsCl).contains("by the policy that asks `indy-credx` alone")
    );
}
