//! The holder's choice of credentials, checked against the request before anything is computed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::credential::{Attribute, Credential};
use super::error::ProveError;
use super::identifier::{unqualified_credential_definition, unqualified_schema};
use super::key::ProvingKey;
use crate::request::{Operator, Predicate, ProofRequest, fold};

const ATTRIBUTE: &str = "attribute";
const PREDICATE: &str = "predicate";

/// A credential to present, its issuer's key, and the referents that it answers.
#[derive(Clone, Debug)]
pub struct ChosenCredential<'a> {
    pub(super) credential: &'a Credential,
    pub(super) key: &'a ProvingKey,
    /// Referents of attributes, each with whether the attributes are revealed.
    attributes: Vec<(String, bool)>,
    predicates: Vec<String>,
}

impl<'a> ChosenCredential<'a> {
    /// Chooses a credential, with the key that signed it. It answers no referent yet.
    #[must_use]
    pub fn new(credential: &'a Credential, key: &'a ProvingKey) -> Self {
        Self { credential, key, attributes: Vec::new(), predicates: Vec::new() }
    }

    /// Answers a referent of attributes and reveals their values.
    #[must_use]
    pub fn reveal(mut self, referent: impl Into<String>) -> Self {
        self.attributes.push((referent.into(), true));
        self
    }

    /// Answers a referent of attributes without their values: the presentation shows only that the
    /// credential has them.
    #[must_use]
    pub fn hide(mut self, referent: impl Into<String>) -> Self {
        self.attributes.push((referent.into(), false));
        self
    }

    /// Answers a referent of a predicate.
    #[must_use]
    pub fn satisfy(mut self, referent: impl Into<String>) -> Self {
        self.predicates.push(referent.into());
        self
    }
}

/// The content of one sub-proof.
pub(super) struct Plan<'a> {
    pub(super) credential: &'a Credential,
    pub(super) key: &'a ProvingKey,
    /// Revealed attributes, folded.
    pub(super) revealed: BTreeSet<String>,
    /// The predicates, in the order in which provers list them, each with the difference that it
    /// shows not to be negative.
    pub(super) predicates: BTreeMap<Predicate, u32>,
}

/// Checks the choice: exactly one answer for each referent, from a credential that can give it.
pub(super) fn plan<'a>(
    request: &ProofRequest,
    chosen: &[ChosenCredential<'a>],
    self_attested: &BTreeMap<String, String>,
) -> Result<Vec<Plan<'a>>, ProveError> {
    if request.attributes.is_empty() && request.predicates.is_empty() {
        return Err(ProveError::NothingRequested);
    }
    check_referents(request, chosen, self_attested)?;
    for (second, again) in chosen.iter().enumerate() {
        let same = |first: &ChosenCredential<'_>| {
            first.credential.a == again.credential.a && first.credential.e == again.credential.e
        };
        if let Some(first) = chosen[..second].iter().position(same) {
            return Err(ProveError::SameCredential { first, second });
        }
    }
    chosen.iter().enumerate().map(|(index, chosen)| sub_proof(request, index, chosen)).collect()
}

fn check_referents(
    request: &ProofRequest,
    chosen: &[ChosenCredential<'_>],
    self_attested: &BTreeMap<String, String>,
) -> Result<(), ProveError> {
    let from_credentials =
        chosen.iter().flat_map(|chosen| chosen.attributes.iter().map(|(referent, _)| referent));
    let attributes = self_attested.keys().chain(from_credentials);
    check_answered_once(ATTRIBUTE, request.attributes.keys(), attributes)?;
    if let Some(referent) = self_attested.keys().find(|key| request.groups.contains_key(*key)) {
        return Err(ProveError::GroupSelfAttested { referent: referent.clone() });
    }
    let predicates = chosen.iter().flat_map(|chosen| &chosen.predicates);
    check_answered_once(PREDICATE, request.predicates.keys(), predicates)
}

fn check_answered_once<'r>(
    kind: &'static str,
    requested: impl Iterator<Item = &'r String>,
    answered: impl Iterator<Item = &'r String>,
) -> Result<(), ProveError> {
    let mut open: BTreeMap<&String, bool> = requested.map(|referent| (referent, true)).collect();
    for answer in answered {
        let referent = answer.clone();
        match open.get_mut(answer) {
            None => return Err(ProveError::UnknownReferent { referent, kind }),
            Some(false) => return Err(ProveError::AnsweredTwice { referent, kind }),
            Some(open) => *open = false,
        }
    }
    match open.into_iter().find(|(_, open)| *open) {
        None => Ok(()),
        Some((referent, _)) => Err(ProveError::Unanswered { referent: referent.clone(), kind }),
    }
}

fn sub_proof<'a>(
    request: &ProofRequest,
    index: usize,
    chosen: &ChosenCredential<'a>,
) -> Result<Plan<'a>, ProveError> {
    let ChosenCredential { credential, key, .. } = *chosen;
    if chosen.attributes.is_empty() && chosen.predicates.is_empty() {
        return Err(ProveError::NothingShown { credential: index });
    }
    if let Some(mismatch) = key.mismatch(credential) {
        return Err(ProveError::WrongKey { credential: index, mismatch });
    }
    let attribute = |referent: &str, name: &str| {
        let found = credential.attributes.get(name);
        found.ok_or_else(|| ProveError::AttributeMissing {
            referent: referent.to_owned(),
            attribute: name.to_owned(),
            credential: index,
        })
    };
    // For each revealed attribute, a referent that reveals it.
    let mut revealed: BTreeMap<String, &String> = BTreeMap::new();
    for (referent, reveal) in &chosen.attributes {
        for name in request.attributes.get(referent).into_iter().flatten() {
            attribute(referent, name)?;
            if *reveal {
                revealed.insert(name.clone(), referent);
            }
        }
    }
    let mut predicates = BTreeMap::new();
    for referent in &chosen.predicates {
        let Some(predicate) = request.predicates.get(referent) else {
            continue;
        };
        let name = &predicate.attribute;
        let difference = difference(referent, predicate, attribute(referent, name)?)?;
        if let Some(other) = revealed.get(name) {
            return Err(ProveError::RevealedAndCompared {
                credential: index,
                attribute: name.clone(),
                revealed: (*other).clone(),
                predicate: referent.clone(),
            });
        }
        predicates.insert(predicate.clone(), difference);
    }
    Ok(Plan { credential, key, revealed: revealed.into_keys().collect(), predicates })
}

/// Returns `Δ = a·(m - D')`, which the predicate states not to be negative. `indy-credx` computes
/// in signed 32-bit numbers, first `a·(m - value)` and then, for `>` and `<`, one less: both must
/// fit.
fn difference(
    referent: &str,
    predicate: &Predicate,
    attribute: &Attribute,
) -> Result<u32, ProveError> {
    let referent = || referent.to_owned();
    let Ok(value) = attribute.encoded.parse::<i32>() else {
        return Err(ProveError::NotAnInteger {
            referent: referent(),
            attribute: predicate.attribute.clone(),
        });
    };
    let distance = i64::from(value) - i64::from(predicate.value);
    let distance = if predicate.operator.is_less() { -distance } else { distance };
    let strict = matches!(predicate.operator, Operator::Greater | Operator::Less);
    let difference = distance - i64::from(strict);
    if i32::try_from(distance).is_err() || i32::try_from(difference).is_err() {
        return Err(ProveError::DifferenceOutOfRange {
            referent: referent(),
            predicate: predicate.clone(),
        });
    }
    u32::try_from(difference).map_err(|_| ProveError::NotSatisfied {
        referent: referent(),
        predicate: predicate.clone(),
    })
}

/// Returns the `requested_proof` of a presentation: the sub-proof that answers each referent, and
/// the revealed values.
pub(super) fn requested_proof(
    request: &ProofRequest,
    chosen: &[ChosenCredential<'_>],
    self_attested: &BTreeMap<String, String>,
) -> Value {
    let mut revealed = Map::new();
    let mut groups = Map::new();
    let mut unrevealed = Map::new();
    let mut predicates = Map::new();
    for (index, chosen) in chosen.iter().enumerate() {
        let value =
            |name: &str| -> Option<&Attribute> { chosen.credential.attributes.get(&fold(name)) };
        for (referent, reveal) in &chosen.attributes {
            if !reveal {
                unrevealed.insert(referent.clone(), json!({ "sub_proof_index": index }));
            } else if let Some(names) = request.groups.get(referent) {
                let values: Map<String, Value> = names
                    .iter()
                    .filter_map(|name| Some((name.clone(), value_json(value(name)?))))
                    .collect();
                let group = json!({ "sub_proof_index": index, "values": values });
                groups.insert(referent.clone(), group);
            } else if let Some([name]) = request.attributes.get(referent).map(Vec::as_slice)
                && let Some(attribute) = value(name)
            {
                let mut single = value_json(attribute);
                single["sub_proof_index"] = index.into();
                revealed.insert(referent.clone(), single);
            }
        }
        for referent in &chosen.predicates {
            predicates.insert(referent.clone(), json!({ "sub_proof_index": index }));
        }
    }
    let mut requested_proof = json!({
        "revealed_attrs": revealed,
        "self_attested_attrs": self_attested,
        "unrevealed_attrs": unrevealed,
        "predicates": predicates,
    });
    if !groups.is_empty() {
        requested_proof["revealed_attr_groups"] = groups.into();
    }
    requested_proof
}

fn value_json(attribute: &Attribute) -> Value {
    json!({ "raw": attribute.raw.as_str(), "encoded": attribute.encoded.as_str() })
}

/// Returns the `identifiers` of a presentation: the schema and credential definition of each
/// sub-proof. The members for revocation are null.
pub(super) fn identifiers(request: &ProofRequest, chosen: &[ChosenCredential<'_>]) -> Value {
    let identifier = |chosen: &ChosenCredential<'_>| {
        let credential = chosen.credential;
        let (schema_id, cred_def_id) = if request.qualified {
            (credential.schema_id.clone(), credential.cred_def_id.clone())
        } else {
            (
                unqualified_schema(&credential.schema_id),
                unqualified_credential_definition(&credential.cred_def_id),
            )
        };
        json!({
            "schema_id": schema_id,
            "cred_def_id": cred_def_id,
            "rev_reg_id": null,
            "timestamp": null,
        })
    };
    chosen.iter().map(identifier).collect()
}
