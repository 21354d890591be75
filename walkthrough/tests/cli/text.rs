//! The whole walkthrough in text, for a person.

use std::fs;

use serde_json::Value;

use test_support::{keys, program::Finished};

use crate::walkthrough::{ACTIONS, Walkthrough};

const ESCAPE: char = '\u{1b}';

#[test]
fn a_run_prints_the_actions_in_order_and_ends_with_verified() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&[]).succeeded();

    let headings: Vec<&str> = (outcome.stdout.lines())
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()) || line.starts_with("Step "))
        .collect();
    let mut expected = Vec::new();
    for (number, label) in ACTIONS {
        match number {
            "1" => expected.push("Step 2: issuance setup".to_owned()),
            "18" => expected.push("Step 3: proof request and credential search".to_owned()),
            "20" => expected.push("Step 4: prover_create_proof".to_owned()),
            "21" => expected.push("Step 5: verifier_verify_proof".to_owned()),
            _ => {}
        }
        expected.push(format!("{number}. {label}"));
    }
    assert_eq!(headings, expected);

    let last = outcome.stdout.lines().last().unwrap();
    assert!(last.starts_with("Verified: the name is Alex"), "{last}");
}

#[test]
fn a_run_shows_the_disclosure_and_then_each_check() {
    let walkthrough = Walkthrough::new();
    let printed = walkthrough.run(&[]).succeeded().stdout;
    let place =
        |text: &str| printed.find(text).unwrap_or_else(|| panic!("no {text:?} in {printed}"));
    let preview = place("    What the verifier would learn:\n      From credential ");
    assert!(preview < place("20. Prover creates Proof"));
    assert!(printed.contains("        shows    name = \"Alex\" (attr1_referent)\n"));
    assert!(printed.contains("        proves   age >= 18 (predicate1_referent)\n"));
    assert!(printed.contains("        hides    age, height, sex\n"));

    let checks = (printed.lines()).filter(|line| line.contains(" ✓ ") || line.contains(" – "));
    assert_eq!(checks.count(), 20);
    assert!(place("    Verified: true\n") < place("       1 ✓ size "));
}

#[test]
fn the_table_of_all_checks_is_wrapped_to_the_columns() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.env("COLUMNS", "80");
    let printed = Finished::of(program).succeeded().stdout;
    let (_, table) = printed.split_once("    Verdict:\n").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    assert!(table.lines().count() >= 20, "{table}");
    for line in table.lines() {
        assert!(line.starts_with("      ") && line.chars().count() <= 80, "{line:?}");
    }
}

#[test]
fn a_run_without_a_home_leaves_nothing_behind() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&[]).succeeded();
    assert_eq!(walkthrough.left_behind(), Vec::<std::path::PathBuf>::new());
    assert!(!walkthrough.home().exists());
}

#[test]
fn a_run_without_a_prepared_key_generates_one() {
    let outcome = Finished::of(Walkthrough::new().program_without_key()).succeeded();
    assert!(outcome.stdout.contains("\nVerified: "), "{}", outcome.stdout);
}

#[test]
fn colours_are_used_only_where_they_are_wanted() {
    let walkthrough = Walkthrough::new();
    let piped = walkthrough.run(&["--until", "2"]).succeeded();
    assert!(!piped.stdout.contains(ESCAPE));

    let coloured = |no_color: &str| {
        let mut program = walkthrough.program();
        program.args(["--until", "2"]).env("CLICOLOR_FORCE", "1");
        program.env("NO_COLOR", no_color);
        Finished::of(program).succeeded().stdout
    };
    assert!(coloured("").contains(ESCAPE), "CLICOLOR_FORCE stands for a terminal here");
    assert!(!coloured("1").contains(ESCAPE), "NO_COLOR comes first");
}

#[test]
fn errors_have_colours_only_on_a_terminal() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["step", "3"]).failed(2, &[]);
    assert!(!outcome.stderr.contains(ESCAPE));
}

#[test]
fn a_quiet_run_prints_nothing() {
    let walkthrough = Walkthrough::new();
    let outcome = walkthrough.run(&["--quiet"]).succeeded();
    assert_eq!(outcome.stdout, "");
}

#[test]
fn long_numbers_are_shortened_for_a_person_unless_asked_for() {
    let walkthrough = Walkthrough::new();
    let shortened = walkthrough.run(&["--until", "2"]).succeeded().stdout;
    assert!(shortened.contains("(617 digits)"), "the key's modulus has 2048 bits");
    assert!(longest_number(&shortened) <= 80);

    let whole = walkthrough.run(&["--until", "2", "--full"]).succeeded().stdout;
    assert!(!whole.contains(" digits)"));
    assert!(longest_number(&whole) >= 617);
}

fn longest_number(text: &str) -> usize {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.map(str::len).max().unwrap()
}

#[test]
fn no_secret_is_printed_or_written_outside_the_wallets() {
    let walkthrough = Walkthrough::new();
    let story = walkthrough.run_at_home(&["--full"]).succeeded();
    let json = walkthrough.run(&["--full", "--json"]).succeeded();
    let mut texts = vec![story.stdout, json.stdout];
    for file in ["home.json", "pool/pool/transactions.jsonl"] {
        texts.push(fs::read_to_string(walkthrough.home_file(file)).unwrap());
    }
    for step in 2..=5 {
        texts.push(fs::read_to_string(walkthrough.state_path(step)).unwrap());
    }

    let mut secrets = private_numbers();
    secrets.extend(["issuer_wallet_key", "prover_wallet_key"].map(str::to_owned));
    secrets.extend(["master_secret_blinding_data", "v_prime", "Steward1"].map(str::to_owned));
    for text in texts {
        for secret in &secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

/// The numbers of the private part of the test key.
fn private_numbers() -> Vec<String> {
    let key: Value = serde_json::from_str(&fs::read_to_string(keys::GVT_PATH).unwrap()).unwrap();
    let p_key = key.pointer("/private/value/p_key").expect("a private key");
    let numbers: Vec<String> = (p_key.as_object().unwrap().values())
        .map(|number| number.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(numbers.len(), 2, "p and q");
    assert!(numbers.iter().all(|number| number.len() > 300));
    numbers
}
