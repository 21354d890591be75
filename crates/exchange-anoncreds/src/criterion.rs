//! A criterion, as far as an AnonCreds request can ask it.

use std::collections::{BTreeMap, BTreeSet};

use proofs::{PredicateType, checks::MAX_PREDICATES, identifiers::SchemaIdParts, names::fold};
use serde_json::{Map, Value, json};

use super::{
    BridgeError, MAX_CREDENTIALS,
    error::below,
    shape::{Referent, Shape},
};
use crate::{
    did::Did,
    message::{Criterion, ProofRequest, CredentialKind},
};

/// A derived request is not longer than this, in bytes: half of what request and presentation may have together.
const MAX_REQUEST: usize = proofs::checks::MAX_BYTES / 2;

/// A criterion that can be asked in zero knowledge.
pub(super) struct Asked<'r> {
    /// Where it is in the proof request.
    pub pointer: String,
    pub criterion: &'r Criterion,
    pub schema: &'r str,
    /// The issuers that can issue such credentials, as Indy names them, with their numbers in the criterion.
    pub issuers: Vec<(usize, String)>,
}

impl<'r> Asked<'r> {
    pub fn of(request: &'r ProofRequest, number: usize) -> Result<Self, BridgeError> {
        let criteria = &request.body.criteria;
        let criterion = criteria.get(number).ok_or(BridgeError::NoSuchCriterion {
            criterion: number,
            criteria: criteria.len(),
        })?;
        let pointer = format!("/proofRequest/criteria/{number}");
        let asked = Self {
            schema: schema(criterion, &pointer)?,
            issuers: issuers(criterion, &pointer)?,
            pointer,
            criterion,
        };
        asked.check_names()?;
        Ok(asked)
    }

    /// What is asked for is asked for once, and not to be shown and kept secret at once.
    fn check_names(&self) -> Result<(), BridgeError> {
        let mut properties = BTreeMap::new();
        for (number, property) in self.criterion.properties.iter().enumerate() {
            if properties
                .insert(fold(&property.name), property.required)
                .is_some()
            {
                return Err(BridgeError::AskedTwice {
                    pointer: self.at(&format!("properties/{number}")),
                    name: property.name.clone(),
                });
            }
        }
        let mut predicates = BTreeSet::new();
        for (number, predicate) in self.criterion.predicates.iter().enumerate() {
            let pointer = self.at(&format!("predicates/{number}"));
            let name = fold(&predicate.name);
            if PredicateType::parse(&predicate.p_type).is_none() {
                return Err(BridgeError::UnknownComparison {
                    pointer: below(&pointer, "p_type"),
                    p_type: predicate.p_type.clone(),
                });
            }
            if properties.get(&name) == Some(&true) {
                return Err(BridgeError::ShownAndCompared {
                    pointer,
                    name: predicate.name.clone(),
                });
            }
            if !predicates.insert((name, &predicate.p_type, predicate.p_value)) {
                return Err(BridgeError::AskedTwice {
                    pointer,
                    name: predicate.name.clone(),
                });
            }
        }
        Ok(())
    }

    /// Whether the criterion allows to show this, but for the number of credentials.
    pub fn check(&self, shape: &Shape) -> Result<(), BridgeError> {
        if shape.groups.len() > MAX_CREDENTIALS {
            return Err(BridgeError::TooManyCredentials {
                pointer: self.pointer.clone(),
                got: shape.groups.len() as u64,
            });
        }
        let required: BTreeSet<&str> = self.criterion.required().collect();
        let optional: BTreeSet<&str> = self.criterion.optional().collect();
        for (number, shown) in shape.groups.iter().enumerate() {
            let pointer = || self.pointer.clone();
            let credential = number + 1;
            if let Some(name) = required.iter().find(|name| !shown.contains(**name)) {
                return Err(BridgeError::NotShown {
                    pointer: pointer(),
                    credential,
                    name: (*name).to_owned(),
                });
            }
            let is_asked = |name: &str| required.contains(name) || optional.contains(name);
            if let Some(name) = shown.iter().find(|name| !is_asked(name)) {
                return Err(BridgeError::NotAskedFor {
                    pointer: pointer(),
                    name: name.clone(),
                });
            }
            let folded: BTreeSet<String> = shown.iter().map(|name| fold(name)).collect();
            let mut predicates = self.criterion.predicates.iter().enumerate();
            if let Some((number, predicate)) =
                predicates.find(|(_, predicate)| folded.contains(&fold(&predicate.name)))
            {
                return Err(BridgeError::ShownAndCompared {
                    pointer: self.at(&format!("predicates/{number}")),
                    name: predicate.name.clone(),
                });
            }
            if shown.is_empty() && self.criterion.predicates.is_empty() {
                return Err(BridgeError::NothingToProve {
                    pointer: pointer(),
                    credential,
                });
            }
        }
        Ok(())
    }

    /// Whether the criterion can be answered by this many credentials, in one presentation.
    pub fn check_number(&self, credentials: usize) -> Result<(), BridgeError> {
        let (least, most) = (self.criterion.min_count(), self.criterion.max_count());
        if credentials == 0 || !(least..=most).contains(&(credentials as u64)) {
            return Err(BridgeError::WrongNumber {
                pointer: self.pointer.clone(),
                least: least.max(1),
                most,
                got: credentials,
            });
        }
        Ok(())
    }

    /// The AnonCreds request for a shape that was checked.
    pub fn parsed(&self, shape: &Shape, nonce: &str) -> Result<proofs::ProofRequest, BridgeError> {
        self.read(&self.write(shape, nonce)?)
    }

    /// The same in JSON.
    pub fn request(&self, shape: &Shape, nonce: &str) -> Result<Value, BridgeError> {
        let request = self.write(shape, nonce)?;
        self.read(&request).map(|_| request)
    }

    fn read(&self, request: &Value) -> Result<proofs::ProofRequest, BridgeError> {
        proofs::ProofRequest::from_value(request).map_err(|error| BridgeError::NotARequest {
            pointer: self.pointer.clone(),
            reason: error.to_string(),
        })
    }

    fn write(&self, shape: &Shape, nonce: &str) -> Result<Value, BridgeError> {
        let restrictions = self.restrictions();
        self.check_size(shape, &restrictions)?;
        let (mut attributes, mut predicates) = (Map::new(), Map::new());
        for (credential, shown) in shape.groups.iter().enumerate() {
            if !shown.is_empty() {
                // in the criterion's order
                let names = self.criterion.properties.iter();
                let names: Vec<&String> = names
                    .map(|property| &property.name)
                    .filter(|name| shown.contains(*name))
                    .collect();
                attributes.insert(
                    Referent::group(credential).name(),
                    json!({"names": names, "restrictions": restrictions}),
                );
            }
            for (number, predicate) in self.criterion.predicates.iter().enumerate() {
                predicates.insert(
                    Referent::predicate(credential, number).name(),
                    json!({"name": predicate.name, "p_type": predicate.p_type,
                        "p_value": predicate.p_value, "restrictions": restrictions}),
                );
            }
        }
        Ok(json!({
            "nonce": nonce, "name": self.criterion.description, "version": VERSION,
            "requested_attributes": attributes, "requested_predicates": predicates,
        }))
    }

    /// Any of the issuers, and the schema.
    fn restrictions(&self) -> Value {
        let issuers = self.issuers.iter();
        issuers
            .map(|(_, issuer)| json!({"issuer_did": issuer, "schema_id": self.schema}))
            .collect()
    }

    /// Every referent repeats the restrictions: what a stranger asks for briefly may become long.
    fn check_size(&self, shape: &Shape, restrictions: &Value) -> Result<(), BridgeError> {
        let credentials = shape.groups.len();
        let predicates = self.criterion.predicates.len() * credentials;
        let too_large = |what| BridgeError::TooLarge {
            pointer: self.pointer.clone(),
            what,
        };
        if predicates > MAX_PREDICATES {
            return Err(too_large(format!(
                "{predicates} predicates, where {MAX_PREDICATES} are the most"
            )));
        }
        let names = self.criterion.properties.iter();
        let names: usize = names.map(|property| property.name.len() + 3).sum();
        let compared = self.criterion.predicates.iter();
        let compared: usize = compared.map(|predicate| predicate.name.len()).sum();
        let per_referent = restrictions.to_string().len() + 100;
        let length = self.criterion.description.len()
            + (names + compared) * credentials
            + per_referent * (credentials + predicates);
        match length > MAX_REQUEST {
            true => Err(too_large(format!("more than {MAX_REQUEST} bytes"))),
            false => Ok(()),
        }
    }

    /// The pointer to something of the criterion.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.pointer)
    }
}

/// The version of every derived request: a request needs one, and it says nothing.
pub(super) const VERSION: &str = "1.0";

fn schema<'r>(criterion: &'r Criterion, pointer: &str) -> Result<&'r str, BridgeError> {
    match &criterion.kind {
        CredentialKind::Schema(id) if SchemaIdParts::parse(id).is_ok() => Ok(id),
        CredentialKind::Schema(id) => Err(BridgeError::NotAnIndySchema {
            pointer: below(pointer, "schema"),
            schema: id.chars().take(200).collect(),
        }),
        CredentialKind::LinkedData { .. } => Err(BridgeError::LinkedData {
            pointer: pointer.to_owned(),
        }),
    }
}

/// The issuers of the method `sov`, without `did:sov:`.
fn issuers(criterion: &Criterion, pointer: &str) -> Result<Vec<(usize, String)>, BridgeError> {
    let dids = criterion.issuers.dids.iter().enumerate();
    let issuers: Vec<(usize, String)> = dids
        .filter_map(|(number, did)| {
            let did: Did = did.parse().ok()?;
            (did.method() == "sov").then(|| (number, did.id().to_owned()))
        })
        .collect();
    match issuers.is_empty() {
        true => Err(BridgeError::NoIndyIssuer {
            pointer: format!("{pointer}/issuers/dids"),
        }),
        false => Ok(issuers),
    }
}
