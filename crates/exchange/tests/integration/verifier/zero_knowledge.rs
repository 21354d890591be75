//! `zero-knowledge`, with a checker whose findings are given.

use super::*;
use crate::credit_card::*;
use exchange::{
    did::Did,
    verifier::{ZeroKnowledge, ZeroKnowledgeFindings},
};
use serde_json::json;

/// Finds the same in every answer.
struct Finds(ZeroKnowledgeFindings);

#[async_trait::async_trait]
impl ZeroKnowledge for Finds {
    async fn check(
        &self,
        request: &Received<ProofRequest>,
        criterion: usize,
        holder: &Did,
        presentation: &Value,
    ) -> ZeroKnowledgeFindings {
        assert_eq!(request.message().body.criteria[criterion].description, "Date of Birth");
        assert_eq!(holder.as_str(), HOLDER);
        assert_eq!(presentation["proof"], "of age");
        self.0.clone()
    }
}

fn found(credentials: u64) -> ZeroKnowledgeFindings {
    ZeroKnowledgeFindings { credentials, ..ZeroKnowledgeFindings::default() }
}

fn failure() -> Failure {
    Failure::new("this", "that", "do something about it")
}

/// Returns the credit-card application that asks for an age instead of a date of birth.
async fn asks_for_age() -> Received<ProofRequest> {
    let mut asked = unsigned_request();
    asked["proofRequest"]["criteria"][1]["predicates"] =
        json!([{"name": "Age", "p_type": ">=", "p_value": 18}]);
    signed_request(asked).await
}

fn cl_presentation(number: usize) -> Value {
    let mut presentation = presentation(number, Vec::new());
    presentation["type"] = json!(["VerifiablePresentation", "CLSignature2019"]);
    presentation["presentation"] = json!({"proof": "of age"});
    presentation
}

/// Returns its answer: that criterion in zero knowledge, the others with signed attributes.
async fn mixed(request: &Received<ProofRequest>) -> Value {
    let mut response = unsigned_response(request).await;
    response["FulfilledCriteria"][1]["Presentations"] = json!([cl_presentation(100)]);
    sign(&mut response).await;
    response
}

async fn verdict(response: &Value, found: ZeroKnowledgeFindings) -> Verdict<ExchangeCheck> {
    let request = asks_for_age().await;
    let (verifier, answers) = verifier();
    let verifier = verifier.with_zero_knowledge(Arc::new(Finds(found)));
    let verdict = verifier.explain(&request, &bytes(response), now()).await;
    assert_eq!(answers.contains(REQUEST_ID), Ok(verdict.verified()));
    verdict
}

#[tokio::test]
async fn zero_knowledge_and_signed_attributes_answer_two_criteria() {
    let response = mixed(&asks_for_age().await).await;
    let verdict = verdict(&response, found(1)).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test]
async fn each_finding_is_reported_at_its_own_check() {
    let response = mixed(&asks_for_age().await).await;
    let one = || vec![failure()];
    let cases = [
        (ZeroKnowledgeFindings { verified: one(), ..found(0) }, ExchangeCheck::ZeroKnowledge),
        (ZeroKnowledgeFindings { distinct: one(), ..found(1) }, ExchangeCheck::DistinctCredentials),
        (ZeroKnowledgeFindings { attributes: one(), ..found(1) }, ExchangeCheck::Attributes),
        (found(0), ExchangeCheck::Count),
        (found(2), ExchangeCheck::Count),
    ];
    for (found, check) in cases {
        only(&verdict(&response, found).await, check);
    }
}

#[tokio::test]
async fn an_unverified_proof_passes_no_check_of_its_contents() {
    let response = mixed(&asks_for_age().await).await;
    let refused = ZeroKnowledgeFindings { verified: vec![failure()], ..found(1) };
    let verdict = verdict(&response, refused).await;
    for check in
        [ExchangeCheck::Count, ExchangeCheck::Attributes, ExchangeCheck::DistinctCredentials]
    {
        assert_eq!(verdict.outcome(check), Outcome::NotReached, "{verdict}");
    }
}

#[tokio::test]
async fn a_verifier_that_cannot_verify_zero_knowledge_accepts_none() {
    let request = asks_for_age().await;
    let response = mixed(&request).await;
    let failures = refused(&request, &response, ExchangeCheck::ZeroKnowledge).await;
    assert_eq!(place(&failures), "/FulfilledCriteria/1/Presentations/0/presentation");
}

#[tokio::test]
async fn a_request_that_does_not_accept_zero_knowledge_gets_none() {
    let mut asked = unsigned_request();
    asked["proofRequest"]["accept"] = json!(["json/Ed25519VerificationKey2018"]);
    let request = signed_request(asked).await;
    let response = mixed(&request).await;
    let failures = refused(&request, &response, ExchangeCheck::AcceptedTypes).await;
    assert_eq!(failures[0].got, "CLSignature2019");
}

#[tokio::test]
async fn a_predicate_is_not_answered_by_signed_attributes() {
    let request = asks_for_age().await;
    let response = response(&request).await;
    let failures = refused(&request, &response, ExchangeCheck::ZeroKnowledge).await;
    assert_eq!(place(&failures), "/FulfilledCriteria/1/Presentations");
}

#[tokio::test]
async fn a_proof_in_zero_knowledge_answers_its_criterion_alone() {
    let request = asks_for_age().await;
    let mut two = unsigned_response(&request).await;
    two["FulfilledCriteria"][1]["Presentations"] =
        json!([cl_presentation(100), cl_presentation(101)]);
    sign(&mut two).await;
    only(&verdict(&two, found(1)).await, ExchangeCheck::ZeroKnowledge);
}

#[tokio::test]
async fn a_presentation_is_one_thing_or_the_other() {
    let request = asks_for_age().await;
    let mut without = cl_presentation(100);
    without.as_object_mut().unwrap().remove("presentation");
    let mut both = cl_presentation(100);
    both["verifiableCredential"] = json!([licence().await]);
    for presentation in [without, both] {
        let mut response = unsigned_response(&request).await;
        response["FulfilledCriteria"][1]["Presentations"] = json!([presentation]);
        sign(&mut response).await;
        let verdict = verdict(&response, found(1)).await;
        only(&verdict, ExchangeCheck::ResponseShape);
    }
}
