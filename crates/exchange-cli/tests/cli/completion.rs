//! Completion, by completing in shells.

use std::fs;

use test_support::completion::Shell;

use crate::session::Session;

/// What is typed before the tabulator, and what the program gets then. Of an option that the
/// command does not have, nothing is made.
const COMPLETED: &[(&str, &str)] = &[
    ("resp", "respond"),
    ("respond --dis", "respond --disclose"),
    ("respond al", "respond alex.json"),
    ("request --sign-as jc", "request --sign-as jcs"),
    ("verify --rel", "verify --relax"),
    ("verify --answered al", "verify --answered alex.json"),
    ("holder --hom", "holder --home"),
    ("verify --hom", "verify --hom"),
    ("vect", "vectors"),
    ("vectors --format ht", "vectors --format html"),
];

fn completes_in(shell: Shell) {
    let session = Session::new();
    fs::write(session.path("alex.json"), "").unwrap();
    let typed: Vec<&str> = COMPLETED.iter().map(|(typed, _)| *typed).collect();
    let Some(completed) = shell.complete(session.sandbox(), "proof-exchange", &typed) else {
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
