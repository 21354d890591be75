//! Which steps run, from which state.

use anyhow::Result;
use tutorial::{
    Tutorial, TutorialError,
    handover::{Found, Issued, Proven, Verdict},
};

use crate::summary::Summary;

/// The steps to run.
#[derive(Debug, Clone, Copy)]
pub enum Steps {
    /// All that have not finished in this home, up to a last one.
    Resume {
        /// The last step, 2 to 5.
        until: u8,
    },
    /// This one, from what the step before it saved.
    One(u8),
}

/// Runs steps.
pub async fn run(tutorial: &Tutorial, steps: Steps) -> Result<Summary> {
    let (first, last) = match steps {
        // issuing again would invalidate what the later steps have saved
        Steps::One(2) if is_sound(tutorial.load::<Issued>(2))? => {
            return Ok(finished_before(2, None));
        }
        Steps::One(step) => (step, step),
        Steps::Resume { until } => match first_unfinished(tutorial, until) {
            Some(first) => (first, until),
            None if until < 5 => return Ok(finished_before(until, None)),
            None => {
                if let Some(verdict) = tutorial.home().current_verdict()? {
                    return Ok(finished_before(5, Some(verdict)));
                }
                let note = "The home has changed since the stored verdict; step 5 runs again.";
                tutorial.printer().note(note)?;
                (5, 5)
            }
        },
    };
    if matches!(steps, Steps::Resume { .. }) {
        for step in 2..first {
            let note = format!("Step {step} was done before.");
            tutorial.printer().note(&note)?;
        }
    }

    let issued: Issued = match first {
        2 => step2_issuance::run(tutorial).await?,
        _ => tutorial.load(2)?,
    };
    if last == 2 {
        return Ok(finished(2, None));
    }
    let found: Found = match first {
        2 | 3 => step3_proof_request::run(tutorial, &issued).await?,
        _ => tutorial.load(3)?,
    };
    if last == 3 {
        return Ok(finished(3, None));
    }
    let proven: Proven = match first {
        2..=4 => step4_create_proof::run(tutorial, &issued, &found).await?,
        _ => tutorial.load(4)?,
    };
    if last == 4 {
        return Ok(finished(4, None));
    }
    let verdict = step5_verify_proof::run(tutorial, &found, &proven).await?;
    // nothing follows that would end the last action
    tutorial.printer().end()?;
    Ok(finished(5, Some(verdict)))
}

fn finished(step: u8, verdict: Option<Verdict>) -> Summary {
    Summary { step, finished_before: false, verdict }
}

fn finished_before(step: u8, verdict: Option<Verdict>) -> Summary {
    Summary { step, finished_before: true, verdict }
}

/// Returns the first step up to `until` that has not finished.
fn first_unfinished(tutorial: &Tutorial, until: u8) -> Option<u8> {
    (2..=until).find(|&step| !tutorial.home().has_finished(step))
}

/// Returns whether a step's hand-over exists and can be read.
fn is_sound<T>(loaded: Result<T, TutorialError>) -> Result<bool, TutorialError> {
    match loaded {
        Ok(_) => Ok(true),
        Err(TutorialError::StateMissing { .. } | TutorialError::StateDamaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
