//! Which credentials answer each criterion: those that the command line names, else those that the wallet finds.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use chrono::Utc;
use exchange::{
    did::Did,
    holder::{self, CriterionAnswer, CriterionMatches, OptionalAttributes, ShownCredential},
    message::{CL_PRESENTATION, Criterion, ProofRequest, Received},
};
use exchange_anoncreds::{self as zero_knowledge, BridgeError, Prover};
use indy::{
    anoncreds::{AnoncredsError, prover_get_credential},
    wallet::Wallet,
};
use tutorial::data::LINK_SECRET;

use super::offer::Plan;
use crate::{cli::Respond, public_data::PublicData};

/// At most this many credentials are listed in an error.
const MAX_LISTED: usize = 10;

/// Plans the answers to a request.
pub struct Planner<'p> {
    /// The command line, which may name credentials and optional attributes.
    pub args: &'p Respond,
    /// Where schemas and credential definitions are read.
    pub public_data: &'p PublicData,
    /// The holder's credentials.
    pub wallet: &'p Wallet,
    /// The DID that signs the response.
    pub holder: &'p Did,
    /// The request.
    pub request: &'p Received<ProofRequest>,
}

impl Planner<'_> {
    /// Returns how each criterion is answered, and the answers, unless one is missing.
    pub async fn plan(&self) -> Result<(Vec<Plan>, Option<Vec<CriterionAnswer>>)> {
        let request = self.request.message();
        let found = holder::search(self.wallet, request, Some(self.holder), Utc::now()).await?;
        let mut plans = Vec::with_capacity(found.len());
        for (index, (criterion, found)) in request.body.criteria.iter().zip(&found).enumerate() {
            let (named, stated) = (self.named(index), self.stated(index));
            plans.push(match (named.is_empty(), stated.is_empty()) {
                (_, false) => Plan::Given(CriterionAnswer::SelfAttested(stated)),
                (true, _) => self.plan_found(index, criterion, found).await,
                (false, _) => self.plan_named(index, criterion, named).await?,
            });
        }
        let given = plans.iter().enumerate().filter_map(|(index, plan)| match plan {
            Plan::Given(answer) => Some((index, answer.clone())),
            Plan::ZeroKnowledge { presentation, .. } => {
                Some((index, CriterionAnswer::ZeroKnowledge(presentation.clone())))
            }
            _ => None,
        });
        let is_missing = |plan: &Plan| matches!(plan, Plan::Missing(_));
        let answers = match plans.iter().any(is_missing) {
            true => None,
            false => Some(holder::choose(request, &found, given.collect(), &self.optional())?),
        };
        Ok((plans, answers))
    }

    /// Plans an answer by the first method that the verifier accepts and this wallet allows.
    async fn plan_found(
        &self,
        index: usize,
        criterion: &Criterion,
        found: &CriterionMatches<'_>,
    ) -> Plan {
        if criterion.min_count() == 0 {
            let number = index + 1;
            return Plan::LeftOut(format!("it is optional; --use {number}:ID would answer it"));
        }
        let mut reasons = Vec::new();
        for method in self.methods(criterion) {
            match (method, &found.unmatched) {
                (Method::Signed, None) => return Plan::Found,
                (Method::Signed, Some(unmatched)) => {
                    reasons.extend(unmatched.reasons.iter().map(ToString::to_string));
                }
                (Method::ZeroKnowledge, _) => match self.present(index, None).await {
                    Ok(plan) => return plan,
                    // a method that never applies to the criterion is not a reason
                    Err(error) if never_applies(&error) && criterion.predicates.is_empty() => {}
                    Err(error) => reasons.push(format!("In zero knowledge: {error}.")),
                },
            }
        }
        if criterion.issuers.allow_self() {
            reasons.push(format!("You may state it yourself: --state {}:NAME=VALUE.", index + 1));
        }
        Plan::Missing(reasons.join(" "))
    }

    /// Plans an answer from the credentials that the command line names: in zero knowledge where no other method is
    /// accepted.
    async fn plan_named(
        &self,
        index: usize,
        criterion: &Criterion,
        named: Vec<ShownCredential>,
    ) -> Result<Plan> {
        if self.methods(criterion) != [Method::ZeroKnowledge] {
            return Ok(Plan::Given(CriterionAnswer::Signed(named)));
        }
        let ids: Vec<String> = named.into_iter().map(|shown| shown.credential_id).collect();
        match self.present(index, Some(ids)).await {
            Ok(plan) => Ok(plan),
            Err(BridgeError::Anoncreds(AnoncredsError::CredentialNotFound { id, .. })) => {
                let optional = self.optional().remove(&index).unwrap_or_default();
                let found =
                    zero_knowledge::candidates(self.prover(), self.request, index, &optional).await;
                let found = found.unwrap_or_default().into_iter().take(MAX_LISTED);
                let found: Vec<String> = found.map(|credential| credential.referent).collect();
                let advice = match found.is_empty() {
                    true => "and no other that answers".to_owned(),
                    false => format!("choose among {}", found.join(", ")),
                };
                let number = index + 1;
                bail!(
                    "criterion {number}: the wallet holds no AnonCreds credential {id:?}; {advice}"
                )
            }
            Err(error) => Ok(Plan::Missing(format!("In zero knowledge: {error}."))),
        }
    }

    /// Returns the methods by which a criterion may be answered, in the verifier's order of preference. Predicates are
    /// answered in zero knowledge only; where everything is accepted, signed attributes come first, since they cost
    /// the verifier less.
    fn methods(&self, criterion: &Criterion) -> Vec<Method> {
        if !criterion.predicates.is_empty() {
            return vec![Method::ZeroKnowledge];
        }
        let Some(accept) = &self.request.message().body.accept else {
            return vec![Method::Signed, Method::ZeroKnowledge];
        };
        let mut methods = Vec::new();
        for accepted in accept {
            let method = match accepted.proof_type == CL_PRESENTATION {
                true => Method::ZeroKnowledge,
                false => Method::Signed,
            };
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods
    }

    /// Returns the credentials that the command line names for a criterion.
    fn named(&self, index: usize) -> Vec<ShownCredential> {
        let optional = self.optional().remove(&index).unwrap_or_default();
        let named = self.args.credentials.iter();
        named
            .filter(|(criterion, _)| *criterion == index)
            .map(|(_, id)| ShownCredential {
                credential_id: id.clone(),
                optional: optional.clone(),
            })
            .collect()
    }

    /// Returns what the command line states for a criterion.
    fn stated(&self, index: usize) -> BTreeMap<String, String> {
        let stated = self.args.stated.iter().filter(|(criterion, _)| *criterion == index);
        stated.map(|(_, stated)| stated.clone()).collect()
    }

    /// Returns the optional attributes that the command line names.
    fn optional(&self) -> OptionalAttributes {
        let mut optional = OptionalAttributes::new();
        for (index, name) in &self.args.disclose {
            optional.entry(*index).or_default().insert(name.clone());
        }
        optional
    }

    fn prover(&self) -> Prover<'_> {
        Prover { wallet: self.wallet, link_secret: LINK_SECRET, objects: self.public_data }
    }

    /// Makes an answer in zero knowledge, from these credentials or from those that the wallet finds.
    async fn present(&self, index: usize, named: Option<Vec<String>>) -> Result<Plan, BridgeError> {
        let (prover, request) = (self.prover(), self.request);
        let optional = self.optional().remove(&index).unwrap_or_default();
        let ids = match named {
            Some(named) => named,
            None => zero_knowledge::choose(prover, request, index, &optional).await?,
        };
        let mut credentials = Vec::with_capacity(ids.len());
        for id in &ids {
            credentials.push(prover_get_credential(self.wallet, id).await?);
        }
        let holder = self.holder;
        let presentation =
            zero_knowledge::answer_from(prover, request, index, &ids, &optional, holder).await?;
        Ok(Plan::ZeroKnowledge { presentation, credentials })
    }
}

/// A method to answer a criterion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    /// With credentials whose attributes are signed one by one.
    Signed,
    /// With an AnonCreds presentation.
    ZeroKnowledge,
}

/// Returns whether no wallet could answer the criterion in zero knowledge.
fn never_applies(error: &BridgeError) -> bool {
    matches!(
        error,
        BridgeError::LinkedData { .. }
            | BridgeError::NotAnIndySchema { .. }
            | BridgeError::NoIndyIssuer { .. }
    )
}
