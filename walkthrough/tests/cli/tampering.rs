//! Hand-overs that were changed on the way to the verifier.

use serde_json::{Value, json};

use crate::walkthrough::{Walkthrough, actions};

const EQ_PROOF: &str = "/data/presentation/proof/proofs/0/primary_proof/eq_proof";
const REVEALED: &str = "/data/presentation/requested_proof/revealed_attrs";

fn at<'v>(value: &'v mut Value, base: &str, path: &str) -> &'v mut Value {
    value.pointer_mut(&format!("{base}{path}")).expect(path)
}

/// Changes a hand-over, verifies, and asserts that the verdict is "rejected", with a reason, in
/// every format, and that it is saved.
#[track_caller]
fn is_rejected(step: u8, change: impl FnOnce(&mut Value)) {
    let walkthrough = Walkthrough::after_step(4);
    walkthrough.change_state(step, change);

    let outcome = walkthrough.run_at_home(&["step", "5", "--json"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_eq!(outcome.stderr, "");
    assert_eq!(actions(&outcome), ["21", "22", "23", "24"]);
    assert_eq!(outcome.lines()[0]["value"]["Verified"], false);
    let verdict = outcome.last_line();
    assert_eq!(verdict["verdict"], "rejected");
    let reason = verdict["reason"].as_str().unwrap();
    assert!(!reason.is_empty());

    let saved = &walkthrough.state(5)["data"];
    assert_eq!((&saved["verdict"], &saved["reason"]), (&json!("rejected"), &json!(reason)));
    let printed = &outcome.lines()[0]["value"]["Verdict"];
    assert_eq!(saved["checks"], printed["checks"]);
    let again = walkthrough.run_at_home(&[]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stdout.contains(&format!("Rejected: {reason}")), "{}", again.stdout);

    let quiet = walkthrough.run_at_home(&["step", "5", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(1), ""));
}

#[test]
fn an_encoded_value_that_was_not_proved_is_rejected() {
    is_rejected(4, |state| *at(state, REVEALED, "/attr1_referent/encoded") = json!("28"));
}

#[test]
fn a_raw_value_that_was_not_signed_is_rejected() {
    is_rejected(4, |state| *at(state, REVEALED, "/attr1_referent/raw") = json!("Alice"));
}

#[test]
fn a_person_sees_which_check_failed_and_why() {
    let walkthrough = Walkthrough::after_step(4);
    walkthrough
        .change_state(4, |state| *at(state, REVEALED, "/attr1_referent/raw") = json!("Alice"));
    let printed = walkthrough.run_at_home(&["step", "5"]).stdout;
    assert!(printed.contains(" 7 ✗ encoding "), "{printed}");
    assert!(printed.contains("20 ✓ mathematics/cl "), "{printed}");
    assert!(printed.contains("Verified: false"), "{printed}");
    assert!(
        printed.contains("Rejected: the check encoding failed: attr1_referent: expected "),
        "{printed}"
    );
}

#[test]
fn a_false_predicate_is_refused_before_a_proof_is_made() {
    let walkthrough = Walkthrough::after_step(3);
    walkthrough.change_state(3, |state| {
        *at(state, "/data/proof_request/requested_predicates", "/predicate1_referent/p_value") =
            json!(30);
    });
    walkthrough.run_at_home(&["step", "4"]).failed(
        2,
        &[
            "in action 20",
            "no proof was made: \"predicate1_referent\" wants \"age\" >= 30, and it is 28",
            "choose another credential, or do not answer",
        ],
    );
    assert!(!walkthrough.state_path(4).exists());
}

#[test]
fn an_encoded_value_changed_in_both_places_is_rejected() {
    is_rejected(4, |state| {
        *at(state, REVEALED, "/attr1_referent/encoded") = json!("28");
        *at(state, EQ_PROOF, "/revealed_attrs/name") = json!("28");
    });
}

#[test]
fn a_proof_for_another_nonce_is_rejected() {
    is_rejected(3, |state| *at(state, "/data/proof_request", "/nonce") = json!("123432421213"));
}

#[test]
fn a_proof_for_a_weaker_bound_is_rejected() {
    is_rejected(3, |state| {
        *at(state, "/data/proof_request/requested_predicates", "/predicate1_referent/p_value") =
            json!(21);
    });
}

#[test]
fn a_proof_with_two_numbers_swapped_is_rejected() {
    is_rejected(4, |state| {
        let age = at(state, EQ_PROOF, "/m/age").take();
        let height = std::mem::replace(at(state, EQ_PROOF, "/m/height"), age);
        *at(state, EQ_PROOF, "/m/age") = height;
    });
}

#[test]
fn a_proof_with_one_digit_changed_is_rejected() {
    is_rejected(4, |state| {
        let number = at(state, EQ_PROOF, "/a_prime");
        let mut digits = number.as_str().unwrap().to_owned();
        let last = digits.pop().unwrap();
        digits.push(if last == '7' { '8' } else { '7' });
        *number = json!(digits);
    });
}

#[test]
fn a_presentation_without_the_answer_is_rejected() {
    is_rejected(4, |state| *at(state, REVEALED, "") = json!({}));
}

#[test]
fn a_home_with_a_rejected_proof_can_be_repaired() {
    let walkthrough = Walkthrough::after_step(4);
    walkthrough.change_state(4, |state| *at(state, EQ_PROOF, "/e") = json!("1"));
    assert_eq!(walkthrough.run_at_home(&["step", "5", "--quiet"]).code, Some(1));
    walkthrough.run_at_home(&["step", "4", "--quiet"]).succeeded();
    let outcome = walkthrough.run_at_home(&["step", "5", "--json"]).succeeded();
    assert_eq!(outcome.last_line()["verdict"], "verified");
}

const BOUND: &str = "/requested_predicates/predicate1_referent/p_value";

#[test]
fn a_step_that_failed_leaves_no_verdict_to_report() {
    let walkthrough = Walkthrough::after_step(5);
    walkthrough.change_state(3, |state| *at(state, "/data/proof_request", BOUND) = json!(30));
    let failed = walkthrough.run_at_home(&["step", "4"]).failed(2, &["it is 28", "go on with"]);
    assert_eq!(walkthrough.finished_steps(), [2, 3]);
    // the advice that the failure gave
    let again = walkthrough.run_at_home(&[]).failed(2, &["it is 28"]);
    assert!(!again.stdout.contains("Verified"), "{}", again.stdout);
    assert_eq!(failed.stderr, again.stderr);
}

#[test]
fn a_verdict_is_not_reported_for_what_has_changed_since() {
    for (step, change) in [(3, "123432421213"), (4, "Alice")] {
        let walkthrough = Walkthrough::after_step(5);
        walkthrough.change_state(step, |state| match step {
            3 => *at(state, "/data/proof_request", "/nonce") = json!(change),
            _ => *at(state, REVEALED, "/attr1_referent/raw") = json!(change),
        });
        let outcome = walkthrough.run_at_home(&["--json"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert_eq!(actions(&outcome), ["21", "22", "23", "24"]);
        assert_eq!(outcome.last_line()["verdict"], "rejected");
        assert!(
            outcome.stderr.contains("The home has changed since the stored verdict"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_verdict_is_computed_again_when_the_ledger_has_changed() {
    let walkthrough = Walkthrough::after_step(5);
    let path = walkthrough.home_file("pool/pool/config.json");
    let mut config = std::fs::read_to_string(&path).unwrap();
    config.push('\n');
    std::fs::write(&path, config).unwrap();
    // a remark on standard error says why step 5 runs again
    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(actions(&outcome), ["21", "22", "23", "24"]);
}

#[test]
fn a_home_of_the_version_before_is_continued_and_its_verdict_computed_again() {
    let walkthrough = Walkthrough::after_step(5);
    for step in 2..=5 {
        walkthrough.change_state(step, |state| {
            state["format"] = json!(1);
            state.as_object_mut().unwrap().remove("computed_from");
        });
    }
    // a remark on standard error says why step 5 runs again
    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(actions(&outcome), ["21", "22", "23", "24"]);
    assert_eq!(outcome.last_line()["verdict"], "verified");
    let again = walkthrough.run_at_home(&["--json"]).succeeded();
    assert_eq!(again.last_line()["finished_before"], true);
}

#[test]
fn the_last_sentence_follows_from_the_presentation() {
    let walkthrough = Walkthrough::after_step(3);
    walkthrough.change_state(3, |state| *at(state, "/data/proof_request", BOUND) = json!(21));
    let outcome = walkthrough.run_at_home(&[]).succeeded();
    let sentence = "Verified: the name is Alex and the age is at least 21; of the other attributes";
    assert!(outcome.stdout.contains(sentence), "{}", outcome.stdout);
}

#[test]
fn a_verdict_that_was_edited_or_whose_ledger_is_gone_is_not_reported() {
    let walkthrough = Walkthrough::after_step(5);
    walkthrough.change_state(5, |state| state["data"]["learned"] = json!(["the name is Mallory"]));
    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(actions(&outcome), ["21", "22", "23", "24"]);
    assert_eq!(outcome.last_line()["learned"][0], "the name is Alex");

    std::fs::remove_dir_all(walkthrough.home_file("pool/pool")).unwrap();
    let outcome = walkthrough.run_at_home(&[]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("the ledger of"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("go on with"), "{}", outcome.stderr);
    assert!(!outcome.stdout.contains("Verified"), "{}", outcome.stdout);
}
