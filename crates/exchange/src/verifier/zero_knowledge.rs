//! The checks of answers in zero knowledge. The mathematics is behind a trait, [`ZeroKnowledge`].

use async_trait::async_trait;
use serde_json::Value;
use verdict::{Failure, Findings};

use super::{contents::wrong_count, view::ResponseView};
use crate::{
    check::ExchangeCheck,
    did::Did,
    message::{CL_PRESENTATION, Criterion, FulfilledCriterion, ProofRequest, Received},
};

/// Verifies answers in zero knowledge.
#[async_trait]
pub trait ZeroKnowledge: Send + Sync {
    /// Checks the answer of a holder to the criterion of the request with this index.
    async fn check(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings;
}

/// What was found in an answer in zero knowledge; all lists of an answer in order are empty. A
/// failure names a pointer into the presentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZeroKnowledgeFindings {
    /// Why it is not a valid proof of what the criterion asks for (check `zero-knowledge`).
    pub verified: Vec<Failure>,
    /// Which credentials are not shown to differ (check `distinct-credentials`).
    pub distinct: Vec<Failure>,
    /// Which attributes are missing, or are not asked for (check `attributes`).
    pub attributes: Vec<Failure>,
    /// How many different credentials it is made from (check `count`).
    pub credentials: u64,
}

/// Checks `zero-knowledge`, as far as it needs no mathematics: a predicate is answered by a proof,
/// and a proof is the only presentation, because nothing could show that it and another come from
/// different credentials.
pub(super) fn shape(view: &ResponseView<'_>) -> Vec<Failure> {
    let answers = view.answered();
    answers.filter_map(|(answer, criterion)| answer_shape(answer, criterion)).collect()
}

fn answer_shape(answer: &FulfilledCriterion, criterion: &Criterion) -> Option<Failure> {
    let (expected, got) = match (answer.is_cl(), answer.presentations.len()) {
        (true, 1) | (false, 0) => return None,
        (false, _) if criterion.predicates.is_empty() => return None,
        (true, count) => {
            ("one proof in zero knowledge, and nothing beside it", format!("{count} presentations"))
        }
        (false, _) => {
            ("a proof in zero knowledge", "signed attributes, which prove no predicate".to_owned())
        }
    };
    let remedy =
        "answer the criterion by one presentation of all its credentials in zero knowledge";
    let failure = Failure::new(expected, got, remedy);
    Some(failure.about(format!("{}/Presentations", answer.pointer)))
}

/// Makes the checks of the answers in zero knowledge. `false` if one of them is not a valid proof:
/// then it is unknown what it shows, and of how many credentials.
pub(super) async fn verify(
    view: &ResponseView<'_>,
    holder: &Did,
    checker: Option<&dyn ZeroKnowledge>,
    findings: &mut Findings<'_, ExchangeCheck>,
) -> bool {
    let mut are_valid = true;
    for answer in &view.answers {
        let Some((index, criterion)) = answer.criterion else {
            continue;
        };
        let presentations = answer.fulfilled.presentations.iter();
        for presentation in presentations.filter(|presentation| presentation.is_cl()) {
            let pointer = format!("{}/presentation", presentation.pointer);
            let proof = view.response.part(&pointer);
            let Some(checker) = checker else {
                let failure = Failure::new(
                    "a verifier that can verify proofs in zero knowledge",
                    format!("one that cannot, and a presentation of type {CL_PRESENTATION}"),
                    "give the verifier a ledger, or do not accept this type",
                );
                findings.add(ExchangeCheck::ZeroKnowledge, failure.about(pointer));
                are_valid = false;
                continue;
            };
            let found = checker.check(view.request, index, holder, proof).await;
            let is_valid = found.verified.is_empty();
            are_valid &= is_valid;
            let count = wrong_count(criterion, found.credentials).filter(|_| is_valid);
            let count = count.map(|failure| failure.about(&pointer));
            let mut add = |check, failures| findings.add(check, within(&pointer, failures));
            add(ExchangeCheck::ZeroKnowledge, found.verified);
            add(ExchangeCheck::DistinctCredentials, found.distinct);
            add(ExchangeCheck::Attributes, found.attributes);
            findings.add(ExchangeCheck::Count, count);
        }
    }
    are_valid
}

/// Prefixes the pointers of failures, which lead into the presentation at `pointer`, with that
/// pointer.
fn within(pointer: &str, failures: Vec<Failure>) -> Vec<Failure> {
    let prefixed = |mut failure: Failure| {
        let inner = failure.referent.take().unwrap_or_default();
        failure.about(format!("{pointer}{inner}"))
    };
    failures.into_iter().map(prefixed).collect()
}
