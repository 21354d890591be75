//! The whole exchange: a request, answers with signed attributes and in zero knowledge in one
//! response, the verdict.

use std::sync::Arc;

use anoncreds::{Policy, Verifier};
use exchange::{
    check::ExchangeCheck,
    did::Did,
    key::Signer,
    message::{CL_PRESENTATION, Form, ProofRequest, Received, Spelling},
    signature::Signed,
    verifier::ExchangeVerifier,
};
use exchange_anoncreds::ClChecker;
use serde_json::{Value, json};
use verdict::{Outcome, Verdict};

use crate::{
    credit_card::{
        self, ANSWERED, HOLDER, OTHER_ISSUER, answer, email, key, now, presentation, proof_by,
        resolver, signed_request, unsigned_request,
    },
    parties::{ACME, GLOBEX, Key, Parties, adult, two_payslips},
};

/// The numbers of the criteria in the request.
const ADULT: usize = 0;
const PAYSLIPS: usize = 1;
const EMAIL: usize = 2;

/// Asks for age and name, and two payslips; and for more, if there is more.
async fn request(more: &[Value]) -> Received<ProofRequest> {
    let mut request = unsigned_request();
    let criteria = [&[adult(), two_payslips()], more].concat();
    request["proofRequest"]["criteria"] = json!(criteria);
    request["proofRequest"]["accept"] =
        json!(["json/Ed25519VerificationKey2018", "json/CLSignature2019"]);
    signed_request(request).await
}

/// Returns the draft's criterion for an e-mail address, which is answered with signed attributes.
fn by_mail() -> Value {
    unsigned_request()["proofRequest"]["criteria"][0].take()
}

/// Returns a holder with an identity, and a payslip from each of two employers.
async fn parties() -> Parties {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    let acme = parties.payslips(ACME, Key::First).await;
    let globex = parties.payslips(GLOBEX, Key::Second).await;
    parties.hold_identity(&identities, "Alex", "28").await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    parties.hold_payslip(&globex, &["february"], "2026-02", "3100").await;
    parties
}

async fn in_zero_knowledge(
    parties: &Parties,
    request: &Received<ProofRequest>,
    index: usize,
    holder: &str,
) -> Value {
    let holder: Did = holder.parse().unwrap();
    let answered = parties.answer_as(request, index, &[], &holder).await.unwrap();
    let mut presentation = presentation(100 * index, Vec::new());
    presentation["type"] = json!(["VerifiablePresentation", CL_PRESENTATION]);
    presentation["presentation"] = answered;
    let criterion =
        request.message().body.criteria[index].written(Spelling::Response, Form::default());
    json!({"Criterion": criterion, "Presentations": [presentation]})
}

fn response(request: &Received<ProofRequest>, answers: &[Value]) -> Value {
    json!({
        "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
        "proofRequestId": request.message().id,
        "FulfilledCriteria": answers,
    })
}

/// Signs all presentations of a response, and the response.
async fn sign_as(response: &mut Value, signer: &dyn Signer) {
    for answer in response["FulfilledCriteria"].as_array_mut().unwrap() {
        for presentation in answer["Presentations"].as_array_mut().unwrap() {
            let proof = proof_by(Signed::Message(presentation), signer, ANSWERED).await;
            presentation["proof"] = json!([proof]);
        }
    }
    let proof = proof_by(Signed::Message(response), signer, ANSWERED).await;
    response["proof"] = json!([proof]);
}

async fn verdict(
    parties: &Parties,
    request: &Received<ProofRequest>,
    response: &Value,
) -> Verdict<ExchangeCheck> {
    let checker = ClChecker::new(Verifier::new(Policy::default()), Arc::new(parties.objects()));
    let mut verifier = ExchangeVerifier::new(resolver());
    verifier.zero_knowledge = Some(Arc::new(checker));
    let bytes = credit_card::bytes(response);
    verifier.explain(request, &bytes, now()).await
}

fn failed(verdict: &Verdict<ExchangeCheck>) -> Vec<ExchangeCheck> {
    verdict.failed().map(|report| report.check).collect()
}

#[tokio::test]
async fn one_response_has_signed_attributes_and_zero_knowledge_proofs() {
    let (parties, request) = (parties().await, request(&[by_mail()]).await);
    let answers = [
        in_zero_knowledge(&parties, &request, ADULT, HOLDER).await,
        in_zero_knowledge(&parties, &request, PAYSLIPS, HOLDER).await,
        answer(&request, EMAIL, vec![email().await]),
    ];
    let mut response = response(&request, &answers);
    sign_as(&mut response, &key(HOLDER, "key-1")).await;
    let verdict = verdict(&parties, &request, &response).await;
    assert_eq!(failed(&verdict), [], "{verdict}");
    assert_eq!(verdict.outcome(ExchangeCheck::ZeroKnowledge), Outcome::Passed);
}

#[tokio::test]
async fn an_answer_that_another_holder_signs_is_refused() {
    let (parties, request) = (parties().await, request(&[]).await);
    let answers = [
        in_zero_knowledge(&parties, &request, ADULT, HOLDER).await,
        in_zero_knowledge(&parties, &request, PAYSLIPS, HOLDER).await,
    ];
    let mut response = response(&request, &answers);
    sign_as(&mut response, &key(OTHER_ISSUER, "key-1")).await;
    let verdict = verdict(&parties, &request, &response).await;
    assert_eq!(failed(&verdict), [ExchangeCheck::ZeroKnowledge], "{verdict}");
}

#[tokio::test]
async fn an_answer_to_one_criterion_is_none_to_another() {
    let (parties, request) = (parties().await, request(&[]).await);
    let mut for_payslips = in_zero_knowledge(&parties, &request, PAYSLIPS, HOLDER).await;
    let of_age = in_zero_knowledge(&parties, &request, ADULT, HOLDER).await;
    for_payslips["Presentations"][0]["presentation"] =
        of_age["Presentations"][0]["presentation"].clone();
    let mut response = response(&request, &[of_age, for_payslips]);
    sign_as(&mut response, &key(HOLDER, "key-1")).await;
    let verdict = verdict(&parties, &request, &response).await;
    assert_eq!(
        failed(&verdict),
        [ExchangeCheck::Attributes, ExchangeCheck::ZeroKnowledge],
        "{verdict}"
    );
    let place = verdict.failed().next().unwrap().failures[0].referent.clone();
    let place = place.unwrap();
    assert!(
        place.starts_with("/FulfilledCriteria/1/Presentations/0/presentation/requested_proof"),
        "{place}"
    );
}
