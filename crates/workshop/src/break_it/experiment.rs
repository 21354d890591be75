//! The verdict on a changed case, and what was predicted of it.

use std::{collections::BTreeSet, sync::LazyLock};

use proofs::{Case, Check, ClEngine, EngineSet, Engines, Policy, Verdict, explain};
use serde_json::Value;
use verdict::Layout;

use crate::outcome::{NotYet, Outcome};

/// What a prediction is in an exercise that was not begun. No exercise makes this check fail.
const NO_PREDICTION: Check = Check::Size;

/// Returns the verdict on a case. The engine of the mathematics is `cl` alone.
pub(crate) fn verdict(case: &Value) -> Verdict {
    // one for all, since it keeps the issuers' keys
    static CL: LazyLock<ClEngine> = LazyLock::new(ClEngine::new);
    let policy = Policy { engines: Engines::Cl, ..Policy::default() };
    match Case::from_json(&case.to_string()) {
        Ok(case) => explain(&case, &policy, EngineSet { library: None, cl: Some(&*CL) }, None),
        Err(error) => Verdict::failed_at(Check::Size, error.id, *error.failure),
    }
}

/// An experiment in which one check fails.
pub(super) struct Fails<'e> {
    /// The check that must fail.
    pub(super) check: Check,
    /// The referents for which it must fail, as the learner predicts them; `None` if that is not
    /// predicted.
    pub(super) referents: Option<&'e [&'e str]>,
}

impl Fails<'_> {
    /// Compares the verdict on a case with a learner's prediction.
    pub(super) fn compare(&self, case: &Value, prediction: Check) -> Outcome {
        let verdict = verdict(case);
        let failed: Vec<Check> = verdict.failed().map(|report| report.check).collect();
        if failed != [self.check] {
            return Err(NotYet::new(format!(
                "The change is in the right place, but it does not do what the exercise asks. The verdict:\n\n{}",
                shown(&verdict)
            )));
        }
        predicted(prediction)?;
        if prediction != self.check {
            return Err(NotYet::new(format!(
                "You predicted that {prediction} fails. Another check does:\n\n{}\n\
                 Why this one? Then correct your prediction.",
                shown(&verdict)
            )));
        }
        self.compare_referents(&verdict)
    }

    fn compare_referents(&self, verdict: &Verdict) -> Outcome {
        let Some(predicted) = self.referents else {
            return Ok(());
        };
        let predicted: BTreeSet<&str> = predicted.iter().copied().collect();
        let failures = verdict.failed().flat_map(|report| &report.failures);
        let failed: BTreeSet<&str> =
            failures.filter_map(|failure| failure.referent.as_deref()).collect();
        if predicted == failed {
            return Ok(());
        }
        let listed = |referents: &BTreeSet<&str>| match referents.is_empty() {
            true => "no referent".to_owned(),
            false => referents.iter().copied().collect::<Vec<_>>().join(", "),
        };
        Err(NotYet::new(format!(
            "The check is the one that you predicted. It fails for {}; you predicted {}:\n\n{}",
            listed(&failed),
            listed(&predicted),
            shown(verdict)
        )))
    }
}

/// An experiment after which every check passes, and what it is about.
pub(super) struct Passes(pub(super) &'static str);

impl Passes {
    /// Compares the verdict on a case with a learner's prediction: `None` if no check is to fail.
    pub(super) fn compare(&self, case: &Value, prediction: Option<Check>) -> Outcome {
        let verdict = verdict(case);
        if !verdict.verified() {
            return Err(NotYet::new(format!(
                "The change is in the right place, but it does not do what the exercise asks. The verdict on {}:\n\n{}",
                self.0,
                shown(&verdict)
            )));
        }
        let Some(prediction) = prediction else {
            return Ok(());
        };
        predicted(prediction)?;
        Err(NotYet::new(format!(
            "For {}, you predicted that {prediction} fails. No check fails: it is verified.\n\
             Why? Then correct your prediction.",
            self.0
        )))
    }
}

/// Checks that a learner has made a prediction.
fn predicted(prediction: Check) -> Outcome {
    if prediction != NO_PREDICTION {
        return Ok(());
    }
    let names: Vec<String> = Check::ALL
        .iter()
        .filter(|check| **check != NO_PREDICTION)
        .map(|check| format!("  {:18}  {}", format!("{check:?}"), check.rule()))
        .collect();
    Err(NotYet::new(format!(
        "the gap is not filled yet: predict which check fails, before you see the verdict. These are the others of \
         `Check`:\n\n{}",
        names.join("\n")
    )))
}

/// Returns a verdict as text: what failed, with what was expected, what was found, and what to do.
pub(crate) fn shown(verdict: &Verdict) -> String {
    verdict.text("the changed case", &Layout { width: Some(100), ..Layout::default() })
}
