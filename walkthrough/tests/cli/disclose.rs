//! What a verifier would learn, before it learns it.

use std::fs;

use serde_json::{Value, json};

use crate::scene::{Outcome, Scene};

/// A request for the name, and a proof that the age is at least this.
fn request(least: i32) -> Value {
    json!({
        "nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": least}},
    })
}

fn disclose(scene: &Scene, request: &Value, arguments: &[&str]) -> Outcome {
    fs::write(scene.path("request.json"), request.to_string()).unwrap();
    scene.run_at_home(&[&["disclose", "request.json"], arguments].concat())
}

#[test]
fn a_preview_says_what_is_shown_proved_and_hidden_and_where_it_comes_from() {
    let scene = Scene::after_step(2);
    let text = disclose(&scene, &request(18), &[]).succeeded().stdout;
    for words in [
        "schema gvt 1.0, issued by ",
        "  shows    name = \"Alex\" (who)\n",
        "  proves   age >= 18 (adult)\n",
        "  hides    age, height, sex\n",
        "  reveals  credential definition ",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    assert!(!text.contains("28") || !text.contains("175"), "{text}");
}

#[test]
fn for_a_program_the_preview_is_one_object() {
    let scene = Scene::after_step(2);
    let lines = disclose(&scene, &request(18), &["--json"])
        .succeeded()
        .lines();
    let [preview] = &lines[..] else {
        panic!("{lines:?}")
    };
    let credential = &preview["credentials"][0];
    assert_eq!(credential["referents"], json!(["adult", "who"]));
    assert_eq!(credential["revealed"][0]["raw"], "Alex");
    assert_eq!(credential["proved"][0]["p_value"], 18);
    assert_eq!(credential["hidden"], json!(["age", "height", "sex"]));
    assert_eq!(preview["unanswered"], json!([]));
}

#[test]
fn what_cannot_be_answered_is_told_with_the_reason() {
    let scene = Scene::after_step(2);
    let outcome = disclose(&scene, &request(30), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    assert!(
        outcome.stdout.contains("Not answered:\n  adult: "),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("is 28, too small by 2 to be >= 30"),
        "{}",
        outcome.stdout
    );

    let outcome = disclose(&scene, &request(30), &["--json"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.last_line()["unanswered"][0]["referent"], "adult");

    let outcome = disclose(&scene, &request(30), &["--quiet"]);
    assert_eq!(
        (outcome.code, outcome.stdout + &outcome.stderr),
        (Some(1), String::new())
    );
}

#[test]
fn nothing_is_changed_by_a_preview() {
    let scene = Scene::after_step(3);
    let before = scene.finished_steps();
    disclose(&scene, &request(18), &["--quiet"]).succeeded();
    assert_eq!(scene.finished_steps(), before);
    scene.run_at_home(&["--quiet"]).succeeded();
}

#[test]
fn what_is_missing_is_named() {
    let scene = Scene::new();
    let outcome = scene.run_at_home(&["disclose", "request.json"]);
    outcome.failed(2, &["there is no ", "begin there with step 2"]);
    scene
        .run(&["disclose", "request.json"])
        .failed(2, &["--home DIR"]);

    let scene = Scene::after_step(2);
    let outcome = scene.run_at_home(&["disclose", "missing.json"]);
    let said = "cannot read missing.json; name a file with a proof request in JSON";
    outcome.failed(2, &[said]);
    let outcome = disclose(&scene, &json!({}), &[]);
    outcome.failed(2, &["cannot use request.json: /nonce: expected"]);
}

#[test]
fn a_request_comes_from_standard_input_too() {
    let scene = Scene::after_step(2);
    let mut program = scene.program();
    program.arg("--home").arg(scene.home());
    program.args(["disclose", "-"]);
    let outcome = Outcome::with_input(program, &request(18).to_string()).succeeded();
    assert!(
        outcome.stdout.contains("shows    name"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn what_a_request_says_cannot_steer_the_terminal() {
    let scene = Scene::after_step(2);
    let mut request = request(18);
    request["requested_attributes"] = json!({"\u{1b}[2J": {"name": "na\u{9b}me"}});
    let outcome = disclose(&scene, &request, &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        !outcome.stdout.contains(['\u{1b}', '\u{9b}']),
        "{}",
        outcome.stdout
    );
}
