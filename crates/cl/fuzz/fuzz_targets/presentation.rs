//! A presentation of anybody's making, verified against an honest request and key.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/hostile/inputs.rs"]
mod inputs;

fuzz_target!(|data: &[u8]| {
    let _ = inputs::presentation(&String::from_utf8_lossy(data));
});
