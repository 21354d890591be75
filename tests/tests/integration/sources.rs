//! The files of the repository, as the tests read them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;
use workspace_tests::root;

/// Returns the files that belong to the repository and end in one of these, relative to its root.
pub fn tracked(endings: &[&str]) -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git ls-files failed");
    let listed = String::from_utf8(output.stdout).expect("paths in UTF-8");
    let paths = listed.lines().map(PathBuf::from);
    paths
        .filter(|path| endings.iter().any(|end| path.to_string_lossy().ends_with(end)))
        // one that was deleted and not yet committed is still listed
        .filter(|path| root().join(path).is_file())
        .collect()
}

/// Returns the text of a file, by its path from the root.
pub fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the Rust files of a crate's `src`, relative to `src`, without those of unit tests.
pub fn source_files(crate_directory: &str) -> Vec<PathBuf> {
    let source = Path::new(crate_directory).join("src");
    tracked(&[".rs"])
        .into_iter()
        .filter_map(|path| path.strip_prefix(&source).ok().map(Path::to_owned))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .filter(|path| !path.ends_with("tests.rs"))
        .collect()
}

/// Returns code without comments and without its unit tests, which stand at the end of a file.
pub fn code_only(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let comments = Regex::new(r"(?m)^\s*//.*$|\s// .*$").unwrap();
    comments.replace_all(text, "").into_owned()
}
