//! How long a search takes in wallets of several sizes.
//!
//! ```console
//! $ cargo bench -p indy --bench search
//! $ SEARCH_SIZES=1000000 SEARCH_CLASSES=1000 cargo bench -p indy --bench search
//! ```
//!
//! For each size two wallets are made (SQLite, all tags encrypted): one of a thousand classes, by a
//! hundred issuers, and one of a single class. `SEARCH_WALLET=postgres://...` takes a PostgreSQL server instead.
//! Each query shape is opened and its first page of twenty candidates fetched, decrypted, thirty
//! times; then pages from the middle of its candidates. Beside it stands what a scan of the whole
//! wallet takes, as Askar does it.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark may stop at the first error"
)]

use std::{
    fmt::Write as _,
    io::Cursor,
    time::{Duration, Instant},
};

use aries_askar::Store;
use indy::{
    anoncreds::{
        ProofRequest, prover_fetch_credentials_for_proof_req,
        prover_search_credentials_for_proof_req,
    },
    wallet::{
        Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet,
        delete_wallet, generate_wallet_key, import_credentials, open_wallet,
    },
};
use serde_json::{Value, json};
use synthetic::{Mint, Synthetic};

#[path = "../tests/support/synthetic.rs"]
mod synthetic;

const ISSUERS: u64 = 100;
const CLASSES: u64 = 1_000;
const PAGE: usize = 20;
const SAMPLES: usize = 30;
/// The middle of more candidates than twice this many is not walked to.
const FARTHEST: usize = 50_000;

#[tokio::main]
async fn main() {
    let kinds = [("a thousand classes", CLASSES), ("one class", 1)];
    // the one kind that is asked for, or both
    let only = std::env::var("SEARCH_CLASSES").ok();
    let kinds = kinds.into_iter().filter(|(_, classes)| {
        only.as_ref()
            .is_none_or(|only| *only == classes.to_string())
    });
    let sizes = std::env::var("SEARCH_SIZES").unwrap_or("1000,10000,100000".to_owned());
    let mint = Mint::new();
    println!("first page of {PAGE} / page in the middle, median and p95 in milliseconds\n");
    for size in sizes.split(',') {
        let size: u64 = size.trim().parse().unwrap();
        for (name, classes) in kinds.clone() {
            let place = Place::new();
            let (wallet, imported) = place.fill(&mint, size, classes).await;
            println!("{size} credentials, {name}: imported at {imported:.0} a second");
            for (shape, request) in shapes(size, classes) {
                report(&wallet, shape, &request).await;
            }
            close_wallet(wallet).await.unwrap();
            if let Some(scan) = place.scan().await {
                println!(
                    "  {:<42} {:>9.0}",
                    "(a scan of the whole wallet)",
                    millis(scan)
                );
            }
            println!();
            place.remove().await;
        }
    }
}

/// The query shapes, each with one referent but for the tutorial's own.
fn shapes(size: u64, classes: u64) -> Vec<(&'static str, ProofRequest)> {
    let class = classes / 2;
    let member = size / 2 / classes * classes + class;
    let one = |name: Value| ask(json!({ "r": name }), json!({}));
    let name = |number: u64| json!(format!("holder {number}"));
    let restricted =
        |restrictions: Value| one(json!({"name": "name", "restrictions": restrictions}));
    let issuers: Vec<String> = (0..10).map(|number| did(number * 7 % ISSUERS)).collect();
    let names: Vec<Value> = (0..10)
        .map(|number| json!({"attr::name::value": name(size / 11 * number)}))
        .collect();
    vec![
        (
            "one value",
            restricted(json!({"attr::name::value": name(member)})),
        ),
        (
            "a value that one in fifty has",
            restricted(json!({"attr::height::value": "163"})),
        ),
        (
            "class of a thousand",
            restricted(json!({"cred_def_id": cred_def_id(class)})),
        ),
        (
            "class and value",
            restricted(
                json!({"cred_def_id": cred_def_id(class), "attr::name::value": name(member)}),
            ),
        ),
        (
            "$in of ten issuers",
            restricted(json!({"issuer_did": {"$in": issuers}})),
        ),
        ("$or of ten values", restricted(json!({ "$or": names }))),
        (
            "group of three names",
            one(json!({"names": ["name", "age", "height"]})),
        ),
        ("everything matches", one(json!({"name": "name"}))),
        (
            "no match",
            restricted(json!({"attr::name::value": "nobody"})),
        ),
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

async fn report(wallet: &Wallet, shape: &str, request: &ProofRequest) {
    let mut first = Vec::new();
    let mut found = 0;
    for _ in 0..SAMPLES {
        let begun = Instant::now();
        let mut search = prover_search_credentials_for_proof_req(wallet, request, None)
            .await
            .unwrap();
        found = 0;
        for referent in referents(request) {
            let page = prover_fetch_credentials_for_proof_req(&mut search, referent, PAGE).await;
            found += page.unwrap().len();
        }
        first.push(begun.elapsed());
    }
    let middle = middle_pages(wallet, request).await;
    let mut line = format!(
        "  {shape:<32} {found:>3} found {:>9.2} {:>7.2}",
        median(&first),
        p95(&first)
    );
    if !middle.is_empty() {
        write!(line, " / {:>7.2} {:>7.2}", median(&middle), p95(&middle)).unwrap();
    }
    println!("{line}");
}

/// What pages from the middle of the first referent's candidates take; none if there are few.
async fn middle_pages(wallet: &Wallet, request: &ProofRequest) -> Vec<Duration> {
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None)
        .await
        .unwrap();
    let referent = referents(request)[0];
    let all = prover_fetch_credentials_for_proof_req(&mut search, referent, 2 * FARTHEST).await;
    let half = all.unwrap().len() / 2;
    let mut search = prover_search_credentials_for_proof_req(wallet, request, None)
        .await
        .unwrap();
    let passed = prover_fetch_credentials_for_proof_req(&mut search, referent, half)
        .await
        .unwrap();
    let mut pages = Vec::new();
    while pages.len() < SAMPLES && passed.len() > SAMPLES * PAGE {
        let begun = Instant::now();
        let page = prover_fetch_credentials_for_proof_req(&mut search, referent, PAGE).await;
        if page.unwrap().len() < PAGE {
            break;
        }
        pages.push(begun.elapsed());
    }
    pages
}

fn referents(request: &ProofRequest) -> Vec<&String> {
    let attributes = request.requested_attributes.keys();
    attributes
        .chain(request.requested_predicates.keys())
        .collect()
}

/// Where a wallet of the benchmark is.
struct Place {
    directory: tempfile::TempDir,
    config: WalletConfig,
    key: String,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = match std::env::var("SEARCH_WALLET") {
            Ok(url) => WalletStorage::Postgres { url },
            Err(_) => WalletStorage::Sqlite {
                directory: directory.path().to_owned(),
            },
        };
        Self {
            directory,
            config: WalletConfig {
                id: format!("search_{}", std::process::id()),
                storage,
            },
            key: generate_wallet_key().unwrap().as_str().to_owned(),
        }
    }

    fn credentials(&self) -> WalletCredentials {
        WalletCredentials::raw(&self.key)
    }

    /// A wallet with so many credentials; also how many were imported a second.
    async fn fill(&self, mint: &Mint, size: u64, classes: u64) -> (Wallet, f64) {
        create_wallet(&self.config, &self.credentials())
            .await
            .unwrap();
        let wallet = open_wallet(&self.config, &self.credentials())
            .await
            .unwrap();
        let mut seconds = 0.0;
        for from in (0..size).step_by(10_000) {
            let mut lines = String::new();
            for number in from..size.min(from + 10_000) {
                let line = mint.line(&number.to_string(), &credential(number, classes));
                writeln!(lines, "{line}").unwrap();
            }
            let begun = Instant::now();
            import_credentials(&wallet, Cursor::new(lines), |_| {})
                .await
                .unwrap();
            seconds += begun.elapsed().as_secs_f64();
        }
        (wallet, size as f64 / seconds)
    }

    /// How long Askar takes to read and decrypt all of it.
    async fn scan(&self) -> Option<Duration> {
        let WalletStorage::Sqlite { .. } = self.config.storage else {
            return None;
        };
        let file = self
            .directory
            .path()
            .join(format!("{}.sqlite", self.config.id));
        let url = format!("sqlite://{}", file.display());
        let store = Store::open(&url, None, self.key.as_str().into(), None)
            .await
            .unwrap();
        let begun = Instant::now();
        let category = Some("credential".to_owned());
        let mut scan = store
            .scan(None, category, None, None, None, None, false)
            .await
            .unwrap();
        while scan.fetch_next().await.unwrap().is_some() {}
        let elapsed = begun.elapsed();
        drop(scan);
        store.close().await.unwrap();
        Some(elapsed)
    }

    async fn remove(&self) {
        delete_wallet(&self.config, &self.credentials())
            .await
            .unwrap();
    }
}

/// The number-th credential of the wallet.
fn credential(number: u64, classes: u64) -> Synthetic {
    let class = number % classes;
    let value = |name: &str, value: String| (name.to_owned(), value);
    Synthetic {
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
    // base58 has neither 0 nor l; four letters of it tell a hundred issuers apart
    let digit = |value: u64| char::from(b'1' + value as u8 % 9);
    format!(
        "Th7MpTaRZVRYnPiabd{}{}{}",
        digit(issuer / 81),
        digit(issuer / 9),
        digit(issuer)
    ) + "Y"
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
