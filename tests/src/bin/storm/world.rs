//! What all rounds need: the programs, homes to copy, and runs that may neither panic nor hang.

use std::{
    collections::BTreeMap,
    env, fs,
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use workspace_tests::root;

/// The longest run; the slowest takes some seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// What was done, and how often.
pub type Counts = BTreeMap<String, u64>;

/// The programs and the homes that rounds begin with.
pub struct World {
    programs: PathBuf,
    /// How long a whole walkthrough takes here, and an issuance of the exchange.
    pub walkthrough_time: Duration,
    pub issue_time: Duration,
    directory: TempDir,
}

impl World {
    /// Makes the homes: a walkthrough after step 4, and a holder with the ten credentials of the
    /// worked example.
    pub fn new() -> Result<Self> {
        let program = env::current_exe()?;
        let programs = program.parent().context("the programs' directory")?.to_owned();
        ensure!(
            programs.join("proof-exchange").exists() && programs.join("negotiate-proof").exists(),
            "the programs are not in {}; build them with `just build`",
            programs.display()
        );
        let directory = tempfile::tempdir()?;
        let (walkthrough_time, issue_time) = (Duration::ZERO, Duration::ZERO);
        let mut world = Self { programs, walkthrough_time, issue_time, directory };
        let template = world.path("template");
        fs::create_dir(&template)?;

        let begun = Instant::now();
        world.run(world.walkthrough(&template).args(["--until", "4"]))?.expect(&[0])?;
        world.walkthrough_time = begun.elapsed();
        world.run(world.exchange(&template).args(["example", "credit-card", "."]))?.expect(&[0])?;
        let begun = Instant::now();
        let issue = ["issue", "orders.json", "--home", "alex"];
        world.run(world.exchange(&template).args(issue))?.expect(&[0])?;
        world.issue_time = begun.elapsed();
        let request = ["request", "criteria.json", "--home", "bank", "--output", "request.json"];
        world.run(world.exchange(&template).args(request))?.expect(&[0])?;
        world.respond_in_file(&template)?.expect(&[0])?;

        // the same credentials from another home, as a file
        let holder = world
            .run(world.exchange(&template).args(["holder", "--home", "alex"]))?
            .expect(&[0])?;
        let mut issue = world.exchange(&template);
        issue.args([
            "issue",
            "orders.json",
            "--home",
            "mill",
            "--output",
            "alex.jsonl",
            "--subject",
        ]);
        world.run(issue.arg(holder.stdout.trim()))?.expect(&[0])?;
        Ok(world)
    }

    /// Returns a path in the storm's own directory.
    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns the directory with the homes and files that rounds copy.
    pub fn template(&self) -> PathBuf {
        self.path("template")
    }

    /// Makes the directory of a round, with copies of these entries of the template.
    pub fn begin(&self, copied: &[&str]) -> Result<PathBuf> {
        let place = self.path("round");
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::create_dir(&place)?;
        for name in copied {
            copy(&self.template().join(name), &place.join(name))?;
        }
        Ok(place)
    }

    /// Keeps the directory, for a person to look at.
    pub fn keep(self) -> PathBuf {
        self.directory.keep()
    }

    /// Returns `negotiate-proof` on the home `home`, with the test key.
    pub fn walkthrough(&self, place: &Path) -> Command {
        let key = root().join("crates/test-support/fixtures/TEST-KEY-gvt.json");
        let mut program = self.program("negotiate-proof", place);
        program.args(["--json", "--home", "home", "--prepared-key"]).arg(key);
        program
    }

    /// Returns a program.
    pub fn program(&self, name: &str, place: &Path) -> Command {
        let mut program = Command::new(self.programs.join(name));
        for variable in
            ["NEGOTIATE_PROOF_REGISTRY", "NEGOTIATE_PROOF_WALLET", "NEGOTIATE_PROOF_GENESIS"]
        {
            program.env_remove(variable);
        }
        program.current_dir(place).stdin(Stdio::null());
        program
    }

    /// Returns `proof-exchange`.
    pub fn exchange(&self, place: &Path) -> Command {
        self.program("proof-exchange", place)
    }

    /// Has Alex answer `request.json` in `response.json`, without sending it.
    pub fn respond_in_file(&self, place: &Path) -> Result<Run> {
        let mut respond = self.exchange(place);
        respond.args(["respond", "request.json", "--home", "alex", "--yes", "--no-send"]);
        self.run(respond.args(["--output", "response.json"]))
    }

    /// Runs a program to its end. It may fail, but neither panic nor take longer than [`LIMIT`].
    pub fn run(&self, command: &mut Command) -> Result<Run> {
        self.spawn(command)?.end(LIMIT).and_then(|(run, in_time)| {
            ensure!(in_time, "{command:?} does not end within {LIMIT:?}");
            run.checked()
        })
    }

    /// Runs a program and kills it (SIGKILL) after some time, unless it ended before. Returns
    /// whether it was killed.
    pub fn kill_after(&self, command: &mut Command, time: Duration) -> Result<(Run, bool)> {
        let (run, ended) = self.spawn(command)?.end(time)?;
        Ok((if ended { run.checked()? } else { run }, !ended))
    }

    /// Starts a program whose output goes to files.
    pub fn spawn(&self, command: &mut Command) -> Result<Running> {
        // two programs of a round may run at once
        let files = tempfile::Builder::new().prefix("output-").tempdir_in(self.directory.path())?;
        let (stdout, stderr) = (files.path().join("stdout"), files.path().join("stderr"));
        command.stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
        let child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
        Ok(Running { shown: format!("{command:?}"), child, files })
    }
}

/// A program that runs.
pub struct Running {
    shown: String,
    child: Child,
    files: TempDir,
}

impl Running {
    /// Waits for the end, at most so long, and kills it then. Returns whether it ended by itself.
    pub fn end(mut self, limit: Duration) -> Result<(Run, bool)> {
        let begun = Instant::now();
        let mut ended = self.child.try_wait()?;
        while ended.is_none() && begun.elapsed() < limit {
            thread::sleep(Duration::from_millis(2));
            ended = self.child.try_wait()?;
        }
        if ended.is_none() {
            self.child.kill()?;
        }
        let status = self.child.wait()?;
        let read = |name: &str| -> Result<String> {
            Ok(String::from_utf8_lossy(&fs::read(self.files.path().join(name))?).into_owned())
        };
        let (stdout, stderr) = (read("stdout")?, read("stderr")?);
        Ok((Run { shown: self.shown, code: status.code(), stdout, stderr }, ended.is_some()))
    }
}

/// A run that has ended.
pub struct Run {
    shown: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Refuses a panic, and an end that is none of the programs' own.
    fn checked(self) -> Result<Self> {
        let panicked = self.stderr.contains("panicked at");
        match self.code {
            Some(0..=2) if !panicked => Ok(self),
            code => bail!("{} ended with {code:?}:\n{}", self.shown, self.stderr),
        }
    }

    /// Refuses other exit codes.
    pub fn expect(self, codes: &[i32]) -> Result<Self> {
        match self.code {
            Some(code) if codes.contains(&code) => Ok(self),
            code => bail!("{} ended with {code:?}:\n{}{}", self.shown, self.stdout, self.stderr),
        }
    }

    /// Returns the lines of JSON that are whole.
    pub fn lines(&self) -> impl Iterator<Item = Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok())
    }
}

/// A server of `proof-exchange serve`, killed when it is dropped.
pub struct Server(Child);

impl Server {
    /// Serves the home `bank` at a port, and waits until it says so.
    pub fn start(world: &World, place: &Path, port: u16) -> Result<Self> {
        let mut serve = world.exchange(place);
        serve.args(["serve", "--home", "bank", "--json", "--listen", &format!("127.0.0.1:{port}")]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("a pipe")?;
        let mut server = Self(child);
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line)?;
        if !line.contains("serving") {
            server.0.kill()?;
            let error = server.0.stderr.take().map(std::io::read_to_string).transpose()?;
            bail!("the server does not start: {}", error.unwrap_or_default());
        }
        // its output is read on, so that the server does not find it closed
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // one that has ended already is no error
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Makes the bank's request for a server at a free port. Returns the port and the request's id.
pub fn request(world: &World, place: &Path) -> Result<(u16, String)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut request = world.exchange(place);
    request.args([
        "request",
        "criteria.json",
        "--home",
        "bank",
        "--output",
        "request.json",
        "--url",
    ]);
    world.run(request.arg(format!("http://127.0.0.1:{port}")))?.expect(&[0])?;
    let document: Value = serde_json::from_slice(&fs::read(place.join("request.json"))?)?;
    let id = document["id"].as_str().context("the request's id")?;
    Ok((port, id.to_owned()))
}

/// Returns how many responses the bank has stored as accepted.
pub fn accepted(place: &Path) -> Result<usize> {
    let names = match fs::read_dir(place.join("bank/exchange/accepted")) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?,
        Err(_) => Vec::new(),
    };
    Ok(names.iter().filter(|name| name.to_string_lossy().ends_with(".json")).count())
}

/// Returns all files under a directory, in order.
pub fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
