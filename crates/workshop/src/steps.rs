//! The four steps of the tutorial, filled in by a learner.
//!
//! The learner's step runs in a walkthrough of its own, after the step crates before it and
//! followed by those after it. What each of its actions shows is compared with what the step crate
//! shows. That runs twice, because some values differ each time, such as numbers that are drawn: of
//! these only the form is compared. The identifiers of a run are replaced with their names first,
//! so that they are compared all the same.

use std::process::ExitCode;

use anyhow::{Error, Result};
use indy::anoncreds::{KeySource, PreparedKey};
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Runtime;
use tutorial::{
    Format, PrintOptions, TutorialOptions,
    handover::{Found, Issued, Proven, Verdict},
};

use crate::{
    compare::{self, Recorded},
    gap::fill,
    outcome::{NotYet, Outcome, finish},
};

pub use tutorial::Tutorial;

/// An issuer's key for the attributes of the tutorial's schema, so that no exercise waits for
/// primes. It is public.
const KEY: &str = include_str!("../../test-support/fixtures/TEST-KEY-gvt.json");

/// Checks step 2: actions 1 to 17.
pub fn check_step_2(exercise: &str, run: impl AsyncFn(&Tutorial) -> Result<Issued>) -> ExitCode {
    let run = async |tutorial: &Tutorial| json(&run(tutorial).await?);
    finish(exercise, check(2, run))
}

/// Checks step 3: actions 18 and 19.
pub fn check_step_3(
    exercise: &str,
    run: impl AsyncFn(&Tutorial, &Issued) -> Result<Found>,
) -> ExitCode {
    let run = async |tutorial: &Tutorial| json(&run(tutorial, &tutorial.load(2)?).await?);
    finish(exercise, check(3, run))
}

/// Checks step 4: action 20.
pub fn check_step_4(
    exercise: &str,
    run: impl AsyncFn(&Tutorial, &Issued, &Found) -> Result<Proven>,
) -> ExitCode {
    let run = async |tutorial: &Tutorial| {
        json(&run(tutorial, &tutorial.load(2)?, &tutorial.load(3)?).await?)
    };
    finish(exercise, check(4, run))
}

/// Checks step 5: actions 21 to 24.
pub fn check_step_5(
    exercise: &str,
    run: impl AsyncFn(&Tutorial, &Found, &Proven) -> Result<Verdict>,
) -> ExitCode {
    let run = async |tutorial: &Tutorial| {
        json(&run(tutorial, &tutorial.load(3)?, &tutorial.load(4)?).await?)
    };
    finish(exercise, check(5, run))
}

/// Compares the learner's step with that of the step crate.
fn check(step: u8, learners: impl AsyncFn(&Tutorial) -> Result<Value>) -> Outcome {
    let runtime = Runtime::new().map_err(|error| broken(&error.into()))?;
    let reference = async |tutorial: &Tutorial| run(tutorial, step).await;
    let walk_once = || {
        let tutorial = open()?;
        runtime.block_on(walk(&tutorial, step, &reference))?;
        Ok(Recorded::of(&tutorial, step))
    };
    let (first, second) =
        walk_once().and_then(|first| Ok((first, walk_once()?))).map_err(|error| broken(&error))?;

    let tutorial = open().map_err(|error| broken(&error))?;
    let walked = fill(|| runtime.block_on(walk(&tutorial, step, &learners)));
    let is_whole = matches!(walked, Ok(Ok(())));
    // an action that differs is often why a later one fails
    compare::actions(&first, &second, &Recorded::of(&tutorial, step), is_whole)?;
    let problem = match walked {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => format!("{error:#}"),
        Err(gap) => gap.to_string(),
    };
    Err(NotYet::new(match tutorial.printer().last_action() {
        Some((number, label)) => format!("action {number} ({label}):\n  {problem}"),
        None => problem,
    }))
}

/// Opens a temporary home.
fn open() -> Result<Tutorial> {
    Ok(Tutorial::open(TutorialOptions {
        key_source: KeySource::Prepared(PreparedKey::from_json(KEY)?),
        print: PrintOptions { format: Format::Quiet, record: true, ..PrintOptions::default() },
        ..TutorialOptions::default()
    })?)
}

/// Runs all steps, one of them as given. What that one hands over becomes the last value of its
/// last action.
async fn walk(
    tutorial: &Tutorial,
    step: u8,
    given: &impl AsyncFn(&Tutorial) -> Result<Value>,
) -> Result<()> {
    for before in 2..step {
        run(tutorial, before).await?;
    }
    given(tutorial).await?;
    tutorial.printer().end()?;
    for after in step + 1..=5 {
        run(tutorial, after).await?;
    }
    Ok(())
}

/// Runs a step crate.
async fn run(tutorial: &Tutorial, step: u8) -> Result<Value> {
    match step {
        2 => json(&step2_issuance::run(tutorial).await?),
        3 => json(&step3_proof_request::run(tutorial, &tutorial.load(2)?).await?),
        4 => {
            json(&step4_create_proof::run(tutorial, &tutorial.load(2)?, &tutorial.load(3)?).await?)
        }
        _ => {
            json(&step5_verify_proof::run(tutorial, &tutorial.load(3)?, &tutorial.load(4)?).await?)
        }
    }
}

fn json(state: &impl Serialize) -> Result<Value> {
    Ok(serde_json::to_value(state)?)
}

/// Returns what to say if the tutorial itself does not run, which no learner can mend.
fn broken(error: &Error) -> NotYet {
    NotYet::new(format!(
        "The tutorial itself does not run here: {error:#}\n\
         This is not about your exercise. `negotiate-proof workshop doctor` may say why."
    ))
}
