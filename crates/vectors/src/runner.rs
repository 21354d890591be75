//! Giving tests to implementations, and comparing the answers.

use std::collections::BTreeSet;
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::corpus::Placed;
use crate::format::{Expected, Test};
use crate::implementation::adapter::{Adapter, Program, StartError, Stop};
use crate::implementation::{
    Answer, Cl, Description, Implementation, IndyCredx, Ours, Reply, Verdict,
};

/// An implementation that can be started, once for each thread.
#[derive(Debug, Clone)]
pub enum Startable {
    /// This workspace.
    Ours,
    /// The library `indy-credx` in this process.
    IndyCredx,
    /// The mathematics of our own engine.
    Cl,
    /// What another crate provides, in this process.
    Provided(fn() -> Box<dyn Implementation>),
    /// A program.
    Program(Program),
}

impl Startable {
    /// Starts it.
    ///
    /// # Errors
    /// [`StartError`], of a program.
    pub fn start(&self) -> Result<Box<dyn Implementation>, StartError> {
        Ok(match self {
            Self::Ours => Box::new(Ours::new()),
            Self::IndyCredx => Box::new(IndyCredx::new()),
            Self::Cl => Box::new(Cl::new()),
            Self::Provided(start) => start(),
            Self::Program(program) => Box::new(Adapter::start(program.clone())?),
        })
    }
}

/// How an implementation did on one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "detail", rename_all = "lowercase")]
pub enum Outcome {
    /// Its answer is right.
    Right,
    /// Its answer is wrong: how.
    Wrong(String),
    /// It was not asked, or said that it cannot answer: which feature it does not have, or why not.
    Skipped(String),
    /// It ended or panicked.
    Crash(String),
    /// It did not answer in time.
    Hang,
    /// It went on without an answer: with what.
    Silent(String),
}

impl Outcome {
    /// Returns whether the answer was right, or there was no question.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Right | Self::Skipped(_))
    }
}

/// The result of one test.
#[derive(Debug, Clone)]
pub struct Tested<'c> {
    /// The test.
    pub placed: Placed<'c>,
    /// How the implementation did.
    pub outcome: Outcome,
    /// What it answered, if it did.
    pub answer: Option<Answer>,
    /// How long it took.
    pub took: Duration,
}

/// All results of one implementation, in the order of the tests.
#[derive(Debug, Clone)]
pub struct Run<'c> {
    /// What it said of itself.
    pub description: Description,
    /// The results.
    pub tested: Vec<Tested<'c>>,
}

/// How tests are given.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How many threads give tests to an implementation, each to an instance of its own.
    pub jobs: usize,
    /// How long an answer may take.
    pub limit: Duration,
    /// Ends the run.
    pub stop: Stop,
}

impl Limits {
    /// Returns limits of a run that no one gives up.
    #[must_use]
    pub fn new(jobs: usize, limit: Duration) -> Self {
        Self { jobs, limit, stop: Stop::default() }
    }
}

/// Gives tests to an implementation, on several threads with an instance each.
///
/// # Errors
/// [`StartError`] if it cannot be started at all.
pub fn run<'c>(
    tests: &[Placed<'c>],
    startable: &Startable,
    jobs: usize,
    limit: Duration,
) -> Result<Run<'c>, StartError> {
    let mut pool = Pool::start(startable.clone(), Limits::new(jobs, limit))?;
    let tested = pool.run(tests, &|| {});
    Ok(Run { description: pool.description, tested })
}

/// Instances of an implementation, which are started when they are needed, and are given one run of
/// tests after another.
pub struct Pool {
    startable: Startable,
    description: Description,
    limits: Limits,
    instances: Vec<Box<dyn Implementation>>,
}

/// How many tests are worth another instance of an implementation.
const TESTS_PER_INSTANCE: usize = 8;

impl Pool {
    /// Starts the first instance.
    ///
    /// # Errors
    /// [`StartError`] if that fails.
    pub fn start(startable: Startable, limits: Limits) -> Result<Self, StartError> {
        let first = startable.start()?;
        Ok(Self {
            startable,
            description: first.description().clone(),
            limits,
            instances: vec![first],
        })
    }

    /// Returns what the implementation said of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Gives it tests. The results are in the order of the tests; after each that it was given,
    /// `progress` is called.
    pub fn run<'c>(
        &mut self,
        tests: &[Placed<'c>],
        progress: &(dyn Fn() + Sync),
    ) -> Vec<Tested<'c>> {
        let (mut results, mut given) = (Vec::with_capacity(tests.len()), Vec::new());
        for (index, placed) in tests.iter().enumerate() {
            let Some(feature) = self.description.missing(&placed.test.features) else {
                given.push((index, *placed));
                continue;
            };
            let outcome = Outcome::Skipped(format!("it does not have {feature}"));
            let took = Duration::ZERO;
            results.push((index, Tested { placed: *placed, outcome, answer: None, took }));
        }
        let threads = self.limits.jobs.min(given.len().div_ceil(TESTS_PER_INSTANCE));
        let mut instances = mem::take(&mut self.instances).into_iter().map(Some);
        let (next, answered) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(given.len())));
        let returned = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..threads {
                let instance = instances.next().flatten();
                let (given, next, answered, returned) = (&given, &next, &answered, &returned);
                let (startable, limits) = (&self.startable, &self.limits);
                scope.spawn(move || {
                    // one that cannot be started leaves its tests to the others
                    let Ok(mut instance) = instance.map_or_else(|| startable.start(), Ok) else {
                        return;
                    };
                    while let Some((index, placed)) =
                        given.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        if limits.stop.is_set() {
                            break;
                        }
                        let tested = test(*placed, &mut *instance, limits.limit);
                        answered
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((*index, tested));
                        progress();
                    }
                    returned.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
                });
            }
        });
        self.instances = returned.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.instances.extend(instances.flatten());
        results.extend(answered.into_inner().unwrap_or_else(PoisonError::into_inner));
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, tested)| tested).collect()
    }
}

fn test<'c>(
    placed: Placed<'c>,
    implementation: &mut dyn Implementation,
    limit: Duration,
) -> Tested<'c> {
    let begun = Instant::now();
    let asked = stdx::panic::catch(|| implementation.ask(placed))
        .unwrap_or_else(|panicked| Reply::Crashed(panicked.to_string()));
    let took = begun.elapsed();
    let (outcome, answer) = match asked {
        // what runs in this process cannot be stopped, but it is late all the same
        Reply::Answered(answer) if took > limit => (Outcome::Hang, Some(answer)),
        Reply::Answered(answer) => (compare(placed.test, &answer), Some(answer)),
        Reply::Crashed(how) => (Outcome::Crash(how), None),
        Reply::Hung => (Outcome::Hang, None),
        Reply::Silent(with) => (Outcome::Silent(with), None),
    };
    Tested { placed, outcome, answer, took }
}

/// Compares an answer with what is expected.
#[must_use]
pub fn compare(test: &Test, answer: &Answer) -> Outcome {
    if answer.verdict == Verdict::Unsupported {
        return Outcome::Skipped(answer.detail.clone());
    }
    match difference(test, answer) {
        None => Outcome::Right,
        Some(got) if answer.detail.is_empty() => {
            Outcome::Wrong(format!("expected {}, got {got}", test.result))
        }
        Some(got) => {
            Outcome::Wrong(format!("expected {}, got {got}: {}", test.result, answer.detail))
        }
    }
}

/// Returns in what an answer differs from what is expected; `None` if it is right.
#[must_use]
pub fn difference(test: &Test, answer: &Answer) -> Option<String> {
    match (test.result, answer.verdict) {
        (Expected::Valid | Expected::Acceptable, Verdict::Valid)
        | (Expected::Invalid | Expected::Acceptable, Verdict::Invalid)
        | (Expected::Undecided, Verdict::Undecided) => {}
        (_, verdict) => return Some(verdict.to_string()),
    }
    if let Some(named) = &answer.reason
        && let Some(missing) = test.reason.iter().find(|check| !named.contains(check))
    {
        return Some(format!("{} for another reason than {missing}", test.result));
    }
    if answer.verdict != Verdict::Valid {
        return None;
    }
    if let Some(given) = &answer.cautions {
        let [given, expected] =
            [given, &test.cautions].map(|names| names.iter().collect::<BTreeSet<_>>());
        if given != expected {
            return Some(format!("the cautions {given:?}, not {expected:?}"));
        }
    }
    match (&test.output, &answer.output) {
        (None, _) => None,
        (Some(expected), Some(output)) if expected == output => None,
        (Some(expected), Some(output)) => {
            let [expected, output] = [expected, output].map(|one| shortened(&one.to_string()));
            Some(format!("another output: {output}, not {expected}"))
        }
        (Some(_), None) => Some("no output".to_owned()),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
