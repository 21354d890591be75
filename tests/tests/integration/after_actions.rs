//! The tables "After action …" on the pages of the steps: one for each action, in its place, and
//! with the numbers that the ledger gives.

use std::{collections::BTreeMap, fs, process::Command};

use regex::Regex;
use serde_json::Value;
use workspace_tests::STEPS;

use crate::programs;

/// A table: the action, and what is new on the ledger.
struct After {
    action: String,
    ledger: String,
}

#[test]
fn below_each_action_a_table_says_what_is_new() {
    // the code of an action, or its table
    let place = Regex::new(r":action-(\w+)\}\}|\*\*After action (\w+)\*\*").unwrap();
    for step in STEPS {
        let page = fs::read_to_string(step.page()).unwrap();
        let code: Vec<(&str, bool)> = place
            .captures_iter(&page)
            .map(|found| match found.get(1) {
                Some(action) => (action.as_str(), false),
                None => (found.get(2).unwrap().as_str(), true),
            })
            .collect();
        let wanted: Vec<(&str, bool)> =
            step.actions.iter().flat_map(|action| [(*action, false), (*action, true)]).collect();
        assert_eq!(code, wanted, "code and tables on {}", step.page().display());
        let tables: Vec<String> = tables(&page).into_iter().map(|table| table.action).collect();
        assert_eq!(tables, step.actions, "tables of four columns on {}", step.page().display());
    }
}

#[test]
fn the_tables_name_the_transactions_that_the_ledger_writes() {
    let pages: String = STEPS.iter().map(|step| fs::read_to_string(step.page()).unwrap()).collect();
    let transaction = Regex::new(r"^transaction (\d+): ").unwrap();
    let named: BTreeMap<String, u64> = tables(&pages)
        .into_iter()
        .filter_map(|table| {
            let number = transaction.captures(&table.ledger)?[1].parse().unwrap();
            Some((table.action, number))
        })
        .collect();
    assert_eq!(named, written(), "named on the pages (left) and written");
}

/// Returns the tables of a page.
fn tables(page: &str) -> Vec<After> {
    let table = Regex::new(
        r"\*\*After action (\w+)\*\*\n\n\| issuer's wallet \| holder's wallet \| ledger \| on the wire \|\n\|---\|---\|---\|---\|\n\| [^|\n]+ \| [^|\n]+ \| ([^|\n]+) \| [^|\n]+ \|\n",
    )
    .unwrap();
    table
        .captures_iter(page)
        .map(|found| After { action: found[1].to_owned(), ledger: found[2].to_owned() })
        .collect()
}

/// Runs the walkthrough, and returns the number of each transaction by its action.
fn written() -> BTreeMap<String, u64> {
    let program = programs::directory().join("negotiate-proof");
    let output = Command::new(program).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|line| {
            let replies = line["value"].as_object()?;
            let mut numbers = replies
                .values()
                .filter_map(|reply| reply.pointer("/result/txnMetadata/seqNo")?.as_u64());
            let action = match &line["action"] {
                Value::String(action) => action.clone(),
                action => action.to_string(),
            };
            Some((action, numbers.next()?))
        })
        .collect()
}
