//! A criterion: the attributes that a verifier wants to see, and the issuers that it trusts for
//! them.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::Value;

use super::{
    Form, Mode, Rule,
    reader::{Bounds, Members, Place, flag, whole_number},
    texts::{SELF, any_text, either_context, issuer, text},
};

/// A criterion names at most this many issuers.
const MAX_ISSUERS: usize = 1000;

/// A criterion asks for at most this many attributes.
const MAX_PROPERTIES: usize = 500;

/// A criterion has at most this many predicates.
const MAX_PREDICATES: usize = 100;

/// The operators of predicates.
const OPERATORS: [&str; 4] = [">=", ">", "<=", "<"];

/// One part of a request: attributes of credentials of one kind, from certain issuers.
///
/// Section "Criteria Message Structure" of the draft. Three spellings of it are read; [`Spelling`]
/// says which one is written where.
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// What is to be proved of attributes without showing them. Our addition, for answers with
    /// AnonCreds.
    pub predicates: Vec<Predicate>,
    /// The least number of different credentials; 1 if absent, 0 makes the criterion optional.
    pub min: Option<u64>,
    /// The greatest number of different credentials; no bound if absent.
    pub max: Option<u64>,
    /// Whether credentials that have expired answer it too: `allowExpired`, a member of the library
    /// of the draft's authors.
    pub allow_expired: bool,
    /// Members of `schema` that are only carried along, where it is written as an object.
    pub schema_other: Members,
    /// Members that are only carried along.
    pub other: Members,
}

/// The issuers that a verifier trusts for a criterion.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Issuers {
    /// Their DIDs; any of them. `SELF` or `did:self` among them allows the holder to state the
    /// attributes itself.
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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Property {
    /// Its name in the schema.
    pub name: String,
    /// Whether the criterion cannot be answered without it. If not, it is shown only if the holder
    /// chooses to.
    pub required: bool,
    /// Members that are only carried along.
    #[serde(flatten)]
    pub other: Members,
}

/// A comparison to be proved of an attribute that stays hidden.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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

impl Default for CredentialKind {
    /// Returns a schema without an id.
    fn default() -> Self {
        Self::Schema(String::new())
    }
}

/// Where a criterion is written: the draft's examples spell it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// In a request: `schema` is the id, `properties` the attributes. Where `schema` has members
    /// that are only carried along, it stays an object, as in a response.
    Request,
    /// In a response: `schema` is `{id, attributes}`. Linked data is spelled as in a request.
    Response,
}

impl Issuers {
    /// Returns whether the holder may state the attributes itself.
    pub fn allow_self(&self) -> bool {
        self.dids.iter().any(|did| SELF.contains(&&**did))
    }
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

    /// Returns how many credentials it asks for, in words, where that is another number than this
    /// one.
    pub(crate) fn asks_for_other_than(&self, count: u64) -> Option<String> {
        let (min, max) = (self.min_count(), self.max_count());
        match max {
            _ if (min..=max).contains(&count) => None,
            u64::MAX => Some(format!("at least {min}")),
            max if max == min => Some(min.to_string()),
            max => Some(format!("{min} to {max}")),
        }
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

    /// Returns whether it asks for all attributes that a credential has by its schema: it names
    /// none, and no predicate.
    pub fn asks_for_all(&self) -> bool {
        self.properties.is_empty() && self.predicates.is_empty()
    }

    /// Returns whether an answer may show an attribute.
    pub fn may_show(&self, name: &str) -> bool {
        self.asks_for_all() || self.properties.iter().any(|property| property.name == name)
    }

    /// Returns whether it asks for the same as another, whatever the spelling of either: `min: 1`
    /// may be left out, and `1.0` is `1`.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        self.min_count() == other.min_count()
            && self.max == other.max
            && self.allow_expired == other.allow_expired
            && self.description == other.description
            && self.reason == other.reason
            && self.kind == other.kind
            && self.issuers == other.issuers
            && self.properties == other.properties
            && self.predicates == other.predicates
            && self.schema_other == other.schema_other
            && self.other == other.other
    }

    /// Returns the criterion in JSON, with the names of a form.
    pub fn written(&self, spelling: Spelling, form: Form) -> Value {
        let names = form.names();
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
                put(names.context, context.clone().into());
                put(names.kind, kind.clone().into());
                put("properties", properties);
            }
        }
        if !self.predicates.is_empty() {
            put("predicates", json(&self.predicates));
        }
        if self.allow_expired {
            put("allowExpired", true.into());
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

/// Reads a criterion, in any of its spellings.
pub(super) fn criterion(at: &Place) -> Criterion {
    at.object(|at| {
        let before = at.reader.violations();
        let schema = at.member("schema");
        let criterion = Criterion {
            description: at.required("description", any_text),
            reason: at.required("reason", any_text),
            issuers: at.required("issuers", |at| at.object(issuers)),
            kind: kind(at),
            properties: properties(at),
            predicates: at.optional("predicates", predicates).unwrap_or_default(),
            min: at.optional("min", bound),
            max: at.optional("max", bound),
            allow_expired: at.optional("allowExpired", flag).unwrap_or_default(),
            schema_other: schema
                .map(|at| at.members_but(&["id", "attributes"]))
                .unwrap_or_default(),
            other: at.members_but(&KNOWN),
        };
        at.none_of(&["conditions", "constraints", "non_revoked", "restrictions"]);
        // of the request, or of its body
        at.none_of(&["accept", "criteria", "expires", "presentationURL", "proofURL", "verifier"]);
        if at.reader.mode == Mode::Strict {
            at.required("min", |_| ());
            at.required("max", |_| ());
        }
        let (min, max) = (criterion.min_count(), criterion.max_count());
        if min > max && at.reader.violations() == before {
            let got = format!("at least {min} and at most {max}");
            at.refuse_found(Rule::BoundsInOrder, "`min` at most `max`", got);
        }
        criterion
    })
}

/// The members of a criterion.
const KNOWN: [&str; 13] = [
    "description",
    "reason",
    "issuers",
    "schema",
    "@context",
    "context",
    "type",
    "properties",
    "predicates",
    "min",
    "max",
    "@type",
    "allowExpired",
];

fn issuers(at: &Place) -> Issuers {
    const SOME: Bounds =
        Bounds::some_up_to(MAX_ISSUERS).named(Rule::SomeIssuer, "the DID of at least one issuer");
    let mut seen = HashSet::new();
    let dids = at.required("dids", |at| {
        at.list(SOME, |at| {
            at.once(Rule::IssuerOnce, None, &mut seen);
            issuer(at)
        })
    });
    Issuers { dids, other: at.members_but(&["dids"]) }
}

fn kind(at: &Place) -> CredentialKind {
    let form = at.reader.form.get();
    form.check(at, &[|n| n.kind]);
    let context = either_context(at);
    if at.has("@context") && at.has("context") {
        return CredentialKind::default();
    }
    // the draft's criteria are read with either name of the context
    if form == Form::December2019 && at.has("context") {
        let expected = "`@context`, as in the rest of the message";
        at.refuse_found(Rule::OneForm, expected, "`context`");
    }
    match (at.member("schema"), context, at.member(form.names().kind)) {
        (Some(schema), None, None) => CredentialKind::Schema(schema_id(&schema)),
        (None, Some(context), Some(kind)) => {
            CredentialKind::LinkedData { context: text(&context), kind: text(&kind) }
        }
        _ => {
            let expected = "either `schema`, or `context` and `type`, and not both";
            at.refuse(Rule::SchemaOrLinkedData, expected);
            CredentialKind::default()
        }
    }
}

fn schema_id(at: &Place) -> String {
    match at.value {
        Value::String(_) => return text(at),
        Value::Object(_) => {
            // of the library of the draft's authors: a range of versions instead of an id
            at.none_of(&["did", "resource", "version"]);
            return at.required("id", text);
        }
        _ => at.refuse(Rule::Schema, "a text or an object"),
    }
    String::new()
}

/// Reads the attributes, from either place. None in both: all are asked for.
fn properties(at: &Place) -> Vec<Property> {
    let schema = at.member("schema");
    let in_schema = schema.as_ref().and_then(|schema| schema.member("attributes"));
    let own = at.member("properties");
    if own.is_some() && in_schema.is_some() {
        at.refuse(
            Rule::OneListOfAttributes,
            "the attributes in `properties`, or in the `attributes` of `schema`, and not in both",
        );
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let lists = own.or(in_schema).into_iter();
    let properties = lists.flat_map(|list| {
        list.list(Bounds::up_to(MAX_PROPERTIES), |at| {
            at.once(Rule::AttributeOnce, Some("name"), &mut seen);
            at.object(|at| {
                at.none_of(&["conditions", "restrictions", "value"]);
                Property {
                    name: at.required("name", text),
                    required: at.required("required", flag),
                    other: at.members_but(&["name", "required"]),
                }
            })
        })
    });
    properties.collect()
}

fn predicates(at: &Place) -> Vec<Predicate> {
    at.list(Bounds::up_to(MAX_PREDICATES), |at| {
        at.object(|at| Predicate {
            name: at.required("name", text),
            p_type: at.required("p_type", |at| {
                let operator = at.value.as_str().filter(|text| OPERATORS.contains(text));
                if operator.is_none() {
                    at.refuse(Rule::PredicateOperator, format!("one of {}", OPERATORS.join(", ")));
                }
                operator.unwrap_or_default().to_owned()
            }),
            p_value: at.required("p_value", |at| {
                let expected = format!("a whole number of 32 bits: {} to {}", i32::MIN, i32::MAX);
                whole_number(at, Rule::PredicateValue, &expected)
            }),
            other: at.members_but(&["name", "p_type", "p_value"]),
        })
    })
}

fn bound(at: &Place) -> u64 {
    let expected = "a number of credentials: a whole number from 0 to 9007199254740991";
    whole_number(at, Rule::Bound, expected)
}
