//! A credential definition key made in advance.

use std::collections::BTreeSet;

use cl::keys::GeneratedKey;
use indy_credx::{
    issuer,
    types::{
        CredentialDefinition, CredentialDefinitionPrivate, CredentialKeyCorrectnessProof, DidValue,
        Schema, SignatureType,
    },
};
use proofs::names::fold;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{SearchProgress, generator, library};
use crate::error::AnoncredsError;

const GENERATE: &str = "generate a credential definition key";

/// An issuer for a schema whose issuer does not matter.
const ANY_DID: &str = "Th7MpTaRZVRYnPiabds81Y";

/// The key pair of a credential definition, made before it is known who will issue what with it.
///
/// Two safe primes of 1,024 bits have to be found for a key, which takes tenths of a second or
/// seconds, a matter of luck. A workshop or a test suite makes one key in advance
/// ([`PreparedKey::generate`]), keeps it as a JSON file, and uses it for every credential
/// definition over the same attribute names. **Whoever has the file can issue in the issuer's name:
/// never use one key for two issuers outside of a classroom.**
///
/// `Debug` shows the attribute names only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreparedKey {
    /// What the file is, for its reader; not used.
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
    /// Generate a key for credentials with these attributes, with `cl`. Dropping the future ends the search.
    ///
    /// # Errors
    ///
    /// When the names are not usable for a schema, or the system has no random numbers.
    pub async fn generate(attributes: &[&str]) -> Result<Self, AnoncredsError> {
        any_schema(attributes)?;
        let attributes = attributes.iter().map(|&name| name.to_owned()).collect();
        let key = generator::own(GENERATE, attributes, &SearchProgress::default()).await?;
        Ok(key.into())
    }

    /// Generate a key for credentials with these attributes, with `indy-credx`; takes seconds.
    ///
    /// # Errors
    ///
    /// When the names are not usable for a schema, or the library fails.
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
            .map_err(library::refused(GENERATE))?;
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

    /// Read a key from its JSON.
    ///
    /// # Errors
    ///
    /// When the JSON is not a key; the message never quotes the input.
    pub fn from_json(json: &str) -> Result<Self, AnoncredsError> {
        serde_json::from_str(json).map_err(|error| AnoncredsError::InvalidStructure {
            what: "the prepared key".to_owned(),
            reason: format!(
                "it is not a key's JSON (line {}, column {})",
                error.line(),
                error.column()
            ),
            remedy: "make one with `negotiate-proof prepare-key`",
        })
    }

    /// The key's JSON, private part included: as secret as the key.
    ///
    /// # Errors
    ///
    /// Never in practice: the parts came from JSON.
    pub fn to_json(&self) -> Result<String, AnoncredsError> {
        to_value(self).map(|value| format!("{value:#}"))
    }

    /// Whether the key is for credentials with exactly these attributes.
    pub fn fits(&self, attributes: &[&str]) -> bool {
        self.attributes == attributes.iter().map(|name| fold(name)).collect()
    }

    /// The same key, with a remark for whoever opens its file.
    #[must_use]
    pub fn with_comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The key as the credential definition of `schema`.
    pub(super) fn into_cred_def(
        self,
        origin: &DidValue,
        schema: &Schema,
        tag: &str,
    ) -> Result<
        (
            CredentialDefinition,
            CredentialDefinitionPrivate,
            CredentialKeyCorrectnessProof,
        ),
        AnoncredsError,
    > {
        let Schema::SchemaV1(schema) = schema;
        let wanted: BTreeSet<String> = schema.attr_names.0.iter().map(|name| fold(name)).collect();
        if wanted != self.attributes {
            return Err(AnoncredsError::InvalidStructure {
                what: "the prepared key".to_owned(),
                reason: format!(
                    "it was made for the attributes {:?}, and schema `{}` has {wanted:?}",
                    self.attributes, schema.id
                ),
                remedy: "make one for this schema with `negotiate-proof prepare-key`",
            });
        }
        let id = issuer::make_credential_definition_id(
            origin,
            &schema.id,
            schema.seq_no,
            tag,
            SignatureType::CL,
        )
        .map_err(library::refused("name a credential definition"))?;
        // like the library: the schema's sequence number where it is known, its id otherwise
        let schema_id = match schema.seq_no {
            Some(seq_no) => seq_no.to_string(),
            None => schema.id.0.clone(),
        };
        let public = json!({
            "ver": "1.0", "id": id.0, "schemaId": schema_id, "type": "CL", "tag": tag,
            "value": self.public,
        });
        Ok((
            from_value(public)?,
            from_value(self.private)?,
            from_value(self.key_correctness_proof)?,
        ))
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

/// A schema with these attribute names: neither its id nor its issuer enters a key.
fn any_schema(attributes: &[&str]) -> Result<Schema, AnoncredsError> {
    super::issuer_create_schema(ANY_DID, "any", "1.0", attributes)
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
    serde_json::to_value(value).map_err(|_| unusable())
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, AnoncredsError> {
    serde_json::from_value(value).map_err(|_| unusable())
}

/// Says nothing about the numbers: some of them are the private key.
fn unusable() -> AnoncredsError {
    AnoncredsError::InvalidStructure {
        what: "the prepared key".to_owned(),
        reason: "one of its parts is not what indy-credx reads".to_owned(),
        remedy: "make one with `negotiate-proof prepare-key`",
    }
}

/// The attribute names that a credential definition's key can sign, folded, without the link
/// secret.
pub(super) fn attributes_of(
    cred_def: &CredentialDefinition,
) -> Result<BTreeSet<String>, AnoncredsError> {
    let value = serde_json::to_value(cred_def).map_err(|_| unusable())?;
    let bases = value.pointer("/value/primary/r").and_then(Value::as_object);
    let bases = bases.ok_or_else(unusable)?;
    Ok(bases
        .keys()
        .filter(|name| *name != "master_secret")
        .cloned()
        .collect())
}
