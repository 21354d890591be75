//! A response beside its request: what answers what, and where everything stands.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use crate::{
    did::Did,
    message::{
        Criterion, FulfilledCriterion, Presentation, Proof, ProofRequest, ProofResponse, Received,
        SignedAttribute, VerifiableCredential,
    },
};

/// A request and the response to it, both of the right shape.
pub(super) struct Read<'r> {
    pub(super) request: &'r Received<ProofRequest>,
    pub(super) response: &'r Received<ProofResponse>,
    pub(super) answers: Vec<Answer<'r>>,
    pub(super) now: DateTime<Utc>,
    pub(super) clock_skew: Duration,
}

/// One element of `FulfilledCriteria`.
pub(super) struct Answer<'r> {
    /// Where it stands in the response: a JSON pointer.
    pub(super) pointer: String,
    pub(super) fulfilled: &'r FulfilledCriterion,
    /// Which criterion of the request it answers; each is answered by one answer at most.
    pub(super) asked: Option<(usize, &'r Criterion)>,
    pub(super) presentations: Vec<Presented<'r>>,
}

/// One element of `Presentations`.
pub(super) struct Presented<'r> {
    pub(super) pointer: String,
    pub(super) document: &'r Value,
    pub(super) message: &'r Presentation,
    pub(super) credentials: Vec<Shown<'r>>,
}

/// One element of `verifiableCredential`.
pub(super) struct Shown<'r> {
    pub(super) pointer: String,
    pub(super) document: &'r Value,
    pub(super) message: &'r VerifiableCredential,
}

impl<'r> Read<'r> {
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
            let (asked, is_answered) = open
                .filter(|(_, is_answered)| !**is_answered)
                .find(|((_, asked), _)| fulfilled.criterion.asks_the_same_as(asked))?;
            *is_answered = true;
            Some(asked)
        };
        let places = members(response.document(), "", "FulfilledCriteria");
        let answers = response.message().fulfilled.iter().zip(places);
        let answers = answers.map(|(fulfilled, (pointer, document))| Answer {
            asked: pair(fulfilled),
            presentations: presentations(fulfilled, document, &pointer),
            pointer,
            fulfilled,
        });
        Self {
            answers: answers.collect(),
            request,
            response,
            now,
            clock_skew,
        }
    }

    /// The answers that the request asked for, each with the criterion as the request has it.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&Answer<'r>, &'r Criterion)> {
        self.answers
            .iter()
            .filter_map(|answer| Some((answer, answer.asked?.1)))
    }

    /// All presentations.
    pub(super) fn presentations(&self) -> impl Iterator<Item = &Presented<'r>> {
        self.answers.iter().flat_map(|answer| &answer.presentations)
    }

    /// All credentials.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &Shown<'r>> {
        self.presentations()
            .flat_map(|presented| &presented.credentials)
    }

    /// The holder: the DID whose key signs the response. `None` if the response names none.
    pub(super) fn holder(&self) -> Option<Did> {
        let proof = self.response.message().proof.first()?;
        owner(proof.key_reference()?)?.parse().ok()
    }
}

impl<'r> Answer<'r> {
    /// Its credentials.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &Shown<'r>> {
        let presentations = self.presentations.iter();
        presentations.flat_map(|presented| &presented.credentials)
    }
}

impl<'r> Shown<'r> {
    /// Its attributes, and where each stands.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (String, &'r SignedAttribute)> {
        let pointer = &self.pointer;
        let attributes = self.message.attributes.iter().enumerate();
        attributes.map(move |(entry, attribute)| {
            (format!("{pointer}/credentialSubjects/{entry}"), attribute)
        })
    }
}

/// The proofs of what stands at this place, typed, as they were written, and where.
pub(super) fn proofs<'r>(
    signed: &'r Value,
    proofs: &'r [Proof],
    pointer: &str,
) -> impl Iterator<Item = (String, &'r Value, &'r Proof)> {
    let places = members(signed, pointer, "proof").into_iter();
    let places = places.zip(proofs);
    places.map(|((pointer, document), proof)| (pointer, document, proof))
}

/// Whose key a reference means: what is before `#`, if it names a DID at all. The draft's examples write `key-1`
/// too, which is a key of whoever should sign.
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
) -> Vec<Presented<'r>> {
    let places = members(document, pointer, "Presentations").into_iter();
    let presentations = fulfilled.presentations.iter().zip(places);
    let presented = presentations.map(|(message, (pointer, document))| Presented {
        credentials: credentials(message, document, &pointer),
        pointer,
        document,
        message,
    });
    presented.collect()
}

fn credentials<'r>(
    presentation: &'r Presentation,
    document: &'r Value,
    pointer: &str,
) -> Vec<Shown<'r>> {
    let places = members(document, pointer, "verifiableCredential").into_iter();
    let credentials = presentation.credentials.iter().zip(places);
    let shown = credentials.map(|(message, (pointer, document))| Shown {
        pointer,
        document,
        message,
    });
    shown.collect()
}

/// The elements of a member and where they stand; a member that is no list is its only element.
fn members<'v>(document: &'v Value, pointer: &str, name: &str) -> Vec<(String, &'v Value)> {
    let pointer = format!("{pointer}/{name}");
    match document.get(name) {
        Some(Value::Array(elements)) => {
            let places = elements.iter().enumerate();
            let places = places.map(|(index, element)| (format!("{pointer}/{index}"), element));
            places.collect()
        }
        Some(one) => vec![(pointer, one)],
        None => Vec::new(),
    }
}
