//! Previews of what a verifier would learn.

use std::fs;

use serde_json::{Value, json};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

/// Returns a request for the name, and a proof that the age is at least this.
fn request(least: i32) -> Value {
    json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": least}},
    })
}

fn disclose(walkthrough: &Walkthrough, request: &Value, arguments: &[&str]) -> Finished {
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    walkthrough.run_at_home(&[&["disclose", "request.json"], arguments].concat())
}

#[test]
fn a_preview_names_what_is_shown_proved_and_hidden() {
    let walkthrough = Walkthrough::after_step(2);
    let text = disclose(&walkthrough, &request(18), &[]).succeeded().stdout;
    for words in [
        "schema gvt 1.0, issued by ",
        "  shows    name = \"Alex\" (who)\n",
        "  proves   age >= 18 (adult)\n",
        "  hides    age, height, sex\n",
        "  reveals  credential definition ",
        "Candidates:\n  who: 1 of 1 credential\n  adult: 1 of 1 credential\n",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    assert!(!text.contains("28") || !text.contains("175"), "{text}");
}

#[test]
fn a_preview_in_json_is_one_object() {
    let walkthrough = Walkthrough::after_step(2);
    let lines = disclose(&walkthrough, &request(18), &["--json"]).succeeded().lines();
    let [preview] = &lines[..] else { panic!("{lines:?}") };
    let credential = &preview["credentials"][0];
    assert_eq!(credential["referents"], json!(["adult", "who"]));
    assert_eq!(credential["revealed"][0]["raw"], "Alex");
    assert_eq!(credential["proved"][0]["p_value"], 18);
    assert_eq!(credential["hidden"], json!(["age", "height", "sex"]));
    assert_eq!(preview["unanswered"], json!([]));
}

#[test]
fn a_preview_speaks_of_intervals_and_of_who_was_excluded() {
    let walkthrough = Walkthrough::after_step(2);
    let mut request = request(30);
    request["requested_attributes"]["who"]["non_revoked"] = json!({"from": 10, "to": 20});
    let text = disclose(&walkthrough, &request, &[]).stdout;
    for words in [
        "  asked    that it was not revoked at some time from 1970-01-01T00:00:10Z to 1970-01-01T00:00:20Z (who); \
         it cannot be revoked, and shows nothing about that\n",
        "  adult: 0 of 1 credential; 1 is excluded\n",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    let preview = disclose(&walkthrough, &request, &["--json"]).last_line();
    let interval = json!([{"referents": ["who"], "from": 10, "to": 20}]);
    assert_eq!(preview["credentials"][0]["intervals"], interval);
    assert_eq!(
        preview["considered"][0],
        json!({"referent": "who", "candidates": 1, "more": false, "credentials": 1})
    );
}

#[test]
fn an_unanswerable_referent_is_shown_with_the_reason() {
    let walkthrough = Walkthrough::after_step(2);
    let outcome = disclose(&walkthrough, &request(30), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    assert!(outcome.stdout.contains("Not answered:\n  adult: "), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("is 28, too small by 2 to be >= 30"), "{}", outcome.stdout);

    let outcome = disclose(&walkthrough, &request(30), &["--json"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.last_line()["unanswered"][0]["referent"], "adult");

    let outcome = disclose(&walkthrough, &request(30), &["--quiet"]);
    assert_eq!((outcome.code, outcome.stdout + &outcome.stderr), (Some(1), String::new()));
}

#[test]
fn a_preview_changes_nothing() {
    let walkthrough = Walkthrough::after_step(3);
    let before = walkthrough.finished_steps();
    disclose(&walkthrough, &request(18), &["--quiet"]).succeeded();
    assert_eq!(walkthrough.finished_steps(), before);
    walkthrough.run_at_home(&["--quiet"]).succeeded();
}

#[test]
fn a_missing_home_or_request_is_named() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run_at_home(&["disclose", "request.json"]);
    outcome.failed(2, &["there is no home ", "make it with step 2"]);
    walkthrough.run(&["disclose", "request.json"]).failed(2, &["--home <DIR>"]);

    let walkthrough = Walkthrough::after_step(2);
    let outcome = walkthrough.run_at_home(&["disclose", "missing.json"]);
    let said = "cannot read missing.json; name a file with a proof request in JSON";
    outcome.failed(2, &[said]);
    let outcome = disclose(&walkthrough, &json!({}), &[]);
    outcome.failed(2, &["cannot use request.json: /nonce: expected"]);
}

#[test]
fn a_request_is_read_from_standard_input() {
    let walkthrough = Walkthrough::after_step(2);
    let mut program = walkthrough.program_with(&["disclose", "-", "--home"]);
    program.arg(walkthrough.home());
    let outcome = Finished::with_input(program, &request(18).to_string()).succeeded();
    assert!(outcome.stdout.contains("shows    name"), "{}", outcome.stdout);
}

#[test]
fn a_request_cannot_steer_the_terminal() {
    let walkthrough = Walkthrough::after_step(2);
    let mut request = request(18);
    request["requested_attributes"] = json!({"\u{1b}[2J": {"name": "na\u{9b}me"}});
    let outcome = disclose(&walkthrough, &request, &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{9b}']), "{}", outcome.stdout);
}
