//! Answers in zero knowledge: what they must look like here; the mathematics is somebody else's.

use async_trait::async_trait;
use proofs::verdict::Failure;
use serde_json::Value;

use super::{
    contents::wrong_count,
    findings::Findings,
    read::{Answer, Read},
};
use crate::{
    check::ExchangeCheck,
    did::Did,
    message::{CL_PRESENTATION, Criterion, ProofRequest, Received},
};

/// Verifies answers in zero knowledge.
#[async_trait]
pub trait ZeroKnowledge: Send + Sync {
    /// What speaks against this answer of a holder to the criterion of the request with this index.
    async fn check(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings;
}

/// What was found in an answer in zero knowledge. Empty lists are what one hopes for. What a failure is about is a
/// pointer into the presentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZeroKnowledgeFindings {
    /// Why it is no valid proof of what is asked (check `zero-knowledge`).
    pub verified: Vec<Failure>,
    /// What does not show that its credentials differ (check `distinct-credentials`).
    pub distinct: Vec<Failure>,
    /// Which attributes are missing, or were not asked for (check `attributes`).
    pub attributes: Vec<Failure>,
    /// How many different credentials it is made from (check `count`).
    pub credentials: u64,
}

/// `zero-knowledge`, as far as it is seen without mathematics: a predicate is answered by a proof, and a proof
/// is alone, for nothing could show that it and something beside it come from different credentials.
pub(super) fn shape(read: &Read<'_>) -> Vec<Failure> {
    let asked = read.asked();
    asked
        .filter_map(|(answer, asked)| answer_shape(answer, asked))
        .collect()
}

fn answer_shape(answer: &Answer<'_>, asked: &Criterion) -> Option<Failure> {
    let (expected, got) = if answer.is_cl() {
        let count = answer.presentations.len();
        if count == 1 {
            return None;
        }
        let got = format!("{count} presentations");
        ("one proof in zero knowledge, and nothing beside it", got)
    } else if !asked.predicates.is_empty() && !answer.presentations.is_empty() {
        let got = "signed attributes, which prove no predicate".to_owned();
        ("a proof in zero knowledge", got)
    } else {
        return None;
    };
    let remedy =
        "answer the criterion by one presentation of all its credentials in zero knowledge";
    let failure = Failure::new(expected, got, remedy);
    Some(failure.about(format!("{}/Presentations", answer.pointer)))
}

/// The checks of the answers in zero knowledge. `false` if one of them is no valid proof: then it is not known
/// what it shows, and of how many credentials.
pub(super) async fn verify(
    read: &Read<'_>,
    holder: &Did,
    checker: Option<&dyn ZeroKnowledge>,
    findings: &mut Findings<'_>,
) -> bool {
    let mut are_valid = true;
    for answer in &read.answers {
        let Some((index, asked)) = answer.asked else {
            continue;
        };
        for presented in &answer.presentations {
            let proof = presented.message.presentation.as_ref();
            let Some(proof) = proof.filter(|_| presented.message.is_cl()) else {
                continue;
            };
            let place = format!("{}/presentation", presented.pointer);
            let Some(checker) = checker else {
                let failure = Failure::new(
                    "a verifier that can verify proofs in zero knowledge",
                    format!("one that cannot, and a presentation of type {CL_PRESENTATION}"),
                    "give the verifier a ledger, or do not accept this type",
                );
                findings.add(ExchangeCheck::ZeroKnowledge, vec![failure.about(place)]);
                are_valid = false;
                continue;
            };
            let found = checker.check(read.request, index, holder, proof).await;
            let is_valid = found.verified.is_empty();
            are_valid &= is_valid;
            let count = wrong_count(asked, found.credentials).filter(|_| is_valid);
            let count = count.map(|failure| failure.about(&place));
            findings.add(ExchangeCheck::ZeroKnowledge, within(&place, found.verified));
            findings.add(
                ExchangeCheck::DistinctCredentials,
                within(&place, found.distinct),
            );
            findings.add(ExchangeCheck::Attributes, within(&place, found.attributes));
            findings.add(ExchangeCheck::Count, Vec::from_iter(count));
        }
    }
    are_valid
}

/// Failures about places in what is at `place`.
fn within(place: &str, failures: Vec<Failure>) -> Vec<Failure> {
    let whole = |mut failure: Failure| {
        let inner = failure.referent.take().unwrap_or_default();
        failure.about(format!("{place}{inner}"))
    };
    failures.into_iter().map(whole).collect()
}
