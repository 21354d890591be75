//! How long it takes to find the first candidates for a request in a large wallet.
//!
//! ```console
//! $ cargo bench -p negotiate-exchange --bench matching
//! $ MATCHING_SIZE=1000000 cargo bench -p negotiate-exchange --bench matching
//! ```
//!
//! The request is the draft's credit-card application, with its four criteria. The wallet (SQLite,
//! all tags encrypted; a PostgreSQL server with `MATCHING_WALLET=postgres://...`) holds 100,000
//! credentials: half of them answer a criterion, the others miss it by their issuer, their schema,
//! their type or an attribute. All have the text of one real signature, because the search does not
//! verify signatures.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may stop at the first error")]

extern crate negotiate_exchange as exchange;

use std::{
    fmt::Write as _,
    io::Cursor,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use exchange::{
    did::Did,
    holder::{import, search},
    id::RandomIds,
    issuer::{NewCredential, issue},
    key::MemorySigner,
    message::{CredentialKind, Mode, ProofRequest, Received},
    signature::{Contexts, KeyMember, ProofType},
};
use serde_json::{Value, json};
use wallet::{
    Wallet, WalletConfig, WalletCredentials, WalletStorage, close_wallet, create_wallet,
    delete_wallet, generate_wallet_key, open_wallet,
};

const SAMPLES: usize = 51;

/// The median for the four criteria should be at most this, in milliseconds.
const TARGET: f64 = 50.0;

const HOLDER: &str = "did:work:93kmikE6QnaaNSpA3Fp8Sm";

#[tokio::main]
async fn main() {
    let size = std::env::var("MATCHING_SIZE").unwrap_or("100000".to_owned());
    let size: u64 = size.parse().unwrap();
    let storage = Storage::new();
    let begun = Instant::now();
    let wallet = storage.fill(size).await;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{size} credentials, stored at {:.0} a second\n", size as f64 / seconds);
    println!("first candidates, median and p95 in milliseconds");
    let whole = report(&wallet, "the draft's four criteria", &request(|_| ())).await;
    for (number, name) in
        ["email", "date of birth", "billing address", "payslips"].into_iter().enumerate()
    {
        let one = request(|criteria| *criteria = json!([criteria[number]]));
        report(&wallet, &format!("  {name} alone"), &one).await;
    }
    let none = request(|criteria| {
        for criterion in criteria.as_array_mut().unwrap() {
            criterion["issuers"]["dids"] = json!(["did:work:unknown"]);
        }
    });
    report(&wallet, "no issuer accepted, and why", &none).await;
    let lacking = request(|criteria| {
        for criterion in criteria.as_array_mut().unwrap() {
            let properties = criterion["properties"].as_array_mut().unwrap();
            properties.push(json!({"name": "shoeSize", "required": true}));
        }
    });
    report(&wallet, "no required attribute, and why", &lacking).await;
    let later = "2032-01-01T00:00:00Z".parse().unwrap();
    report_at(&wallet, "all licences expired, and why", &request(|_| ()), later).await;
    close_wallet(wallet).await.unwrap();
    storage.remove().await;
    let verdict = if whole <= TARGET { "met" } else { "MISSED" };
    println!("\nthe target of {TARGET} ms for the four criteria is {verdict}: {whole:.2} ms");
}

/// Returns the credit-card application with other criteria.
fn request(alter: impl FnOnce(&mut Value)) -> Received<ProofRequest> {
    let mut criteria: Value =
        serde_json::from_str(include_str!("../tests/credit_card/credit-card-criteria.json"))
            .unwrap();
    alter(&mut criteria);
    let document = json!({
        "id": "eedeec15-c364-4e4c-b7a7-871413e412f9",
        "proofURL": "https://example.com/v1/proof-response",
        "proofRequest": {
            "criteria": criteria,
            "description": "Credit card application information",
            "verifier": "did:work:WrgHL2icHVN8vwZtY9YmjY",
        },
    });
    Received::of(document, Mode::Usual).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

async fn report(wallet: &Wallet, what: &str, request: &Received<ProofRequest>) -> f64 {
    report_at(wallet, what, request, now()).await
}

/// Prints and returns the median.
async fn report_at(
    wallet: &Wallet,
    what: &str,
    request: &Received<ProofRequest>,
    now: DateTime<Utc>,
) -> f64 {
    let holder: Did = HOLDER.parse().unwrap();
    let mut samples = Vec::with_capacity(SAMPLES);
    let mut candidates = Vec::new();
    for _ in 0..SAMPLES {
        let begun = Instant::now();
        let found = search(wallet, request.message(), Some(&holder), now).await.unwrap();
        samples.push(begun.elapsed());
        candidates = found.iter().map(|found| found.candidates.len()).collect();
    }
    samples.sort();
    let median = millis(samples[SAMPLES / 2]);
    let p95 = millis(samples[SAMPLES * 95 / 100]);
    println!("  {what:<34} {median:>8.2} {p95:>8.2}   {candidates:?} candidates");
    median
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The wallet that is searched.
struct Storage {
    _directory: tempfile::TempDir,
    config: WalletConfig,
    credentials: WalletCredentials,
}

impl Storage {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = match std::env::var("MATCHING_WALLET") {
            Ok(url) => WalletStorage::Postgres { url },
            Err(_) => WalletStorage::Sqlite { directory: directory.path().to_owned() },
        };
        Self {
            _directory: directory,
            config: WalletConfig { id: format!("matching_{}", std::process::id()), storage },
            credentials: WalletCredentials::raw(generate_wallet_key().unwrap()),
        }
    }

    async fn fill(&self, size: u64) -> Wallet {
        create_wallet(&self.config, &self.credentials).await.unwrap();
        let wallet = open_wallet(&self.config, &self.credentials).await.unwrap();
        let proof = proof().await;
        for from in (0..size).step_by(10_000) {
            let mut lines = String::new();
            for number in from..size.min(from + 10_000) {
                writeln!(lines, "{}", credential(number, &proof)).unwrap();
            }
            let lines = Cursor::new(lines.into_bytes());
            import(&wallet, lines, None, |_| ()).await.unwrap();
        }
        wallet
    }

    async fn remove(&self) {
        delete_wallet(&self.config, &self.credentials).await.unwrap();
    }
}

/// Returns the proof of an attribute of a real credential.
async fn proof() -> Value {
    let new = NewCredential {
        id: None,
        subject: HOLDER.parse().unwrap(),
        kind: CredentialKind::Schema("did:work:x;schema=1".to_owned()),
        issued: now(),
        expires: None,
        attributes: vec![("city".to_owned(), "Dublin".to_owned())],
        proof_type: ProofType::Ed25519VerificationKey2018,
        key_member: KeyMember::Creator,
    };
    let signer = MemorySigner::did_key(&[7; 32]);
    let issued = issue(&new, &signer, &mut RandomIds, &Contexts::new()).await;
    issued.unwrap().document()["credentialSubjects"][0]["proof"].clone()
}

/// Returns the credential of this number.
fn credential(number: u64, proof: &Value) -> Value {
    let criteria: &[(&str, &[&str])] = &[
        ("did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0", &["emailAddress"]),
        ("", &["FirstName", "LastName", "Date Of Birth"]),
        (
            "did:work:3CRANqJJNw2uU3ZxyBBSwX;schema=1333;version=1.0",
            &["city", "country", "postalCode", "street1", "street2"],
        ),
        (
            "did:work:KypRcDbLYAUwaA7nPuP3Tf;schema=1333;version=1.0",
            &["currency", "grossPay", "payPeriodEnd", "payPeriodStart"],
        ),
    ];
    let accepted = [
        "did:work:7SWNtygraxEPqNKhuWpw8f",
        "did:work:2LwMkQadbzQVTGAqUBqWUV",
        "did:work:W4Qi2D1DpBZig513ztvCFC",
        "did:work:EgLY8mysgbLmj542ygMKWo",
    ];
    let which = (number % 4) as usize;
    let (schema, names) = criteria[which];
    let (mut schema, mut names) = (schema.to_owned(), names.to_vec());
    let (mut issuer, mut kind) =
        (accepted[which].to_owned(), "DrivingLicenceCredential".to_owned());
    match number / 4 % 8 {
        4 => issuer = format!("did:work:otherIssuer{}", number % 199),
        5 if schema.is_empty() => kind = format!("Licence{}Credential", number % 499),
        5 => schema = format!("did:work:other;schema={};version=1.0", number % 499),
        6 => names.truncate(names.len() - 2.min(names.len() - 1)),
        7 => {
            issuer = format!("did:work:otherIssuer{}", number % 199);
            schema = format!("did:work:other;schema={};version=1.0", number % 499);
        }
        _ => {}
    }
    let entries = names.iter().map(|name| {
        json!({"id": HOLDER, "key": name, "value": format!("{name} {number}"), "proof": proof})
    });
    let entries: Vec<Value> = entries.collect();
    let (year, day) = (2020 + number % 6, 1 + number / 6 % 28);
    let mut credential = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "credentialSubjects": entries,
        "id": format!("urn:uuid:00000000-0000-4000-8000-{number:012}"),
        "issuanceDate": format!("{year}-03-{day:02}T00:00:00Z"),
        "issuerDid": issuer,
        "type": ["VerifiableCredential"],
    });
    if schema.is_empty() {
        credential["@context"] =
            json!(["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"]);
        credential["type"] = json!(["VerifiableCredential", kind]);
        credential["expirationDate"] = {
            let (year, month) = (2027 + number / 4 % 4, 1 + number / 16 % 12);
            json!(format!("{year}-{month:02}-01T00:00:00Z"))
        };
    } else {
        credential["schemaId"] = json!(schema);
    }
    credential
}
