//! How long a search takes in wallets of several sizes.
//!
//! ```console
//! $ cargo bench -p negotiate-anoncreds --bench search
//! $ SEARCH_SIZES=1000000 SEARCH_CLASSES=1000 cargo bench -p negotiate-anoncreds --bench search
//! ```
//!
//! For each size two wallets are created (SQLite, all tags encrypted): one with a thousand classes
//! by a hundred issuers, and one with a single class. With `SEARCH_WALLET=postgres://...` each of
//! them is also created on that PostgreSQL server, and both databases are asked in turn. For each
//! kind of query, a search is opened and its first page of twenty candidates fetched and decrypted,
//! thirty times; then pages from the middle of its candidates. For comparison, Askar scans the
//! whole wallet.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may stop at the first error")]

use std::{
    fmt::Write as _,
    io::Cursor,
    time::{Duration, Instant},
};

use aries_askar::Store;
use negotiate_anoncreds::{
    ProofRequest, import_credentials, prover_fetch_credentials_for_proof_req,
    prover_search_credentials_for_proof_req,
};
use serde_json::{Value, json};
use test_support::{synthetic::SyntheticCredential, wallets::TestWallet};
use wallet::{Wallet, WalletStorage};

const ISSUERS: u64 = 100;
const CLASSES: u64 = 1_000;
const PAGE: usize = 20;
const SAMPLES: usize = 30;
/// Pages are fetched from the middle of the candidates, but not after more candidates than this.
const MAX_SKIPPED: usize = 50_000;

#[tokio::main]
async fn main() {
    let kinds = [("a thousand classes", CLASSES), ("one class", 1)];
    // one kind if it is named, otherwise both
    let only = std::env::var("SEARCH_CLASSES").ok();
    let kinds = kinds
        .into_iter()
        .filter(|(_, classes)| only.as_ref().is_none_or(|only| *only == classes.to_string()));
    let sizes = std::env::var("SEARCH_SIZES").unwrap_or("1000,10000,100000".to_owned());
    println!(
        "for each database: first page of {PAGE} / page in the middle, median and p95 in ms\n"
    );
    for size in sizes.split(',') {
        let size: u64 = size.trim().parse().unwrap();
        for (name, classes) in kinds.clone() {
            println!("{size} credentials, {name}");
            let mut tests = Vec::new();
            let mut wallets = Vec::new();
            for (database, test) in databases() {
                let (wallet, imported) = fill(&test, size, classes).await;
                println!("  {database}: imported at {imported:.0} a second");
                tests.push(test);
                wallets.push(wallet);
            }
            for (shape, request) in shapes(size, classes) {
                report(&wallets, shape, &request).await;
            }
            let scan = scan(&tests[0]).await;
            println!("  {:<42} {:>9.0}\n", "(a scan of the whole wallet in SQLite)", millis(scan));
            for (test, wallet) in tests.into_iter().zip(wallets) {
                test.delete(wallet).await;
            }
        }
    }
}

/// The kinds of queries, each with one referent except the tutorial's own.
fn shapes(size: u64, classes: u64) -> Vec<(&'static str, ProofRequest)> {
    let class = classes / 2;
    let member = size / 2 / classes * classes + class;
    let one = |name: Value| ask(json!({ "r": name }), json!({}));
    let name = |number: u64| json!(format!("holder {number}"));
    let restricted =
        |restrictions: Value| one(json!({"name": "name", "restrictions": restrictions}));
    let issuers: Vec<String> = (0..10).map(|number| did(number * 7 % ISSUERS)).collect();
    let names: Vec<Value> =
        (0..10).map(|number| json!({"attr::name::value": name(size / 11 * number)})).collect();
    vec![
        ("one value", restricted(json!({"attr::name::value": name(member)}))),
        ("a value that one in fifty has", restricted(json!({"attr::height::value": "163"}))),
        ("one class", restricted(json!({"cred_def_id": cred_def_id(class)}))),
        (
            "class and value",
            restricted(
                json!({"cred_def_id": cred_def_id(class), "attr::name::value": name(member)}),
            ),
        ),
        ("$in of ten issuers", restricted(json!({"issuer_did": {"$in": issuers}}))),
        ("$or of ten values", restricted(json!({ "$or": names }))),
        ("group of three names", one(json!({"names": ["name", "age", "height"]}))),
        ("everything matches", one(json!({"name": "name"}))),
        ("no match", restricted(json!({"attr::name::value": "no such holder"}))),
        (
            "the tutorial's own request",
            ask(
                json!({"r": {"name": "name", "restrictions":
                    {"issuer_did": did(class % ISSUERS), "schema_id": schema_id(class)}}}),
                json!({"p": {"name": "age", "p_type": ">=", "p_value": 18, "restrictions":
                    {"issuer_did": did(class % ISSUERS)}}}),
            ),
        ),
    ]
}

fn ask(attributes: Value, predicates: Value) -> ProofRequest {
    ProofRequest::from_value(&json!({
        "nonce": "1", "name": "benchmark", "version": "1.0",
        "requested_attributes": attributes, "requested_predicates": predicates,
    }))
    .unwrap()
}

async fn report(wallets: &[Wallet], shape: &str, request: &ProofRequest) {
    let mut first = vec![Vec::new(); wallets.len()];
    let mut found = 0;
    for _ in 0..SAMPLES {
        for (wallet, first) in wallets.iter().zip(&mut first) {
            let start = Instant::now();
            let mut search =
                prover_search_credentials_for_proof_req(wallet, request, None).await.unwrap();
            found = 0;
            for referent in referents(request) {
                let page = prover_fetch_credentials_for_proof_req(&mut search, referent, PAGE);
                found += page.await.unwrap().len();
            }
            first.push(start.elapsed());
        }
    }
    let mut line = format!("  {shape:<32} {found:>3} found");
    for (wallet, first) in wallets.iter().zip(&first) {
        write!(line, " | {:>7.2} {:>7.2}", median(first), p95(first)).unwrap();
        let middle = middle_pages(wallet, request).await;
        match middle.is_empty() {
            true => write!(line, "{:18}", "").unwrap(),
            false => write!(line, " / {:>7.2} {:>7.2}", median(&middle), p95(&middle)).unwrap(),
        }
    }
    println!("{}", line.trim_end());
}

/// Fetches pages from the middle of the first referent's candidates, and returns how long each
/// takes; none if there are few candidates.
async fn middle_pages(wallet: &Wallet, request: &ProofRequest) -> Vec<Duration> {
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None).await.unwrap();
    let referent = referents(request)[0];
    let all = prover_fetch_credentials_for_proof_req(&mut search, referent, 2 * MAX_SKIPPED).await;
    let half = all.unwrap().len() / 2;
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None).await.unwrap();
    let passed = prover_fetch_credentials_for_proof_req(&mut search, referent, half).await.unwrap();
    let mut pages = Vec::new();
    while pages.len() < SAMPLES && passed.len() > SAMPLES * PAGE {
        let start = Instant::now();
        let page = prover_fetch_credentials_for_proof_req(&mut search, referent, PAGE).await;
        if page.unwrap().len() < PAGE {
            break;
        }
        pages.push(start.elapsed());
    }
    pages
}

fn referents(request: &ProofRequest) -> Vec<&String> {
    let attributes = request.requested_attributes.keys();
    attributes.chain(request.requested_predicates.keys()).collect()
}

/// The wallets of the benchmark: in a temporary directory, and on the server that `SEARCH_WALLET`
/// names.
fn databases() -> Vec<(&'static str, TestWallet)> {
    let mut databases = vec![("SQLite", TestWallet::sqlite())];
    if let Ok(url) = std::env::var("SEARCH_WALLET") {
        let mut test = TestWallet::sqlite();
        test.config.id = format!("search_{}", std::process::id());
        test.config.storage = WalletStorage::Postgres { url };
        databases.push(("PostgreSQL", test));
    }
    databases
}

/// Creates the wallet with this number of credentials; also returns how many were imported in a
/// second.
async fn fill(test: &TestWallet, size: u64, classes: u64) -> (Wallet, f64) {
    let wallet = test.create().await;
    let mut seconds = 0.0;
    for from in (0..size).step_by(10_000) {
        let mut lines = String::new();
        for number in from..size.min(from + 10_000) {
            let line = credential(number, classes).line(&number.to_string());
            writeln!(lines, "{line}").unwrap();
        }
        let start = Instant::now();
        import_credentials(&wallet, Cursor::new(lines), |_| {}).await.unwrap();
        seconds += start.elapsed().as_secs_f64();
    }
    (wallet, size as f64 / seconds)
}

/// How long Askar takes to read and decrypt the whole wallet, an SQLite file.
async fn scan(test: &TestWallet) -> Duration {
    let WalletStorage::Sqlite { directory } = &test.config.storage else {
        unreachable!("the first wallet is a file");
    };
    let file = directory.join(format!("{}.sqlite", test.config.id));
    let url = format!("sqlite://{}", file.display());
    let store = Store::open(&url, None, test.key.as_str().into(), None).await.unwrap();
    let start = Instant::now();
    let category = Some("credential".to_owned());
    let mut scan = store.scan(None, category, None, None, None, None, false).await.unwrap();
    while scan.fetch_next().await.unwrap().is_some() {}
    let elapsed = start.elapsed();
    drop(scan);
    store.close().await.unwrap();
    elapsed
}

/// The credential with this number.
fn credential(number: u64, classes: u64) -> SyntheticCredential {
    let class = number % classes;
    let value = |name: &str, value: String| (name.to_owned(), value);
    SyntheticCredential {
        schema_id: schema_id(class),
        cred_def_id: cred_def_id(class),
        rev_reg_id: None,
        values: vec![
            value("name", format!("holder {number}")),
            value("age", (10 + number / 3 % 70).to_string()),
            value("height", (150 + number / 7 % 50).to_string()),
            value("sex", ["male", "female"][number as usize % 2].to_owned()),
        ],
    }
}

fn did(issuer: u64) -> String {
    // the digits of base58 exclude 0; three of them distinguish the issuers
    let digit = |value: u64| char::from(b'1' + value as u8 % 9);
    format!("Th7MpTaRZVRYnPiabd{}{}{}", digit(issuer / 81), digit(issuer / 9), digit(issuer)) + "Y"
}

fn schema_id(class: u64) -> String {
    format!("{}:2:benchmark {class}:1.0", did(class % ISSUERS))
}

fn cred_def_id(class: u64) -> String {
    format!("{}:3:CL:{}:TAG", did(class % ISSUERS), 100 + class)
}

fn median(samples: &[Duration]) -> f64 {
    quantile(samples, 0.5)
}

fn p95(samples: &[Duration]) -> f64 {
    quantile(samples, 0.95)
}

fn quantile(samples: &[Duration], at: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort();
    millis(sorted[((sorted.len() - 1) as f64 * at).round() as usize])
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
