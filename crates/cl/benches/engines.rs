//! Our engines against `indy-credx`, on the same inputs, in one run.
//!
//! `cargo bench -p cl` prints, for each operation, the median processor time of the library and of each of our
//! engines, and their ratios. Rounds are interleaved, so that a noisy machine is noisy for all.
//! Key generation is a matter of luck: its line shows means, and their number. Words after `--` select
//! parts: `cargo bench -p cl -- verify prove`.

use std::hint::black_box;
use std::time::Duration;

use cl::kernel::{Engine, repeated_square};
use cpu_time::ProcessTime;
use openssl::bn::{BigNum, BigNumContext};

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("Processor time; (x) is how many times as fast as the first column, in this run.\n");
    if wanted("multiply") {
        multiply(2048);
        multiply(2050);
    }
}

/// Something that is measured.
struct Subject<'a> {
    name: String,
    /// How many results one call gives.
    results: u32,
    work: Box<dyn FnMut() + 'a>,
}

impl<'a> Subject<'a> {
    fn new(name: impl ToString, results: u32, work: impl FnMut() + 'a) -> Self {
        Self {
            name: name.to_string(),
            results,
            work: Box::new(work),
        }
    }
}

/// Runs all subjects in turn, `rounds` times, and prints a line of what `summary` makes of each one's times.
fn compare(
    line: &str,
    rounds: usize,
    summary: fn(&mut Vec<Duration>) -> Duration,
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
    let results: Vec<Duration> = times.iter_mut().map(summary).collect();
    let columns: Vec<String> = subjects
        .iter()
        .zip(&results)
        .enumerate()
        .map(|(index, (subject, time))| {
            let ratio = results[0].as_secs_f64() / time.as_secs_f64();
            let ratio = if index == 0 {
                String::new()
            } else {
                format!(" ({ratio:.1}x)")
            };
            format!("{} {}{ratio}", subject.name, shown(*time))
        })
        .collect();
    println!("{line}: {}", columns.join(" | "));
}

fn median(times: &mut Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    let nanoseconds = time.as_secs_f64() * 1e9;
    match nanoseconds {
        ..1e4 => format!("{nanoseconds:.0} ns"),
        ..1e7 => format!("{:.2} ms", nanoseconds / 1e6),
        ..1e9 => format!("{:.1} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}

/// One squaring modulo an odd number of this many bits, from chains of 4,096.
fn multiply(bits: i32) {
    const TIMES: u32 = 4096;
    let mut modulus = BigNum::new().expect("a number");
    modulus
        .rand(bits, openssl::bn::MsbOption::ONE, true)
        .expect("random numbers");
    let mut base = BigNum::new().expect("a number");
    modulus.rand_range(&mut base).expect("random numbers");
    let mut exponent = BigNum::new().expect("a number");
    exponent.set_bit(TIMES as i32).expect("a bit");
    let (n, b) = (modulus.to_vec(), base.to_vec());
    let mut context = BigNumContext::new().expect("a context");
    let mut power = BigNum::new().expect("a number");
    let mut subjects = vec![Subject::new("OpenSSL", TIMES, move || {
        power
            .mod_exp(&base, &exponent, &modulus, &mut context)
            .expect("a power");
        black_box(&power);
    })];
    for engine in Engine::available() {
        let (n, b) = (n.clone(), b.clone());
        subjects.push(Subject::new(
            engine,
            TIMES * engine.lanes() as u32,
            move || {
                black_box(repeated_square(engine, &n, &b, TIMES));
            },
        ));
    }
    compare(
        &format!("one product modulo {bits} bits"),
        31,
        median,
        subjects,
    );
}
