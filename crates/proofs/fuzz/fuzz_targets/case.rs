//! A case of any text: all checks, and our own engine.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use proofs::{Case, Check, ClEngine, EngineSet, Engines, Policy, Verdict, explain};

static ENGINE: LazyLock<ClEngine> = LazyLock::new(ClEngine::new);

fuzz_target!(|data: &[u8]| {
    let policy = Policy {
        engines: Engines::Cl,
        ..Policy::default()
    };
    let engines = EngineSet {
        cl: Some(&*ENGINE),
        ..EngineSet::default()
    };
    let verdict = match Case::from_json(&String::from_utf8_lossy(data)) {
        Ok(case) => explain(&case, &policy, engines, None),
        Err(error) => Verdict::failed_at(Check::Size, error.id, *error.failure),
    };
    // Whatever the text is, the verdict can be written.
    assert!(serde_json::to_string(&verdict).is_ok());
});
