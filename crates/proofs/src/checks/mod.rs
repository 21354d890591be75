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
mod binding;
mod decimal;
mod engine;
mod ledger;
mod mathematics;
mod numbers;
mod origin;
mod points;
mod restrictions;
mod revocation;
mod shape;
mod size;
mod statements;
#[cfg(test)]
mod tests;

use crate::answer::Answer;
use crate::case::Case;
use crate::check::{Check, Verdict};
use crate::policy::Policy;
use crate::request::ProofRequest;
use ledger::Credential;
use verdict::Findings;

pub use engine::ClEngine;
pub use mathematics::Mathematics;
pub use size::{MAX_BYTES, MAX_DIGITS, MAX_LEDGER_BYTES, MAX_PREDICATES, MAX_SUB_PROOFS};

/// What to do about a presentation that no honest prover makes.
const AS_MADE: &str =
    "do not accept it; ask the prover for the presentation as its library made it";

/// A case that has the right shape: request and presentation were read, every index leads to a sub-proof.
struct Read<'c> {
    case: &'c Case,
    request: ProofRequest,
    answer: Answer,
    /// As many as sub-proofs and identifiers, in their order.
    credentials: Vec<Credential<'c>>,
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
    let relaxed = policy.relaxed_checks();
    let mut findings = Findings::new(&relaxed);
    let size = size::check(case);
    let small = size.is_empty();
    findings.add(Check::Size, size);
    if small {
        let request = shape::request(&case.presentation_request, means.library);
        let request = findings.take(Check::RequestShape, request);
        let presentation = findings.take(Check::PresentationShape, shape::presentation(case));
        if let (Some(request), Some((answer, credentials))) = (request, presentation) {
            let read = Read {
                case,
                request,
                answer,
                credentials,
            };
            examine(&read, policy, means, &mut findings);
        }
    }
    findings.into_verdict(case.id.clone(), Check::ALL)
}

/// The checks of a case that has the right shape.
fn examine(read: &Read<'_>, policy: &Policy, means: Means<'_>, findings: &mut Findings<'_, Check>) {
    findings.add(Check::Referents, answers::referents(read));
    findings.add(Check::SelfAttested, answers::self_attested(read));
    findings.add(Check::RevealedSet, statements::revealed_set(read));
    findings.add(Check::Encoding, statements::encoding(read));
    findings.add(Check::Predicates, statements::predicates(read));
    findings.add(Check::PredicateLink, binding::predicate_link(read));
    findings.add(Check::NumberForm, numbers::form(read));
    findings.add(Check::NumberRange, numbers::range(read));
    findings.add(Check::ChallengeBinding, binding::challenge_binding(read));
    findings.add(Check::HiddenSet, binding::hidden_set(read));
    findings.add(Check::SameHolder, binding::same_holder(read));
    findings.add(Check::SchemaOfCredDef, origin::schema_of_cred_def(read));
    findings.add(Check::Restrictions, restrictions::check(read));
    findings.add(Check::NonRevocation, revocation::check(read));
    match means.nonces {
        Some(nonces) => findings.add(Check::NonceFresh, origin::nonce_fresh(read, nonces)),
        None => findings.leave(Check::NonceFresh, "no memory of used nonces was given"),
    }
    let engines = [
        (Check::MathematicsLibrary, means.library),
        (Check::MathematicsCl, means.cl),
    ];
    for (check, engine) in engines {
        if policy.engines.leaves_out(check) {
            findings.relax(check, "the policy does not ask this engine");
        } else if findings.hold_among(CONSISTENCY) {
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
