//! The walkthrough in parts: kept homes, single steps, and what a second run does.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use crate::scene::{Outcome, Scene, contents};

#[test]
fn each_step_runs_in_a_process_of_its_own_from_what_the_step_before_it_left() {
    let scene = Scene::new();
    let step2 = scene.run_at_home(&["--json", "--until", "2"]).succeeded();
    assert_eq!(step2.actions().len(), 18);
    assert_eq!(scene.finished_steps(), [2]);

    let expected: [(&str, &[&str]); 3] = [
        ("3", &["18", "19"]),
        ("4", &["20"]),
        ("5", &["21", "22", "23", "24"]),
    ];
    for (step, actions) in expected {
        let outcome = scene.run_at_home(&["--json", "step", step]).succeeded();
        assert_eq!(outcome.actions(), actions);
    }
    assert_eq!(scene.finished_steps(), [2, 3, 4, 5]);
    assert_eq!(scene.state(5)["data"]["verdict"], "verified");
}

#[test]
fn step_2_runs_by_itself_in_a_new_home() {
    let scene = Scene::new();
    let outcome = scene.run_at_home(&["--json", "step", "2"]).succeeded();
    assert_eq!(outcome.actions().len(), 18);
    assert_eq!(outcome.last_line()["stopped_after"], 2);
    assert_eq!(scene.finished_steps(), [2]);
}

#[test]
fn hand_overs_hold_what_the_documentation_says() {
    let scene = Scene::after_step(5);
    let fields = |step: u8| -> Vec<String> {
        let state = scene.state(step);
        assert_eq!(
            (&state["format"], &state["step"]),
            (&json!(1), &json!(step))
        );
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
    assert_eq!(fields(5), ["checks", "verdict"]);

    let issued = &scene.state(2)["data"];
    let found = &scene.state(3)["data"];
    let proven = &scene.state(4)["data"];
    let candidate = "/candidates/attr1_referent/0/cred_info/referent";
    assert_eq!(found.pointer(candidate), Some(&issued["credential_id"]));
    let identifier = "/presentation/identifiers/0/cred_def_id";
    assert_eq!(proven.pointer(identifier), Some(&issued["cred_def_id"]));
    assert_eq!(
        fs::read_to_string(scene.home_file("home.json"))
            .unwrap()
            .parse::<Value>()
            .unwrap(),
        json!({"format": 1, "wallets": "sqlite"})
    );
}

#[test]
fn a_home_goes_on_where_it_stopped() {
    for finished in 2..=4 {
        let scene = Scene::after_step(finished);
        let before = fs::read(scene.state_path(finished)).unwrap();
        let outcome = scene.run_at_home(&[]).succeeded();
        for step in 2..=5 {
            let was_done = outcome
                .stdout
                .contains(&format!("Step {step} was done before."));
            let is_told = outcome.stdout.contains(&format!("\nStep {step}: "));
            assert_eq!((was_done, is_told), (step <= finished, step > finished));
        }
        assert!(outcome.stdout.contains("\nVerified: "));
        assert_eq!(fs::read(scene.state_path(finished)).unwrap(), before);
    }
}

#[test]
fn a_run_that_stops_early_says_what_to_look_at_and_how_to_go_on() {
    let scene = Scene::new();
    let outcome = scene.run_at_home(&["--until", "3"]).succeeded();
    let home = scene.home().canonicalize().unwrap();
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        format!(
            "Step 3 is done. Look at {0}/state/step3.json, and go on with `negotiate-proof step 4 \
             --home {0}`.",
            home.display()
        )
    );

    let nowhere = scene.run(&["--until", "2"]).succeeded();
    let last = nowhere.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        "Step 2 is done. Nothing was kept; name a --home to go on from here."
    );
}

#[test]
fn a_second_run_on_a_finished_home_says_so_and_changes_nothing() {
    let scene = Scene::after_step(5);
    let before = contents(&scene.home());

    let story = scene.run_at_home(&[]).succeeded();
    assert!(story.stdout.contains("Verified: "));
    assert!(
        story
            .stdout
            .contains("was finished before; nothing was changed")
    );
    assert!(!story.stdout.contains("Step 2"), "{}", story.stdout);

    let json = scene.run_at_home(&["--json"]).succeeded();
    let home = scene.home().canonicalize().unwrap();
    assert_eq!(
        json.lines(),
        [json!({"verdict": "verified", "finished_before": true, "home": home})]
    );

    let quiet = scene.run_at_home(&["--quiet", "--until", "4"]).succeeded();
    assert_eq!(quiet.stdout, "");
    assert_eq!(contents(&scene.home()), before);
}

#[test]
fn step_2_is_not_repeated_under_the_feet_of_the_later_steps() {
    let scene = Scene::after_step(3);
    let before = contents(&scene.home());
    let outcome = scene.run_at_home(&["step", "2"]).succeeded();
    assert!(
        outcome
            .stdout
            .contains("Step 2 was done before; nothing was changed.")
    );
    assert_eq!(contents(&scene.home()), before);
}

#[test]
fn a_step_that_runs_again_makes_the_later_ones_run_again() {
    let scene = Scene::after_step(5);
    scene.run_at_home(&["--quiet", "step", "4"]).succeeded();
    assert_eq!(scene.finished_steps(), [2, 3, 4]);
    scene.run_at_home(&["--quiet", "step", "3"]).succeeded();
    assert_eq!(scene.finished_steps(), [2, 3]);
    scene
        .run_at_home(&["step", "5"])
        .failed(2, &["step 4 has not been run"]);

    let outcome = scene.run_at_home(&["--json"]);
    assert_eq!(outcome.actions(), ["20", "21", "22", "23", "24"]);
    assert_eq!(outcome.last_line()["verdict"], "verified");
}

#[test]
fn a_step_that_fails_to_run_again_takes_nothing_away() {
    let scene = Scene::after_step(5);
    fs::remove_file(scene.home_file("wallets/prover_wallet.sqlite")).unwrap();
    let before = contents(&scene.home());
    scene
        .run_at_home(&["step", "3"])
        .failed(2, &["prover_wallet"]);
    assert_eq!(contents(&scene.home()), before);
}

#[test]
fn a_kept_home_keeps_wallets_and_ledger_and_says_so() {
    let scene = Scene::new();
    let lines = scene.run_at_home(&["--json"]).succeeded().lines();
    let value = |action: u8| &lines.iter().find(|line| line["action"] == action).unwrap()["value"];
    assert_eq!(
        value(23),
        &json!({"Kept": ["issuer_wallet", "prover_wallet"]})
    );
    assert_eq!(value(24), &json!({"Kept": "pool"}));
    for file in [
        "wallets/issuer_wallet.sqlite",
        "wallets/prover_wallet.sqlite",
        "pool/pool/config.json",
        "pool/pool/transactions.jsonl",
    ] {
        assert!(scene.home_file(file).exists(), "{file}");
    }
}

#[test]
fn clean_deletes_wallets_and_ledger_of_a_kept_home_and_leaves_the_hand_overs() {
    let scene = Scene::new();
    let lines = scene
        .run_at_home(&["--json", "--clean"])
        .succeeded()
        .lines();
    let value = |action: u8| &lines.iter().find(|line| line["action"] == action).unwrap()["value"];
    assert_eq!(
        value(23),
        &json!({"Deleted": ["issuer_wallet", "prover_wallet"]})
    );
    assert_eq!(value(24), &json!({"Deleted": "pool"}));
    assert_eq!(fs::read_dir(scene.home_file("wallets")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(scene.home_file("pool")).unwrap().count(), 0);
    assert_eq!(scene.finished_steps(), [2, 3, 4, 5]);

    let again = scene.run_at_home(&[]).succeeded();
    assert!(again.stdout.contains("was finished before"));
}

#[test]
fn a_finished_home_can_be_cleaned_later_by_its_last_step() {
    let scene = Scene::after_step(5);
    let hint = scene.run_at_home(&["--clean"]).succeeded();
    assert!(
        hint.stdout
            .contains("negotiate-proof step 5 --clean --home"),
        "{}",
        hint.stdout
    );
    scene.run_at_home(&["step", "5", "--clean"]).succeeded();
    assert_eq!(fs::read_dir(scene.home_file("wallets")).unwrap().count(), 0);
}

#[test]
fn a_cleaned_home_says_that_it_is_at_its_end() {
    let scene = Scene::new();
    scene.run_at_home(&["--quiet", "--clean"]).succeeded();
    let before = contents(&scene.home());
    for step in ["3", "4", "5"] {
        let outcome = scene.run_at_home(&["step", step]);
        outcome.failed(2, &["is gone", "--clean deleted it", "another --home"]);
    }
    assert_eq!(contents(&scene.home()), before);
}

#[test]
fn a_home_works_under_any_name_and_after_a_move() {
    let scene = Scene::new();
    let odd = scene.path("Ali's home, 100% ä?&#");
    let program = |arguments: &[&str]| {
        let mut program = scene.program();
        program.arg("--home").arg(&odd).args(arguments);
        Outcome::of(program)
    };
    let outcome = program(&["--until", "2"]).succeeded();
    assert!(
        outcome.stdout.contains(r"/Ali'\''s home, 100% ä?&#'`."),
        "quoted for the shell"
    );
    program(&["--quiet", "step", "3"]).succeeded();

    fs::rename(&odd, scene.home()).unwrap();
    scene.run_at_home(&["--quiet", "step", "4"]).succeeded();
    scene.run_at_home(&["--quiet", "step", "5"]).succeeded();
}

#[test]
fn directories_on_the_way_to_a_home_are_made() {
    let scene = Scene::new();
    scene
        .run(&["--home", "a/b/c", "--until", "2", "--quiet"])
        .succeeded();
    assert!(scene.path("a/b/c/state/step2.json").exists());
}

#[test]
fn wallets_are_closed_after_every_step() {
    let scene = Scene::after_step(2);
    for step in ["3", "4", "5"] {
        let mut names: Vec<_> = fs::read_dir(scene.home_file("wallets"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["issuer_wallet.sqlite", "prover_wallet.sqlite"],
            "no journal is left beside a wallet that was closed"
        );
        scene.run_at_home(&["--quiet", "step", step]).succeeded();
    }
}

#[test]
fn pause_waits_for_enter_between_actions() {
    let scene = Scene::new();
    let mut program = scene.program();
    program.args(["--pause", "--json", "--until", "2"]);
    let outcome = Outcome::with_input(program, &"\n".repeat(17));
    assert_eq!(outcome.code, Some(0));
    assert_eq!(outcome.actions().len(), 18);
    assert_eq!(
        outcome.stderr.matches("Enter for action").count(),
        17,
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("Enter for action 11b "));
}

#[test]
fn pause_goes_on_when_nobody_can_press_enter() {
    let scene = Scene::new();
    let mut program = scene.program();
    program.args(["--pause", "--json"]).stdin(Stdio::null());
    let outcome = Outcome::of(program);
    assert_eq!(outcome.code, Some(0));
    assert_eq!(outcome.actions().len(), 25);
    assert_eq!(outcome.stderr, "Enter for action 2 \n");
}
