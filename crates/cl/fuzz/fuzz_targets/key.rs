//! A credential definition, private key or correctness proof of anybody's making.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/hostile/inputs.rs"]
mod inputs;

fuzz_target!(|data: &[u8]| {
    let _ = inputs::key(&String::from_utf8_lossy(data));
});
