//! The ledger's objects of a case: schemas and credential definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use verdict::Failure;

use crate::case::{ById, Case};
use crate::names;
use crate::presentation::{LINK_SECRET, ParsedPresentation};

/// The ledger objects that a sub-proof is checked against.
pub(super) struct Credential<'c> {
    pub(super) schema: Rc<Schema<'c>>,
    pub(super) cred_def: Rc<CredDef<'c>>,
}

/// A schema as the ledger gives it.
#[derive(Deserialize)]
pub(super) struct Schema<'c> {
    pub(super) id: &'c str,
    pub(super) name: &'c str,
    pub(super) version: &'c str,
    #[serde(rename = "attrNames", deserialize_with = "folded")]
    pub(super) attributes: BTreeSet<String>,
    #[serde(rename = "seqNo", default)]
    pub(super) sequence_number: Option<u64>,
}

/// A credential definition as the ledger gives it.
#[derive(Deserialize)]
pub(super) struct CredDef<'c> {
    pub(super) id: &'c str,
    /// The schema's sequence number, or its identifier.
    #[serde(rename = "schemaId")]
    pub(super) schema_id: &'c str,
    #[serde(borrow, deserialize_with = "object")]
    pub(super) value: Keys<'c>,
}

/// The issuer's public keys.
#[derive(Deserialize)]
pub(super) struct Keys<'c> {
    #[serde(borrow, deserialize_with = "object")]
    pub(super) primary: PrimaryKey<'c>,
    /// Present if credentials can be revoked.
    #[serde(default)]
    revocation: Option<IgnoredAny>,
}

/// The key of the signatures, its numbers as they are written.
#[derive(Deserialize)]
pub(super) struct PrimaryKey<'c> {
    pub(super) n: &'c str,
    pub(super) s: &'c str,
    pub(super) z: &'c str,
    pub(super) rctxt: &'c str,
    /// A base for each attribute, by folded name.
    #[serde(borrow)]
    pub(super) r: BTreeMap<&'c str, &'c str>,
    /// The link secret's base, where older definitions put it.
    #[serde(default)]
    pub(super) rms: Option<&'c str>,
}

impl CredDef<'_> {
    pub(super) fn is_revocable(&self) -> bool {
        self.value.revocation.is_some()
    }
}

impl PrimaryKey<'_> {
    /// Returns the names that have a base.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        let older = self.rms.map(|_| LINK_SECRET);
        self.r.keys().copied().chain(older).collect()
    }
}

/// Reads a JSON object. (`serde` would accept a list of its members' values too.)
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Object<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(members))
        }
    }
    deserializer.deserialize_map(Object(PhantomData))
}

fn folded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    let names = Vec::<&str>::deserialize(deserializer)?;
    Ok(names.into_iter().map(names::fold).collect())
}

/// Returns the schema and the credential definition of each identifier.
pub(super) fn credentials<'c>(
    case: &'c Case,
    presentation: &ParsedPresentation,
) -> Result<Vec<Credential<'c>>, Vec<Failure>> {
    let mut schemas = Objects::new("schema", "schemas", &case.schemas);
    let mut cred_defs = Objects::new("credential definition", "cred_defs", &case.cred_defs);
    let mut credentials = Vec::with_capacity(presentation.identifiers.len());
    let mut failures = Vec::new();
    for identifier in &presentation.identifiers {
        let schema = schemas.get(&identifier.schema_id);
        let cred_def = cred_defs.get(&identifier.cred_def_id);
        match (schema, cred_def) {
            (Ok(schema), Ok(cred_def)) => credentials.push(Credential { schema, cred_def }),
            (schema, cred_def) => {
                failures.extend(schema.err());
                failures.extend(cred_def.err());
            }
        }
    }
    if failures.is_empty() { Ok(credentials) } else { Err(failures) }
}

/// A case's objects of one kind. Each is parsed once, however many sub-proofs name it.
struct Objects<'c, T> {
    kind: &'static str,
    member: &'static str,
    written: &'c ById,
    parsed: BTreeMap<&'c str, Rc<T>>,
}

impl<'c, T: Deserialize<'c>> Objects<'c, T> {
    fn new(kind: &'static str, member: &'static str, written: &'c ById) -> Self {
        Self { kind, member, written, parsed: BTreeMap::new() }
    }

    fn get(&mut self, id: &str) -> Result<Rc<T>, Failure> {
        let Some((id, value)) = self.written.get_key_value(id) else {
            return Err(Failure::new(
                format!("the {} {id:?}, which the presentation names", self.kind),
                "it is not among the case's public data",
                format!("read it from the ledger and give it under `{}`", self.member),
            ));
        };
        if let Some(parsed) = self.parsed.get(id.as_str()) {
            return Ok(Rc::clone(parsed));
        }
        let parsed = Rc::new(self.parse(id, value)?);
        self.parsed.insert(id, Rc::clone(&parsed));
        Ok(parsed)
    }

    fn parse(&self, id: &str, value: &'c Value) -> Result<T, Failure> {
        object(value).map_err(|error: serde_json::Error| {
            Failure::new(
                format!("the {} {id:?} as the ledger gives it", self.kind),
                format!("in `{}`: {error}", self.member),
                "read it from the ledger again, and give it unaltered",
            )
        })
    }
}
