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

use test_support::program::{Running, interrupt, send_signal};

use crate::walkthrough::{ACTIONS, Walkthrough, actions, read_up_to};

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

/// Runs to the end, and asserts that finished steps are unchanged.
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
