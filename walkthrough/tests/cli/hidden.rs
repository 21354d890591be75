//! Foreign text, which must neither steer the terminal nor hide in it, in whatever command reads
//! it.

use std::fs;

use serde_json::{Value, json};
use test_support::hidden::{HIDDEN, assert_visible, commands, spoilt};

use crate::walkthrough::Walkthrough;

const CASE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");

/// The corpus of test vectors.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors");

/// Runs a command in text and in JSON; neither may print what is hidden.
#[track_caller]
fn run(walkthrough: &Walkthrough, arguments: &[&str]) {
    assert_visible(&walkthrough.run(arguments));
    let json = walkthrough.run(&[arguments, &["--format", "json"]].concat());
    assert_visible(&json);
}

#[test]
fn no_command_prints_what_is_hidden_in_its_arguments() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("empty.json"), "{}").unwrap();
    fs::write(walkthrough.path(HIDDEN), HIDDEN).unwrap();
    let file = format!("{HIDDEN}.json");
    fs::write(walkthrough.path(&file), format!("{{\"{HIDDEN}\": 1}}")).unwrap();
    let (home, key) = (format!("home-{HIDDEN}"), format!("{HIDDEN}/key.json"));
    let runs: &[&[&str]] = &[
        &[HIDDEN],
        &["--until", HIDDEN],
        &["--home", &home, "--until", "2", "--wallet", HIDDEN],
        &["--home", &home, "--genesis", HIDDEN],
        &["--home", &home, "--until", "2"],
        &["--home", &home, "--until", "4"],
        &["step", HIDDEN, "--home", &home],
        &["step", "3", "--home", HIDDEN],
        &["step", "3", "--home", "missing", "--prepared-key", HIDDEN],
        &["step", "5", "--home", &home],
        &["case", "--home", HIDDEN],
        &["case", "--home", &home],
        &["case", "from", HIDDEN],
        &["case", "from", &file, "--public", HIDDEN],
        &["case", "from", &file, "--home", HIDDEN],
        &["case", "from", &file, "--genesis", HIDDEN],
        &["case", "from", &file, "--public", &file],
        &["convert", HIDDEN, "--to", "indy"],
        &["convert", &file, "--to", HIDDEN],
        &["convert", &file, "--to", "indy", "--id", HIDDEN],
        &["convert", &file, "--to", "anoncreds", "--schema", HIDDEN],
        &["issue", "--schema", HIDDEN, "--values", &file, "--home", HIDDEN],
        &["issue", "--schema", &file, "--values", HIDDEN, "--home", HIDDEN],
        &["issue", "offer", "--schema", &file, "--home", HIDDEN, "--issuer", HIDDEN],
        &["issue", "accept", &file, "--home", HIDDEN, "--link-secret", HIDDEN],
        &["issue", "sign", &file, "--offer", HIDDEN, "--values", &file, "--home", &home],
        &["issue", "store", &file, "--home", &home, "--id", HIDDEN],
        &["request", "new", "--template", HIDDEN],
        &["request", "new", "--template", &file],
        &["request", "new", "--attribute", HIDDEN, "--output", HIDDEN],
        &["request", "new", "--attribute", HIDDEN, "--attribute", HIDDEN],
        &["request", "new", "--attribute", "name", "--predicate", HIDDEN],
        &["request", "new", "--attribute", "name", "--restrict", HIDDEN],
        &["prove", HIDDEN, "--home", &home],
        &["prove", &file, "--home", &home, "--use", HIDDEN, "--output", HIDDEN],
        &["public", "export", "--home", &home, "--output", HIDDEN],
        &["public", "import", HIDDEN, "--home", &home],
        &["public", "import", &file, "--home", HIDDEN],
        &["search", HIDDEN, "--home", &home],
        &["search", "empty.json", "--home", HIDDEN],
        &["search", "empty.json", "--home", &home, "--page", HIDDEN],
        &["disclose", HIDDEN, "--home", &home],
        &["disclose", &file, "--home", &home],
        &["lint", HIDDEN],
        &["lint", &file],
        &["lint", "empty.json", "--schemas", HIDDEN],
        &["verify", HIDDEN],
        &["verify", &file],
        &["verify", "missing", "--relax", HIDDEN],
        &["vectors", HIDDEN],
        &["vectors", "--corpus", HIDDEN],
        &["vectors", "--corpus", CORPUS, "--filter", HIDDEN],
        &["vectors", "--corpus", CORPUS, "--implementation", HIDDEN],
        &["vectors", "mutate", HIDDEN],
        &["lab", HIDDEN],
        &["prepare-key", &key],
        &["prepare-key", "key.json", "--attributes", HIDDEN],
        &["wallet", HIDDEN],
        &["wallet", "import", HIDDEN, "--home", &home],
        &["wallet", "import", &file, "--home", HIDDEN],
        &["wallet", "import", &file, "--home", &home, "--askar-key-file", HIDDEN],
        &["wallet", "import", &file, "--home", &home, "--rename-link-secret", HIDDEN],
        &[
            "wallet",
            "import",
            "postgres://h\u{1b}[2J@i/j",
            "--home",
            &home,
            "--askar-key-file",
            &file,
        ],
        &["wallet", "import-libindy", HIDDEN, "--home", &home, "--key-file", &file],
        &["wallet", "import-libindy", &file, "--home", HIDDEN, "--key-file", HIDDEN],
        &["wallet", "export", HIDDEN, "--home", &home, "--passphrase-file", HIDDEN],
        &["wallet", "export", "new.age", "--home", &home, "--link-secret", HIDDEN],
        &["wallet", "list", "--home", &home],
        &["wallet", "list", "--home", HIDDEN],
        &["wallet", "show", HIDDEN, "--home", &home],
        &["wallet", "delete", HIDDEN, "--home", &home],
        &["wallet", "rebuild", "--home", &home],
        &["wallet", "rebuild", "--home", HIDDEN],
        &["--scenario", HIDDEN],
        &["--scenario", "scenario", "--home", &home],
        &["scenario", HIDDEN],
        &["scenario", "init", HIDDEN, "--template", HIDDEN],
        &["scenario", "init", HIDDEN],
        &["scenario", "lint", HIDDEN],
        &["scenario", "preview", HIDDEN, "--home", HIDDEN],
        &["scenario", "preview", "scenario", "--home", &home],
        &["progress", HIDDEN],
        &["progress", &home, "--json"],
        &["workshop", HIDDEN],
        &["workshop", "init", HIDDEN, "--repository", HIDDEN],
        &["workshop", "doctor", "--repository", HIDDEN],
        &["schema", HIDDEN],
        &["completions", HIDDEN],
        &["man", HIDDEN],
        &["man", "--directory", HIDDEN],
        &["help", HIDDEN],
    ];
    runs.iter().for_each(|arguments| run(&walkthrough, arguments));
    for command in commands(&walkthrough.run(&["-h"]).stdout) {
        assert!(runs.iter().any(|run| run[0] == command), "no run of {command}");
    }
}

#[test]
fn no_finding_prints_what_is_hidden_in_a_request() {
    let walkthrough = Walkthrough::new();
    let request = json!({
        "nonce": "1", "name": "n", "version": "1.0", "ver": "2.0",
        "non_revoked": {"from": 1, "to": 2},
        "requested_attributes": {
            "a": {"name": "name", "restrictions": [{"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e"},
                {"$or": [{"attr::name::value": "x"}, {"$not": {"schema_name": {"$in": ["gvt"]}}}]}]},
            "b": {"names": ["height", "sex"], "restrictions": {"attr::sex::marker": "1"}},
        },
        "requested_predicates": {"c": {"name": "age", "p_type": ">=", "p_value": 18}},
    });
    for request in spoilt(&request) {
        fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
        run(&walkthrough, &["lint", "request.json"]);
    }
}

#[test]
fn no_verdict_prints_what_is_hidden_in_a_case() {
    let walkthrough = Walkthrough::new();
    let mut lines = String::new();
    for case in spoilt(&serde_json::from_str(CASE).unwrap()) {
        lines += &format!("{case}\n");
    }
    // a line that is not a case, of JSON and not
    lines +=
        &format!("{}\n\"{HIDDEN}\"\n{{\"id\": \"{}\", \"x\": 1}}\n", json!(HIDDEN), "\u{202e}");
    fs::write(walkthrough.path("cases.jsonl"), lines).unwrap();
    run(&walkthrough, &["verify", "cases.jsonl"]);
    run(&walkthrough, &["verify", "cases.jsonl", "--all", "--full"]);
}

#[test]
fn no_case_or_conversion_prints_what_is_hidden_in_a_record() {
    let walkthrough = Walkthrough::new();
    let mut lines = String::new();
    for case in spoilt(&serde_json::from_str(CASE).unwrap()) {
        lines += &format!(
            "{case}\n{}\n",
            json!({"pres_ex_id": HIDDEN, "state": HIDDEN, "by_format": case})
        );
    }
    fs::write(walkthrough.path("records.jsonl"), lines).unwrap();
    fs::write(walkthrough.path("record.json"), CASE).unwrap();
    run(&walkthrough, &["case", "from", "records.jsonl"]);
    run(&walkthrough, &["case", "from", "record.json", "--public", "records.jsonl"]);
    for form in ["indy", "anoncreds"] {
        run(&walkthrough, &["convert", "records.jsonl", "--to", form]);
    }
}

#[test]
fn no_command_prints_what_is_hidden_in_a_wallet_or_request() {
    let walkthrough = Walkthrough::after_step(2);
    let home = walkthrough.home();
    let home = home.to_str().unwrap();
    let text = include_str!("../../../crates/test-support/fixtures/credential.json");
    let credential: Value = serde_json::from_str(text).unwrap();
    let mut lines = json!({"id": HIDDEN, "credential": credential}).to_string() + "\n";
    let mut named = credential.clone();
    named["values"]["name"]["raw"] = json!(HIDDEN);
    lines += &(json!({"id": "b", "credential": named}).to_string() + "\n");
    fs::write(walkthrough.path("all.jsonl"), lines).unwrap();
    run(&walkthrough, &["wallet", "import", "all.jsonl", "--home", home]);
    for member in ["schema_id", "cred_def_id", "values", "signature"] {
        let mut credential = credential.clone();
        credential[member] = spoilt(&credential[member])[0].clone();
        let line = json!({"id": member, "credential": credential}).to_string();
        fs::write(walkthrough.path("one.jsonl"), line).unwrap();
        run(&walkthrough, &["wallet", "import", "one.jsonl", "--home", home]);
    }

    let name = |request: &mut Value| request["requested_attributes"]["a"]["name"] = json!(HIDDEN);
    let referent =
        |request: &mut Value| request["requested_attributes"][HIDDEN] = json!({"name": "sex"});
    let restriction = |request: &mut Value| {
        request["requested_attributes"]["a"]["restrictions"] =
            json!([{"cred_def_id": HIDDEN}, {"attr::name::value": HIDDEN}]);
    };
    let attested =
        |request: &mut Value| request["requested_attributes"][HIDDEN] = json!({"name": HIDDEN});
    let changes: [&dyn Fn(&mut Value); 5] = [&|_| (), &name, &referent, &restriction, &attested];
    for change in changes {
        let mut request = json!({
            "nonce": "1", "name": "n", "version": "1.0", "requested_predicates": {},
            "requested_attributes": {"a": {"name": "name"}},
        });
        change(&mut request);
        fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
        run(&walkthrough, &["search", "request.json", "--home", home, "--explain"]);
        run(&walkthrough, &["disclose", "request.json", "--home", home]);
    }
}

#[test]
fn no_command_prints_what_is_hidden_in_a_home() {
    let walkthrough = Walkthrough::after_step(4);
    let home = walkthrough.home();
    let home = home.to_str().unwrap();
    for (step, base) in [(3, "/data/proof_request"), (4, "/data/presentation/requested_proof")] {
        let state = walkthrough.state(step);
        for changed in spoilt(state.pointer(base).unwrap()) {
            walkthrough.change_state(step, |state| *state.pointer_mut(base).unwrap() = changed);
            run(&walkthrough, &["case", "--home", home]);
            run(&walkthrough, &["step", "5", "--home", home]);
        }
        fs::write(walkthrough.state_path(step), state.to_string()).unwrap();
    }
    for file in ["home.json", "pool/pool/transactions.jsonl"] {
        let path = walkthrough.home_file(file);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, whole.replacen(":\"", &format!(":\"{HIDDEN}"), 1) + HIDDEN).unwrap();
        run(&walkthrough, &["case", "--home", home]);
        run(&walkthrough, &["step", "5", "--home", home]);
        fs::write(&path, whole).unwrap();
    }
}
