//! Any bytes, parsed as a request, as a response and as a credential. The property is that of the
//! tests.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/integration/messages/property.rs"]
mod property;

fuzz_target!(|data: &[u8]| {
    property::any_bytes_are_parsed_or_refused(data);
});
