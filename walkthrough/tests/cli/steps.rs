//! The walkthrough in parts: kept homes, single steps, and what a second run does.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Stdio, time::SystemTime};

use serde_json::{Value, json};

use test_support::program::{Finished, contents};

use crate::walkthrough::{Walkthrough, actions};

#[test]
fn each_step_runs_in_its_own_process_from_the_last_hand_over() {
    let walkthrough = Walkthrough::new();
    let step2 = walkthrough.run_at_home(&["--json", "--until", "2"]).succeeded();
    assert_eq!(actions(&step2).len(), 18);
    assert_eq!(walkthrough.finished_steps(), [2]);

    let expected: [(&str, &[&str]); 3] =
        [("3", &["18", "19"]), ("4", &["20"]), ("5", &["21", "22", "23", "24"])];
    for (step, expected) in expected {
        let outcome = walkthrough.run_at_home(&["step", step, "--json"]).succeeded();
        assert_eq!(actions(&outcome), expected);
    }
    assert_eq!(walkthrough.finished_steps(), [2, 3, 4, 5]);
    assert_eq!(walkthrough.state(5)["data"]["verdict"], "verified");
}

#[test]
fn a_request_that_asks_for_other_attributes_is_answered() {
    for (member, asked, learned) in [
        ("name", json!("sex"), "the sex is male"),
        ("names", json!(["height", "name"]), "the height is 175, the name is Alex and"),
    ] {
        let walkthrough = Walkthrough::after_step(3);
        walkthrough.change_state(3, |state| {
            let requested = &mut state["data"]["proof_request"]["requested_attributes"];
            let requested = requested["attr1_referent"].as_object_mut().unwrap();
            requested.remove("name");
            requested.insert(member.to_owned(), asked);
        });
        let finished = walkthrough.run_at_home(&[]).succeeded();
        assert!(finished.stdout.contains(learned), "{learned}: {}", finished.stdout);
    }
}

#[test]
fn step_2_runs_by_itself_in_a_new_home() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run_at_home(&["step", "2", "--json"]).succeeded();
    assert_eq!(actions(&outcome).len(), 18);
    assert_eq!(outcome.last_line()["stopped_after"], 2);
    assert_eq!(walkthrough.finished_steps(), [2]);
}

#[test]
fn hand_overs_have_the_documented_members() {
    let walkthrough = Walkthrough::after_step(5);
    let fields = |step: u8| -> Vec<String> {
        let state = walkthrough.state(step);
        assert_eq!((&state["format"], &state["step"]), (&json!(2), &json!(step)));
        let mut fields: Vec<String> = state["data"].as_object().unwrap().keys().cloned().collect();
        fields.sort();
        fields
    };
    assert_eq!(
        fields(2),
        [
            "cred_def_id",
            "credential_id",
            "link_secret",
            "prover_did",
            "schema_id",
            "steward_did",
            "trust_anchor_did",
        ]
    );
    assert_eq!(fields(3), ["candidates", "proof_request"]);
    assert_eq!(fields(4), ["presentation", "requested_credentials"]);
    assert_eq!(fields(5), ["checks", "learned", "verdict"]);

    let issued = &walkthrough.state(2)["data"];
    let found = &walkthrough.state(3)["data"];
    let proven = &walkthrough.state(4)["data"];
    let candidate = "/candidates/attr1_referent/0/cred_info/referent";
    assert_eq!(found.pointer(candidate), Some(&issued["credential_id"]));
    let identifier = "/presentation/identifiers/0/cred_def_id";
    assert_eq!(proven.pointer(identifier), Some(&issued["cred_def_id"]));
    assert_eq!(
        fs::read_to_string(walkthrough.home_file("home.json")).unwrap().parse::<Value>().unwrap(),
        json!({"format": 1, "wallets": "sqlite"})
    );
}

#[test]
fn a_home_continues_where_it_stopped() {
    for finished in 2..=4 {
        let walkthrough = Walkthrough::after_step(finished);
        let before = fs::read(walkthrough.state_path(finished)).unwrap();
        let outcome = walkthrough.run_at_home(&[]).succeeded();
        for step in 2..=5 {
            let was_done = outcome.stdout.contains(&format!("Step {step} was done before."));
            let is_run = outcome.stdout.contains(&format!("\nStep {step}: "));
            assert_eq!((was_done, is_run), (step <= finished, step > finished));
        }
        assert!(outcome.stdout.contains("\nVerified: "));
        assert_eq!(fs::read(walkthrough.state_path(finished)).unwrap(), before);
    }
}

#[test]
fn a_run_that_stops_early_says_how_to_continue() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run_at_home(&["--until", "3"]).succeeded();
    let home = walkthrough.home().canonicalize().unwrap();
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        format!(
            "Step 3 is done. Look at {0}/state/step3.json, and go on with `negotiate-proof step 4 \
             --home {0}`.",
            home.display()
        )
    );

    let nowhere = walkthrough.run(&["--until", "2"]).succeeded();
    let last = nowhere.stdout.lines().last().unwrap();
    assert_eq!(last, "Step 2 is done. Nothing was kept; name a --home to go on from here.");
}

#[test]
fn a_second_run_on_a_finished_home_says_so_and_changes_nothing() {
    let walkthrough = Walkthrough::after_step(5);
    let before = contents(&walkthrough.home());

    let story = walkthrough.run_at_home(&[]).succeeded();
    assert!(story.stdout.contains("Verified: "));
    assert!(story.stdout.contains("was finished before; nothing was changed"));
    assert!(!story.stdout.contains("Step 2"), "{}", story.stdout);

    let json = walkthrough.run_at_home(&["--json"]).succeeded();
    let home = walkthrough.home().canonicalize().unwrap();
    assert_eq!(
        json.lines(),
        [
            json!({"format": 1, "verdict": "verified", "learned": ["the name is Alex", "the age is at least 18"], "finished_before": true, "home": home})
        ]
    );

    let quiet = walkthrough.run_at_home(&["--quiet", "--until", "4"]).succeeded();
    assert_eq!(quiet.stdout, "");
    assert_eq!(contents(&walkthrough.home()), before);
}

#[test]
fn step_2_is_not_repeated_when_later_steps_depend_on_it() {
    let walkthrough = Walkthrough::after_step(3);
    let before = contents(&walkthrough.home());
    let outcome = walkthrough.run_at_home(&["step", "2"]).succeeded();
    assert!(outcome.stdout.contains("Step 2 was done before; nothing was changed."));
    assert_eq!(contents(&walkthrough.home()), before);
}

#[test]
fn a_step_that_runs_again_makes_the_later_ones_run_again() {
    let walkthrough = Walkthrough::after_step(5);
    walkthrough.run_at_home(&["step", "4", "--quiet"]).succeeded();
    assert_eq!(walkthrough.finished_steps(), [2, 3, 4]);
    walkthrough.run_at_home(&["step", "3", "--quiet"]).succeeded();
    assert_eq!(walkthrough.finished_steps(), [2, 3]);
    walkthrough.run_at_home(&["step", "5"]).failed(2, &["step 4 has not been run"]);

    let outcome = walkthrough.run_at_home(&["--json"]);
    assert_eq!(actions(&outcome), ["20", "21", "22", "23", "24"]);
    assert_eq!(outcome.last_line()["verdict"], "verified");
}

#[test]
fn a_repeated_step_that_fails_removes_nothing() {
    let walkthrough = Walkthrough::after_step(5);
    fs::remove_file(walkthrough.home_file("wallets/prover_wallet.sqlite")).unwrap();
    let before = kept(&walkthrough);
    walkthrough.run_at_home(&["step", "3"]).failed(2, &["prover_wallet"]);
    assert_eq!(kept(&walkthrough), before);
}

#[test]
fn a_kept_home_keeps_wallets_and_ledger_and_says_so() {
    let walkthrough = Walkthrough::new();
    let lines = walkthrough.run_at_home(&["--json"]).succeeded().lines();
    let value = |action: u8| &lines.iter().find(|line| line["action"] == action).unwrap()["value"];
    assert_eq!(value(23), &json!({"Kept": ["issuer_wallet", "prover_wallet"]}));
    assert_eq!(value(24), &json!({"Kept": "pool"}));
    for file in [
        "wallets/issuer_wallet.sqlite",
        "wallets/prover_wallet.sqlite",
        "pool/pool/config.json",
        "pool/pool/transactions.jsonl",
    ] {
        assert!(walkthrough.home_file(file).exists(), "{file}");
    }
}

#[test]
fn clean_deletes_wallets_and_ledger_but_no_hand_overs() {
    let walkthrough = Walkthrough::new();
    let lines = walkthrough.run_at_home(&["--json", "--clean"]).succeeded().lines();
    let value = |action: u8| &lines.iter().find(|line| line["action"] == action).unwrap()["value"];
    assert_eq!(value(23), &json!({"Deleted": ["issuer_wallet", "prover_wallet"]}));
    assert_eq!(value(24), &json!({"Deleted": "pool"}));
    assert_eq!(fs::read_dir(walkthrough.home_file("wallets")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(walkthrough.home_file("pool")).unwrap().count(), 0);
    assert_eq!(walkthrough.finished_steps(), [2, 3, 4, 5]);

    let again = walkthrough.run_at_home(&[]).succeeded();
    assert!(again.stdout.contains("was finished before"));
}

#[test]
fn a_finished_home_can_be_cleaned_later_by_its_last_step() {
    let walkthrough = Walkthrough::after_step(5);
    let hint = walkthrough.run_at_home(&["--clean"]).succeeded();
    assert!(hint.stdout.contains("negotiate-proof step 5 --clean --home"), "{}", hint.stdout);
    walkthrough.run_at_home(&["step", "5", "--clean"]).succeeded();
    assert_eq!(fs::read_dir(walkthrough.home_file("wallets")).unwrap().count(), 0);
}

#[test]
fn a_cleaned_home_says_that_its_wallets_are_gone() {
    let walkthrough = Walkthrough::new();
    walkthrough.run_at_home(&["--quiet", "--clean"]).succeeded();
    let before = kept(&walkthrough);
    for step in ["3", "4", "5"] {
        let outcome = walkthrough.run_at_home(&["step", step]);
        outcome.failed(2, &["is gone", "--clean deleted it", "another --home"]);
    }
    assert_eq!(kept(&walkthrough), before);
}

#[test]
fn a_home_works_under_any_name_and_after_a_move() {
    let walkthrough = Walkthrough::new();
    let odd = walkthrough.path("Ali's home, 100% ä?&#");
    let program = |arguments: &[&str]| {
        let mut program = walkthrough.program_with(arguments);
        program.arg("--home").arg(&odd);
        Finished::of(program)
    };
    let outcome = program(&["--until", "2"]).succeeded();
    assert!(outcome.stdout.contains(r"/Ali'\''s home, 100% ä?&#'`."), "quoted for the shell");
    program(&["step", "3", "--quiet"]).succeeded();

    fs::rename(&odd, walkthrough.home()).unwrap();
    walkthrough.run_at_home(&["step", "4", "--quiet"]).succeeded();
    walkthrough.run_at_home(&["step", "5", "--quiet"]).succeeded();
}

#[test]
fn missing_parent_directories_of_a_home_are_made() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["--home", "a/b/c", "--until", "2", "--quiet"]).succeeded();
    assert!(walkthrough.path("a/b/c/state/step2.json").exists());
}

#[test]
fn wallets_are_closed_after_every_step() {
    let walkthrough = Walkthrough::after_step(2);
    for step in ["3", "4", "5"] {
        let mut names: Vec<_> = fs::read_dir(walkthrough.home_file("wallets"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["issuer_wallet.sqlite", "prover_wallet.sqlite"],
            "no journal is left beside a wallet that was closed"
        );
        walkthrough.run_at_home(&["step", step, "--quiet"]).succeeded();
    }
}

#[test]
fn pause_waits_for_enter_between_actions() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.args(["--pause", "--json", "--until", "2"]);
    let outcome = Finished::with_input(program, &"\n".repeat(17));
    assert_eq!(outcome.code, Some(0));
    assert_eq!(actions(&outcome).len(), 18);
    assert_eq!(outcome.stderr.matches("Enter for action").count(), 17, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("Enter for action 11b "));
}

#[test]
fn pause_continues_when_the_input_has_ended() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.args(["--pause", "--json"]).stdin(Stdio::null());
    let outcome = Finished::of(program);
    assert_eq!(outcome.code, Some(0));
    assert_eq!(actions(&outcome).len(), 25);
    assert_eq!(outcome.stderr, "Enter for action 2 \n");
}

/// Returns the files of a home, without the notes of how far it has come: these change with each
/// action that begins.
fn kept(walkthrough: &Walkthrough) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = contents(&walkthrough.home());
    files.retain(|path, _| !path.starts_with(walkthrough.home_file("progress")));
    files
}
