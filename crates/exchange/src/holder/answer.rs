//! The holder's answers, and whether they answer the request.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use wallet::Wallet;

use super::{
    CriterionError,
    candidate::{Validity, validity},
    criterion_search::accepts,
    get,
};
use crate::{
    did::Did,
    message::{
        Accepted, CL_PRESENTATION, CredentialKind, Criterion, ProofRequest, Received,
        VerifiableCredential,
    },
};

/// The answer to one criterion.
#[derive(Debug, Clone, PartialEq)]
pub enum CriterionAnswer {
    /// Credentials with signed attributes, each shown as its own presentation.
    Signed(Vec<ShownCredential>),
    /// Attributes that the holder states itself, which the criterion must allow: names and values.
    SelfAttested(BTreeMap<String, String>),
    /// An AnonCreds presentation.
    ZeroKnowledge(Value),
    /// None, which is possible where the criterion's `min` is 0.
    Nothing,
}

/// A credential that is shown: always its required attributes, and of the optional ones those that are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCredential {
    /// Its id.
    pub credential_id: String,
    /// The optional attributes that are shown.
    pub optional: BTreeSet<String>,
}

/// Why some answers do not answer a request.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is not one answer per criterion.
    #[error(
        "the request has {criteria} criteria, and {answers} answers were given; give one for each, in order"
    )]
    Count {
        /// How many criteria there are.
        criteria: usize,
        /// How many answers were given.
        answers: usize,
    },
    /// An answer does not answer its criterion.
    #[error("the criterion {description:?}: {problem}")]
    Criterion {
        /// The index of the criterion in the request, from 0.
        criterion: usize,
        /// Its description.
        description: String,
        /// Why.
        problem: CriterionError,
    },
}

/// Checks that answers answer a request, one per criterion in order. [`super::respond`] makes the same checks.
///
/// # Errors
///
/// [`AnswerError`].
pub async fn check_answers(
    wallet: &Wallet,
    request: &ProofRequest,
    answers: &[CriterionAnswer],
    holder: &Did,
    now: DateTime<Utc>,
) -> Result<(), AnswerError> {
    prepare(wallet, request, answers, holder, now).await.map(drop)
}

/// An answer whose credentials have been read and checked.
pub(super) enum Prepared<'a> {
    Signed(Vec<Opened>),
    SelfAttested(&'a BTreeMap<String, String>),
    ZeroKnowledge(&'a Value),
    Nothing,
}

impl Prepared<'_> {
    /// Returns the credentials, where attributes are shown with their signatures.
    pub(super) fn opened(&self) -> &[Opened] {
        match self {
            Self::Signed(opened) => opened,
            Self::SelfAttested(_) | Self::ZeroKnowledge(_) | Self::Nothing => &[],
        }
    }
}

/// A credential, and the names of the attributes that are shown of it.
pub(super) struct Opened {
    pub credential: Received<VerifiableCredential>,
    pub shown: BTreeSet<String>,
}

/// Reads the credentials of the answers from the wallet, and checks the answers.
pub(super) async fn prepare<'a>(
    wallet: &Wallet,
    request: &ProofRequest,
    answers: &'a [CriterionAnswer],
    holder: &Did,
    now: DateTime<Utc>,
) -> Result<Vec<Prepared<'a>>, AnswerError> {
    let criteria = &request.body.criteria;
    if criteria.len() != answers.len() {
        return Err(AnswerError::Count { criteria: criteria.len(), answers: answers.len() });
    }
    let mut prepared = Vec::with_capacity(answers.len());
    for (number, (criterion, answer)) in criteria.iter().zip(answers).enumerate() {
        let checker =
            AnswerChecker { criterion, accept: request.body.accept.as_deref(), holder, now };
        let one = checker.prepare(wallet, answer).await;
        prepared.push(one.map_err(|problem| AnswerError::Criterion {
            criterion: number,
            description: criterion.description.clone(),
            problem,
        })?);
    }
    Ok(prepared)
}

/// Checks the answer to one criterion.
struct AnswerChecker<'r> {
    criterion: &'r Criterion,
    accept: Option<&'r [Accepted]>,
    holder: &'r Did,
    now: DateTime<Utc>,
}

impl AnswerChecker<'_> {
    async fn prepare<'a>(
        &self,
        wallet: &Wallet,
        answer: &'a CriterionAnswer,
    ) -> Result<Prepared<'a>, CriterionError> {
        match answer {
            CriterionAnswer::Signed(shown) => self.signed(wallet, shown).await,
            CriterionAnswer::SelfAttested(stated) => self.stated(stated),
            CriterionAnswer::ZeroKnowledge(presentation) => {
                if !accepts(self.accept, CL_PRESENTATION) {
                    return Err(CriterionError::ZeroKnowledgeNotAccepted);
                }
                if !presentation.is_object() {
                    return Err(CriterionError::NoPresentation);
                }
                Ok(Prepared::ZeroKnowledge(presentation))
            }
            CriterionAnswer::Nothing => {
                self.check_number(0)?;
                Ok(Prepared::Nothing)
            }
        }
    }

    /// Checks what the holder states itself: one credential that it makes for this answer.
    fn stated<'a>(
        &self,
        stated: &'a BTreeMap<String, String>,
    ) -> Result<Prepared<'a>, CriterionError> {
        if !self.criterion.predicates.is_empty() {
            return Err(CriterionError::NeedsZeroKnowledge);
        }
        if !self.criterion.issuers.allow_self() {
            return Err(CriterionError::SelfNotAllowed);
        }
        self.check_number(1)?;
        let mut required = self.criterion.required();
        if let Some(name) = required.find(|name| !stated.contains_key(*name)) {
            return Err(CriterionError::NotStated { attribute: name.to_owned() });
        }
        let mut names = stated.keys();
        match names.find(|name| !self.asks_for(name)) {
            Some(other) => Err(CriterionError::NotAskedFor { attribute: other.clone() }),
            None => Ok(Prepared::SelfAttested(stated)),
        }
    }

    /// Returns whether an attribute may be shown.
    fn asks_for(&self, name: &str) -> bool {
        let mut asked = self.criterion.properties.iter();
        self.criterion.asks_for_all() || asked.any(|property| property.name == name)
    }

    async fn signed<'a>(
        &self,
        wallet: &Wallet,
        shown: &[ShownCredential],
    ) -> Result<Prepared<'a>, CriterionError> {
        if !self.criterion.predicates.is_empty() {
            return Err(CriterionError::NeedsZeroKnowledge);
        }
        let mut seen = BTreeSet::new();
        if let Some(again) = shown.iter().find(|shown| !seen.insert(&shown.credential_id)) {
            let id = again.credential_id.clone();
            return Err(CriterionError::Repeated { id });
        }
        self.check_number(shown.len() as u64)?;
        let mut opened = Vec::with_capacity(shown.len());
        for shown in shown {
            opened.push(self.open(wallet, shown).await?);
        }
        Ok(Prepared::Signed(opened))
    }

    fn check_number(&self, given: u64) -> Result<(), CriterionError> {
        let (min, max) = (self.criterion.min_count(), self.criterion.max_count());
        match (min..=max).contains(&given) {
            true => Ok(()),
            false => Err(CriterionError::WrongNumber { given, min, max }),
        }
    }

    async fn open(
        &self,
        wallet: &Wallet,
        shown: &ShownCredential,
    ) -> Result<Opened, CriterionError> {
        let id = || shown.credential_id.clone();
        let credential = get(wallet, &shown.credential_id).await?;
        let credential = credential.ok_or_else(|| CriterionError::NotHeld { id: id() })?;
        self.check(credential.message())?;
        let shown = self.shown(credential.message(), &shown.optional)?;
        Ok(Opened { credential, shown })
    }

    /// Checks that a credential is one that the criterion asks for.
    fn check(&self, credential: &VerifiableCredential) -> Result<(), CriterionError> {
        let id = || credential.id.clone();
        if !credential.is_of_kind(&self.criterion.kind) {
            let asked = match &self.criterion.kind {
                CredentialKind::Schema(schema) => schema.clone(),
                CredentialKind::LinkedData { context, kind } => format!("{kind} of {context}"),
            };
            return Err(CriterionError::OtherKind { id: id(), asked });
        }
        let issuers = &self.criterion.issuers;
        let is_own = issuers.allow_self() && credential.issuer_did == self.holder.as_str();
        if !is_own && !issuers.dids.contains(&credential.issuer_did) {
            let issuer = credential.issuer_did.clone();
            return Err(CriterionError::OtherIssuer { id: id(), issuer });
        }
        match validity(credential, self.criterion.allow_expired, self.now) {
            Validity::Valid => {}
            Validity::Expired => return Err(CriterionError::Expired { id: id() }),
            Validity::NotYet => {
                let from = credential.issuance_date.clone();
                return Err(CriterionError::NotYetValid { id: id(), from });
            }
        }
        let mut attributes = credential.attributes.iter();
        if let Some(other) = attributes.find(|entry| entry.id != self.holder.as_str()) {
            return Err(CriterionError::OtherSubject {
                id: id(),
                subject: other.id.clone(),
                holder: self.holder.to_string(),
            });
        }
        Ok(())
    }

    /// Returns the names of the attributes that are shown.
    fn shown(
        &self,
        credential: &VerifiableCredential,
        optional: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, CriterionError> {
        let id = || credential.id.clone();
        let mut shown = BTreeSet::new();
        if credential.whole.is_some() || self.criterion.asks_for_all() {
            shown.extend(credential.attributes.iter().map(|attribute| attribute.key.clone()));
        }
        if let Some(attribute) = shown.iter().find(|name| !self.asks_for(name)) {
            return Err(CriterionError::OnlyWhole { id: id(), attribute: attribute.clone() });
        }
        for name in self.criterion.required() {
            if credential.attribute(name).is_none() {
                let attribute = name.to_owned();
                return Err(CriterionError::MissingAttribute { id: id(), attribute });
            }
            shown.insert(name.to_owned());
        }
        for name in optional {
            let attribute = name.clone();
            if !self.criterion.optional().any(|optional| optional == name) {
                return Err(CriterionError::NotAskedFor { attribute });
            }
            if credential.attribute(name).is_none() {
                return Err(CriterionError::OptionalNotHeld { id: id(), attribute });
            }
            shown.insert(attribute);
        }
        if shown.is_empty() {
            return Err(CriterionError::NothingShown { id: id() });
        }
        let entries = shown.iter().filter_map(|name| credential.attribute(name));
        let whole = credential.whole.iter().flatten();
        let mut proofs = entries.flat_map(|entry| &entry.proof).chain(whole);
        match proofs.find(|proof| !accepts(self.accept, proof.type_name())) {
            Some(proof) => Err(CriterionError::OtherProofType {
                id: id(),
                proof_type: proof.type_name().to_owned(),
            }),
            None => Ok(shown),
        }
    }
}
