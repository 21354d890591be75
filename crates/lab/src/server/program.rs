//! `negotiate-proof` as a child process.

use std::{
    env::{self, consts::EXE_SUFFIX},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::available_parallelism,
    time::Duration,
};

use stdx::task::blocking;
use tokio::{sync::Semaphore, time::timeout};

use super::refusal::Refusal;

const NAME: &str = "negotiate-proof";

/// The most bytes that a child may print.
const MAX_OUTPUT: u64 = 32 << 20;

/// Variables that would have a learner's scenario use the wallets or the ledger of the one who
/// started the server.
const VARIABLES: [&str; 3] =
    ["NEGOTIATE_PROOF_WALLET", "NEGOTIATE_PROOF_GENESIS", "INDY_POOL_CLIENT"];

/// How much a child has to do. Children of each kind wait for each other only, so that an answer of
/// ten milliseconds does not wait for one of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It reads and prints.
    Quick,
    /// It issues credentials and makes proofs.
    Long,
}

impl Work {
    /// Returns how long a child may run.
    fn limit(self) -> Duration {
        match self {
            Self::Quick => Duration::from_secs(30),
            Self::Long => Duration::from_secs(180),
        }
    }
}

/// A child that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Ended {
    /// Returns what the program said of its failure, without advice that holds in a terminal only.
    pub fn failure(&self) -> String {
        let Some(code) = self.code else {
            return format!(
                "{NAME} was stopped by a signal, perhaps for lack of memory; try again, or give it less to do"
            );
        };
        let is_advice = |line: &str| line.starts_with("what is finished is kept");
        let lines: Vec<&str> = self.errors.lines().filter(|line| !is_advice(line)).collect();
        match lines.join("\n").trim() {
            "" => format!("{NAME} ended with the code {code} and said nothing"),
            said => said.trim_start_matches("error: ").to_owned(),
        }
    }
}

/// The program, and how many of it may run.
pub struct Program {
    path: PathBuf,
    quick: Semaphore,
    long: Semaphore,
}

impl Program {
    /// Finds the program beside this one, in the same version; otherwise returns what to do.
    pub async fn beside_this_one() -> Result<Self, String> {
        let own = env::current_exe().map_err(|error| error.to_string())?;
        let path = own.with_file_name(format!("{NAME}{EXE_SUFFIX}"));
        let shown = path.display().to_string();
        let advice = |what: &str| {
            format!(
                "{what}, so that there are no scenarios of one's own and no homes; build it with `cargo build --release`"
            )
        };
        if !path.is_file() {
            return Err(advice(&format!("there is no {shown}")));
        }
        let parallel = available_parallelism().map_or(2, usize::from);
        let program =
            Self { path, quick: Semaphore::new(parallel), long: Semaphore::new(parallel) };
        let ended = program.run(Work::Quick, Path::new("."), &["--version"]).await;
        let ended = ended.map_err(|_| advice(&format!("{shown} cannot be run")))?;
        let version = ended.output.trim().trim_start_matches(NAME).trim();
        match env!("CARGO_PKG_VERSION") {
            own if own == version => Ok(program),
            own => Err(advice(&format!("{shown} has version {version:?} and not {own}"))),
        }
    }

    /// Runs the program in a directory to its end, when it is its turn. A child whose answer is no
    /// longer wanted, because this future was dropped, is killed.
    pub async fn run(
        &self,
        work: Work,
        directory: &Path,
        arguments: &[&str],
    ) -> Result<Ended, Refusal> {
        let turns = match work {
            Work::Quick => &self.quick,
            Work::Long => &self.long,
        };
        // the semaphores are never closed
        let _turn =
            turns.acquire().await.map_err(|error| Refusal::unavailable(error.to_string()))?;
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let mut running = Running(blocking(move || command.spawn()).await??);
        let (output, errors) = (running.0.stdout.take(), running.0.stderr.take());
        let both = async {
            let output = blocking(move || read_to_end(output));
            tokio::try_join!(output, blocking(move || read_to_end(errors)))
        };
        let limit = work.limit();
        let (output, errors) = timeout(limit, both).await.map_err(|_| {
            Refusal::failed(format!(
                "negotiate-proof was ended after {} seconds; give it less to do",
                limit.as_secs()
            ))
        })??;
        let (output, errors) = (output?, errors?);
        // it has closed its output, so that it is at its end
        let status = blocking(move || running.0.wait()).await??;
        Ok(Ended { code: status.code(), output, errors })
    }
}

/// Reads what a child prints, within the limit.
fn read_to_end(pipe: Option<impl Read>) -> io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(MAX_OUTPUT + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > MAX_OUTPUT {
        let message = format!("negotiate-proof printed more than {} MiB", MAX_OUTPUT >> 20);
        return Err(io::Error::other(message));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A child that is killed when this is dropped. To kill one that has been waited for does nothing.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: Option<i32>, errors: &str) -> String {
        Ended { code, output: String::new(), errors: errors.to_owned() }.failure()
    }

    #[test]
    fn a_failure_is_told_without_advice_for_a_terminal() {
        let errors = "error: in action 4 (x): no space\nwhat is finished is kept; run it again\n";
        assert_eq!(failure(Some(2), errors), "in action 4 (x): no space");
        assert!(failure(Some(2), "\n").contains("the code 2"));
        assert!(failure(None, errors).contains("by a signal"));
    }
}
