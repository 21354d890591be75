//! `negotiate-proof verify`: whether presentations in files are verified, and if not, why not.
//!
//! | module | subject |
//! |---|---|
//! | `cases` | the cases in a file |
//! | `nonces` | the nonces that have been accepted, in a file |

mod cases;
mod nonces;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Error, Result, anyhow};
use clap::{
    Args, ValueEnum, ValueHint,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use indy::anoncreds::{AcceptedOnce, MemoryFailure, Verifier};
use proofs::{Case, CaseError, Check, Engines, Failure, Policy, Verdict};
use stdx::task::blocking;
use tokio::sync::mpsc;
use tutorial::{
    Format, Status, input,
    options::OutputOptions,
    output,
    report::{self, VerdictOptions},
};

use cases::{Content, MAX_BYTES, Text, Texts};

pub(crate) const EXAMPLES: &str = "\
Examples:
  negotiate-proof verify alex.json
  negotiate-proof verify --json monday.jsonl tuesday.jsonl \\
    | jq -c 'select(.verdict == \"rejected\")'
  negotiate-proof case --home alex | negotiate-proof verify -
  negotiate-proof verify --engine cl --used-nonces used.txt -

Exit codes:
  0    all cases are verified
  1    some case is rejected
  2    some case or file could not be read, or holds no case; or a nonce could not be recorded
  141  the reader of the output closed it, so that not all cases were verified";

/// The presentations to verify, and the policy.
#[derive(Debug, Clone, Args)]
pub struct Verify {
    /// Files of cases; - for standard input. A case has at most 1 MiB
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Which engines must accept the mathematics
    #[arg(long, value_enum, default_value_t = Engine::Both)]
    engine: Engine,
    /// Do not reject for the failure of this check; may be repeated
    #[arg(long, value_name = "CHECK", value_parser = checks())]
    relax: Vec<Check>,
    /// Accept each nonce once: reject those in FILE, and add those of what is verified
    ///
    /// The file has a checked line for each nonce; a file of an older version, with one nonce a line, is rewritten. A
    /// nonce is on the disk before its verdict is printed. If the file cannot be written, nothing is verified any more
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    used_nonces: Option<PathBuf>,
    /// How much is printed.
    #[command(flatten)]
    print: VerdictOptions,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

/// Parses the names of checks; their rules are for the help.
fn checks() -> impl TypedValueParser<Value = Check> {
    let names = Check::ALL.iter().map(|check| PossibleValue::new(check.name()).help(check.rule()));
    PossibleValuesParser::new(names)
        .try_map(|name| Check::parse(&name).ok_or("there is no such check"))
}

/// Which engines must accept the mathematics.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Engine {
    /// Both, and they must agree
    Both,
    /// The library that the field uses
    IndyCredx,
    /// Our own, which is faster
    Cl,
}

impl From<Engine> for Engines {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Both => Self::Both,
            Engine::IndyCredx => Self::IndyCredx,
            Engine::Cl => Self::Cl,
        }
    }
}

/// A verifier, and its memory if it has one.
struct Verifying {
    verifier: Verifier,
    nonces: Option<Arc<dyn AcceptedOnce>>,
}

impl Verifying {
    async fn explain(&self, case: Case) -> Result<Verdict, MemoryFailure> {
        match &self.nonces {
            Some(nonces) => self.verifier.explain_once(case, nonces).await,
            None => Ok(self.verifier.explain(case).await),
        }
    }
}

/// What the reading thread hands over.
enum Item {
    /// A case, yet to be parsed, and the place where it is.
    Case(String, Content),
    /// The error of a file.
    Broken(Error),
}

/// How many cases are read in advance: each has a mebibyte at most, and only one of them is parsed
/// at a time.
const READ_AHEAD: usize = 16;

impl Verify {
    /// Verifies all cases of the files, one after the other.
    pub(crate) async fn run(&self) -> Result<Status> {
        let format = self.output.format();
        let verifier = Verifier::new(Policy {
            engines: self.engine.into(),
            relaxed: self.relax.iter().copied().collect(),
        });
        let nonces = self.used_nonces.as_deref().map(nonces::open).transpose()?;
        let verifying = Verifying { verifier, nonces };
        // a pipe may keep its reader waiting, and that reader must not keep Ctrl-C waiting
        let (sender, items) = mpsc::channel(READ_AHEAD);
        let files = self.files.clone();
        let reading = async {
            let read_all = move || files.iter().try_for_each(|file| read(file, &sender));
            blocking(read_all).await.context("cannot read the cases")
        };
        let (_, counts) = tokio::try_join!(reading, self.verify_all(&verifying, items, format))?;
        if format == Format::Text {
            counts.print()?;
        }
        Ok(counts.status())
    }

    /// Verifies the cases that are read, and prints each verdict at once.
    async fn verify_all(
        &self,
        verifying: &Verifying,
        mut items: mpsc::Receiver<Item>,
        format: Format,
    ) -> Result<Counts> {
        let mut counts = Counts::default();
        while let Some(item) = items.recv().await {
            let (place, content) = match item {
                Item::Case(place, content) => (place, content),
                Item::Broken(error) => {
                    counts.broken_files += 1;
                    report::error(&error);
                    continue;
                }
            };
            let (name, verdict) = match parse(content) {
                Ok(mut case) => {
                    let name = case.id.get_or_insert(place).clone();
                    (name, verifying.explain(case).await?)
                }
                Err(CaseError { id, failure }) => {
                    counts.unreadable += 1;
                    let name = id.unwrap_or(place);
                    (name.clone(), Verdict::failed_at(Check::Size, Some(name), failure))
                }
            };
            match verdict.verified() {
                true => counts.verified += 1,
                false => counts.rejected += 1,
            }
            report::verdict(format, Some(self.print), &name, &verdict)?;
        }
        Ok(counts)
    }
}

/// Reads the cases of a file; `None` when their receiver has ended.
fn read(path: &Path, to: &mpsc::Sender<Item>) -> Option<()> {
    let broken = |error: io::Error| {
        let name = path.display();
        let advice = format!("cannot read {name}; name a file of cases, or - for standard input");
        Item::Broken(Error::new(error).context(advice))
    };
    let mut texts = match input::open(path) {
        Ok(input) => Texts::new(input),
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

fn parse(content: Content) -> Result<Case, CaseError> {
    let unnamed = |failure| CaseError { id: None, failure };
    match content {
        Content::Bytes(bytes) => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let place = error.utf8_error().valid_up_to();
                unnamed(Failure::new(
                    "a case in JSON, which is text in UTF-8",
                    format!("something else from byte {place}"),
                    "write the file in UTF-8",
                ))
            })?;
            Case::from_json(&text)
        }
        Content::TooLong => Err(unnamed(Failure::new(
            format!("a case of at most {MAX_BYTES} bytes"),
            "a longer one",
            "give one case at a time, with no other public data than its own",
        ))),
        Content::ListBrokenOff => Err(unnamed(Failure::new(
            "a list of cases that ends with ]",
            "the end of the file",
            "get the whole file; some cases may be missing",
        ))),
    }
}

/// What was verified.
#[derive(Default)]
struct Counts {
    verified: u64,
    rejected: u64,
    /// How many of the rejected could not even be parsed.
    unreadable: u64,
    /// How many files could not be read, or not to their end.
    broken_files: u64,
}

impl Counts {
    /// Returns the worst of all.
    fn status(&self) -> Status {
        match self.unreadable + self.broken_files {
            0 => Status::good_if(self.rejected == 0),
            _ => Status::Unreadable,
        }
    }

    /// Prints one line if there was more than one case.
    fn print(&self) -> io::Result<()> {
        let cases = self.verified + self.rejected;
        if cases < 2 {
            return Ok(());
        }
        let mut out = output::text();
        let (verified, rejected) = (self.verified, self.rejected);
        write!(out, "{cases} cases: {verified} verified, {rejected} rejected")?;
        match self.unreadable {
            0 => writeln!(out, "."),
            unreadable => writeln!(out, ", {unreadable} of these unreadable."),
        }
    }
}
