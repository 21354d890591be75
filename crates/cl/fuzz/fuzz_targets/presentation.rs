//! An untrusted presentation, verified against an honest request and key.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "each target uses one of its functions")]
#[path = "../../tests/integration/hostile/inputs.rs"]
mod inputs;

fuzz_target!(|data: &[u8]| {
    let _ = inputs::presentation(&String::from_utf8_lossy(data));
});
