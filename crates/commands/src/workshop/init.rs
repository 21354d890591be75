//! A directory of exercises for one learner.

use std::{
    env, fs,
    io::ErrorKind,
    path::{self, Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueHint};
use serde_json::json;
use stdx::{
    fs::{Existing, write_atomically},
    task::blocking,
};
use tutorial::{Status, error::quoted, options::OutputOptions, report};

use super::repository::{RepositoryOption, exercises, vendored};

/// What is copied as it is. `exercises` and `solutions` have one level of directories.
const COPIED: [&str; 7] = [
    "info.toml",
    "Cargo.lock",
    "README.md",
    "rust-analyzer.toml",
    ".gitignore",
    "exercises",
    "solutions",
];

/// What is copied from the repository itself, where the exercises' own directory finds it.
const COPIED_FROM_ABOVE: [&str; 2] = ["rust-toolchain.toml", "rustfmt.toml"];

/// The directory to make.
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// The directory to make; it must be empty, or not exist yet
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Where the exercises come from.
    #[command(flatten)]
    repository: RepositoryOption,
    /// How results are printed.
    #[command(flatten)]
    output: OutputOptions,
}

impl Init {
    pub(crate) async fn run(&self) -> Result<Status> {
        let repository = self.repository.find()?;
        let directory = self.directory.clone();
        let can_be_reset = blocking(move || make(&repository, &directory)).await??;
        let shown = self.directory.display();
        let reset = match can_be_reset {
            true => "",
            false => " (`rustlings reset` needs a commit, which git could not make here.)",
        };
        report::message(
            self.output.format(),
            &format!(
                "{shown} has the exercises. Go on with `cd {}` and `rustlings`.{reset}",
                quoted(&self.directory)
            ),
            &json!({"directory": tutorial::format::path_value(&self.directory), "can_be_reset": can_be_reset}),
        )?;
        Ok(Status::Good)
    }
}

/// Makes the directory. Returns whether exercises can be reset in it.
fn make(repository: &Path, directory: &Path) -> Result<bool> {
    let shown = directory.display();
    match fs::read_dir(directory) {
        Ok(mut entries) => {
            ensure!(entries.next().is_none(), "{shown} is not empty; name a new directory");
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    }
    let absolute = path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let existing = absolute.ancestors().find_map(|it| it.canonicalize().ok());
    ensure!(
        existing.is_none_or(|it| !it.starts_with(exercises(repository))),
        "{shown} is in the directory of the exercises, which is copied; name one elsewhere"
    );
    fs::create_dir_all(directory).with_context(|| format!("cannot make {shown}"))?;
    if let Err(error) = fill(repository, directory) {
        // it was empty, and is to be so for the next try; what cannot be removed, that one says
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        return Err(error);
    }
    Ok(commit(directory))
}

/// Copies the exercises into an empty directory.
fn fill(repository: &Path, directory: &Path) -> Result<()> {
    let from = exercises(repository);
    for name in COPIED {
        copy(&from.join(name), &directory.join(name))?;
    }
    for name in COPIED_FROM_ABOVE {
        copy(&repository.join(name), &directory.join(name))?;
    }
    let manifest = from.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    // the crates stay where they are
    let text = text.replace("path = \"../", &format!("path = \"{}/", toml(repository)));
    write(&directory.join("Cargo.toml"), &text)?;
    write(&directory.join(".cargo/config.toml"), &config(repository))
}

/// Returns cargo's configuration: where compiled code goes, and where sources are if they were
/// vendored.
fn config(repository: &Path) -> String {
    let mut config = format!(
        "[build]\n# what was compiled before the workshop is used\ntarget-dir = \"{}\"\n",
        toml(&repository.join("target"))
    );
    if let Some(vendor) = vendored(repository) {
        config.push_str(&format!(
            "\n[source.crates-io]\nreplace-with = \"vendored-sources\"\n\n\
             [source.vendored-sources]\ndirectory = \"{}\"\n",
            toml(&vendor)
        ));
    }
    config
}

/// Returns a path as it stands between the quotation marks of a TOML text.
fn toml(path: &Path) -> String {
    let escaped = path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    let character = |it: char| match it.is_control() {
        true => format!("\\u{:04X}", u32::from(it)),
        false => it.to_string(),
    };
    escaped.chars().map(character).collect()
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy {} to {}", from.display(), to.display());
    if from.is_dir() {
        fs::create_dir_all(to).with_context(failed)?;
        for entry in fs::read_dir(from).with_context(failed)? {
            let name = entry.with_context(failed)?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    let bytes = fs::read(from).with_context(failed)?;
    write_atomically(to, &bytes, Existing::Keep).with_context(failed)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).with_context(failed)?;
    write_atomically(path, text.as_bytes(), Existing::Keep).with_context(failed)
}

/// Commits everything, because `rustlings reset` takes an exercise from the last commit. Returns
/// whether that was done.
fn commit(directory: &Path) -> bool {
    let commands: [&[&str]; 3] = [
        &["init", "--quiet", "--template="],
        &["add", "--force", "."],
        &["commit", "--quiet", "--message", "Exercises"],
    ];
    let done = commands.iter().all(|command| {
        let mut git = Command::new("git");
        // nothing of the user's: configuration may sign, run programs or ignore files, and
        // variables name other places
        for (name, _) in
            env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_"))
        {
            git.env_remove(name);
        }
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.args(["-c", "user.name=workshop", "-c", "user.email=workshop@localhost"]);
        git.arg("-C").arg(directory).args(*command);
        git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        git.status().is_ok_and(|status| status.success())
    });
    if !done {
        // a repository without a commit would be of no use
        let _ = fs::remove_dir_all(directory.join(".git"));
    }
    done
}
