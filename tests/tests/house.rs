//! The house: which crate may import which, and where the tutorial's actions are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this file is tests; a panic is how they report"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use regex::Regex;
use serde_json::Value;
use workspace_tests::{STEPS, root};

/// The crates from the ground up; each may import those before it, and none after it.
const FLOORS: [&str; 10] = [
    "cl",
    "proofs",
    "indy",
    "proof-exchange",
    "stage",
    "step2-issuance",
    "step3-proof-request",
    "step4-create-proof",
    "step5-verify-proof",
    "walkthrough",
];

/// Looks at all of the house from outside, and is part of none of it.
const OUTSIDE: &str = "workspace-tests";

#[test]
fn every_member_of_the_workspace_has_its_place_in_the_house() {
    let members: BTreeSet<String> = imports().into_keys().collect();
    let placed: BTreeSet<String> = FLOORS
        .iter()
        .chain([&OUTSIDE])
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        members, placed,
        "members (left), and crates with a place in FLOORS (right)"
    );
}

#[test]
fn no_crate_imports_one_that_stands_above_it() {
    let imports = imports();
    for (height, package) in FLOORS.iter().enumerate() {
        for (above, upper) in FLOORS.iter().enumerate().skip(height) {
            assert!(
                !imports[*package].contains(*upper),
                "{package} (floor {height}) imports {upper} (floor {above}); arrows point down only"
            );
        }
    }
}

#[test]
fn nothing_imports_the_tests_of_the_whole_workspace() {
    for (package, imported) in imports() {
        assert!(!imported.contains(OUTSIDE), "{package} imports {OUTSIDE}");
    }
}

#[test]
fn proofs_can_be_had_without_wallet_ledger_or_runtime() {
    let imports = imports();
    for heavy in ["aries-askar", "indy-credx", "tokio", "async-trait"] {
        assert!(
            !imports["proofs"].contains(heavy),
            "proofs imports {heavy}; it is for those who want neither wallet nor ledger"
        );
    }
}

#[test]
fn the_page_on_the_house_names_every_crate() {
    let page = fs::read_to_string(root().join("docs/src/house.md")).unwrap();
    for package in FLOORS.iter().chain([&OUTSIDE]) {
        assert!(
            page.contains(&format!("`{package}`")),
            "docs/src/house.md does not name `{package}`"
        );
    }
}

#[test]
fn the_page_on_dependencies_names_each_dependency_once_and_no_other() {
    let page = fs::read_to_string(root().join("docs/src/dependencies.md")).unwrap();
    let row = Regex::new(r"(?m)^\| \[?`([A-Za-z0-9_-]+)`").unwrap();
    let mut explained: Vec<&str> = row
        .captures_iter(&page)
        .map(|captures| captures.get(1).unwrap().as_str())
        .collect();
    explained.sort_unstable();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut declared: Vec<&str> = workspace_dependencies(&manifest)
        .into_iter()
        .filter(|name| !FLOORS.contains(name))
        .collect();
    declared.sort_unstable();
    assert_eq!(
        explained, declared,
        "docs/src/dependencies.md (left) and Cargo.toml (right)"
    );
}

#[test]
fn every_dependency_of_the_workspace_is_used_by_a_crate() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let used: BTreeSet<String> = imports().into_values().flatten().collect();
    for name in workspace_dependencies(&manifest) {
        assert!(
            used.contains(name),
            "no crate uses `{name}`; remove it from Cargo.toml"
        );
    }
}

#[test]
fn every_action_of_the_tutorial_begins_once_in_its_crate_and_in_order() {
    let begin = Regex::new(r#"\.begin\(\s*"?(\d+[a-z]?)"?\s*,"#).unwrap();
    for step in STEPS {
        let source = fs::read_to_string(step.source()).unwrap();
        let begun: Vec<&str> = begin
            .captures_iter(&source)
            .map(|captures| captures.get(1).unwrap().as_str())
            .collect();
        assert_eq!(begun, step.actions, "actions begun in {}", step.package);
    }
}

#[test]
fn every_action_of_the_tutorial_stands_between_its_own_anchors() {
    let mark =
        Regex::new(r#"// (ANCHOR|ANCHOR_END): action-(\w+)|\.begin\(\s*"?(\w+)"?\s*,"#).unwrap();
    for step in STEPS {
        let source = fs::read_to_string(step.source()).unwrap();
        let found: Vec<(&str, &str)> = mark
            .captures_iter(&source)
            .map(|captures| match captures.get(1) {
                Some(kind) => (kind.as_str(), captures.get(2).unwrap().as_str()),
                None => ("begin", captures.get(3).unwrap().as_str()),
            })
            .collect();
        let wanted: Vec<(&str, &str)> = step
            .actions
            .iter()
            .flat_map(|&action| ["ANCHOR", "begin", "ANCHOR_END"].map(|kind| (kind, action)))
            .collect();
        assert_eq!(found, wanted, "anchors and actions in {}", step.package);
    }
}

#[test]
fn the_actions_are_numbered_as_in_the_tutorial() {
    let numbered: Vec<&str> = STEPS
        .iter()
        .flat_map(|step| step.actions)
        .copied()
        .filter(|&action| action != "11b")
        .collect();
    let wanted: Vec<String> = (1..=24).map(|number: u8| number.to_string()).collect();
    assert_eq!(numbered, wanted);
}

/// The names of the packages that each member of the workspace imports, for whatever purpose.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let text = |value: &Value| value.as_str().expect("a name").to_owned();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("a list");
            let imported = dependencies
                .iter()
                .map(|dependency| text(&dependency["name"]));
            (text(&package["name"]), imported.collect())
        })
        .collect()
}

/// The names in `[workspace.dependencies]`.
fn workspace_dependencies(manifest: &str) -> Vec<&str> {
    let names: Vec<&str> = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.trim()))
        .collect();
    assert!(
        !names.is_empty(),
        "Cargo.toml has no [workspace.dependencies]"
    );
    names
}
