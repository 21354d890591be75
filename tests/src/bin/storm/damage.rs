//! One damaged file in a home or a registry: it is noticed and named, or makes no difference.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use crate::{
    random::Random,
    world::{Counts, Run, World, files},
};

pub fn round(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    match random.below(2) {
        0 => {
            let place = world.begin(&["home"])?;
            let (file, damage) = damage(&place.join("home"), random)?;
            let run = world.run(&mut world.walkthrough(&place))?;
            if run.code == Some(0) {
                let verdict = run.lines().last().map(|line| line["verdict"].clone());
                ensure!(verdict == Some("verified".into()), "{damage}: it ends with {verdict:?}");
            }
            check_named(&run, &file, &damage, counts)
        }
        _ => {
            let copied = [
                "alex",
                "bank",
                "registry",
                "orders.json",
                "criteria.json",
                "request.json",
                "response.json",
            ];
            let place = world.begin(&copied)?;
            let (file, damage) = damage(&place, random)?;
            let commands: [&[&str]; 5] = [
                &["respond", "request.json", "--home", "alex", "--dry-run"],
                &["verify", "request.json", "response.json"],
                &["issue", "orders.json", "--home", "alex"],
                &["request", "criteria.json", "--home", "bank"],
                &["holder", "--home", "alex"],
            ];
            for command in commands {
                check_named(
                    &world.run(world.exchange(&place).args(command))?,
                    &file,
                    &damage,
                    counts,
                )?;
            }
            Ok(())
        }
    }
}

/// Damages one of the files under a directory. Returns the file, and what was done to it.
fn damage(directory: &Path, random: &mut Random) -> Result<(PathBuf, String)> {
    let mut files = files(directory)?;
    files.retain(|file| file.metadata().is_ok_and(|data| data.len() > 0));
    let file = random.pick(&files).clone();
    let mut bytes = fs::read(&file)?;
    let length = bytes.len();
    let at = random.below(length);
    let done = match random.below(5) {
        0 => {
            bytes.truncate(at);
            format!("cut off at {at}")
        }
        1 => {
            let end = (at + 1 + random.below(512)).min(length);
            bytes[at..end].fill(0);
            format!("zeros from {at} to {end}")
        }
        2 => {
            bytes.extend_from_within(at..(at + 64).min(length));
            format!("a part from {at} appended")
        }
        _ => {
            let flips = 1 + random.below(8);
            for _ in 0..flips {
                bytes[random.below(length)] ^= 1 << random.below(8);
            }
            format!("{flips} bits flipped")
        }
    };
    fs::write(&file, bytes)?;
    Ok((file.clone(), format!("{}: {done}", file.display())))
}

/// Refuses an error that does not name the damaged file, by its name, the wallet's, or the DID or
/// directory that it stands for.
fn check_named(run: &Run, file: &Path, damage: &str, counts: &mut Counts) -> Result<()> {
    let what = match run.code {
        Some(0) => "damaged files that made no difference",
        Some(1) => "damaged files by which an answer was rejected",
        _ => {
            let text = |part: Option<&std::ffi::OsStr>| {
                part.map(|part| part.to_string_lossy().into_owned())
            };
            let names = [text(file.file_name()), text(file.file_stem())].into_iter().flatten();
            let decoded = text(file.file_stem()).map(|stem| stem.replace("%3A", ":"));
            let named = names.chain(decoded).any(|name| run.stderr.contains(&name));
            ensure!(named, "{damage}: the error does not name it: {}", run.stderr);
            "damaged files that were named"
        }
    };
    *counts.entry(what.to_owned()).or_default() += 1;
    Ok(())
}
