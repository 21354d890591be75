//! An untrusted proof request, against which an honest presentation is verified.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "each target uses one of its functions")]
#[path = "../../tests/integration/hostile/inputs.rs"]
mod inputs;

fuzz_target!(|data: &[u8]| {
    let _ = inputs::request(&String::from_utf8_lossy(data));
});
