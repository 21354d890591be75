//! The property that holds for any bytes. The fuzz target and the tests share it.

use std::fmt;

use exchange::message::{
    Message, MessageError, Mode, ProofRequest, ProofResponse, Received, VerifiableCredential,
    Violation,
};

/// Parsing gives a message, or a short refusal with JSON pointers; a message that is written is parsed as the same
/// message, and written as the same document.
pub fn any_bytes_are_parsed_or_refused(bytes: &[u8]) {
    for mode in [Mode::Usual, Mode::Strict] {
        check::<ProofRequest>(bytes, mode);
        check::<ProofResponse>(bytes, mode);
        check::<VerifiableCredential>(bytes, mode);
    }
}

fn check<M: Message + PartialEq + fmt::Debug>(bytes: &[u8], mode: Mode) {
    let read = match Received::<M>::read(bytes, mode) {
        Ok(read) => read,
        Err(refusal) => {
            assert!(refusal.to_string().len() < 50_000, "the refusal is short");
            if let MessageError::Invalid { violations, .. } = refusal {
                // else schemas and rules accept a document that is not a message, and the refusal has no pointer
                let is_located = |one: &Violation| one.expected != "a message of its kind";
                assert!(violations.iter().all(is_located), "{violations:?}");
            }
            return;
        }
    };
    let written = match Received::made(read.message(), mode) {
        Ok(written) => written,
        Err(refusal) => panic!("what was read is refused when it is written: {refusal}"),
    };
    assert_eq!(written.message(), read.message());
    let again = serde_json::to_value(written.message()).ok();
    assert_eq!(again.as_ref(), Some(written.document()));
}
