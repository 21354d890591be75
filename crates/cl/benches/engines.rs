//! The engines of this crate and `indy-credx`, measured on the same inputs in one run.
//!
//! `cargo bench -p negotiate-cl` prints, for each operation, the median processor time of the
//! library and of each engine, and their ratios. Rounds are interleaved, so that other load on the
//! machine affects all alike. The time of key generation varies at random: its line shows means,
//! and the number of keys. Words after `--` select operations:
//! `cargo bench -p negotiate-cl -- verify prove`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark; a panic is how it reports"
)]

extern crate negotiate_cl as cl;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/integration/library/mod.rs"]
mod library;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use cl::kernel::{Engine, repeated_square};
use cl::{
    ChosenCredential, Credential, LinkSecret, PreparedKey, Presentation, ProofRequest, ProvingKey,
    PublicKey, keys,
};
use cpu_time::ProcessTime;
use indy_credx::types::{
    Credential as LibraryCredential, Presentation as LibraryPresentation, PresentationRequest,
};
use indy_credx::{issuer, verifier};
use library::keys::Key;
use library::{Holder, Issuer, Use};
use openssl::bn::{BigNum, BigNumContext};
use serde_json::{Value, json};

fn main() {
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("Processor time; (2x) means twice as fast as the first column, in this run.\n");
    if wanted("multiply") {
        multiply(2048);
        multiply(2050);
    }
    for key in [library::keys::gvt(), library::keys::bits_2048()] {
        let case = Case::new(&key);
        if wanted("prepare") {
            case.prepare();
        }
        if wanted("verify") {
            case.verify();
            case.verify_batch();
        }
        if wanted("prove") {
            case.prove();
        }
    }
    if wanted("generate") {
        generate();
    }
}

/// An operation to measure.
struct Subject<'a> {
    name: String,
    /// The number of results of one call.
    results: u32,
    work: Box<dyn FnMut() + 'a>,
}

impl<'a> Subject<'a> {
    fn new(name: impl ToString, results: u32, work: impl FnMut() + 'a) -> Self {
        Self { name: name.to_string(), results, work: Box::new(work) }
    }
}

/// Runs all subjects in turn, `rounds` times, and prints a line with the `summary` of the times of
/// each.
fn compare(
    line: &str,
    rounds: usize,
    summary: fn(&mut [Duration]) -> Duration,
    mut subjects: Vec<Subject<'_>>,
) {
    let mut times: Vec<Vec<Duration>> = vec![Vec::with_capacity(rounds); subjects.len()];
    for _ in 0..rounds {
        for (subject, times) in subjects.iter_mut().zip(&mut times) {
            let start = ProcessTime::now();
            (subject.work)();
            times.push(start.elapsed() / subject.results);
        }
    }
    let results: Vec<Duration> = times.iter_mut().map(|times| summary(times)).collect();
    let columns: Vec<String> = subjects
        .iter()
        .zip(&results)
        .enumerate()
        .map(|(index, (subject, time))| {
            let ratio = results[0].as_secs_f64() / time.as_secs_f64();
            let ratio = if index == 0 { String::new() } else { format!(" ({ratio:.1}x)") };
            format!("{} {}{ratio}", subject.name, format(*time))
        })
        .collect();
    println!("{line}: {}", columns.join(" | "));
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn mean(times: &mut [Duration]) -> Duration {
    times.iter().sum::<Duration>() / times.len() as u32
}

fn format(time: Duration) -> String {
    let nanoseconds = time.as_secs_f64() * 1e9;
    match nanoseconds {
        ..1e4 => format!("{nanoseconds:.0} ns"),
        ..1e7 => format!("{:.2} ms", nanoseconds / 1e6),
        ..1e9 => format!("{:.1} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}

/// Measures a squaring modulo an odd number of `bits` bits, in chains of 4,096.
fn multiply(bits: i32) {
    const TIMES: u32 = 4096;
    let mut modulus = BigNum::new().expect("a number");
    modulus.rand(bits, openssl::bn::MsbOption::ONE, true).expect("random numbers");
    let mut base = BigNum::new().expect("a number");
    modulus.rand_range(&mut base).expect("random numbers");
    let mut exponent = BigNum::new().expect("a number");
    exponent.set_bit(TIMES as i32).expect("a bit");
    let (n, b) = (modulus.to_vec(), base.to_vec());
    let mut context = BigNumContext::new().expect("a context");
    let mut power = BigNum::new().expect("a number");
    let mut subjects = vec![Subject::new("OpenSSL", TIMES, move || {
        power.mod_exp(&base, &exponent, &modulus, &mut context).expect("a power");
        black_box(&power);
    })];
    for engine in Engine::available() {
        let (n, b) = (n.clone(), b.clone());
        subjects.push(Subject::new(engine, TIMES * engine.lanes() as u32, move || {
            black_box(repeated_square(engine, &n, &b, TIMES));
        }));
    }
    compare(&format!("one product modulo {bits} bits"), 31, median, subjects);
}

/// A credential with four attributes, and a request for one revealed attribute and one predicate.
struct Case {
    issuer: Issuer,
    public_key: PublicKey,
    holder: Holder,
    credential: LibraryCredential,
    request: Value,
    /// A hundred presentations, as JSON texts.
    presentations: Vec<String>,
}

impl Case {
    fn new(key: &Key) -> Self {
        let issuer = Issuer::new(key, "bench");
        let holder = Holder::new();
        let values = [("name", "Alex"), ("sex", "male"), ("height", "175"), ("age", "28")];
        let credential = holder.receive(&issuer, &values);
        let request = library::request(
            json!({"name": {"name": "name"}}),
            json!({"age": {"name": "age", "p_type": ">=", "p_value": 18}}),
        );
        let presentations =
            (0..100).map(|_| library_proves(&issuer, &holder, &credential, &request)).collect();
        Self {
            holder,
            credential,
            public_key: PublicKey::from_credential_definition(&issuer.definition_json)
                .expect("a key"),
            issuer,
            request,
            presentations,
        }
    }

    fn prepared(&self, engine: Engine) -> PreparedKey {
        PreparedKey::with_engine(&self.public_key, engine).expect("a key")
    }

    fn prepare(&self) {
        let subjects = Engine::available()
            .into_iter()
            .map(|engine| {
                Subject::new(engine, 1, move || {
                    black_box(self.prepared(engine));
                })
            })
            .collect();
        let line = format!("prepare a key of {} bits to verify with", self.public_key.bits());
        compare(&line, 11, median, subjects);
        let subjects = Engine::available()
            .into_iter()
            .map(|engine| {
                Subject::new(engine, 1, move || {
                    black_box(ProvingKey::with_engine(&self.public_key, engine).expect("a key"));
                })
            })
            .collect();
        let line = format!("prepare a key of {} bits to prove with", self.public_key.bits());
        compare(&line, 11, median, subjects);
    }

    fn library_verifies(&self, presentation: &str) {
        let issuers = [&self.issuer];
        let request: PresentationRequest =
            serde_json::from_value(self.request.clone()).expect("a request");
        let presentation: LibraryPresentation =
            serde_json::from_str(presentation).expect("a presentation");
        let verified = verifier::verify_presentation(
            &presentation,
            &request,
            &library::schemas(&issuers),
            &library::definitions(&issuers),
            None,
            None,
        );
        assert!(verified.expect("an answer"));
    }

    /// Measures the verification of one presentation, JSON parsing included.
    fn verify(&self) {
        let presentation = &self.presentations[0];
        let mut subjects =
            vec![Subject::new("indy-credx", 1, || self.library_verifies(presentation))];
        for engine in Engine::available() {
            let key = self.prepared(engine);
            subjects.push(Subject::new(engine, 1, move || {
                let request = ProofRequest::from_json(&self.request).expect("a request");
                let presentation = Presentation::parse(presentation).expect("a presentation");
                cl::verify(&request, &presentation, &[&key]).expect("a valid presentation");
            }));
        }
        compare(&format!("verify, one, {} bits", self.public_key.bits()), 31, median, subjects);
    }

    /// Measures the verification of a hundred presentations under one key, JSON parsing included.
    fn verify_batch(&self) {
        let count = self.presentations.len() as u32;
        let mut subjects = vec![Subject::new("indy-credx", count, || {
            for presentation in &self.presentations {
                self.library_verifies(presentation);
            }
        })];
        for engine in Engine::available() {
            let key = self.prepared(engine);
            subjects.push(Subject::new(engine, count, move || {
                let request = ProofRequest::from_json(&self.request).expect("a request");
                let keys = [&key];
                let presentations: Vec<Presentation> = self
                    .presentations
                    .iter()
                    .map(|text| Presentation::parse(text).expect("a presentation"))
                    .collect();
                let items: Vec<cl::BatchItem<'_>> = presentations
                    .iter()
                    .map(|presentation| (&request, presentation, keys.as_slice()))
                    .collect();
                assert!(cl::verify_batch(&items).iter().all(Result::is_ok));
            }));
        }
        let line = format!("verify, each of a batch of {count}, {} bits", self.public_key.bits());
        compare(&line, 5, median, subjects);
    }

    /// Measures the creation of a presentation, from the JSON of the credential to the JSON text.
    fn prove(&self) {
        let mut subjects = vec![Subject::new("indy-credx", 1, || {
            black_box(library_proves(&self.issuer, &self.holder, &self.credential, &self.request));
        })];
        let json = |value: serde_json::Result<Value>| value.expect("JSON");
        let credential = json(serde_json::to_value(&self.credential));
        let secret = json(serde_json::to_value(&self.holder.link_secret));
        for engine in Engine::available() {
            let key = ProvingKey::with_engine(&self.public_key, engine).expect("a key");
            let (credential, secret) = (credential.clone(), secret.clone());
            subjects.push(Subject::new(engine, 1, move || {
                let request = ProofRequest::from_json(&self.request).expect("a request");
                let credential = Credential::from_json(&credential).expect("a credential");
                let secret = LinkSecret::from_json(&secret).expect("a link secret");
                let chosen = ChosenCredential::new(&credential, &key).reveal("name").satisfy("age");
                let presentation = cl::prove(&request, &[chosen], &BTreeMap::new(), &secret);
                black_box(presentation.expect("a presentation").to_string());
            }));
        }
        compare(&format!("prove, {} bits", self.public_key.bits()), 31, median, subjects);
    }
}

/// Creates a presentation with the library, as text.
fn library_proves(
    issuer: &Issuer,
    holder: &Holder,
    credential: &LibraryCredential,
    request: &Value,
) -> String {
    let one = Use { issuer, credential, attributes: &[("name", true)], predicates: &["age"] };
    holder.present(request, &[one]).to_string()
}

/// Measures the generation of a key for four attributes, its correctness proof included.
fn generate() {
    const KEYS: usize = 20;
    let attributes = ["name", "sex", "height", "age"];
    let did = indy_credx::types::DidValue("NcYxiDXkpYi6ov5FcYDi1e".into());
    let names = indy_credx::types::AttributeNames::from(attributes.map(String::from).to_vec());
    let schema = issuer::create_schema(&did, "gvt", "1.0", names, Some(15)).expect("a schema");
    let mut subjects = vec![Subject::new("indy-credx", 1, || {
        let definition = issuer::create_credential_definition(
            &did,
            &schema,
            "bench",
            indy_credx::types::SignatureType::CL,
            indy_credx::types::CredentialDefinitionConfig { support_revocation: false },
        );
        black_box(definition.expect("a definition"));
    })];
    for engine in Engine::available() {
        let options = keys::Options { engine, ..keys::Options::default() };
        subjects.push(Subject::new(engine, 1, move || {
            black_box(keys::generate(&attributes, &options).expect("a key"));
        }));
    }
    compare(&format!("generate a key, mean of {KEYS}"), KEYS, mean, subjects);
}
