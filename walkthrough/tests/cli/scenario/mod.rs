//! Scenarios: made from a template, checked, and played as the tutorial's actions.

mod homes;
mod linting;
mod playing;

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use serde_json::{Value, json};
use test_support::{
    keys,
    program::{Finished, Sandbox},
    schema::Schema,
};

use crate::walkthrough::action_number;

/// A directory with a scenario.
struct Played {
    sandbox: Sandbox,
}

impl Played {
    fn empty() -> Self {
        Self { sandbox: Sandbox::new(env!("CARGO_BIN_EXE_negotiate-proof")) }
    }

    /// Makes a scenario from a template, with keys made in advance.
    fn new(template: &str) -> Self {
        let played = Self::empty();
        played.run(&["scenario", "init", "scenario", "--template", template]).succeeded();
        for path in played.files("issuers") {
            let name = path.file_name().unwrap().to_str().unwrap();
            played.change(&format!("issuers/{name}"), |issuer| {
                for schema in issuer["schemas"].as_array_mut().unwrap() {
                    let attributes = schema["attributes"].as_array().unwrap();
                    let key = match attributes.last().unwrap().as_str().unwrap() {
                        "name" => keys::GVT_PATH,
                        "address" => keys::IDENTITY_PATH,
                        "permanent" => keys::PAYSLIP_PATH,
                        "photo" => keys::LICENCE_PATH,
                        "expires_dateint" => keys::DOCUMENT_PATH,
                        other => panic!("no key for {other}"),
                    };
                    schema["prepared_key"] = json!(key);
                }
            });
        }
        played
    }

    fn files(&self, kind: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.file(kind)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.path("scenario").join(name)
    }

    fn write(&self, name: &str, content: &Value) {
        fs::write(self.file(name), content.to_string()).unwrap();
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut content = serde_json::from_slice(&fs::read(self.file(name)).unwrap()).unwrap();
        change(&mut content);
        self.write(name, &content);
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut program = self.sandbox.program();
        program.args(arguments);
        program
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(self.program(arguments))
    }

    fn play(&self, arguments: &[&str]) -> Finished {
        self.run(&[&["--scenario", "scenario"], arguments].concat())
    }

    /// Returns `[file, pointer, rule]` of each finding, and the exit code.
    fn lint(&self) -> (Option<i32>, Vec<[String; 3]>) {
        let run = self.run(&["scenario", "lint", "scenario", "--json"]);
        let of = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        let lines = run.lines();
        let found =
            lines.iter().map(|line| [of(line, "file"), of(line, "pointer"), of(line, "lint")]);
        (run.code, found.collect())
    }

    /// Asserts that the errors are these and no others, each as `file pointer rule`.
    #[track_caller]
    fn has_errors(&self, expected: &[&str]) {
        let run = self.run(&["scenario", "lint", "scenario", "--json"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let schema = Schema::new(&self.run(&["schema", "finding"]).succeeded().stdout);
        let lines = run.lines();
        lines.iter().for_each(|line| schema.assert_describes(line));
        let errors = lines.iter().filter(|line| line["severity"] == "error");
        let found: BTreeSet<String> = errors
            .map(|line| {
                let of = |name: &str| line[name].as_str().unwrap();
                format!("{} {} {}", of("file"), of("pointer"), of("lint"))
            })
            .collect();
        let expected = expected.iter().map(|&error| error.to_owned()).collect();
        assert_eq!(found, expected, "{}", run.stdout);
    }
}

/// Returns the number and label of each action.
fn labels(run: &Finished) -> Vec<(String, String)> {
    let lines = run.lines();
    let shown = lines.iter().filter_map(|line| {
        Some((action_number(line)?, line["label"].as_str().unwrap().to_owned()))
    });
    shown.collect()
}

/// Returns what an action showed under a name.
#[track_caller]
fn shown(run: &Finished, action: &str, name: &str) -> Value {
    let lines = run.lines();
    let line = lines.iter().find(|line| action_number(line).as_deref() == Some(action));
    line.unwrap_or_else(|| panic!("no action {action}"))["value"][name].clone()
}
