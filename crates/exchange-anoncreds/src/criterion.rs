//! A criterion that AnonCreds can answer.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use anoncreds::Schema;
use exchange::{
    did::Did,
    message::{CredentialKind, Criterion, ProofRequest},
};
use proofs::{PredicateType, identifiers::SchemaIdParts, limits::MAX_PREDICATES, names::fold};
use serde_json::{Map, Value, json};
use stdx::{pointer::child, text::shorten};

use crate::{
    BridgeError, MAX_CREDENTIALS, PublicObjects,
    shape::{Referent, Shape},
};

/// A derived request has at most this many bytes: half of what request and presentation may have
/// together.
const MAX_REQUEST: usize = proofs::limits::MAX_REQUEST_BYTES / 2;

/// An error shows at most this many characters of a schema's id.
const MAX_ID_SHOWN: usize = 200;

/// A criterion that AnonCreds can answer.
pub(crate) struct AnoncredsCriterion<'r> {
    /// The JSON pointer to it in the proof request.
    pub pointer: String,
    pub inner: &'r Criterion,
    pub schema: &'r str,
    /// The issuers that can issue such credentials, as Indy names them.
    pub issuers: Vec<String>,
}

/// Returns the criterion of a request with this index.
pub(crate) fn criterion(request: &ProofRequest, index: usize) -> Result<&Criterion, BridgeError> {
    let criteria = &request.body.criteria;
    let criterion = criteria.get(index);
    criterion.ok_or_else(|| {
        let criteria = criteria.len();
        BridgeError::Unanswerable(format!(
            "the request has no criterion number {index}; it has {criteria}, counted from 0"
        ))
    })
}

/// Returns the same; one that asks for all attributes with those that its schema has.
pub(crate) async fn resolved<'r>(
    request: &'r ProofRequest,
    index: usize,
    objects: &dyn PublicObjects,
) -> Result<Cow<'r, Criterion>, BridgeError> {
    let criterion = criterion(request, index)?;
    match &criterion.kind {
        CredentialKind::Schema(id) if criterion.asks_for_all() => {
            let Schema::SchemaV1(schema) = objects.schema(id).await?;
            let names: BTreeSet<String> = schema.attr_names.0.into_iter().collect();
            Ok(Cow::Owned(criterion.with_all(names)))
        }
        _ => Ok(Cow::Borrowed(criterion)),
    }
}

impl<'r> AnoncredsCriterion<'r> {
    /// Parses a criterion, which stands here in a request.
    pub fn of(pointer: String, inner: &'r Criterion) -> Result<Self, BridgeError> {
        let criterion = Self {
            schema: schema(inner, &pointer)?,
            issuers: issuers(inner, &pointer)?,
            pointer,
            inner,
        };
        criterion.check_names()?;
        Ok(criterion)
    }

    /// Checks that no attribute or predicate occurs twice, and that no attribute is both shown and
    /// compared in secret.
    fn check_names(&self) -> Result<(), BridgeError> {
        let mut properties = BTreeMap::new();
        for (number, property) in self.inner.properties.iter().enumerate() {
            if properties.insert(fold(&property.name), property.required).is_some() {
                let pointer = self.at(&format!("properties/{number}"));
                return Err(BridgeError::asked_twice(&pointer, &property.name));
            }
        }
        let mut predicates = BTreeSet::new();
        for (number, predicate) in self.inner.predicates.iter().enumerate() {
            let pointer = self.at(&format!("predicates/{number}"));
            let name = fold(&predicate.name);
            if PredicateType::parse(&predicate.p_type).is_none() {
                let (pointer, p_type) = (child(&pointer, "p_type"), &predicate.p_type);
                return Err(BridgeError::Unanswerable(format!(
                    "{pointer} is {p_type:?}; a predicate compares by >=, >, <= or <"
                )));
            }
            if properties.get(&name) == Some(&true) {
                return Err(BridgeError::shown_and_compared(&pointer, &predicate.name));
            }
            if !predicates.insert((name, &predicate.p_type, predicate.p_value)) {
                return Err(BridgeError::asked_twice(&pointer, &predicate.name));
            }
        }
        Ok(())
    }

    /// Checks the names of the attributes that one credential, by its number from 1, shows.
    fn check_group(&self, credential: usize, shown: &BTreeSet<String>) -> Result<(), BridgeError> {
        let pointer = &self.pointer;
        let mut required = self.inner.required();
        if let Some(name) = required.find(|name| !shown.contains(*name)) {
            return Err(BridgeError::Shown(format!(
                "credential {credential} does not show {name:?}, which {pointer} requires; show it"
            )));
        }
        let properties = &self.inner.properties;
        let is_asked = |name: &String| properties.iter().any(|property| property.name == *name);
        if let Some(name) = shown.iter().find(|name| !is_asked(name)) {
            return Err(BridgeError::Shown(format!(
                "{name:?} would be shown, and {pointer} does not ask for it; show only what is asked for"
            )));
        }
        let folded: BTreeSet<String> = shown.iter().map(|name| fold(name)).collect();
        let mut predicates = self.inner.predicates.iter().enumerate();
        if let Some((number, predicate)) =
            predicates.find(|(_, predicate)| folded.contains(&fold(&predicate.name)))
        {
            let pointer = self.at(&format!("predicates/{number}"));
            return Err(BridgeError::shown_and_compared(&pointer, &predicate.name));
        }
        if shown.is_empty() && self.inner.predicates.is_empty() {
            return Err(BridgeError::Unanswerable(format!(
                "nothing would be proved of credential {credential}: {pointer} requires no attribute, none of its \
                 optional ones was chosen, and it has no predicate"
            )));
        }
        Ok(())
    }

    /// Checks that the criterion can be answered by this many credentials, in one presentation;
    /// returns their number.
    pub fn check_count(&self, credentials: u64) -> Result<usize, BridgeError> {
        let (pointer, min, max) =
            (&self.pointer, self.inner.min_count().max(1), self.inner.max_count());
        if !(min..=max).contains(&credentials) {
            let range = match max {
                u64::MAX => format!("{min} or more"),
                max if max == min => min.to_string(),
                max => format!("{min} to {max}"),
            };
            return Err(BridgeError::Unanswerable(format!(
                "{pointer} is answered by {range} credentials, not by {credentials}"
            )));
        }
        let count = usize::try_from(credentials).ok().filter(|count| *count <= MAX_CREDENTIALS);
        count.ok_or_else(|| BridgeError::too_many_credentials(pointer, credentials))
    }

    /// Returns the AnonCreds request for a shape, in JSON and as AnonCreds reads it. Whether the
    /// criterion allows so many credentials, the caller checks.
    pub fn request(
        &self,
        shape: &Shape,
        nonce: &str,
    ) -> Result<(Value, proofs::ProofRequest), BridgeError> {
        for (number, shown) in shape.groups.iter().enumerate() {
            self.check_group(number + 1, shown)?;
        }
        let request = self.write(shape, nonce)?;
        let parsed = proofs::ProofRequest::from_value(&request).map_err(|error| {
            let pointer = &self.pointer;
            BridgeError::Unanswerable(format!(
                "{pointer} does not make a valid AnonCreds request: {error}"
            ))
        })?;
        Ok((request, parsed))
    }

    fn write(&self, shape: &Shape, nonce: &str) -> Result<Value, BridgeError> {
        // of every referent: any of the issuers, and the schema
        let restrictions = self.issuers.iter();
        let restrictions: Value = restrictions
            .map(|issuer| json!({"issuer_did": issuer, "schema_id": self.schema}))
            .collect();
        self.check_size(shape, &restrictions)?;
        let (mut attributes, mut predicates) = (Map::new(), Map::new());
        for (credential, shown) in shape.groups.iter().enumerate() {
            if !shown.is_empty() {
                // in the order of the criterion
                let names = self.inner.properties.iter();
                let names: Vec<&String> = names
                    .map(|property| &property.name)
                    .filter(|name| shown.contains(*name))
                    .collect();
                attributes.insert(
                    Referent::group(credential).name(),
                    json!({"names": names, "restrictions": restrictions}),
                );
            }
            for (number, predicate) in self.inner.predicates.iter().enumerate() {
                predicates.insert(
                    Referent::predicate(credential, number).name(),
                    json!({"name": predicate.name, "p_type": predicate.p_type,
                        "p_value": predicate.p_value, "restrictions": restrictions}),
                );
            }
        }
        Ok(json!({
            "nonce": nonce, "name": self.inner.description, "version": VERSION,
            "requested_attributes": attributes, "requested_predicates": predicates,
        }))
    }

    /// Checks the size of the derived request. Every referent repeats the restrictions, so that a
    /// short criterion may make a long request.
    fn check_size(&self, shape: &Shape, restrictions: &Value) -> Result<(), BridgeError> {
        let credentials = shape.groups.len();
        let predicates = self.inner.predicates.len() * credentials;
        let too_large = |what: String| BridgeError::too_large(&self.pointer, &what);
        if predicates > MAX_PREDICATES {
            return Err(too_large(format!(
                "{predicates} predicates, where {MAX_PREDICATES} are the most"
            )));
        }
        let names = self.inner.properties.iter();
        let names: usize = names.map(|property| property.name.len() + 3).sum();
        let compared = self.inner.predicates.iter();
        let compared: usize = compared.map(|predicate| predicate.name.len()).sum();
        let per_referent = restrictions.to_string().len() + 100;
        let length = self.inner.description.len()
            + (names + compared) * credentials
            + per_referent * (credentials + predicates);
        match length > MAX_REQUEST {
            true => Err(too_large(format!("more than {MAX_REQUEST} bytes"))),
            false => Ok(()),
        }
    }

    /// Returns the pointer to a part of the criterion.
    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.pointer)
    }
}

/// The version of every derived request: a request must have one, and it has no meaning here.
pub(crate) const VERSION: &str = "1.0";

fn schema<'r>(criterion: &'r Criterion, pointer: &str) -> Result<&'r str, BridgeError> {
    let reason = match &criterion.kind {
        CredentialKind::Schema(id) if SchemaIdParts::parse(id).is_ok() => return Ok(id),
        CredentialKind::Schema(id) => format!(
            "{} is {:?}, which is not a schema of an Indy ledger; such a schema is called DID:2:name:version",
            child(pointer, "schema"),
            shorten(id, MAX_ID_SHOWN)
        ),
        CredentialKind::LinkedData { .. } => format!(
            "{pointer} asks for linked data, by context and type; an AnonCreds credential is described by a schema: \
             ask by `schema`"
        ),
    };
    Err(BridgeError::NotOfAnoncreds(reason))
}

/// Returns the issuers of the method `sov`, without `did:sov:`.
fn issuers(criterion: &Criterion, pointer: &str) -> Result<Vec<String>, BridgeError> {
    let dids = criterion.issuers.dids.iter().filter_map(|did| did.parse::<Did>().ok());
    let issuers = dids.filter(|did| did.method() == "sov").map(|did| did.id().to_owned());
    let issuers: Vec<String> = issuers.collect();
    match issuers.is_empty() {
        true => Err(BridgeError::NotOfAnoncreds(format!(
            "{pointer}/issuers/dids names no DID of the method `sov`, and only these issue credentials for a \
             zero-knowledge answer; add one, or accept signed attributes"
        ))),
        false => Ok(issuers),
    }
}
