//! The checks, one function each, in the order of [`Check`].
//!
//! A check is a pure function of what was read so far; it returns what it found wrong, nothing if all
//! is well. [`explain`] runs them.
//!
//! The first three decide whether there is anything to check: a case that is too large, or not of
//! the right shape, is read no further. The next eleven look at the presentation's own consistency;
//! only if all hold do the engines get to see it: no library is given numbers that an
//! honest prover cannot have made. The others (`encoding`, and `schema-of-cred-def` to `nonce-fresh`) stand
//! beside the mathematics: an engine can be right about a proof that does not say what the verifier asked.

mod answers;
mod credentials;
mod mathematics;
mod numbers;
mod shape;
mod size;

use crate::answer::Answer;
use crate::case::Case;
use crate::policy::Policy;
use crate::request::ProofRequest;
use crate::verdict::{Check, Failure, Outcome, Report, Verdict};

pub use mathematics::{ClEngine, Mathematics};
pub use size::{MAX_BYTES, MAX_DIGITS, MAX_PREDICATES, MAX_SUB_PROOFS};

/// A case that has the right shape.
pub(crate) struct Read<'c> {
    case: &'c Case,
    request: ProofRequest,
    answer: Answer,
}

/// What a verifier has besides the case: engines, and a memory for nonces.
#[derive(Clone, Copy, Default)]
pub struct Means<'m> {
    /// `indy-credx`, if it is at hand.
    pub library: Option<&'m dyn Mathematics>,
    /// Our own engine, if it is at hand.
    pub cl: Option<&'m dyn Mathematics>,
    /// The nonces that have been accepted.
    pub nonces: Option<&'m dyn UsedNonces>,
}

/// A memory for the nonces of accepted presentations.
pub trait UsedNonces: Sync {
    /// Whether a presentation for this nonce has been accepted before.
    ///
    /// # Errors
    /// Why the memory cannot be read, as a clause.
    fn used(&self, nonce: &str) -> Result<bool, String>;
}

/// Checks a case: all twenty checks, in order.
pub fn explain(case: &Case, policy: &Policy, means: Means<'_>) -> Verdict {
    let mut findings = Findings::new(policy);
    findings.add(Check::Size, size::check(case));
    if findings.hold(&[Check::Size]) {
        let request = findings.take(Check::RequestShape, shape::request(case));
        let answer = findings.take(Check::PresentationShape, shape::presentation(case));
        if let (Some(request), Some(answer)) = (request, answer) {
            let read = Read {
                case,
                request,
                answer,
            };
            examine(&read, means, &mut findings);
        }
    }
    findings.into_verdict(case.id.clone())
}

/// The checks of a case that has the right shape.
fn examine(read: &Read<'_>, means: Means<'_>, findings: &mut Findings<'_>) {
    findings.add(Check::Referents, answers::referents(read));
    findings.add(Check::SelfAttested, answers::self_attested(read));
    findings.add(Check::RevealedSet, answers::revealed_set(read));
    findings.add(Check::Encoding, answers::encoding(read));
    findings.add(Check::Predicates, answers::predicates(read));
    findings.add(Check::PredicateLink, numbers::predicate_link(read));
    findings.add(Check::NumberForm, numbers::form(read));
    findings.add(Check::NumberRange, numbers::range(read));
    findings.add(Check::ChallengeBinding, numbers::challenge_binding(read));
    findings.add(Check::HiddenSet, numbers::hidden_set(read));
    findings.add(Check::SameHolder, numbers::same_holder(read));
    findings.add(Check::SchemaOfCredDef, credentials::schema_of_cred_def(read));
    findings.add(Check::Restrictions, credentials::restrictions(read));
    findings.add(Check::NonRevocation, credentials::non_revocation(read));
    match means.nonces {
        Some(nonces) => findings.add(Check::NonceFresh, credentials::nonce_fresh(read, nonces)),
        None => findings.leave(Check::NonceFresh, "no memory of used nonces was given"),
    }
    let engines = [
        (Check::MathematicsLibrary, means.library),
        (Check::MathematicsCl, means.cl),
    ];
    for (check, engine) in engines {
        if findings.policy.engines.leaves_out(check) {
            findings.leave(check, "the policy does not ask this engine");
        } else if findings.hold(CONSISTENCY) {
            findings.add(check, mathematics::check(read, engine));
        }
    }
}

/// What an honest presentation cannot lack: without it no engine gets to see the numbers.
const CONSISTENCY: &[Check] = &[
    Check::Referents,
    Check::SelfAttested,
    Check::RevealedSet,
    Check::Predicates,
    Check::PredicateLink,
    Check::NumberForm,
    Check::NumberRange,
    Check::ChallengeBinding,
    Check::HiddenSet,
    Check::SameHolder,
];

/// The reports so far.
struct Findings<'p> {
    policy: &'p Policy,
    reports: Vec<Report>,
}

impl<'p> Findings<'p> {
    fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            reports: Vec::with_capacity(Check::ALL.len()),
        }
    }

    /// A check that was made, and what it found wrong.
    fn add(&mut self, check: Check, mut failures: Vec<Failure>) {
        failures.truncate(Report::SHOWN);
        let outcome = if failures.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed
        };
        self.reports.push(Report {
            check,
            outcome,
            failures,
            note: None,
            relaxed: self.policy.relaxes(check),
        });
    }

    /// A check that yields what later checks need.
    fn take<T>(&mut self, check: Check, result: Result<T, Vec<Failure>>) -> Option<T> {
        match result {
            Ok(value) => {
                self.add(check, Vec::new());
                Some(value)
            }
            Err(failures) => {
                self.add(check, failures);
                None
            }
        }
    }

    /// A check that nobody asked for: it counts neither for nor against.
    fn leave(&mut self, check: Check, note: &str) {
        self.reports.push(Report {
            check,
            outcome: Outcome::NotReached,
            failures: Vec::new(),
            note: Some(note.to_owned()),
            relaxed: true,
        });
    }

    /// Whether all of these passed or are relaxed.
    fn hold(&self, checks: &[Check]) -> bool {
        self.reports
            .iter()
            .filter(|report| checks.contains(&report.check))
            .all(|report| report.relaxed || report.outcome == Outcome::Passed)
    }

    /// All checks in order; those without a report were not reached because of the first failure.
    fn into_verdict(self, id: Option<String>) -> Verdict {
        let first = self
            .reports
            .iter()
            .find(|report| report.outcome == Outcome::Failed)
            .map(|report| format!("because {} failed", report.check));
        let mut made = self.reports.into_iter().peekable();
        let reports = Check::ALL
            .iter()
            .map(|&check| {
                made.next_if(|report| report.check == check)
                    .unwrap_or_else(|| Report {
                        check,
                        outcome: Outcome::NotReached,
                        failures: Vec::new(),
                        note: first.clone(),
                        relaxed: self.policy.relaxes(check),
                    })
            })
            .collect();
        Verdict { id, reports }
    }
}
