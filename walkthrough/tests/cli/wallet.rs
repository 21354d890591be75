//! Listing, showing and deleting what the prover's wallet holds, and what an import says of a line.

use std::fs;

use serde_json::{Value, json};
use test_support::schema::Schema;

#[cfg(target_os = "linux")]
use crate::wallet_export::at_a_terminal;
use crate::{
    search::lines,
    walkthrough::Walkthrough,
    wallet_export::{EXPORT, IMPORT, with, with_passphrase},
    wallet_foreign::{PASSPHRASE, fixture},
};

/// A credential as the prover's wallet keeps it.
const CREDENTIAL: &str = include_str!("../../../crates/test-support/fixtures/credential.json");

/// Imports lines into the home.
fn import(walkthrough: &Walkthrough, lines: &str) {
    fs::write(walkthrough.path("lines.jsonl"), lines).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "lines.jsonl", "--json"]).succeeded();
}

#[test]
fn a_list_has_credentials_link_secrets_and_dids() {
    let walkthrough = Walkthrough::after_step(2);
    import(&walkthrough, &lines(300, "44"));
    let listed = walkthrough.run_at_home(&["wallet", "list", "--json"]).succeeded().lines();
    let of = |kind: &str| listed.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!([of("credential"), of("link_secret"), of("did")], [301, 1, 0]);
    let totals = json!({"format": 1, "kind": "totals", "credentials": 301, "link_secrets": 1,
        "dids": 0});
    assert_eq!(listed.last(), Some(&totals));
    let text = walkthrough.run_at_home(&["wallet", "list"]).succeeded().stdout;
    assert!(
        text.contains("\ncredential 44-299, schema Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"),
        "{text}"
    );
    let end =
        "link secret link_secret\nThe wallet holds 301 credentials, 1 link secret and 0 DIDs.\n";
    assert!(text.ends_with(end), "{text}");
    let nothing = walkthrough.run_at_home(&["wallet", "list", "--quiet"]).succeeded();
    assert_eq!(nothing.stdout, "");
}

#[test]
fn a_credential_is_shown_with_its_encodings_and_without_its_signature() {
    let walkthrough = Walkthrough::new();
    import(&walkthrough, &lines(1, "44"));
    let shown = walkthrough.run_at_home(&["wallet", "show", "44-0"]).succeeded().stdout;
    assert!(shown.starts_with("credential 44-0\n  schema                 Th7"), "{shown}");
    assert!(shown.contains("\n  age = \"44\", encoded 44\n"), "{shown}");
    let line =
        walkthrough.run_at_home(&["wallet", "show", "44-0", "--json"]).succeeded().last_line();
    assert_eq!(line["values"]["age"], json!({"raw": "44", "encoded": "44"}));
    let credential: Value = serde_json::from_str(CREDENTIAL).unwrap();
    let secret = credential["signature"]["p_credential"]["v"].as_str().unwrap();
    assert!(!shown.contains(secret) && !line.to_string().contains(secret));
}

#[test]
fn a_wrong_id_is_named_with_what_to_do() {
    let walkthrough = Walkthrough::new();
    import(&walkthrough, &lines(1, "44"));
    for command in [&["wallet", "show", "unknown"][..], &["wallet", "delete", "unknown", "--yes"]] {
        let advice = "`negotiate-proof wallet list --home ";
        walkthrough.run_at_home(command).failed(2, &["no credential `unknown`", advice]);
    }
}

#[test]
fn a_credential_is_deleted_only_on_a_yes() {
    let walkthrough = Walkthrough::new();
    import(&walkthrough, &(lines(1, "44") + &lines(1, "45")));
    let refused = walkthrough.run_at_home(&["wallet", "delete", "44-0"]);
    refused.failed(2, &["nothing was deleted", "--yes"]);
    let shown = walkthrough.run_at_home(&["wallet", "delete", "44-0", "--yes"]).succeeded().stdout;
    assert!(shown.contains("age = \"44\"") && shown.ends_with("\nDeleted.\n"), "{shown}");
    walkthrough.run_at_home(&["wallet", "show", "44-0"]).failed(2, &["no credential `44-0`"]);
    let deleted = walkthrough.run_at_home(&["wallet", "delete", "45-0", "--yes", "--json"]);
    assert_eq!(deleted.succeeded().last_line(), json!({"format": 1, "deleted": "45-0"}));
    // the directory of classes is right: a search finds neither, and a new credential of the class
    import(&walkthrough, &lines(1, "46"));
    let request = json!({"nonce": "1", "name": "n", "version": "1.0", "requested_predicates": {},
        "requested_attributes": {"who": {"name": "name"}}});
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    let found = walkthrough.run_at_home(&["search", "request.json", "--json"]).succeeded().lines();
    assert_eq!(found[0]["count"], 1, "{found:?}");
}

#[test]
fn an_import_names_the_member_that_is_missing_or_wrong() {
    let walkthrough = Walkthrough::new();
    let whole: Value = serde_json::from_str(CREDENTIAL).unwrap();
    let secret = whole["signature"]["p_credential"]["v"].as_str().unwrap().to_owned();
    let without = |pointer: &str, name: &str| {
        let mut credential = whole.clone();
        credential.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        json!({"id": "a", "credential": credential}).to_string()
    };
    let mut number = whole.clone();
    number["values"]["age"]["raw"] = json!(4711);
    let mut zero = whole.clone();
    zero["signature"]["p_credential"]["e"] = json!("0123");
    let cut = &whole.to_string()[..500];
    for (line, words) in [
        (without("", "signature"), "line 3 is not usable: member `signature` is missing"),
        (without("", "values"), "line 3 is not usable: member `values` is missing"),
        (without("/values/age", "encoded"), "member `/values/age/encoded` is missing"),
        (
            without("/signature/p_credential", "m_2"),
            "member `/signature/p_credential/m_2` is missing",
        ),
        (number.to_string(), "member `/values/age/raw` is a number, and has to be a text"),
        (zero.to_string(), "/signature/p_credential/e: expected a number in decimal digits"),
        (json!({"id": 1, "credential": whole}).to_string(), "member `id` is a number"),
        (json!({"id": "a"}).to_string(), "member `credential` is missing"),
        (
            json!({"id": "a", "given_credential": whole}).to_string(),
            "member `given_credential` is not one",
        ),
        (json!({"credential": [whole]}).to_string(), "it is a list, and has to be an object"),
        (json!({"credential": whole, "schema": {"name": 1}}).to_string(), "member `schema` is"),
        ("{}".to_owned(), "member `schema_id` is missing"),
        ("[]".to_owned(), "it is a list, and has to be an object"),
        (cut.to_owned(), "it is not whole: its JSON ends too early"),
        ("credential".to_owned(), "it is not JSON: something is wrong at its byte 1"),
    ] {
        fs::write(walkthrough.path("wrong.jsonl"), format!("{}\n{line}\n", lines(1, "44")))
            .unwrap();
        let refused = walkthrough.run_at_home(&["wallet", "import", "wrong.jsonl"]);
        let refused = refused.failed(2, &["cannot import wrong.jsonl: line 3", words]);
        assert!(!refused.stderr.contains("column"), "{}", refused.stderr);
        assert!(!refused.stderr.contains(&secret[..20]), "{}", refused.stderr);
        assert!(!refused.stderr.contains("4711"), "{}", refused.stderr);
    }
}

#[test]
fn an_import_without_a_link_secret_warns() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("lines.jsonl"), lines(2, "44")).unwrap();
    let run = walkthrough.run_at_home(&["wallet", "import", "lines.jsonl"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(
        run.stdout,
        "2 credentials imported; there already: 0.\n\
         The wallet held 0 credentials, 0 link secrets and 0 DIDs.\n\
         It holds 2 credentials, 0 link secrets and 0 DIDs now.\n"
    );
    assert!(run.stderr.starts_with("warning: the wallet has credentials, and no link secret"));

    let at_home = Walkthrough::after_step(2);
    fs::write(at_home.path("lines.jsonl"), lines(2, "44")).unwrap();
    at_home.run_at_home(&["wallet", "import", "lines.jsonl"]).succeeded();
}

#[test]
fn the_lines_of_wallet_commands_are_as_the_schema_says() {
    let walkthrough = with_passphrase();
    fs::write(walkthrough.path("key"), PASSPHRASE).unwrap();
    fs::write(walkthrough.path("lines.jsonl"), lines(1, "44")).unwrap();
    let schema = Schema::new(&walkthrough.run(&["schema", "wallet"]).succeeded().stdout);
    let store = fixture("acapy-askar.db");
    for command in [
        &["wallet", "import", "lines.jsonl"][..],
        &["wallet", "import", store.to_str().unwrap(), "--askar-key-file", "key"],
        &["wallet", "list"],
        &["wallet", "show", "44-0"],
        &EXPORT,
        &IMPORT,
        &["wallet", "delete", "44-0", "--yes"],
        &["wallet", "rebuild"],
    ] {
        let printed = walkthrough.run_at_home(&with(command, &["--json"])).succeeded().lines();
        printed.iter().for_each(|line| schema.assert_describes(line));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_at_a_terminal_is_asked_before_a_credential_is_deleted() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("lines.jsonl"), lines(1, "44")).unwrap();
    walkthrough.run_at_home(&["wallet", "import", "lines.jsonl", "--quiet"]).succeeded();
    let delete = "wallet delete 44-0 --home home";
    let Some(run) = at_a_terminal(&walkthrough, delete, "no\n") else {
        return;
    };
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("Delete it? [y/N]"), "{run:?}");
    assert!(run.stdout.contains("nothing was deleted"), "{run:?}");
    let run = at_a_terminal(&walkthrough, delete, "yes\n").unwrap();
    assert_eq!(run.code, Some(0), "{run:?}");
    walkthrough.run_at_home(&["wallet", "show", "44-0"]).failed(2, &["no credential `44-0`"]);
}
