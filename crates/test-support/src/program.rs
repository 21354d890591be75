//! Where a test plays: a directory of its own, in which it runs the program.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Stdio},
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tempfile::TempDir;

/// A key for the tutorial's schema, made in advance.
pub const TEST_KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/indy/tests/fixtures/TEST-KEY-gvt.json"
);

/// A key for another schema.
pub const OTHER_KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/indy/tests/fixtures/TEST-KEY-degree.json"
);

/// No run takes as long; one that waits for something that never comes does.
const TOO_LONG: Duration = Duration::from_secs(300);

/// What the caller's environment must not decide.
const VARIABLES: [&str; 8] = [
    "NEGOTIATE_PROOF_REGISTRY",
    "NEGOTIATE_PROOF_WALLET",
    "NEGOTIATE_PROOF_GENESIS",
    "INDY_POOL_CLIENT",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "TERM",
];

/// The tutorial's actions: their numbers and labels.
pub const ACTIONS: [(&str, &str); 25] = [
    (
        "1",
        "Creates a new local pool ledger configuration that is used later when connecting to ledger.",
    ),
    ("2", "Open pool ledger and get its handle"),
    (
        "3",
        "Creating Issuer wallet and opening it to get the handle.",
    ),
    ("4", "Generating and storing steward DID and verkey"),
    ("5", "Generating and storing trust anchor DID and verkey"),
    (
        "6",
        "Building NYM request to add Trust Anchor to the ledger",
    ),
    ("7", "Sending NYM request to the ledger"),
    ("8", "Issuer create Credential Schema"),
    (
        "9",
        "Build the SCHEMA request to add new schema to the ledger as a Steward",
    ),
    ("10", "Sending the SCHEMA request to the ledger"),
    (
        "11",
        "Creating and storing Credential Definition using anoncreds as Trust Anchor, for the given Schema",
    ),
    (
        "11b",
        "Sending the CRED_DEF request to the ledger as Trust Anchor",
    ),
    (
        "12",
        "Creating Prover wallet and opening it to get the handle",
    ),
    ("13", "Prover is creating Link Secret"),
    (
        "14",
        "Issuer (Trust Anchor) is creating a Credential Offer for Prover",
    ),
    (
        "15",
        "Prover creates Credential Request for the given credential offer",
    ),
    (
        "16",
        "Issuer (Trust Anchor) creates Credential for Credential Request",
    ),
    ("17", "Prover processes and stores Credential"),
    ("18", "Prover gets the Proof Request"),
    (
        "19",
        "Prover gets Credentials for attr1_referent and predicate1_referent",
    ),
    ("20", "Prover creates Proof for Proof Request"),
    ("21", "Verifier is verifying proof from Prover"),
    ("22", "Closing both wallets and the pool"),
    ("23", "Deleting both wallets"),
    ("24", "Deleting pool ledger config"),
];

/// A directory with room for a home and for the program's temporary files.
pub struct Scene {
    directory: TempDir,
}

impl Scene {
    /// An empty scene.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("temporary")).unwrap();
        Self { directory }
    }

    /// A scene whose home has finished its steps up to this one.
    pub fn after_step(step: u8) -> Self {
        let scene = Self::new();
        scene
            .run_at_home(&["--quiet", "--until", &step.to_string()])
            .succeeded();
        scene
    }

    /// A path in this scene.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The home that the tests of this scene share.
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// A file of the home.
    pub fn home_file(&self, name: &str) -> PathBuf {
        self.home().join(name)
    }

    /// What a step handed over.
    pub fn state_path(&self, step: u8) -> PathBuf {
        self.home_file(&format!("state/step{step}.json"))
    }

    /// What a step handed over, as JSON.
    pub fn state(&self, step: u8) -> Value {
        serde_json::from_slice(&fs::read(self.state_path(step)).unwrap()).unwrap()
    }

    /// Change what a step handed over.
    pub fn change_state(&self, step: u8, change: impl FnOnce(&mut Value)) {
        let mut state = self.state(step);
        change(&mut state);
        fs::write(self.state_path(step), state.to_string()).unwrap();
    }

    /// The steps whose hand-overs are in the home.
    pub fn finished_steps(&self) -> Vec<u8> {
        (2..=5)
            .filter(|&step| self.state_path(step).exists())
            .collect()
    }

    /// What is left in the directory for temporary files.
    pub fn left_behind(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("temporary")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// The program, with the test key and an environment of its own.
    pub fn program(&self) -> std::process::Command {
        let mut program = self.program_without_key();
        program.args(["--prepared-key", TEST_KEY]);
        program
    }

    /// The program, with an environment of its own.
    pub fn program_without_key(&self) -> std::process::Command {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_negotiate-proof"));
        for variable in VARIABLES {
            program.env_remove(variable);
        }
        program
            .env("TMPDIR", self.path("temporary"))
            .current_dir(self.directory.path());
        program
    }

    /// Run the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let mut program = self.program();
        program.args(arguments);
        Outcome::of(program)
    }

    /// Run the program in this scene's home to its end.
    pub fn run_at_home(&self, arguments: &[&str]) -> Outcome {
        let mut program = self.program();
        program.arg("--home").arg(self.home()).args(arguments);
        Outcome::of(program)
    }
}

/// How a run ended, and what it said.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// Run a program to its end. It may fail, but not panic.
    pub fn of(program: std::process::Command) -> Self {
        Self::with_input(program, "")
    }

    /// Run a program that reads `input` and then finds its input closed.
    pub fn with_input(program: std::process::Command, input: &str) -> Self {
        let output = assert_cmd::Command::from_std(program)
            .timeout(TOO_LONG)
            .write_stdin(input)
            .output()
            .unwrap();
        let outcome = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        outcome
    }

    /// The run must have ended well, without a word on standard error.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        assert_eq!(self.stderr, "");
        self
    }

    /// The run must have failed with this exit code and an error that says all of this.
    #[track_caller]
    pub fn failed(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        let error = self.stderr.lines().find(|line| line.starts_with("error: "));
        assert!(
            error.is_some(),
            "no line starts with `error:`: {}",
            self.stderr
        );
        for words in said {
            assert!(
                self.stderr.contains(words),
                "not {words:?}: {}",
                self.stderr
            );
        }
        self
    }

    /// The lines of standard output, each of them JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).expect(line))
            .collect()
    }

    /// The last line of standard output, which must be JSON.
    #[track_caller]
    pub fn last_line(&self) -> Value {
        self.lines().pop().expect("output")
    }

    /// The numbers of the actions that were told in JSON.
    #[track_caller]
    pub fn actions(&self) -> Vec<String> {
        self.lines().iter().filter_map(action_number).collect()
    }
}

/// The number of the action that a line tells of.
pub fn action_number(line: &Value) -> Option<String> {
    match line.get("action")? {
        Value::String(number) => Some(number.clone()),
        number => Some(number.to_string()),
    }
}

/// A run with `--json` that has not ended.
pub struct Running {
    pub child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    /// Start a program, whose standard output must be JSON.
    pub fn start(program: std::process::Command) -> Self {
        Self::start_with(program, Stdio::null())
    }

    /// Start a program that can wait for input.
    pub fn start_with_open_input(program: std::process::Command) -> Self {
        Self::start_with(program, Stdio::piped())
    }

    fn start_with(mut program: std::process::Command, input: Stdio) -> Self {
        let mut child = program
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// Read the next line; `None` if the program has ended.
    #[track_caller]
    pub fn read_line(&mut self) -> Option<Value> {
        let mut line = String::new();
        match self.stdout.read_line(&mut line).unwrap() {
            0 => None,
            _ => Some(serde_json::from_str(&line).expect(&line)),
        }
    }

    /// Read until the program has told of this action.
    #[track_caller]
    pub fn read_up_to(&mut self, action: &str) {
        loop {
            let line = self.read_line();
            let line = line.unwrap_or_else(|| panic!("the program ended before action {action}"));
            if action_number(&line).as_deref() == Some(action) {
                return;
            }
        }
    }

    /// Press Enter.
    pub fn press_enter(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Read what is still told, and wait for the end. Returns the exit code and standard error.
    pub fn finish(mut self) -> (Option<i32>, String) {
        std::io::copy(&mut self.stdout, &mut std::io::sink()).unwrap();
        self.stop_listening()
    }

    /// Close the pipe, and wait for the end. Returns the exit code and standard error.
    pub fn stop_listening(self) -> (Option<i32>, String) {
        drop(self.stdout);
        let output = self.child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (output.status.code(), stderr)
    }
}

/// All files under a directory, with their contents and the times of their last change. The lock
/// file is left out: to take a lock may touch it.
pub fn contents(directory: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                directories.push(path);
            } else if entry.file_name() != ".lock" {
                let changed = entry.metadata().unwrap().modified().unwrap();
                files.insert(path.clone(), (fs::read(&path).unwrap(), changed));
            }
        }
    }
    files
}
