//! Programs that are killed at random moments and run again: nothing acknowledged is lost, and they
//! come to their end.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use anyhow::{Result, ensure};

use crate::{
    random::Random,
    world::{Counts, Run, Server, World, accepted, request},
};

pub fn round(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    match random.below(3) {
        0 => walkthrough(world, random, counts),
        1 => issue(world, random, counts),
        _ => serve_and_respond(world, random, counts),
    }
}

/// Returns a moment before a program's end, or a little later.
fn moment(random: &mut Random, whole: Duration) -> Duration {
    whole.mul_f64(random.below(1100) as f64 / 1000.0)
}

fn walkthrough(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&[])?;
    let mut kept = Kept::default();
    for _ in 0..=random.below(7) {
        let time = moment(random, world.walkthrough_time);
        let (run, killed) = world.kill_after(&mut world.walkthrough(&place), time)?;
        kept.check(&place.join("home"), &run)?;
        *counts.entry("walkthroughs killed".to_owned()).or_default() += u64::from(killed);
    }
    let run = world.run(&mut world.walkthrough(&place))?.expect(&[0])?;
    kept.check(&place.join("home"), &run)?;
    let verdict = run.lines().last().map(|line| line["verdict"].clone());
    ensure!(verdict == Some("verified".into()), "it ends with {verdict:?}");
    let written = String::from_utf8_lossy(&kept.ledger);
    for (kind, name) in [("1", "NYM"), ("101", "SCHEMA"), ("102", "CRED_DEF")] {
        let count = written.matches(&format!("\"type\":\"{kind}\"")).count();
        ensure!(count == 1, "the runs wrote {count} transactions {name}, and one is enough");
    }
    *counts.entry("walkthroughs continued to the end".to_owned()).or_default() += 1;
    Ok(())
}

/// What a home held after the runs so far.
#[derive(Default)]
struct Kept {
    states: BTreeMap<u8, Vec<u8>>,
    ledger: Vec<u8>,
}

impl Kept {
    /// Checks that everything is still there, and what the run acknowledged too.
    fn check(&mut self, home: &Path, run: &Run) -> Result<()> {
        for step in 2..=5 {
            let now = fs::read(home.join(format!("state/step{step}.json"))).ok();
            if let Some(before) = self.states.get(&step) {
                ensure!(now.as_ref() == Some(before), "the hand-over of step {step} was lost");
            }
            if let Some(now) = now {
                self.states.insert(step, now);
            }
        }
        let ledger = fs::read(home.join("pool/pool/transactions.jsonl")).unwrap_or_default();
        ensure!(ledger.starts_with(&self.ledger), "the ledger has lost a transaction");
        let end = ledger.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.ledger = ledger[..end].to_vec();

        for line in run.lines() {
            let written = String::from_utf8_lossy(&self.ledger);
            let has = |kind: &str| written.contains(&format!("\"type\":\"{kind}\""));
            match line["action"].to_string().trim_matches('"') {
                "7" => ensure!(has("1"), "an acknowledged NYM was lost"),
                "10" => ensure!(has("101"), "an acknowledged SCHEMA was lost"),
                "11b" => ensure!(has("102"), "an acknowledged CRED_DEF was lost"),
                "18" => {
                    ensure!(self.states.contains_key(&2), "step 3 began without step 2's hand-over")
                }
                "20" => {
                    ensure!(self.states.contains_key(&3), "step 4 began without step 3's hand-over")
                }
                "21" => {
                    ensure!(self.states.contains_key(&4), "step 5 began without step 4's hand-over")
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn issue(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&["orders.json", "request.json"])?;
    let issue = || {
        let mut issue = world.exchange(&place);
        issue.args(["issue", "orders.json", "--home", "alex"]);
        issue
    };
    for _ in 0..=random.below(5) {
        let (_, killed) = world.kill_after(&mut issue(), moment(random, world.issue_time))?;
        *counts.entry("issuances killed".to_owned()).or_default() += u64::from(killed);
    }
    world.run(&mut issue())?.expect(&[0])?;
    let mut respond = world.exchange(&place);
    respond.args(["respond", "request.json", "--home", "alex", "--dry-run"]);
    world.run(&mut respond)?.expect(&[0])?;
    *counts.entry("issuances continued to the end".to_owned()).or_default() += 1;
    Ok(())
}

/// A server, or the holder's program, is killed around an acceptance; in the end there is one, and
/// no other.
fn serve_and_respond(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&["alex", "bank", "registry", "criteria.json"])?;
    let (port, _) = request(world, &place)?;
    let respond = || {
        let mut respond = world.exchange(&place);
        respond.args(["respond", "request.json", "--home", "alex", "--yes"]);
        respond
    };
    let mut acknowledged = 0;
    for _ in 0..=random.below(4) {
        let server = Server::start(world, &place, port)?;
        let time = moment(random, world.issue_time);
        if random.below(2) == 0 {
            let (run, killed) = world.kill_after(&mut respond(), time)?;
            *counts.entry("responses killed".to_owned()).or_default() += u64::from(killed);
            acknowledged += usize::from(run.code == Some(0));
        } else {
            let holder = world.spawn(&mut respond())?;
            std::thread::sleep(time);
            drop(server);
            *counts.entry("servers killed".to_owned()).or_default() += 1;
            let (run, ended) = holder.end(Duration::from_secs(60))?;
            ensure!(ended, "the holder's program waits for a server that is gone");
            acknowledged += usize::from(run.code == Some(0));
        }
        ensure!(acknowledged <= accepted(&place)?, "an acknowledged response was lost");
    }
    let _server = Server::start(world, &place, port)?;
    let before = accepted(&place)?;
    let run = world.run(&mut respond())?;
    acknowledged += usize::from(run.code == Some(0));
    ensure!(before == 0 || run.code != Some(0), "a second response was accepted");
    ensure!(accepted(&place)? == 1, "{} responses are stored: {}", accepted(&place)?, run.stderr);
    ensure!(acknowledged <= 1, "{acknowledged} responses were acknowledged");
    *counts.entry("exchanges that ended with one acceptance".to_owned()).or_default() += 1;
    Ok(())
}
