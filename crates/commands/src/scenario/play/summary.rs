//! What is printed at the end: what the verifier has learned from each request.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};
use stdx::text::{Whole, in_sentence};
use tutorial::{
    Format, Status, Tutorial, format, output,
    report::{self, BAD},
};

use super::{
    super::model::Scenario,
    state::{Outcome, Played},
};

/// Prints how each request ended, and returns the status.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(
    tutorial: &Tutorial,
    scenario: &Scenario,
    played: &Played,
    finished_before: bool,
) -> io::Result<Status> {
    let outcomes: Vec<(&str, &Outcome)> = scenario
        .requests
        .keys()
        .filter_map(|name| {
            let ended = played.answers.get(name)?.ended.as_ref()?;
            Some((name.as_str(), &ended.outcome))
        })
        .collect();
    match tutorial.printer().format() {
        Format::Quiet => {}
        Format::Text => print_text(&mut output::text(), &outcomes, finished_before)?,
        Format::Json => {
            let home = tutorial.home();
            let home = home.is_kept().then(|| home.directory());
            for (name, outcome) in &outcomes {
                let mut line = object(outcome);
                line["request"] = json!(name);
                line["holder"] = json!(scenario.requests.get(*name).map(|one| &one.holder));
                line["home"] = json!(home.map(format::path_value));
                if finished_before {
                    line["finished_before"] = json!(true);
                }
                format::line(&line)?;
            }
        }
    }
    Ok(status(outcomes.iter().map(|(_, outcome)| *outcome)))
}

fn print_text(
    out: &mut impl Write,
    outcomes: &[(&str, &Outcome)],
    finished_before: bool,
) -> io::Result<()> {
    writeln!(out)?;
    let is_named = outcomes.len() > 1;
    for (name, outcome) in outcomes {
        if is_named {
            write!(out, "{name}: ")?;
        }
        match outcome {
            Outcome::Verified(verdict) => report::write_outcome(out, verdict)?,
            Outcome::Unanswered(reasons) => {
                let word = if is_named { "unanswered" } else { "Unanswered" };
                writeln!(out, "{BAD}{word}.{BAD:#} {}.", Whole(&reason(reasons)))?;
            }
        }
    }
    if finished_before {
        writeln!(
            out,
            "This scenario was played before; nothing was changed. To play it again, name another \
             --home."
        )?;
    }
    Ok(())
}

fn object(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Verified(verdict) => report::outcome(verdict),
        Outcome::Unanswered(reasons) => {
            json!({"verdict": "unanswered", "reason": reason(reasons), "unanswered": reasons})
        }
    }
}

fn reason(reasons: &BTreeMap<String, String>) -> String {
    let reasons = reasons.iter();
    let reasons: Vec<String> =
        reasons.map(|(referent, reason)| format!("{}: {reason}", in_sentence(referent))).collect();
    reasons.join("; ")
}

/// Returns the status of all outcomes: undecided if one is, bad if one is rejected or unanswered.
fn status<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Status {
    let statuses = outcomes.map(|outcome| match outcome {
        Outcome::Verified(verdict) => report::outcome_status(verdict),
        Outcome::Unanswered(_) => Status::Bad,
    });
    statuses.fold(Status::Good, |all, one| match (all, one) {
        (Status::Undecided, _) | (_, Status::Undecided) => Status::Undecided,
        (Status::Bad, _) | (_, Status::Bad) => Status::Bad,
        _ => Status::Good,
    })
}
