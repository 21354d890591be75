//! How long the checks take without the engines. Printed by
//! `cargo test --release -p proofs --test checks speed -- --nocapture`.

use std::time::{Duration, Instant};

use proofs::{Means, Policy, explain};

use crate::scene::*;

#[test]
fn the_checks_take_little_time_beside_an_engine() {
    for (name, json) in [
        ("one credential", ONE),
        ("two credentials", TWO),
        ("revocable", REVOCABLE),
    ] {
        let case = case(json);
        let policy = Policy::default();
        let fastest = (0..50)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(explain(&case, &policy, Means::default()));
                start.elapsed()
            })
            .min()
            .unwrap();
        println!("all checks but the engines, {name}: {fastest:?}");
        // An engine takes milliseconds; this bound is for unoptimised builds on busy machines.
        assert!(fastest < Duration::from_millis(30), "{name}: {fastest:?}");
    }
}
