//! A response beside its request: which answer belongs to which criterion.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::ExchangePolicy;
use crate::{
    did::Did,
    message::{
        Criterion, FulfilledCriterion, Presentation, Proof, ProofRequest, ProofResponse, Received,
        VerifiableCredential,
    },
};

/// A request and the response to it, both of the right shape.
pub(super) struct ResponseView<'r> {
    pub(super) request: &'r Received<ProofRequest>,
    pub(super) response: &'r Received<ProofResponse>,
    pub(super) answers: Vec<Answer<'r>>,
    /// The DID whose key signs the response. `None` if the response names none.
    pub(super) holder: Option<Did>,
    pub(super) now: DateTime<Utc>,
    pub(super) policy: &'r ExchangePolicy,
}

/// One element of `FulfilledCriteria`.
pub(super) struct Answer<'r> {
    pub(super) fulfilled: &'r FulfilledCriterion,
    /// The criterion of the request that it answers, with its index; each is answered by one answer
    /// at most.
    pub(super) criterion: Option<(usize, &'r Criterion)>,
}

impl<'r> ResponseView<'r> {
    /// `criteria` are those of the request, with the attributes of their schemas where they ask for
    /// all and these are known.
    pub(super) fn new(
        request: &'r Received<ProofRequest>,
        criteria: &'r [Cow<'r, Criterion>],
        response: &'r Received<ProofResponse>,
        now: DateTime<Utc>,
        policy: &'r ExchangePolicy,
    ) -> Self {
        let asked = &request.message().body.criteria;
        let mut is_answered = vec![false; criteria.len()];
        let answers = response.message().fulfilled.iter().map(|fulfilled| {
            let mut open = asked.iter().zip(criteria).enumerate().zip(&mut is_answered);
            let found = open.find(|((_, (asked, _)), is_answered)| {
                !**is_answered && fulfilled.criterion.asks_the_same_as(asked)
            });
            let criterion = found.map(|((index, (_, criterion)), is_answered)| {
                *is_answered = true;
                (index, &**criterion)
            });
            Answer { fulfilled, criterion }
        });
        let answers = answers.collect();
        let reference = response.message().proof.first().and_then(Proof::key_reference);
        let holder = reference.and_then(owner).and_then(|did| did.parse().ok());
        Self { request, response, answers, holder, now, policy }
    }

    /// Returns the answers to criteria of the request, each with the criterion as the request has
    /// it.
    pub(super) fn answered(&self) -> impl Iterator<Item = (&'r FulfilledCriterion, &'r Criterion)> {
        self.answers.iter().filter_map(|answer| Some((answer.fulfilled, answer.criterion?.1)))
    }

    /// Returns all presentations.
    pub(super) fn presentations(&self) -> impl Iterator<Item = &'r Presentation> {
        self.response.message().presentations()
    }

    /// Returns all credentials.
    pub(super) fn credentials(&self) -> impl Iterator<Item = &'r VerifiableCredential> {
        self.response.message().credentials()
    }

    /// Returns whether a DID is the holder's.
    pub(super) fn is_holder(&self, did: &str) -> bool {
        self.holder.as_ref().is_some_and(|holder| holder.as_str() == did)
    }
}

/// Returns the DID to which a key reference belongs: the text before `#`, if it names a DID at all.
/// The draft's examples also write `key-1`, which is a key of the expected signer.
pub(super) fn owner(reference: &str) -> Option<&str> {
    match reference.split_once('#') {
        Some(("", _)) => None,
        Some((owner, _)) => Some(owner),
        None => reference.starts_with("did:").then_some(reference),
    }
}
