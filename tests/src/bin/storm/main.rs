//! Storms: the two programs under kills, damaged files, full disks, answers at once, and mutated
//! inputs.
//!
//! A round does one thing to the real programs and checks what must hold. Its choices follow from
//! the seed and its number; the moment at which a kill meets a program does not.
//!
//! | module | what it does |
//! |---|---|
//! | `kills` | kills programs at random moments, and runs them again |
//! | `damage` | damages a file of a home |
//! | `disk` | lets the disk fill up |
//! | `posts` | sends one answer many times at once |
//! | `inputs` | mutates what is read |

mod damage;
mod disk;
mod inputs;
mod kills;
mod posts;
mod random;
mod world;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::{Parser, ValueEnum};

use crate::{
    random::Random,
    world::{Counts, World},
};

/// Kills the programs, damages their files, fills their disk, and checks that nothing is lost
#[derive(Parser)]
struct Options {
    /// What the choices follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// When no other round is begun
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only rounds of this kind
    #[arg(long)]
    only: Option<Kind>,
    /// The number of the first round
    #[arg(long, default_value_t = 0)]
    first: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Kills,
    Damage,
    Disk,
    Posts,
    Inputs,
}

impl Kind {
    fn of_round(round: u64) -> Self {
        match round % 6 {
            0 => Self::Kills,
            1 | 4 => Self::Damage,
            2 => Self::Inputs,
            3 => Self::Posts,
            _ => Self::Disk,
        }
    }

    fn run(self, world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
        match self {
            Self::Kills => kills::round(world, random, counts),
            Self::Damage => damage::round(world, random, counts),
            Self::Disk => disk::round(world, random, counts),
            Self::Posts => posts::round(world, random, counts),
            Self::Inputs => inputs::round(world, random, counts),
        }
    }
}

fn main() -> ExitCode {
    match storm(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            // nothing is left to do if standard error is closed
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn storm(options: &Options) -> Result<ExitCode> {
    let world = World::new()?;
    let (begun, time) = (Instant::now(), Duration::from_secs(options.seconds));
    let (mut counts, mut round) = (Counts::new(), options.first);
    let mut out = io::stdout();
    while begun.elapsed() < time {
        let kind = options.only.unwrap_or(Kind::of_round(round));
        let mut random = Random::new(options.seed, round);
        if let Err(error) = kind.run(&world, &mut random, &mut counts) {
            let (seed, place) = (options.seed, world.keep());
            writeln!(
                out,
                "FAILED: {kind:?} in round {round} of seed {seed}, left in {}\n{error:#}\nAgain: --seed {seed} --first \
                 {round} --seconds 1{}",
                place.join("round").display(),
                options
                    .only
                    .map(|kind| format!(" --only {kind:?}").to_lowercase())
                    .unwrap_or_default()
            )?;
            return Ok(ExitCode::FAILURE);
        }
        round += 1;
    }
    writeln!(
        out,
        "{} rounds of seed {} in {:?}:",
        round - options.first,
        options.seed,
        begun.elapsed()
    )?;
    for (what, count) in counts {
        writeln!(out, "{count:>8} {what}")?;
    }
    Ok(ExitCode::SUCCESS)
}
