//! `negotiate-proof verify`: what is true of presentations in files, and what to do about it.
//!
//! | module | subject |
//! |---|---|
//! | [`cases`] | the cases in a file |
//! | [`nonces`] | the nonces that have been accepted, in a file |

mod cases;
mod nonces;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Error, Result};
use indy::anoncreds::Verifier;
use proofs::{Case, Failure, Policy, Verdict};
use stage::narrator::NarrationStyle;
use tokio::sync::mpsc;

use crate::{
    input,
    report::{self, Ending, Worst},
};
use cases::{Content, LONGEST, Text, Texts};
use nonces::NonceFile;

/// What is verified, and how.
pub struct Order<'o> {
    /// The files.
    pub files: &'o [PathBuf],
    /// What is insisted on.
    pub policy: Policy,
    /// A file of nonces that were accepted before.
    pub used_nonces: Option<&'o Path>,
    /// What is told, and how.
    pub style: NarrationStyle,
}

/// What was found so far.
#[derive(Default)]
struct Counts {
    verified: u64,
    rejected: u64,
    /// How many of the rejected could not even be read.
    unreadable: u64,
    /// How many files could not be read, or not to their end.
    broken_files: u64,
}

/// What the reading thread hands over.
enum Item {
    /// A case, yet to be parsed, and the place where it stands.
    Case(String, Content),
    Broken(Error),
}

/// How many cases are read in advance: of a mebibyte at most each, and only one of them is parsed at a time.
const AHEAD: usize = 16;

/// Verify all cases of some files, one after the other.
pub async fn verify(order: Order<'_>) -> Result<Ending> {
    let mut verifier = Verifier::new(order.policy);
    if let Some(path) = order.used_nonces {
        verifier = verifier.with_nonces(NonceFile::open(path)?);
    }
    // reading waits, for a pipe perhaps, and must not keep Ctrl-C waiting
    let (sender, mut items) = mpsc::channel(AHEAD);
    let files = order.files.to_vec();
    tokio::task::spawn_blocking(move || files.iter().try_for_each(|file| read(file, &sender)));

    let mut counts = Counts::default();
    while let Some(item) = items.recv().await {
        match item {
            Item::Case(place, content) => {
                let (name, verdict) = match parse(content) {
                    Ok(mut case) => {
                        let name = case.id.get_or_insert(place).clone();
                        (name, verifier.explain(case).await)
                    }
                    Err(failure) => {
                        counts.unreadable += 1;
                        (place.clone(), Verdict::unreadable(Some(place), failure))
                    }
                };
                match verdict.verified() {
                    true => counts.verified += 1,
                    false => counts.rejected += 1,
                }
                report::verdict(order.style, &name, &verdict)?;
            }
            Item::Broken(error) => {
                counts.broken_files += 1;
                report::complain(&error);
            }
        }
    }
    if order.style == NarrationStyle::Story {
        counts.tell()?;
    }
    Ok(Ending::Examined(counts.worst()))
}

/// Read the cases of a file; `None` when nobody wants them any more.
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

/// Nothing was verified, and that is not the same as that everything was.
fn empty(path: &Path) -> Item {
    let name = path.display();
    Item::Broken(anyhow::anyhow!(
        "there is no case in {name}; see that whatever writes it came to its end"
    ))
}

/// Where a case stands, which is the name of one that has none.
fn place(path: &Path, text: &Text) -> String {
    let file = path.display();
    match text.nth {
        1 => format!("{file}:{}", text.line),
        nth => format!("{file}:{}#{nth}", text.line),
    }
}

fn parse(content: Content) -> Result<Case, Failure> {
    match content {
        Content::Bytes(bytes) => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let place = error.utf8_error().valid_up_to();
                Failure::new(
                    "a case in JSON, which is text in UTF-8",
                    format!("something else from byte {place}"),
                    "write the file in UTF-8",
                )
            })?;
            Case::from_json(&text)
        }
        Content::TooLong => Err(Failure::new(
            format!("a case of at most {LONGEST} bytes"),
            "a longer one",
            "give one case at a time, with no other public data than its own",
        )),
        Content::ListBrokenOff => Err(Failure::new(
            "a list of cases that ends with ]",
            "the end of the file",
            "get the whole file; some cases may be missing",
        )),
    }
}

impl Counts {
    fn worst(&self) -> Worst {
        match self {
            Self {
                unreadable: 0,
                broken_files: 0,
                rejected,
                ..
            } => match rejected {
                0 => Worst::Fine,
                _ => Worst::Rejected,
            },
            _ => Worst::Unreadable,
        }
    }

    /// One line where there was more than one case.
    fn tell(&self) -> io::Result<()> {
        let cases = self.verified + self.rejected;
        if cases < 2 {
            return Ok(());
        }
        let mut out = anstream::stdout().lock();
        let (verified, rejected) = (self.verified, self.rejected);
        write!(
            out,
            "{cases} cases: {verified} verified, {rejected} rejected"
        )?;
        match self.unreadable {
            0 => writeln!(out, "."),
            unreadable => writeln!(out, ", {unreadable} of these unreadable."),
        }
    }
}
