//! How long a verdict takes, compared with the library's own verification of the same presentation.
//!
//! ```console
//! $ cargo bench -p negotiate-anoncreds --bench verdict
//! ```
//!
//! For each case it prints the median processor time, of all threads, of
//!
//! - `verify_presentation` of `indy-credx` alone, on values that were parsed before;
//! - the verdict with both engines, from the case's JSON, which the library parses itself;
//! - the verdict with `cl` alone, with all other checks.
//!
//! The issuers' keys are prepared before. Rounds are interleaved, so that noise affects all three.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a benchmark may stop at the first error"
)]

use std::{collections::HashMap, hash::Hash, hint::black_box, time::Duration};

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
        let [library, both, cl] = measure(json);
        let of_library = both.as_secs_f64() / library.as_secs_f64();
        let times_as_fast = library.as_secs_f64() / cl.as_secs_f64();
        println!("{name}:");
        println!("  verify_presentation    {library:>10.3?}");
        println!(
            "  verdict, both engines  {both:>10.3?}  {of_library:.2}x the library's time ({})",
            bar(of_library <= both_bar, &format!("at most {both_bar}x"))
        );
        println!(
            "  verdict, cl alone      {cl:>10.3?}  {times_as_fast:.1}x as fast as the library ({})",
            bar(times_as_fast >= cl_bar, &format!("at least {cl_bar}x"))
        );
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

fn measure(json: &str) -> [Duration; 3] {
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
    let cl = Verifier::new(Policy { engines: Engines::Cl, ..Policy::default() });
    let verified = |verifier: &Verifier| {
        let verdict = black_box(verifier.explain_blocking(&case));
        assert!(verdict.verified(), "{verdict}");
    };
    let mut subjects: [Box<dyn FnMut()>; 3] =
        [Box::new(library), Box::new(|| verified(&both)), Box::new(|| verified(&cl))];
    // prepares the keys
    subjects.iter_mut().for_each(|subject| subject());
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (subject, times) in subjects.iter_mut().zip(&mut times) {
            let start = ProcessTime::now();
            subject();
            times.push(start.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}

fn read<T: DeserializeOwned>(written: &ById) -> Vec<(String, T)> {
    let objects = written.iter();
    objects.map(|(id, object)| (id.clone(), T::deserialize(object).unwrap())).collect()
}

fn borrowed<Id: Eq + Hash, T>(objects: &[(String, T)], id: fn(String) -> Id) -> HashMap<Id, &T> {
    objects.iter().map(|(key, object)| (id(key.clone()), object)).collect()
}
