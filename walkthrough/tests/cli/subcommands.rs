//! Help, manual page, completions, and keys made in advance.

use std::{fs, process::Stdio};

use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

#[test]
fn help_lists_the_steps_and_the_exit_codes() {
    let help = Walkthrough::new().run(&["--help"]).succeeded().stdout;
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
    let help = Walkthrough::new().run(&["-h"]).succeeded().stdout;
    assert!(help.lines().count() <= 40, "{help}");
}

#[test]
fn version_is_the_package_s() {
    let version = Walkthrough::new().run(&["--version"]).succeeded().stdout;
    assert_eq!(version, format!("negotiate-proof {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_are_made_for_shells() {
    let walkthrough = Walkthrough::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = walkthrough.run(&["completions", shell]).succeeded().stdout;
        for word in ["negotiate-proof", "prepare-key", "until"] {
            assert!(script.contains(word), "{shell}");
        }
    }
}

#[test]
fn the_manual_page_is_roff_and_names_every_option() {
    let page = Walkthrough::new().run(&["man"]).succeeded().stdout;
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
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("key.json"), "precious").unwrap();
    let outcome = walkthrough.run(&["prepare-key", "key.json"]);
    outcome.failed(2, &["cannot make key.json", "does not exist yet", "File exists"]);
    assert_eq!(fs::read_to_string(walkthrough.path("key.json")).unwrap(), "precious");
}

#[test]
fn prepare_key_makes_a_key_that_the_walkthrough_takes() {
    let walkthrough = Walkthrough::new();
    let run = |arguments: &[&str]| {
        let mut program = walkthrough.program_without_key();
        program.args(arguments);
        Finished::of(program).succeeded()
    };
    run(&["prepare-key", "key.json"]);
    let outcome = run(&["--prepared-key", "key.json"]);
    assert!(outcome.stdout.contains("\nVerified: "), "{}", outcome.stdout);
}

#[test]
fn a_key_is_generated_or_taken_from_a_file() {
    let outcome = Walkthrough::new().run(&["--key-generator", "library"]);
    outcome.failed(2, &["--prepared-key", "cannot be used with", "--key-generator"]);
}

#[test]
fn prepare_key_makes_no_directories() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["prepare-key", "nowhere/key.json"]);
    outcome.failed(2, &["cannot make nowhere/key.json", "in a directory that does"]);
    assert!(!walkthrough.path("nowhere").exists());
}

#[test]
fn prepare_key_with_unusable_attributes_leaves_no_file() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["prepare-key", "key.json", "--attributes", "age,Age"]);
    outcome.failed(2, &["attribute `Age` is there twice"]);
    assert!(!walkthrough.path("key.json").exists());
}

#[test]
fn help_and_scripts_ignore_a_closed_output_pipe() {
    let walkthrough = Walkthrough::new();
    for arguments in [["completions", "bash"].as_slice(), &["man"], &["--help"]] {
        let mut program = walkthrough.program_without_key();
        program.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
    }
}

#[test]
fn an_unknown_subcommand_or_option_is_named() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["examine"]).failed(2, &["unrecognized subcommand 'examine'"]);
    walkthrough.run(&["--hom", "x"]).failed(2, &["similar argument exists: '--home'"]);
    let mut program = walkthrough.program_without_key();
    program.args(["completions", "tcsh"]);
    Finished::of(program).failed(2, &["possible values: bash"]);
}

#[test]
fn exchange_names_the_program_that_has_it() {
    let walkthrough = Walkthrough::new();
    for (arguments, command) in [
        (&["exchange", "serve"][..], "`proof-exchange serve ...`"),
        (
            &["exchange", "serve", "--home", "bank", "--listen", "127.0.0.1:0"],
            "`proof-exchange serve ...`",
        ),
        (&["exchange", "respond", "request.json", "--help"], "`proof-exchange respond ...`"),
        (&["exchange"], "`proof-exchange --help`"),
        (&["exchange", "--help"], "`proof-exchange --help`"),
        (&["exchange", "-h"], "`proof-exchange --help`"),
        (&["exchange", "--registry", "registry", "verify"], "`proof-exchange --help`"),
    ] {
        let mut program = walkthrough.program_without_key();
        program.args(arguments);
        let said = "requests and responses with W3C credentials have a program of their own; run ";
        Finished::of(program).failed(2, &[said, command]);
    }
}
