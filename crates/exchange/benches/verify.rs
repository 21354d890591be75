//! What it costs to verify the draft's credit-card response: four criteria, six payslips, some
//! fifty signatures.
//!
//! ```console
//! $ cargo bench -p negotiate-exchange --bench verify
//! ```
//!
//! First, how many times as long it takes as its signatures verified one by one, with the fastest
//! verification at hand and of bytes that are there already; in JSON and in JSON-LD, in turns,
//! quartiles of many rounds. Then the median time of one verification, and of its parts; and how
//! many responses a second are verified and recorded in a file, each for a request of its own, on
//! as many threads as there are processors. The times of parts are processor time, which other
//! programs on the machine disturb less.

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
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;
use credit_card::{
    ANSWERED, ASKED, HOLDER, ISSUED, Published, VERIFIER, bytes, key, now, resolver,
};
use ed25519_dalek::{Signature, VerifyingKey};
use exchange::{
    did::{PublicKey, Resolver, document_of},
    key::{MemorySigner, SignError, Signer},
    message::{Mode, ProofRequest, ProofResponse, Received, read_document},
    signature::{self, Contexts, EXCHANGE_CONTEXT, KeyMember, ProofType, SignatureOptions, Signed},
    verifier::{AcceptedFile, AcceptedOnce, ExchangeVerifier, REQUEST_IDS},
};
use serde_json::{Value, json};

const ROUNDS: usize = 201;
const COMPARED: usize = 31;
const REQUESTS: usize = 1000;

#[tokio::main]
async fn main() {
    let request = credit_card::request().await;
    let response = bytes(&credit_card::response(&request).await);
    println!("A response of {} bytes.\n", response.len());
    compare(&request, ProofType::Ed25519VerificationKey2018, 1.9).await;
    let linked = compare(&request, ProofType::Ed25519Signature2018, 40.0).await;

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
    println!("its parts");
    measure_parts(&response);
    println!("the same of {} bytes of JSON-LD", linked.len());
    measure_parts(&linked);
    measure_many().await;
}

/// A signature alone.
struct Single {
    key: VerifyingKey,
    bytes: Vec<u8>,
    signature: Signature,
}

/// Records what it signs.
struct Recorder<'a> {
    signer: MemorySigner,
    singles: &'a Mutex<Vec<Single>>,
}

#[async_trait::async_trait]
impl Signer for Recorder<'_> {
    fn reference(&self) -> &str {
        self.signer.reference()
    }

    fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.signer.sign(message).await?;
        let PublicKey::Ed25519(key) = self.signer.public_key() else { panic!() };
        self.singles.lock().unwrap().push(Single {
            key: VerifyingKey::from_bytes(&key).unwrap(),
            bytes: message.to_vec(),
            signature: Signature::from_slice(&signature).unwrap(),
        });
        Ok(signature)
    }
}

/// Signs everything in a response, and adds the signatures to the list, with that of its request.
async fn signed(
    request: &Value,
    mut response: Value,
    proof_type: ProofType,
    singles: &Mutex<Vec<Single>>,
) -> Value {
    let of_type = async |proof_type, signed: Signed<'_>, did: &str, created: &str| {
        let options = SignatureOptions {
            proof_type,
            created: credit_card::time(created),
            nonce: "8ac448d4-6977-447c-9e58-b24ba2a2b07e".to_owned(),
            key_member: KeyMember::Creator,
        };
        let signer = Recorder { signer: key(did, "key-1"), singles };
        json!([signature::sign(signed, &options, &signer, &contexts()).await.unwrap()])
    };
    let json = ProofType::Ed25519VerificationKey2018;
    of_type(json, Signed::Message(request), VERIFIER, ASKED).await;
    let proof = async |signed: Signed<'_>, did: &str, created: &str| {
        of_type(proof_type, signed, did, created).await
    };
    for answer in response["FulfilledCriteria"].as_array_mut().unwrap() {
        for presentation in answer["Presentations"].as_array_mut().unwrap() {
            for credential in presentation["verifiableCredential"].as_array_mut().unwrap() {
                let issuer = credential["issuerDid"].as_str().unwrap().to_owned();
                for entry in 0..credential["credentialSubjects"].as_array().unwrap().len() {
                    let made = proof(Signed::Claim(credential, entry), &issuer, ISSUED).await;
                    credential["credentialSubjects"][entry]["proof"] = made;
                }
            }
            presentation["proof"] = proof(Signed::Message(presentation), HOLDER, ANSWERED).await;
        }
    }
    response["proof"] = proof(Signed::Message(&response), HOLDER, ANSWERED).await;
    response
}

fn contexts() -> Contexts {
    let mut contexts = Contexts::new();
    let licence = json!({"@context": {
        "@version": 1.1,
        "DrivingLicenceCredential": "https://stateagency.gov/#DrivingLicenceCredential",
    }});
    contexts.add("https://stateagency.gov", licence);
    contexts
}

/// Makes a response, its presentations and its credentials linked data.
fn link(response: &mut Value) {
    fn link_one(part: &mut Value) {
        match part["@context"].as_array_mut() {
            Some(contexts) => contexts.push(json!(EXCHANGE_CONTEXT)),
            None => {
                part["@context"] = json!([signature::CREDENTIALS_CONTEXT, EXCHANGE_CONTEXT]);
                part["type"] = json!(["ProofResponse"]);
            }
        }
        part["id"] = format!("urn:uuid:{}", part["id"].as_str().unwrap()).into();
    }
    link_one(response);
    for answer in response["FulfilledCriteria"].as_array_mut().unwrap() {
        for presentation in answer["Presentations"].as_array_mut().unwrap() {
            link_one(presentation);
            presentation["verifiableCredential"]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(link_one);
        }
    }
}

/// Returns a resolver with the documents of all DIDs that sign.
async fn published(response: &[u8]) -> Arc<dyn Resolver> {
    let response = read_document(response).unwrap();
    let issuers = response["FulfilledCriteria"].as_array().unwrap().iter();
    let issuers = issuers.map(|answer| &answer["Presentations"][0]["verifiableCredential"][0]);
    let issuers = issuers.map(|credential| credential["issuerDid"].as_str().unwrap());
    let mut documents = Vec::new();
    for did in [VERIFIER, HOLDER].into_iter().chain(issuers) {
        let document = resolver().resolve(&did.parse().unwrap()).await.unwrap();
        documents.push(document_of(&document));
    }
    Arc::new(Published::new(&documents))
}

/// Compares a response with its signatures one by one, and returns it.
async fn compare(request: &Received<ProofRequest>, proof_type: ProofType, bar: f64) -> Vec<u8> {
    let singles = Mutex::default();
    let mut response = credit_card::unsigned_response(request).await;
    if proof_type.is_linked() {
        link(&mut response);
    }
    let response = bytes(&signed(request.document(), response, proof_type, &singles).await);
    let singles = singles.into_inner().unwrap();
    let mut verifier = ExchangeVerifier::new(published(&response).await);
    verifier.contexts = contexts();
    let one_by_one = |verify: &dyn Fn(&Single) -> bool| {
        let start = ProcessTime::now();
        assert!(singles.iter().all(verify));
        start.elapsed()
    };
    let mut ratios = Vec::with_capacity(COMPARED);
    let (mut whole, mut alone) = (Vec::new(), Vec::new());
    for round in 0..=COMPARED {
        let start = ProcessTime::now();
        let verdict = verifier.explain(request, &response, now()).await;
        let took = start.elapsed();
        assert!(verdict.verified(), "{verdict}");
        let by_dalek = one_by_one(&|it| it.key.verify_strict(&it.bytes, &it.signature).is_ok());
        let plain = one_by_one(&|it| {
            ed25519_dalek::Verifier::verify(&it.key, &it.bytes, &it.signature).is_ok()
        });
        let by_ring = one_by_one(&|it| {
            let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, &it.key);
            key.verify(&it.bytes, &it.signature.to_bytes()).is_ok()
        });
        let fastest = by_dalek.min(plain).min(by_ring);
        if round > 0 {
            ratios.push(took.as_secs_f64() / fastest.as_secs_f64());
            whole.push(took);
            alone.push(fastest);
        }
    }
    ratios.sort_unstable_by(f64::total_cmp);
    let at = |quarter: usize| ratios.get(ratios.len() * quarter / 4).copied().unwrap_or_default();
    println!(
        "{proof_type}: {:.2?} of processor time, {:.2} times its {} signatures one by one \
         ({:.2?}; quartiles {:.2} and {:.2}; at most {bar}: {})",
        median(whole),
        at(2),
        singles.len(),
        median(alone),
        at(1),
        at(3),
        at(2) <= bar
    );
    response
}

fn measure_parts(response: &[u8]) {
    let document = read_document(response).unwrap();
    let text = || black_box(read_document(response).unwrap());
    println!("  JSON text         {:>10.3?}", time(|| drop(text())));
    let shape = || Received::<ProofResponse>::of(document.clone(), Mode::Usual).unwrap();
    println!("  schema and rules  {:>10.3?}", time(|| drop(black_box(shape()))));
    let mut unsigned = document.clone();
    let proof = unsigned.as_object_mut().unwrap().remove("proof").unwrap();
    let key = key(HOLDER, "key-1").public_key();
    let contexts = contexts();
    let verify = || {
        signature::verify(Signed::Message(&unsigned), &proof[0], &key, &contexts, now()).unwrap();
    };
    println!("  its own signature {:>10.3?}", time(verify));
    let canonical = || drop(black_box(signature::canonical_json(&unsigned).unwrap()));
    println!("  of which JCS      {:>10.3?}", time(canonical));
    let credential = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";
    let credential = document.pointer(credential).unwrap();
    let proof = &credential["credentialSubjects"][0]["proof"][0];
    let key = credit_card::key(credit_card::MAIL, "key-1").public_key();
    let verify = || {
        let claim = Signed::Claim(credential, 0);
        signature::verify(claim, proof, &key, &contexts, now()).unwrap();
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
