//! Scenarios of one's own: examined, previewed, played, and their bounds.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::lab::{Lab, program};

/// Returns a scenario with something in a file changed.
fn changed(files: &Value, path: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut files = files.clone();
    let mut value: Value = serde_json::from_str(files[path].as_str().unwrap()).unwrap();
    change(&mut value);
    files[path] = json!(value.to_string());
    files
}

const REQUEST: &str = "requests/proof_req_1.json";
const BOUND: &str = "/proof_request/requested_predicates/predicate1_referent/p_value";

/// Returns the templates' request with another bound on the age.
fn at_least(files: &Value, bound: u32) -> Value {
    changed(files, REQUEST, |request| *request.pointer_mut(BOUND).unwrap() = json!(bound))
}

/// Returns a value that an action of a recorded run shows.
fn shown<'r>(recorded: &'r Value, action: u64, name: &str) -> &'r Value {
    let actions = recorded["actions"].as_array().unwrap();
    let action = actions.iter().find(|line| line["action"] == action);
    &action.expect("the action")["value"][name]
}

#[test]
fn a_scenario_is_examined_previewed_and_played() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let files = lab.template(&session, "gvt");

    let lint = lab.work(&session, "lint", &files).json();
    assert_eq!(lint["code"], 0, "{lint}");
    assert_eq!(lint["command"], "negotiate-proof scenario lint scenario");
    let wrong = changed(&files, REQUEST, |request| request["holder"] = json!("eve"));
    let lint = lab.work(&session, "lint", &wrong).json();
    assert_eq!(lint["code"], 1);
    let findings = lint["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["pointer"] == "/holder"), "{lint}");

    let preview = lab.work(&session, "preview", &files).json();
    let learned = &preview["previews"][0]["disclosure"]["credentials"][0];
    assert_eq!(learned["revealed"][0]["raw"], "Alex", "{preview}");

    let run = lab.work(&session, "run", &files).json();
    assert_eq!(run["outcomes"][0]["verdict"], "verified", "{run}");
    assert_eq!(run["outcomes"][0]["home"], Value::Null, "a path of the server's is not told");
    let recorded = lab.recorded(&session, &run["run"], 0);
    let numbers: Vec<String> = recorded["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].to_string())
        .collect();
    assert_eq!(numbers.len(), 25, "{numbers:?}");
    assert_eq!(shown(&recorded, 20, "Proof"), "$presentation");
    let secret = "left out: a secret of the holder";
    assert_eq!(shown(&recorded, 16, "Credential")["signature"], secret);
    assert!(!recorded.to_string().contains("p_credential"), "the signature is nowhere");
    // the rest of the page is that of the tutorial's run
    let page = lab.get(&format!("run/{session}/{}/0/", run["run"]));
    assert!(page.status == 200 && page.body.contains("served/scenario.js"));

    // the case of the page is one that the program verifies
    let case = tempfile::NamedTempFile::new().unwrap();
    fs::write(case.path(), recorded["alex"].to_string()).unwrap();
    let mut verify = std::process::Command::new(program());
    assert!(verify.args(["verify", "--quiet"]).arg(case.path()).status().unwrap().success());
}

#[test]
fn a_changed_request_is_answered_from_action_18_on() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let files = lab.template(&session, "gvt");
    let run = |what: &str, files: &Value| {
        let run = lab.work(&session, what, files).json();
        (run["outcomes"][0].clone(), lab.recorded(&session, &run["run"], 0))
    };
    let (_, first) = run("run", &files);
    let (outcome, second) = run("run", &at_least(&files, 21));
    assert_eq!(outcome["learned"][1], "the age is at least 21");
    let key = |recorded: &Value| shown(recorded, 11, "Credential definition").clone();
    let offer = |recorded: &Value| shown(recorded, 14, "Credential Offer")["nonce"].clone();
    assert!(
        key(&first) == key(&second) && offer(&first) == offer(&second),
        "nothing is issued again"
    );
    assert_ne!(first["alex"]["presentation"], second["alex"]["presentation"]);

    // a request without an answer has its page too, without a presentation
    let (outcome, third) = run("run", &at_least(&files, 30));
    assert_eq!(outcome["verdict"], "unanswered");
    let last: Vec<&Value> = third["actions"].as_array().unwrap().iter().rev().take(4).collect();
    assert_eq!(last[3]["action"], 19);
    assert_eq!(third["alex"]["presentation"], Value::Null);

    let (_, anew) = run("run-anew", &files);
    assert_ne!(key(&first), key(&anew));
}

#[test]
fn a_request_that_is_added_begins_a_new_run() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let files = lab.template(&session, "gvt");
    lab.work(&session, "run", &files).json();
    let mut two = files.clone();
    two["requests/second.json"] = at_least(&files, 25)[REQUEST].clone();
    let run = lab.work(&session, "run", &two).json();
    assert_eq!(run["requests"], json!(["proof_req_1", "second"]));
    for (index, bound) in [(0, 18), (1, 25)] {
        let recorded = lab.recorded(&session, &run["run"], index);
        let request = shown(&recorded, 18, "Proof Request");
        assert_eq!(request, "$presentation_request");
        let pointer = "/alex/presentation_request/requested_predicates/predicate1_referent/p_value";
        assert_eq!(recorded.pointer(pointer), Some(&json!(bound)));
    }
}

#[test]
fn files_cannot_lead_out_of_their_directory() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let files = lab.template(&session, "licence");
    for path in ["../x.json", "/etc/x", "issuers/../../x", "a/b/c.json", ".hidden"] {
        let mut files = files.clone();
        files[path] = json!("{}");
        let answer = lab.work(&session, "lint", &files);
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
        assert!(answer.body.contains("cannot be the name of a file here"), "{answer:?}");
    }
    let other = changed(&files, "credentials/licence.json", |credential| {
        credential["values"]["photo"]["file"] = json!("/etc/hostname");
    });
    let answer = lab.work(&session, "run", &other);
    assert!(
        answer.status == 400 && answer.body.contains("which is not here; add it"),
        "{answer:?}"
    );
    assert_eq!(lab.work(&session, "lint", &files).json()["code"], 0);
}

#[test]
fn a_byte_order_mark_hides_no_reference() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let mut files = lab.template(&session, "licence");
    let marked = |files: &Value| {
        let mut files = files.clone();
        let text = files["credentials/licence.json"].as_str().unwrap();
        files["credentials/licence.json"] = json!(format!("\u{feff}{text}"));
        files
    };
    // the program reads it, and so does the lab
    assert_eq!(lab.work(&session, "lint", &marked(&files)).json()["code"], 0);
    files = changed(&files, "credentials/licence.json", |credential| {
        credential["values"]["photo"]["file"] = json!("/etc/hostname");
    });
    for what in ["lint", "preview", "run", "run-anew"] {
        let answer = lab.work(&session, what, &marked(&files));
        assert!(answer.status == 400 && answer.body.contains("add it"), "{what}: {answer:?}");
    }
}

#[test]
fn what_is_not_json_is_examined_and_not_played() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let mut files = lab.template(&session, "gvt");
    files["credentials/alex.json"] = json!("{\"values\": {\"a\": {\"file\": \"/etc/hostname\"}}");
    let lint = lab.work(&session, "lint", &files).json();
    let findings = lint["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["lint"] == "not-json"), "{lint}");
    for what in ["preview", "run"] {
        let answer = lab.work(&session, what, &files);
        let is_named = answer.body.contains("credentials/alex.json is not JSON");
        assert!(answer.status == 400 && is_named, "{what}: {answer:?}");
    }
    // the program refuses a member that occurs twice
    files["credentials/alex.json"] = json!("{\"values\": {}, \"values\": {}}");
    let lint = lab.work(&session, "lint", &files).json();
    let findings = lint["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["lint"] == "not-json"), "{lint}");
    files["issuers"] = json!("{}");
    let answer = lab.work(&session, "lint", &files);
    assert!(answer.status == 400 && answer.body.contains("a directory"), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn without_a_directory_for_sessions_the_lab_says_what_to_do() {
    let mut lab = std::process::Command::new(env!("CARGO_BIN_EXE_negotiate-proof-lab"));
    let ended = lab.env("TMPDIR", "/nonexistent").output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(said.contains("in /nonexistent; set TMPDIR to one that can be written: "), "{said}");
}

#[test]
fn what_is_too_large_or_no_scenario_is_refused() {
    let lab = Lab::start(&[]);
    let session = lab.begin();
    let large = json!({"photo.png": "x".repeat(7 << 20)});
    assert_eq!(lab.work(&session, "lint", &large).status, 413);
    let many: serde_json::Map<String, Value> =
        (0..201).map(|index| (format!("f{index}.json"), json!("{}"))).collect();
    assert_eq!(lab.work(&session, "lint", &many.into()).status, 400);
    assert_eq!(lab.post(&format!("sessions/{session}/lint"), &json!([])).status, 400);
    assert_eq!(lab.work(&session, "lint", &json!({"a.png": {"base64": "?"}})).status, 400);
    let nothing = lab.work(&session, "run", &json!({}));
    assert!(nothing.status == 422 && nothing.body.contains("cannot play"), "{nothing:?}");
    assert!(!nothing.body.contains("session-"), "the place is not told: {nothing:?}");
    assert_eq!(lab.post(&format!("sessions/{session}/template/x"), &json!({})).status, 404);
}

#[test]
fn beyond_the_limit_of_sessions_there_is_a_clear_answer() {
    let lab = Lab::start(&["--sessions", "1"]);
    let first = lab.begin();
    let refused = lab.post("sessions", &json!({}));
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("the limit of 1 sessions is reached"), "{refused:?}");
    assert_eq!(lab.delete(&format!("sessions/{first}")).status, 200);
    lab.begin();
}

#[test]
fn a_session_leaves_nothing_behind() {
    let mut lab = Lab::start(&[]);
    let files = |directory: &Path| fs::read_dir(directory).unwrap().count();
    let all = lab.temporary().pop().unwrap();
    let session = lab.begin();
    let template = lab.template(&session, "gvt");
    lab.work(&session, "run", &template).json();
    assert_eq!(files(&all), 1);
    lab.delete(&format!("sessions/{session}"));
    assert_eq!(files(&all), 0);
    lab.begin();
    lab.interrupt();
    assert_eq!(lab.wait(), Some(0));
    assert_eq!(lab.temporary(), Vec::<PathBuf>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_the_server_and_its_children_at_once() {
    let mut lab = Lab::start(&[]);
    let session = lab.begin();
    let files = lab.template(&session, "passport-or-licence");
    let (children, start) = thread::scope(|scope| {
        let (of, session) = (&lab, &session);
        // it is cut off
        let run = move || of.work(session, "run", &files);
        let waiting = scope.spawn(move || panic::catch_unwind(AssertUnwindSafe(run)).is_err());
        let children = loop {
            let children = lab.children();
            if !children.is_empty() || waiting.is_finished() {
                break children;
            }
            thread::yield_now();
        };
        assert!(!children.is_empty(), "the run has ended before it was seen");
        let start = Instant::now();
        lab.interrupt();
        assert!(waiting.join().unwrap(), "the run was answered");
        (children, start)
    });
    assert_eq!(lab.wait(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    for child in children {
        assert!(!Path::new(&format!("/proc/{child}")).exists(), "{child} still runs");
    }
    assert_eq!(lab.temporary(), Vec::<PathBuf>::new());
}

#[test]
fn without_the_program_beside_it_the_lab_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("negotiate-proof-lab");
    fs::copy(env!("CARGO_BIN_EXE_negotiate-proof-lab"), &copy).unwrap();
    let lab = Lab::start_program(&copy, &[]);
    assert_eq!(lab.get("").status, 200);
    assert_eq!(lab.get("api/lab").json()["program"], false);
    let refused = lab.post("sessions", &json!({}));
    assert!(refused.status == 503 && refused.body.contains("cargo build --release"), "{refused:?}");
}
