//! Wallets on a PostgreSQL server.
//!
//! These tests need a server whose user may create databases. They are skipped, and say so, unless
//! `NEGOTIATE_PROOF_POSTGRES_URL` holds its URL, such as `postgres://user:password@localhost:5432`.

use std::{fs, io::Write, process::Stdio};

use indy::{
    error::WalletError,
    wallet::{
        WalletConfig, WalletCredentials, WalletStorage, close_wallet, delete_wallet, open_wallet,
    },
};

use serde_json::json;

use test_support::{
    keys,
    program::{Finished, Running, contents},
};

use crate::{
    search::lines,
    walkthrough::{Walkthrough, read_up_to},
};

const SERVER: &str = "NEGOTIATE_PROOF_POSTGRES_URL";
const WALLETS: [(&str, &str); 2] =
    [("issuer_wallet", "issuer_wallet_key"), ("prover_wallet", "prover_wallet_key")];

/// The server's URL, with a prefix for the databases that no other test has.
struct Databases {
    url: String,
}

impl Databases {
    fn new(walkthrough: &Walkthrough) -> Option<Self> {
        let Ok(server) = std::env::var(SERVER) else {
            // not through the test harness, which hides the output of a passing test
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: set {SERVER} to run this test against a PostgreSQL server"
            );
            return None;
        };
        // each walkthrough has a directory of its own, and so a name of its own
        let directory = walkthrough.path("");
        let name = directory.file_name().unwrap().to_string_lossy();
        let unique: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let prefix = format!("test_{unique}_{}", std::process::id());
        let url = format!("{}/{prefix}", server.trim_end_matches('/'));
        Some(Self { url })
    }

    /// Returns which of the two wallets are on the server.
    fn there(&self) -> Vec<&'static str> {
        let there = |(id, key)| {
            self.on_server(async {
                match open_wallet(&self.config(id), &WalletCredentials::passphrase(key)).await {
                    Ok(wallet) => {
                        close_wallet(wallet).await.unwrap();
                        Some(id)
                    }
                    Err(WalletError::NotFound { .. }) => None,
                    Err(error) => panic!("{error}"),
                }
            })
        };
        WALLETS.into_iter().filter_map(there).collect()
    }

    fn config(&self, id: &str) -> WalletConfig {
        WalletConfig {
            id: id.to_owned(),
            storage: WalletStorage::Postgres { url: self.url.clone() },
        }
    }

    fn on_server<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::runtime::Runtime::new().unwrap().block_on(work)
    }
}

impl Drop for Databases {
    /// A test that failed leaves nothing on the server either.
    fn drop(&mut self) {
        for (id, key) in WALLETS {
            let credentials = WalletCredentials::passphrase(key);
            let config = self.config(id);
            let _ = self.on_server(delete_wallet(&config, &credentials));
        }
    }
}

#[test]
fn a_walkthrough_on_a_server_leaves_no_database() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let outcome = walkthrough.run(&["--json", "--wallet", &databases.url]).succeeded();
    assert_eq!(outcome.last_line()["verdict"], "verified");
    assert!(databases.there().is_empty());
    assert!(walkthrough.left_behind().is_empty());
}

#[test]
fn the_server_s_url_comes_from_a_variable_and_is_not_printed() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let mut program = walkthrough.program();
    program.args(["--until", "2", "--home"]).arg(walkthrough.home());
    program.env("NEGOTIATE_PROOF_WALLET", &databases.url);
    let outcome = Finished::of(program).succeeded();
    assert_eq!(databases.there(), ["issuer_wallet", "prover_wallet"]);
    assert!(!outcome.stdout.contains("postgres://"));
    for (path, (bytes, _)) in contents(&walkthrough.home()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("postgres://"), "{}", path.display());
    }
    assert_eq!(fs::read_dir(walkthrough.home_file("wallets")).unwrap().count(), 0);
}

#[test]
fn a_kept_home_is_continued_on_its_server_and_nowhere_else() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let on_server = ["--quiet", "--wallet", &databases.url];
    walkthrough.run_at_home(&[&on_server[..], &["--until", "2"]].concat()).succeeded();

    let elsewhere = walkthrough.run_at_home(&["step", "3"]);
    elsewhere.failed(2, &["stored in PostgreSQL", "run with --wallet and the server's URL"]);

    walkthrough.run_at_home(&on_server).succeeded();
    assert_eq!(databases.there(), ["issuer_wallet", "prover_wallet"], "kept");
    walkthrough.run_at_home(&[&["step", "5", "--clean"], &on_server[..]].concat()).succeeded();
    assert!(databases.there().is_empty());
    let gone = walkthrough.run_at_home(&[&["step", "3"], &on_server[..]].concat());
    gone.failed(2, &["the wallet `prover_wallet`", "is gone"]);
}

#[test]
fn a_home_of_files_is_not_continued_on_a_server() {
    let walkthrough = Walkthrough::after_step(2);
    let outcome = walkthrough.run_at_home(&["step", "3", "--wallet", "postgres://127.0.0.1:1"]);
    outcome.failed(2, &["stored in SQLite files", "run with no --wallet"]);
}

#[test]
fn after_a_kill_the_next_run_uses_what_is_on_the_server() {
    for action in ["3", "11b", "13", "17"] {
        let walkthrough = Walkthrough::new();
        let Some(databases) = Databases::new(&walkthrough) else {
            return;
        };
        let mut program = walkthrough.program();
        program.args(["--json", "--wallet", &databases.url]);
        let mut running = Running::start(program);
        read_up_to(&mut running, action);
        running.child.kill().unwrap();
        running.child.wait().unwrap();

        let outcome = walkthrough.run(&["--json", "--wallet", &databases.url]).succeeded();
        assert_eq!(outcome.last_line()["verdict"], "verified");
        assert!(databases.there().is_empty());
    }
}

#[test]
fn a_credential_of_ones_own_is_issued_and_proved_on_a_server() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let write = |name: &str, json: serde_json::Value| {
        fs::write(walkthrough.path(name), json.to_string()).unwrap();
    };
    write(
        "schema.json",
        json!({"name": "own", "version": "1.0", "attributes": ["age", "height", "name", "sex"]}),
    );
    write("values.json", json!({"age": 44, "height": 170, "name": "Ann", "sex": "female"}));
    let at_server = |arguments: &[&str]| {
        walkthrough.run_at_home(&[arguments, &["--wallet", &databases.url]].concat()).succeeded()
    };
    let key = ["--prepared-key", keys::GVT_PATH];
    let issue = ["issue", "--schema", "schema.json", "--values", "values.json"];
    at_server(&[&issue[..], &key].concat());
    let request = ["request", "new", "--predicate", "age >= 44", "--output", "request.json"];
    walkthrough.run(&request).succeeded();
    at_server(&["prove", "request.json", "--output", "proof.json", "--yes"]);
    walkthrough.run(&["verify", "proof.json"]).succeeded();
}

#[test]
fn an_import_to_a_server_is_resumed_after_a_kill() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let at_server = |arguments: &[&str]| {
        walkthrough.run_at_home(&[arguments, &["--json", "--wallet", &databases.url]].concat())
    };
    let all = lines(7_000, "44");
    fs::write(walkthrough.path("import.jsonl"), &all).unwrap();
    let mut program = walkthrough.program_with(&["wallet", "import", "-", "--quiet"]);
    program.args(["--wallet", &databases.url, "--home"]).arg(walkthrough.home());
    let mut running = program.stdin(Stdio::piped()).spawn().unwrap();
    // as in the test of a wallet in a file: by then the first batch of 2,000 is stored
    let until = all.match_indices('\n').nth(6_400).unwrap().0;
    let input = running.stdin.as_mut().unwrap();
    input.write_all(&all.as_bytes()[..until]).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();

    let report = at_server(&["wallet", "import", "import.jsonl"]).succeeded().last_line();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("imported") + count("skipped"), 7_000);
    assert!(count("skipped") >= 2_000, "{report}");

    let request = json!({"nonce": "1", "name": "n", "version": "1.0",
        "requested_attributes": {"who": {"name": "name"}},
        "requested_predicates": {"older": {"name": "age", "p_type": ">", "p_value": 44}}});
    fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
    let found = at_server(&["search", "request.json", "--explain", "--page", "2"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    let [who, older, _] = &found.lines()[..] else { panic!("{found:?}") };
    assert_eq!(who["more"], true);
    let ids = who["candidates"].as_array().unwrap().iter();
    let ids: Vec<_> = ids.map(|found| found["cred_info"]["referent"].clone()).collect();
    let expected = (20..40).map(|number| json!(format!("44-{number}")));
    assert_eq!(ids, expected.collect::<Vec<_>>());
    assert_eq!(older["count"], 0);
    assert_eq!(older["classes"][0]["credentials"][0]["excluded"]["by"], 1);

    let printed = at_server(&["wallet", "rebuild"]).succeeded();
    assert_eq!(printed.lines()[0], json!({"format": 1, "classes": 1}));
}

#[test]
fn what_a_wallet_on_a_server_holds_is_moved_like_that_of_a_file() {
    let walkthrough = Walkthrough::new();
    let Some(databases) = Databases::new(&walkthrough) else {
        return;
    };
    let server = ["--wallet", &databases.url, "--json"];
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers/wallets/fixtures");
    fs::write(walkthrough.path("key"), "TEST KEY of the fixtures").unwrap();
    fs::write(walkthrough.path("phrase"), "correct horse").unwrap();
    let store = format!("{fixtures}/acapy-askar.db");
    let import = [&["wallet", "import", &store, "--askar-key-file", "key"], &server[..]].concat();
    let imported = walkthrough.run_at_home(&import).succeeded().last_line();
    let held = json!({"credentials": 2, "link_secrets": 1, "dids": 1});
    assert_eq!(imported["after"], held);
    let old = format!("{fixtures}/libindy-argon2i-int.db");
    let old = ["wallet", "import-libindy", &old, "--key-file", "key", "--kdf", "argon2i-int"];
    walkthrough.run_at_home(&[&old[..], &server].concat()).succeeded();

    let export = ["wallet", "export", "out.age", "--passphrase-file", "phrase", "--link-secret"];
    let export = [&export[..], &["main", "--link-secret", "default"], &server[..]].concat();
    let exported = walkthrough.run_at_home(&export).succeeded().last_line();
    assert_eq!((&exported["credentials"], &exported["link_secrets"]), (&json!(4), &json!(2)));
    let arguments = ["wallet", "import", "out.age", "--passphrase-file", "phrase", "--json"];
    let into_file = walkthrough.run(&[&arguments[..], &["--home", "file"]].concat()).succeeded();
    assert_eq!(into_file.last_line()["after"]["credentials"], 4);

    // the wallet on the server is an Askar store like another program's
    fs::write(walkthrough.path("key"), "prover_wallet_key").unwrap();
    let url = format!("{}_prover_wallet", databases.url);
    let arguments = ["wallet", "import", &url, "--askar-key-file", "key", "--json", "--home", "2"];
    let from_server = walkthrough.run(&arguments).succeeded().last_line();
    assert_eq!(from_server["after"], json!({"credentials": 4, "link_secrets": 2, "dids": 1}));
    fs::write(walkthrough.path("key"), "another key").unwrap();
    let wrong = walkthrough.run(&arguments).failed(2, &["the key does not open"]);
    assert!(!wrong.stderr.contains("postgres:postgres@"), "{}", wrong.stderr);

    let shown = ["wallet", "show", "askar-0"];
    walkthrough.run_at_home(&[&shown[..], &server].concat()).succeeded();
    let delete = ["wallet", "delete", "askar-0", "--yes"];
    walkthrough.run_at_home(&[&delete[..], &server].concat()).succeeded();
    let listed = walkthrough.run_at_home(&[&["wallet", "list"], &server[..]].concat()).succeeded();
    assert_eq!(listed.last_line()["credentials"], 3);
}
