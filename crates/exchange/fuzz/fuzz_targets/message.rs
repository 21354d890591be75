//! A message of anybody's making, read as a request, as a response and as a credential. The property is the
//! tests' own.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/messages/property.rs"]
mod property;

fuzz_target!(|data: &[u8]| {
    property::any_bytes_are_read_or_refused(data);
});
