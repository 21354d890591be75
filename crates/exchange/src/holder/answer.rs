//! What a holder answers, and whether it answers the request.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use indy::wallet::Wallet;
use serde_json::Value;

use super::{
    Problem,
    candidate::{Validity, validity},
    get,
    search::accepts,
};
use crate::{
    did::Did,
    message::{
        Accepted, CL_PRESENTATION, Criterion, ProofRequest, Received, VerifiableCredential, Wanted,
    },
};

/// The answer to one criterion.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Credentials with signed attributes, each shown as its own presentation.
    Signed(Vec<Shown>),
    /// An AnonCreds presentation; see [`crate::bridge`].
    ZeroKnowledge(Value),
    /// None, which is possible where the criterion's `min` is 0.
    Nothing,
}

/// A credential that is shown: its required attributes always, of the optional ones those that are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub credential_id: String,
    /// The optional attributes that are shown.
    pub optional: BTreeSet<String>,
}

/// Why answers do not answer a request.
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
        /// The criterion's place in the request, from 0.
        criterion: usize,
        /// Its description.
        description: String,
        /// Why.
        problem: Problem,
    },
}

/// Checks that answers answer a request, one per criterion in order: the same checks that [`super::respond`]
/// makes, for whoever wants to know before.
///
/// # Errors
///
/// [`AnswerError`].
pub async fn check_answers(
    wallet: &Wallet,
    request: &ProofRequest,
    answers: &[Answer],
    holder: &Did,
    now: DateTime<Utc>,
) -> Result<(), AnswerError> {
    prepare(wallet, request, answers, holder, now)
        .await
        .map(drop)
}

/// An answer whose credentials have been read and checked.
pub(super) enum Prepared<'a> {
    Signed(Vec<Opened>),
    ZeroKnowledge(&'a Value),
    Nothing,
}

/// A credential, and the names of the attributes that are shown of it.
pub(super) struct Opened {
    pub credential: Received<VerifiableCredential>,
    pub shown: BTreeSet<String>,
}

/// Reads and checks what is answered.
pub(super) async fn prepare<'a>(
    wallet: &Wallet,
    request: &ProofRequest,
    answers: &'a [Answer],
    holder: &Did,
    now: DateTime<Utc>,
) -> Result<Vec<Prepared<'a>>, AnswerError> {
    let criteria = &request.body.criteria;
    if criteria.len() != answers.len() {
        return Err(AnswerError::Count {
            criteria: criteria.len(),
            answers: answers.len(),
        });
    }
    let mut prepared = Vec::with_capacity(answers.len());
    for (number, (criterion, answer)) in criteria.iter().zip(answers).enumerate() {
        let asked = Asked {
            criterion,
            accept: request.body.accept.as_deref(),
            holder,
            now,
        };
        let one = asked.prepare(wallet, answer).await;
        prepared.push(one.map_err(|problem| AnswerError::Criterion {
            criterion: number,
            description: criterion.description.clone(),
            problem,
        })?);
    }
    Ok(prepared)
}

/// A criterion, and what else decides whether a credential answers it.
struct Asked<'r> {
    criterion: &'r Criterion,
    accept: Option<&'r [Accepted]>,
    holder: &'r Did,
    now: DateTime<Utc>,
}

impl Asked<'_> {
    async fn prepare<'a>(
        &self,
        wallet: &Wallet,
        answer: &'a Answer,
    ) -> Result<Prepared<'a>, Problem> {
        match answer {
            Answer::Signed(shown) => self.signed(wallet, shown).await,
            Answer::ZeroKnowledge(presentation) => {
                if !accepts(self.accept, CL_PRESENTATION) {
                    return Err(Problem::ZeroKnowledgeNotAccepted);
                }
                if !presentation.is_object() {
                    return Err(Problem::NoPresentation);
                }
                Ok(Prepared::ZeroKnowledge(presentation))
            }
            Answer::Nothing => {
                self.check_number(0)?;
                Ok(Prepared::Nothing)
            }
        }
    }

    async fn signed<'a>(&self, wallet: &Wallet, shown: &[Shown]) -> Result<Prepared<'a>, Problem> {
        if !self.criterion.predicates.is_empty() {
            return Err(Problem::NeedsZeroKnowledge);
        }
        let mut seen = BTreeSet::new();
        if let Some(again) = shown
            .iter()
            .find(|shown| !seen.insert(&shown.credential_id))
        {
            let id = again.credential_id.clone();
            return Err(Problem::Repeated { id });
        }
        self.check_number(shown.len() as u64)?;
        let mut opened = Vec::with_capacity(shown.len());
        for shown in shown {
            opened.push(self.open(wallet, shown).await?);
        }
        Ok(Prepared::Signed(opened))
    }

    fn check_number(&self, given: u64) -> Result<(), Problem> {
        let (least, most) = (self.criterion.least(), self.criterion.most());
        match (least..=most).contains(&given) {
            true => Ok(()),
            false => Err(Problem::WrongNumber { given, least, most }),
        }
    }

    async fn open(&self, wallet: &Wallet, shown: &Shown) -> Result<Opened, Problem> {
        let id = || shown.credential_id.clone();
        let credential = get(wallet, &shown.credential_id).await?;
        let credential = credential.ok_or_else(|| Problem::NotHeld { id: id() })?;
        self.check(credential.message())?;
        let shown = self.shown(credential.message(), &shown.optional)?;
        Ok(Opened { credential, shown })
    }

    /// Whether a credential is one that the criterion asks for.
    fn check(&self, credential: &VerifiableCredential) -> Result<(), Problem> {
        let id = || credential.id.clone();
        if !is_of(credential, &self.criterion.wanted) {
            let asked = match &self.criterion.wanted {
                Wanted::Schema(schema) => schema.clone(),
                Wanted::LinkedData { context, kind } => format!("{kind} of {context}"),
            };
            return Err(Problem::OtherKind { id: id(), asked });
        }
        if !self.criterion.issuers.dids.contains(&credential.issuer_did) {
            let issuer = credential.issuer_did.clone();
            return Err(Problem::OtherIssuer { id: id(), issuer });
        }
        match validity(credential, self.now) {
            Validity::Valid => {}
            Validity::Expired => return Err(Problem::Expired { id: id() }),
            Validity::NotYet => {
                let from = credential.issuance_date.clone();
                return Err(Problem::NotYetValid { id: id(), from });
            }
        }
        let mut attributes = credential.attributes.iter();
        if let Some(other) = attributes.find(|entry| entry.id != self.holder.as_str()) {
            return Err(Problem::OtherSubject {
                id: id(),
                subject: other.id.clone(),
                holder: self.holder.to_string(),
            });
        }
        Ok(())
    }

    /// The names of the attributes that are shown.
    fn shown(
        &self,
        credential: &VerifiableCredential,
        optional: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Problem> {
        let id = || credential.id.clone();
        let mut shown = BTreeSet::new();
        for name in self.criterion.required() {
            if credential.attribute(name).is_none() {
                let attribute = name.to_owned();
                return Err(Problem::MissingAttribute {
                    id: id(),
                    attribute,
                });
            }
            shown.insert(name.to_owned());
        }
        for name in optional {
            let attribute = name.clone();
            if !self.criterion.optional().any(|asked| asked == name) {
                return Err(Problem::NotAskedFor { attribute });
            }
            if credential.attribute(name).is_none() {
                return Err(Problem::OptionalNotHeld {
                    id: id(),
                    attribute,
                });
            }
            shown.insert(attribute);
        }
        if shown.is_empty() {
            return Err(Problem::NothingShown { id: id() });
        }
        let entries = shown.iter().filter_map(|name| credential.attribute(name));
        let mut proofs = entries.flat_map(|entry| &entry.proof);
        match proofs.find(|proof| !accepts(self.accept, &proof.kind)) {
            Some(proof) => Err(Problem::OtherProofType {
                id: id(),
                proof_type: proof.kind.clone(),
            }),
            None => Ok(shown),
        }
    }
}

/// Whether a credential is of a kind.
fn is_of(credential: &VerifiableCredential, wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Schema(id) => credential.schema_id.as_ref() == Some(id),
        Wanted::LinkedData { context, kind } => {
            let mut contexts = credential.context.iter();
            contexts.any(|had| had.as_str() == Some(context)) && credential.types.contains(kind)
        }
    }
}
