//! Reading the corpus from a directory, and the rules that its files keep.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::format::{Expected, FEATURES, Group, Kind, Test, VectorFile};

/// The files of a corpus, by name.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// The files, by their names without `.json`.
    pub files: BTreeMap<String, VectorFile>,
}

/// Why a directory cannot be read as a corpus.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file or directory cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// A file has another form.
    #[error("{} is not a file of test vectors: {error}", path.display())]
    OtherForm {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// There is none.
    #[error("{} has no files of test vectors (*.json)", .0.display())]
    Empty(PathBuf),
}

/// A test with the group and the file in which it stands.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'c> {
    /// The file's name without `.json`.
    pub file: &'c str,
    /// The group.
    pub group: &'c Group,
    /// The test.
    pub test: &'c Test,
}

impl Corpus {
    /// Reads all files `*.json` of a directory; not those in its subdirectories.
    ///
    /// # Errors
    /// [`CorpusError`], at the first file that cannot be read.
    pub fn read(directory: &Path) -> Result<Self, CorpusError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| CorpusError::Unreadable { path, error }
        };
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
            let path = entry.map_err(unreadable(directory))?.path();
            // nor pipes, which would keep the reader waiting
            if !path.is_file() {
                continue;
            }
            let name = path.file_stem().and_then(|name| name.to_str());
            let is_json = path.extension().is_some_and(|extension| extension == "json");
            if let (Some(name), true) = (name, is_json) {
                let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
                let file = serde_json::from_str(&text)
                    .map_err(|error| CorpusError::OtherForm { path: path.clone(), error })?;
                files.insert(name.to_owned(), file);
            }
        }
        match files.is_empty() {
            true => Err(CorpusError::Empty(directory.to_owned())),
            false => Ok(Self { files }),
        }
    }

    /// Returns all tests, in the order of the files' names.
    pub fn tests(&self) -> impl Iterator<Item = Placed<'_>> {
        self.files.iter().flat_map(|(file, content)| {
            content.test_groups.iter().flat_map(move |group| {
                group.tests.iter().map(move |test| Placed { file, group, test })
            })
        })
    }

    /// Returns what breaks the rules of the corpus, a sentence each: none if all is well.
    ///
    /// The rules: numbers count up, names are unique and begin with the file's, flags and features
    /// are explained, what is invalid says why and from which valid test it was made, and its patch
    /// makes exactly this test.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut by_id: BTreeMap<&str, Placed<'_>> = BTreeMap::new();
        for placed in self.tests() {
            if by_id.insert(&placed.test.id, placed).is_some() {
                faults.push(format!("{}: the id is not unique", placed.test.id));
            }
        }
        for (name, file) in &self.files {
            let tests: Vec<&Test> =
                file.test_groups.iter().flat_map(|group| &group.tests).collect();
            if tests.len() != file.number_of_tests {
                faults.push(format!("{name}: numberOfTests is not {}", tests.len()));
            }
            if !tests.iter().map(|test| test.tc_id).eq(1..=tests.len()) {
                faults.push(format!("{name}: tcId does not count from 1"));
            }
            let kinds: Vec<Kind> = file.test_groups.iter().map(|group| group.kind).collect();
            if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
                faults.push(format!("{name}: groups of several kinds"));
            }
            for flag in file.notes.keys() {
                if !tests.iter().any(|test| test.flags.contains(flag)) {
                    faults.push(format!("{name}: no test has the flag {flag}"));
                }
            }
            let prefix = format!("{}::", name.strip_prefix("verify_").unwrap_or(name));
            for test in tests {
                let mut fault = |text: String| faults.push(format!("{}: {text}", test.id));
                if !test.id.starts_with(&prefix) {
                    fault(format!("the id does not begin with {prefix}"));
                }
                for flag in &test.flags {
                    if !file.notes.contains_key(flag) {
                        fault(format!("the flag {flag} has no note"));
                    }
                }
            }
        }
        for placed in by_id.values() {
            faults.extend(
                test_faults(*placed, &by_id)
                    .into_iter()
                    .map(|text| format!("{}: {text}", placed.test.id)),
            );
        }
        faults
    }
}

/// Returns what is wrong with one test.
fn test_faults(placed: Placed<'_>, by_id: &BTreeMap<&str, Placed<'_>>) -> Vec<String> {
    let Placed { group, test, .. } = placed;
    let mut faults = Vec::new();
    let known = |feature: &str| {
        FEATURES.iter().any(|(name, _)| *name == feature)
            || Kind::ALL.iter().any(|kind| kind.name() == feature)
    };
    faults.extend(
        test.features
            .iter()
            .filter(|feature| !known(feature))
            .map(|feature| format!("the feature {feature} is not known")),
    );
    if !test.features.iter().any(|feature| feature == group.kind.name()) {
        faults.push(format!("the feature {} is missing", group.kind));
    }
    let has_reason = matches!(test.result, Expected::Invalid | Expected::Undecided);
    if has_reason == test.reason.is_empty() {
        faults.push("what is invalid or undecided, and nothing else, has a reason".to_owned());
    }
    if test.result == Expected::Invalid && test.base.is_none() {
        faults.push("what is invalid says from which valid test it was made".to_owned());
    }
    match (&test.base, &test.patch) {
        (None, None) => {}
        (Some(base), Some(patch)) => match by_id.get(base.as_str()) {
            None => faults.push(format!("there is no test {base}")),
            Some(base) if !matches!(base.test.result, Expected::Valid) => {
                faults.push(format!("its base {} is not valid", base.test.id));
            }
            Some(base) => {
                let mut patched = given(*base);
                match json_patch::patch(&mut patched, patch) {
                    Ok(()) if patched == given(placed) => {}
                    Ok(()) => faults.push("the patch makes another test of its base".to_owned()),
                    Err(error) => faults.push(format!("the patch does not apply: {error}")),
                }
            }
        },
        _ => faults.push("a base and a patch belong together".to_owned()),
    }
    faults
}

/// Returns what a test gives: `{"input", "public"}`.
#[must_use]
pub fn given(placed: Placed<'_>) -> Value {
    let mut given = json!({"input": placed.test.input});
    if let Some(public) = &placed.group.public {
        given["public"] = public.clone();
    }
    given
}
