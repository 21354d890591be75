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
use indy::anoncreds::{AcceptedOnce, Verifier};
use proofs::{
    Case, CaseError, Check, Failure, Verdict,
    limits::{MAX_BYTES, MAX_CASE_BYTES},
    records::Problem,
};
use stdx::task::blocking;
use tokio::sync::mpsc;
use tutorial::{
    Status, input,
    progress::{self, Judged},
};

use crate::{
    public_data::{PublicOptions, PublicSources},
    records::{self, Placed},
};
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
  0    every case is verified, or as expected
  1    some case is rejected, or not as expected
  2    otherwise: some case is undecided, or some case or file could not be read; or a nonce could not be recorded
  130  interrupted with Ctrl-C
  141  the reader of the output closed it, so that not all cases were verified";

/// The presentations to verify, and the policy.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// Files of cases or of other programs' records; - for standard input. A case has at most 16
    /// MiB
    ///
    /// A record is one of ACA-Py, of Credo, or DIDComm messages, or a request with its
    /// presentation; both may also be two files
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Accept each nonce once: reject those in FILE, and add those of what is verified
    ///
    /// The file has a checked line for each nonce; a file of an older version, with one nonce a
    /// line, is rewritten. A nonce is on the disk before its verdict is printed. If the file cannot
    /// be written, nothing is verified any more
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
    /// Where public data comes from that a case or a record lacks.
    #[command(flatten)]
    public: PublicOptions,
    /// What is required.
    #[command(flatten)]
    policy: PolicyOptions,
    /// How verdicts are printed.
    #[command(flatten)]
    report: ReporterOptions,
}

/// A verifier, its memory if it has one, where public data comes from, and how long a case may be.
#[derive(Clone)]
struct Verifying {
    verifier: Verifier,
    nonces: Option<Arc<dyn AcceptedOnce>>,
    sources: Arc<PublicSources>,
    max_bytes: usize,
    /// Where the verdict is recorded for those who watch.
    home: Option<PathBuf>,
}

/// What the reading thread hands over.
enum Item {
    /// A case or a record, yet to be parsed, and the place where it is.
    Text(String, Content),
    /// A request and a presentation that were two files.
    Pair(Box<Placed>),
    /// A file that cannot be read, or not to its end, and the error.
    Broken(String, Error),
}

/// How many texts are read in advance; each may take up the limit.
const READ_AHEAD: usize = 4;

impl Verify {
    /// Verifies all cases of the files, and prints each verdict in its turn.
    pub(crate) async fn run(&self) -> Result<Status> {
        let policy = self.policy.policy().await?;
        // a policy that allows longer presentations needs room for them
        let max_bytes = MAX_CASE_BYTES + policy.max_bytes.saturating_sub(MAX_BYTES);
        let nonces = self.used_nonces.as_deref().map(nonces::open).transpose()?;
        let sources = Arc::new(self.public.open(self.report.format()).await?);
        let verifier = Verifier::new(policy);
        let home = self.public.home().map(Path::to_owned);
        let verifying =
            Verifying { verifier, nonces, sources: Arc::clone(&sources), max_bytes, home };
        // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
        let (sender, items) = mpsc::channel(READ_AHEAD);
        let pair = match self.files.as_slice() {
            [one, other] => records::read_pair(one, other).await?,
            _ => None,
        };
        let files = self.files.clone();
        let reading = async {
            let read_all = move || match pair {
                Some(pair) => sender.blocking_send(Item::Pair(Box::new(pair))).ok(),
                None => files.iter().try_for_each(|file| read(file, max_bytes, &sender)),
            };
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
        let reporting = checked.try_for_each(|checked| {
            let reported = checked.iter().try_for_each(|one| match one {
                Outcome::Checked(checked) => reporter.checked(checked),
                Outcome::BrokenFile(file, error) => reporter.broken_file(file, error),
            });
            std::future::ready(reported)
        });
        tokio::try_join!(reading, reporting)?;
        drop(verifying);
        if let Some(sources) = Arc::into_inner(sources) {
            sources.close().await?;
        }
        reporter.end()
    }
}

/// What became of an item.
enum Outcome {
    Checked(Checked),
    BrokenFile(String, Error),
}

/// A case that was read, or why it was not, and its name or the place where it is.
struct Parsed {
    name: String,
    case: Result<Case, Unread>,
}

/// Why there is no case.
enum Unread {
    /// It is a case of which no more is read.
    Refused(Failure),
    /// It is none.
    NotACase(String),
}

impl Verifying {
    /// Verifies what is in an item, on threads of their own.
    async fn check(self, item: Item) -> Result<Vec<Outcome>> {
        let parsed = match item {
            Item::Broken(file, error) => return Ok(vec![Outcome::BrokenFile(file, error)]),
            Item::Pair(placed) => vec![of_record(*placed)],
            Item::Text(place, content) => {
                let max_bytes = self.max_bytes;
                blocking(move || parse(&place, content, max_bytes)).await?
            }
        };
        let mut outcomes = Vec::with_capacity(parsed.len());
        for Parsed { name, case } in parsed {
            outcomes.push(Outcome::Checked(match case {
                Ok(case) => self.verify(name, case).await?,
                Err(Unread::NotACase(reason)) => unreadable(name, reason),
                Err(Unread::Refused(failure)) => Checked {
                    verdict: Verdict::failed_at(Check::Size, Some(name.clone()), failure),
                    name,
                    comparison: None,
                    lacks_public_data: false,
                    unreadable: None,
                },
            }));
        }
        Ok(outcomes)
    }

    async fn verify(&self, name: String, mut case: Case) -> Result<Checked> {
        let missing = self.sources.complete(&mut case).await?;
        let expected = Expected::new(case.expected.take(), case.expected_failures.take());
        case.id = Some(name.clone());
        let verdict = match &self.nonces {
            Some(nonces) => self.verifier.explain_once(case, nonces).await?,
            None => self.verifier.explain(case).await,
        };
        if let Some(home) = &self.home {
            let checks = serde_json::to_value(&verdict)?["checks"].take();
            let judged = Judged::new(verdict.decision().name(), &checks);
            progress::note_verdict(home, &judged);
        }
        let comparison = expected.map(|expected| expected.compare(&verdict));
        let lacks_public_data = !missing.is_empty();
        Ok(Checked { name, verdict, comparison, lacks_public_data, unreadable: None })
    }
}

/// Returns what becomes of an input that is not a case.
fn unreadable(place: String, reason: String) -> Checked {
    let failure = Failure::new("a case", reason.clone(), "give a case");
    Checked {
        verdict: Verdict::undecided_at(Check::Size, Some(place.clone()), failure),
        comparison: None,
        lacks_public_data: false,
        unreadable: Some(anyhow!("{place}: {reason}")),
        name: place,
    }
}

/// Reads the cases of a file; `None` when their receiver has ended.
fn read(path: &Path, max_bytes: usize, to: &mpsc::Sender<Item>) -> Option<()> {
    let broken = |error: io::Error| {
        let name = path.display();
        let advice = format!("cannot read {name}; name a file of cases, or - for standard input");
        Item::Broken(name.to_string(), Error::new(error).context(advice))
    };
    let mut texts = match input::open(path) {
        Ok(input) => Texts::new(input, max_bytes),
        Err(error) => return to.blocking_send(broken(error)).ok(),
    };
    let mut is_empty = true;
    loop {
        let item = match texts.next() {
            Ok(Some(text)) => Item::Text(place(path, &text), text.content),
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
    let error =
        anyhow!("there is no case in {name}; check that the program that writes it has finished");
    Item::Broken(name.to_string(), error)
}

/// Returns where a case is, which is the name of one that has none.
fn place(path: &Path, text: &Text) -> String {
    let file = path.display();
    match text.nth {
        1 => format!("{file}:{}", text.line),
        nth => format!("{file}:{}#{nth}", text.line),
    }
}

/// Reads a case, or the records of another program.
fn parse(place: &str, content: Content, max_bytes: usize) -> Vec<Parsed> {
    let named = |id: Option<String>| id.unwrap_or_else(|| place.to_owned());
    let unread = |reason: &str| {
        let case = Err(Unread::NotACase(reason.to_owned()));
        vec![Parsed { name: place.to_owned(), case }]
    };
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::TooLong(beginning) => {
            let CaseError { id, failure, .. } =
                Case::too_long(&String::from_utf8_lossy(&beginning), max_bytes);
            return vec![Parsed { name: named(id), case: Err(Unread::Refused(*failure)) }];
        }
        Content::ListBrokenOff => {
            return unread("the list of cases ends without ]; get the whole file");
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            return unread(&format!("it is not text in UTF-8 from byte {at}"));
        }
    };
    match Case::from_json_within(&text, max_bytes) {
        // the record of another program may have the members of a case
        Ok(case) if is_record(&case, &text) => of_records(place, &text, Some(case)),
        Ok(case) => vec![Parsed { name: named(case.id.clone()), case: Ok(case) }],
        Err(CaseError { id, is_case: true, failure }) => {
            vec![Parsed { name: named(id), case: Err(Unread::Refused(*failure)) }]
        }
        Err(_) => of_records(place, &text, None),
    }
}

/// Returns whether what was read as a case may be the record of another program, which has the
/// parts as text, or one of them not yet, or a name of its own.
fn is_record(case: &Case, text: &str) -> bool {
    let parts = [&case.presentation_request, &case.presentation];
    let is_acapy = || {
        ["\"presentation_exchange_id\"", "\"pres_ex_id\""].iter().any(|name| text.contains(name))
    };
    parts.iter().any(|part| part.is_string() || part.is_null()) || case.id.is_none() && is_acapy()
}

/// Reads the records of a text. One that is not a record after all is the case, if it can be read
/// as one.
fn of_records(place: &str, text: &str, case: Option<Case>) -> Vec<Parsed> {
    let records = proofs::records::read(text);
    let several = records.len() > 1;
    let at = |index: usize| match several {
        true => format!("{place}#{}", index + 1),
        false => place.to_owned(),
    };
    if let (Some(case), [Err(error)]) = (case, records.as_slice())
        && !matches!(error.problem, Problem::Missing { .. })
    {
        let name = case.id.clone().unwrap_or_else(|| place.to_owned());
        return vec![Parsed { name, case: Ok(case) }];
    }
    let records = records.into_iter().enumerate();
    records.map(|(index, record)| of_record((at(index), record))).collect()
}

/// Returns the case of a record.
fn of_record((place, record): Placed) -> Parsed {
    match record {
        Ok(record) => {
            let name = record.case.id.clone().unwrap_or(place);
            Parsed { name, case: Ok(record.case) }
        }
        Err(error) => {
            let explained = records::explain(&error).to_string();
            match error.problem {
                Problem::RepeatedMember | Problem::TooLarge { .. } => {
                    let failure = Failure::new(
                        "a record of limited size, with no member twice",
                        error.to_string(),
                        "do not accept it; ask its sender for the original",
                    );
                    let name = error.id.unwrap_or(place);
                    Parsed { name, case: Err(Unread::Refused(failure)) }
                }
                _ => Parsed { name: place, case: Err(Unread::NotACase(explained)) },
            }
        }
    }
}
