//! `indy-credx`, as released: objects go to it as they are.
//!
//! This is not how a verifier should use it; see `anoncreds::Verifier`. Here the library is what is
//! tested, so nothing is checked before it reads, and its panics count as crashes.

use std::collections::HashMap;
use std::hash::Hash;

use credx::Object;
use indy_credx::types::{
    CredentialDefinition, CredentialDefinitionId, Presentation, PresentationRequest,
    RevocationRegistry, RevocationRegistryDefinition, RevocationRegistryId, Schema, SchemaId,
};
use indy_credx::verifier;
use serde_json::Value;

use super::input::text;
use super::{Answer, Description, Implementation, Reply};
use crate::corpus::Placed;
use crate::format::Kind;

/// The library `indy-credx` in this process. It verifies.
pub struct IndyCredx {
    description: Description,
}

impl IndyCredx {
    /// Returns it.
    #[must_use]
    pub fn new() -> Self {
        const FEATURES: &[&str] = &[
            "verify",
            "predicates",
            "groups",
            "multi-credential",
            "self-attested",
            "unrevealed",
            "restrictions",
            "intervals",
            "revocation",
            "encoding",
            "structure",
            "schemas",
            "json-text",
            "ids-legacy",
        ];
        let features = FEATURES.iter().map(|name| (*name).to_owned()).collect();
        let (name, version) = ("indy-credx".to_owned(), "1.1.1".to_owned());
        Self { description: Description { name, version, features } }
    }
}

impl Default for IndyCredx {
    fn default() -> Self {
        Self::new()
    }
}

impl Implementation for IndyCredx {
    fn description(&self) -> &Description {
        &self.description
    }

    fn ask(&mut self, test: Placed<'_>) -> Reply {
        if test.group.kind != Kind::Verify {
            return Reply::Answered(Answer::unsupported("it is asked to verify only"));
        }
        match stdx::panic::catch(|| verify(test)) {
            Ok(Ok(true)) => Reply::Answered(Answer::valid()),
            Ok(Ok(false)) => Reply::Answered(Answer::invalid("the proof does not verify")),
            Ok(Err(error)) => Reply::Answered(Answer::invalid(error)),
            Err(panicked) => Reply::Crashed(panicked.to_string()),
        }
    }
}

fn verify(test: Placed<'_>) -> Result<bool, String> {
    let input = &test.test.input;
    let public = test.group.public.as_ref().map_or(&Value::Null, |public| &public["indy"]);
    let request: PresentationRequest = parse(&text(input, "presentation_request"))?;
    let presentation: Presentation = parse(&text(input, "presentation"))?;
    let schemas: HashMap<_, Schema> = read_all(&public["schemas"], SchemaId)?;
    let cred_defs: HashMap<_, CredentialDefinition> =
        read_all(&public["cred_defs"], CredentialDefinitionId)?;
    let rev_reg_defs: HashMap<_, RevocationRegistryDefinition> =
        read_all(&public["rev_reg_defs"], RevocationRegistryId)?;
    let mut registries: HashMap<_, HashMap<u64, RevocationRegistry>> = HashMap::new();
    for (id, entries) in public["rev_regs"].as_object().into_iter().flatten() {
        let mut read_entries = HashMap::new();
        for (time, entry) in entries.as_object().into_iter().flatten() {
            let time = time.parse().map_err(|_| format!("{time:?} is not a time"))?;
            read_entries.insert(time, read(entry)?);
        }
        registries.insert(RevocationRegistryId(id.clone()), read_entries);
    }
    let registries = registries
        .iter()
        .map(|(id, entries)| {
            let entries = entries.iter().map(|(time, entry)| (*time, entry)).collect();
            (id.clone(), entries)
        })
        .collect();
    verifier::verify_presentation(
        &presentation,
        &request,
        &borrowed(&schemas),
        &borrowed(&cred_defs),
        Some(&borrowed(&rev_reg_defs)),
        Some(&registries),
    )
    .map_err(|error| error.to_string())
}

fn read<T: Object>(written: &Value) -> Result<T, String> {
    parse(&written.to_string())
}

/// Reads an object as the library itself does.
fn parse<T: Object>(text: &str) -> Result<T, String> {
    credx::parse_unchecked(text).map_err(|error| error.to_string())
}

fn read_all<T: Object, Id: Eq + Hash>(
    objects: &Value,
    id: fn(String) -> Id,
) -> Result<HashMap<Id, T>, String> {
    let objects = objects.as_object().into_iter().flatten();
    objects.map(|(key, object)| Ok((id(key.clone()), read(object)?))).collect()
}

fn borrowed<Id: Clone + Eq + Hash, T>(objects: &HashMap<Id, T>) -> HashMap<Id, &T> {
    objects.iter().map(|(id, object)| (id.clone(), object)).collect()
}
