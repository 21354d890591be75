//! Where the exercises come from: the repository of this project.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueHint};

/// The directory of the exercises in the repository.
const EXERCISES: &str = "exercises";

/// The repository that has the exercises.
#[derive(Debug, Clone, Args)]
pub struct RepositoryOption {
    /// The repository of negotiate-proof
    ///
    /// If left out: the one in which this program was built, else the one in which the command is
    /// run.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    repository: Option<PathBuf>,
}

impl RepositoryOption {
    /// Returns the path of the repository.
    pub(crate) fn find(&self) -> Result<PathBuf> {
        if let Some(named) = &self.repository {
            let shown = named.display();
            let found = named.canonicalize().with_context(|| format!("cannot open {shown}"))?;
            return match has_exercises(&found) {
                true => Ok(found),
                false => bail!(
                    "{shown} has no {EXERCISES}/info.toml; name the directory of the repository"
                ),
            };
        }
        // target/release/negotiate-proof is in the repository
        let program = env::current_exe().ok();
        let places = [program, env::current_dir().ok()];
        let mut places = places.iter().flatten().flat_map(|place| place.ancestors());
        let found = places.find(|place| has_exercises(place)).context(
            "neither this program nor the current directory is in a repository with exercises; name it with \
             --repository DIR",
        )?;
        found.canonicalize().with_context(|| format!("cannot open {}", found.display()))
    }
}

/// Returns the directory of the exercises.
pub(super) fn exercises(repository: &Path) -> PathBuf {
    repository.join(EXERCISES)
}

/// Returns the directory into which `cargo vendor` put the sources of dependencies, if there is
/// one.
pub(super) fn vendored(repository: &Path) -> Option<PathBuf> {
    Some(repository.join("vendor")).filter(|vendor| vendor.is_dir())
}

fn has_exercises(place: &Path) -> bool {
    exercises(place).join("info.toml").is_file() && place.join("crates/workshop").is_dir()
}
