//! The verifier: makes all checks of a response, in order.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use stdx::{
    accepted::{AcceptedOnce, MemoryFailure},
    task::{Aborted, blocking},
};
use verdict::{Failure, Findings, Found, Verdict};

use super::{
    ExchangePolicy, ZeroKnowledge, contents, conversation, dates,
    keys::{Keys, as_failure},
    signatures::Signatures,
    size,
    view::ResponseView,
    zero_knowledge,
};
use crate::{
    check::ExchangeCheck,
    did::{Did, Resolver},
    message::{Message, MessageError, ProofRequest, ProofResponse, Received},
    schema::{self, Schemas},
    signature::Contexts,
};

/// The checks of a request alone, which a holder makes before it answers.
const REQUEST_CHECKS: &[ExchangeCheck] = &[
    ExchangeCheck::Size,
    ExchangeCheck::RequestShape,
    ExchangeCheck::InTime,
    ExchangeCheck::Dates,
    ExchangeCheck::RequestSignature,
];

/// Checks responses and requests. It is cheap to clone.
#[derive(Clone)]
pub struct ExchangeVerifier {
    /// Finds the keys of DIDs.
    pub resolver: Arc<dyn Resolver>,
    /// The contexts for signatures over JSON-LD.
    pub contexts: Contexts,
    /// What it demands.
    pub policy: ExchangePolicy,
    /// Verifies proofs in zero knowledge (check `zero-knowledge`).
    pub zero_knowledge: Option<Arc<dyn ZeroKnowledge>>,
    /// Knows which attributes a criterion asks for that asks for all.
    pub schemas: Option<Arc<dyn Schemas>>,
}

impl ExchangeVerifier {
    /// Returns a verifier that demands everything, resolves DIDs with `resolver`, knows the
    /// contexts that come with this crate, and cannot verify proofs in zero knowledge.
    pub fn new(resolver: Arc<dyn Resolver>) -> Self {
        Self {
            resolver,
            contexts: Contexts::new(),
            policy: ExchangePolicy::default(),
            zero_knowledge: None,
            schemas: None,
        }
    }

    /// Makes all checks of a response to a request but `answered-once`, which needs a memory: see
    /// [`explain_once`](Self::explain_once). Any response, however malformed, gets a verdict.
    ///
    /// Runs on tokio, whose threads for blocking work parse the response and verify its signatures.
    pub async fn explain(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        self.verdict(request, response, now, None).await
    }

    /// Makes all checks of the first response to a request: the caller has seen that none was
    /// accepted, and accepts this one, if it is verified, only if none is accepted in the meantime.
    pub async fn explain_first(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        self.verdict(request, response, now, Some(false)).await
    }

    async fn verdict(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
        is_answered: Option<bool>,
    ) -> Verdict<ExchangeCheck> {
        let mut findings = self.findings();
        self.check_response(request, response, now, is_answered, &mut findings).await;
        findings.into_verdict(Some(request.message().id.clone()), ExchangeCheck::ALL)
    }

    /// Makes all checks of a response to a request, which is answered once (check `answered-once`).
    ///
    /// If the verdict is that the response is verified, the request is recorded as answered in the
    /// memory; of several concurrent responses, one is verified, and the others fail at
    /// `answered-once`. Nothing is recorded of a response that is rejected.
    ///
    /// # Errors
    ///
    /// The memory cannot be read or written; there is no verdict then, and nothing is accepted.
    pub async fn explain_once(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
        answers: &Arc<dyn AcceptedOnce>,
    ) -> Result<Verdict<ExchangeCheck>, MemoryFailure> {
        let mut findings = self.findings();
        let id = &request.message().id;
        let is_answered = recall(answers, id, |answers, id| answers.contains(id)).await?;
        self.check_response(request, response, now, Some(is_answered), &mut findings).await;
        // of two responses that are verified concurrently, one is first
        if findings.hold() {
            let is_first = recall(answers, id, |answers, id| answers.accept(id)).await?;
            findings.add(ExchangeCheck::AnsweredOnce, answered(request, !is_first));
        }
        Ok(findings.into_verdict(Some(id.clone()), ExchangeCheck::ALL))
    }

    /// Does the same as [`explain`](Self::explain), or with a memory as
    /// [`explain_once`](Self::explain_once), for a request that is not parsed yet.
    ///
    /// # Errors
    ///
    /// The memory cannot be read or written.
    pub async fn explain_texts(
        &self,
        request: &[u8],
        response: &[u8],
        now: DateTime<Utc>,
        answers: Option<&Arc<dyn AcceptedOnce>>,
    ) -> Result<Verdict<ExchangeCheck>, MemoryFailure> {
        let mut findings = Findings::new(&self.policy.relaxed);
        let shape = ExchangeCheck::RequestShape;
        match (self.parse(request, shape, &mut findings).await, answers) {
            (Some(request), Some(answers)) => {
                self.explain_once(&request, response, now, answers).await
            }
            (Some(request), None) => Ok(self.explain(&request, response, now).await),
            (None, _) => Ok(findings.into_verdict(None, ExchangeCheck::ALL)),
        }
    }

    /// Checks a request alone: that the verifier it names has signed it, and that it can still be
    /// answered. A holder does so before answering. The verdict has the five checks of a request.
    pub async fn check_request(
        &self,
        request: &Received<ProofRequest>,
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        let mut findings = Findings::new(&self.policy.relaxed);
        let message = request.message();
        findings.add(ExchangeCheck::Size, Vec::new());
        let cautions = schema::cautions(message, self.schemas.as_deref()).await;
        findings.add(ExchangeCheck::RequestShape, Found { cautions, ..Found::default() });
        findings.add(ExchangeCheck::InTime, conversation::in_time(message, now));
        findings.add(ExchangeCheck::Dates, dates::request(message, now, self.policy.latest(now)));
        if findings.hold() {
            self.verify(request, None, now, &mut findings).await;
        }
        findings.into_verdict(Some(message.id.clone()), REQUEST_CHECKS)
    }

    /// Returns the findings before a response is parsed: the request was.
    fn findings(&self) -> Findings<'_, ExchangeCheck> {
        let mut findings = Findings::new(&self.policy.relaxed);
        findings.add(ExchangeCheck::RequestShape, Vec::new());
        findings
    }

    /// Makes the checks of a response. `is_answered` says whether its request was answered before,
    /// if that is known.
    async fn check_response(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
        is_answered: Option<bool>,
        findings: &mut Findings<'_, ExchangeCheck>,
    ) {
        let shape = ExchangeCheck::ResponseShape;
        let Some(response) = self.parse::<ProofResponse>(response, shape, findings).await else {
            return;
        };
        let (criteria, cautions) =
            schema::resolved(request.message(), self.schemas.as_deref()).await;
        let view = ResponseView::new(request, &criteria, &response, now, &self.policy);
        let Some(()) = findings.take(ExchangeCheck::Size, size::check(&view)) else { return };
        findings.add(ExchangeCheck::InTime, conversation::in_time(request.message(), now));
        findings.add(ExchangeCheck::AnswersRequest, conversation::answers_request(&view));
        // before the costly checks
        let check = ExchangeCheck::AnsweredOnce;
        match is_answered {
            Some(is_answered) => findings.add(check, answered(request, is_answered)),
            None => findings.leave(check, "no record of answered requests was given"),
        }
        check_contents(&view, findings);
        findings.add(ExchangeCheck::SchemaOrType, Found { cautions, ..Found::default() });
        let is_complete = match &view.holder {
            Some(holder) if findings.hold() => {
                let signed = Some((response.clone(), holder.clone()));
                self.verify(request, signed, now, findings).await;
                let checker = self.zero_knowledge.as_deref();
                findings.hold() && zero_knowledge::verify(&view, holder, checker, findings).await
            }
            Some(_) => false,
            None => {
                findings.add(ExchangeCheck::ResponseSignature, no_holder());
                false
            }
        };
        if !is_complete {
            withdraw_unproven(&view, findings);
        }
    }

    /// Parses a message; `None` if that fails, and the findings say why.
    async fn parse<M: Message + Send + Sync + 'static>(
        &self,
        bytes: &[u8],
        shape: ExchangeCheck,
        findings: &mut Findings<'_, ExchangeCheck>,
    ) -> Option<Received<M>> {
        let (bytes, mode) = (bytes.to_vec(), self.policy.mode);
        let parsed = blocking(move || Received::<M>::read(&bytes, mode)).await;
        let (check, failures) = match parsed {
            Ok(Ok(message)) => {
                findings.add(shape, Vec::new());
                return Some(message);
            }
            Ok(Err(MessageError::Invalid { kind, violations })) => {
                findings.add(ExchangeCheck::Size, Vec::new());
                let failures = violations.into_iter().map(|violation| {
                    let expected = format!("{} in a {kind}", violation.expected);
                    let failure = Failure::new(expected, violation.got, violation.remedy);
                    match violation.pointer.is_empty() {
                        true => failure,
                        false => failure.about(violation.pointer),
                    }
                });
                (shape, failures.collect())
            }
            Ok(Err(error)) => {
                let expected = format!("a {} as JSON of at most 1 MiB", M::KIND);
                (ExchangeCheck::Size, vec![as_failure(&expected, &error)])
            }
            Err(Aborted) => (shape, vec![aborted()]),
        };
        findings.add(check, failures);
        None
    }

    async fn verify(
        &self,
        request: &Received<ProofRequest>,
        response: Option<(Received<ProofResponse>, Did)>,
        now: DateTime<Utc>,
        findings: &mut Findings<'_, ExchangeCheck>,
    ) {
        let (request, contexts) = (request.clone(), self.contexts.clone());
        let signatures = Signatures { request, response, contexts, now };
        let keys = Keys::resolve(signatures.signers(), &self.resolver).await;
        let checks = signatures.checks();
        let found = blocking(move || signatures.verify(&keys)).await.unwrap_or_else(|Aborted| {
            checks.into_iter().map(|check| (check, vec![aborted()])).collect()
        });
        found.into_iter().for_each(|(check, failures)| findings.add(check, failures));
    }
}

/// Makes the checks that need neither keys nor mathematics.
fn check_contents(view: &ResponseView<'_>, findings: &mut Findings<'_, ExchangeCheck>) {
    use ExchangeCheck as Check;
    findings.add(Check::CriteriaAnswered, conversation::criteria_answered(view));
    findings.add(Check::AcceptedTypes, conversation::accepted_types(view));
    findings.add(Check::Issuers, contents::issuers(view));
    findings.add(Check::SchemaOrType, contents::schema_or_type(view));
    findings.add(Check::Attributes, contents::attributes(view));
    findings.add(Check::Subject, contents::subject(view));
    findings.add(Check::Count, contents::count(view));
    findings.add(Check::DistinctCredentials, contents::distinct_credentials(view));
    findings.add(Check::Dates, dates::response(view));
    findings.add(Check::ZeroKnowledge, zero_knowledge::shape(view));
}

/// Takes back the checks of what a proof in zero knowledge shows, and from how many credentials:
/// that is unknown where the proof was not verified.
fn withdraw_unproven(view: &ResponseView<'_>, findings: &mut Findings<'_, ExchangeCheck>) {
    findings.withdraw(ExchangeCheck::ZeroKnowledge);
    if view.answers.iter().any(|answer| answer.fulfilled.is_cl()) {
        findings.withdraw(ExchangeCheck::Attributes);
        findings.withdraw(ExchangeCheck::Count);
        findings.withdraw(ExchangeCheck::DistinctCredentials);
    }
}

fn no_holder() -> Failure {
    Failure::new(
        "a response that is signed with a key of the holder's DID",
        "no signature, or one whose key has no DID",
        "sign the response, and name the key with its DID, as did:sov:WgWxqztrNooG92RXvxSTWv#key-1",
    )
    .about("/proof")
}

fn aborted() -> Failure {
    Failure::new(
        "checks that come to their end",
        "one of them panicked",
        "do not accept it; save the message and report it",
    )
}

/// Calls a memory where waiting for a disk delays no other task.
async fn recall(
    answers: &Arc<dyn AcceptedOnce>,
    request_id: &str,
    call: impl FnOnce(&dyn AcceptedOnce, &str) -> Result<bool, MemoryFailure> + Send + 'static,
) -> Result<bool, MemoryFailure> {
    let (answers, id) = (Arc::clone(answers), request_id.to_owned());
    let called = blocking(move || call(&*answers, &id)).await;
    called.unwrap_or_else(|Aborted| {
        Err(MemoryFailure::new("the record of answered requests panicked; report it"))
    })
}

/// Returns the failure if a request was answered before.
fn answered(request: &Received<ProofRequest>, is_answered: bool) -> Option<Failure> {
    is_answered.then(|| {
        Failure::new(
            format!("the first response to the request {}", request.message().id),
            "another, after one was accepted",
            "ask the verifier for a new request",
        )
    })
}
