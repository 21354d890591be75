//! What the verifier would learn from the answers to a scenario's requests, before any is sent.

use std::{io::Write, path::Path};

use anyhow::{Context, Result};
use indy::anoncreds;
use serde_json::json;
use stdx::text::Whole;
use tutorial::{Format, Status, Tutorial, TutorialOptions, format, output};

use super::{
    super::seed::Seed,
    answer::{choose, filled},
    begin, issue, playable, wallets,
};

/// Prints what the verifier would learn from each request. What is issued stays in the home:
/// actions 1 to 17 are played there, unless they were. No presentation is made, and no request is
/// answered.
///
/// # Errors
///
/// When the scenario cannot be played, or the first failure of an action.
pub async fn preview(
    directory: &Path,
    seed: Option<&str>,
    options: TutorialOptions,
    opened: &mut Option<Tutorial>,
) -> Result<Status> {
    let scenario = playable(directory).await?;
    let tutorial = opened.insert(Tutorial::open(options)?);
    let seed = seed.map(Seed::new);
    let mut played = begin(tutorial, directory, &scenario, seed.as_ref())?;
    issue(tutorial, &scenario, seed.as_ref(), &mut played).await?;
    let issued = played.issued.as_ref().context("nothing was issued")?;

    let mut all_answered = true;
    for (name, request) in &scenario.requests {
        let proof_request = filled(name, request, issued, anoncreds::generate_nonce()?)?;
        let account = wallets::of_holder(&scenario, &request.holder);
        let wallet = tutorial.wallet(account.open()).await?;
        let (choice, unanswered) = choose(&wallet, &proof_request, request).await?;
        let chosen = unanswered.is_empty().then_some(&choice);
        let disclosure =
            anoncreds::prover_preview_disclosure(&wallet, &proof_request, chosen).await?;
        all_answered &= unanswered.is_empty();
        match tutorial.printer().format() {
            Format::Quiet => {}
            Format::Json => {
                format::line(&json!({
                    "request": name,
                    "holder": request.holder,
                    "disclosure": disclosure,
                    "unanswered": unanswered,
                }))?;
            }
            Format::Text => {
                let (name, holder) = (Whole(name), Whole(&request.holder));
                // the text of a disclosure is safe for a terminal by itself
                write!(output::text(), "\nThe request {name}, to {holder}:\n{disclosure}")?;
            }
        }
    }
    Ok(Status::good_if(all_answered))
}
