//! The invariants of `docs/src/architecture.md` that concern crates and what they may know.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use regex::Regex;
use serde_json::Value;
use workspace_tests::root;

use crate::sources::{code_only, read, source_files};

/// The crates from the bottom up, each with the crates of this workspace that it may import. An
/// arrow that is missing here is missing on purpose.
const MAY_IMPORT: [(&str, &[&str]); 24] = [
    ("stdx", &[]),
    ("verdict", &["stdx"]),
    ("cl", &[]),
    ("proofs", &["stdx", "verdict", "cl"]),
    ("credx", &["stdx", "proofs"]),
    ("wallet", &["stdx"]),
    ("pool-protocol", &[]),
    ("ledger", &["stdx", "credx", "wallet", "pool-protocol"]),
    ("anoncreds", &["stdx", "verdict", "cl", "proofs", "credx", "wallet"]),
    ("vectors", &["stdx", "cl", "proofs", "credx", "anoncreds"]),
    // a program of its own: pages and a verifier in another language
    ("lab", &["stdx"]),
    ("indy", &["proofs", "wallet", "ledger", "anoncreds"]),
    ("exchange", &["stdx", "verdict", "wallet"]),
    ("exchange-http", &["stdx", "verdict", "exchange"]),
    (
        "exchange-anoncreds",
        &["stdx", "verdict", "proofs", "wallet", "ledger", "anoncreds", "exchange"],
    ),
    ("tutorial", &["stdx", "verdict", "proofs", "vectors", "indy"]),
    ("commands", &["stdx", "verdict", "proofs", "vectors", "indy", "tutorial"]),
    // the steps know each other by the hand-over types in `tutorial` only
    ("step2-issuance", &["indy", "tutorial"]),
    ("step3-proof-request", &["indy", "tutorial"]),
    ("step4-create-proof", &["indy", "tutorial"]),
    ("step5-verify-proof", &["indy", "tutorial"]),
    (
        "exchange-cli",
        &[
            "stdx",
            "verdict",
            "vectors",
            "indy",
            "exchange",
            "exchange-http",
            "exchange-anoncreds",
            "tutorial",
        ],
    ),
    // the exercises' checks: beside the walkthrough, not below it
    (
        "workshop",
        &[
            "stdx",
            "verdict",
            "cl",
            "proofs",
            "indy",
            "tutorial",
            "step2-issuance",
            "step3-proof-request",
            "step4-create-proof",
            "step5-verify-proof",
        ],
    ),
    (
        "walkthrough",
        &[
            "stdx",
            "indy",
            "tutorial",
            "commands",
            "step2-issuance",
            "step3-proof-request",
            "step4-create-proof",
            "step5-verify-proof",
        ],
    ),
];

/// For tests only: nothing but tests imports these.
const FOR_TESTS: [&str; 2] = ["test-support", "tests"];

/// The crates that compute and decide: they touch nothing outside their arguments.
const PURE: [&str; 3] = ["cl", "verdict", "proofs"];

#[test]
fn each_crate_imports_only_what_the_architecture_allows() {
    let imports = imports("normal");
    let placed: BTreeSet<&str> =
        MAY_IMPORT.iter().map(|(name, _)| *name).chain(FOR_TESTS).collect();
    let members: BTreeSet<&str> = imports.keys().map(String::as_str).collect();
    assert_eq!(members, placed, "members (left), crates with a place in MAY_IMPORT (right)");
    for (name, allowed) in MAY_IMPORT {
        let forbidden: Vec<_> = imports[name]
            .iter()
            .filter(|imported| placed.contains(imported.as_str()))
            .filter(|imported| !allowed.contains(&imported.as_str()))
            .collect();
        assert!(forbidden.is_empty(), "{name} imports {forbidden:?}; may import {allowed:?}");
    }
}

#[test]
fn the_allowed_imports_point_down_only() {
    for (height, (name, allowed)) in MAY_IMPORT.iter().enumerate() {
        for imported in *allowed {
            let below = MAY_IMPORT[..height].iter().any(|(lower, _)| lower == imported);
            assert!(below, "{name} may import {imported}, which does not stand below it");
        }
    }
}

#[test]
fn pure_crates_build_without_openssl_askar_sql_or_a_runtime() {
    let heavy = ["openssl", "askar", "sqlx", "tokio", "async-", "libsqlite3", "reqwest", "hyper"];
    for name in PURE {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none"])
            .args(["--package", &format!("negotiate-{name}")])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        let tree = String::from_utf8_lossy(&output.stdout);
        assert!(tree.contains(&format!("negotiate-{name}")), "cargo tree failed for {name}");
        for heavy in heavy {
            assert!(!tree.contains(heavy), "{name} depends on {heavy}:\n{tree}");
        }
    }
}

#[test]
fn pure_crates_touch_no_clock_file_or_network() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "io::stdin",
        "io::stdout",
        "SystemTime",
    ];
    assert_absent(&PURE, &outside, &[]);
    assert_absent(&PURE, &["Instant::now", "tokio::", ".await"], &[]);
}

#[test]
fn the_wallet_knows_nothing_of_credentials_and_the_ledger_nothing_of_proofs() {
    // the names of record categories that other crates reserve are only names to the wallet
    let category = [("wallet", "category.rs")];
    assert_absent(&["wallet"], &["cred_def", "schema_id", "anoncreds", "presentation"], &category);
    assert_absent(&["ledger"], &["presentation", "proof_request", "anoncreds", "predicate"], &[]);
}

/// Files that read JSON of their own making, of a ledger's envelopes, or into values: no objects of
/// the library.
const READ_OTHER_JSON: [(&str, &str); 16] = [
    ("anoncreds", "classes/mod.rs"),
    ("anoncreds", "import/batch.rs"),
    ("anoncreds", "import/foreign/dids.rs"),
    ("anoncreds", "import/foreign/mod.rs"),
    ("anoncreds", "import/line.rs"),
    ("anoncreds", "import/members.rs"),
    ("anoncreds", "import/secrets.rs"),
    ("anoncreds", "key.rs"),
    ("anoncreds", "prover.rs"),
    ("anoncreds", "stored.rs"),
    ("ledger", "format/genesis.rs"),
    ("ledger", "format/message.rs"),
    ("ledger", "pool/config.rs"),
    ("ledger", "pool/embedded/head.rs"),
    ("ledger", "pool/embedded/store.rs"),
    ("ledger", "reply.rs"),
];

#[test]
fn objects_of_the_library_are_read_by_credx_only() {
    let around_it = ["ledger", "anoncreds", "exchange-anoncreds"];
    assert_absent(&around_it, &["serde_json::from_"], &READ_OTHER_JSON);
    let types = "Credential|CredentialDefinition|CredentialOffer|CredentialRequest|Presentation|Schema|LinkSecret";
    let directly = Regex::new(&format!(
        r"from_(?:str|slice|value|reader)::<(?:{types})\b|\b(?:{types})\w*::deserialize\("
    ))
    .unwrap();
    for (name, _) in MAY_IMPORT.iter().filter(|(name, _)| !["cl", "credx"].contains(name)) {
        let directory = format!("crates/{name}");
        let directory = if *name == "walkthrough" { "walkthrough" } else { &directory };
        for file in source_files(directory) {
            let path = Path::new(directory).join("src").join(&file);
            let code = code_only(&read(&path));
            assert!(!directly.is_match(&code), "{} reads around `credx`", path.display());
        }
    }
}

#[test]
fn no_library_names_a_program_or_an_option_in_a_message() {
    let programs: BTreeSet<&str> =
        ["lab", "tutorial", "commands", "exchange-cli", "workshop", "walkthrough"].into();
    let literal = Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    let named =
        Regex::new(r"negotiate-proof |`negotiate-proof|proof-exchange |(?:^|[ `])--[a-z]").unwrap();
    for (name, _) in MAY_IMPORT.iter().filter(|(name, _)| !programs.contains(name)) {
        let directory = format!("crates/{name}");
        for file in source_files(&directory) {
            let path = Path::new(&directory).join("src").join(&file);
            // a sentence: an option alone is an argument for a program that the library starts
            for text in literal.find_iter(&code_only(&read(&path))) {
                let text = text.as_str().trim_matches('"');
                let names_one = text.contains(' ') && named.is_match(text);
                assert!(!names_one, "{}: {text}", path.display());
            }
        }
    }
}

#[test]
fn the_architecture_page_names_every_crate() {
    let page = read(Path::new("docs/src/architecture.md"));
    for (name, _) in MAY_IMPORT {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/src/architecture.md does not name `{name}`"
        );
    }
}

/// Returns the members of the workspace: package and directory, relative to the root.
pub fn members() -> Vec<(String, String)> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let members = packages.iter().map(|package| {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let directory = Path::new(manifest).parent().expect("a directory");
        let relative = directory.strip_prefix(root()).expect("a member below the root");
        let name = package["name"].as_str().expect("a name").to_owned();
        (name, relative.to_string_lossy().replace('\\', "/"))
    });
    members.collect()
}

/// Returns what each member imports, by the names that `use` lines have: folders for members.
fn imports(kind: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folders: BTreeMap<String, String> = members()
        .into_iter()
        .map(|(package, directory)| {
            let folder = directory.rsplit('/').next().unwrap_or_default().to_owned();
            (package, folder)
        })
        .collect();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let imports = packages.iter().map(|package| {
        let name = package["name"].as_str().expect("a name");
        let dependencies = package["dependencies"].as_array().expect("a list");
        let imported = dependencies
            .iter()
            .filter(|dependency| dependency["kind"].as_str().unwrap_or("normal") == kind)
            .filter_map(|dependency| dependency["name"].as_str())
            .map(|name| folders.get(name).map_or(name, String::as_str).to_owned());
        (folders[name].clone(), imported.collect())
    });
    imports.collect()
}

/// Returns what cargo says of the workspace's members.
pub fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata failed: {errors}");
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// Asserts that the code of these crates, but for some files, has none of these words.
fn assert_absent(crates: &[&str], words: &[&str], except: &[(&str, &str)]) {
    for name in crates {
        let directory = format!("crates/{name}");
        for file in source_files(&directory) {
            if except.iter().any(|(other, path)| other == name && file == Path::new(path)) {
                continue;
            }
            let path = Path::new(&directory).join("src").join(&file);
            let code = code_only(&read(&path));
            for word in words {
                assert!(!code.contains(word), "{} has {word:?}", path.display());
            }
        }
    }
}
