//! Schemas, credential definitions and registries, from wherever they come.
//!
//! A verifier gets them from a ledger, a registry, a file, or with the record of another program.
//! [`PublicData`] reads what people have: maps by identifier, lists, single objects, in either
//! [form](crate::kinds::Form). [`Needs`] says what a case needs, and [`PublicData::put_into`] gives
//! a case what it needs and no more.
//!
//! An object in AnonCreds 1.0's form does not contain its own identifier. Where it is not in a map,
//! it therefore needs one beside it: `{"id": "...", "object": {...}}`, or as agents write it,
//! `{"schema_id": "...", "schema": {...}}`.

mod needs;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use stdx::pointer;

use crate::case::{ById, ByTime, Case};
use crate::error::{describe, location};
use crate::kinds::{ObjectKind, recognise};
use crate::limits::MAX_CASE_BYTES;
use crate::objects::{self, Kind};
pub use needs::Needs;

/// What an issuer publishes, by identifier.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PublicData {
    /// Schemas.
    pub schemas: ById,
    /// Credential definitions.
    pub cred_defs: ById,
    /// Revocation registry definitions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_reg_defs: ById,
    /// Revocation registries, by timestamp.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_regs: ByTime,
    /// Revocation status lists, by timestamp.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rev_status_lists: ByTime,
}

/// Public data that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", location(pointer))]
pub struct PublicDataError {
    /// A JSON pointer (RFC 6901) to what is wrong; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with public data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It is another thing.
    #[error("expected {expected}, got {got}")]
    Malformed {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        got: String,
    },
    /// It is of a kind that issuers do not publish.
    #[error("this looks like {0}, which is not public data")]
    NotPublic(ObjectKind),
    /// It does not contain its identifier, and has none beside it.
    #[error(
        "{0} without its identifier; give it as {{\"id\": \"...\", \"object\": {{...}}}}, or in a map from \
         identifiers to objects"
    )]
    NoIdentifier(ObjectKind),
    /// A registry without its timestamp.
    #[error(
        "{0} without its time; give it as {{\"id\": \"...\", \"timestamp\": 0, \"object\": {{...}}}}, or in a map \
         from identifiers to a map from timestamps to objects"
    )]
    NoTimestamp(ObjectKind),
    /// Two objects have one identifier.
    #[error("{kind} {id} occurs twice, with different content; remove the one that is out of date")]
    Conflict {
        /// The kind of object.
        kind: ObjectKind,
        /// The identifier, and the timestamp of a registry.
        id: String,
    },
}

/// The names under which collections of objects are written, and what they hold.
const MEMBERS: [(&str, ObjectKind); 23] = [
    ("schemas", ObjectKind::Schema),
    ("schema", ObjectKind::Schema),
    ("cred_defs", ObjectKind::CredentialDefinition),
    ("cred_def", ObjectKind::CredentialDefinition),
    ("credDefs", ObjectKind::CredentialDefinition),
    ("credential_definitions", ObjectKind::CredentialDefinition),
    ("credential_definition", ObjectKind::CredentialDefinition),
    ("credentialDefinitions", ObjectKind::CredentialDefinition),
    ("credentialDefinition", ObjectKind::CredentialDefinition),
    ("rev_reg_defs", ObjectKind::RegistryDefinition),
    ("rev_reg_def", ObjectKind::RegistryDefinition),
    ("revRegDefs", ObjectKind::RegistryDefinition),
    ("revocation_registry_definitions", ObjectKind::RegistryDefinition),
    ("revocation_registry_definition", ObjectKind::RegistryDefinition),
    ("revocationRegistryDefinitions", ObjectKind::RegistryDefinition),
    ("revocationRegistryDefinition", ObjectKind::RegistryDefinition),
    ("rev_regs", ObjectKind::Registry),
    ("revRegs", ObjectKind::Registry),
    ("rev_status_lists", ObjectKind::StatusList),
    ("rev_status_list", ObjectKind::StatusList),
    ("revocation_status_lists", ObjectKind::StatusList),
    ("revocationStatusLists", ObjectKind::StatusList),
    ("revocationStatusList", ObjectKind::StatusList),
];

/// The members beside an object that name it.
const IDENTIFIERS: [&str; 12] = [
    "id",
    "schema_id",
    "schemaId",
    "cred_def_id",
    "credDefId",
    "credential_definition_id",
    "credentialDefinitionId",
    "rev_reg_id",
    "rev_reg_def_id",
    "revRegDefId",
    "revocation_registry_definition_id",
    "revocationRegistryDefinitionId",
];

impl PublicData {
    /// Reads public data from JSON text: an object with collections (`schemas`, `cred_defs`,
    /// `rev_reg_defs`, `rev_regs`, `rev_status_lists`), as a case has them; one object; or a list
    /// of these.
    ///
    /// # Errors
    /// What cannot be used, and where.
    pub fn from_json(text: &str) -> Result<Self, PublicDataError> {
        let malformed = |pointer, expected, got| PublicDataError {
            pointer,
            problem: Problem::Malformed { expected, got },
        };
        if text.len() > MAX_CASE_BYTES {
            let got = format!("{} bytes", text.len());
            return Err(malformed(String::new(), "at most 10 MiB of public data", got));
        }
        objects::check_form(Kind::Json, text)
            .map_err(|fault| malformed(fault.pointer, fault.expected, fault.got))?;
        let value: Value = serde_json::from_str(text)
            .map_err(|error| malformed(String::new(), "public data in JSON", error.to_string()))?;
        let mut data = Self::default();
        match &value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    data.add_document(item, &pointer::child("", &index.to_string()))?;
                }
            }
            value => data.add_document(value, "")?,
        }
        Ok(data)
    }

    /// Reads the collections that an object has among its members; other members are ignored.
    ///
    /// # Errors
    /// What cannot be used, and where, as a pointer below `at`.
    pub fn from_members(members: &Map<String, Value>, at: &str) -> Result<Self, PublicDataError> {
        let mut data = Self::default();
        data.add_members(members, at)?;
        Ok(data)
    }

    /// Adds other public data.
    ///
    /// # Errors
    /// [`Problem::Conflict`] when both have an identifier, with different objects.
    pub fn merge(&mut self, other: Self) -> Result<(), PublicDataError> {
        for kind in [
            ObjectKind::Schema,
            ObjectKind::CredentialDefinition,
            ObjectKind::RegistryDefinition,
            ObjectKind::Registry,
            ObjectKind::StatusList,
        ] {
            if let Some(objects) = other.by_id(kind) {
                for (id, object) in objects {
                    self.add(kind, id, None, object, "")?;
                }
            }
            for (id, times) in other.by_time(kind).into_iter().flatten() {
                for (time, object) in times {
                    self.add(kind, id, Some(time), object, "")?;
                }
            }
        }
        Ok(())
    }

    /// Gives a case what it needs of this, in place of what it has itself. Of a registry that it
    /// names it gets every entry, because a later one can show whether an earlier one was still in
    /// force.
    pub fn put_into(&self, case: &mut Case) {
        let needs = Needs::of(case);
        for (ids, from, to) in [
            (&needs.schemas, &self.schemas, &mut case.schemas),
            (&needs.cred_defs, &self.cred_defs, &mut case.cred_defs),
            (&needs.rev_reg_defs, &self.rev_reg_defs, &mut case.rev_reg_defs),
        ] {
            for id in ids {
                if let Some(object) = from.get(id) {
                    to.insert(id.clone(), object.clone());
                }
            }
        }
        for (from, to) in [
            (&self.rev_regs, &mut case.rev_regs),
            (&self.rev_status_lists, &mut case.rev_status_lists),
        ] {
            for id in &needs.rev_reg_defs {
                for (time, object) in from.get(id).into_iter().flatten() {
                    to.entry(id.clone()).or_default().insert(time.clone(), object.clone());
                }
            }
        }
    }

    /// Returns whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn by_id(&self, kind: ObjectKind) -> Option<&ById> {
        match kind {
            ObjectKind::Schema => Some(&self.schemas),
            ObjectKind::CredentialDefinition => Some(&self.cred_defs),
            ObjectKind::RegistryDefinition => Some(&self.rev_reg_defs),
            _ => None,
        }
    }

    fn by_time(&self, kind: ObjectKind) -> Option<&ByTime> {
        match kind {
            ObjectKind::Registry => Some(&self.rev_regs),
            ObjectKind::StatusList => Some(&self.rev_status_lists),
            _ => None,
        }
    }

    /// Adds a file's whole content, or an element of its list.
    fn add_document(&mut self, value: &Value, at: &str) -> Result<(), PublicDataError> {
        let kind = recognise(value);
        if is_public(kind) || Wrapped::of(value).is_some() {
            return self.add_object(value, None, at);
        }
        match value {
            Value::Object(members)
                if MEMBERS.iter().any(|(name, _)| members.contains_key(*name)) =>
            {
                self.add_members(members, at)
            }
            _ => Err(PublicDataError { pointer: at.to_owned(), problem: Problem::NotPublic(kind) }),
        }
    }

    fn add_members(
        &mut self,
        members: &Map<String, Value>,
        at: &str,
    ) -> Result<(), PublicDataError> {
        for (name, kind) in MEMBERS {
            if let Some(value) = members.get(name) {
                self.add_collection(kind, value, &pointer::child(at, name))?;
            }
        }
        Ok(())
    }

    /// Adds a list, a map, or one object, of a kind.
    fn add_collection(
        &mut self,
        kind: ObjectKind,
        value: &Value,
        at: &str,
    ) -> Result<(), PublicDataError> {
        match value {
            Value::Null => Ok(()),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.add_object(item, Some(kind), &pointer::child(at, &index.to_string()))?;
                }
                Ok(())
            }
            Value::Object(_) if recognise(value) == kind || Wrapped::of(value).is_some() => {
                self.add_object(value, Some(kind), at)
            }
            Value::Object(map) => {
                for (id, object) in map {
                    self.add_named(kind, id, object, &pointer::child(at, id))?;
                }
                Ok(())
            }
            other => Err(malformed(at, "a map from identifiers to objects, or a list", other)),
        }
    }

    /// Adds what a map has for an identifier.
    fn add_named(
        &mut self,
        kind: ObjectKind,
        id: &str,
        value: &Value,
        at: &str,
    ) -> Result<(), PublicDataError> {
        match value {
            Value::Object(times) if is_dated(kind) && recognise(value) != kind => {
                for (time, object) in times {
                    let at = pointer::child(at, time);
                    let Value::Object(_) = object else {
                        return Err(malformed(&at, kind.name(), object));
                    };
                    self.add(kind, id, Some(time), object, &at)?;
                }
                Ok(())
            }
            Value::Array(items) if is_dated(kind) => {
                for (index, item) in items.iter().enumerate() {
                    let at = pointer::child(at, &index.to_string());
                    let time = timestamp_of(item);
                    self.add(kind, id, time.as_deref(), item, &at)?;
                }
                Ok(())
            }
            Value::Object(_) => {
                let time = timestamp_of(value).filter(|_| is_dated(kind));
                self.add(kind, id, time.as_deref(), value, at)
            }
            other => Err(malformed(at, kind.name(), other)),
        }
    }

    /// Adds one object that contains its identifier, or has it beside it.
    fn add_object(
        &mut self,
        value: &Value,
        expected: Option<ObjectKind>,
        at: &str,
    ) -> Result<(), PublicDataError> {
        let wrapped = Wrapped::of(value);
        let (object, time) = match &wrapped {
            Some(wrapped) => (wrapped.object, wrapped.time.clone()),
            None => (value, timestamp_of(value)),
        };
        let kind = recognise(object);
        if let Some(expected) = expected.filter(|expected| *expected != kind) {
            let got = kind.name().to_owned();
            let problem = Problem::Malformed { expected: expected.name(), got };
            return Err(PublicDataError { pointer: at.to_owned(), problem });
        }
        if !is_public(kind) {
            let problem = Problem::NotPublic(kind);
            return Err(PublicDataError { pointer: at.to_owned(), problem });
        }
        let own = match kind {
            ObjectKind::StatusList => "revRegDefId",
            _ => "id",
        };
        let own = object.get(own).and_then(Value::as_str);
        let Some(id) = wrapped.as_ref().map(|wrapped| wrapped.id).or(own) else {
            let problem = Problem::NoIdentifier(kind);
            return Err(PublicDataError { pointer: at.to_owned(), problem });
        };
        let time = time.or_else(|| timestamp_of(object)).filter(|_| is_dated(kind));
        self.add(kind, id, time.as_deref(), object, at)
    }

    fn add(
        &mut self,
        kind: ObjectKind,
        id: &str,
        time: Option<&str>,
        object: &Value,
        at: &str,
    ) -> Result<(), PublicDataError> {
        let fault = |problem| Err(PublicDataError { pointer: at.to_owned(), problem });
        let (map, key) = match kind {
            ObjectKind::Schema => (&mut self.schemas, id),
            ObjectKind::CredentialDefinition => (&mut self.cred_defs, id),
            ObjectKind::RegistryDefinition => (&mut self.rev_reg_defs, id),
            ObjectKind::Registry | ObjectKind::StatusList => {
                let Some(time) = time else {
                    return fault(Problem::NoTimestamp(kind));
                };
                let registries = match kind {
                    ObjectKind::Registry => &mut self.rev_regs,
                    _ => &mut self.rev_status_lists,
                };
                (registries.entry(id.to_owned()).or_default(), time)
            }
            other => return fault(Problem::NotPublic(other)),
        };
        match map.get(key) {
            Some(known) if known != object => {
                let id = match time {
                    Some(time) => format!("{id} at {time}"),
                    None => id.to_owned(),
                };
                fault(Problem::Conflict { kind, id })
            }
            Some(_) => Ok(()),
            None => {
                map.insert(key.to_owned(), object.clone());
                Ok(())
            }
        }
    }
}

/// An object with its identifier beside it.
struct Wrapped<'v> {
    id: &'v str,
    time: Option<String>,
    object: &'v Value,
}

impl<'v> Wrapped<'v> {
    fn of(value: &'v Value) -> Option<Self> {
        let members = value.as_object()?;
        let object = members.get("object").or_else(|| {
            // `value` and the like are members of the objects themselves
            let names = MEMBERS.iter().filter(|(name, _)| !name.ends_with('s'));
            names.filter_map(|(name, _)| members.get(*name)).next()
        })?;
        let id = IDENTIFIERS.iter().find_map(|name| members.get(*name)?.as_str())?;
        (is_public(recognise(object))).then(|| Self { id, time: timestamp_of(value), object })
    }
}

/// Returns the `timestamp` of an object, a number or digits, as text.
fn timestamp_of(value: &Value) -> Option<String> {
    match value.get("timestamp")? {
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        Value::String(text) => text.parse::<u64>().ok().map(|number| number.to_string()),
        _ => None,
    }
}

fn is_public(kind: ObjectKind) -> bool {
    MEMBERS.iter().any(|(_, public)| *public == kind)
}

/// Returns whether objects of a kind are valid from a time on.
fn is_dated(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Registry | ObjectKind::StatusList)
}

fn malformed(at: &str, expected: &'static str, got: &Value) -> PublicDataError {
    PublicDataError {
        pointer: at.to_owned(),
        problem: Problem::Malformed { expected, got: describe(got) },
    }
}
