//! The files of a scenario's directory: which are read, and which are not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use stdx::text::Quoted;
use tutorial::home;

use super::finding::{FILE_NAME, Findings, OTHER_FILE, Place};

/// The kinds of files, which are the names of their directories.
pub const KINDS: [&str; 4] = ["issuers", "credentials", "holders", "requests"];

/// The most files of a kind.
const MAX_FILES: usize = 200;

/// The longest name of a file, without `.json`: it becomes part of the name of a wallet.
const MAX_NAME: usize = 40;

/// Returns the JSON files of a kind by the names of their subjects, and names that cannot be used;
/// none if the directory does not exist.
pub fn list(
    directory: &Path,
    kind: &'static str,
    findings: &mut Findings,
) -> Result<(BTreeMap<String, PathBuf>, Vec<String>)> {
    let path = directory.join(kind);
    if !path.exists() {
        return Ok((BTreeMap::new(), Vec::new()));
    }
    let failed = || format!("cannot read the directory {}", path.display());
    let (mut files, mut misnamed) = (BTreeMap::new(), Vec::new());
    for entry in fs::read_dir(&path).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') {
            continue;
        }
        let file = format!("{kind}/{file_name}");
        let place = Place { file: &file, pointer: "" };
        if entry.path().is_dir() {
            let found = format!("the directory {}", Quoted(&file_name));
            findings.warn(OTHER_FILE, place, found, "put its files beside it");
            continue;
        }
        let Some(name) = file_name.strip_suffix(".json") else {
            findings.warn(
                OTHER_FILE,
                place,
                format!("the file {}", Quoted(&file_name)),
                "give it a name that ends in .json, or put it elsewhere",
            );
            continue;
        };
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_plain) {
            findings.error(
                FILE_NAME,
                place,
                format!("the file {}", Quoted(&file_name)),
                format!(
                    "give it a name of 1 to {MAX_NAME} small letters of English, digits, - and _"
                ),
            );
            misnamed.push(name.to_owned());
            continue;
        }
        files.insert(name.to_owned(), entry.path());
        ensure!(
            files.len() <= MAX_FILES,
            "there are more than {MAX_FILES} files in {}; use several scenarios",
            path.display()
        );
    }
    Ok((files, misnamed))
}

/// Warns of JSON in the scenario's directory, or in a directory of it, that is of none of the four
/// kinds, and is not `named` by a file of these, as a prepared key is.
pub fn find_others(
    directory: &Path,
    named: &BTreeSet<PathBuf>,
    findings: &mut Findings,
) -> Result<()> {
    let failed = || format!("cannot read the directory {}", directory.display());
    for entry in fs::read_dir(directory).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = Place { file: &name, pointer: "" };
        let is_other = |path: &Path| {
            path.extension().is_some_and(|end| end == "json") && !named.contains(path)
        };
        if name.starts_with('.') || KINDS.contains(&name.as_str()) || home::is_home(&path) {
            continue;
        }
        if !path.is_dir() && is_other(&path) {
            let remedy = format!("put it into one of {}, or elsewhere", KINDS.join(", "));
            findings.warn(OTHER_FILE, place, "JSON beside the directories", remedy);
        } else if path.is_dir()
            && fs::read_dir(&path)
                .is_ok_and(|entries| entries.flatten().any(|entry| is_other(&entry.path())))
        {
            let remedy =
                format!("give it one of the names {}, or put it elsewhere", KINDS.join(", "));
            findings.warn(OTHER_FILE, place, "a directory with JSON that is not read", remedy);
        }
    }
    Ok(())
}

/// Refuses what exists and is not a regular file: reading a pipe could wait for ever.
pub fn check_regular(path: &Path) -> Result<()> {
    let is_other = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    ensure!(!is_other, "{} is not a regular file", path.display());
    Ok(())
}
