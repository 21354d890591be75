//! How long a verdict takes, compared with the library's own verification of the same presentation.
//!
//! ```console
//! $ cargo bench -p negotiate-anoncreds --bench verdict
//! ```
//!
//! For each case it prints the median processor time of all threads, and the quartiles, of
//!
//! - `verify_presentation` of `indy-credx` alone, on values that were parsed before;
//! - the verdict with both engines, from the case's JSON, which the library parses itself;
//! - the verdict with `indy-credx` alone, and with `cl` alone, with all other checks.
//!
//! The issuers' keys are prepared before. Rounds are interleaved, so that noise affects all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark may stop at the first error"
)]

use std::{collections::HashMap, fmt, hash::Hash, hint::black_box, time::Duration};

use cpu_time::ProcessTime;
use indy_credx::{
    types::{CredentialDefinitionId, Presentation, PresentationRequest, SchemaId},
    verifier,
};
use negotiate_anoncreds::{Case, Engines, Policy, Verifier};
use proofs::case::ById;
use serde::{Deserialize, de::DeserializeOwned};

const ROUNDS: usize = 61;

const CASES: [(&str, &str); 3] = [
    (
        "one credential, one predicate",
        include_str!("../../proofs/tests/fixtures/cases/one-credential.json"),
    ),
    (
        "two credentials, predicates and a group",
        include_str!("../../proofs/tests/fixtures/cases/two-credentials.json"),
    ),
    (
        "restrictions with every operator",
        include_str!("../../proofs/tests/fixtures/cases/operators.json"),
    ),
];

fn main() {
    let has_ifma = has_ifma();
    let (both_bar, cl_bar) = if has_ifma { (1.15, 10.0) } else { (1.4, 3.0) };
    println!(
        "Processor time, median of {ROUNDS} rounds; IFMA is {}.\n",
        if has_ifma { "present" } else { "absent" }
    );
    for (name, json) in CASES {
        let [library, both, credx, cl] = measure(json);
        let ratio = |one: &Quartiles| one.median.as_secs_f64() / library.median.as_secs_f64();
        let times_as_fast = 1.0 / ratio(&cl);
        println!("{name}:");
        println!("  verify_presentation    {library}");
        println!(
            "  verdict, both engines  {both}  {:.2}x the library's time ({})",
            ratio(&both),
            bar(ratio(&both) <= both_bar, &format!("at most {both_bar}x"))
        );
        println!("  verdict, indy-credx    {credx}  {:.2}x the library's time", ratio(&credx));
        println!(
            "  verdict, cl            {cl}  {times_as_fast:.1}x as fast as the library ({})",
            bar(times_as_fast >= cl_bar, &format!("at least {cl_bar}x"))
        );
    }
}

/// The quartiles of a sample.
struct Quartiles {
    lower: Duration,
    median: Duration,
    upper: Duration,
}

impl fmt::Display for Quartiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lower, median, upper } = self;
        write!(f, "{median:>10.3?} ({lower:.1?} to {upper:.1?})")
    }
}

#[cfg(target_arch = "x86_64")]
fn has_ifma() -> bool {
    is_x86_feature_detected!("avx512ifma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_ifma() -> bool {
    false
}

fn bar(is_met: bool, bar: &str) -> String {
    format!("bar: {bar}, {}", if is_met { "met" } else { "MISSED" })
}

fn measure(json: &str) -> [Quartiles; 4] {
    let case = Case::from_json(json).unwrap();
    let presentation = Presentation::deserialize(&case.presentation).unwrap();
    let request = PresentationRequest::deserialize(&case.presentation_request).unwrap();
    let (schemas, cred_defs) = (read(&case.schemas), read(&case.cred_defs));
    let schemas = borrowed(&schemas, SchemaId);
    let cred_defs = borrowed(&cred_defs, CredentialDefinitionId);
    let library = || {
        let outcome = verifier::verify_presentation(
            &presentation,
            &request,
            &schemas,
            &cred_defs,
            None,
            None,
        );
        assert!(outcome.unwrap());
    };

    let both = Verifier::new(Policy::default());
    let one = |engines| Verifier::new(Policy { engines, ..Policy::default() });
    let (credx, cl) = (one(Engines::IndyCredx), one(Engines::Cl));
    let verified = |verifier: &Verifier| {
        let verdict = black_box(verifier.explain_blocking(&case));
        assert!(verdict.verified(), "{verdict}");
    };
    let mut subjects: [Box<dyn FnMut()>; 4] = [
        Box::new(library),
        Box::new(|| verified(&both)),
        Box::new(|| verified(&credx)),
        Box::new(|| verified(&cl)),
    ];
    // prepares the keys
    subjects.iter_mut().for_each(|subject| subject());
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (subject, times) in subjects.iter_mut().zip(&mut times) {
            let start = ProcessTime::now();
            subject();
            times.push(start.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort();
        let at = |quarter| times[quarter * (times.len() - 1) / 4];
        Quartiles { lower: at(1), median: at(2), upper: at(3) }
    })
}

fn read<T: DeserializeOwned>(written: &ById) -> Vec<(String, T)> {
    let objects = written.iter();
    objects.map(|(id, object)| (id.clone(), T::deserialize(object).unwrap())).collect()
}

fn borrowed<Id: Eq + Hash, T>(objects: &[(String, T)], id: fn(String) -> Id) -> HashMap<Id, &T> {
    objects.iter().map(|(key, object)| (id(key.clone()), object)).collect()
}
