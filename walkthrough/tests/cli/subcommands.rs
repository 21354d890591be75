//! Help, manual page, completions, and keys made in advance.

use std::{fs, process::Stdio};

use crate::scene::{Outcome, Scene};

#[test]
fn help_reads_like_a_page_of_the_tutorial() {
    let help = Scene::new().run(&["--help"]).succeeded().stdout;
    for words in [
        "Step 2  issuance setup                       actions 1 to 17",
        "Step 3  proof request and credential search  actions 18 and 19",
        "Step 4  prover_create_proof                  action 20",
        "Step 5  verifier_verify_proof                actions 21 to 24",
        "Examples:",
        "Exit codes:\n  0    verified",
        "  1    the proof is rejected",
        "  2    the input or the environment",
        "  130  interrupted",
    ] {
        assert!(help.contains(words), "no {words:?} in {help}");
    }
}

#[test]
fn short_help_fits_on_a_screen() {
    let help = Scene::new().run(&["-h"]).succeeded().stdout;
    assert!(help.lines().count() <= 40, "{help}");
}

#[test]
fn version_is_the_packages() {
    let version = Scene::new().run(&["--version"]).succeeded().stdout;
    assert_eq!(
        version,
        format!("negotiate-proof {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_are_made_for_shells() {
    let scene = Scene::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = scene.run(&["completions", shell]).succeeded().stdout;
        for word in ["negotiate-proof", "prepare-key", "until"] {
            assert!(script.contains(word), "{shell}");
        }
    }
}

#[test]
fn the_manual_page_is_roff_and_names_every_option() {
    let page = Scene::new().run(&["man"]).succeeded().stdout;
    assert!(page.contains(".TH negotiate-proof 1"), "{page}");
    for option in [
        "home",
        "until",
        "pause",
        "clean",
        "json",
        "quiet",
        "full",
        "wallet",
        "key\\-derivation",
        "prepared\\-key",
        "key\\-generator",
    ] {
        assert!(page.contains(&format!("\\-\\-{option}\\fR")), "{option}");
    }
    assert!(page.contains("Exit codes:"));
}

#[test]
fn prepare_key_never_touches_a_file_that_exists() {
    let scene = Scene::new();
    fs::write(scene.path("key.json"), "precious").unwrap();
    let outcome = scene.run(&["prepare-key", "key.json"]);
    outcome.failed(
        2,
        &["cannot make key.json", "does not exist yet", "File exists"],
    );
    assert_eq!(
        fs::read_to_string(scene.path("key.json")).unwrap(),
        "precious"
    );
}

#[test]
fn prepare_key_makes_a_key_that_the_walkthrough_takes() {
    let scene = Scene::new();
    let run = |arguments: &[&str]| {
        let mut program = scene.program_without_key();
        program.args(arguments);
        Outcome::of(program).succeeded()
    };
    run(&["prepare-key", "key.json"]);
    let outcome = run(&["--prepared-key", "key.json"]);
    assert!(
        outcome.stdout.contains("\nVerified: "),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_key_is_generated_or_taken_from_a_file() {
    let outcome = Scene::new().run(&["--key-generator", "library"]);
    outcome.failed(
        2,
        &["--prepared-key", "cannot be used with", "--key-generator"],
    );
}

#[test]
fn prepare_key_makes_no_directories() {
    let scene = Scene::new();
    let outcome = scene.run(&["prepare-key", "nowhere/key.json"]);
    outcome.failed(
        2,
        &["cannot make nowhere/key.json", "in a directory that does"],
    );
    assert!(!scene.path("nowhere").exists());
}

#[test]
fn prepare_key_with_unusable_attributes_leaves_no_file() {
    let scene = Scene::new();
    let outcome = scene.run(&["prepare-key", "key.json", "--attributes", "age,Age"]);
    outcome.failed(2, &["attribute `Age` is there twice"]);
    assert!(!scene.path("key.json").exists());
}

#[test]
fn what_is_printed_at_once_does_not_mind_a_closed_pipe() {
    let scene = Scene::new();
    for arguments in [["completions", "bash"].as_slice(), &["man"], &["--help"]] {
        let mut program = scene.program_without_key();
        program
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "",
            "{arguments:?}"
        );
    }
}

#[test]
fn an_unknown_subcommand_and_a_misspelt_option_are_told() {
    let scene = Scene::new();
    scene
        .run(&["examine"])
        .failed(2, &["unrecognized subcommand 'examine'"]);
    scene
        .run(&["--hom", "x"])
        .failed(2, &["similar argument exists: '--home'"]);
    let mut program = scene.program_without_key();
    program.args(["completions", "tcsh"]);
    Outcome::of(program).failed(2, &["possible values: bash"]);
}
