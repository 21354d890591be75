//! What it costs to verify the draft's credit-card response: four criteria, six payslips, some fifty signatures.
//!
//! ```console
//! $ cargo bench -p negotiate-exchange --bench verify
//! ```
//!
//! It prints the median time of one verification, and of its parts; and how many responses a second
//! are verified and recorded in a file, each for a request of its own, on as many threads as there
//! are processors. The times of parts are processor time, which other programs on the machine
//! disturb less.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark may stop at the first error"
)]

extern crate negotiate_exchange as exchange;

#[path = "../tests/credit_card/mod.rs"]
mod credit_card;

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;
use credit_card::{bytes, now, resolver};
use exchange::{
    message::{Mode, ProofRequest, ProofResponse, Received, claim_document, read_document},
    signature::{self, Contexts, Covers},
    verifier::{AcceptedFile, AcceptedOnce, ExchangeVerifier, REQUEST_IDS},
};
use serde_json::Value;

const ROUNDS: usize = 201;
const REQUESTS: usize = 1000;

#[tokio::main]
async fn main() {
    let request = credit_card::request().await;
    let response = bytes(&credit_card::response(&request).await);
    println!("A response of {} bytes.\n", response.len());

    let verifier = ExchangeVerifier::new(resolver());
    let mut times = Vec::with_capacity(ROUNDS);
    let mut processor_times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (start, processor) = (Instant::now(), ProcessTime::now());
        let verdict = verifier.explain(&request, &response, now()).await;
        times.push(start.elapsed());
        processor_times.push(processor.elapsed());
        assert!(verdict.verified(), "{verdict}");
    }
    let one = median(times);
    let target = Duration::from_millis(10);
    println!("one verification    {one:>10.3?}  (at most {target:?}: {})", one <= target);
    println!("  processor time    {:>10.3?}", median(processor_times));
    measure_parts(&response);
    measure_many().await;
}

fn measure_parts(response: &[u8]) {
    let document = read_document(response).unwrap();
    let text = || black_box(read_document(response).unwrap());
    println!("  JSON text         {:>10.3?}", time(|| drop(text())));
    let shape = || Received::<ProofResponse>::of(document.clone(), Mode::Usual).unwrap();
    println!("  schema and rules  {:>10.3?}", time(|| drop(black_box(shape()))));
    let mut unsigned = document.clone();
    let proof = unsigned.as_object_mut().unwrap().remove("proof").unwrap();
    let key = credit_card::key(credit_card::HOLDER, "key-1").public_key();
    let contexts = Contexts::new();
    let verify = || {
        signature::verify(&unsigned, Covers::Message, &proof[0], &key, &contexts).unwrap();
    };
    println!("  its own signature {:>10.3?}", time(verify));
    let canonical = || drop(black_box(signature::canonical_json(&unsigned).unwrap()));
    println!("  of which JCS      {:>10.3?}", time(canonical));
    let credential = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";
    let credential = document.pointer(credential).unwrap();
    let proof = &credential["credentialSubjects"][0]["proof"][0];
    let key = credit_card::key(credit_card::MAIL, "key-1").public_key();
    let verify = || {
        let claim = claim_document(credential, 0).unwrap();
        signature::verify(&claim, Covers::Claim, proof, &key, &contexts).unwrap();
    };
    println!("  one attribute's   {:>10.3?}", time(verify));
}

/// Many responses at the same time, each to a request of its own.
async fn measure_many() {
    let mut pairs: Vec<(Received<ProofRequest>, Vec<u8>)> = Vec::new();
    let unsigned = credit_card::unsigned_request();
    let answer = credit_card::unsigned_response(&credit_card::request().await).await;
    for number in 0..REQUESTS {
        let id = format!("eedeec15-c364-4e4c-b7a7-{number:012}");
        let (mut asked, mut answer) = (unsigned.clone(), answer.clone());
        asked["id"] = Value::from(&*id);
        answer["proofRequestId"] = id.into();
        let request = credit_card::signed_request(asked).await;
        credit_card::sign(&mut answer).await;
        pairs.push((request, bytes(&answer)));
    }
    let directory = tempfile::tempdir().unwrap();
    let answers = AcceptedFile::open(&directory.path().join("answered.txt"), REQUEST_IDS);
    let answers: Arc<dyn AcceptedOnce> = Arc::new(answers.unwrap());
    let verifier = ExchangeVerifier::new(resolver());
    let (start, processor) = (Instant::now(), ProcessTime::now());
    let mut tasks = tokio::task::JoinSet::new();
    let pairs = Arc::new(pairs);
    for worker in 0..16 {
        let (verifier, pairs, answers) = (verifier.clone(), Arc::clone(&pairs), answers.clone());
        tasks.spawn(async move {
            for (request, response) in pairs.iter().skip(worker).step_by(16) {
                let verdict = verifier.explain_once(request, response, now(), &answers);
                let verdict = verdict.await.unwrap();
                assert!(verdict.verified(), "{verdict}");
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let each = start.elapsed().as_secs_f64() / REQUESTS as f64;
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\nverified and remembered: {:.0} a second on {processors} processors, {:.3?} of processor time each",
        1.0 / each,
        processor.elapsed() / REQUESTS as u32,
    );
}

fn time(mut work: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = ProcessTime::now();
        work();
        start.elapsed()
    });
    median(times.collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
