//! Our engines against `indy-credx`, on the same inputs, in one run.
//!
//! `cargo bench -p cl` prints, for each operation, the median processor time of the library and of each of our
//! engines, and their ratios. Rounds are interleaved, so that a noisy machine is noisy for all.
//! Key generation is a matter of luck: its line shows means, and their number. A word after `--` selects
//! lines: `cargo bench -p cl -- verify`.

#[path = "../tests/library/mod.rs"]
#[allow(dead_code)]
mod library;

use std::hint::black_box;
use std::time::Duration;

use cl::kernel::Engine;
use cpu_time::ProcessTime;

fn main() {
    let filter = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let wanted = |name: &str| filter.as_deref().is_none_or(|filter| name.contains(filter));
    println!("processor time; x = times as fast as indy-credx 1.1.1 in this run\n");
    if wanted("multiply") {
        multiply();
    }
}

/// Processor time of one call.
fn time(work: &mut dyn FnMut()) -> Duration {
    let start = ProcessTime::now();
    work();
    start.elapsed()
}
