//! One request of the list, and the expected reply.

use serde_json::Value;

use crate::support::Identity;

/// The kind of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Written, or read.
    Reply,
    /// Refused before the rules are checked.
    Reqnack,
    /// Refused by the rules.
    Reject,
    /// No reply before the timeout.
    NoReply,
}

/// What is sent.
pub enum Content<'a> {
    /// This operation, signed by its author; see [`run`](super::run::run) for the references in it.
    Operation(Value),
    /// What was sent in the step of this name, byte for byte.
    Again(&'a str),
}

/// A request, its signer, and the expected reply.
pub struct Step<'a> {
    pub name: &'static str,
    pub signer: &'a Identity,
    /// The author, if it is not the signer.
    pub author: Option<&'a str>,
    /// Reuses the number of the step of this name.
    pub number_of: Option<&'static str>,
    pub content: Content<'a>,
    /// Changes the request after it was signed.
    pub tamper: fn(&mut Value),
    /// The embedded ledger's reply.
    pub expected: Kind,
    /// A real pool's reply, if it intentionally differs, and why.
    pub difference: Option<(Kind, &'static str)>,
    /// Why the reasons of the two refusals differ, if they do.
    pub reasons_differ: Option<&'static str>,
}

/// A request that both ledgers carry out.
pub fn reply<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reply)
}

/// A request that both refuse by their rules.
pub fn reject<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reject)
}

/// A request that both refuse before the rules are checked.
pub fn reqnack<'a>(name: &'static str, signer: &'a Identity, operation: Value) -> Step<'a> {
    step(name, signer, Content::Operation(operation), Kind::Reqnack)
}

/// The request of the step `first` again.
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
        reasons_differ: None,
    }
}

impl<'a> Step<'a> {
    pub fn authored_by(self, did: &'a str) -> Self {
        Self { author: Some(did), ..self }
    }

    pub fn with_number_of(self, step: &'static str) -> Self {
        Self { number_of: Some(step), ..self }
    }

    pub fn tampered(self, tamper: fn(&mut Value)) -> Self {
        Self { tamper, ..self }
    }

    pub fn but_on_a_pool(self, kind: Kind, reason: &'static str) -> Self {
        Self { difference: Some((kind, reason)), ..self }
    }

    pub fn with_another_reason(self, reason: &'static str) -> Self {
        Self { reasons_differ: Some(reason), ..self }
    }
}
