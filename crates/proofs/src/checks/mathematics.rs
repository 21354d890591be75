//! `mathematics/indy-credx` and `mathematics/cl`: what the engines say.

use verdict::{Failure, Findings, Found};

use super::engine::{Engine, EngineError, EngineSet};
use super::equivalent::Equivalent;
use super::parsed::ParsedCase;
use crate::check::Check;

const EXPECTED: &str = "an engine that finds the equations to hold";

/// `mathematics/indy-credx` and `mathematics/cl`: each engine that the policy asks and that can
/// compute the proof recomputes the challenge, and at least one can.
pub(super) fn check(
    parsed: &ParsedCase<'_>,
    engines: EngineSet<'_>,
    findings: &mut Findings<'_, Check>,
) {
    let asked = [(Check::MathematicsLibrary, engines.library), (Check::MathematicsCl, engines.cl)];
    let asked = asked.into_iter().filter(|(check, _)| !parsed.policy.engines.leaves_out(*check));
    let equivalent = match Equivalent::of(parsed) {
        Ok(equivalent) => equivalent,
        Err(entry) => {
            return asked.for_each(|(check, _)| findings.add(check, missing(entry.clone())));
        }
    };
    let answers: Vec<_> = asked.map(|(check, engine)| (check, ask(engine, &equivalent))).collect();
    // One that cannot compute the proof may be left out only if another has decided: by accepting
    // it, whatever the policy relaxes, or by a failure that counts.
    let is_decided = answers.iter().any(|(check, answer)| match answer {
        Ok(found) => *found == Found::default() || !parsed.policy.relaxes(*check),
        Err(_) => false,
    });
    for (check, answer) in answers {
        match answer {
            Ok(found) => findings.add(check, found),
            Err(unable) if is_decided => findings.leave(check, &unable),
            Err(unable) => {
                let remedy = "let the policy ask both engines; if it does, no engine computes it";
                let expected = "an engine that can compute the proof";
                findings.add(check, missing(Failure::new(expected, unable, remedy)));
            }
        }
    }
}

fn missing(what: Failure) -> Found {
    Found { missing: vec![what], ..Found::default() }
}

/// Asks one engine, and returns what it finds.
///
/// # Errors
/// Why it cannot compute the proof.
fn ask(engine: Option<&dyn Engine>, equivalent: &Equivalent) -> Result<Found, String> {
    let failed = |got: &str, remedy| Ok(Found::from(vec![Failure::new(EXPECTED, got, remedy)]));
    let Some(engine) = engine else {
        return failed(
            "no such engine at hand",
            "verify where there is one, or choose the other engine alone by policy",
        );
    };
    match engine.verify(&equivalent.case) {
        Ok(true) => Ok(Found::default()),
        Ok(false) => failed(
            "they do not: the recomputed numbers hash to something other than the proof's challenge",
            "do not accept it; if it is honest, it was made for another nonce, or with other issuers' keys than \
             those given, or was altered on its way",
        ),
        Err(EngineError::Unable(reason)) => Err(equivalent.original(&reason)),
        Err(EngineError::TimedOut(limit)) => Ok(missing(Failure::new(
            EXPECTED,
            format!("no answer in {limit:?}"),
            "verify again when the machine is less busy, or with more time",
        ))),
        Err(EngineError::Refused(reason)) => failed(
            &format!("no answer: {}", equivalent.original(&reason)),
            "do not accept it; if every other check passed, keep the case and report it",
        ),
    }
}
