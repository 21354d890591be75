//! The engines of this crate and `indy-credx`, measured on the same inputs in one run.
//!
//! `cargo bench -p negotiate-cl` prints, for each operation, the processor time of the library and
//! of each engine, and how many times as fast as the library an engine is: the median of [`ROUNDS`]
//! rounds, and the quartiles in brackets. In a round all take their turn, so that other load on the
//! machine affects all alike, and the ratio is that of one round. Words after `--` select
//! operations: `cargo bench -p negotiate-cl -- verify prove`.
//!
//! # Keys
//! How long a search for primes takes is luck. So each side searches the same candidates in every
//! round, those that follow from one seed, and the seed is that of an average search: [`generate`]
//! says how it was chosen.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark; a panic is how it reports"
)]

extern crate negotiate_cl as cl;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/integration/library/mod.rs"]
mod library;
mod library_seed;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use cl::kernel::{Engine, repeated_square};
use cl::{
    ChosenCredential, Credential, LinkSecret, PreparedKey, Presentation, ProofRequest, ProvingKey,
    PublicKey, keys,
};
use cpu_time::ProcessTime;
use indy_credx::types::{
    AttributeNames, Credential as LibraryCredential, CredentialDefinitionConfig, DidValue,
    Presentation as LibraryPresentation, PresentationRequest, Schema, SignatureType,
};
use indy_credx::{issuer, verifier};
use library::keys::Key;
use library::{Holder, Issuer, Use};
use openssl::bn::{BigNum, BigNumContext};
use serde_json::{Value, json};

/// How often each operation is measured.
const ROUNDS: usize = 21;

fn main() {
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if words.iter().any(|word| word == "choose-seeds") {
        return choose_seeds();
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("{}", processor());
    println!(
        "Processor time and speed beside the first line: median (quartiles) of {ROUNDS} rounds"
    );
    if wanted("multiply") {
        multiply(2048);
        multiply(2050);
    }
    for key in [library::keys::bits_2048(), library::keys::gvt()] {
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

/// Returns the name of the processor, where the system tells it.
fn processor() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = known.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.trim().to_owned())
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

/// Runs all subjects in turn, [`ROUNDS`] times, and prints a line for each. The ratios are to the
/// first.
fn compare(title: &str, mut subjects: Vec<Subject<'_>>) {
    let mut seconds: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); subjects.len()];
    for _ in 0..ROUNDS {
        for (subject, seconds) in subjects.iter_mut().zip(&mut seconds) {
            let start = ProcessTime::now();
            (subject.work)();
            seconds.push(start.elapsed().as_secs_f64() / f64::from(subject.results));
        }
    }
    println!("\n{title}");
    for (index, subject) in subjects.iter().enumerate() {
        let times = quartiles(seconds[index].clone());
        let [low, median, high] = times.map(in_unit(times[1]));
        let unit = unit(times[1]).1;
        let mut line = format!("  {:<13}{median:>8} {unit} ({low} to {high})", subject.name);
        if index > 0 {
            let rounds = seconds[0].iter().zip(&seconds[index]);
            let [low, median, high] = quartiles(rounds.map(|(first, own)| first / own).collect());
            line = format!("{line:<48}{median:>6.1}x ({low:.1} to {high:.1})");
        }
        println!("{line}");
    }
}

/// Returns the first quartile, the median and the third quartile.
fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[quarter * (values.len() - 1) / 4])
}

/// The unit in which a number of seconds is printed: how many there are in a second, and its name.
fn unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        ..1e-5 => (1e9, "ns"),
        ..1.0 => (1e3, "ms"),
        _ => (1.0, "s "),
    }
}

/// Returns what writes numbers of seconds in the unit of one of them, with three digits of that
/// one.
fn in_unit(of: f64) -> impl Fn(f64) -> String {
    let (factor, _) = unit(of);
    let decimals = match of * factor {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    move |seconds| format!("{:.decimals$}", seconds * factor)
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
    compare(&format!("one product modulo {bits} bits"), subjects);
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
        compare(&line, subjects);
        let subjects = Engine::available()
            .into_iter()
            .map(|engine| {
                Subject::new(engine, 1, move || {
                    black_box(ProvingKey::with_engine(&self.public_key, engine).expect("a key"));
                })
            })
            .collect();
        let line = format!("prepare a key of {} bits to prove with", self.public_key.bits());
        compare(&line, subjects);
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
        compare(&format!("verify, key of {} bits", self.public_key.bits()), subjects);
    }

    /// Measures the verification of a hundred presentations under one key, JSON parsing included.
    /// The library verifies one after the other, so that ten of them suffice.
    fn verify_batch(&self) {
        const ALONE: usize = 10;
        let count = self.presentations.len() as u32;
        let mut subjects = vec![Subject::new("indy-credx", ALONE as u32, || {
            for presentation in &self.presentations[..ALONE] {
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
        let line =
            format!("verify, each of a batch of {count}, key of {} bits", self.public_key.bits());
        compare(&line, subjects);
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
        compare(&format!("prove, key of {} bits", self.public_key.bits()), subjects);
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

/// The seed of each side, and how many tests of [`Progress::EXPECTED`] or random numbers of
/// [`EXPECTED_DRAWS`] its search takes: of the seeds from 0 to 99, the one that comes nearest.
/// `-- choose-seeds` prints them.
const LIBRARY_SEED: (u64, u64) = (28, 11_549);
const PORTABLE_SEED: (u64, u64) = (66, 1_623);
const IFMA_SEED: (u64, u64) = (78, 1_528);

/// How many random numbers OpenSSL draws on average for the two primes of a key.
///
/// It draws numbers of 1,025 bits and goes on from each to the next one for which neither `p` nor
/// `(p - 1)/2` has a factor among the first 384 primes, up to `B = 2657`. Of these, one in
/// `ln p · ln p' / (e^γ ln B)^2 = 2556` is a safe prime (Mertens' theorem). For each it draws
/// itself, and bases of one round of Miller and Rabin until one is below `p`: `2556 · (1 + 1.15)`
/// numbers, 58 for the second test, which one in 51 reaches, and 147 for 64 rounds of both tests on
/// the prime that is found.
const EXPECTED_DRAWS: u64 = 2 * 5_702;

/// Measures the generation of a key for four attributes, its correctness proof included, with the
/// seeds above.
fn generate() {
    let library = LibraryKeys::new();
    let (seed, expected) = LIBRARY_SEED;
    let drawn = library.draws(seed);
    if drawn != expected {
        println!(
            "\nthis OpenSSL draws {drawn} random numbers for a key, not {expected}: choose-seeds finds its own"
        );
    }
    let mut subjects = vec![Subject::new("indy-credx", 1, move || {
        library.draws(seed);
    })];
    for engine in Engine::available() {
        let (seed, expected) = match engine {
            Engine::Portable => PORTABLE_SEED,
            Engine::Ifma => IFMA_SEED,
        };
        subjects.push(Subject::new(engine, 1, move || {
            assert_eq!(tests(engine, seed), expected, "tests of {engine}: run choose-seeds");
        }));
    }
    compare("generate a key: the average search of each side", subjects);
}

/// Prints the seed of each side whose search is nearest to the average.
fn choose_seeds() {
    let library = LibraryKeys::new();
    nearest("indy-credx", EXPECTED_DRAWS, |seed| library.draws(seed));
    for engine in Engine::available() {
        nearest(&engine.to_string(), keys::Progress::EXPECTED, |seed| tests(engine, seed));
    }
}

fn nearest(name: &str, expected: u64, count: impl Fn(u64) -> u64) {
    let counts: Vec<u64> = (0..100).map(count).collect();
    let mean = counts.iter().sum::<u64>() / counts.len() as u64;
    let chosen = (0..).zip(&counts).min_by_key(|(_, count)| count.abs_diff(expected));
    println!(
        "{name}: expected {expected}, mean of 100 seeds {mean}, nearest (seed, count): {chosen:?}"
    );
}

/// Generates a key from a seed. Returns how many candidates were tested.
fn tests(engine: Engine, seed: u64) -> u64 {
    let tested = AtomicU64::new(0);
    let watch = |progress: keys::Progress| {
        tested.store(progress.tested, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let options = keys::Options { watch: &watch, ..keys::Options::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let key = keys::generate_from_seed_with(engine, &bytes, &ATTRIBUTES, &options);
    black_box(key.expect("a key"));
    tested.load(Ordering::Relaxed)
}

const ATTRIBUTES: [&str; 4] = ["name", "sex", "height", "age"];

/// The library's generation of keys.
struct LibraryKeys {
    did: DidValue,
    schema: Schema,
}

impl LibraryKeys {
    fn new() -> Self {
        let did = DidValue("NcYxiDXkpYi6ov5FcYDi1e".into());
        let names = AttributeNames::from(ATTRIBUTES.map(String::from).to_vec());
        let schema = issuer::create_schema(&did, "gvt", "1.0", names, Some(15)).expect("a schema");
        Self { did, schema }
    }

    /// Generates a key from a seed. Returns how many random numbers were drawn.
    fn draws(&self, seed: u64) -> u64 {
        library_seed::with(seed, || {
            let definition = issuer::create_credential_definition(
                &self.did,
                &self.schema,
                "bench",
                SignatureType::CL,
                CredentialDefinitionConfig { support_revocation: false },
            );
            black_box(definition.expect("a definition"));
        })
    }
}
