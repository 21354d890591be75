//! A criterion: the attributes that a verifier wants to see, and the issuers that it trusts for them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use super::members::Members;

/// One part of a request: attributes of credentials of one kind, from certain issuers.
///
/// Section "Criteria Message Structure" of the draft. Three spellings of it are read; [`Spelling`] says which
/// one is written where.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// What the criterion asks for, for a person to read.
    pub description: String,
    /// Why it does, for a person to read.
    pub reason: String,
    /// The issuers whose credentials are trusted for it.
    pub issuers: Issuers,
    /// The kind of credential.
    pub kind: CredentialKind,
    /// The attributes.
    pub properties: Vec<Property>,
    /// What is to be proved of attributes without showing them. Our addition, for answers with AnonCreds.
    pub predicates: Vec<Predicate>,
    /// The least number of different credentials; 1 if absent, 0 makes the criterion optional.
    pub min: Option<u64>,
    /// The greatest number of different credentials; no bound if absent.
    pub max: Option<u64>,
    /// Members of `schema` that are only carried along, where it is written as an object.
    pub schema_other: Members,
    /// Members that are only carried along.
    pub other: Members,
}

/// The issuers that a verifier trusts for a criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issuers {
    /// Their DIDs; any of them.
    pub dids: Vec<String>,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// The kind of a credential. The two exclude each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialKind {
    /// Its attributes are described by a schema with this id.
    Schema(String),
    /// Its attributes are described by linked data.
    LinkedData {
        /// The context that gives the type its meaning.
        context: String,
        /// The type.
        kind: String,
    },
}

/// An attribute that is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// Its name in the schema.
    pub name: String,
    /// Whether the criterion cannot be answered without it. If not, it is shown only if the holder chooses to.
    pub required: bool,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// A comparison to be proved of an attribute that stays hidden.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predicate {
    /// The attribute's name.
    pub name: String,
    /// `>=`, `>`, `<=` or `<`.
    pub p_type: String,
    /// The number that it is compared with.
    pub p_value: i32,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// Where a criterion is written: the draft's examples spell it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// In a request: `schema` is the id, `properties` the attributes. Where `schema` has members that are only
    /// carried along, it stays an object, as in a response.
    Request,
    /// In a response: `schema` is `{id, attributes}`. Linked data is spelled as in a request.
    Response,
}

impl Criterion {
    /// Returns the least number of credentials.
    pub fn min_count(&self) -> u64 {
        self.min.unwrap_or(1)
    }

    /// Returns the greatest number of credentials; `u64::MAX` where there is no bound.
    pub fn max_count(&self) -> u64 {
        self.max.unwrap_or(u64::MAX)
    }

    /// Returns the names of the attributes that an answer must show.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        let required = self.properties.iter().filter(|property| property.required);
        required.map(|property| &*property.name)
    }

    /// Returns the names of the attributes that an answer may show.
    pub fn optional(&self) -> impl Iterator<Item = &str> {
        let optional = self.properties.iter().filter(|property| !property.required);
        optional.map(|property| &*property.name)
    }

    /// Returns whether it asks for the same as another, whatever the spelling of either.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        self == other
    }

    /// Returns the criterion in JSON.
    pub fn written(&self, spelling: Spelling) -> Value {
        let mut members = self.other.clone();
        let mut put = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        put("description", self.description.clone().into());
        put("reason", self.reason.clone().into());
        put("issuers", json(&self.issuers));
        let properties = json(&self.properties);
        match &self.kind {
            CredentialKind::Schema(id)
                if spelling == Spelling::Response || !self.schema_other.is_empty() =>
            {
                let mut schema = self.schema_other.clone();
                schema.insert("id".to_owned(), id.clone().into());
                schema.insert("attributes".to_owned(), properties);
                put("schema", schema.into());
            }
            CredentialKind::Schema(id) => {
                put("schema", id.clone().into());
                put("properties", properties);
            }
            CredentialKind::LinkedData { context, kind } => {
                put("context", context.clone().into());
                put("type", kind.clone().into());
                put("properties", properties);
            }
        }
        if !self.predicates.is_empty() {
            put("predicates", json(&self.predicates));
        }
        for (name, bound) in [("min", self.min), ("max", self.max)] {
            if let Some(bound) = bound {
                put(name, bound.into());
            }
        }
        members.into()
    }
}

/// Writes texts, numbers and lists of them, which always have a form in JSON.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A criterion in any of its spellings.
#[derive(Deserialize)]
struct Written {
    description: String,
    reason: String,
    issuers: Issuers,
    #[serde(default)]
    schema: Option<WrittenSchema>,
    #[serde(default, alias = "@context")]
    context: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    properties: Option<Vec<Property>>,
    #[serde(default)]
    predicates: Vec<Predicate>,
    #[serde(default)]
    min: Option<u64>,
    #[serde(default)]
    max: Option<u64>,
    #[serde(flatten)]
    other: Members,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenSchema {
    Id(String),
    Object {
        id: String,
        attributes: Vec<Property>,
        #[serde(flatten)]
        other: Members,
    },
}

impl<'de> Deserialize<'de> for Criterion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let either =
            || D::Error::custom("a criterion has either `schema`, or `context` and `type`");
        let mut schema_other = Members::new();
        let (kind, properties) = match (written.schema, written.context, written.kind) {
            (Some(WrittenSchema::Id(id)), None, None) => {
                (CredentialKind::Schema(id), written.properties)
            }
            (Some(WrittenSchema::Object { id, attributes, other }), None, None) => {
                if written.properties.is_some() {
                    return Err(D::Error::custom(
                        "a criterion has `properties`, or `attributes` in its `schema`, but not both",
                    ));
                }
                schema_other = other;
                (CredentialKind::Schema(id), Some(attributes))
            }
            (None, Some(context), Some(kind)) => {
                (CredentialKind::LinkedData { context, kind }, written.properties)
            }
            _ => return Err(either()),
        };
        Ok(Self {
            description: written.description,
            reason: written.reason,
            issuers: written.issuers,
            kind,
            properties: properties.unwrap_or_default(),
            predicates: written.predicates,
            min: written.min,
            max: written.max,
            schema_other,
            other: written.other,
        })
    }
}

/// Writes a list of criteria as they are written in a request.
pub(super) fn in_request<S: Serializer>(criteria: &[Criterion], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(criteria.iter().map(|criterion| criterion.written(Spelling::Request)))
}

/// Writes a criterion as it is written in a response.
pub(super) fn in_response<S: Serializer>(criterion: &Criterion, to: S) -> Result<S::Ok, S::Error> {
    criterion.written(Spelling::Response).serialize(to)
}
