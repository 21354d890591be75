//! Which credentials answer each criterion: those that the command line names, else those that the
//! wallet finds.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use chrono::Utc;
use exchange::{
    did::Did,
    holder::{
        self, Candidate, CriterionAnswer, CriterionMatches, OptionalAttributes, ShownCredential,
    },
    message::{CL_PRESENTATION, Criterion, ProofRequest, Received},
};
use exchange_anoncreds::{self as zero_knowledge, BridgeError, Prover};
use indy::{anoncreds::AnoncredsError, wallet::Wallet};
use tutorial::data::LINK_SECRET;

use super::offer::Plan;
use crate::{cli::Respond, context::held_name, public_data::PublicData};

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
    pub request: &'p Received<ProofRequest>,
}

impl Planner<'_> {
    /// Returns how each criterion is answered, and the answers, unless one is missing.
    pub async fn plan(&self) -> Result<(Vec<Plan>, Option<Vec<CriterionAnswer>>)> {
        let request = self.request.message();
        let found = holder::search(self.wallet, request, Some(self.holder), Utc::now()).await?;
        let mut plans = Vec::with_capacity(found.len());
        for (index, (criterion, found)) in request.body.criteria.iter().zip(&found).enumerate() {
            let named = of_criterion(&self.args.credentials, index).cloned().collect::<Vec<_>>();
            let stated: BTreeMap<_, _> = of_criterion(&self.args.stated, index).cloned().collect();
            plans.push(match (named.is_empty(), stated.is_empty()) {
                (_, false) => Plan::Given(CriterionAnswer::SelfAttested(stated)),
                (true, _) => self.plan_found(index, criterion, found).await,
                (false, _) => {
                    check_unambiguous(index, &named, found)?;
                    self.plan_named(index, criterion, named).await?
                }
            });
        }
        let given = plans.iter().enumerate().filter_map(|(index, plan)| match plan {
            Plan::Given(answer) => Some((index, answer.clone())),
            Plan::ZeroKnowledge(answer) => {
                Some((index, CriterionAnswer::ZeroKnowledge(answer.presentation.clone())))
            }
            _ => None,
        });
        let is_missing = |plan: &Plan| matches!(plan, Plan::Missing(_));
        let optional = (0..plans.len()).map(|index| (index, self.optional(index)));
        let optional: OptionalAttributes = optional.collect();
        let answers = match plans.iter().any(is_missing) {
            true => None,
            false => Some(holder::choose(request, &found, given.collect(), &optional)?),
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
                (Method::Signed, Some(unmatched)) => reasons.extend_from_slice(unmatched),
                (Method::ZeroKnowledge, _) => match self.present(index, None).await {
                    Ok(plan) => return plan,
                    // a method that never applies to the criterion is not a reason
                    Err(BridgeError::NotOfAnoncreds(_)) if criterion.predicates.is_empty() => {}
                    Err(error) => reasons.push(format!("In zero knowledge: {error}.")),
                },
            }
        }
        if criterion.issuers.allow_self() {
            reasons.push(format!("You may state it yourself: --state {}:NAME=VALUE.", index + 1));
        }
        Plan::Missing(reasons.join(" "))
    }

    /// Plans an answer from the credentials that the command line names: in zero knowledge where no
    /// other method is accepted.
    async fn plan_named(
        &self,
        index: usize,
        criterion: &Criterion,
        named: Vec<String>,
    ) -> Result<Plan> {
        if self.methods(criterion) != [Method::ZeroKnowledge] {
            let mut shown = Vec::with_capacity(named.len());
            for name in named {
                let credential_id = self.held_as(name).await?;
                shown.push(ShownCredential { credential_id, optional: self.optional(index) });
            }
            return Ok(Plan::Given(CriterionAnswer::Signed(shown)));
        }
        match self.present(index, Some(&named)).await {
            Ok(plan) => Ok(plan),
            Err(BridgeError::Anoncreds(AnoncredsError::CredentialNotFound { id, .. })) => {
                let (prover, optional) = (self.prover(), self.optional(index));
                let found =
                    zero_knowledge::candidates(prover, self.request, index, &optional).await;
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

    /// Returns the name under which the wallet holds what the command line calls `ID`, or
    /// `ID of ISSUER` as a credential is shown.
    async fn held_as(&self, name: String) -> Result<String> {
        let held = match name.rsplit_once(" of ") {
            Some((id, issuer)) => held_name(self.wallet, id, issuer).await?,
            None => None,
        };
        Ok(held.unwrap_or(name))
    }

    /// Returns the methods by which a criterion may be answered, in the verifier's order of
    /// preference. Predicates are answered in zero knowledge only; where everything is accepted,
    /// signed attributes come first, since they cost the verifier less.
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

    /// Returns the optional attributes of a criterion that the command line names.
    fn optional(&self, index: usize) -> BTreeSet<String> {
        of_criterion(&self.args.disclose, index).cloned().collect()
    }

    fn prover(&self) -> Prover<'_> {
        Prover { wallet: self.wallet, link_secret: LINK_SECRET, objects: self.public_data }
    }

    /// Makes an answer in zero knowledge, from these credentials or from those that the wallet
    /// finds.
    async fn present(&self, index: usize, named: Option<&[String]>) -> Result<Plan, BridgeError> {
        let (prover, optional) = (self.prover(), self.optional(index));
        zero_knowledge::answer(prover, self.request, index, named, &optional, self.holder)
            .await
            .map(Plan::ZeroKnowledge)
    }
}

/// Checks that no credential that is named by its id alone could be another issuer's too.
fn check_unambiguous(index: usize, named: &[String], found: &CriterionMatches<'_>) -> Result<()> {
    for id in named.iter().filter(|name| !name.contains(" of ")) {
        let of_another = format!("{id} of ");
        let has_id = |candidate: &&Candidate| {
            candidate.credential_id == *id || candidate.credential_id.starts_with(&of_another)
        };
        let issuers = found.candidates.iter().filter(has_id).map(|candidate| &candidate.issuer);
        let names: Vec<String> = issuers.map(|issuer| format!("{id} of {issuer}")).collect();
        ensure!(
            names.len() < 2,
            "criterion {}: the wallet holds {} credentials with the id {id}; name one as {}",
            index + 1,
            names.len(),
            names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" or ")
        );
    }
    Ok(())
}

/// Returns what the command line says of a criterion.
fn of_criterion<T>(said: &[(usize, T)], index: usize) -> impl Iterator<Item = &T> {
    said.iter().filter(move |(criterion, _)| *criterion == index).map(|(_, said)| said)
}

/// A method to answer a criterion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    /// With credentials whose attributes are signed one by one.
    Signed,
    /// With an AnonCreds presentation.
    ZeroKnowledge,
}
