//! The holder's answers, and whether they answer the request.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use verdict::Failure;
use wallet::Wallet;

use super::{criterion_search::accepts, get};
use crate::{
    did::Did,
    error::ExchangeError,
    fit,
    message::{Accepted, CL_PRESENTATION, Criterion, ProofRequest, Received, VerifiableCredential},
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

/// A credential that is shown: always its required attributes, and of the optional ones those that
/// are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCredential {
    /// Its id.
    pub credential_id: String,
    /// The optional attributes that are shown.
    pub optional: BTreeSet<String>,
}

/// An answer that has been checked.
pub(super) struct Prepared<'a> {
    pub criterion: &'a Criterion,
    pub answer: &'a CriterionAnswer,
    /// The credentials, where attributes are shown with their signatures.
    pub opened: Vec<Opened>,
}

/// A credential, and the names of the attributes that are shown of it.
pub(super) struct Opened {
    pub credential: Received<VerifiableCredential>,
    pub shown: BTreeSet<String>,
}

/// Reads the credentials of the answers from the wallet, and checks the answers.
pub(super) async fn prepare<'a>(
    wallet: &Wallet,
    request: &'a ProofRequest,
    answers: &'a [CriterionAnswer],
    holder: &Did,
    now: DateTime<Utc>,
) -> Result<Vec<Prepared<'a>>, ExchangeError> {
    let criteria = &request.body.criteria;
    if criteria.len() != answers.len() {
        return Err(ExchangeError::Other(format!(
            "the request has {} criteria, and {} answers were given; give one for each, in order",
            criteria.len(),
            answers.len()
        )));
    }
    let accept = request.body.accept.as_deref();
    let mut prepared = Vec::with_capacity(answers.len());
    for (criterion, answer) in criteria.iter().zip(answers) {
        let checker = AnswerChecker { criterion, accept, holder, now };
        let opened = checker.open(wallet, answer).await.map_err(|problem| {
            ExchangeError::Other(format!("the criterion {:?}: {problem}", criterion.description))
        })?;
        prepared.push(Prepared { criterion, answer, opened });
    }
    Ok(prepared)
}

/// Checks the answer to one criterion. What it finds wrong is a clause.
struct AnswerChecker<'r> {
    criterion: &'r Criterion,
    accept: Option<&'r [Accepted]>,
    holder: &'r Did,
    now: DateTime<Utc>,
}

impl AnswerChecker<'_> {
    /// Checks an answer, and returns the credentials that it shows.
    async fn open(&self, wallet: &Wallet, answer: &CriterionAnswer) -> Result<Vec<Opened>, String> {
        match answer {
            CriterionAnswer::Signed(_) | CriterionAnswer::SelfAttested(_)
                if !self.criterion.predicates.is_empty() =>
            {
                return Err("it has predicates, which signed attributes cannot prove; answer it in zero knowledge".to_owned());
            }
            CriterionAnswer::Signed(shown) => return self.signed(wallet, shown).await,
            CriterionAnswer::SelfAttested(stated) => self.check_stated(stated)?,
            CriterionAnswer::ZeroKnowledge(presentation) => {
                if !accepts(self.accept, CL_PRESENTATION) {
                    return Err(format!(
                        "the request does not accept {CL_PRESENTATION}; answer with signed attributes"
                    ));
                }
                if !presentation.is_object() {
                    return Err("the answer in zero knowledge is not a JSON object; make a presentation for this criterion".to_owned());
                }
            }
            CriterionAnswer::Nothing => self.check_number(0)?,
        }
        Ok(Vec::new())
    }

    /// Checks what the holder states itself: one credential that it makes for this answer.
    fn check_stated(&self, stated: &BTreeMap<String, String>) -> Result<(), String> {
        if !self.criterion.issuers.allow_self() {
            return Err(
                "it does not let the holder state the attributes itself; answer with a credential"
                    .to_owned(),
            );
        }
        self.check_number(1)?;
        let mut required = self.criterion.required();
        if let Some(name) = required.find(|name| !stated.contains_key(*name)) {
            return Err(format!("the attribute {name:?} is required; state it too"));
        }
        match stated.keys().find(|name| !self.criterion.may_show(name)) {
            Some(name) => Err(format!("the attribute {name:?} is not asked for; leave it out")),
            None => Ok(()),
        }
    }

    async fn signed(
        &self,
        wallet: &Wallet,
        shown: &[ShownCredential],
    ) -> Result<Vec<Opened>, String> {
        let mut seen = BTreeSet::new();
        if let Some(again) = shown.iter().find(|shown| !seen.insert(&shown.credential_id)) {
            return Err(format!(
                "the credential {:?} is named twice, and counts once; name different credentials",
                again.credential_id
            ));
        }
        self.check_number(shown.len() as u64)?;
        let mut opened = Vec::with_capacity(shown.len());
        for ShownCredential { credential_id: id, optional } in shown {
            let credential = get(wallet, id).await.map_err(|error| error.to_string())?;
            let credential = credential.ok_or_else(|| {
                format!("the wallet holds no credential {id:?}; choose one that it holds")
            })?;
            self.check(credential.message())?;
            let shown = self.shown(credential.message(), optional)?;
            opened.push(Opened { credential, shown });
        }
        Ok(opened)
    }

    fn check_number(&self, given: u64) -> Result<(), String> {
        let Some(range) = self.criterion.asks_for_other_than(given) else { return Ok(()) };
        let were = if given == 1 { "credential was" } else { "credentials were" };
        Err(format!("{given} {were} given, and it asks for {range}"))
    }

    /// Checks that a credential is one that the criterion asks for, as the verifier will.
    fn check(&self, credential: &VerifiableCredential) -> Result<(), String> {
        let (criterion, now) = (self.criterion, self.now);
        let is_whole = credential.whole.is_some();
        let found = fit::kind(credential, criterion).into_iter();
        let found = found.chain(fit::issuer(credential, criterion, Some(self.holder)));
        let found = found.chain(fit::validity(credential, Some(criterion), now, now));
        let found = found.chain(fit::subject(credential, Some(self.holder)));
        let found = found.chain(fit::missing(credential, criterion));
        let mut found = found.chain(fit::unasked(credential, criterion).filter(|_| is_whole));
        found.next().map_or(Ok(()), |failure| Err(refusal(credential, &failure)))
    }

    /// Returns the names of the attributes that are shown.
    fn shown(
        &self,
        credential: &VerifiableCredential,
        optional: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, String> {
        let id = &credential.id;
        let mut shown = BTreeSet::new();
        if credential.whole.is_some() || self.criterion.asks_for_all() {
            shown.extend(credential.attributes.iter().map(|attribute| attribute.key.clone()));
        }
        shown.extend(self.criterion.required().map(str::to_owned));
        for name in optional {
            if !self.criterion.optional().any(|optional| optional == name) {
                return Err(format!(
                    "the attribute {name:?} is not among its optional attributes; leave it out"
                ));
            }
            if credential.attribute(name).is_none() {
                return Err(format!(
                    "the credential {id:?} has no attribute {name:?}; leave it out, or choose another credential"
                ));
            }
            shown.insert(name.clone());
        }
        if shown.is_empty() {
            return Err(format!(
                "nothing of the credential {id:?} would be shown; show at least one optional attribute, or answer with nothing"
            ));
        }
        let entries = shown.iter().filter_map(|name| credential.attribute(name));
        let whole = credential.whole.iter().flatten();
        let mut proofs = entries.flat_map(|entry| &entry.proof).chain(whole);
        match proofs.find(|proof| !accepts(self.accept, proof.type_name())) {
            Some(proof) => Err(format!(
                "the credential {id:?} is signed as {}, which the request does not accept; choose another",
                proof.type_name()
            )),
            None => Ok(shown),
        }
    }
}

/// Says why a credential does not answer a criterion, as a clause.
fn refusal(credential: &VerifiableCredential, failure: &Failure) -> String {
    let Failure { expected, got, remedy, .. } = failure;
    let id = &credential.id;
    format!("the credential {id:?} does not answer it: expected {expected}; found {got}; {remedy}")
}

impl Prepared<'_> {
    /// Checks that its credentials are still valid.
    pub(super) fn check_validity(&self, now: DateTime<Utc>) -> Result<(), ExchangeError> {
        let credentials = self.opened.iter().map(|opened| opened.credential.message());
        let mut failures = credentials.flat_map(|one| {
            fit::validity(one, Some(self.criterion), now, now).map(|failure| refusal(one, &failure))
        });
        failures.next().map_or(Ok(()), |problem| {
            let description = &self.criterion.description;
            Err(ExchangeError::Other(format!("the criterion {description:?}: {problem}")))
        })
    }
}
