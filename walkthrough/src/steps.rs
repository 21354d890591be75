//! Which steps run, from which state.

use anyhow::Result;
use stage::{Stage, StageError};
use step2_issuance::Issued;
use step3_proof_request::Found;
use step4_create_proof::Proven;
use step5_verify_proof::Verdict;

use crate::report::Ending;

/// Which steps to run.
#[derive(Debug, Clone, Copy)]
pub enum Steps {
    /// Those that have not finished in this home, up to a last one.
    Remaining {
        /// The last step, 2 to 5.
        until: u8,
    },
    /// One, from what the step before it left.
    One(u8),
}

/// Run steps on a stage.
pub async fn play(stage: &Stage, steps: Steps) -> Result<Ending> {
    let (first, last) = match steps {
        // to issue anew would pull the ground from under the later steps
        Steps::One(2) if is_sound(stage.load::<Issued>(2))? => {
            return Ok(Ending::FinishedBefore(2));
        }
        Steps::One(step) => (step, step),
        Steps::Remaining { until } => match first_unfinished(stage, until) {
            Some(first) => (first, until),
            None if until == 5 => return Ok(Ending::VerdictBefore(stage.load(5)?)),
            None => return Ok(Ending::FinishedBefore(until)),
        },
    };
    for step in 2..first {
        if stage.home().has_finished(step) && matches!(steps, Steps::Remaining { .. }) {
            stage
                .narrator()
                .note(&format!("Step {step} was done before."))?;
        }
    }

    let issued: Issued = match first {
        2 => step2_issuance::run(stage).await?,
        _ => stage.load(2)?,
    };
    if last == 2 {
        return Ok(Ending::StoppedAfter(2));
    }
    let found: Found = match first {
        2 | 3 => step3_proof_request::run(stage, &issued).await?,
        _ => stage.load(3)?,
    };
    if last == 3 {
        return Ok(Ending::StoppedAfter(3));
    }
    let proven: Proven = match first {
        2..=4 => step4_create_proof::run(stage, &issued, &found).await?,
        _ => stage.load(4)?,
    };
    if last == 4 {
        return Ok(Ending::StoppedAfter(4));
    }
    let verdict: Verdict = step5_verify_proof::run(stage, &found, &proven).await?;
    Ok(Ending::Verdict(verdict))
}

/// The first step up to `until` that has not finished.
fn first_unfinished(stage: &Stage, until: u8) -> Option<u8> {
    (2..=until).find(|&step| !stage.home().has_finished(step))
}

/// Whether a step's hand-over is there and can be read.
fn is_sound<T>(loaded: Result<T, StageError>) -> Result<bool, StageError> {
    match loaded {
        Ok(_) => Ok(true),
        Err(StageError::StateMissing { .. } | StageError::StateDamaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
