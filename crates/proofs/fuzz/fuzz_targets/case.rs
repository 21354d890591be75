//! A whole case of anybody's making: all checks, and our own engine.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use proofs::{Case, ClEngine, Engines, Means, Policy, Verdict, explain};

static ENGINE: LazyLock<ClEngine> = LazyLock::new(ClEngine::new);

fuzz_target!(|data: &[u8]| {
    let policy = Policy {
        engines: Engines::Cl,
        ..Policy::default()
    };
    let means = Means {
        cl: Some(&*ENGINE),
        ..Means::default()
    };
    let verdict = match Case::from_json(&String::from_utf8_lossy(data)) {
        Ok(case) => explain(&case, &policy, means),
        Err(failure) => Verdict::unreadable(None, failure),
    };
    // whatever it is, the verdict can be said
    assert!(serde_json::to_string(&verdict).is_ok());
});
