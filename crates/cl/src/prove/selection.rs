//! Which credential answers what: the holder's choice, checked against the request before any mathematics.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::credential::{Attribute, Credential};
use super::error::ProveError;
use super::identifier::{unqualified_credential_definition, unqualified_schema};
use super::key::ProvingKey;
use crate::request::{Operator, Predicate, ProofRequest};

const ATTRIBUTE: &str = "attribute";
const PREDICATE: &str = "predicate";

/// A credential that is to be presented, its key, and the referents that it answers.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    pub(super) credential: &'a Credential,
    pub(super) key: &'a ProvingKey,
    /// Referents of attributes, and whether the attributes are revealed.
    attributes: Vec<(String, bool)>,
    predicates: Vec<String>,
}

impl<'a> Chosen<'a> {
    /// A credential and the key that it was signed with. It answers nothing yet.
    #[must_use]
    pub fn new(credential: &'a Credential, key: &'a ProvingKey) -> Self {
        Self {
            credential,
            key,
            attributes: Vec::new(),
            predicates: Vec::new(),
        }
    }

    /// Answers a referent of attributes with their values.
    #[must_use]
    pub fn reveal(mut self, referent: impl Into<String>) -> Self {
        self.attributes.push((referent.into(), true));
        self
    }

    /// Answers a referent of attributes with the proof that the credential has them; their values stay hidden.
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

/// What one sub-proof has to show.
pub(super) struct Plan<'a> {
    pub(super) credential: &'a Credential,
    pub(super) key: &'a ProvingKey,
    /// Revealed attributes, folded.
    pub(super) revealed: BTreeSet<String>,
    /// The predicates in the order in which provers list them, and the difference that each shows not to
    /// be negative.
    pub(super) predicates: BTreeMap<Predicate, u32>,
}

/// Checks the choice: every referent is answered once, by a credential that can.
pub(super) fn plan<'a>(
    request: &ProofRequest,
    chosen: &[Chosen<'a>],
    self_attested: &BTreeMap<String, String>,
) -> Result<Vec<Plan<'a>>, ProveError> {
    if request.attributes.is_empty() && request.predicates.is_empty() {
        return Err(ProveError::NothingRequested);
    }
    every_referent_once(request, chosen, self_attested)?;
    for (second, again) in chosen.iter().enumerate() {
        let same = |first: &Chosen<'_>| {
            first.credential.a == again.credential.a && first.credential.e == again.credential.e
        };
        if let Some(first) = chosen[..second].iter().position(same) {
            return Err(ProveError::SameCredential { first, second });
        }
    }
    chosen
        .iter()
        .enumerate()
        .map(|(index, chosen)| sub_proof(request, index, chosen))
        .collect()
}

fn every_referent_once(
    request: &ProofRequest,
    chosen: &[Chosen<'_>],
    self_attested: &BTreeMap<String, String>,
) -> Result<(), ProveError> {
    let from_credentials = chosen
        .iter()
        .flat_map(|chosen| chosen.attributes.iter().map(|(referent, _)| referent));
    let attributes = self_attested.keys().chain(from_credentials);
    answered_once(ATTRIBUTE, request.attributes.keys(), attributes)?;
    let predicates = chosen.iter().flat_map(|chosen| &chosen.predicates);
    answered_once(PREDICATE, request.predicates.keys(), predicates)
}

fn answered_once<'r>(
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
        Some((referent, _)) => Err(ProveError::Unanswered {
            referent: referent.clone(),
            kind,
        }),
    }
}

fn sub_proof<'a>(
    request: &ProofRequest,
    index: usize,
    chosen: &Chosen<'a>,
) -> Result<Plan<'a>, ProveError> {
    let Chosen {
        credential, key, ..
    } = *chosen;
    if chosen.attributes.is_empty() && chosen.predicates.is_empty() {
        return Err(ProveError::NothingShown { credential: index });
    }
    if let Some(problem) = key.problem_with(credential) {
        return Err(ProveError::WrongKey {
            credential: index,
            problem,
        });
    }
    let attribute = |referent: &str, name: &str| {
        let found = credential.attributes.get(name);
        found.ok_or_else(|| ProveError::AttributeMissing {
            referent: referent.to_owned(),
            attribute: name.to_owned(),
            credential: index,
        })
    };
    // Which referent reveals an attribute.
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
        if let Some(reveals) = revealed.get(name) {
            return Err(ProveError::RevealedAndCompared {
                credential: index,
                attribute: name.clone(),
                revealed: (*reveals).clone(),
                predicate: referent.clone(),
            });
        }
        predicates.insert(predicate.clone(), difference);
    }
    Ok(Plan {
        credential,
        key,
        revealed: revealed.into_keys().collect(),
        predicates,
    })
}

/// `Δ = a·(m - D')`, which the predicate says is not negative. The library reckons in 32 bits with a sign,
/// first `a·(m - value)` and then, for `>` and `<`, one less: both must fit.
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
    let distance = if predicate.operator.is_less() {
        -distance
    } else {
        distance
    };
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

/// `requested_proof` of a presentation: which sub-proof answers which referent, and what is revealed.
pub(super) fn requested_proof(
    request: &ProofRequest,
    chosen: &[Chosen<'_>],
    self_attested: &BTreeMap<String, String>,
) -> Value {
    let mut revealed = Map::new();
    let mut groups = Map::new();
    let mut unrevealed = Map::new();
    let mut predicates = Map::new();
    for (index, chosen) in chosen.iter().enumerate() {
        let value = |name: &str| -> Option<&Attribute> {
            chosen.credential.attributes.get(&crate::fold(name))
        };
        for (referent, reveal) in &chosen.attributes {
            if !reveal {
                unrevealed.insert(referent.clone(), json!({ "sub_proof_index": index }));
            } else if let Some(names) = request.groups.get(referent) {
                let values: Map<String, Value> = names
                    .iter()
                    .filter_map(|name| Some((name.clone(), shown(value(name)?))))
                    .collect();
                let group = json!({ "sub_proof_index": index, "values": values });
                groups.insert(referent.clone(), group);
            } else if let Some([name]) = request.attributes.get(referent).map(Vec::as_slice)
                && let Some(attribute) = value(name)
            {
                let mut single = shown(attribute);
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

fn shown(attribute: &Attribute) -> Value {
    json!({ "raw": attribute.raw.as_str(), "encoded": attribute.encoded.as_str() })
}

/// `identifiers` of a presentation: the schema and credential definition of each sub-proof. Nothing is
/// proved about revocation.
pub(super) fn identifiers(request: &ProofRequest, chosen: &[Chosen<'_>]) -> Value {
    let identifier = |chosen: &Chosen<'_>| {
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
