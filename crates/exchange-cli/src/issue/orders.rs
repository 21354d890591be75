//! The file of orders: which credentials to issue, by which issuers, with which values.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Result, anyhow, bail, ensure};
use chrono::{DateTime, Utc};
use exchange::{
    message::{CL_PRESENTATION, CredentialKind},
    signature::ProofType,
};
use indy::anoncreds::objects::{Kind, check};
use serde::{Deserialize, Deserializer, de::Error};
use serde_path_to_error::{Path, Segment};
use stdx::pointer;
use zeroize::Zeroizing;

/// A file of orders.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// The issuers; their keys are made here if need be.
    #[serde(default)]
    pub issuers: Vec<OrderedIssuer>,
    #[serde(default)]
    pub schemas: Vec<OrderedSchema>,
    pub credentials: Vec<OrderedCredential>,
}

impl Orders {
    /// Reads orders. An error gives the JSON pointer, and quotes no value, which may be a seed.
    pub fn read(text: &str) -> Result<Self> {
        if let Err(malformed) = check(Kind::Json, text)
            && malformed.is_repeated_member()
        {
            bail!("{malformed}");
        }
        let mut parser = serde_json::Deserializer::from_str(text);
        let orders = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
            let (line, column) = (error.inner().line(), error.inner().column());
            match error.inner().is_data() {
                true => anyhow!("{}{}", prefix(error.path()), reason(error.inner())),
                false => anyhow!("it is not JSON from line {line}, column {column}"),
            }
        });
        let orders: Self = orders?;
        ensure!(parser.end().is_ok(), "something follows the closing brace; remove it");
        orders.check()?;
        Ok(orders)
    }

    /// Returns the AnonCreds credentials.
    pub fn anoncreds(&self) -> impl Iterator<Item = &OrderedCredential> {
        self.credentials.iter().filter(|credential| credential.proof_type.is_none())
    }

    /// Returns the ids and attributes of the schemas that are published only.
    pub fn published_schemas(&self) -> impl Iterator<Item = (&str, &[String])> {
        let schemas = self.schemas.iter();
        schemas.filter_map(|schema| Some((schema.id.as_deref()?, &*schema.attributes)))
    }

    /// Checks what must be true before anything is issued.
    fn check(&self) -> Result<()> {
        let issuers: BTreeSet<&str> = self.issuers.iter().map(|i| i.did.as_str()).collect();
        for (number, schema) in self.schemas.iter().enumerate() {
            let parts = [&schema.author, &schema.name, &schema.version];
            let given = parts.iter().filter(|part| !part.is_empty()).count();
            ensure!(
                given == if schema.id.is_some() { 0 } else { parts.len() },
                "/schemas/{number}: a schema has an `id`, or else `author`, `name` and `version`"
            );
        }
        for (number, issuer) in self.issuers.iter().enumerate() {
            ensure!(
                issuer.key.is_none() || issuer.seed.is_none(),
                "/issuers/{number}: {} has a `key`, and a `seed` from which another would be made; remove one of the two",
                issuer.did
            );
        }
        let mut ids = BTreeSet::new();
        for (number, credential) in self.credentials.iter().enumerate() {
            ensure!(
                issuers.contains(credential.issuer.as_str()),
                "/credentials/{number}/issuer: {} is not in \"issuers\"; add it there, with a seed if its key is to \
                 be made from one",
                credential.issuer
            );
            // an id is its issuer's, except in the store of AnonCreds credentials
            let issuer = credential.proof_type.map(|_| &credential.issuer);
            if let Some(id) = &credential.id {
                ensure!(
                    ids.insert((issuer, id)),
                    "/credentials/{number}/id: {id} is the id of another credential too; give each its own"
                );
            }
            ensure!(
                credential.kind().is_some(),
                "/credentials/{number}: a credential has either `schema`, or `context` and `type`"
            );
        }
        Ok(())
    }
}

/// Returns a path as a JSON pointer with a colon; nothing for the whole document.
fn prefix(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer::push(&mut pointer, &index.to_string()),
            Segment::Map { key } => pointer::push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    match pointer.is_empty() {
        true => pointer,
        false => pointer + ": ",
    }
}

/// Returns the parser's reason where it names members and quotes no value.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let harmless = ["missing field", "unknown field", "unknown variant", NOT_A_DATE];
    match harmless.iter().any(|harmless| text.starts_with(harmless)) {
        true => text,
        false => format!(
            "a value of another type is expected at line {}, column {}",
            error.line(),
            error.column()
        ),
    }
}

/// An issuer. It has no `Debug`: the seed is secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedIssuer {
    pub did: String,
    /// The seed of its key, if the wallet does not hold the key yet; a random key if left out.
    #[serde(default, deserialize_with = "secret")]
    pub seed: Option<Zeroizing<String>>,
    /// A file with its RSA private key, if it does not sign with a key of the wallet.
    pub key: Option<PathBuf>,
}

/// A schema, which is published in the registry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedSchema {
    /// The names of its attributes.
    pub attributes: Vec<String>,
    /// Its id; if left out, it is a schema of AnonCreds credentials, written to the ledger too,
    /// with these:
    pub id: Option<String>,
    /// The DID of the author, who writes it to the ledger.
    #[serde(default)]
    pub author: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub version: String,
}

/// A credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrderedCredential {
    /// Its id; a new UUID if left out.
    pub id: Option<String>,
    /// How its attributes are signed one by one; `None` for an AnonCreds credential, which is
    /// signed as a whole.
    #[serde(default = "usual", deserialize_with = "proof_type")]
    pub proof_type: Option<ProofType>,
    pub issuer: String,
    /// The id of its schema; or else `context` and `kind`.
    pub schema: Option<String>,
    /// The JSON-LD context of its type.
    pub context: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// When its validity begins; now if left out.
    #[serde(default, deserialize_with = "date")]
    pub issuance_date: Option<DateTime<Utc>>,
    /// When its validity ends; never if left out.
    #[serde(default, deserialize_with = "date")]
    pub expiration_date: Option<DateTime<Utc>>,
    /// Its attributes, by name.
    pub attributes: BTreeMap<String, String>,
}

impl OrderedCredential {
    /// Returns its kind, if it has exactly one.
    pub fn kind(&self) -> Option<CredentialKind> {
        match (self.schema.clone(), self.context.clone(), self.kind.clone()) {
            (Some(schema), None, None) => Some(CredentialKind::Schema(schema)),
            (None, Some(context), Some(kind)) => Some(CredentialKind::LinkedData { context, kind }),
            _ => None,
        }
    }
}

const NOT_A_DATE: &str = "not a date; write it as 2026-01-31T18:00:00Z";

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = String::deserialize(from)?;
    let date = DateTime::parse_from_rfc3339(&text).map_err(|_| D::Error::custom(NOT_A_DATE))?;
    Ok(Some(date.to_utc()))
}

/// Returns the proof type of the draft's examples.
fn usual() -> Option<ProofType> {
    Some(ProofType::Ed25519VerificationKey2018)
}

fn proof_type<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ProofType>, D::Error> {
    let name = String::deserialize(from)?;
    match ProofType::of_name(&name) {
        None if name != CL_PRESENTATION => {
            let known = ProofType::ALL.map(ProofType::name).join(", ");
            let expected = format!("expected one of {known}, {CL_PRESENTATION}");
            Err(D::Error::custom(format!("unknown variant `{name}`, {expected}")))
        }
        known => Ok(known),
    }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Zeroizing<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Zeroizing::new))
}
