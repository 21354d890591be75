//! What goes wrong around a walkthrough, and what the program says about it.

use std::{
    fs::{self, File},
    io::Write,
    process::Stdio,
};

use serde_json::json;

use crate::scene::{OTHER_KEY, Outcome, Running, Scene, contents};

#[test]
fn a_step_needs_a_home() {
    let scene = Scene::new();
    scene.run(&["step", "3"]).failed(2, &["--home DIR"]);
}

#[test]
fn step_and_until_do_not_go_together() {
    let scene = Scene::after_step(2);
    let outcome = scene.run_at_home(&["--until", "3", "step", "3"]);
    outcome.failed(2, &["--until is for the whole walkthrough"]);
    assert_eq!(scene.finished_steps(), [2]);
}

#[test]
fn there_are_no_steps_but_2_to_5() {
    let scene = Scene::new();
    for number in ["1", "6", "-1", "three", "2.5"] {
        scene
            .run_at_home(&["step", "--", number])
            .failed(2, &[number]);
        scene
            .run(&[&format!("--until={number}")])
            .failed(2, &["--until"]);
    }
    assert!(!scene.home().exists());
}

#[test]
fn json_and_quiet_do_not_go_together() {
    let scene = Scene::new();
    scene
        .run(&["--json", "--quiet"])
        .failed(2, &["cannot be used with"]);
}

#[test]
fn a_step_names_the_one_to_run_first() {
    let scene = Scene::after_step(2);
    let home = scene.home().canonicalize().unwrap();
    for (step, missing) in [("4", 3), ("5", 3)] {
        let command = format!("`negotiate-proof step {missing} --home {}`", home.display());
        let outcome = scene.run_at_home(&["step", step]);
        let outcome = outcome.failed(2, &[&command, &format!("step{missing}.json is missing")]);
        assert!(
            !outcome.stderr.contains("go on with"),
            "one advice, not two: {}",
            outcome.stderr
        );
    }
}

#[test]
fn damaged_hand_overs_are_named_with_the_step_to_run_again_and_that_helps() {
    for (damaged, next) in [(2, "3"), (3, "4"), (4, "5")] {
        let scene = Scene::after_step(damaged);
        let path = scene.state_path(damaged);
        let whole = fs::read(&path).unwrap();
        let half = &whole[..whole.len() / 2];
        let other_format =
            json!({"format": 99, "step": damaged, "data": scene.state(damaged)["data"]});
        let other_step = json!({"format": 1, "step": 5, "data": scene.state(damaged)["data"]});
        let other_data = json!({"format": 1, "step": damaged, "data": {"surprise": true}});
        for damage in [
            half,
            b"",
            b"\xff\xfe\x00",
            b"[]",
            other_format.to_string().as_bytes(),
            other_step.to_string().as_bytes(),
            other_data.to_string().as_bytes(),
        ] {
            fs::write(&path, damage).unwrap();
            let again = format!("`negotiate-proof step {damaged} --home ");
            let file = format!("state/step{damaged}.json is damaged");
            let outcome = scene.run_at_home(&["step", next]);
            outcome.failed(2, &[&file, &again]);
            scene.run_at_home(&[]).failed(2, &[&file, &again]);
        }

        scene
            .run_at_home(&["--quiet", "step", &damaged.to_string()])
            .succeeded();
        scene.run_at_home(&["--quiet", "step", next]).succeeded();
    }
}

#[test]
fn a_damaged_verdict_can_be_given_again() {
    let scene = Scene::after_step(5);
    fs::write(scene.state_path(5), "{}").unwrap();
    let outcome = scene.run_at_home(&[]);
    outcome.failed(
        2,
        &["step5.json is damaged", "negotiate-proof step 5 --home"],
    );
    scene.run_at_home(&["--quiet", "step", "5"]).succeeded();
}

#[test]
fn step_2_anew_makes_all_later_steps_run_again() {
    let scene = Scene::after_step(5);
    fs::write(scene.state_path(2), "").unwrap();
    scene.run_at_home(&["--quiet", "step", "2"]).succeeded();
    assert_eq!(scene.finished_steps(), [2]);
    scene.run_at_home(&[]).succeeded();
}

#[test]
fn a_home_that_is_a_file_is_refused() {
    let scene = Scene::new();
    fs::write(scene.home(), "precious").unwrap();
    let outcome = scene
        .run_at_home(&[])
        .failed(2, &["is not a directory", "name a new directory"]);
    assert!(!outcome.stderr.contains("os error"), "{}", outcome.stderr);
    assert_eq!(fs::read_to_string(scene.home()).unwrap(), "precious");
}

#[test]
fn a_directory_with_something_else_in_it_is_left_alone() {
    let scene = Scene::new();
    fs::create_dir(scene.home()).unwrap();
    fs::write(scene.home_file("precious"), "precious").unwrap();
    scene
        .run_at_home(&[])
        .failed(2, &["is not a home", "not empty", "name a new directory"]);
    let names: Vec<_> = fs::read_dir(scene.home())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["precious"]);
}

#[test]
fn a_home_of_another_format_is_left_alone() {
    let scene = Scene::after_step(2);
    for content in ["", "{}", r#"{"format": 2, "wallets": "sqlite"}"#] {
        fs::write(scene.home_file("home.json"), content).unwrap();
        let before = contents(&scene.home());
        scene
            .run_at_home(&[])
            .failed(2, &["is not a home of a walkthrough"]);
        assert_eq!(contents(&scene.home()), before);
    }
}

#[cfg(unix)]
#[test]
fn a_home_that_cannot_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new();
    let closed = scene.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if File::create(closed.join("probe")).is_ok() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this user may write everywhere");
        return;
    }
    for home in ["closed", "closed/home"] {
        let outcome = scene.run(&["--home", home]);
        outcome.failed(2, &["closed", "Permission denied", "may be written"]);
    }
}

#[test]
fn a_home_in_which_another_process_works_is_left_alone() {
    let scene = Scene::after_step(2);
    let lock = File::options()
        .write(true)
        .open(scene.home_file(".lock"))
        .unwrap();
    lock.lock().unwrap();
    let before = contents(&scene.home());
    for arguments in [[].as_slice(), &["step", "3"]] {
        let outcome = scene.run_at_home(arguments);
        outcome.failed(
            2,
            &[
                "another negotiate-proof is working in",
                "wait until it ends",
            ],
        );
    }
    assert_eq!(contents(&scene.home()), before);

    drop(lock);
    scene.run_at_home(&["--quiet", "step", "3"]).succeeded();
}

#[test]
fn a_prepared_key_that_cannot_be_used_is_told_without_a_word_of_it() {
    let scene = Scene::new();
    fs::write(scene.path("no-key.json"), r#"{"p": "12345678901"}"#).unwrap();
    fs::write(scene.path("text.json"), "12345678901 is my secret").unwrap();
    let with_key = |file: &str| {
        let mut program = scene.program_without_key();
        program.args(["--json", "--prepared-key", file]);
        Outcome::of(program)
    };
    let advice = "negotiate-proof prepare-key";
    with_key("missing.json").failed(2, &["cannot read missing.json", advice, "No such file"]);
    for file in ["no-key.json", "text.json"] {
        let outcome = with_key(file).failed(2, &[&format!("cannot use {file}"), advice]);
        assert!(
            !outcome.stderr.contains("12345678901"),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "");
    }
    let other = with_key(OTHER_KEY).failed(2, &["TEST-KEY-degree.json", "height", advice]);
    assert_eq!(other.stdout, "", "it is told before anything is begun");
    assert!(scene.left_behind().is_empty());
}

#[test]
fn a_ledger_that_is_damaged_in_the_middle_is_told_with_its_line() {
    let scene = Scene::after_step(3);
    let path = scene.home_file("pool/pool/transactions.jsonl");
    let damaged = fs::read_to_string(&path)
        .unwrap()
        .replacen("\"gvt\"", "\"gvx\"", 1);
    fs::write(&path, &damaged).unwrap();
    let outcome = scene.run_at_home(&["step", "4"]);
    outcome.failed(
        2,
        &[
            "transactions.jsonl is damaged at line 2",
            "restore it from a copy",
        ],
    );
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        damaged,
        "it is evidence"
    );
}

#[test]
fn a_torn_last_line_of_the_ledger_is_dropped_with_a_warning() {
    let path = "pool/pool/transactions.jsonl";
    for arguments in [
        ["--json", "--until", "4"].as_slice(),
        &["--json", "step", "4"],
    ] {
        let scene = Scene::after_step(3);
        let whole = fs::read_to_string(scene.home_file(path)).unwrap();
        fs::write(scene.home_file(path), format!("{whole}{{\"hash\":\"12ab")).unwrap();
        let outcome = scene.run_at_home(arguments);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert!(
            outcome.stderr.contains("last line was incomplete"),
            "{outcome:?}"
        );
        assert_eq!(outcome.actions(), ["20"]);
        assert_eq!(fs::read_to_string(scene.home_file(path)).unwrap(), whole);
    }
}

#[test]
fn a_wallet_that_is_truncated_or_replaced_is_told() {
    let scene = Scene::after_step(2);
    let path = scene.home_file("wallets/prover_wallet.sqlite");
    let whole = fs::read(&path).unwrap();
    for (damaged, reason) in [
        (&whole[..whole.len() / 2], "truncated"),
        (b"", "empty"),
        (b"something else entirely", "not an SQLite database"),
    ] {
        fs::write(&path, damaged).unwrap();
        let outcome = scene.run_at_home(&["step", "3"]);
        outcome.failed(
            2,
            &[
                "prover_wallet.sqlite",
                "not a sound wallet",
                reason,
                "backup",
            ],
        );
    }
    fs::write(&path, whole).unwrap();
    scene.run_at_home(&["--quiet", "step", "3"]).succeeded();
}

#[test]
fn a_wallet_or_ledger_that_was_deleted_is_told() {
    let scene = Scene::after_step(3);
    fs::remove_file(scene.home_file("wallets/prover_wallet.sqlite")).unwrap();
    for step in ["3", "4"] {
        let outcome = scene.run_at_home(&["step", step]);
        outcome.failed(
            2,
            &["the wallet `prover_wallet`", "is gone", "another --home"],
        );
    }
    let scene = Scene::after_step(4);
    fs::remove_dir_all(scene.home_file("pool/pool")).unwrap();
    let outcome = scene.run_at_home(&["step", "5"]);
    outcome.failed(2, &["the ledger of", "is gone", "another --home"]);
}

#[test]
fn an_error_is_not_said_twice() {
    let scene = Scene::after_step(3);
    let path = scene.home_file("pool/pool/transactions.jsonl");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let outcome = scene
        .run_at_home(&["step", "4"])
        .failed(2, &["transactions.jsonl"]);
    assert_eq!(
        outcome.stderr.matches("(os error").count(),
        1,
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_wallet_server_that_is_none_is_told_without_the_password() {
    let scene = Scene::new();
    for (url, reason) in [
        (
            "http://user:hunter2@host",
            "neither postgres nor postgresql",
        ),
        ("postgres://user:hunter2@127.0.0.1:1", "does not answer"),
    ] {
        let outcome = scene
            .run(&["--wallet", url])
            .failed(2, &["action 3 ", reason]);
        assert!(!outcome.stderr.contains("hunter2") && !outcome.stdout.contains("hunter2"));
        assert!(scene.left_behind().is_empty());
    }
}

#[test]
fn whoever_stops_listening_gets_no_complaint() {
    for arguments in [["--json"].as_slice(), &["--json", "--full"]] {
        let scene = Scene::new();
        let mut program = scene.program();
        program.args(arguments);
        let mut running = Running::start(program);
        running.read_up_to("1");
        let (code, stderr) = running.stop_listening();
        assert_eq!((code, stderr.as_str()), (Some(2), ""));
        assert!(scene.left_behind().is_empty());
    }

    let scene = Scene::new();
    let mut program = scene.program();
    let mut child = program
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(2));
    assert!(scene.left_behind().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_told() {
    let scene = Scene::new();
    for arguments in [[].as_slice(), &["--json"]] {
        let mut program = scene.program();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = program.args(arguments).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.contains("No space left"), "{stderr}");
    }
}
