//! Dependencies: each is declared once, explained in a sentence, and used.

use std::{collections::BTreeSet, path::Path};

use regex::Regex;

use crate::{
    architecture::{members, metadata},
    sources::read,
};

#[test]
fn the_dependencies_page_explains_each_dependency_once_and_no_other() {
    let page = read(Path::new("docs/src/dependencies.md"));
    let row = Regex::new(r"(?m)^\| \[?`([A-Za-z0-9_-]+)`").unwrap();
    let rows = row.captures_iter(&page);
    let mut explained: Vec<&str> = rows.map(|row| row.get(1).unwrap().as_str()).collect();
    explained.sort_unstable();
    let manifest = read(Path::new("Cargo.toml"));
    let mut declared: Vec<&str> = declared(&manifest).map(|(name, _)| name).collect();
    declared.sort_unstable();
    assert_eq!(explained, declared, "docs/src/dependencies.md (left) and Cargo.toml (right)");
}

#[test]
fn every_declared_dependency_is_used_by_a_crate() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let used: BTreeSet<&str> = packages
        .iter()
        .flat_map(|package| package["dependencies"].as_array().expect("a list"))
        .filter_map(|dependency| dependency["name"].as_str())
        .collect();
    let manifest = read(Path::new("Cargo.toml"));
    for (name, _) in declared(&manifest) {
        assert!(used.contains(name), "no crate uses `{name}`; remove it from Cargo.toml");
    }
}

#[test]
fn members_take_their_dependencies_from_the_workspace() {
    for (package, directory) in members() {
        let manifest = read(&Path::new(&directory).join("Cargo.toml"));
        let dependencies = manifest.split("dependencies]\n").skip(1);
        for line in
            dependencies.flat_map(|part| part.lines().take_while(|line| !line.starts_with('[')))
        {
            let inherits = line.contains("workspace = true");
            let is_blank = line.trim().is_empty() || line.starts_with('#');
            assert!(inherits || is_blank, "{package} declares a version of its own: {line}");
        }
    }
}

/// Returns the lines of `[workspace.dependencies]` that are not crates of ours: name and value.
fn declared(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(" = "));
    pairs.filter(|(_, value)| !value.contains("path = "))
}
