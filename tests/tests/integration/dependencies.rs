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

#[test]
fn an_ignored_advisory_names_a_crate_that_the_lock_has() {
    let reason = Regex::new(r#"id = "RUSTSEC-[0-9-]+", reason = "([a-z0-9-]+): "#).unwrap();
    for (policy, lock) in
        [("deny.toml", "Cargo.lock"), ("pool-client/deny.toml", "pool-client/Cargo.lock")]
    {
        let (policy, lock) = (read(Path::new(policy)), read(Path::new(lock)));
        let entries = policy.matches("RUSTSEC-").count();
        assert_eq!(entries, reason.captures_iter(&policy).count(), "each has a reason: {policy}");
        for name in reason.captures_iter(&policy).map(|entry| entry.get(1).unwrap().as_str()) {
            let is_locked = lock.contains(&format!("name = \"{name}\"\n"));
            assert!(is_locked, "{name} is gone, and so can its entry");
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
