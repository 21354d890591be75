//! `negotiate-proof verify`: whether presentations in files are verified, and if not, why not.
//!
//! | module | subject |
//! |---|---|
//! | `cases` | the cases in a file |
//! | `expected` | what a case of a regression test expects |
//! | `nonces` | the nonces that have been accepted, in a file |
//! | `policy` | what is required, from options and a file |
//! | `reporter` | how verdicts are printed |

mod cases;
mod expected;
mod nonces;
mod policy;
mod reporter;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Error, Result, anyhow};
use clap::{Args, ValueHint};
use futures_util::{StreamExt, TryStreamExt, stream};
use indy::anoncreds::{AcceptedOnce, MemoryFailure, Verifier};
use proofs::{
    Case, CaseError, Check, Failure, Verdict,
    limits::{MAX_BYTES, MAX_CASE_BYTES},
};
use stdx::task::blocking;
use tokio::sync::mpsc;
use tutorial::{Status, input};

use cases::{Content, Text, Texts};
use expected::Expected;
use policy::PolicyOptions;
use reporter::{Checked, ReporterOptions};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof verify alex.json
  negotiate-proof verify --json monday.jsonl tuesday.jsonl \\
    | jq -c 'select(.verdict == \"rejected\")'
  negotiate-proof case --home alex | negotiate-proof verify -
  negotiate-proof verify --engine cl --used-nonces used.txt -

Exit codes:
  0    all cases are verified, or as they expect
  1    some case is rejected, or not as it expects
  2    some case is undecided, or some case or file could not be read; or a nonce could not be recorded
  141  the reader of the output closed it, so that not all cases were verified";

/// The presentations to verify, and the policy.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// Files of cases; - for standard input. A case has at most 16 MiB
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Accept each nonce once: reject those in FILE, and add those of what is verified
    ///
    /// The file has a checked line for each nonce; a file of an older version, with one nonce a line, is rewritten. A
    /// nonce is on the disk before its verdict is printed. If the file cannot be written, nothing is verified any more
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    used_nonces: Option<PathBuf>,
    /// How many cases are verified at a time; the output is in the order of the input
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u16).range(1..=256),
        conflicts_with = "used_nonces"
    )]
    jobs: u16,
    /// What is required.
    #[command(flatten)]
    policy: PolicyOptions,
    /// How verdicts are printed.
    #[command(flatten)]
    report: ReporterOptions,
}

/// A verifier, its memory if it has one, and how long a case may be.
#[derive(Clone)]
struct Verifying {
    verifier: Verifier,
    nonces: Option<Arc<dyn AcceptedOnce>>,
    max_bytes: usize,
}

/// What the reading thread hands over.
enum Item {
    /// A case, yet to be parsed, and the place where it is.
    Case(String, Content),
    /// The error of a file.
    Broken(Error),
}

/// How many cases are read in advance; each may take up the limit.
const READ_AHEAD: usize = 4;

impl Verify {
    /// Verifies all cases of the files, and prints each verdict in its turn.
    pub(crate) async fn run(&self) -> Result<Status> {
        let policy = self.policy.policy().await?;
        // a policy that allows longer presentations needs room for them
        let max_bytes = MAX_CASE_BYTES + policy.max_bytes.saturating_sub(MAX_BYTES);
        let nonces = self.used_nonces.as_deref().map(nonces::open).transpose()?;
        let verifying = Verifying { verifier: Verifier::new(policy), nonces, max_bytes };
        // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
        let (sender, items) = mpsc::channel(READ_AHEAD);
        let files = self.files.clone();
        let reading = async {
            let read_all = move || files.iter().try_for_each(|file| read(file, max_bytes, &sender));
            blocking(read_all).await.context("cannot read the cases")
        };
        let mut reporter = self.report.begin()?;
        let items = stream::unfold(items, async |mut items: mpsc::Receiver<Item>| {
            items.recv().await.map(|item| (item, items))
        });
        let checked = items
            .map(|item| {
                let verifying = verifying.clone();
                async move { verifying.check(item).await }
            })
            .buffered(self.jobs.into());
        let reporting = checked.map_err(Error::from).try_for_each(|checked| {
            let reported = match checked {
                Ok(checked) => reporter.checked(&checked),
                Err(error) => {
                    reporter.broken_file(&error);
                    Ok(())
                }
            };
            std::future::ready(reported)
        });
        tokio::try_join!(reading, reporting)?;
        reporter.end()
    }
}

impl Verifying {
    /// Verifies a case, on a thread of its own. The inner error is that of a file.
    async fn check(self, item: Item) -> Result<Result<Checked, Error>, MemoryFailure> {
        let (place, content) = match item {
            Item::Case(place, content) => (place, content),
            Item::Broken(error) => return Ok(Err(error)),
        };
        let name = place.clone();
        let checked = blocking(move || self.check_blocking(place, content)).await;
        checked.unwrap_or_else(|aborted| Ok(unreadable(name, aborted.to_string()))).map(Ok)
    }

    fn check_blocking(&self, place: String, content: Content) -> Result<Checked, MemoryFailure> {
        let mut case = match parse(content, self.max_bytes) {
            Ok(case) => case,
            Err(CaseError { id, is_case, failure }) => {
                let name = id.unwrap_or_else(|| place.clone());
                return Ok(match is_case {
                    true => Checked {
                        verdict: Verdict::failed_at(Check::Size, Some(name.clone()), failure),
                        name,
                        comparison: None,
                        unreadable: None,
                    },
                    false => unreadable(place, failure.to_string()),
                });
            }
        };
        let name = case.id.get_or_insert(place).clone();
        let expected = Expected::new(case.expected.take(), case.expected_failures.take());
        let verdict = match &self.nonces {
            Some(nonces) => self.verifier.explain_once_blocking(&case, &**nonces)?,
            None => self.verifier.explain_blocking(&case),
        };
        let comparison = expected.map(|expected| expected.compare(&verdict));
        Ok(Checked { name, verdict, comparison, unreadable: None })
    }
}

/// Returns what becomes of an input that is not a case.
fn unreadable(place: String, reason: String) -> Checked {
    let failure = Failure::new("a case", reason.clone(), "give a case");
    Checked {
        verdict: Verdict::undecided_at(Check::Size, Some(place.clone()), failure),
        comparison: None,
        unreadable: Some(anyhow!("{place} is not a case: {reason}")),
        name: place,
    }
}

/// Reads the cases of a file; `None` when their receiver has ended.
fn read(path: &Path, max_bytes: usize, to: &mpsc::Sender<Item>) -> Option<()> {
    let broken = |error: io::Error| {
        let name = path.display();
        let advice = format!("cannot read {name}; name a file of cases, or - for standard input");
        Item::Broken(Error::new(error).context(advice))
    };
    let mut texts = match input::open(path) {
        Ok(input) => Texts::new(input, max_bytes),
        Err(error) => return to.blocking_send(broken(error)).ok(),
    };
    let mut is_empty = true;
    loop {
        let item = match texts.next() {
            Ok(Some(text)) => Item::Case(place(path, &text), text.content),
            Ok(None) if is_empty => return to.blocking_send(empty(path)).ok(),
            Ok(None) => return Some(()),
            Err(error) => return to.blocking_send(broken(error)).ok(),
        };
        is_empty = false;
        to.blocking_send(item).ok()?;
    }
}

/// The error of a file without a case: that nothing was verified must not look like success.
fn empty(path: &Path) -> Item {
    let name = path.display();
    Item::Broken(anyhow!(
        "there is no case in {name}; see that the program that writes it came to its end"
    ))
}

/// Returns where a case is, which is the name of one that has none.
fn place(path: &Path, text: &Text) -> String {
    let file = path.display();
    match text.nth {
        1 => format!("{file}:{}", text.line),
        nth => format!("{file}:{}#{nth}", text.line),
    }
}

fn parse(content: Content, max_bytes: usize) -> Result<Case, CaseError> {
    let no_case = |failure| CaseError { id: None, is_case: false, failure };
    match content {
        Content::Bytes(bytes) => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let place = error.utf8_error().valid_up_to();
                no_case(Failure::new(
                    "a case in JSON, which is text in UTF-8",
                    format!("something else from byte {place}"),
                    "write the file in UTF-8",
                ))
            })?;
            Case::from_json_within(&text, max_bytes)
        }
        Content::TooLong(beginning) => {
            Err(Case::too_long(&String::from_utf8_lossy(&beginning), max_bytes))
        }
        Content::ListBrokenOff => Err(no_case(Failure::new(
            "a list of cases that ends with ]",
            "the end of the file",
            "get the whole file; some cases may be missing",
        ))),
    }
}
