//! Which corpus, which tests, which implementations.

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{CommandError, Scope};
use crate::corpus::Placed;
use crate::implementation::adapter::{Program, StartError};
use crate::runner::{Limits, Startable};

/// The directory of the adapters, within that of the corpus.
const ADAPTERS: &str = "adapters";

/// Finds the corpus of the repository in which the current directory is.
pub(super) fn corpus() -> Result<PathBuf, CommandError> {
    let here = env::current_dir()
        .map_err(|error| CommandError::Unreadable { path: PathBuf::from("."), error })?;
    let candidates = here.ancestors().map(|directory| directory.join("tests/vectors"));
    let mut found = candidates.filter(|directory| directory.is_dir());
    found.next().ok_or(CommandError::NoCorpus(here))
}

/// Which tests are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Those with this in their id.
    Id(String),
    /// Those with this flag.
    Flag(String),
    /// Those with this feature.
    Feature(String),
    /// Those of this file.
    File(String),
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(part) => f.write_str(part),
            Self::Flag(name) => write!(f, "flag:{name}"),
            Self::Feature(name) => write!(f, "feature:{name}"),
            Self::File(name) => write!(f, "file:{name}"),
        }
    }
}

/// A filter that is empty, and would choose everything.
#[derive(Debug, thiserror::Error)]
#[error("name something: part of an id, or flag:NAME, feature:NAME, file:NAME")]
pub struct FilterError;

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let owned = |text: &str| (!text.is_empty()).then(|| text.to_owned()).ok_or(FilterError);
        match text.split_once(':') {
            Some(("flag", name)) => owned(name).map(Self::Flag),
            Some(("feature", name)) => owned(name).map(Self::Feature),
            Some(("file", name)) => {
                owned(name.strip_suffix(".json").unwrap_or(name)).map(Self::File)
            }
            _ => owned(text).map(Self::Id),
        }
    }
}

impl Filter {
    /// Returns whether a test is run.
    #[must_use]
    pub fn matches(&self, placed: Placed<'_>) -> bool {
        match self {
            Self::Id(part) => placed.test.id.contains(part),
            Self::Flag(name) => placed.test.flags.contains(name),
            Self::Feature(name) => placed.test.features.contains(name),
            Self::File(name) => placed.file == name,
        }
    }
}

/// Returns the implementations of these names, or all built-in ones if there are none.
pub(super) fn implementations(
    names: &[String],
    corpus: &Path,
    scope: &Scope,
    limits: &Limits,
) -> Result<Vec<Startable>, CommandError> {
    match names {
        [] => Ok(scope.built_in.iter().map(|(_, startable)| startable.clone()).collect()),
        names => names.iter().map(|name| implementation(name, corpus, scope, limits)).collect(),
    }
}

fn implementation(
    text: &str,
    corpus: &Path,
    scope: &Scope,
    limits: &Limits,
) -> Result<Startable, CommandError> {
    if let Some((_, startable)) = scope.built_in.iter().find(|(name, _)| *name == text) {
        return Ok(startable.clone());
    }
    let (name, command) = match text.split_once('=') {
        Some((name, command)) if is_name(name) => (Some(name.to_owned()), command),
        _ => (None, text),
    };
    let command = match adapter(command, corpus) {
        Some(path) => vec![path],
        None => words(command).ok_or_else(|| CommandError::NotACommand(command.to_owned()))?,
    };
    let program = Program::new(command, limits.limit);
    Ok(Startable::Program(Program { name, stop: limits.stop.clone(), ..program }))
}

fn is_name(text: &str) -> bool {
    let is_of_names =
        |character: char| character.is_ascii_alphanumeric() || "._-+".contains(character);
    text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.chars().all(is_of_names)
}

/// Returns the launcher of an adapter of the corpus.
fn adapter(name: &str, corpus: &Path) -> Option<String> {
    let path = is_name(name).then(|| corpus.join(ADAPTERS).join(name))?;
    let launcher = [path.join("run"), path].into_iter().find(|path| path.is_file())?;
    absolute(&launcher)
}

/// Divides a command into words, as a shell does. A path with blanks may be given as it is.
fn words(command: &str) -> Option<Vec<String>> {
    if let Some(path) = Path::new(command).is_file().then(|| absolute(Path::new(command))) {
        return path.map(|path| vec![path]);
    }
    shlex::split(command).filter(|words| words.first().is_some_and(|first| !first.is_empty()))
}

fn absolute(path: &Path) -> Option<String> {
    fs::canonicalize(path).ok()?.into_os_string().into_string().ok()
}

/// Returns what may help against an error, as a clause.
pub(super) fn advice(error: &StartError, corpus: &Path, scope: &Scope) -> String {
    let StartError::NotStarted { error, .. } = error else { return String::new() };
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "; make it executable, or name its interpreter before it, as in 'python3 FILE'"
                .to_owned()
        }
        io::ErrorKind::NotFound => {
            let built_in = scope.built_in.iter().map(|(name, _)| (*name).to_owned());
            let mut adapters = adapters(corpus);
            adapters.sort();
            let names: Vec<String> = built_in.chain(adapters).collect();
            format!("; it is neither a command nor one of {}", names.join(", "))
        }
        _ => String::new(),
    }
}

fn adapters(corpus: &Path) -> Vec<String> {
    let entries = fs::read_dir(corpus.join(ADAPTERS)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| adapter(name, corpus).is_some()).collect()
}
