//! A disk that fills up at a random moment: the program says so, and goes on once there is room.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, bail, ensure};

use crate::{
    random::Random,
    world::{Counts, World},
};

/// Mounts a small disk, runs the program in it, enlarges the disk, and runs it again.
const SCRIPT: &str = r#"
    mount -t tmpfs -o "size=$SIZE" none disk || exit 99
    cp -r files/. disk 2>/dev/null || exit 98
    cd disk || exit 99
    "$@" > ../out 2> ../err; echo $? > ../code
    mount -o remount,size=100m "$PWD" || exit 99
    "$@" > ../out-again 2> ../err-again; echo $? > ../code-again
"#;

pub fn round(world: &World, random: &mut Random, counts: &mut Counts) -> Result<()> {
    let place = world.begin(&[])?;
    fs::create_dir(place.join("disk"))?;
    fs::create_dir(place.join("files"))?;
    let program = match random.below(2) {
        0 => world.walkthrough(&place),
        _ => {
            fs::copy(world.template().join("orders.json"), place.join("files/orders.json"))?;
            let mut issue = world.exchange(&place);
            issue.args(["issue", "orders.json", "--home", "alex"]);
            issue
        }
    };
    let kibibytes = 8 + random.below(500);
    let mut script = Command::new("unshare");
    script.args(["--mount", "--map-root-user", "sh", "-c", SCRIPT, "sh"]);
    script.arg(program.get_program()).args(program.get_args());
    script.current_dir(&place).env("SIZE", format!("{kibibytes}k"));
    match world.spawn(&mut script)?.end(std::time::Duration::from_secs(240))? {
        (run, true) if run.code == Some(99) => {
            *counts
                .entry("small disks SKIPPED: this user cannot mount one".to_owned())
                .or_default() += 1;
            return Ok(());
        }
        // too small for the files that the program needs
        (run, true) if run.code == Some(98) => return Ok(()),
        (run, ended) => ensure!(ended && run.code == Some(0), "{} {}", run.stdout, run.stderr),
    }
    let first = end(&place, "")?;
    match first.0 {
        0 => *counts.entry("small disks that were large enough".to_owned()).or_default() += 1,
        2 => {
            ensure!(
                first.1.contains("full") || first.1.contains("No space"),
                "on a full disk: {}",
                first.1
            );
            *counts.entry("disks that filled up".to_owned()).or_default() += 1;
        }
        code => bail!("on a full disk: {code}: {}", first.1),
    }
    let again = end(&place, "-again")?;
    ensure!(again.0 == 0, "once there was room ({kibibytes} KiB before): {}", again.1);
    Ok(())
}

/// Reads an exit code and standard error.
fn end(place: &Path, suffix: &str) -> Result<(i32, String)> {
    let read = |name: &str| fs::read(place.join(format!("{name}{suffix}")));
    let code = String::from_utf8_lossy(&read("code")?).trim().parse()?;
    let error = String::from_utf8_lossy(&read("err")?).into_owned();
    ensure!(!error.contains("panicked at"), "{error}");
    Ok((code, error))
}
