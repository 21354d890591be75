//! The messages: typed, checked, and as they were received.
//!
//! Sections "Proof Request", "Proof Response" and "JSON and JSON-LD" of the draft. Its prose,
//! examples and JSON Schemas disagree in places. Every spelling that the draft shows is read, and
//! one is written; members that this crate does not know are carried along and written back. A
//! signature covers the document as it was received, so that [`Received`] has both: the document
//! and the typed message.

mod credential;
mod criterion;
mod form;
mod proof;
mod reader;
mod request;
mod response;
mod rules;
mod schemas;
mod texts;

use std::sync::Arc;

use serde_json::Value;

use crate::json;

use reader::{Place, Reader};

pub use credential::{SignedAttribute, VerifiableCredential};
pub use criterion::{CredentialKind, Criterion, Issuers, Predicate, Property, Spelling};
pub use form::Form;
pub(crate) use proof::PROOF_MEMBERS;
pub use proof::{DATA_INTEGRITY, Proof};
pub use reader::Members;
pub(crate) use request::any_signs;
pub use request::{Accepted, CL_PRESENTATION, ProofRequest, RequestBody, Syntax};
pub use response::{FulfilledCriterion, Presentation, ProofResponse};
pub use rules::{MAX_VIOLATIONS, Rule, Violation};
pub use schemas::{SCHEMAS, Schema};

pub use crate::json::{JsonError, MAX_BYTES, read_document};

/// What is wrong with a text that should be a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// It is too long, not JSON, or JSON that two readers may understand differently.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is JSON, but not a message of the expected kind.
    #[error("the {kind} breaks its rules: {}", listed(violations))]
    Invalid {
        /// The expected kind, for example "proof request".
        kind: &'static str,
        /// The rules that it breaks, and where: at least one, at most [`MAX_VIOLATIONS`].
        violations: Vec<Violation>,
    },
}

fn listed(violations: &[Violation]) -> String {
    let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
    lines.join("; ")
}

/// How strictly a message is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// As the draft's prose and examples are meant.
    #[default]
    Usual,
    /// As the draft's JSON Schemas say: `min` and `max` are required.
    Strict,
}

/// A kind of message.
pub trait Message: Sized {
    /// What it is called, for example "proof request".
    const KIND: &'static str;

    #[doc(hidden)]
    fn read(at: &Place) -> Self;
}

/// A message with the document that it was parsed from, which is what its signatures cover. Clones
/// share both.
#[derive(Debug, Clone, PartialEq)]
pub struct Received<M> {
    document: Arc<Value>,
    message: Arc<M>,
}

impl<M: Message> Received<M> {
    /// Parses a message from JSON text.
    ///
    /// # Errors
    ///
    /// [`MessageError`]: all rules that it breaks, each with a JSON pointer.
    pub fn read(bytes: &[u8], mode: Mode) -> Result<Self, MessageError> {
        Self::of(read_document(bytes)?, mode)
    }

    /// Parses a message from a document.
    ///
    /// # Errors
    ///
    /// [`MessageError::Invalid`].
    pub fn of(document: Value, mode: Mode) -> Result<Self, MessageError> {
        let reader = Reader::new(mode);
        let message = M::read(&Place::whole(&document, &reader));
        let violations = reader.into_violations();
        match violations.is_empty() {
            true => Ok(Self { document: document.into(), message: message.into() }),
            false => Err(MessageError::Invalid { kind: M::KIND, violations }),
        }
    }

    /// Returns the document as it was received.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the part of the document to which a JSON pointer leads, as its typed counterpart has
    /// it; null if it leads nowhere.
    pub fn part(&self, pointer: &str) -> &Value {
        json::at(&self.document, pointer)
    }

    /// Returns the typed message.
    pub fn message(&self) -> &M {
        &self.message
    }
}
