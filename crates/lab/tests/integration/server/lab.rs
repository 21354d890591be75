//! The lab's server as a process, and a browser's requests.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The longest answer: a run waits for its turn.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A server, with a directory for its temporary files.
pub struct Lab {
    child: Child,
    directory: TempDir,
    address: String,
    /// `/TOKEN/`.
    pub learners: String,
    /// `/TOKEN/teacher`.
    pub teacher: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The lines of the head, in small letters.
    pub head: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).expect(&self.body)
    }
}

/// Returns the program `negotiate-proof`, which must be built.
pub fn program() -> PathBuf {
    let lab = Path::new(env!("CARGO_BIN_EXE_negotiate-proof-lab"));
    let program = lab.with_file_name(format!("negotiate-proof{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing; build it: cargo build --release --workspace --bins",
        program.display()
    );
    program
}

impl Lab {
    pub fn start(arguments: &[&str]) -> Self {
        program();
        Self::start_program(Path::new(env!("CARGO_BIN_EXE_negotiate-proof-lab")), arguments)
    }

    pub fn start_program(program: &Path, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("temporary")).unwrap();
        let mut child = Command::new(program)
            .args(arguments)
            .env("TMPDIR", directory.path().join("temporary"))
            // it must not be used
            .env("NEGOTIATE_PROOF_WALLET", "postgres://nowhere.invalid/x")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said: Vec<String> = lines.take(3).map(Result::unwrap).collect();
        let url = |line: &str| line.split_whitespace().last().unwrap().to_owned();
        let path = |url: &str| {
            let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
            (address.to_owned(), format!("/{path}"))
        };
        let ((address, learners), (_, teacher)) = (path(&url(&said[0])), path(&url(&said[1])));
        Self { child, directory, address, learners, teacher }
    }

    /// Sends a request as it is, with the path that follows the host, and returns the answer.
    pub fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // a server may answer before it has everything
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn host(&self) -> String {
        format!("host: {}\r\n", self.address)
    }

    /// Gets a file of the learners' page.
    pub fn get(&self, path: &str) -> Answer {
        self.get_at(&format!("{}{path}", self.learners))
    }

    /// Gets what is at a path with its token.
    pub fn get_at(&self, path: &str) -> Answer {
        self.send("GET", path, &self.host(), b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let path = format!("{}api/{path}", self.learners);
        self.send("POST", &path, &self.host(), body.to_string().as_bytes())
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", &format!("{}api/{path}", self.learners), &self.host(), b"")
    }

    /// Begins a session.
    pub fn begin(&self) -> String {
        let begun = self.post("sessions", &json!({})).json();
        begun["session"].as_str().unwrap().to_owned()
    }

    /// Returns the files of a template.
    pub fn template(&self, session: &str, name: &str) -> Value {
        let made = self.post(&format!("sessions/{session}/template/{name}"), &json!({})).json();
        made["files"].clone()
    }

    /// Has a session do something with files.
    pub fn work(&self, session: &str, what: &str, files: &Value) -> Answer {
        self.post(&format!("sessions/{session}/{what}"), &json!({ "files": files }))
    }

    /// Returns what the page of a run shows.
    pub fn recorded(&self, session: &str, run: &Value, request: usize) -> Value {
        let module = self.get(&format!("run/{session}/{run}/{request}/case.js"));
        assert_eq!(module.status, 200, "{}", module.body);
        let (_, text) = module.body.split_once("JSON.parse(").unwrap();
        let text: String = serde_json::from_str(text.trim_end().trim_end_matches(')')).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Returns what is in the directory for temporary files.
    pub fn temporary(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.directory.path().join("temporary")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Asks the process to end, as Ctrl-C does.
    pub fn interrupt(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    /// Waits for the end of the process, and returns its exit code.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Returns the processes that it has started.
    #[cfg(target_os = "linux")]
    pub fn children(&self) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of = |task: PathBuf| fs::read_to_string(task.join("children")).unwrap_or_default();
        let children: Vec<String> = tasks.map(|task| of(task.unwrap().path())).collect();
        children.concat().split_whitespace().map(str::to_owned).collect()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
