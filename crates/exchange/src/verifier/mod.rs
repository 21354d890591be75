//! The checks of a response, and the verdict.
//!
//! A response is verified if every [`ExchangeCheck`] passes that the [policy](ExchangePolicy) does not relax. The
//! verdict is of the same kind as that of an AnonCreds presentation: all checks by name, each passed, failed
//! or not reached; a failure says where (a JSON pointer into the response, or into the request for what starts
//! with `/proofRequest` or belongs to a check of the request), what was expected, what was found, and what to do.
//!
//! The draft says what a response is made of (section "Proof Response Message Structure"), and leaves to the verifier
//! what to make sure of.
//!
//! What costs little comes first. Keys are looked up and signatures verified only if everything else holds:
//! the size, the shapes, the request's id and time, the criteria, the contents of the credentials, the dates.
//! Proofs in zero knowledge come last. A response that fails early makes little work.
//!
//! | module | checks |
//! |---|---|
//! | `size` | `size` |
//! | `conversation` | `in-time`, `answers-request`, `criteria-answered`, `accepted-types` |
//! | `answers` | the memory for `answered-once` |
//! | `contents` | `issuers`, `schema-or-type`, `attributes`, `subject`, `count`, `distinct-credentials` |
//! | `dates` | `dates` |
//! | `keys`, `signatures` | `request-signature`, `response-signature`, `presentation-signatures`, `attribute-signatures` |
//! | `zero_knowledge` | `zero-knowledge` |

mod answers;
mod ask;
mod contents;
mod conversation;
mod dates;
mod findings;
mod keys;
mod policy;
mod read;
mod signatures;
mod size;
mod zero_knowledge;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use proofs::verdict::{Failure, Verdict};

use crate::{
    check::ExchangeCheck,
    did::{Did, Resolver},
    message::{Message, MessageError, ProofRequest, ProofResponse, Received},
    signature::Contexts,
};
use findings::Findings;
use keys::Keys;
use read::Read;
use signatures::Signatures;

pub use answers::{AnsweredRequests, AnswersFile, MemoryAnswers};
pub use ask::{AskError, Question, ask};
pub use keys::MAX_DIDS;
pub use policy::ExchangePolicy;
pub use size::MAX_WORK;
pub use zero_knowledge::{ZeroKnowledge, ZeroKnowledgeFindings};

/// The checks of a request alone: what a holder wants to know before it answers.
const OF_REQUEST: &[ExchangeCheck] = &[
    ExchangeCheck::Size,
    ExchangeCheck::RequestShape,
    ExchangeCheck::InTime,
    ExchangeCheck::Dates,
    ExchangeCheck::RequestSignature,
];

/// Checks responses, and requests. It is cheap to clone.
#[derive(Clone)]
pub struct ExchangeVerifier {
    resolver: Arc<dyn Resolver>,
    contexts: Arc<Contexts>,
    policy: Arc<ExchangePolicy>,
    answers: Option<Arc<dyn AnsweredRequests>>,
    zero_knowledge: Option<Arc<dyn ZeroKnowledge>>,
}

impl ExchangeVerifier {
    /// A verifier that insists on everything, resolves DIDs like this, knows the contexts that come with this crate,
    /// has no memory of answered requests, and cannot verify proofs in zero knowledge.
    pub fn new(resolver: Arc<dyn Resolver>) -> Self {
        Self {
            resolver,
            contexts: Arc::new(Contexts::new()),
            policy: Arc::default(),
            answers: None,
            zero_knowledge: None,
        }
    }

    /// The same with other contexts for signatures over JSON-LD.
    #[must_use]
    pub fn with_contexts(mut self, contexts: Contexts) -> Self {
        self.contexts = Arc::new(contexts);
        self
    }

    /// The same with another policy.
    #[must_use]
    pub fn with_policy(mut self, policy: ExchangePolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// The same with a memory: a request is answered once (check `answered-once`).
    #[must_use]
    pub fn with_answers(mut self, answers: Arc<dyn AnsweredRequests>) -> Self {
        self.answers = Some(answers);
        self
    }

    /// The same with what verifies proofs in zero knowledge (check `zero-knowledge`).
    #[must_use]
    pub fn with_zero_knowledge(mut self, checker: Arc<dyn ZeroKnowledge>) -> Self {
        self.zero_knowledge = Some(checker);
        self
    }

    /// How it resolves DIDs.
    pub fn resolver(&self) -> &Arc<dyn Resolver> {
        &self.resolver
    }

    /// The same with another way to resolve DIDs.
    #[must_use]
    pub fn with_resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolver = resolver;
        self
    }

    /// What is true of a response to a request, by all checks. Whatever the response is, this gives a verdict.
    ///
    /// The request counts as answered, where there is a memory, as soon as the verdict is that the response is
    /// verified; of several responses at the same time, one is verified, and the others fail at `answered-once`.
    /// Nothing is kept of a response that is rejected.
    ///
    /// Runs on tokio, whose threads for blocking work read the response and verify its signatures.
    pub async fn explain(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        let mut findings = Findings::new(&self.policy.relaxed);
        findings.add(ExchangeCheck::RequestShape, Vec::new());
        self.examine(request, response, now, &mut findings).await;
        let id = request.message().id.clone();
        findings.into_verdict(Some(id), ExchangeCheck::ALL)
    }

    /// As [`explain`](Self::explain), of a request that is yet to be read.
    pub async fn explain_texts(
        &self,
        request: &[u8],
        response: &[u8],
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        let mut findings = Findings::new(&self.policy.relaxed);
        let check = ExchangeCheck::RequestShape;
        match self
            .read::<ProofRequest>(request, check, &mut findings)
            .await
        {
            Some(request) => self.explain(&request, response, now).await,
            None => findings.into_verdict(None, ExchangeCheck::ALL),
        }
    }

    /// What is true of a request alone: that the verifier it names has signed it, and that it can still be answered.
    /// A holder wants to know it before answering. The verdict has the five checks that there are of a request.
    pub async fn check_request(
        &self,
        request: &Received<ProofRequest>,
        now: DateTime<Utc>,
    ) -> Verdict<ExchangeCheck> {
        let mut findings = Findings::new(&self.policy.relaxed);
        let message = request.message();
        let latest = now
            .checked_add_signed(self.policy.clock_skew)
            .unwrap_or(now);
        findings.add(ExchangeCheck::Size, Vec::new());
        findings.add(ExchangeCheck::RequestShape, Vec::new());
        findings.add(ExchangeCheck::InTime, conversation::in_time(message, now));
        findings.add(ExchangeCheck::Dates, dates::request(request, latest));
        if findings.hold() {
            let signatures = Signatures::of_request(request);
            self.verify(
                signatures,
                &[ExchangeCheck::RequestSignature],
                &mut findings,
            )
            .await;
        }
        findings.into_verdict(Some(message.id.clone()), OF_REQUEST)
    }

    /// All checks of a response, and its acceptance.
    async fn examine(
        &self,
        request: &Received<ProofRequest>,
        response: &[u8],
        now: DateTime<Utc>,
        findings: &mut Findings<'_>,
    ) {
        let check = ExchangeCheck::ResponseShape;
        let Some(response) = self.read::<ProofResponse>(response, check, findings).await else {
            return;
        };
        let read = Read::new(request, &response, now, self.policy.clock_skew);
        let size = size::check(&read);
        let is_small = size.is_empty();
        findings.add(ExchangeCheck::Size, size);
        if !is_small {
            return;
        }
        let request_id = &request.message().id;
        findings.add(
            ExchangeCheck::InTime,
            conversation::in_time(request.message(), now),
        );
        findings.add(
            ExchangeCheck::AnswersRequest,
            conversation::answers_request(&read),
        );
        self.check_answered(request_id, findings).await;
        check_contents(&read, findings);
        let are_judged = match read.holder() {
            Some(holder) if findings.hold() => self.check_proofs(&read, &holder, findings).await,
            Some(_) => false,
            None => {
                findings.add(ExchangeCheck::ResponseSignature, vec![no_holder()]);
                false
            }
        };
        if !are_judged {
            leave_unjudged(&read, findings);
        }
        if findings.hold() {
            self.accept(request_id, findings).await;
        }
    }

    /// Reads a message; `None` if that fails, and the findings say why.
    async fn read<M: Message + Send + 'static>(
        &self,
        bytes: &[u8],
        shape: ExchangeCheck,
        findings: &mut Findings<'_>,
    ) -> Option<Received<M>> {
        let (bytes, mode) = (bytes.to_vec(), self.policy.mode);
        let read = blocking(move || Received::<M>::read(&bytes, mode)).await;
        let (check, failures) = match read {
            Ok(Ok(message)) => {
                findings.add(shape, Vec::new());
                return Some(message);
            }
            Ok(Err(MessageError::Invalid { kind, violations })) => {
                findings.add(ExchangeCheck::Size, Vec::new());
                let failures = violations.into_iter().map(|violation| {
                    let expected = format!("{} in a {kind}", violation.expected);
                    Failure::new(expected, violation.got, violation.remedy).about(violation.pointer)
                });
                (shape, failures.collect())
            }
            Ok(Err(error)) => {
                let text = error.to_string();
                let (got, remedy) = text.rsplit_once("; ").unwrap_or((&text, "correct it"));
                let expected = format!("a {} as JSON of at most 1 MiB", M::KIND);
                (
                    ExchangeCheck::Size,
                    vec![Failure::new(expected, got, remedy)],
                )
            }
            Err(failure) => (shape, vec![failure]),
        };
        findings.add(check, failures);
        None
    }

    /// `answered-once`, for the first time: before the costly checks.
    async fn check_answered(&self, request_id: &str, findings: &mut Findings<'_>) {
        let Some(answers) = self.answers.clone() else {
            let note = "no memory of answered requests was given";
            return findings.leave(ExchangeCheck::AnsweredOnce, note);
        };
        let id = request_id.to_owned();
        let answered = blocking(move || answers.answered(&id)).await;
        let is_first = answered.map(|answered| answered.map(|answered| !answered));
        findings.add(ExchangeCheck::AnsweredOnce, once(request_id, is_first));
    }

    /// `answered-once`, for the last time: of two responses that are verified at the same moment, one comes first.
    async fn accept(&self, request_id: &str, findings: &mut Findings<'_>) {
        let Some(answers) = self.answers.clone() else {
            return;
        };
        let id = request_id.to_owned();
        let is_first = blocking(move || answers.accept(&id)).await;
        findings.add(ExchangeCheck::AnsweredOnce, once(request_id, is_first));
    }

    /// The checks that need keys, and those that need engines. `false` if proofs in zero knowledge were not judged.
    async fn check_proofs(
        &self,
        read: &Read<'_>,
        holder: &Did,
        findings: &mut Findings<'_>,
    ) -> bool {
        let checks = [
            ExchangeCheck::RequestSignature,
            ExchangeCheck::ResponseSignature,
            ExchangeCheck::PresentationSignatures,
            ExchangeCheck::AttributeSignatures,
        ];
        let signatures = Signatures::of(read, holder);
        self.verify(signatures, &checks, findings).await;
        let checker = self.zero_knowledge.as_deref();
        findings.hold() && zero_knowledge::verify(read, holder, checker, findings).await
    }

    async fn verify(
        &self,
        signatures: Signatures<'_>,
        checks: &[ExchangeCheck],
        findings: &mut Findings<'_>,
    ) {
        let keys = Keys::resolve(signatures.signers(), &self.resolver).await;
        let (ready, contexts) = (signatures.with(&keys), Arc::clone(&self.contexts));
        match blocking(move || ready.verify(&contexts)).await {
            Ok(mut found) => {
                for check in checks {
                    findings.add(*check, found.remove(check).unwrap_or_default());
                }
            }
            Err(failure) => {
                for check in checks {
                    findings.add(*check, vec![failure.clone()]);
                }
            }
        }
    }
}

/// The checks that need neither keys nor engines.
fn check_contents(read: &Read<'_>, findings: &mut Findings<'_>) {
    use ExchangeCheck as Check;
    findings.add(
        Check::CriteriaAnswered,
        conversation::criteria_answered(read),
    );
    findings.add(Check::AcceptedTypes, conversation::accepted_types(read));
    findings.add(Check::Issuers, contents::issuers(read));
    findings.add(Check::SchemaOrType, contents::schema_or_type(read));
    findings.add(Check::Attributes, contents::attributes(read));
    findings.add(Check::Subject, contents::subject(read));
    findings.add(Check::Count, contents::count(read));
    findings.add(
        Check::DistinctCredentials,
        contents::distinct_credentials(read),
    );
    findings.add(Check::Dates, dates::response(read));
    findings.add(Check::ZeroKnowledge, zero_knowledge::shape(read));
}

/// What a proof in zero knowledge shows, and of how many credentials, is not known where it was not verified.
fn leave_unjudged(read: &Read<'_>, findings: &mut Findings<'_>) {
    findings.withdraw(ExchangeCheck::ZeroKnowledge);
    if read.answers.iter().any(read::Answer::is_cl) {
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

/// What is wrong if a request was answered before, or if nobody knows.
fn once(request_id: &str, is_first: Result<Result<bool, String>, Failure>) -> Vec<Failure> {
    let expected = format!("the first response to the request {request_id}");
    match is_first {
        Ok(Ok(true)) => Vec::new(),
        Ok(Ok(false)) => vec![Failure::new(
            expected,
            "another, after one was accepted",
            "ask the verifier for a new request",
        )],
        Ok(Err(reason)) => vec![Failure::new(
            expected,
            reason,
            "see that the memory of answered requests can be read and written, and try again",
        )],
        Err(failure) => vec![failure],
    }
}

/// Runs what takes long, or waits for a disk, where that keeps nobody waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        Failure::new(
            "checks that come to their end",
            "one of them panicked",
            "do not accept it; keep the message and report it",
        )
    })
}
