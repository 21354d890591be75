//! Running the corpus from a command line. Both programs of this workspace have such a command,
//! each for its own kinds of tests and with its own implementations.
//!
//! | module | subject |
//! |---|---|
//! | `choose` | which corpus, which tests, which implementations |
//! | `mutate` | changes of a valid case |
//! | `options` | the options |

mod choose;
mod mutate;
mod options;

use std::io;
use std::path::{Path, PathBuf};

use crate::corpus::{Corpus, CorpusError, Placed};
use crate::expected::{self, ExpectedError, ExpectedFailures};
use crate::format::Kind;
use crate::implementation::adapter::{StartError, Stop};
use crate::mutate::BaseError;
use crate::report::{self, JudgedRun, Layout, Report};
use crate::runner::{Limits, Pool, Startable};

pub use choose::{Filter, FilterError};
pub use options::{Form, ImplementationOptions, MutateForm, MutateOptions, RunOptions};

/// What a program has to run tests with.
#[derive(Clone)]
pub struct Scope {
    /// The implementations inside the program, by their names. All are run if no other choice is
    /// made.
    pub built_in: Vec<(&'static str, Startable)>,
    /// The kinds of tests that are the program's.
    pub kinds: fn(Kind) -> bool,
}

impl Scope {
    /// Returns what concerns AnonCreds: all kinds but those of the exchange, with the
    /// implementations of this crate.
    #[must_use]
    pub fn anoncreds() -> Self {
        Self {
            built_in: vec![
                ("ours", Startable::Ours),
                ("indy-credx", Startable::IndyCredx),
                ("cl", Startable::Cl),
            ],
            kinds: |kind| !is_of_the_exchange(kind),
        }
    }

    /// Returns what concerns proof requests and responses, with this implementation as `ours`.
    #[must_use]
    pub fn exchange(ours: Startable) -> Self {
        Self { built_in: vec![("ours", ours)], kinds: is_of_the_exchange }
    }
}

fn is_of_the_exchange(kind: Kind) -> bool {
    matches!(kind, Kind::ExchangeMessage | Kind::ExchangeSignature)
}

/// Why there was no run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The current directory is not in a repository with a corpus.
    #[error("there is no tests/vectors in {} or above it", .0.display())]
    NoCorpus(PathBuf),
    /// The corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A list of expected failures has a mistake.
    #[error(transparent)]
    Expected(#[from] ExpectedError),
    /// The directory of the lists does not exist.
    #[error("there is no directory {}", .0.display())]
    NoLists(PathBuf),
    /// A filter fits nothing.
    #[error(
        "no test of this program is left by the filter {:?}; a filter is part of an id, or one of flag:NAME, feature:NAME, file:NAME; this program has {}",
        filter.to_string(), kinds.join(", ")
    )]
    NoTests {
        /// The filter.
        filter: Filter,
        /// The names of the program's kinds of tests.
        kinds: Vec<&'static str>,
    },
    /// The directory of lists that was named has none for any implementation.
    #[error("{} has no list for {}: a list is called as the implementation calls itself, for example {}.json", directory.display(), names.join(", "), names[0])]
    NoList {
        /// The directory.
        directory: PathBuf,
        /// The implementations.
        names: Vec<String>,
    },
    /// A command cannot be divided into words.
    #[error("{0:?} is not a command: a quotation mark is missing, or it is empty")]
    NotACommand(String),
    /// An implementation cannot be started.
    #[error("{error}{advice}")]
    Start {
        /// The error.
        error: StartError,
        /// What may help, as a clause.
        advice: String,
    },
    /// Two implementations have the same name.
    #[error(
        "two implementations are called {0:?}; give one of them another name, as in NAME=COMMAND"
    )]
    SameName(String),
    /// The case of which changes are to be made cannot be used.
    #[error(transparent)]
    Case(#[from] BaseError),
    /// There is neither a test nor a file of that name.
    #[error("{0:?} is neither the id of a test nor a file with a case")]
    NoCase(String),
    /// A file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// How many of how many answers there are, and whose.
pub type Progress<'p> = &'p (dyn Fn(&str, usize, usize) + Sync);

/// What a run ended with.
#[derive(Debug)]
pub struct Finished {
    /// The report, in the form that was chosen.
    pub report: String,
    /// How many results stand how, as text.
    pub summary: String,
    /// Whether everything is as expected.
    pub is_good: bool,
}

impl RunOptions {
    /// Runs the tests, and reports.
    ///
    /// # Errors
    /// [`CommandError`], before the first test.
    pub fn run(
        &self,
        scope: &Scope,
        layout: &Layout,
        stop: &Stop,
        progress: Progress<'_>,
    ) -> Result<Finished, CommandError> {
        let directory = self.with.corpus()?;
        let corpus = Corpus::read(&directory)?;
        let own: Vec<Placed<'_>> =
            corpus.tests().filter(|placed| (scope.kinds)(placed.group.kind)).collect();
        let fits_nothing = |filter: &&Filter| !own.iter().any(|placed| filter.matches(*placed));
        if let Some(filter) = self.filters.iter().find(fits_nothing) {
            let kinds = Kind::ALL.iter().filter(|kind| (scope.kinds)(**kind));
            let kinds = kinds.map(|kind| kind.name()).collect();
            return Err(CommandError::NoTests { filter: filter.clone(), kinds });
        }
        let is_chosen = |placed: &Placed<'_>| {
            self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(*placed))
        };
        let tests: Vec<Placed<'_>> = own.into_iter().filter(is_chosen).collect();
        let mut pools = self.with.start(&directory, scope, stop)?;
        let lists = self.lists(&directory)?;
        // a mistake in a list shows before the first test is run
        let lists: Vec<Option<ExpectedFailures>> = pools
            .iter()
            .map(|pool| ExpectedFailures::read(&lists, &pool.description().name, &corpus))
            .collect::<Result<_, _>>()?;
        if let Some(directory) = &self.expected_failures
            && lists.iter().all(Option::is_none)
        {
            let names = pools.iter().map(|pool| pool.description().name.clone()).collect();
            return Err(CommandError::NoList { directory: directory.clone(), names });
        }
        let runs = pools.iter_mut().zip(&lists).map(|(pool, list)| {
            let description = pool.description().clone();
            let count = std::sync::atomic::AtomicUsize::new(0);
            let tested = pool.run(&tests, &|| {
                let count = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                progress(&description.name, count, tests.len());
            });
            JudgedRun::new(description, tested, list.as_ref())
        });
        let runs = runs.collect();
        let report = Report { corpus: &corpus, runs, tests: tests.clone() };
        Ok(Finished {
            report: self.written(&report, layout),
            summary: report::summary(&report, layout),
            is_good: report.is_good(),
        })
    }

    /// Returns the directory of the lists of expected failures, which need not exist if it was not
    /// named.
    fn lists(&self, corpus: &Path) -> Result<PathBuf, CommandError> {
        match &self.expected_failures {
            Some(named) if !named.is_dir() => Err(CommandError::NoLists(named.clone())),
            Some(named) => Ok(named.clone()),
            None => Ok(corpus.join(expected::DIRECTORY)),
        }
    }

    fn written(&self, report: &Report<'_>, layout: &Layout) -> String {
        let layout = &Layout { by: self.by, ..*layout };
        match self.form() {
            // a file has no colours, and its lines may be of any length
            Form::Text if self.output.is_some() => {
                report::text(report, &Layout { by: self.by, ..Layout::default() })
            }
            Form::Text => report::text(report, layout),
            Form::Json => report::json(report),
            Form::Junit => report::junit(report),
            Form::Tap => report::tap(report),
            Form::Html => report::html(report),
        }
    }
}

impl ImplementationOptions {
    /// Starts the implementations, one instance each.
    fn start(&self, corpus: &Path, scope: &Scope, stop: &Stop) -> Result<Vec<Pool>, CommandError> {
        let limits = Limits { stop: stop.clone(), ..Limits::new(self.jobs(), self.limit()) };
        let mut pools: Vec<Pool> = Vec::new();
        for startable in choose::implementations(&self.implementations, corpus, scope, &limits)? {
            let pool = Pool::start(startable.clone(), limits.clone()).map_err(|error| {
                let advice = choose::advice(&error, corpus, scope);
                CommandError::Start { error, advice }
            })?;
            let name = &pool.description().name;
            if pools.iter().any(|other| other.description().name == *name) {
                return Err(CommandError::SameName(name.clone()));
            }
            pools.push(pool);
        }
        Ok(pools)
    }
}
