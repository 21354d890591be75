//! A walkthrough in a directory of its own.

use std::{fs, ops::Deref, path::PathBuf, process::Command};

use serde_json::Value;
use test_support::{
    keys,
    program::{Finished, Running, Sandbox},
};

/// The tutorial's actions: their numbers and labels.
pub const ACTIONS: [(&str, &str); 25] = [
    (
        "1",
        "Creates a new local pool ledger configuration that is used later when connecting to ledger.",
    ),
    ("2", "Open pool ledger and get its handle"),
    ("3", "Creating Issuer wallet and opening it to get the handle."),
    ("4", "Generating and storing steward DID and verkey"),
    ("5", "Generating and storing trust anchor DID and verkey"),
    ("6", "Building NYM request to add Trust Anchor to the ledger"),
    ("7", "Sending NYM request to the ledger"),
    ("8", "Issuer create Credential Schema"),
    ("9", "Build the SCHEMA request to add new schema to the ledger as a Steward"),
    ("10", "Sending the SCHEMA request to the ledger"),
    (
        "11",
        "Creating and storing Credential Definition using anoncreds as Trust Anchor, for the given Schema",
    ),
    ("11b", "Sending the CRED_DEF request to the ledger as Trust Anchor"),
    ("12", "Creating Prover wallet and opening it to get the handle"),
    ("13", "Prover is creating Link Secret"),
    ("14", "Issuer (Trust Anchor) is creating a Credential Offer for Prover"),
    ("15", "Prover creates Credential Request for the given credential offer"),
    ("16", "Issuer (Trust Anchor) creates Credential for Credential Request"),
    ("17", "Prover processes and stores Credential"),
    ("18", "Prover gets the Proof Request"),
    ("19", "Prover gets Credentials for attr1_referent and predicate1_referent"),
    ("20", "Prover creates Proof for Proof Request"),
    ("21", "Verifier is verifying proof from Prover"),
    ("22", "Closing both wallets and the pool"),
    ("23", "Deleting both wallets"),
    ("24", "Deleting pool ledger config"),
];

/// A directory with room for a home.
pub struct Walkthrough {
    sandbox: Sandbox,
}

impl Walkthrough {
    /// Makes an empty directory.
    pub fn new() -> Self {
        Self { sandbox: Sandbox::new(env!("CARGO_BIN_EXE_negotiate-proof")) }
    }

    /// Makes a directory whose home has finished its steps up to this one.
    pub fn after_step(step: u8) -> Self {
        let walkthrough = Self::new();
        walkthrough.run_at_home(&["--quiet", "--until", &step.to_string()]).succeeded();
        walkthrough
    }

    /// Returns the home.
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Returns a file of the home.
    pub fn home_file(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    /// Returns the file that a step handed over.
    pub fn state_path(&self, step: u8) -> PathBuf {
        self.home_file(&format!("state/step{step}.json"))
    }

    /// Reads what a step handed over.
    pub fn state(&self, step: u8) -> Value {
        serde_json::from_slice(&fs::read(self.state_path(step)).unwrap()).unwrap()
    }

    /// Changes what a step handed over.
    pub fn change_state(&self, step: u8, change: impl FnOnce(&mut Value)) {
        let mut state = self.state(step);
        change(&mut state);
        fs::write(self.state_path(step), state.to_string()).unwrap();
    }

    /// Returns the steps whose hand-overs are in the home.
    pub fn finished_steps(&self) -> Vec<u8> {
        (2..=5).filter(|&step| self.state_path(step).exists()).collect()
    }

    /// Returns the program with the test key.
    pub fn program(&self) -> Command {
        let mut program = self.program_without_key();
        program.args(["--prepared-key", keys::GVT_PATH]);
        program
    }

    /// Returns the program without a key.
    pub fn program_without_key(&self) -> Command {
        self.sandbox.program()
    }

    /// Returns the program with these arguments, and with the test key where one is needed: by the
    /// whole walkthrough, and by a step.
    pub fn program_with(&self, arguments: &[&str]) -> Command {
        let mut program = self.program_without_key();
        program.args(arguments);
        if arguments.first().is_none_or(|first| first.starts_with('-') || *first == "step") {
            program.args(["--prepared-key", keys::GVT_PATH]);
        }
        program
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(self.program_with(arguments))
    }

    /// Runs the program in the home to its end.
    pub fn run_at_home(&self, arguments: &[&str]) -> Finished {
        let mut program = self.program_with(arguments);
        program.arg("--home").arg(self.home());
        Finished::of(program)
    }
}

impl Deref for Walkthrough {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

/// Returns the numbers of the actions that a run with `--json` printed.
#[track_caller]
pub fn actions(run: &Finished) -> Vec<String> {
    run.lines().iter().filter_map(action_number).collect()
}

/// Reads output until the program has printed this action.
#[track_caller]
pub fn read_up_to(running: &mut Running, action: &str) {
    loop {
        let line = running.read_line();
        let line = line.unwrap_or_else(|| panic!("the program ended before action {action}"));
        if action_number(&line).as_deref() == Some(action) {
            return;
        }
    }
}

/// Returns the number of the action that a line shows.
pub fn action_number(line: &Value) -> Option<String> {
    match line.get("action")? {
        Value::String(number) => Some(number.clone()),
        number => Some(number.to_string()),
    }
}
