//! A learner's session: a directory, in which the program examines and plays the learner's
//! scenario.
//!
//! ```text
//! lint-XXXXXX/scenario    a scenario that is examined
//! N/scenario, N/home      the N-th scenario that was played, and its home
//! run-N/                  what the pages of the N-th run show, a module for each request
//! ```

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use stdx::task::blocking;
use tempfile::{Builder, TempDir};
use tokio::sync::Semaphore;

use super::{
    files::Files,
    program::{Ended, Program, Work},
    record::Lines,
    refusal::Refusal,
};

/// How many scenarios of a session are examined at a time. A page asks again before it has the
/// answer.
const MAX_LINTS: usize = 2;

/// How many runs are kept.
const MAX_RUNS: u64 = 8;

/// The names of the directories in which the program works.
const SCENARIO: &str = "scenario";
const HOME: &str = "home";

/// The scenarios that `scenario init` writes.
pub const TEMPLATES: [&str; 4] = ["gvt", "payslip", "licence", "passport-or-licence"];

/// A session.
pub struct Session {
    directory: TempDir,
    used: Mutex<Instant>,
    lints: Semaphore,
    played: tokio::sync::Mutex<Played>,
}

/// What was played last.
#[derive(Default)]
struct Played {
    /// The number of the home, counted from 1; 0 if there is none.
    home: u64,
    /// What is played there, if its home is in good order.
    files: Option<Files>,
    lines: Lines,
    /// The number of the last run.
    run: u64,
}

impl Session {
    /// Makes a session in the directory of all.
    pub fn new(all: &Path) -> io::Result<Self> {
        Ok(Self {
            directory: Builder::new().prefix("session-").tempdir_in(all)?,
            used: Mutex::new(Instant::now()),
            lints: Semaphore::new(MAX_LINTS),
            played: tokio::sync::Mutex::default(),
        })
    }

    /// Notes that the session is used.
    pub fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Returns how long the session was not used.
    pub fn unused(&self) -> Duration {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Returns the files of a scenario to begin with.
    pub async fn template(&self, program: &Program, name: &str) -> Result<Value, Refusal> {
        if !TEMPLATES.contains(&name) {
            return Err(Refusal::unknown(format!("there is no template {name}")));
        }
        let place = self.temporary("template-")?;
        let arguments = ["scenario", "init", SCENARIO, "--template", name, "--quiet"];
        let ended = program.run(Work::Quick, place.path(), &arguments).await?;
        if ended.code != Some(0) {
            return Err(self.failure(&ended));
        }
        let directory = place.path().join(SCENARIO);
        let files = blocking(move || Files::load(&directory)).await??;
        Ok(json!({"files": files.to_json(), "command": command(&arguments)}))
    }

    /// Returns what is wrong with a scenario.
    pub async fn lint(&self, program: &Program, files: Files) -> Result<Value, Refusal> {
        let _turn =
            self.lints.acquire().await.map_err(|error| Refusal::unavailable(error.to_string()))?;
        let place = self.temporary("lint-")?;
        let directory = place.path().join(SCENARIO);
        blocking(move || files.write(&directory)).await??;
        let arguments = ["scenario", "lint", SCENARIO, "--json"];
        let ended = program.run(Work::Quick, place.path(), &arguments).await?;
        if !matches!(ended.code, Some(0 | 1)) {
            return Err(self.failure(&ended));
        }
        Ok(json!({
            "findings": lines(&ended.output),
            "code": ended.code,
            "command": command(&arguments[..3]),
        }))
    }

    /// Returns what the verifier would learn from the answers. The credentials are issued for it,
    /// unless they were.
    pub async fn preview(&self, program: &Program, files: Files) -> Result<Value, Refusal> {
        let mut played = self.played.lock().await;
        let issues = self.prepare(&mut played, &files, false).await?;
        let arguments = ["scenario", "preview", SCENARIO, "--home", HOME, "--json"];
        let work = if issues { Work::Long } else { Work::Quick };
        let ended = self.play(program, work, &mut played, files, &arguments).await?;
        let previews = Lines::parse(&ended.output, 0).outcomes;
        Ok(json!({
            "previews": previews,
            "code": ended.code,
            "command": command(&arguments[..5]),
        }))
    }

    /// Plays a scenario, and keeps what its pages show. Where only requests have changed since the
    /// last time, their actions are played again, and what was issued stays as it is; with `anew`,
    /// everything is.
    pub async fn run(&self, program: &Program, files: Files, anew: bool) -> Result<Value, Refusal> {
        let mut played = self.played.lock().await;
        self.prepare(&mut played, &files, anew).await?;
        let arguments = ["--scenario", SCENARIO, "--home", HOME, "--json"];
        let ended = self.play(program, Work::Long, &mut played, files.clone(), &arguments).await?;
        if !played.lines.is_whole() {
            played.files = None;
            return Err(self.failure(&ended));
        }
        let home = self.path(&played.home.to_string());
        let cases = program.run(Work::Quick, &home, &["case", "--home", HOME]).await?;
        let cases = lines(&cases.output);
        played.run += 1;
        let requests = files.requests();
        let answer = json!({
            "run": played.run,
            "requests": requests,
            "outcomes": played.lines.outcomes,
            "code": ended.code,
            "command": command(&arguments[..4]),
        });
        let modules: Vec<String> = requests
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let case = cases.iter().find(|case| case["id"] == json!(name));
                let mut own = answer.clone();
                own["request"] = json!(name);
                own["files"] = files.to_json();
                played.lines.module(index, case, &files, &own)
            })
            .collect();
        let directory = self.path(&format!("run-{}", played.run));
        let oldest = played.run.checked_sub(MAX_RUNS).map(|run| self.path(&format!("run-{run}")));
        blocking(move || -> io::Result<()> {
            fs::create_dir(&directory)?;
            for (index, module) in modules.iter().enumerate() {
                fs::write(directory.join(format!("{index}.js")), module)?;
            }
            if let Some(oldest) = oldest {
                let _ = fs::remove_dir_all(oldest);
            }
            Ok(())
        })
        .await??;
        Ok(answer)
    }

    /// Returns the module that a page of a run shows.
    pub async fn module(&self, run: u64, request: usize) -> Result<String, Refusal> {
        let path = self.path(&format!("run-{run}")).join(format!("{request}.js"));
        blocking(move || fs::read_to_string(path)).await?.map_err(|_| {
            Refusal::unknown("this run is no longer kept; go back to the beginning of the lab")
        })
    }

    /// Writes a scenario where it will be played; returns whether everything has to be issued.
    async fn prepare(
        &self,
        played: &mut Played,
        files: &Files,
        anew: bool,
    ) -> Result<bool, Refusal> {
        files.check_json()?;
        let goes_on =
            played.files.as_ref().is_some_and(|before| before.issues_the_same(files)) && !anew;
        let old = self.path(&played.home.to_string());
        if !goes_on {
            played.home += 1;
            played.lines = Lines::default();
        }
        let new = self.path(&played.home.to_string());
        let files = files.clone();
        blocking(move || -> io::Result<()> {
            if new != old {
                let _ = fs::remove_dir_all(old);
                fs::create_dir(&new)?;
            }
            let scenario = new.join(SCENARIO);
            if scenario.exists() {
                fs::remove_dir_all(&scenario)?;
            }
            files.write(&scenario)
        })
        .await??;
        Ok(!goes_on)
    }

    /// Has the program work on the scenario in its home, and keeps the lines of what it has played.
    /// Where it fails, the home is not used again.
    async fn play(
        &self,
        program: &Program,
        work: Work,
        played: &mut Played,
        files: Files,
        arguments: &[&str],
    ) -> Result<Ended, Refusal> {
        let place = self.path(&played.home.to_string());
        // a run that ends here, because its client has gone, leaves a home that is not used again
        played.files = None;
        let ended = program.run(work, &place, arguments).await?;
        let lines = Lines::parse(&ended.output, files.requests().len());
        let has_failed = ended.code.is_none() || lines.outcomes.is_empty();
        if has_failed {
            return Err(self.failure(&ended));
        }
        let lines = lines.after(&played.lines);
        played.lines = lines;
        played.files = Some(files);
        Ok(ended)
    }

    fn temporary(&self, prefix: &str) -> io::Result<TempDir> {
        Builder::new().prefix(prefix).tempdir_in(self.directory.path())
    }

    /// Returns what the program said, without the place of this session.
    fn failure(&self, ended: &Ended) -> Refusal {
        let place = self.directory.path().display().to_string();
        Refusal::failed(ended.failure().replace(&place, ""))
    }
}

/// Returns the command that gives the same answer in a terminal.
fn command(arguments: &[&str]) -> String {
    format!("negotiate-proof {}", arguments.join(" "))
}

fn lines(output: &str) -> Vec<Value> {
    output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
