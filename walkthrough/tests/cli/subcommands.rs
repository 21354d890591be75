//! Help, manual page, completions, and keys made in advance.

use std::{fs, process::Stdio};

use test_support::{manual::assert_references_exist, program::Finished};

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
fn every_manual_page_that_a_page_names_exists() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["man", "--directory", "pages"]).succeeded();
    let pages = assert_references_exist(&walkthrough.path("pages"), "negotiate-proof");
    assert!(pages.iter().any(|page| page == "negotiate-proof-wallet-import.1"), "{pages:?}");
}

#[test]
fn the_page_of_a_subcommand_is_printed_alone() {
    let walkthrough = Walkthrough::new();
    let page = walkthrough.run(&["man", "wallet", "import"]).succeeded().stdout;
    assert!(page.contains(".TH negotiate-proof-wallet-import 1"), "{page}");
    let page = walkthrough.run(&["man", "verify"]).succeeded().stdout;
    assert!(page.contains(".nf\nExamples:\n"), "examples keep their lines: {page}");
    assert!(!page.contains("pause"), "{page}");
    walkthrough.run(&["man", "verfy"]).failed(2, &["no command \"verfy\"", "verify"]);
}

#[test]
fn options_of_the_walkthrough_are_not_those_of_commands() {
    let walkthrough = Walkthrough::new();
    for command in
        ["verify", "lint", "case", "convert", "search", "disclose", "prepare-key", "schema"]
    {
        let help = walkthrough.run(&[command, "--help"]).succeeded().stdout;
        for option in ["--pause", "--clean", "--until", "--prepared-key"] {
            assert!(!help.contains(option), "{command} {option}: {help}");
            let outcome = walkthrough.run(&[command, option]);
            outcome.failed(2, &[&format!("unexpected argument '{option}'")]);
        }
    }
    let help = walkthrough.run(&["lint", "--help"]).succeeded().stdout;
    assert!(!help.contains("\n      --home"), "{help}");
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    let walkthrough = Walkthrough::new();
    for command in [
        "",
        "step",
        "verify",
        "lint",
        "case",
        "case from",
        "convert",
        "search",
        "disclose",
        "schema",
        "vectors",
        "vectors mutate",
        "man",
    ] {
        let mut program = walkthrough.program_without_key();
        program.args(command.split_whitespace()).arg("--help").env("COLUMNS", "80");
        let help = Finished::of(program).succeeded().stdout;
        let long = help.lines().find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{command}");
    }
}

#[test]
fn format_json_is_json() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("request.json"), "{}").unwrap();
    let short = walkthrough.run(&["lint", "request.json", "--json"]);
    let long = walkthrough.run(&["lint", "request.json", "--format", "json"]);
    assert_eq!(short.stdout, long.stdout);
    assert!(!short.lines().is_empty());
    let text = walkthrough.run(&["lint", "request.json", "--format", "text"]);
    assert_eq!(text.stdout, walkthrough.run(&["lint", "request.json"]).stdout);
    let outcome = walkthrough.run(&["lint", "request.json", "--format", "json", "--quiet"]);
    outcome.failed(2, &["cannot be used with"]);
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
    outcome.failed(2, &["attribute `Age` occurs twice"]);
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
        (&["help", "exchange"], "`proof-exchange --help`"),
    ] {
        let mut program = walkthrough.program_without_key();
        program.args(arguments);
        let said = "requests and responses with W3C credentials have a program of their own; run ";
        Finished::of(program).failed(2, &[said, command]);
    }
}

#[test]
fn what_has_a_program_of_its_own_is_not_suggested() {
    let outcome = Walkthrough::new().run(&["exchnge"]);
    let outcome = outcome.failed(2, &["unrecognized subcommand 'exchnge'"]);
    assert!(!outcome.stderr.contains("'exchange'"), "{}", outcome.stderr);
}
