//! One request of the list, and what is to come of it.

use serde_json::Value;

use super::pool_support::Identity;

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Written, or read.
    Reply,
    /// Refused for what it is.
    Reqnack,
    /// Refused by the rules.
    Reject,
    /// No answer, however long one waits.
    Silence,
}

/// What is sent.
pub enum Content<'a> {
    /// This operation, signed by its author; see [`super::play`] for the references in it.
    Operation(Value),
    /// What was sent in the step of this name, to the last byte.
    Again(&'a str),
}

/// A request, who signs it, and what is to come of it.
pub struct Step<'a> {
    pub name: &'static str,
    pub signer: &'a Identity,
    /// In whose name, if it is not the signer's.
    pub author: Option<&'a str>,
    /// Takes the number of the step of this name, and not a new one.
    pub number_of: Option<&'static str>,
    pub content: Content<'a>,
    /// What is done to it after it was signed.
    pub tamper: fn(&mut Value),
    /// From the embedded ledger.
    pub expected: Kind,
    /// From a real pool, where that is something else, and why this is wanted.
    pub difference: Option<(Kind, &'static str)>,
    /// Why the words of the two refusals differ, where they do.
    pub other_words: Option<&'static str>,
}

/// A request that both ledgers are to write or to answer.
pub fn reply<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reply)
}

/// A request that both are to refuse by their rules.
pub fn reject<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reject)
}

/// A request that both are to refuse for what it is.
pub fn reqnack<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reqnack)
}

/// The request of the step `first` once more.
pub fn again<'a>(
    expected: Kind,
    name: &'static str,
    signer: &'a Identity,
    first: &'static str,
) -> Step<'a> {
    step(name, signer, Content::Again(first), expected)
}

fn step<'a>(
    name: &'static str,
    signer: &'a Identity,
    content: Content<'a>,
    expected: Kind,
) -> Step<'a> {
    Step {
        name,
        signer,
        author: None,
        number_of: None,
        content,
        tamper: |_| {},
        expected,
        difference: None,
        other_words: None,
    }
}

impl<'a> Step<'a> {
    pub fn in_the_name_of(self, did: &'a str) -> Self {
        Self {
            author: Some(did),
            ..self
        }
    }

    pub fn with_the_number_of(self, step: &'static str) -> Self {
        Self {
            number_of: Some(step),
            ..self
        }
    }

    pub fn tampered(self, tamper: fn(&mut Value)) -> Self {
        Self { tamper, ..self }
    }

    pub fn on_a_pool(self, kind: Kind, reason: &'static str) -> Self {
        Self {
            difference: Some((kind, reason)),
            ..self
        }
    }

    pub fn in_other_words(self, reason: &'static str) -> Self {
        Self {
            other_words: Some(reason),
            ..self
        }
    }
}
