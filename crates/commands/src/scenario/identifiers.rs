//! The identifiers of what a scenario issues, before it is played.
//!
//! DIDs follow from seeds, and the embedded ledger numbers its transactions in order. What is
//! drawn, as the DID of an issuer without a seed, has a stand-in, and no message shows one.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use sha2::{Digest, Sha256};

use super::{
    load::Loaded,
    model::{Scenario, Schema},
    placeholder::Placeholder,
};

/// How many transactions a test pool begins with.
const GENESIS: usize = 6;

/// The identifiers of a scenario's issuers, schemas and credential definitions.
pub struct Identifiers {
    /// Of each schema and of the credential definition on it, by issuer and by the schema's name.
    schemas: BTreeMap<String, BTreeMap<String, SchemaIds>>,
    /// The DIDs of issuers; also a stand-in for each issuer whose file cannot be used.
    issuers: BTreeMap<String, String>,
    /// Each identifier with the placeholder that a message shows instead, the longest first.
    placeholders: Vec<(String, String)>,
}

/// The identifiers of a schema, and of the credential definition on it.
pub struct SchemaIds {
    pub schema: String,
    pub cred_def: String,
}

impl Identifiers {
    pub fn new(loaded: &Loaded) -> Self {
        let scenario = &loaded.scenario;
        let names = loaded.names.get("issuers").into_iter().flatten();
        let issuers: BTreeMap<String, String> = names
            .map(|name| {
                let stated = scenario.issuers.get(name).and_then(|issuer| issuer.did.clone());
                (name.clone(), stated.unwrap_or_else(|| stand_in(name)))
            })
            .collect();
        let schemas = schema_ids(scenario, &issuers);
        let mut placeholders: Vec<(String, String)> = Vec::new();
        for (name, did) in &issuers {
            placeholders.push((did.clone(), format!("${{issuer.{name}}}")));
        }
        for (name, schemas) in &schemas {
            for (schema, ids) in schemas {
                placeholders.push((ids.schema.clone(), format!("${{schema.{name}.{schema}}}")));
                placeholders.push((ids.cred_def.clone(), format!("${{cred_def.{name}.{schema}}}")));
            }
        }
        // a credential definition's identifier has the issuer's DID in it
        placeholders.sort_by_key(|(identifier, _)| Reverse(identifier.len()));
        Self { schemas, issuers, placeholders }
    }

    /// Returns the identifiers of an issuer's schema.
    pub fn of_schema(&self, issuer: &str, schema: &str) -> Option<&SchemaIds> {
        self.schemas.get(issuer)?.get(schema)
    }

    /// Returns what a placeholder stands for.
    pub fn find(&self, placeholder: Placeholder<'_>) -> Option<String> {
        match placeholder {
            Placeholder::Issuer(name) => self.issuers.get(name).cloned(),
            Placeholder::Schema(issuer, name) => {
                self.of_schema(issuer, name).map(|ids| ids.schema.clone())
            }
            Placeholder::CredDef(issuer, name) => {
                self.of_schema(issuer, name).map(|ids| ids.cred_def.clone())
            }
        }
    }

    /// Returns a stand-in for what a placeholder names of an issuer whose file cannot be used.
    pub fn of_unusable(&self, placeholder: Placeholder<'_>) -> Option<String> {
        let did = self.issuers.get(placeholder.issuer())?;
        Some(match placeholder {
            Placeholder::Issuer(_) => did.clone(),
            Placeholder::Schema(_, name) => format!("{did}:2:{name}:1.0"),
            Placeholder::CredDef(..) => format!("{did}:3:CL:1:TAG"),
        })
    }

    /// Returns the placeholders that there are.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.placeholders.iter().map(|(_, placeholder)| placeholder.as_str())
    }

    /// Returns a text in which placeholders stand instead of identifiers.
    pub fn undo(&self, text: &str) -> String {
        let undo = |text: String, (identifier, placeholder): &(String, String)| {
            text.replace(identifier.as_str(), placeholder)
        };
        self.placeholders.iter().fold(text.to_owned(), undo)
    }
}

/// Returns the identifiers of schemas and credential definitions as the embedded ledger makes them:
/// it has the DIDs of all issuers first, then each schema, unless it is there already, with the
/// credential definition on it.
fn schema_ids(
    scenario: &Scenario,
    issuers: &BTreeMap<String, String>,
) -> BTreeMap<String, BTreeMap<String, SchemaIds>> {
    let mut number = GENESIS + scenario.issuers.len();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut written = BTreeSet::new();
    let mut found: BTreeMap<String, BTreeMap<String, SchemaIds>> = BTreeMap::new();
    for (name, issuer, schema) in scenario.schemas() {
        let Some(did) = issuers.get(name) else { continue };
        let schema_id = schema_id(&issuer.steward_did, schema);
        let on = *numbers.entry(schema_id.clone()).or_insert_with(|| {
            number += 1;
            number
        });
        let cred_def = format!("{did}:3:CL:{on}:{}", schema.tag);
        if written.insert(cred_def.clone()) {
            number += 1;
        }
        let ids = SchemaIds { schema: schema_id, cred_def };
        found.entry(name.to_owned()).or_default().insert(schema.name.clone(), ids);
    }
    found
}

fn schema_id(steward_did: &str, schema: &Schema) -> String {
    format!("{steward_did}:2:{}:{}", schema.name, schema.version)
}

/// Returns a DID in place of one that is drawn.
fn stand_in(issuer: &str) -> String {
    let hash = Sha256::digest(format!("issuer {issuer}"));
    bs58::encode(&hash[..16]).into_string()
}
