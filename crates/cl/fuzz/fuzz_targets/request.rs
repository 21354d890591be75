//! A proof request of anybody's making, to an honest presentation.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/hostile/inputs.rs"]
mod inputs;

fuzz_target!(|data: &[u8]| {
    let _ = inputs::request(&String::from_utf8_lossy(data));
});
