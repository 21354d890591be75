//! The property that holds for any bytes. The fuzz target and the tests share it.

use exchange::message::{
    Form, Message, MessageError, Mode, ProofRequest, ProofResponse, Received, Spelling,
    VerifiableCredential, read_document,
};

/// Parsing gives a message, or a short refusal with JSON pointers that lead somewhere; a criterion
/// that is written is parsed as the same criterion.
pub fn any_bytes_are_parsed_or_refused(bytes: &[u8]) {
    for mode in [Mode::Usual, Mode::Strict] {
        if let Some(request) = parsed::<ProofRequest>(bytes, mode) {
            criteria_are_written_as_they_are_read(&request, mode);
        }
        parsed::<ProofResponse>(bytes, mode);
        parsed::<VerifiableCredential>(bytes, mode);
    }
}

fn parsed<M: Message>(bytes: &[u8], mode: Mode) -> Option<Received<M>> {
    let refusal = match Received::<M>::read(bytes, mode) {
        Ok(read) => return Some(read),
        Err(refusal) => refusal,
    };
    assert!(refusal.to_string().len() < 50_000, "the refusal is short");
    if let MessageError::Invalid { violations, .. } = refusal {
        let document = read_document(bytes).unwrap_or_default();
        let leads_somewhere = |pointer: &str| document.pointer(pointer).is_some();
        assert!(!violations.is_empty());
        assert!(violations.iter().all(|one| leads_somewhere(&one.pointer)), "{violations:?}");
    }
    None
}

fn criteria_are_written_as_they_are_read(request: &Received<ProofRequest>, mode: Mode) {
    let criteria = &request.message().body.criteria;
    for spelling in [Spelling::Request, Spelling::Response] {
        let mut document = request.document().clone();
        document["proofRequest"]["criteria"] =
            criteria.iter().map(|criterion| criterion.written(spelling, Form::default())).collect();
        let written = match Received::<ProofRequest>::of(document, mode) {
            Ok(written) => written,
            Err(refusal) => panic!("what was read is refused when it is written: {refusal}"),
        };
        assert_eq!(written.message().body.criteria, *criteria);
    }
}
