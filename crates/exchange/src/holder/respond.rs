//! The response: made from answers, and signed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use url::Url;
use wallet::Wallet;

use super::{
    AnswerError, CriterionAnswer, NoAcceptedType,
    answer::{Opened, Prepared, prepare},
    format::{Format, Formats, formats},
};
use crate::{
    date,
    did::{Did, NotADid},
    id::{IdError, IdSource},
    issuer::{IssueError, NewCredential, issue},
    key::Signer,
    linked_data,
    message::{
        CL_PRESENTATION, Criterion, Form, MAX_BYTES, MessageError, Mode, ProofRequest,
        ProofResponse, Received, Spelling, Syntax, VerifiableCredential,
    },
    signature::{self, Contexts, KeyMember, SignatureError, SignatureOptions, Signed},
};

/// The inputs of a response that differ each time: the time, and its ids and nonces. A test fixes both.
pub struct Environment<'i> {
    /// The present.
    pub now: DateTime<Utc>,
    /// The source of ids and nonces.
    pub ids: &'i mut dyn IdSource,
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum RespondError {
    /// The request has expired.
    #[error(
        "the request {request} could be answered until {expires}; ask the verifier for a new one"
    )]
    Expired {
        /// The request's id.
        request: String,
        /// When it expired, as the request says.
        expires: String,
    },
    /// The holder's key belongs to no DID.
    #[error("the holder's key {reference:?} cannot be named in a response: {source}")]
    Holder {
        /// How the key is referred to.
        reference: String,
        /// Why.
        source: NotADid,
    },
    /// The answers do not answer the request.
    #[error(transparent)]
    CriterionAnswer(#[from] AnswerError),
    /// The request accepts nothing that the holder can do.
    #[error(transparent)]
    NoAcceptedType(#[from] NoAcceptedType),
    /// There is no id for it.
    #[error(transparent)]
    Id(#[from] IdError),
    /// What the holder states itself cannot be written as a credential.
    #[error(transparent)]
    SelfAttested(#[from] IssueError),
    /// A presentation or the response cannot be signed.
    #[error("the {what} cannot be signed: {source}")]
    Signature {
        /// `presentation` or `response`.
        what: &'static str,
        /// Why.
        source: SignatureError,
    },
    /// The response would be longer than any verifier reads.
    #[error(
        "the response would have {bytes} bytes, and at most {MAX_BYTES} are read; answer with fewer credentials or attributes"
    )]
    TooLong {
        /// How long it would be.
        bytes: usize,
    },
    /// The response would break a rule of responses.
    #[error("the answers do not make a valid response: {0}")]
    Response(#[from] MessageError),
}

/// Makes the response to a request from one answer per criterion, in order, and signs it. Section "Proof Response" of
/// the draft.
///
/// Of each credential only the attributes are shown that the criterion asks for; each is a presentation of its own,
/// as in the draft's payslips. The response names its verifier, so that another verifier cannot use it as the
/// response to a request of its own with the same id.
///
/// It is written in the first syntax and proof type that the request accepts and that `signer` and these credentials
/// allow; where the request accepts anything, in JSON, or in JSON-LD where `signer` can do only that.
///
/// Whether the request is signed by the verifier that it names is not checked here: check it with
/// [`ExchangeVerifier::check_request`](crate::verifier::ExchangeVerifier::check_request) when it is received, before a
/// person chooses the answers.
///
/// # Errors
///
/// [`RespondError`].
pub async fn respond(
    wallet: &Wallet,
    request: &Received<ProofRequest>,
    answers: &[CriterionAnswer],
    signer: &dyn Signer,
    environment: Environment<'_>,
    contexts: &Contexts,
) -> Result<Received<ProofResponse>, RespondError> {
    let prepared = PreparedResponse::new(wallet, request, answers, signer, environment.now).await?;
    prepared.sign(environment, contexts).await
}

/// A response that has been checked and not signed yet, so that a person can see first what it shows.
pub struct PreparedResponse<'a> {
    request: &'a ProofRequest,
    answers: Vec<Prepared<'a>>,
    formats: Formats,
    signer: &'a dyn Signer,
}

impl<'a> PreparedResponse<'a> {
    /// Checks everything that [`respond`] checks before it signs: the answers, read from the wallet, and that the
    /// request accepts a format in which `signer` can sign.
    ///
    /// # Errors
    ///
    /// [`RespondError`].
    pub async fn new(
        wallet: &Wallet,
        request: &'a Received<ProofRequest>,
        answers: &'a [CriterionAnswer],
        signer: &'a dyn Signer,
        now: DateTime<Utc>,
    ) -> Result<Self, RespondError> {
        let request = request.message();
        check_expiry(request, now)?;
        let answers = prepare(wallet, request, answers, &holder(signer)?, now).await?;
        let accept = request.body.accept.as_deref();
        let formats = formats(accept, signer.kind(), have_uris(&answers))?;
        Ok(Self { request, answers, formats, signer })
    }

    /// Returns the credentials that answer a criterion (by its index) with signed attributes, each with the names of
    /// the attributes that are shown.
    pub fn shown(
        &self,
        criterion: usize,
    ) -> impl Iterator<Item = (&VerifiableCredential, &BTreeSet<String>)> {
        let opened = self.answers.get(criterion).into_iter().flat_map(Prepared::opened);
        opened.map(|opened| (opened.credential.message(), &opened.shown))
    }

    /// Makes the response and signs it.
    ///
    /// # Errors
    ///
    /// [`RespondError`].
    pub async fn sign(
        self,
        environment: Environment<'_>,
        contexts: &Contexts,
    ) -> Result<Received<ProofResponse>, RespondError> {
        let Self { request, answers, formats, signer } = self;
        let form = request.form;
        let mut writer = Writer { format: formats.first, form, signer, environment, contexts };
        let mut written = writer.response(request, &answers).await;
        for format in formats.others {
            if !written.as_ref().is_err_and(is_not_canonical) {
                break;
            }
            writer.format = format;
            // if all fail, report the error of the format that the verifier prefers
            written = writer.response(request, &answers).await.or(written);
        }
        let document = written?;
        let bytes = document.to_string().len();
        if bytes > MAX_BYTES {
            return Err(RespondError::TooLong { bytes });
        }
        Ok(Received::of(document, Mode::Usual)?)
    }
}

/// Returns whether the response has no canonical form, for example as linked data because a context is unknown.
/// Another format may do.
fn is_not_canonical(error: &RespondError) -> bool {
    matches!(error, RespondError::Signature { source: SignatureError::NotCanonical { .. }, .. })
}

fn check_expiry(request: &ProofRequest, now: DateTime<Utc>) -> Result<(), RespondError> {
    match &request.body.expires {
        // a date that cannot be parsed counts as one that has passed
        Some(expires) if date::parse(expires).is_none_or(|expires| expires < now) => {
            Err(RespondError::Expired { request: request.id.clone(), expires: expires.clone() })
        }
        _ => Ok(()),
    }
}

fn holder(signer: &dyn Signer) -> Result<Did, RespondError> {
    let reference = signer.reference();
    Did::of_reference(reference)
        .map_err(|source| RespondError::Holder { reference: reference.to_owned(), source })
}

/// Returns whether the ids of all shown credentials are URIs, as linked data need.
fn have_uris(prepared: &[Prepared<'_>]) -> bool {
    let opened = prepared.iter().flat_map(Prepared::opened);
    let mut ids = opened.map(|opened| &*opened.credential.message().id);
    ids.all(|id| Url::parse(id).is_ok())
}

/// Writes and signs a response and its presentations.
struct Writer<'a, 'i> {
    format: Format,
    form: Form,
    signer: &'a dyn Signer,
    environment: Environment<'i>,
    contexts: &'a Contexts,
}

impl Writer<'_, '_> {
    async fn response(
        &mut self,
        request: &ProofRequest,
        prepared: &[Prepared<'_>],
    ) -> Result<Value, RespondError> {
        let id = self.id()?;
        let mut fulfilled = Vec::with_capacity(prepared.len());
        for (criterion, answer) in request.body.criteria.iter().zip(prepared) {
            fulfilled.push(self.fulfilled(criterion, answer).await?);
        }
        let mut response = Map::new();
        let names = self.form.names();
        let is_linked = self.format.syntax == Syntax::JsonLd;
        if is_linked {
            response.insert("@context".to_owned(), linked_data::contexts(None, true));
        }
        if is_linked || self.form == Form::December2019 {
            response.insert(names.kind.to_owned(), json!([names.response]));
        }
        response.insert("id".to_owned(), id.into());
        response.insert(names.answered.to_owned(), json!(request.id));
        response.insert("verifier".to_owned(), json!(request.body.verifier));
        response.insert("FulfilledCriteria".to_owned(), fulfilled.into());
        self.signed("response", response).await
    }

    async fn fulfilled(
        &mut self,
        criterion: &Criterion,
        answer: &Prepared<'_>,
    ) -> Result<Value, RespondError> {
        let mut presentations = Vec::new();
        match answer {
            Prepared::Signed(opened) => {
                for opened in opened {
                    presentations.push(self.shown(reduced(opened)).await?);
                }
            }
            Prepared::SelfAttested(stated) => {
                let credential = self.stated(criterion, stated).await?;
                presentations.push(self.shown(credential).await?);
            }
            Prepared::ZeroKnowledge(presentation) => {
                presentations.push(self.proved(presentation).await?);
            }
            Prepared::Nothing => {}
        }
        Ok(json!({
            "Criterion": criterion.written(Spelling::Response, self.form),
            "Presentations": presentations,
        }))
    }

    /// Writes a presentation of one credential.
    async fn shown(&mut self, credential: Value) -> Result<Value, RespondError> {
        let mut presentation = self.presentation(&[])?;
        presentation.insert("verifiableCredential".to_owned(), json!([credential]));
        self.signed("presentation", presentation).await
    }

    /// Writes a credential that the holder signs itself.
    async fn stated(
        &mut self,
        criterion: &Criterion,
        stated: &BTreeMap<String, String>,
    ) -> Result<Value, RespondError> {
        let new = NewCredential {
            id: None,
            subject: holder(self.signer)?,
            kind: criterion.kind.clone(),
            issued: self.environment.now,
            expires: None,
            attributes: stated.clone().into_iter().collect(),
            proof_type: self.format.proof_type,
            key_member: KeyMember::default(),
        };
        let credential = issue(&new, self.signer, self.environment.ids, self.contexts).await?;
        Ok(credential.document().clone())
    }

    /// Writes a presentation in zero knowledge.
    async fn proved(&mut self, proof: &Value) -> Result<Value, RespondError> {
        let mut presentation = self.presentation(&[CL_PRESENTATION])?;
        presentation.insert("verifiableCredential".to_owned(), json!([]));
        presentation.insert("presentation".to_owned(), proof.clone());
        self.signed("presentation", presentation).await
    }

    /// Returns the members that all presentations have.
    fn presentation(&mut self, types: &[&str]) -> Result<Map<String, Value>, RespondError> {
        let is_linked = self.format.syntax == Syntax::JsonLd;
        let types = [&["VerifiablePresentation"], types].concat();
        let created = self.environment.now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let members = [
            ("@context", linked_data::contexts(None, is_linked)),
            ("created", created.into()),
            ("id", self.id()?.into()),
            (self.form.names().kind, types.into()),
        ];
        let members = members.into_iter();
        Ok(members.map(|(name, value)| (name.to_owned(), value)).collect())
    }

    async fn signed(
        &mut self,
        what: &'static str,
        document: Map<String, Value>,
    ) -> Result<Value, RespondError> {
        let options = SignatureOptions {
            proof_type: self.format.proof_type,
            created: self.environment.now,
            nonce: self.environment.ids.next_id()?.to_string(),
            key_member: KeyMember::default(),
        };
        let mut document = Value::Object(document);
        let signed = Signed::Message(&document);
        let proof = signature::sign(signed, &options, self.signer, self.contexts)
            .await
            .map_err(|source| RespondError::Signature { what, source })?;
        if let Some(members) = document.as_object_mut() {
            members.insert("proof".to_owned(), json!([proof]));
        }
        Ok(document)
    }

    fn id(&mut self) -> Result<String, IdError> {
        linked_data::new_id(self.environment.ids, self.format.syntax == Syntax::JsonLd)
    }
}

/// Returns a credential with the attributes that are shown. Everything else stays as it was issued, since the
/// attributes' signatures cover it.
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
