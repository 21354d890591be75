//! How the implementations did on the tests.
//!
//! | module | form |
//! |---|---|
//! | `text` | for a person |
//! | `json` | lines of JSON |
//! | `junit` | JUnit's XML |
//! | `tap` | the Test Anything Protocol, version 14 |
//! | `html` | one page for a browser |
//! | `layout` | paragraphs and tables of text |
//! | `lines` | lines of JSON |
//! | `table` | how many tests were answered rightly, by file, flag or feature |
//!
//! Implementations may be foreign programs: what they say is escaped in every form.

mod html;
mod json;
mod junit;
pub(crate) mod layout;
pub(crate) mod lines;
mod table;
mod tap;
mod text;

use serde::Serialize;

use crate::corpus::{Corpus, Placed};
use crate::expected::ExpectedFailures;
use crate::implementation::Description;
use crate::runner::{Outcome, Tested, difference};

pub use html::html;
pub use json::json;
pub use junit::junit;
pub use layout::{Layout, Styles};
pub use table::{By, Cell, Table};
pub use tap::tap;
pub use text::{summary, text};

/// How a result stands against what was expected of the implementation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The answer is right.
    Right,
    /// The answer is not right, and the failure is listed.
    KnownFailure,
    /// The answer is right, although a failure is listed.
    UnexpectedlyRight,
    /// The answer is wrong.
    Wrong,
    /// The implementation ended or panicked.
    Crash,
    /// It did not answer in time.
    Hang,
    /// It went on without an answer.
    NoAnswer,
    /// It was not given the test, or cannot answer it.
    Skipped,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Right,
        Self::KnownFailure,
        Self::UnexpectedlyRight,
        Self::Wrong,
        Self::Crash,
        Self::Hang,
        Self::NoAnswer,
        Self::Skipped,
    ];

    /// Returns the name, as it stands over a column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::KnownFailure => "known failure",
            Self::UnexpectedlyRight => "unexpectedly right",
            Self::Wrong => "wrong",
            Self::Crash => "crash",
            Self::Hang => "hang",
            Self::NoAnswer => "no answer",
            Self::Skipped => "skipped",
        }
    }

    /// Returns whether it is as expected.
    #[must_use]
    pub fn is_expected(self) -> bool {
        matches!(self, Self::Right | Self::KnownFailure | Self::Skipped)
    }
}

/// A result, and how it stands.
#[derive(Debug, Clone)]
pub struct Judged<'c> {
    /// The result.
    pub tested: Tested<'c>,
    /// How it stands.
    pub standing: Standing,
    /// Why it was expected to fail, if it was.
    pub known: Option<String>,
}

impl Judged<'_> {
    /// Returns what came instead of the right answer, in a few words.
    #[must_use]
    pub fn got(&self) -> String {
        match (&self.tested.outcome, &self.tested.answer) {
            (Outcome::Wrong(_), Some(answer)) => {
                difference(self.tested.placed.test, answer).unwrap_or_default()
            }
            (Outcome::Right, Some(answer)) => answer.verdict.to_string(),
            (Outcome::Hang, Some(_)) => "an answer after the time limit".to_owned(),
            (Outcome::Hang, None) => "no answer within the time limit".to_owned(),
            (Outcome::Crash(_), _) => "a crash".to_owned(),
            (Outcome::Silent(_), _) => "something other than an answer".to_owned(),
            _ => self.standing.name().to_owned(),
        }
    }

    /// Returns what the implementation said, in its own words, or how it ended.
    #[must_use]
    pub fn detail(&self) -> &str {
        match (&self.tested.outcome, &self.tested.answer) {
            (Outcome::Crash(how) | Outcome::Silent(how) | Outcome::Skipped(how), _) => how,
            (_, Some(answer)) => &answer.detail,
            _ => "",
        }
    }
}

/// All results of an implementation.
#[derive(Debug, Clone)]
pub struct JudgedRun<'c> {
    /// What it said of itself.
    pub description: Description,
    /// The version for which its failures are listed, if it is another.
    pub listed_version: Option<String>,
    /// The results, in the order of the tests.
    pub results: Vec<Judged<'c>>,
}

impl<'c> JudgedRun<'c> {
    /// Compares results with the list of known failures.
    #[must_use]
    pub fn new(
        description: Description,
        tested: Vec<Tested<'c>>,
        list: Option<&ExpectedFailures>,
    ) -> Self {
        let standing_of = |tested: Tested<'c>| {
            let known = list.and_then(|list| list.reason(&tested.placed.test.id));
            let standing = match (&tested.outcome, known) {
                (Outcome::Skipped(_), _) => Standing::Skipped,
                (Outcome::Right, None) => Standing::Right,
                (Outcome::Right, Some(_)) => Standing::UnexpectedlyRight,
                (_, Some(_)) => Standing::KnownFailure,
                (Outcome::Wrong(_), None) => Standing::Wrong,
                (Outcome::Crash(_), None) => Standing::Crash,
                (Outcome::Hang, None) => Standing::Hang,
                (Outcome::Silent(_), None) => Standing::NoAnswer,
            };
            Judged { known: known.map(str::to_owned), tested, standing }
        };
        let listed_version =
            list.map(|list| &list.version).filter(|listed| **listed != description.version);
        Self {
            listed_version: listed_version.cloned(),
            results: tested.into_iter().map(standing_of).collect(),
            description,
        }
    }

    /// Returns how many results stand so.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.results.iter().filter(|judged| judged.standing == standing).count()
    }

    /// Returns the results that are not as expected.
    pub fn unexpected(&self) -> impl Iterator<Item = &Judged<'c>> {
        self.results.iter().filter(|judged| !judged.standing.is_expected())
    }
}

/// The results of all implementations.
#[derive(Debug, Clone)]
pub struct Report<'c> {
    /// The corpus from which the tests are.
    pub corpus: &'c Corpus,
    /// The tests, in the order of the results.
    pub tests: Vec<Placed<'c>>,
    /// The results.
    pub runs: Vec<JudgedRun<'c>>,
}

impl Report<'_> {
    /// Returns whether everything is as expected, and each implementation has answered something.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.runs.iter().all(|run| run.unexpected().next().is_none()) && self.silent().is_none()
    }

    /// Returns the first implementation that has answered none of the tests.
    pub(crate) fn silent(&self) -> Option<&JudgedRun<'_>> {
        self.runs.iter().find(|run| run.count(Standing::Skipped) == run.results.len())
    }
}
