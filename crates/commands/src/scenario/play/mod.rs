//! The player: a scenario as the tutorial's twenty-four actions.
//!
//! | module | subject |
//! |---|---|
//! | `issuance` | actions 1 to 17 |
//! | `answer` | actions 18 to 21 |
//! | `preview` | what the verifier would learn, after actions 1 to 17 |
//! | `end` | actions 22 to 24 |
//! | `group` | actions that are repeated, and their numbers |
//! | `wallets` | the wallets of issuers and holders |
//! | `state` | how far a scenario has been played, in its home |
//! | `summary` | what is printed at the end |

mod answer;
mod end;
mod group;
mod issuance;
mod preview;
mod state;
mod summary;
mod wallets;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, bail, ensure};
use indy::anoncreds::KeySource;
use stdx::task::boxed;
use tutorial::{Status, Tutorial, TutorialOptions, error::quoted, report::Listed};

use super::{
    finding::Findings,
    model::{Request, Scenario},
    read,
    seed::Seed,
};
use answer::{Answering, computed_from};
use group::Subject;
pub use preview::preview;
use state::Played;

/// How many findings an error repeats.
const MAX_NAMED: usize = 5;

/// Plays the scenario in a directory, or what is left of it in a home that is kept. The home is
/// left in `opened`.
///
/// # Errors
///
/// When the scenario cannot be played, or the first failure of an action.
#[boxed]
pub async fn play(
    directory: &Path,
    seed: Option<&str>,
    options: TutorialOptions,
    opened: &mut Option<Tutorial>,
) -> Result<Status> {
    let scenario = playable(directory).await?;
    check_key(&scenario, &options.key_source)?;
    let clean = options.clean;
    let tutorial = opened.insert(Tutorial::open(options)?);
    let seed = seed.map(Seed::new);
    let mut played = begin(tutorial, directory, &scenario, seed.as_ref())?;

    discard_changed(tutorial, &scenario, &mut played)?;
    discard_outdated(tutorial, &mut played)?;
    let is_finished = scenario
        .requests
        .keys()
        .all(|name| played.answers.get(name).is_some_and(|answer| answer.ended.is_some()));
    if is_finished && !clean {
        return Ok(summary::print(tutorial, &scenario, &played, true)?);
    }

    if !issue(tutorial, &scenario, seed.as_ref(), &mut played).await? {
        tutorial.printer().note("Step 2 was done before.")?;
    }
    let answering = Answering { tutorial, scenario: &scenario, seed: seed.as_ref() };
    let requests = scenario.requests.iter();
    let requests = requests.map(|(name, request)| (name.as_str(), name.as_str(), request));
    for (subject, request) in Subject::all(tutorial, "Request", requests) {
        let answer = played.answers.get(subject.name());
        if answer.is_some_and(|answer| answer.ended.is_some()) {
            let note = format!("The request {} was answered before.", subject.name());
            tutorial.printer().note(&note)?;
            continue;
        }
        answering.answer(subject, request, &mut played).await?;
    }
    if !tutorial.keeps() {
        forget_ledger(tutorial, &mut played)?;
    }
    end::end(tutorial, &scenario).await?;
    Ok(summary::print(tutorial, &scenario, &played, false)?)
}

/// Reads a scenario that can be played.
async fn playable(directory: &Path) -> Result<Scenario> {
    let (loaded, findings) = read(directory, None).await?;
    check_playable(directory, &findings)?;
    Ok(loaded.scenario)
}

/// Plays actions 1 to 17, unless they were played before; returns whether it did.
async fn issue(
    tutorial: &Tutorial,
    scenario: &Scenario,
    seed: Option<&Seed>,
    played: &mut Played,
) -> Result<bool> {
    if played.issued.is_some() {
        return Ok(false);
    }
    let issued = issuance::issue(tutorial, scenario, seed).await?;
    tutorial.printer().end()?;
    played.issued = Some(issued);
    tutorial.home().save_played(played)?;
    Ok(true)
}

/// Refuses a scenario with errors for which it cannot be played.
fn check_playable(directory: &Path, findings: &Findings) -> Result<()> {
    let blocking: Vec<String> = findings.blocking().map(|finding| finding.summary()).collect();
    if blocking.is_empty() {
        return Ok(());
    }
    let mut lines: Vec<String> =
        blocking.iter().take(MAX_NAMED).map(|line| format!("  {line}")).collect();
    match blocking.len().saturating_sub(MAX_NAMED) {
        0 => {}
        more => lines.push(format!("  and {more} more")),
    }
    lines.push(format!("`negotiate-proof scenario lint {}` says why", quoted(directory)));
    Err(Listed { message: format!("cannot play {}:", directory.display()), lines }.into())
}

/// Refuses a key that was made in advance for no schema of the scenario.
fn check_key(scenario: &Scenario, source: &KeySource) -> Result<()> {
    let KeySource::Prepared(key) = source else { return Ok(()) };
    let fits = scenario.schemas().any(|(_, _, schema)| {
        let names: Vec<&str> = schema.attributes.iter().map(String::as_str).collect();
        key.fits(&names)
    });
    ensure!(
        fits,
        "cannot use the key of --prepared-key: it was made for the attributes of no schema here; \
         leave it out, or make one with `negotiate-proof prepare-key --attributes`"
    );
    Ok(())
}

/// Returns how far the scenario has been played in the home, which is marked as the scenario's if
/// it is new.
fn begin(
    tutorial: &Tutorial,
    directory: &Path,
    scenario: &Scenario,
    seed: Option<&Seed>,
) -> Result<Played> {
    let home = tutorial.home();
    let hash = home.fingerprint(&scenario.issuance(), false)?;
    if let Some(mut played) = home.load_played::<Played>()? {
        if played.scenario == home.fingerprint(&scenario.summary(), false)? {
            for (name, answer) in &mut played.answers {
                let request = scenario.requests.get(name).map(Request::summary);
                answer.request = home.fingerprint(&request, false)?;
            }
            played.scenario.clone_from(&hash);
        }
        ensure!(
            played.scenario == hash,
            "{} was begun with another scenario, or other files than those of its requests have changed in {} \
             since; name another --home, or bring the files back",
            home.directory().display(),
            directory.display()
        );
        check_seed(tutorial, played.seed.as_deref(), seed)?;
        return Ok(played);
    }
    ensure!(
        home.is_new()?,
        "{} is the home of a walkthrough, not of a scenario; name another --home",
        home.directory().display()
    );
    let played = Played {
        scenario: hash,
        seed: seed.map(Seed::hash),
        issued: None,
        answers: BTreeMap::new(),
        deleted: false,
    };
    // before the first wallet is made: the walkthrough refuses a home that is marked so
    home.save_played(&played)?;
    Ok(played)
}

/// Refuses a home that was begun with another seed, or without one: what follows from a seed is in
/// its wallets.
fn check_seed(tutorial: &Tutorial, begun_with: Option<&str>, seed: Option<&Seed>) -> Result<()> {
    let (begun, remedy) = match (begun_with, seed) {
        (None, None) => return Ok(()),
        (Some(hash), Some(seed)) if seed.hash() == hash => return Ok(()),
        (Some(_), Some(_)) => ("with another --seed", "give the same text again"),
        (Some(_), None) => ("with --seed", "give the same text again"),
        (None, Some(_)) => ("without --seed", "leave it out"),
    };
    bail!(
        "{} was begun {begun}; {remedy}, or name another --home",
        tutorial.home().directory().display()
    )
}

/// Takes back the answers to requests that have changed, or are no longer there.
fn discard_changed(tutorial: &Tutorial, scenario: &Scenario, played: &mut Played) -> Result<()> {
    let home = tutorial.home();
    for name in played.answers.keys().cloned().collect::<Vec<_>>() {
        let request = scenario.requests.get(&name).map(Request::summary);
        let now = home.fingerprint(&request, false)?;
        if played.answers.get(&name).is_some_and(|answer| answer.request == now) {
            continue;
        }
        played.answers.remove(&name);
        if request.is_some() {
            let note = format!("The request {name} has changed; it is answered again.");
            tutorial.printer().note(&note)?;
        }
    }
    let is_open = scenario.requests.keys().any(|name| !played.answers.contains_key(name));
    ensure!(
        !(played.deleted && is_open),
        "the wallets and the ledger of {} were deleted with --clean; name another --home",
        home.directory().display()
    );
    Ok(())
}

/// Takes back outcomes that do not follow from what the home holds now.
fn discard_outdated(tutorial: &Tutorial, played: &mut Played) -> Result<()> {
    let with_ledger = !played.deleted;
    for (name, answer) in &mut played.answers {
        let Some(ended) = answer.ended.take() else { continue };
        let now = computed_from(tutorial, answer, &ended.outcome, with_ledger)?;
        if now == ended.computed_from {
            answer.ended = Some(ended);
            continue;
        }
        let note = format!(
            "The home has changed since the stored outcome of the request {name}; it is computed again."
        );
        tutorial.printer().note(&note)?;
        if answer.proven.is_none() {
            // it had no answer: the search is made again
            answer.found = None;
        }
    }
    Ok(())
}

/// Computes again what outcomes follow from, without the ledger, which is about to be deleted.
fn forget_ledger(tutorial: &Tutorial, played: &mut Played) -> Result<()> {
    for answer in played.answers.values_mut() {
        if let Some(mut ended) = answer.ended.take() {
            ended.computed_from = computed_from(tutorial, answer, &ended.outcome, false)?;
            answer.ended = Some(ended);
        }
    }
    played.deleted = true;
    Ok(tutorial.home().save_played(played)?)
}
