//! How long a class waits: learners who all load the page, examine a scenario and play it at once.
//!
//! ```text
//! just bench-class
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement")]

#[path = "../tests/integration/server/lab.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod lab;

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use lab::Lab;

const LEARNERS: usize = 30;

/// How often a learner's scenario is examined, as while typing.
const LINTS: usize = 5;

/// What a learner waits for.
const PARTS: [&str; 4] = ["the page", "lint", "run", "a changed request"];

fn main() {
    let lab = Lab::start(&[]);
    let together = Barrier::new(LEARNERS);
    let start = Instant::now();
    let waits: Vec<[Vec<Duration>; 4]> = thread::scope(|scope| {
        let learners: Vec<_> =
            (0..LEARNERS).map(|_| scope.spawn(|| learn(&lab, &together))).collect();
        learners.into_iter().map(|learner| learner.join().unwrap()).collect()
    });
    println!(
        "{LEARNERS} learners at once, {:.1} s in all, on {} processors",
        start.elapsed().as_secs_f64(),
        thread::available_parallelism().unwrap()
    );
    println!("{:<18} {:>6} {:>9} {:>9} {:>9}", "", "times", "half", "95 %", "longest");
    for (part, name) in PARTS.iter().enumerate() {
        let mut all: Vec<f64> =
            waits.iter().flat_map(|wait| &wait[part]).map(Duration::as_secs_f64).collect();
        all.sort_by(f64::total_cmp);
        let at = |share: f64| all[((all.len() - 1) as f64 * share).round() as usize];
        println!(
            "{name:<18} {:>6} {:>7.3} s {:>7.3} s {:>7.3} s",
            all.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}

/// Does what a learner does, and returns how long each part took.
fn learn(lab: &Lab, together: &Barrier) -> [Vec<Duration>; 4] {
    let mut waits: [Vec<Duration>; 4] = Default::default();
    let mut timed = |part: usize, work: &dyn Fn()| {
        let start = Instant::now();
        work();
        waits[part].push(start.elapsed());
    };
    together.wait();
    timed(0, &|| {
        for file in ["", "style.css", "page.js", "case.js", "story.js", "verifier/verify.js"] {
            assert_eq!(lab.get(file).status, 200);
        }
    });
    let session = lab.begin();
    let files = lab.template(&session, "gvt");
    for _ in 0..LINTS {
        timed(1, &|| assert_eq!(lab.work(&session, "lint", &files).json()["code"], 0));
    }
    let run = |files: &serde_json::Value| {
        let run = lab.work(&session, "run", files).json();
        assert_eq!(run["outcomes"][0]["verdict"], "verified", "{run}");
        lab.recorded(&session, &run["run"], 0);
    };
    timed(2, &|| run(&files));
    let mut changed = files.clone();
    let request = "requests/proof_req_1.json";
    changed[request] = files[request].as_str().unwrap().replace("18", "21").into();
    timed(3, &|| run(&changed));
    waits
}
