//! How much work a response may ask for.

use std::io::{self, Write};

use proofs::verdict::Failure;
use serde::Serialize;
use serde_json::Value;

use super::read::{Presented, Read, Shown};

/// A response has at most this many signatures.
pub const MAX_SIGNATURES: usize = 1000;

/// The signatures of a response cover at most this many bytes together: each attribute's signature covers the
/// metadata of its credential too, so that many small attributes beside a large member would ask for more work
/// than the length of the message tells.
pub const MAX_SIGNED_BYTES: usize = 8 << 20;

/// `size`, beyond what was found on reading: as many signatures as can be verified in reasonable time.
pub(super) fn check(read: &Read<'_>) -> Vec<Failure> {
    let mut work = Work::default();
    let (request, response) = (read.request, read.response);
    work.add(request.message().proof.len(), || bytes(request.document()));
    work.add(response.message().proof.len(), || {
        bytes(response.document())
    });
    for presented in read.presentations() {
        work.add_presentation(presented);
    }
    for shown in read.credentials() {
        work.add_credential(shown);
    }
    let remedy = "answer with fewer credentials or attributes at a time";
    let mut failures = Vec::new();
    if work.signatures > MAX_SIGNATURES {
        let got = work.signatures.to_string();
        let expected = format!("at most {MAX_SIGNATURES} signatures");
        failures.push(Failure::new(expected, got, remedy));
    }
    if work.bytes > MAX_SIGNED_BYTES {
        let got = format!("{} bytes", work.bytes);
        let expected = format!("signatures of at most {MAX_SIGNED_BYTES} bytes together");
        failures.push(Failure::new(expected, got, remedy));
    }
    failures
}

/// What is to be verified.
#[derive(Default)]
struct Work {
    signatures: usize,
    bytes: usize,
}

impl Work {
    /// As many signatures, each of what has this many bytes.
    fn add(&mut self, signatures: usize, bytes: impl FnOnce() -> usize) {
        self.signatures = self.signatures.saturating_add(signatures);
        // beyond the number of signatures, their sizes are not looked at
        if signatures > 0 && self.signatures <= MAX_SIGNATURES {
            let bytes = signatures.saturating_mul(bytes());
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }

    fn add_presentation(&mut self, presented: &Presented<'_>) {
        let signatures = presented.message.proof.len();
        self.add(signatures, || bytes(presented.document));
    }

    fn add_credential(&mut self, shown: &Shown<'_>) {
        let Some(Value::Array(entries)) = shown.document.get("credentialSubjects") else {
            return;
        };
        let metadata = bytes(shown.document).saturating_sub(bytes(entries));
        for (attribute, entry) in shown.message.attributes.iter().zip(entries) {
            self.add(attribute.proof.len(), || metadata + bytes(entry));
        }
    }
}

/// How long a value is in JSON.
fn bytes(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl Write for Counter {
        fn write(&mut self, written: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(written.len());
            Ok(written.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}
