//! Credential definition keys generated in advance.

use std::collections::BTreeSet;
use stdx::task::boxed;

use cl::keys::GeneratedKey;
use indy_credx::{
    issuer,
    types::{
        CredentialDefinition, CredentialDefinitionId, CredentialDefinitionPrivate,
        CredentialKeyCorrectnessProof, DidValue, Schema, SignatureType,
    },
};
use proofs::{
    names::fold,
    objects::{self, Kind},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    error::AnoncredsError,
    generator::{self, SearchProgress},
    library,
    schema::issuer_create_schema,
};

const GENERATE: &str = "generate a credential definition key";

/// The issuer of a schema whose issuer does not matter.
const ANY_DID: &str = "Th7MpTaRZVRYnPiabds81Y";

/// The key pair of a credential definition, generated before its issuer and schema are known.
///
/// A key needs two safe primes of 1,024 bits, and finding them takes between tenths of a second and
/// several seconds. A workshop or a test suite generates one key in advance
/// ([`PreparedKey::generate`]), keeps it as a JSON file, and uses it for every credential
/// definition with the same attribute names. **The file makes it possible to issue in the issuer's
/// name: never use one key for two issuers outside a classroom.**
///
/// `Debug` shows the attribute names only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreparedKey {
    /// A remark for readers of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// The attribute names, folded, without the link secret.
    attributes: BTreeSet<String>,
    /// `value` of the credential definition.
    public: Value,
    /// The library's `CredentialDefinitionPrivate`.
    private: Value,
    /// The library's `CredentialKeyCorrectnessProof`.
    key_correctness_proof: Value,
}

impl PreparedKey {
    /// Generates a key for credentials with these attributes, with `cl`. Dropping the future ends
    /// the search.
    ///
    /// # Errors
    ///
    /// When the names are not usable for a schema, or the system has no random numbers.
    #[boxed]
    pub async fn generate(attributes: &[&str]) -> Result<Self, AnoncredsError> {
        any_schema(attributes)?;
        let attributes = attributes.iter().map(|&name| name.to_owned()).collect();
        let key =
            generator::generate_key(GENERATE, attributes, None, &SearchProgress::default()).await?;
        Ok(key.into())
    }

    /// Generates a key for credentials with these attributes, with `indy-credx`; this takes
    /// seconds.
    ///
    /// # Errors
    ///
    /// When the names are not usable for a schema, or the library fails.
    #[boxed]
    pub async fn generate_with_library(attributes: &[&str]) -> Result<Self, AnoncredsError> {
        let schema = any_schema(attributes)?;
        let attributes = attributes.iter().map(|name| fold(name)).collect();
        library::run(GENERATE, move || {
            let (public, private, proof) = issuer::create_credential_definition(
                &DidValue(ANY_DID.to_owned()),
                &schema,
                "any",
                SignatureType::CL,
                Default::default(),
            )
            .map_err(library::error(GENERATE))?;
            let CredentialDefinition::CredentialDefinitionV1(public) = public;
            Ok(Self {
                comment: None,
                attributes,
                public: to_value(&public.value)?,
                private: to_value(&private)?,
                key_correctness_proof: to_value(&proof)?,
            })
        })
        .await
    }

    /// Reads a key from its JSON.
    ///
    /// # Errors
    ///
    /// When the JSON is not a key; the message never quotes the input.
    pub fn from_json(json: &str) -> Result<Self, AnoncredsError> {
        objects::check(Kind::PreparedKey, json).map_err(|error| unusable(error.to_string()))?;
        serde_json::from_str(json).map_err(|error| {
            unusable(format!(
                "it is not a key's JSON (line {}, column {})",
                error.line(),
                error.column()
            ))
        })
    }

    /// Returns the key's JSON with its private part: it is as secret as the key.
    ///
    /// # Errors
    ///
    /// None in practice, because the parts came from JSON.
    pub fn to_json(&self) -> Result<String, AnoncredsError> {
        to_value(self).map(|value| format!("{value:#}"))
    }

    /// Returns whether the key is for credentials with exactly these attributes.
    pub fn fits(&self, attributes: &[&str]) -> bool {
        self.attributes == attributes.iter().map(|name| fold(name)).collect()
    }

    /// Returns the same key, with a remark for readers of its file.
    #[must_use]
    pub fn with_comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Turns the key into the credential definition of `schema`.
    pub(crate) fn into_cred_def(
        self,
        origin: &DidValue,
        schema: &Schema,
        tag: &str,
    ) -> Result<
        (CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof),
        AnoncredsError,
    > {
        let id = cred_def_id(origin, schema, tag)?;
        let Schema::SchemaV1(schema) = schema;
        let wanted: BTreeSet<String> = schema.attr_names.0.iter().map(|name| fold(name)).collect();
        if wanted != self.attributes {
            return Err(AnoncredsError::InvalidStructure {
                what: "the prepared key".to_owned(),
                reason: format!(
                    "it was made for the attributes {:?}, and schema `{}` has {wanted:?}",
                    self.attributes, schema.id
                ),
                remedy: "generate one for this schema's attributes",
            });
        }
        // as the library does: the schema's sequence number if it is known, its id otherwise
        let schema_id = match schema.seq_no {
            Some(seq_no) => seq_no.to_string(),
            None => schema.id.0.clone(),
        };
        let public = json!({
            "ver": "1.0", "id": id.0, "schemaId": schema_id, "type": "CL", "tag": tag,
            "value": self.public,
        });
        Ok((part(&public)?, part(&self.private)?, part(&self.key_correctness_proof)?))
    }
}

impl From<GeneratedKey> for PreparedKey {
    fn from(key: GeneratedKey) -> Self {
        Self {
            comment: None,
            attributes: key.public.attributes().map(str::to_owned).collect(),
            public: key.credential_definition_value(),
            private: key.private.to_json(),
            key_correctness_proof: key.correctness_proof.to_json(),
        }
    }
}

/// Creates a schema with these attribute names. Its id and its issuer have no influence on a key.
fn any_schema(attributes: &[&str]) -> Result<Schema, AnoncredsError> {
    issuer_create_schema(ANY_DID, "any", "1.0", attributes)
}

impl std::fmt::Debug for PreparedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PreparedKey")
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

fn to_value(value: &impl Serialize) -> Result<Value, AnoncredsError> {
    serde_json::to_value(value).map_err(|_| malformed())
}

/// Reads a part of the key.
fn part<T: credx::Object>(value: &Value) -> Result<T, AnoncredsError> {
    credx::from_value(value).map_err(|error| unusable(error.to_string()))
}

/// The error of a malformed part. It does not contain the numbers: some of them are the private
/// key.
fn malformed() -> AnoncredsError {
    unusable("one of its parts is not what indy-credx reads".to_owned())
}

fn unusable(reason: String) -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: "the prepared key".to_owned(),
        reason,
        remedy: "generate a new one",
    }
}

/// Returns the id of a credential definition.
pub(crate) fn cred_def_id(
    origin: &DidValue,
    schema: &Schema,
    tag: &str,
) -> Result<CredentialDefinitionId, AnoncredsError> {
    let Schema::SchemaV1(schema) = schema;
    library::call("name a credential definition", || {
        let (schema_id, signature) = (&schema.id, SignatureType::CL);
        issuer::make_credential_definition_id(origin, schema_id, schema.seq_no, tag, signature)
    })
}

/// Returns the names of the attributes of a credential definition's credentials, folded, without
/// the link secret.
///
/// # Errors
///
/// [`AnoncredsError::InvalidStructure`] if the credential definition has no key.
pub fn attributes_of(cred_def: &CredentialDefinition) -> Result<BTreeSet<String>, AnoncredsError> {
    let value = serde_json::to_value(cred_def).map_err(|_| malformed())?;
    let bases = value.pointer("/value/primary/r").and_then(Value::as_object);
    let bases = bases.ok_or_else(malformed)?;
    Ok(bases.keys().filter(|name| *name != "master_secret").cloned().collect())
}
