//! Completion, by completing in shells.

use std::fs;

use test_support::completion::Shell;

use crate::walkthrough::Walkthrough;

/// What is typed before the tabulator, and what the program gets then. Of an option that the
/// command does not have, nothing is made.
const COMPLETED: &[(&str, &str)] = &[
    ("veri", "verify"),
    ("--unt", "--until"),
    ("verify --eng", "verify --engine"),
    ("verify --engine c", "verify --engine cl"),
    ("verify al", "verify alex.json"),
    ("verify --used-nonces al", "verify --used-nonces alex.json"),
    ("wallet exp", "wallet export"),
    ("wallet import-", "wallet import-libindy"),
    ("wallet import al", "wallet import alex.json"),
    ("prepare-key --attr", "prepare-key --attributes"),
    ("step --hom", "step --home"),
    ("verify --paus", "verify --paus"),
    ("exch", "exch"),
];

fn completes_in(shell: Shell) {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("alex.json"), "").unwrap();
    let typed: Vec<&str> = COMPLETED.iter().map(|(typed, _)| *typed).collect();
    let Some(completed) = shell.complete(&walkthrough, "negotiate-proof", &typed) else {
        return;
    };
    for ((typed, expected), completed) in COMPLETED.iter().zip(completed) {
        // `--engine=` and `--engine ` are the same to the program
        let completed = completed.replace('=', " ");
        assert_eq!(completed.trim_end(), *expected, "{typed:?} in {shell:?}");
    }
}

#[test]
fn bash_completes_commands_options_values_and_files() {
    completes_in(Shell::Bash);
}

#[test]
fn zsh_completes_commands_options_values_and_files() {
    completes_in(Shell::Zsh);
}

#[test]
fn fish_completes_commands_options_values_and_files() {
    completes_in(Shell::Fish);
}
