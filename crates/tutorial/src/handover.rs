//! What each step hands to the next. A home keeps it as `state/step<N>.json`.

use std::collections::BTreeMap;

use indy::anoncreds::{
    Candidate, Decision, PredicateType, Presentation, ProofRequest, RequestedCredentials,
    Verdict as Reasons, objects,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Value, value::RawValue};
use stdx::text::in_sentence;

use crate::error::TutorialError;

/// What step 2 hands over: ids only. Schema and credential definition are public, and the later
/// steps read them from the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The steward's DID, the origin of the schema.
    pub steward_did: String,
    /// The trust anchor's DID, the issuer of the credential.
    pub trust_anchor_did: String,
    /// The prover's DID.
    pub prover_did: String,
    /// The schema's id on the ledger.
    pub schema_id: String,
    /// The credential definition's id on the ledger.
    pub cred_def_id: String,
    /// The name of the link secret in the prover's wallet.
    pub link_secret: String,
    /// The id of the credential in the prover's wallet.
    pub credential_id: String,
}

/// What step 3 hands over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The verifier's request.
    #[serde(deserialize_with = "read_request")]
    pub proof_request: ProofRequest,
    /// The credentials that can answer, by referent.
    pub candidates: BTreeMap<String, Vec<Candidate>>,
}

/// Reads a request from its text, so that a member which occurs twice is noticed.
fn read_request<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ProofRequest, D::Error> {
    let json = <Box<RawValue>>::deserialize(deserializer)?;
    ProofRequest::from_json(json.get()).map_err(D::Error::custom)
}

impl Found {
    /// Checks that each referent has a candidate.
    ///
    /// # Errors
    ///
    /// [`TutorialError::NoCandidate`].
    pub fn check(&self) -> Result<(), TutorialError> {
        self.candidates.keys().try_for_each(|referent| self.first_candidate(referent).map(drop))
    }

    /// Returns the ids of the schema and the credential definition of each candidate.
    pub fn public_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        let infos = self.candidates.values().flatten().map(|candidate| &candidate.cred_info);
        infos.map(|info| (info.schema_id.as_str(), info.cred_def_id.as_str()))
    }

    /// Returns the id of the first credential that was found for a referent.
    ///
    /// # Errors
    ///
    /// [`TutorialError::NoCandidate`].
    pub fn first_candidate(&self, referent: &str) -> Result<&str, TutorialError> {
        let found = self.candidates.get(referent).and_then(|found| found.first());
        let id = found.map(|candidate| candidate.cred_info.referent.as_str());
        id.ok_or_else(|| TutorialError::NoCandidate { referent: referent.to_owned() })
    }
}

/// What step 4 hands over: the prover's choice, and what it sends to the verifier.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    /// The credential that the prover chose for each referent.
    pub requested_credentials: RequestedCredentials,
    /// The presentation.
    #[serde(deserialize_with = "objects::deserialize")]
    pub presentation: Presentation,
}

impl Proven {
    /// Returns the ids of the schema and the credential definition of each credential that was
    /// proved.
    pub fn public_ids(&self) -> impl Iterator<Item = (&str, &str)> {
        let identifiers = self.presentation.identifiers.iter();
        identifiers.map(|ids| (ids.schema_id.0.as_str(), ids.cred_def_id.0.as_str()))
    }
}

/// What step 5 finds: the end of the walkthrough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// The presentation answers the request, and its mathematics holds.
    Verified {
        /// What the verifier has learned, a clause for each referent of the request.
        #[serde(default)]
        learned: Vec<String>,
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
    /// It does not.
    Rejected {
        /// Why: the first check that failed, and what it found.
        reason: String,
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
    /// Nothing was found wrong, but something that a check needs is missing.
    Undecided {
        /// What: the first check that is undecided, and what it lacks.
        reason: String,
        /// How each check went.
        #[serde(default)]
        checks: Value,
    },
}

impl Verdict {
    /// Returns the verdict that `verifier_verify_proof` gave, with the reasons of
    /// `verifier_explain_proof`. It is "verified" only if both say so.
    ///
    /// # Errors
    ///
    /// When the reasons cannot be written as JSON.
    pub fn new(
        verified: bool,
        reasons: &Reasons,
        request: &ProofRequest,
        presentation: &Presentation,
    ) -> Result<Self, serde_json::Error> {
        let checks = serde_json::to_value(reasons)?["checks"].take();
        Ok(match reasons.reason() {
            None if verified => Self::Verified { learned: learned(request, presentation), checks },
            None => {
                Self::Rejected { reason: "verifier_verify_proof gave `false`".to_owned(), checks }
            }
            Some(reason) if reasons.decision() == Decision::Undecided => {
                Self::Undecided { reason, checks }
            }
            Some(reason) => Self::Rejected { reason, checks },
        })
    }
}

/// Returns what a verified presentation says in answer to its request, a clause for each referent.
fn learned(request: &ProofRequest, presentation: &Presentation) -> Vec<String> {
    let answer = &presentation.requested_proof;
    let shown = request.requested_attributes.iter().flat_map(|(referent, requested)| {
        let names: Vec<String> = requested.names().iter().map(|it| in_sentence(it)).collect();
        let name = names.join(", ");
        let group = answer.revealed_attr_groups.get(referent);
        let group = group.iter().flat_map(|group| &group.values);
        let mut clauses: Vec<String> = group
            .map(|(name, value)| {
                format!("the {} is {}", in_sentence(name), in_sentence(&value.raw))
            })
            .collect();
        clauses.sort();
        if let Some(value) = answer.revealed_attrs.get(referent) {
            clauses.push(format!("the {name} is {}", in_sentence(&value.raw)));
        } else if let Some(value) = answer.self_attested_attrs.get(referent) {
            let value = in_sentence(value);
            clauses
                .push(format!("the prover says, without a credential, that the {name} is {value}"));
        } else if clauses.is_empty() {
            clauses.push(format!("the prover holds the attribute {name} and does not show it"));
        }
        clauses
    });
    let proved = request.requested_predicates.values().map(|predicate| {
        let comparison = match predicate.p_type {
            PredicateType::GreaterOrEqual => "at least",
            PredicateType::Greater => "greater than",
            PredicateType::LessOrEqual => "at most",
            PredicateType::Less => "less than",
        };
        format!("the {} is {comparison} {}", in_sentence(&predicate.name), predicate.p_value)
    });
    shown.chain(proved).collect()
}
