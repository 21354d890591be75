//! The public data of a case: schemas, credential definitions and revocation registries, in the
//! form of Indy or of AnonCreds 1.0.
//!
//! | | Indy | AnonCreds 1.0 |
//! |---|---|---|
//! | identifier | member `id`, and the key of the map | the key of the map |
//! | author | within the identifier | member `issuerId` |
//! | a credential definition's schema | its sequence number | its identifier |
//!
//! Members of both forms may occur together. A number may be written as text, and the other way
//! round.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use verdict::{Failure, Found};

use crate::case::{ById, Case};
use crate::identifiers;
use crate::names;
use crate::presentation::{LINK_SECRET, ParsedPresentation};

/// The public data that a sub-proof is checked against.
pub(super) struct Credential<'c> {
    pub(super) schema: Rc<Object<'c, Schema<'c>>>,
    pub(super) cred_def: Rc<Object<'c, CredDef<'c>>>,
}

/// An object, and the identifier under which the case has it.
pub(super) struct Object<'c, T> {
    pub(super) id: &'c str,
    pub(super) object: T,
}

/// A schema.
#[derive(Deserialize)]
pub(super) struct Schema<'c> {
    #[serde(default, deserialize_with = "version_one")]
    #[serde(rename = "ver")]
    _ver: (),
    /// Its own identifier, in Indy's form.
    #[serde(default)]
    pub(super) id: Option<&'c str>,
    #[serde(rename = "issuerId", default)]
    issuer_id: Option<&'c str>,
    pub(super) name: &'c str,
    pub(super) version: &'c str,
    #[serde(rename = "attrNames", deserialize_with = "folded")]
    pub(super) attributes: BTreeSet<String>,
    #[serde(rename = "seqNo", default, deserialize_with = "optional_text_or_number")]
    pub(super) sequence_number: Option<String>,
}

/// A credential definition.
#[derive(Deserialize)]
pub(super) struct CredDef<'c> {
    #[serde(default, deserialize_with = "version_one")]
    #[serde(rename = "ver")]
    _ver: (),
    /// Its own identifier, in Indy's form.
    #[serde(default)]
    pub(super) id: Option<&'c str>,
    #[serde(rename = "issuerId", default)]
    issuer_id: Option<&'c str>,
    /// The schema's sequence number, or its identifier.
    #[serde(rename = "schemaId", deserialize_with = "text_or_number")]
    pub(super) schema_id: String,
    #[serde(rename = "type", default, deserialize_with = "signature_type")]
    _type: (),
    #[serde(borrow, deserialize_with = "object")]
    pub(super) value: Keys<'c>,
}

/// The definition of a revocation registry.
#[derive(Deserialize)]
pub(super) struct RegistryDefinition<'c> {
    #[serde(rename = "revocDefType", default, deserialize_with = "registry_type")]
    _type: (),
    /// Its own identifier, in Indy's form.
    #[serde(default)]
    pub(super) id: Option<&'c str>,
    #[serde(rename = "issuerId", default)]
    issuer_id: Option<&'c str>,
    #[serde(rename = "credDefId")]
    pub(super) cred_def_id: &'c str,
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

/// An object that has an author.
pub(super) trait Authored {
    /// Returns the member `issuerId`.
    fn issuer_id(&self) -> Option<&str>;
}

macro_rules! authored {
    ($($object:ident)*) => {$(
        impl Authored for $object<'_> {
            fn issuer_id(&self) -> Option<&str> {
                self.issuer_id
            }
        }
    )*};
}

authored! { Schema CredDef RegistryDefinition }

impl<T: Authored> Object<'_, T> {
    /// Returns the author: the object's `issuerId`, or else the DID of its identifier; `None` if
    /// neither says.
    pub(super) fn author(&self) -> Option<String> {
        let own = self.object.issuer_id().map(str::to_owned);
        own.or_else(|| identifiers::author(self.id).map(str::to_owned))
    }

    /// Returns the author as the identifier says and as the object says, if they are two.
    pub(super) fn two_authors(&self) -> Option<(&str, &str)> {
        let by_id = identifiers::author(self.id)?;
        let own = self.object.issuer_id()?;
        (!identifiers::same_did(by_id, own)).then_some((by_id, own))
    }
}

impl CredDef<'_> {
    pub(super) fn is_revocable(&self) -> bool {
        self.value.revocation.is_some()
    }
}

impl<'c> PrimaryKey<'c> {
    /// Returns the names that have a base.
    pub(super) fn names(&self) -> BTreeSet<&'c str> {
        self.bases().map(|(name, _)| name).collect()
    }

    /// Returns the bases of the attributes and of the link secret.
    pub(super) fn bases(&self) -> impl Iterator<Item = (&'c str, &'c str)> {
        let older = self.rms.map(|base| (LINK_SECRET, base));
        self.r.iter().map(|(name, base)| (*name, *base)).chain(older)
    }
}

/// Reads a JSON object. (`serde` would accept a list of its members' values too.)
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct FromObject<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for FromObject<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(members))
        }
    }
    deserializer.deserialize_map(FromObject(PhantomData))
}

fn folded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    let names = Vec::<&str>::deserialize(deserializer)?;
    Ok(names.into_iter().map(names::fold).collect())
}

/// A number that may be written as text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a whole number")]
enum TextOrNumber {
    Text(String),
    Number(u64),
}

impl From<TextOrNumber> for String {
    fn from(written: TextOrNumber) -> Self {
        match written {
            TextOrNumber::Text(text) => text,
            TextOrNumber::Number(number) => number.to_string(),
        }
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    TextOrNumber::deserialize(deserializer).map(String::from)
}

fn optional_text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let written = Option::<TextOrNumber>::deserialize(deserializer)?;
    Ok(written.map(String::from))
}

/// Reads `ver`, of which there is one.
fn version_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    only(deserializer, "ver", "1.0")
}

/// Reads the type of a credential definition, of which there is one.
fn signature_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    only(deserializer, "type", "CL")
}

/// Reads the type of a revocation registry, of which there is one.
fn registry_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    only(deserializer, "revocDefType", "CL_ACCUM")
}

fn only<'de, D: Deserializer<'de>>(
    deserializer: D,
    member: &str,
    value: &str,
) -> Result<(), D::Error> {
    match Option::<&str>::deserialize(deserializer)? {
        Some(other) if other != value => {
            Err(de::Error::custom(format!("`{member}` is {other:?}, and only {value:?} is known")))
        }
        _ => Ok(()),
    }
}

/// Returns the schema and the credential definition of each identifier. An object that is malformed
/// is a failure, one that is not given is missing.
pub(super) fn credentials<'c>(
    case: &'c Case,
    presentation: &ParsedPresentation,
) -> Result<Vec<Credential<'c>>, Found> {
    let mut schemas = Objects::new("schema", "schemas", &case.schemas);
    let mut cred_defs = Objects::new("credential definition", "cred_defs", &case.cred_defs);
    let mut credentials = Vec::with_capacity(presentation.identifiers.len());
    let mut found = Found::default();
    for identifier in &presentation.identifiers {
        let schema = schemas.get(&identifier.schema_id).map_err(|absent| absent.add_to(&mut found));
        let cred_def =
            cred_defs.get(&identifier.cred_def_id).map_err(|absent| absent.add_to(&mut found));
        if let (Ok(schema), Ok(cred_def)) = (schema, cred_def) {
            credentials.push(Credential { schema, cred_def });
        }
    }
    if found == Found::default() { Ok(credentials) } else { Err(found) }
}

/// Why an object of the public data cannot be used.
pub(super) enum Absent {
    /// It was not given.
    Missing(Failure),
    /// It was given, and is not what it should be.
    Malformed(Failure),
}

impl Absent {
    pub(super) fn add_to(self, found: &mut Found) {
        match self {
            Self::Missing(failure) => found.missing.push(failure),
            Self::Malformed(failure) => found.failures.push(failure),
        }
    }
}

/// A case's objects of one kind. Each is parsed once, however many sub-proofs name it.
pub(super) struct Objects<'c, T> {
    kind: &'static str,
    member: &'static str,
    written: &'c ById,
    parsed: BTreeMap<&'c str, Rc<Object<'c, T>>>,
}

impl<'c, T: Deserialize<'c>> Objects<'c, T> {
    pub(super) fn new(kind: &'static str, member: &'static str, written: &'c ById) -> Self {
        Self { kind, member, written, parsed: BTreeMap::new() }
    }

    pub(super) fn get(&mut self, id: &str) -> Result<Rc<Object<'c, T>>, Absent> {
        let Some((id, value)) = self.written.get_key_value(id) else {
            return Err(Absent::Missing(Failure::new(
                format!("the {} {id:?}, which the presentation names", self.kind),
                "it is not among the case's public data",
                format!("read it from the ledger and give it under `{}`", self.member),
            )));
        };
        if let Some(parsed) = self.parsed.get(id.as_str()) {
            return Ok(Rc::clone(parsed));
        }
        let parsed = Rc::new(Object { id, object: self.parse(id, value)? });
        self.parsed.insert(id, Rc::clone(&parsed));
        Ok(parsed)
    }

    fn parse(&self, id: &str, value: &'c Value) -> Result<T, Absent> {
        object(value).map_err(|error: serde_json::Error| {
            Absent::Malformed(Failure::new(
                format!("the {} {id:?} as the ledger gives it", self.kind),
                format!("in `{}`: {error}", self.member),
                "read it from the ledger again, and give it unaltered",
            ))
        })
    }
}
