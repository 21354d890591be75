//! The verdict on responses to the credit-card application of the draft: in order, and with one
//! error each.

mod alterations;
mod contents;
mod conversation;
mod meaning;
mod memory;
mod shapes;
mod signatures;
mod zero_knowledge;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use exchange::{
    check::ExchangeCheck,
    message::{ProofRequest, Received},
    verifier::{AcceptedInMemory, AcceptedOnce, ExchangeVerifier, ZeroKnowledge},
};
use serde_json::Value;
use verdict::{Failure, Outcome, Verdict};

use crate::credit_card::{self, bytes, now, request, resolver, response};

/// A verifier with a memory that does not fail.
#[derive(Clone)]
struct Remembering {
    verifier: ExchangeVerifier,
    answers: Arc<dyn AcceptedOnce>,
}

impl Remembering {
    fn with_zero_knowledge(mut self, checker: Arc<dyn ZeroKnowledge>) -> Self {
        self.verifier.zero_knowledge = Some(checker);
        self
    }

    async fn explain(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        self.verifier.explain_once(request, response, now, &self.answers).await.unwrap()
    }

    async fn explain_texts(
        &self,
        request: &[u8],
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        let answers = Some(&self.answers);
        self.verifier.explain_texts(request, response, now, answers).await.unwrap()
    }

    async fn check_request(
        &self,
        request: &Received<ProofRequest>,
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        self.verifier.check_request(request, now).await
    }
}

/// Returns a verifier with a memory, and the memory.
fn verifier() -> (Remembering, Arc<dyn AcceptedOnce>) {
    let answers: Arc<dyn AcceptedOnce> = Arc::new(AcceptedInMemory::new());
    let verifier = ExchangeVerifier::new(resolver());
    (Remembering { verifier, answers: answers.clone() }, answers)
}

fn lenient(check: ExchangeCheck) -> ExchangeVerifier {
    let mut verifier = ExchangeVerifier::new(resolver());
    verifier.policy.relaxed.insert(check);
    verifier
}

async fn verified(request: &Received<ProofRequest>, response: &Value) {
    let (verifier, answers) = verifier();
    let verdict = verifier.explain(request, &bytes(response), now()).await;
    assert!(verdict.verified(), "{verdict}");
    assert_eq!(answers.contains(&request.message().id), Ok(true));
}

/// Returns the failures of a response at the one check that fails; the memory records nothing of
/// it.
async fn refused(
    request: &Received<ProofRequest>,
    response: &Value,
    check: ExchangeCheck,
) -> Vec<Failure> {
    let (verifier, answers) = verifier();
    let verdict = verifier.explain(request, &bytes(response), now()).await;
    assert_eq!(answers.contains(&request.message().id), Ok(false));
    only(&verdict, check)
}

/// Returns the failures of the one check that failed.
fn only(verdict: &Verdict<ExchangeCheck>, check: ExchangeCheck) -> Vec<Failure> {
    assert!(!verdict.verified(), "{verdict}");
    let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
    assert_eq!(failed, [check], "{verdict}");
    let report = verdict.failed().next().unwrap();
    for failure in &report.failures {
        assert!(!failure.remedy.is_empty() && !failure.remedy.ends_with('.'));
    }
    report.failures.clone()
}

/// Returns the pointer of the only failure.
fn place(failures: &[Failure]) -> &str {
    match failures {
        [failure] => failure.referent.as_deref().unwrap_or_default(),
        failures => panic!("{failures:?}"),
    }
}

#[tokio::test]
async fn the_credit_card_application_is_verified_with_every_check() {
    let request = request().await;
    let (verifier, _) = verifier();
    let response = bytes(&response(&request).await);
    let verdict = verifier.explain(&request, &response, now()).await;
    assert!(verdict.verified(), "{verdict}");
    for report in &verdict.reports {
        assert_eq!(report.outcome, Outcome::Passed, "{verdict}");
    }
    assert_eq!(verdict.reports.len(), ExchangeCheck::ALL.len());
}

#[tokio::test]
async fn a_verdict_prints_and_serializes() {
    let request = request().await;
    let mut response = response(&request).await;
    response["proofRequestId"] = "752e4391-2111-4ab6-b174-67fd88d51e9f".into();
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&response), now()).await;
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["verdict"], "rejected");
    assert_eq!(json["id"], credit_card::REQUEST_ID);
    let lines = json["checks"].as_array().unwrap();
    let line = |name: &str| lines.iter().find(|line| line["check"] == name).unwrap();
    assert_eq!(line("answers-request")["outcome"], "failed", "{json}");
    assert!(verdict.to_string().contains("because answers-request failed"), "{verdict}");
}

#[tokio::test]
async fn a_request_is_checked_before_it_is_answered() {
    let request = request().await;
    let (verifier, _) = verifier();
    let verdict = verifier.check_request(&request, now()).await;
    assert!(verdict.verified(), "{verdict}");

    let late = credit_card::time(credit_card::EXPIRES) + chrono::Duration::seconds(1);
    let verdict = verifier.check_request(&request, late).await;
    let failures = only(&verdict, ExchangeCheck::InTime);
    assert_eq!(place(&failures), "/proofRequest/expires");

    let early = credit_card::time(credit_card::ASKED) - chrono::Duration::minutes(6);
    only(&verifier.check_request(&request, early).await, ExchangeCheck::Dates);

    let mut altered = request.document().clone();
    altered["proofURL"] = "https://example.org/elsewhere".into();
    let altered = Received::of(altered, Default::default()).unwrap();
    let verdict = verifier.check_request(&altered, now()).await;
    let failures = only(&verdict, ExchangeCheck::RequestSignature);
    assert_eq!(place(&failures), "/proof");
}
