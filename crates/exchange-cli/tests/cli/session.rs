//! A session of the program: a directory with the homes, the registry and the files of one
//! exchange.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use test_support::program::{Finished, Running, Sandbox};

/// A directory whose registry is `registry`, and whose homes are its directories.
pub struct Session {
    sandbox: Sandbox,
}

impl Session {
    /// Makes an empty directory.
    pub fn new() -> Self {
        Self { sandbox: Sandbox::new(env!("CARGO_BIN_EXE_proof-exchange")) }
    }

    /// Makes a directory with the files of an example.
    pub fn with_files_of(example: &str) -> Self {
        let session = Self::new();
        session.run(&["example", example, "."]).succeeded();
        session
    }

    /// Makes a directory with the files of the credit-card example, in which Alex has its ten
    /// credentials.
    pub fn with_credentials() -> Self {
        let session = Self::with_files_of("credit-card");
        session.run(&["issue", "orders.json", "--home", "alex"]).succeeded();
        session
    }

    /// Returns the directory, in which any program can be run.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Returns a path in the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path(name)
    }

    /// Reads a file of JSON.
    #[track_caller]
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect(name)).expect(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: &Value) {
        fs::write(self.path(name), content.to_string()).unwrap();
    }

    /// Writes a changed copy of a file.
    pub fn write_changed(&self, from: &str, to: &str, change: impl FnOnce(&mut Value)) {
        let mut content = self.json(from);
        change(&mut content);
        self.write(to, &content);
    }

    /// Returns the program with these arguments.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut program = self.sandbox.program();
        program.args(arguments);
        program
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(self.program(arguments))
    }

    /// Runs the program with `--json` to its end. Returns the exit code, and the lines, each of
    /// which must be an object.
    #[track_caller]
    pub fn run_json(&self, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
        let mut program = self.program(arguments);
        program.arg("--json");
        let outcome = Finished::of(program);
        assert_eq!(outcome.stderr, "");
        let lines = outcome.lines();
        assert!(lines.iter().all(Value::is_object), "{lines:?}");
        (outcome.code, lines)
    }

    /// Makes the bank's request of `criteria.json`, in `request.json`. Returns its URL.
    pub fn request(&self, server: &str) -> String {
        let (code, lines) = self.run_json(&[
            "request",
            "criteria.json",
            "--home",
            "bank",
            "--url",
            server,
            "--output",
            "request.json",
        ]);
        assert_eq!(code, Some(0));
        lines[0]["url"].as_str().unwrap().to_owned()
    }

    /// Makes Alex's response to `request.json`, in `response.json`, without sending it.
    #[track_caller]
    pub fn respond_in_file(&self) {
        let arguments = ["respond", "request.json", "--home", "alex", "--yes"];
        let outcome =
            self.run(&[&arguments[..], &["--output", "response.json", "--no-send"]].concat());
        outcome.succeeded();
    }

    /// Reads the responses that the bank has accepted.
    pub fn accepted(&self) -> Vec<Value> {
        let entries = fs::read_dir(self.path("bank/exchange/accepted")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.file_name().unwrap() != ".lock")
            .map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
            .collect()
    }
}

/// Returns the name of each check that failed by a verdict, whose exit code must fit.
#[track_caller]
pub fn failed_checks((code, lines): (Option<i32>, Vec<Value>)) -> Vec<String> {
    let verdict = lines.last().expect("a verdict");
    let checks = verdict["checks"].as_array().expect("checks");
    let mut failed: Vec<String> = checks
        .iter()
        .filter(|check| check["outcome"] == "failed")
        .map(|check| check["check"].as_str().unwrap().to_owned())
        .collect();
    // a check that found several things wrong has an element for each
    failed.dedup();
    let expected = match failed.is_empty() {
        true => (Some(0), &json!("verified")),
        false => (Some(1), &json!("rejected")),
    };
    assert_eq!((code, &verdict["verdict"]), expected, "{verdict:#}");
    failed
}

/// A running `proof-exchange serve`, killed when it is dropped.
pub struct Server {
    running: Option<Running>,
    /// Its URL, without the slash at the end.
    pub url: String,
}

impl Server {
    /// Serves the home `bank` on a free port.
    pub fn start(session: &Session, arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", session, arguments)
    }

    /// Serves the home `bank` at an address.
    pub fn start_at(address: &str, session: &Session, arguments: &[&str]) -> Self {
        // a home has nothing to serve before its first request
        if !session.path("bank").exists() {
            session.request("http://127.0.0.1:8700");
        }
        let mut program = session.program(&["serve", "--home", "bank", "--listen", address]);
        program.args(arguments).arg("--json");
        Self::of(Running::start(program))
    }

    /// Serves the home `bank` on a free port, with a standard error that the caller holds.
    pub fn start_with_errors_to(errors: Stdio, session: &Session) -> Self {
        let mut program = session.program(&["serve", "--home", "bank", "--listen", "127.0.0.1:0"]);
        program.arg("--json");
        Self::of(Running::start_with_errors_to(errors, program))
    }

    fn of(mut running: Running) -> Self {
        let Some(first) = running.read_line() else {
            panic!("{:?}", running.finish());
        };
        let url = first["serving"].as_str().unwrap().trim_end_matches('/');
        Self { running: Some(running), url: url.to_owned() }
    }

    fn running(&mut self) -> &mut Running {
        self.running.as_mut().expect("it runs")
    }

    /// Returns the id of its process.
    pub fn process(&mut self) -> u32 {
        self.running().child.id()
    }

    /// Reads the next decision that it prints.
    pub fn decision(&mut self) -> Value {
        self.running().read_line().expect("a decision")
    }

    /// Waits for its end. Returns the exit code and standard error.
    pub fn finish(mut self) -> (Option<i32>, String) {
        self.running.take().expect("it runs").finish()
    }

    /// Waits for its end, without reading its output. `None` if it does not end within a minute.
    pub fn exit_code(&mut self) -> Option<i32> {
        let child = &mut self.running().child;
        for _ in 0..600 {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(100));
        }
        None
    }

    /// Kills it.
    pub fn kill(mut self) {
        self.kill_now();
    }

    fn kill_now(&mut self) {
        if let Some(mut running) = self.running.take() {
            // a process that has ended already is no error
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }

    /// Sends a body to the `proofURL` of a request. Returns the status, and the answer.
    pub fn post(&self, request: &Value, body: &[u8]) -> (u16, Value) {
        let path = format!("/responses/{}", request["id"].as_str().unwrap());
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect(&answer);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).expect(&answer))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_now();
    }
}
