//! A response beside its request: which answer belongs to which criterion, and the JSON pointer to each part.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use stdx::pointer::child;

use crate::{
    did::Did,
    message::{
        Criterion, FulfilledCriterion, Presentation, Proof, ProofRequest, ProofResponse, Received,
        SignedAttribute, VerifiableCredential,
    },
};

/// A request and the response to it, both of the right shape.
pub(super) struct ResponseView<'r> {
    pub(super) request: &'r Received<ProofRequest>,
    pub(super) response: &'r Received<ProofResponse>,
    pub(super) answers: Vec<AnswerView<'r>>,
    pub(super) now: DateTime<Utc>,
    pub(super) clock_skew: Duration,
}

/// One element of `FulfilledCriteria`.
pub(super) struct AnswerView<'r> {
    /// The JSON pointer to it in the response.
    pub(super) pointer: String,
    pub(super) fulfilled: &'r FulfilledCriterion,
    /// The criterion of the request that it answers, with its index; each is answered by one answer at most.
    pub(super) criterion: Option<(usize, &'r Criterion)>,
    pub(super) presentations: Vec<PresentationView<'r>>,
}

/// One element of `Presentations`.
pub(super) struct PresentationView<'r> {
    pub(super) pointer: String,
    pub(super) document: &'r Value,
    pub(super) message: &'r Presentation,
    pub(super) credentials: Vec<CredentialView<'r>>,
}

/// One element of `verifiableCredential`.
pub(super) struct CredentialView<'r> {
    pub(super) pointer: String,
    pub(super) document: &'r Value,
    pub(super) message: &'r VerifiableCredential,
}

impl<'r> ResponseView<'r> {
    pub(super) fn new(
        request: &'r Received<ProofRequest>,
        response: &'r Received<ProofResponse>,
        now: DateTime<Utc>,
        clock_skew: Duration,
    ) -> Self {
        let criteria = &request.message().body.criteria;
        let mut is_answered = vec![false; criteria.len()];
        let mut pair = |fulfilled: &FulfilledCriterion| {
            let open = criteria.iter().enumerate().zip(&mut is_answered);
            let (criterion, is_answered) = open
                .filter(|(_, is_answered)| !**is_answered)
                .find(|((_, criterion), _)| fulfilled.criterion.asks_the_same_as(criterion))?;
            *is_answered = true;
            Some(criterion)
        };
        let parts = elements(response.document(), "", "FulfilledCriteria");
        let answers = response.message().fulfilled.iter().zip(parts);
        let answers = answers.map(|(fulfilled, (pointer, document))| AnswerView {
            criterion: pair(fulfilled),
            presentations: presentations(fulfilled, document, &pointer),
            pointer,
            fulfilled,
        });
        Self { answers: answers.collect(), request, response, now, clock_skew }
    }

    /// Returns the answers to criteria of the request, each with the criterion as the request has it.
    pub(super) fn answered(&self) -> impl Iterator<Item = (&AnswerView<'r>, &'r Criterion)> {
        self.answers.iter().filter_map(|answer| Some((answer, answer.criterion?.1)))
    }

    /// Returns all presentations.
    pub(super) fn presentations(&self) -> impl Iterator<Item = &PresentationView<'r>> {
        self.answers.iter().flat_map(|answer| &answer.presentations)
    }

    /// Returns all credentials.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &CredentialView<'r>> {
        self.presentations().flat_map(|presentation| &presentation.credentials)
    }

    /// Returns the holder: the DID whose key signs the response. `None` if the response names none.
    pub(super) fn holder(&self) -> Option<Did> {
        let proof = self.response.message().proof.first()?;
        owner(proof.key_reference()?)?.parse().ok()
    }
}

impl<'r> AnswerView<'r> {
    /// Returns its credentials.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &CredentialView<'r>> {
        let presentations = self.presentations.iter();
        presentations.flat_map(|presentation| &presentation.credentials)
    }

    /// Returns whether it answers in zero knowledge.
    pub(super) fn is_cl(&self) -> bool {
        let mut presentations = self.presentations.iter();
        presentations.any(|presentation| presentation.message.is_cl())
    }
}

impl<'r> CredentialView<'r> {
    /// Returns its attributes, each with its pointer.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, &'r SignedAttribute)> {
        let pointer = &self.pointer;
        let attributes = self.message.attributes.iter().enumerate();
        attributes.map(move |(entry, attribute)| {
            (format!("{pointer}/credentialSubjects/{entry}"), attribute)
        })
    }
}

/// Returns the proofs of a part of a message: the pointer to each, the proof as it stands in the document, and typed.
pub(super) fn proofs<'r>(
    signed: &'r Value,
    proofs: &'r [Proof],
    pointer: &str,
) -> impl Iterator<Item = (String, &'r Value, &'r Proof)> {
    let parts = elements(signed, pointer, "proof").into_iter();
    let parts = parts.zip(proofs);
    parts.map(|((pointer, document), proof)| (pointer, document, proof))
}

/// Returns the DID to which a key reference belongs: the text before `#`, if it names a DID at all. The draft's
/// examples also write `key-1`, which is a key of the expected signer.
pub(super) fn owner(reference: &str) -> Option<&str> {
    match reference.split_once('#') {
        Some(("", _)) => None,
        Some((owner, _)) => Some(owner),
        None => reference.starts_with("did:").then_some(reference),
    }
}

fn presentations<'r>(
    fulfilled: &'r FulfilledCriterion,
    document: &'r Value,
    pointer: &str,
) -> Vec<PresentationView<'r>> {
    let parts = elements(document, pointer, "Presentations").into_iter();
    let presentations = fulfilled.presentations.iter().zip(parts);
    let views = presentations.map(|(message, (pointer, document))| PresentationView {
        credentials: credentials(message, document, &pointer),
        pointer,
        document,
        message,
    });
    views.collect()
}

fn credentials<'r>(
    presentation: &'r Presentation,
    document: &'r Value,
    pointer: &str,
) -> Vec<CredentialView<'r>> {
    let parts = elements(document, pointer, "verifiableCredential").into_iter();
    let credentials = presentation.credentials.iter().zip(parts);
    let views = credentials.map(|(message, (pointer, document))| CredentialView {
        pointer,
        document,
        message,
    });
    views.collect()
}

/// Returns the elements of a member, each with its pointer; a member that is not a list is its only element.
fn elements<'v>(document: &'v Value, pointer: &str, name: &str) -> Vec<(String, &'v Value)> {
    let pointer = child(pointer, name);
    match document.get(name) {
        Some(Value::Array(elements)) => {
            let elements = elements.iter().enumerate();
            let elements = elements.map(|(index, element)| (format!("{pointer}/{index}"), element));
            elements.collect()
        }
        Some(one) => vec![(pointer, one)],
        None => Vec::new(),
    }
}
