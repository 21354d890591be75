//! Schemas: which attributes a credential of a schema has.
//!
//! A criterion may ask for "all data from a schema" (section "Introduction" of the draft), by
//! naming no attribute. Which those are is only known where the schema can be looked up, as in a
//! registry or on a ledger.

use std::{borrow::Cow, collections::BTreeSet};

use async_trait::async_trait;
use verdict::Caution;

use crate::message::{CredentialKind, Criterion, ProofRequest, Property};

/// Why a schema, or other public data, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {id} cannot be read: {reason}")]
pub struct ObjectError {
    /// What kind of object, for example "schema".
    pub what: &'static str,
    /// Its identifier.
    pub id: String,
    /// Why, and what to do, as a clause.
    pub reason: String,
}

impl ObjectError {
    /// Returns the error of an object of this kind and identifier.
    pub fn new(what: &'static str, id: &str, reason: impl ToString) -> Self {
        Self { what, id: id.to_owned(), reason: reason.to_string() }
    }
}

/// A source of schemas.
#[async_trait]
pub trait Schemas: Send + Sync {
    /// Returns the names of a schema's attributes; `None` if this source does not know the schema.
    ///
    /// # Errors
    ///
    /// [`ObjectError`].
    async fn attributes(&self, id: &str) -> Result<Option<BTreeSet<String>>, ObjectError>;
}

/// Returns what a person must know of the criteria of a request, as far as their schemas can be
/// looked up: a criterion asks for an attribute that its schema does not have
/// (`attribute-not-in-schema`), or for all attributes of a schema that is not known
/// (`schema-not-resolved`).
pub async fn cautions(request: &ProofRequest, schemas: Option<&dyn Schemas>) -> Vec<Caution> {
    let mut cautions = Vec::new();
    for (index, criterion) in request.body.criteria.iter().enumerate() {
        let pointer = request.criterion_pointer(index);
        match look_up(criterion, schemas).await {
            Ok(names) => {
                let known: BTreeSet<String> = names.iter().map(|name| folded(name)).collect();
                let asked = criterion.properties.iter().map(|property| &property.name);
                let asked = asked.chain(criterion.predicates.iter().map(|one| &one.name));
                cautions.extend(asked.filter(|name| !known.contains(&folded(name))).map(|name| {
                    Caution::new(
                        "attribute-not-in-schema",
                        &pointer,
                        format!("the schema has no attribute {name:?}"),
                        "credentials that keep to the schema do not have it",
                    )
                }));
            }
            Err(why) if criterion.asks_for_all() => cautions.push(not_resolved(pointer, why)),
            Err(_) => {}
        }
    }
    cautions
}

/// Returns the criteria of a request, those that ask for all attributes with those that their
/// schema has; and the cautions where these are not known.
pub(crate) async fn resolved<'r>(
    request: &'r ProofRequest,
    schemas: Option<&dyn Schemas>,
) -> (Vec<Cow<'r, Criterion>>, Vec<Caution>) {
    let (mut criteria, mut cautions) = (Vec::new(), Vec::new());
    for (index, criterion) in request.body.criteria.iter().enumerate() {
        let mut resolved = Cow::Borrowed(criterion);
        if criterion.asks_for_all() {
            match look_up(criterion, schemas).await {
                Ok(names) => resolved = Cow::Owned(criterion.with_all(names)),
                Err(why) => cautions.push(not_resolved(request.criterion_pointer(index), why)),
            }
        }
        criteria.push(resolved);
    }
    (criteria, cautions)
}

impl Criterion {
    /// Returns a criterion that requires all of these attributes.
    #[must_use]
    pub fn with_all(&self, names: impl IntoIterator<Item = String>) -> Self {
        let all = names.into_iter();
        let all = all.map(|name| Property { name, required: true, ..Property::default() });
        Self { properties: all.collect(), ..self.clone() }
    }
}

async fn look_up(
    criterion: &Criterion,
    schemas: Option<&dyn Schemas>,
) -> Result<BTreeSet<String>, String> {
    let CredentialKind::Schema(id) = &criterion.kind else {
        return Err("the type is described by linked data, which lists no attributes".to_owned());
    };
    let Some(schemas) = schemas else {
        return Err("no source of schemas was given".to_owned());
    };
    match schemas.attributes(id).await {
        Ok(Some(names)) if names.is_empty() => Err(format!("the schema {id:?} lists no attribute")),
        Ok(Some(names)) => Ok(names),
        Ok(None) => Err(format!("the schema {id:?} is not known here")),
        Err(error) => Err(error.to_string()),
    }
}

fn not_resolved(pointer: String, why: String) -> Caution {
    let what = "all attributes are asked for, and it is not known which those are";
    Caution::new("schema-not-resolved", &pointer, what, why)
}

/// Returns the name of an attribute as ledgers and AnonCreds compare it: without spaces, in lower
/// case.
pub fn folded(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}
