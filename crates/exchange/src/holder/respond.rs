//! The response: made from answers, and signed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::Url;
use wallet::Wallet;

use super::{
    CriterionAnswer,
    answer::{Opened, Prepared, prepare},
    format::formats,
};
use crate::{
    date,
    error::ExchangeError,
    id::IdSource,
    issuer::{NewCredential, issue},
    key::Signer,
    making::{self, Maker, did_of, made},
    message::{
        CL_PRESENTATION, Form, MAX_BYTES, ProofRequest, ProofResponse, Received, Spelling,
        VerifiableCredential,
    },
    signature::{Contexts, KeyMember, ProofType, SignatureError, Signed},
};

/// The response to a request: checked, and not signed yet, so that a person can see first what it
/// shows. Section "Proof Response" of the draft.
///
/// Of each credential only the attributes are shown that the criterion asks for; each is a
/// presentation of its own, as in the draft's payslips. The response names its verifier, so that
/// another verifier cannot use it as the response to a request of its own with the same id.
///
/// It is written in the first syntax and proof type that the request accepts and that the key and
/// these credentials allow; where the request accepts anything, in JSON, or in JSON-LD where the
/// key can sign only that.
///
/// Whether the request is signed by the verifier that it names is not checked here: check it with
/// [`ExchangeVerifier::check_request`](crate::verifier::ExchangeVerifier::check_request) when it is
/// received, before a person chooses the answers.
pub struct PreparedResponse<'a> {
    request: &'a ProofRequest,
    answers: Vec<Prepared<'a>>,
    /// How it is signed: the best way, and others.
    proof_types: (ProofType, Vec<ProofType>),
    signer: &'a dyn Signer,
}

impl<'a> PreparedResponse<'a> {
    /// Checks one answer per criterion, in order, with the credentials from the wallet, and that
    /// the request accepts a format in which `signer` can sign.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]: [`NoAcceptedType`](ExchangeError::NoAcceptedType) if only the way of signing is not accepted.
    pub async fn new(
        wallet: &Wallet,
        request: &'a Received<ProofRequest>,
        answers: &'a [CriterionAnswer],
        signer: &'a dyn Signer,
        now: DateTime<Utc>,
    ) -> Result<Self, ExchangeError> {
        let request = request.message();
        check_expiry(request, now)?;
        let holder = did_of(signer, "holder", "response")?;
        let answers = prepare(wallet, request, answers, &holder, now).await?;
        let mut opened = answers.iter().flat_map(|answer| &answer.opened);
        // as linked data need
        let have_uris = opened.all(|one| Url::parse(&one.credential.message().id).is_ok());
        let proof_types = formats(request.body.accept.as_deref(), signer.kind(), have_uris)?;
        Ok(Self { request, answers, proof_types, signer })
    }

    /// Returns the credentials that answer a criterion (by its index) with signed attributes, each
    /// with the names of the attributes that are shown.
    pub fn shown(
        &self,
        criterion: usize,
    ) -> impl Iterator<Item = (&VerifiableCredential, &BTreeSet<String>)> {
        let opened = self.answers.get(criterion).into_iter().flat_map(|answer| &answer.opened);
        opened.map(|opened| (opened.credential.message(), &opened.shown))
    }

    /// Makes the response and signs it.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new); also that the request, or a credential, has expired since it was
    /// prepared.
    pub async fn sign(
        self,
        created: DateTime<Utc>,
        ids: &mut IdSource<'_>,
        contexts: &Contexts,
    ) -> Result<Received<ProofResponse>, ExchangeError> {
        let Self { request, answers, proof_types: (proof_type, others), signer } = self;
        check_expiry(request, created)?;
        answers.iter().try_for_each(|answer| answer.check_validity(created))?;
        let key_member = KeyMember::default();
        let maker = Maker { signer, ids, contexts, proof_type, created, key_member };
        let mut writer = Writer { maker, form: request.form };
        let mut written = writer.response(request, &answers).await;
        for proof_type in others {
            if !written.as_ref().is_err_and(is_not_canonical) {
                break;
            }
            writer.maker.proof_type = proof_type;
            // if all fail, report the error of the format that the verifier prefers
            written = writer.response(request, &answers).await.or(written);
        }
        let document = written?;
        let bytes = document.to_string().len();
        if bytes > MAX_BYTES {
            return Err(ExchangeError::Other(format!(
                "the response would have {bytes} bytes, and at most {MAX_BYTES} are read; answer with fewer \
                 credentials or attributes"
            )));
        }
        made(document, "the answers do not make a valid response: ")
    }
}

/// Returns whether the response has no canonical form, for example as linked data because a context
/// is unknown. Another format may do.
fn is_not_canonical(error: &ExchangeError) -> bool {
    matches!(error, ExchangeError::Signature { source: SignatureError::NotCanonical(_), .. })
}

fn check_expiry(request: &ProofRequest, now: DateTime<Utc>) -> Result<(), ExchangeError> {
    match request.expired(now) {
        Some(until) => Err(ExchangeError::Other(format!(
            "the request {} could be answered until {until}; ask the verifier for a new one",
            request.id
        ))),
        None => Ok(()),
    }
}

/// Writes and signs a response and its presentations.
struct Writer<'a> {
    maker: Maker<'a>,
    form: Form,
}

impl Writer<'_> {
    async fn response(
        &mut self,
        request: &ProofRequest,
        prepared: &[Prepared<'_>],
    ) -> Result<Value, ExchangeError> {
        let is_linked = self.maker.proof_type.is_linked();
        let id = self.maker.id(is_linked)?;
        let mut fulfilled = Vec::with_capacity(prepared.len());
        for answer in prepared {
            fulfilled.push(json!({
                "Criterion": answer.criterion.written(Spelling::Response, self.form),
                "Presentations": self.presentations(answer).await?,
            }));
        }
        let names = self.form.names();
        let mut response = json!({
            "id": id,
            names.answered: request.id,
            "verifier": request.body.verifier,
            "FulfilledCriteria": fulfilled,
        });
        if is_linked {
            response["@context"] = making::contexts(None, true);
        }
        if is_linked || self.form == Form::December2019 {
            response[names.kind] = json!([names.response]);
        }
        self.signed("response", response).await
    }

    async fn presentations(&mut self, answer: &Prepared<'_>) -> Result<Vec<Value>, ExchangeError> {
        let mut credentials: Vec<Value> = answer.opened.iter().map(reduced).collect();
        if let CriterionAnswer::SelfAttested(stated) = answer.answer {
            credentials.push(self.stated(answer, stated).await?);
        }
        let mut presentations = Vec::new();
        for credential in credentials {
            presentations.push(self.presentation(json!([credential]), None).await?);
        }
        if let CriterionAnswer::ZeroKnowledge(proof) = answer.answer {
            presentations.push(self.presentation(json!([]), Some(proof)).await?);
        }
        Ok(presentations)
    }

    /// Writes a credential that the holder signs itself.
    async fn stated(
        &mut self,
        answer: &Prepared<'_>,
        stated: &BTreeMap<String, String>,
    ) -> Result<Value, ExchangeError> {
        let Maker { signer, contexts, proof_type, created, key_member, .. } = self.maker;
        let new = NewCredential {
            id: None,
            subject: did_of(signer, "holder", "response")?,
            kind: answer.criterion.kind.clone(),
            issued: created,
            expires: None,
            attributes: stated.clone().into_iter().collect(),
            proof_type,
            key_member,
        };
        let credential = issue(&new, signer, self.maker.ids, contexts).await?;
        Ok(credential.document().clone())
    }

    /// Writes a presentation: of credentials, or of a proof in zero knowledge.
    async fn presentation(
        &mut self,
        credentials: Value,
        proof: Option<&Value>,
    ) -> Result<Value, ExchangeError> {
        let is_linked = self.maker.proof_type.is_linked();
        let types = ["VerifiablePresentation"].into_iter().chain(proof.map(|_| CL_PRESENTATION));
        let mut presentation = json!({
            "@context": making::contexts(None, is_linked),
            "created": date::written(self.maker.created),
            "id": self.maker.id(is_linked)?,
            self.form.names().kind: types.collect::<Vec<_>>(),
            "verifiableCredential": credentials,
        });
        if let Some(proof) = proof {
            presentation["presentation"] = proof.clone();
        }
        self.signed("presentation", presentation).await
    }

    async fn signed(&mut self, what: &str, mut document: Value) -> Result<Value, ExchangeError> {
        let proof = self.maker.sign(what, Signed::Message(&document)).await?;
        document["proof"] = json!([proof]);
        Ok(document)
    }
}

/// Returns a credential with the attributes that are shown. Everything else stays as it was issued,
/// since the attributes' signatures cover it.
fn reduced(opened: &Opened) -> Value {
    let mut credential = opened.credential.document().clone();
    let entries = credential.get_mut("credentialSubjects");
    if let Some(entries) = entries.and_then(Value::as_array_mut) {
        entries.retain(|entry| {
            let name = entry.get("key").and_then(Value::as_str);
            name.is_some_and(|name| opened.shown.contains(name))
        });
    }
    credential
}
