//! Crashes and interruptions: a home can be continued after any of them.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use test_support::program::{Running, interrupt, send_signal};

use crate::walkthrough::{ACTIONS, Walkthrough, action_number, actions, read_up_to};

fn at_home(walkthrough: &Walkthrough) -> Command {
    let mut program = walkthrough.program();
    program.arg("--json").arg("--home").arg(walkthrough.home());
    program
}

/// Runs at home, and kills the process when it has printed this action.
fn kill_after(walkthrough: &Walkthrough, action: &str) {
    let mut running = Running::start(at_home(walkthrough));
    read_up_to(&mut running, action);
    running.child.kill().unwrap();
    let status = running.child.wait().unwrap();
    // near the end of the walkthrough the process may end by itself first
    assert!(status.signal() == Some(9) || status.success(), "{status}");
}

/// Runs at home, and kills the process between this action and the next.
fn kill_between(walkthrough: &Walkthrough, action: &str) {
    let mut program = at_home(walkthrough);
    program.arg("--pause");
    let mut running = Running::start_with_open_input(program);
    for (number, _) in ACTIONS {
        read_up_to(&mut running, number);
        if number == action {
            break;
        }
        running.press_enter();
    }
    running.child.kill().unwrap();
    assert_eq!(running.child.wait().unwrap().signal(), Some(9));
}

const LEDGER: &str = "pool/pool/transactions.jsonl";

/// Returns the transactions that all runs together have written.
fn written(walkthrough: &Walkthrough) -> Vec<Value> {
    let text = fs::read_to_string(walkthrough.home_file(LEDGER)).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|mut line| line["transaction"]["txn"].take()).collect()
}

/// Asserts that a NYM, a SCHEMA and a CRED_DEF were written, each once.
#[track_caller]
fn each_is_written_once(walkthrough: &Walkthrough) {
    let written = written(walkthrough);
    let types: Vec<&str> = written.iter().map(|txn| txn["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["1", "101", "102"]);
    let issued = &walkthrough.state(2)["data"];
    assert_eq!(written[0]["data"]["dest"], issued["trust_anchor_did"]);
    assert_eq!(written[2]["metadata"]["from"], issued["trust_anchor_did"]);
}

/// Runs to the end, and asserts that finished steps are unchanged, and that nothing was written
/// twice.
#[track_caller]
fn continues_to_the_end(walkthrough: &Walkthrough) {
    let finished = walkthrough.finished_steps();
    let states = |walkthrough: &Walkthrough| -> BTreeMap<u8, Vec<u8>> {
        let read = |&step: &u8| (step, fs::read(walkthrough.state_path(step)).unwrap());
        finished.iter().map(read).collect()
    };
    let before = states(walkthrough);

    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.last_line()["verdict"], "verified");
    assert_eq!(states(walkthrough), before);
    let first = match finished.last() {
        None => Some("1"),
        Some(2) => Some("18"),
        Some(3) => Some("20"),
        Some(4) => Some("21"),
        Some(_) => None,
    };
    assert_eq!(actions(&outcome).first().map(String::as_str), first);
    let expected = ACTIONS.map(|(number, _)| number);
    let begin = expected.iter().position(|&number| Some(number) == first).unwrap_or(expected.len());
    assert_eq!(actions(&outcome), expected[begin..]);
    each_is_written_once(walkthrough);
    let candidates = &walkthrough.state(3)["data"]["candidates"]["attr1_referent"];
    assert_eq!(candidates.as_array().unwrap().len(), 1, "one credential was stored");
}

#[test]
fn after_a_kill_in_step_2_the_walkthrough_continues() {
    for action in ["1", "2", "3", "5", "7", "10", "11b", "13", "16", "17"] {
        let walkthrough = Walkthrough::new();
        kill_after(&walkthrough, action);
        continues_to_the_end(&walkthrough);
    }
}

#[test]
fn after_a_kill_in_a_later_step_finished_steps_are_unchanged() {
    for (finished, action) in [(2, "18"), (2, "19"), (3, "20"), (4, "21"), (4, "22"), (4, "24")] {
        let walkthrough = Walkthrough::after_step(finished);
        kill_after(&walkthrough, action);
        assert!(walkthrough.finished_steps().starts_with(&[2]));
        continues_to_the_end(&walkthrough);
    }
}

#[test]
fn a_home_survives_one_kill_after_another() {
    let walkthrough = Walkthrough::new();
    for action in ["3", "5", "7", "10", "11", "11b", "12", "13", "14", "15", "16", "16", "19"] {
        kill_after(&walkthrough, action);
    }
    continues_to_the_end(&walkthrough);
    continues_to_the_end(&walkthrough);
}

#[test]
fn a_step_2_killed_after_each_action_continues_from_its_last_transaction() {
    let walkthrough = Walkthrough::new();
    for action in ["2", "3", "5", "6", "7", "9", "10", "11", "11b", "13", "15", "16"] {
        kill_between(&walkthrough, action);
    }
    continues_to_the_end(&walkthrough);
}

#[test]
fn a_killed_step_2_says_what_it_uses_again() {
    let walkthrough = Walkthrough::after_step(2);
    let before = fs::read(walkthrough.state_path(2)).unwrap();
    // killed before the hand-over was saved
    fs::remove_file(walkthrough.state_path(2)).unwrap();
    let outcome = walkthrough.run_at_home(&["step", "2", "--json"]).succeeded();
    assert_eq!(fs::read(walkthrough.state_path(2)).unwrap(), before);
    let lines = outcome.lines();
    let shown = |action: &str, name: &str| {
        let line = lines.iter().find(|line| action_number(line).as_deref() == Some(action));
        line.unwrap()["value"][name].as_str().unwrap().to_owned()
    };
    let issued = walkthrough.state(2)["data"].clone();
    let of = |name: &str| issued[name].as_str().unwrap().to_owned();
    let (anchor, cred_def) = (of("trust_anchor_did"), of("cred_def_id"));
    assert_eq!(
        shown("5", "Note"),
        format!("the wallet issuer_wallet has the DID {anchor} already")
    );
    assert_eq!(shown("5", "Trust anchor DID"), anchor);
    assert_eq!(
        shown("7", "NYM transaction response"),
        format!("the ledger has the DID {anchor} already")
    );
    assert_eq!(
        shown("10", "Schema response"),
        format!("the ledger has the schema {} already", of("schema_id"))
    );
    assert_eq!(
        shown("11", "Note"),
        format!("the wallet issuer_wallet has the credential definition {cred_def} already")
    );
    assert_eq!(
        shown("11b", "Credential definition response"),
        format!("the ledger has the credential definition {cred_def} already")
    );
    assert_eq!(
        shown("17", "Note"),
        "the wallet prover_wallet has a credential with these values already"
    );
    each_is_written_once(&walkthrough);
}

#[test]
fn a_stored_key_that_was_not_published_is_published_and_no_new_one_made() {
    let walkthrough = Walkthrough::after_step(2);
    let before = written(&walkthrough);
    // as if the process had been killed in action 11b, before it wrote
    fs::remove_file(walkthrough.state_path(2)).unwrap();
    let text = fs::read_to_string(walkthrough.home_file(LEDGER)).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    fs::write(walkthrough.home_file(LEDGER), lines[..2].concat()).unwrap();
    fs::remove_file(walkthrough.home_file("pool/pool/transactions.head")).unwrap();

    let outcome = walkthrough.run_at_home(&["step", "2", "--json"]).succeeded();
    let lines = outcome.lines();
    let line = |action| lines.iter().find(|line| action_number(line).as_deref() == Some(action));
    let response = &line("11b").unwrap()["value"]["Credential definition response"];
    assert_eq!(response["op"], "REPLY");
    let after = written(&walkthrough);
    assert_eq!(after[2]["data"], before[2]["data"], "the same public key");
    each_is_written_once(&walkthrough);
    assert_eq!(walkthrough.finished_steps(), [2]);
}

#[test]
fn a_home_survives_kills_at_any_moment() {
    let walkthrough = Walkthrough::new();
    // the moments differ from machine to machine, the result does not
    for milliseconds in [1, 3, 10, 30, 100, 150, 200, 300, 450, 600, 700, 800, 900] {
        let mut program = at_home(&walkthrough);
        program.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    continues_to_the_end(&walkthrough);
}

/// Asserts that a run was interrupted, or had finished a moment before.
#[track_caller]
fn is_interrupted_or_finished(running: Running) {
    let end = running.finish();
    let end = (end.0, end.1.as_str());
    assert!([(Some(130), "error: interrupted\n"), (Some(0), "")].contains(&end), "{end:?}");
}

#[test]
fn ctrl_c_between_actions_names_the_command_that_continues() {
    for enters in [0, 6, 17, 19] {
        let walkthrough = Walkthrough::new();
        let mut program = at_home(&walkthrough);
        program.arg("--pause");
        let mut running = Running::start_with_open_input(program);
        for (action, _) in &ACTIONS[..enters] {
            read_up_to(&mut running, action);
            running.press_enter();
        }
        read_up_to(&mut running, ACTIONS[enters].0);
        interrupt(running.child.id());
        let (code, stderr) = running.finish();
        assert_eq!(code, Some(130), "{stderr}");
        let home = walkthrough.home().canonicalize().unwrap();
        let advice = format!("go on with `negotiate-proof --home {}`", home.display());
        assert!(stderr.contains("\nerror: interrupted\n"), "{stderr}");
        assert!(stderr.contains(&advice), "{stderr}");
        continues_to_the_end(&walkthrough);
    }
}

#[test]
fn after_ctrl_c_within_an_action_the_walkthrough_continues() {
    for action in ["2", "3", "10", "11b", "15", "19"] {
        let walkthrough = Walkthrough::new();
        let mut running = Running::start(at_home(&walkthrough));
        read_up_to(&mut running, action);
        interrupt(running.child.id());
        let (code, stderr) = running.finish();
        assert!(matches!(code, Some(130 | 0)), "{stderr}");
        continues_to_the_end(&walkthrough);
    }
}

#[test]
fn ctrl_c_during_the_search_for_primes_ends_it() {
    for generator in ["own", "library"] {
        let walkthrough = Walkthrough::new();
        let mut program = walkthrough.program_without_key();
        program.args(["--json", "--key-generator", generator]);
        let mut running = Running::start(program);
        read_up_to(&mut running, "10");
        interrupt(running.child.id());
        is_interrupted_or_finished(running);
        assert_eq!(walkthrough.left_behind(), Vec::<&Path>::new(), "{generator}");
    }
}

#[test]
fn ctrl_c_leaves_nothing_of_a_temporary_home() {
    for action in ["1", "2", "3", "7", "11b", "15", "19", "21", "22"] {
        let walkthrough = Walkthrough::new();
        let mut program = walkthrough.program();
        program.arg("--json");
        let mut running = Running::start(program);
        read_up_to(&mut running, action);
        interrupt(running.child.id());
        is_interrupted_or_finished(running);
        assert_eq!(walkthrough.left_behind(), Vec::<&Path>::new(), "{action}");
    }
}

#[test]
fn ctrl_c_at_any_moment_leaves_nothing_of_a_temporary_home() {
    let walkthrough = Walkthrough::new();
    for attempt in 0..40 {
        let mut program = walkthrough.program();
        program.args(["--quiet", "--until", "2"]).stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        thread::sleep(Duration::from_micros(500 * attempt));
        interrupt(child.id());
        child.wait().unwrap();
        assert_eq!(walkthrough.left_behind(), Vec::<&Path>::new(), "attempt {attempt}");
    }
}

#[test]
fn ctrl_c_leaves_no_unfinished_key_file() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program_without_key();
    program.args(["prepare-key", "key.json"]).stderr(Stdio::piped());
    let child = program.spawn().unwrap();
    while !walkthrough.path("key.json").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        return; // the key was found before the signal came
    }
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(output.stderr, b"error: interrupted\n");
    assert!(!walkthrough.path("key.json").exists());
}

#[test]
fn a_torn_last_line_is_reported_when_step_2_is_continued() {
    let walkthrough = Walkthrough::new();
    kill_after(&walkthrough, "10");
    let path = walkthrough.home_file("pool/pool/transactions.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{whole}{{\"hash\":\"12ab")).unwrap();

    let outcome = walkthrough.run_at_home(&[]).succeeded();
    assert!(outcome.stdout.contains("last line was incomplete"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\nVerified: "));
}

#[test]
fn the_other_signals_to_end_act_like_ctrl_c() {
    for signal in ["TERM", "HUP", "QUIT"] {
        let walkthrough = Walkthrough::new();
        let mut running = Running::start(at_home(&walkthrough));
        read_up_to(&mut running, "3");
        send_signal(signal, running.child.id());
        let status = running.child.wait().unwrap();
        assert!(status.code() == Some(130) || status.success(), "{signal}: {status}");
        continues_to_the_end(&walkthrough);

        let mut program = walkthrough.program();
        program.arg("--json");
        let mut running = Running::start(program);
        read_up_to(&mut running, "3");
        send_signal(signal, running.child.id());
        is_interrupted_or_finished(running);
        assert_eq!(walkthrough.left_behind(), Vec::<&Path>::new(), "{signal}");
    }
}

#[test]
fn a_program_that_was_told_to_ignore_the_end_of_the_terminal_does() {
    let walkthrough = Walkthrough::new();
    let program = walkthrough.program();
    let mut ignoring = Command::new("sh");
    ignoring
        .args(["-c", "trap '' HUP; exec \"$0\" \"$@\" --json --pause"])
        .arg(program.get_program());
    ignoring.args(program.get_args()).current_dir(walkthrough.path(""));
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            ignoring.env(name, value);
        }
    }
    let mut running = Running::start_with_open_input(ignoring);
    read_up_to(&mut running, "1");
    send_signal("HUP", running.child.id());
    running.press_enter();
    read_up_to(&mut running, "2");
    interrupt(running.child.id());
    let (code, stderr) = running.finish();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.ends_with("error: interrupted\n"), "{stderr}");
}
