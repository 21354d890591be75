//! Errors around a walkthrough, and what the program says about them.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use serde_json::json;

use test_support::{
    keys,
    program::{Finished, contents},
};

use crate::walkthrough::{Walkthrough, actions};

#[test]
fn a_step_needs_a_home() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["step", "3"]).failed(2, &["--home <DIR>"]);
}

#[test]
fn step_and_until_exclude_each_other() {
    let walkthrough = Walkthrough::after_step(2);
    let outcome = walkthrough.run_at_home(&["--until", "3", "step", "3"]);
    outcome.failed(2, &["'step' cannot be used with '--until <N>'"]);
    let outcome = walkthrough.run_at_home(&["step", "3", "--until", "3"]);
    outcome.failed(2, &["unexpected argument '--until'"]);
    assert_eq!(walkthrough.finished_steps(), [2]);
}

#[test]
fn only_steps_2_to_5_can_be_run() {
    let walkthrough = Walkthrough::new();
    for number in ["1", "6", "-1", "three", "2.5"] {
        let mut program = walkthrough.program_without_key();
        program.args(["step", "--home", "home", "--", number]);
        Finished::of(program).failed(2, &[number]);
        walkthrough.run(&[&format!("--until={number}")]).failed(2, &["--until"]);
    }
    assert!(!walkthrough.home().exists());
}

#[test]
fn json_and_quiet_exclude_each_other() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["--json", "--quiet"]).failed(2, &["cannot be used with"]);
}

#[test]
fn a_step_names_the_one_to_run_first() {
    let walkthrough = Walkthrough::after_step(2);
    let home = walkthrough.home().canonicalize().unwrap();
    for (step, missing) in [("4", 3), ("5", 3)] {
        let command = format!("`negotiate-proof step {missing} --home {}`", home.display());
        let outcome = walkthrough.run_at_home(&["step", step]);
        let outcome = outcome.failed(2, &[&command, &format!("step{missing}.json is missing")]);
        assert!(!outcome.stderr.contains("go on with"), "one advice, not two: {}", outcome.stderr);
    }
}

#[test]
fn a_damaged_hand_over_names_the_step_that_repairs_it() {
    for (damaged, next) in [(2, "3"), (3, "4"), (4, "5")] {
        let walkthrough = Walkthrough::after_step(damaged);
        let path = walkthrough.state_path(damaged);
        let whole = fs::read(&path).unwrap();
        let half = &whole[..whole.len() / 2];
        let other_step =
            json!({"format": 1, "step": 5, "data": walkthrough.state(damaged)["data"]});
        let other_data = json!({"format": 1, "step": damaged, "data": {"surprise": true}});
        for (damage, reason) in [
            (half, "the file ends too early, at line "),
            (b"", "the file ends too early, at line "),
            (b"\xff\xfe\x00", "not JSON, at line 1, column 1"),
            (b"[]", "not what step "),
            (other_step.to_string().as_bytes(), "expected step "),
            (other_data.to_string().as_bytes(), "writes, at line 1, column "),
        ] {
            fs::write(&path, damage).unwrap();
            let again = format!("`negotiate-proof step {damaged} --home ");
            let file = format!("state/step{damaged}.json is damaged");
            let outcome = walkthrough.run_at_home(&["step", next]);
            outcome.failed(2, &[&file, reason, &again]);
            walkthrough.run_at_home(&[]).failed(2, &[&file, reason, &again]);
        }

        walkthrough.run_at_home(&["step", &damaged.to_string(), "--quiet"]).succeeded();
        walkthrough.run_at_home(&["step", next, "--quiet"]).succeeded();
    }
}

#[test]
fn a_damaged_verdict_is_repaired_by_step_5() {
    let walkthrough = Walkthrough::after_step(5);
    fs::write(walkthrough.state_path(5), "{}").unwrap();
    let outcome = walkthrough.run_at_home(&[]);
    outcome.failed(2, &["step5.json is damaged", "negotiate-proof step 5 --home"]);
    walkthrough.run_at_home(&["step", "5", "--quiet"]).succeeded();
}

#[test]
fn repeating_step_2_makes_all_later_steps_run_again() {
    let walkthrough = Walkthrough::after_step(5);
    fs::write(walkthrough.state_path(2), "").unwrap();
    walkthrough.run_at_home(&["step", "2", "--quiet"]).succeeded();
    assert_eq!(walkthrough.finished_steps(), [2]);
    walkthrough.run_at_home(&[]).succeeded();
}

#[test]
fn a_home_that_is_a_file_is_refused() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.home(), "precious").unwrap();
    let outcome =
        walkthrough.run_at_home(&[]).failed(2, &["is not a directory", "name a new directory"]);
    assert!(!outcome.stderr.contains("os error"), "{}", outcome.stderr);
    assert_eq!(fs::read_to_string(walkthrough.home()).unwrap(), "precious");
}

#[test]
fn a_directory_with_something_else_in_it_is_left_alone() {
    let walkthrough = Walkthrough::new();
    fs::create_dir(walkthrough.home()).unwrap();
    fs::write(walkthrough.home_file("precious"), "precious").unwrap();
    walkthrough.run_at_home(&[]).failed(2, &["is not a home", "not empty", "name a new directory"]);
    let names: Vec<_> =
        fs::read_dir(walkthrough.home()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["precious"]);
}

#[test]
fn a_home_of_another_format_is_left_alone() {
    let walkthrough = Walkthrough::after_step(2);
    for (content, message) in [
        ("", "home.json is damaged: the file ends too early"),
        ("{}", "home.json is damaged: not what a home writes"),
        (r#"{"format": 2, "wallets": "sqlite"}"#, "home.json has format 2, which this version"),
    ] {
        fs::write(walkthrough.home_file("home.json"), content).unwrap();
        let before = contents(&walkthrough.home());
        walkthrough.run_at_home(&[]).failed(2, &[message]);
        assert_eq!(contents(&walkthrough.home()), before);
    }
}

#[test]
fn the_advice_for_a_damaged_home_file_can_be_followed() {
    let walkthrough = Walkthrough::after_step(2);
    fs::write(walkthrough.home_file("home.json"), "{\"format\": 1, \"wal").unwrap();
    let failed = walkthrough.run_at_home(&[]).failed(2, &["home.json is damaged"]);
    let advice = failed.stderr.split_once("write ").unwrap().1.split_once(" into it").unwrap().0;
    fs::write(walkthrough.home_file("home.json"), advice).unwrap();
    walkthrough.run_at_home(&["--quiet"]).succeeded();
}

#[test]
fn a_hand_over_of_a_newer_format_is_left_alone() {
    let walkthrough = Walkthrough::after_step(3);
    walkthrough.change_state(3, |file| file["format"] = json!(99));
    let before = contents(&walkthrough.home());
    for arguments in [&["step", "4"][..], &[]] {
        let outcome = walkthrough.run_at_home(arguments);
        outcome.failed(
            2,
            &["step3.json has format 99", "the version that wrote it", "another --home"],
        );
    }
    assert_eq!(contents(&walkthrough.home()), before);
}

#[cfg(unix)]
#[test]
fn a_home_that_cannot_be_written_is_an_error() {
    use std::os::unix::fs::PermissionsExt;

    let walkthrough = Walkthrough::new();
    let closed = walkthrough.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if File::create(closed.join("probe")).is_ok() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: this user may write everywhere");
        return;
    }
    for home in ["closed", "closed/home"] {
        let outcome = walkthrough.run(&["--home", home]);
        outcome.failed(2, &["closed", "Permission denied", "may be written"]);
    }
}

#[test]
fn a_home_that_another_process_uses_is_left_alone() {
    let walkthrough = Walkthrough::after_step(2);
    let lock = File::options().write(true).open(walkthrough.home_file(".lock")).unwrap();
    lock.lock().unwrap();
    let before = contents(&walkthrough.home());
    for arguments in [[].as_slice(), &["step", "3"]] {
        let outcome = walkthrough.run_at_home(arguments);
        outcome.failed(2, &["another process is working in", "wait until it ends"]);
    }
    assert_eq!(contents(&walkthrough.home()), before);

    drop(lock);
    walkthrough.run_at_home(&["step", "3", "--quiet"]).succeeded();
}

#[test]
fn an_unusable_prepared_key_is_not_quoted() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("no-key.json"), r#"{"p": "12345678901"}"#).unwrap();
    fs::write(walkthrough.path("text.json"), "12345678901 is my secret").unwrap();
    let with_key = |file: &str| {
        let mut program = walkthrough.program_without_key();
        program.args(["--json", "--prepared-key", file]);
        Finished::of(program)
    };
    let advice = "negotiate-proof prepare-key";
    with_key("missing.json").failed(2, &["cannot read missing.json", advice, "No such file"]);
    for file in ["no-key.json", "text.json"] {
        let outcome = with_key(file).failed(2, &[&format!("cannot use {file}"), advice]);
        assert!(!outcome.stderr.contains("12345678901"), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    let other = with_key(keys::DEGREE_PATH).failed(2, &["TEST-KEY-degree.json", "height", advice]);
    assert_eq!(other.stdout, "", "the key is read before the first action");
    assert!(walkthrough.left_behind().is_empty());
}

#[test]
fn a_damaged_line_of_the_ledger_is_named() {
    let walkthrough = Walkthrough::after_step(3);
    let path = walkthrough.home_file("pool/pool/transactions.jsonl");
    let damaged = fs::read_to_string(&path).unwrap().replacen("\"gvt\"", "\"gvx\"", 1);
    fs::write(&path, &damaged).unwrap();
    let outcome = walkthrough.run_at_home(&["step", "4"]);
    let advice = "a new ledger is begun by a new walkthrough, in another --home";
    outcome.failed(2, &["jsonl is damaged at line 2", "restore it from a copy", advice]);
    assert_eq!(fs::read_to_string(&path).unwrap(), damaged, "it is evidence");
}

#[test]
fn an_emptied_ledger_is_named_and_goes_on_with_a_copy() {
    let walkthrough = Walkthrough::after_step(3);
    let path = walkthrough.home_file("pool/pool/transactions.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, "").unwrap();
    let outcome = walkthrough.run_at_home(&["step", "4"]);
    let reason = "has 0 transactions, and 3 were confirmed";
    let failed = outcome.failed(2, &["transactions.jsonl", "transactions.head", reason]);
    assert!(failed.stderr.contains("restore it from a copy"), "{}", failed.stderr);
    fs::write(&path, whole).unwrap();
    walkthrough.run_at_home(&["--quiet"]).succeeded();
}

#[cfg(unix)]
#[test]
fn a_home_is_its_owners_only_and_one_that_was_open_is_closed_once() {
    use std::os::unix::fs::PermissionsExt;
    let walkthrough = Walkthrough::after_step(3);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut directories = vec![walkthrough.home()];
    while let Some(directory) = directories.pop() {
        assert_eq!(mode(&directory), 0o700, "{}", directory.display());
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => directories.push(path),
                false => assert_eq!(mode(&path), 0o600, "{}", path.display()),
            }
        }
    }
    for (path, open) in [(walkthrough.home(), 0o755), (walkthrough.home_file(".lock"), 0o644)] {
        fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
    }
    let opened = walkthrough.run_at_home(&["--quiet"]);
    assert_eq!(opened.code, Some(0), "{opened:?}");
    assert_eq!(opened.stderr.matches("was open to other users").count(), 2, "{opened:?}");
    assert_eq!(walkthrough.run_at_home(&["--quiet"]).succeeded().stderr, "");
}

#[test]
fn a_torn_last_line_of_the_ledger_is_dropped_with_a_warning() {
    let path = "pool/pool/transactions.jsonl";
    for arguments in [["--json", "--until", "4"].as_slice(), &["step", "4", "--json"]] {
        let walkthrough = Walkthrough::after_step(3);
        let whole = fs::read_to_string(walkthrough.home_file(path)).unwrap();
        fs::write(walkthrough.home_file(path), format!("{whole}{{\"hash\":\"12ab")).unwrap();
        let outcome = walkthrough.run_at_home(arguments);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert!(outcome.stderr.contains("last line was incomplete"), "{outcome:?}");
        assert_eq!(actions(&outcome), ["20"]);
        assert_eq!(fs::read_to_string(walkthrough.home_file(path)).unwrap(), whole);
    }
}

#[test]
fn a_truncated_or_replaced_wallet_is_named() {
    let walkthrough = Walkthrough::after_step(2);
    let path = walkthrough.home_file("wallets/prover_wallet.sqlite");
    let whole = fs::read(&path).unwrap();
    for (damaged, reason) in [
        (&whole[..whole.len() / 2], "truncated"),
        (b"", "empty"),
        (b"something else entirely", "not an SQLite database"),
    ] {
        fs::write(&path, damaged).unwrap();
        let outcome = walkthrough.run_at_home(&["step", "3"]);
        outcome.failed(2, &["prover_wallet.sqlite", "not a sound wallet", reason, "backup"]);
    }
    fs::write(&path, whole).unwrap();
    walkthrough.run_at_home(&["step", "3", "--quiet"]).succeeded();
}

#[test]
fn a_deleted_wallet_or_ledger_is_named() {
    let walkthrough = Walkthrough::after_step(3);
    fs::remove_file(walkthrough.home_file("wallets/prover_wallet.sqlite")).unwrap();
    for step in ["3", "4"] {
        let outcome = walkthrough.run_at_home(&["step", step]);
        outcome.failed(2, &["the wallet `prover_wallet`", "is gone", "another --home"]);
    }
    let walkthrough = Walkthrough::after_step(4);
    fs::remove_dir_all(walkthrough.home_file("pool/pool")).unwrap();
    let outcome = walkthrough.run_at_home(&["step", "5"]);
    outcome.failed(2, &["the ledger of", "is gone", "another --home"]);
}

#[test]
fn an_error_is_not_repeated() {
    let walkthrough = Walkthrough::after_step(3);
    let path = walkthrough.home_file("pool/pool/transactions.jsonl");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let outcome = walkthrough.run_at_home(&["step", "4"]).failed(2, &["transactions.jsonl"]);
    assert_eq!(outcome.stderr.matches("(os error").count(), 1, "{}", outcome.stderr);
}

#[test]
fn an_unusable_wallet_server_is_named_without_its_password() {
    let walkthrough = Walkthrough::new();
    for (url, reason) in [
        ("http://user:hunter2@host", "neither postgres nor postgresql"),
        ("postgres://user:hunter2@127.0.0.1:1", "does not answer"),
    ] {
        let outcome = walkthrough.run(&["--wallet", url]).failed(2, &["action 3 ", reason]);
        assert!(!outcome.stderr.contains("hunter2") && !outcome.stdout.contains("hunter2"));
        assert!(walkthrough.left_behind().is_empty());
    }
}
