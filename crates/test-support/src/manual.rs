//! Manual pages in a directory.

use std::{collections::BTreeMap, fs, path::Path};

/// Asserts that a directory has the program's page, and each page that one of them names. Returns
/// their names.
#[track_caller]
pub fn assert_references_exist(directory: &Path, program: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    let pages: BTreeMap<String, String> = entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let mut named = vec![format!("{program}.1")];
    for page in pages.values() {
        let references = page.lines().filter_map(|line| line.strip_suffix("(1)"));
        named.extend(references.map(|name| format!("{}.1", name.replace('\\', ""))));
    }
    named.sort();
    let names: Vec<String> = pages.into_keys().collect();
    assert_eq!(named, names, "pages that are named (left), and that are there (right)");
    names
}
