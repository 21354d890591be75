//! The checks, one function each.
//!
//! A check is a pure function of what was read so far. It returns what it finds wrong: nothing, if
//! all is well. [`explain`] runs them.
//!
//! The first three decide whether there is anything to check: a case that is too large, or does not
//! have the right shape, is not read further. Ten others look at the presentation's own consistency,
//! and only if all of them hold do the engines get to see it: no library is given numbers that an
//! honest prover cannot have made. The rest (`encoding`, and `schema-of-cred-def` to `nonce-fresh`)
//! look at what the mathematics does not: an engine can be right about a proof that does not say
//! what the verifier asked for.

mod answers;
mod binding;
mod cl_engine;
mod decimal;
mod engine;
mod ledger;
mod mathematics;
mod nonce;
mod numbers;
mod origin;
mod parsed;
mod points;
mod restrictions;
mod revocation;
mod shape;
mod size;
mod statements;
#[cfg(test)]
mod tests;

use verdict::{Failure, Findings};

use crate::case::Case;
use crate::check::{Check, Verdict};
use crate::policy::Policy;
use parsed::ParsedCase;

pub use cl_engine::ClEngine;
pub use engine::{Engine, EngineSet};

/// Checks a case: all twenty checks.
///
/// `is_nonce_used` says whether a presentation for the request's nonce has been accepted before, as the verifier's memory
/// knows. If it is `None`, the check `nonce-fresh` is not made.
pub fn explain(
    case: &Case,
    policy: &Policy,
    engines: EngineSet<'_>,
    is_nonce_used: Option<bool>,
) -> Verdict {
    let relaxed = policy.relaxed_checks();
    let mut findings = Findings::new(&relaxed);
    if let Some(parsed) = parse(case, engines, &mut findings) {
        for (check, run) in CONSISTENCY.iter().chain(MEANING) {
            findings.add(*check, run(&parsed));
        }
        match is_nonce_used {
            Some(is_used) => findings.add(Check::NonceFresh, nonce::check(&parsed, is_used)),
            None => findings.leave(Check::NonceFresh, "no memory of used nonces was given"),
        }
        compute(&parsed, policy, engines, &mut findings);
    }
    findings.into_verdict(case.id.clone(), Check::ALL)
}

/// Makes the checks that decide whether there is anything to check.
fn parse<'c>(
    case: &'c Case,
    engines: EngineSet<'_>,
    findings: &mut Findings<'_, Check>,
) -> Option<ParsedCase<'c>> {
    let size = size::check(case);
    let is_small = size.is_empty();
    findings.add(Check::Size, size);
    if !is_small {
        return None;
    }
    let request = shape::request(&case.presentation_request, engines.library);
    let request = findings.take(Check::RequestShape, request);
    let presentation = findings.take(Check::PresentationShape, shape::presentation(case));
    let (presentation, credentials) = presentation?;
    Some(ParsedCase { case, request: request?, presentation, credentials })
}

/// Asks the engines that the policy names, if the presentation is consistent.
fn compute(
    parsed: &ParsedCase<'_>,
    policy: &Policy,
    engines: EngineSet<'_>,
    findings: &mut Findings<'_, Check>,
) {
    let consistency: Vec<Check> = CONSISTENCY.iter().map(|(check, _)| *check).collect();
    for (check, engine) in
        [(Check::MathematicsLibrary, engines.library), (Check::MathematicsCl, engines.cl)]
    {
        if policy.engines.leaves_out(check) {
            findings.relax(check, "the policy does not ask this engine");
        } else if findings.hold_among(&consistency) {
            findings.add(check, mathematics::check(parsed, engine));
        }
    }
}

/// A check of a case that has the right shape. It returns what it finds wrong.
type Run = fn(&ParsedCase<'_>) -> Vec<Failure>;

/// What an honest presentation cannot lack: without it no engine gets to see the numbers.
const CONSISTENCY: &[(Check, Run)] = &[
    (Check::Referents, answers::referents),
    (Check::SelfAttested, answers::self_attested),
    (Check::RevealedSet, statements::revealed_set),
    (Check::Predicates, statements::predicates),
    (Check::PredicateLink, binding::predicate_link),
    (Check::NumberForm, numbers::form),
    (Check::NumberRange, numbers::range),
    (Check::ChallengeBinding, binding::challenge_binding),
    (Check::HiddenSet, binding::hidden_set),
    (Check::SameHolder, binding::same_holder),
];

/// Whether the presentation says what the verifier asked for. An engine does not look at that.
const MEANING: &[(Check, Run)] = &[
    (Check::Encoding, statements::encoding),
    (Check::SchemaOfCredDef, origin::schema_of_cred_def),
    (Check::Restrictions, restrictions::check),
    (Check::NonRevocation, revocation::check),
];
