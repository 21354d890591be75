//! The checks, one function each.
//!
//! A check is a pure function of what was read so far. It returns what it finds wrong: nothing, if
//! all is well. [`explain`] runs them.
//!
//! The first three decide whether there is anything to check: a case that is too large, or does not
//! have the right shape, is not read further. Ten others look at the presentation's own
//! consistency, and only if all of them hold do the engines get to see it: no library is given
//! numbers that an honest prover cannot have made. The rest (`encoding`, and `schema-of-cred-def`
//! to `nonce-fresh`) look at what the mathematics does not: an engine can be right about a proof
//! that does not say what the verifier asked for.
//!
//! A check may find that something is wrong, that something is missing, or that the reader of the
//! verdict should know something. Without the public data that the presentation names, the checks
//! that need it are not made, and the others are: what is wrong is wrong whatever is missing.

mod answers;
mod binding;
mod cl_engine;
mod decimal;
mod engine;
mod equivalent;
mod key;
mod learned;
mod mathematics;
mod nonce;
mod numbers;
mod origin;
mod parsed;
mod points;
mod public_data;
mod registry;
mod restrictions;
mod revocation;
mod shape;
mod size;
mod statements;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use verdict::{Findings, Found};

use crate::case::Case;
use crate::check::{Check, Verdict};
use crate::policy::Policy;
use parsed::ParsedCase;

pub use cl_engine::ClEngine;
pub use engine::{Engine, EngineError, EngineSet};

/// Checks a case: all twenty checks.
///
/// `is_nonce_used` says whether a presentation for the request's nonce has been accepted before, as
/// the verifier's memory knows. If it is `None`, the check `nonce-fresh` is not made.
pub fn explain(
    case: &Case,
    policy: &Policy,
    engines: EngineSet<'_>,
    is_nonce_used: Option<bool>,
) -> Verdict {
    let relaxed = policy.relaxed_checks();
    let mut findings = Findings::new(&relaxed);
    let parsed = parse(case, policy, &mut findings);
    if let Some(parsed) = &parsed {
        let has_public_data = parsed.credentials.len() == parsed.sub_proofs();
        for (check, needs, run) in CONSISTENCY.iter().chain(MEANING) {
            if has_public_data || *needs == Needs::Nothing {
                findings.add(*check, run(parsed));
            }
        }
        match is_nonce_used {
            Some(is_used) => findings.add(Check::NonceFresh, nonce::check(parsed, is_used)),
            None => findings.leave(Check::NonceFresh, "no record of used nonces was given"),
        }
        for check in [Check::MathematicsLibrary, Check::MathematicsCl] {
            if policy.engines.leaves_out(check) {
                findings.relax(check, "the policy does not ask this engine");
            }
        }
        let consistency: Vec<Check> = CONSISTENCY.iter().map(|(check, _, _)| *check).collect();
        if has_public_data && findings.hold_among(&consistency) {
            mathematics::check(parsed, engines, &mut findings);
        }
    }
    let mut verdict = findings.into_verdict(case.id.clone(), Check::ALL);
    let learned = parsed.filter(|_| verdict.verified()).map(|parsed| learned::learned(&parsed));
    verdict.learned = Some(learned.unwrap_or_default());
    verdict
}

/// Makes the checks that decide whether there is anything to check.
fn parse<'c>(
    case: &'c Case,
    policy: &'c Policy,
    findings: &mut Findings<'_, Check>,
) -> Option<ParsedCase<'c>> {
    let size = size::check(case, policy);
    let is_small = size.is_empty();
    findings.add(Check::Size, size);
    if !is_small {
        return None;
    }
    let request = findings.take(Check::RequestShape, shape::request(&case.presentation_request));
    let request = request.map(|(request, cautions)| {
        findings.add(Check::RequestShape, Found { cautions, ..Found::default() });
        request
    });
    let shape = shape::presentation(&case.presentation);
    let presentation = findings.take(Check::PresentationShape, shape)?;
    let credentials = public_data::credentials(case, &presentation);
    let is_malformed = credentials.as_ref().is_err_and(|found| !found.failures.is_empty());
    let credentials = findings.take(Check::PresentationShape, credentials).unwrap_or_default();
    if is_malformed {
        return None;
    }
    let entries = OnceCell::new();
    Some(ParsedCase { case, policy, request: request?, presentation, credentials, entries })
}

/// What a check needs beside request and presentation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    PublicData,
}

/// A check of a case that has the right shape.
type Run = fn(&ParsedCase<'_>) -> Found;

/// What an honest presentation cannot lack: without it no engine gets to see the numbers.
const CONSISTENCY: &[(Check, Needs, Run)] = &[
    (Check::Referents, Needs::Nothing, answers::referents),
    (Check::SelfAttested, Needs::Nothing, answers::self_attested),
    (Check::RevealedSet, Needs::Nothing, statements::revealed_set),
    (Check::Predicates, Needs::Nothing, statements::predicates),
    (Check::PredicateLink, Needs::Nothing, |parsed| binding::predicate_link(parsed).into()),
    (Check::NumberForm, Needs::PublicData, |parsed| numbers::form(parsed).into()),
    (Check::NumberRange, Needs::Nothing, |parsed| numbers::range(parsed).into()),
    (Check::ChallengeBinding, Needs::Nothing, |parsed| binding::challenge_binding(parsed).into()),
    (Check::HiddenSet, Needs::PublicData, |parsed| binding::hidden_set(parsed).into()),
    (Check::SameHolder, Needs::Nothing, |parsed| binding::same_holder(parsed).into()),
];

/// Whether the presentation says what the verifier asked for. An engine does not look at that.
const MEANING: &[(Check, Needs, Run)] = &[
    (Check::Encoding, Needs::Nothing, statements::encoding),
    (Check::SchemaOfCredDef, Needs::PublicData, origin::schema_of_cred_def),
    (Check::Restrictions, Needs::PublicData, restrictions::check),
    (Check::NonRevocation, Needs::PublicData, revocation::check),
];
