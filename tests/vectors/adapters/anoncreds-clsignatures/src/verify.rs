//! Verifies the aggregated proof of a presentation.

use std::collections::BTreeSet;
use std::fmt::Display;

use anoncreds_clsignatures::{
    CredentialPrimaryPublicKey, CredentialPublicKey, CredentialRevocationPublicKey,
    CredentialSchema, Issuer, NonCredentialSchema, Nonce, Proof, RevocationKeyPublic,
    RevocationRegistry, SubProofRequest, Verifier,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Why a presentation is not verified, in the words of the library.
pub struct Refusal(pub String);

// the library's error is not one of the standard library's
impl<E: Display> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Returns whether the proof is right, or why it cannot be verified.
pub fn verify(input: &Value, public: &Value) -> Result<bool, Refusal> {
    let (request, presentation) = (&input["presentation_request"], &input["presentation"]);
    let proof: Proof = read(&presentation["proof"])?;
    let nonce: Nonce = read(&request["nonce"])?;
    let mut verifier = Verifier::new_proof_verifier()?;
    verifier.add_common_attribute("master_secret")?;
    let identifiers = presentation["identifiers"].as_array().ok_or("there are no identifiers")?;
    for (index, identifier) in identifiers.iter().enumerate() {
        let definition = &public["cred_defs"][text(&identifier["cred_def_id"])?];
        let schema = &public["schemas"][text(&identifier["schema_id"])?];
        let registry = Registry::find(identifier, public)?;
        verifier.add_sub_proof_request(
            &asked(request, &presentation["requested_proof"], index)?,
            &attributes(schema)?,
            &link_secret()?,
            &key(definition)?,
            registry.as_ref().map(|registry| &registry.key),
            registry.as_ref().map(|registry| &registry.state),
        )?;
    }
    Ok(verifier.verify(&proof, &nonce)?)
}

/// Returns what a sub-proof must show.
fn asked(request: &Value, answered: &Value, index: usize) -> Result<SubProofRequest, Refusal> {
    let mut builder = Verifier::new_sub_proof_request_builder()?;
    let mut revealed = BTreeSet::new();
    for kind in ["revealed_attrs", "revealed_attr_groups"] {
        for referent in assigned(&answered[kind], index) {
            let attribute = &request["requested_attributes"][referent];
            let group = attribute["names"].as_array().into_iter().flatten();
            for name in attribute.get("name").into_iter().chain(group) {
                revealed.insert(common(text(name)?));
            }
        }
    }
    for name in revealed {
        builder.add_revealed_attr(&name)?;
    }
    for referent in assigned(&answered["predicates"], index) {
        let predicate = &request["requested_predicates"][referent];
        let operator = match text(&predicate["p_type"])? {
            ">=" => "GE",
            ">" => "GT",
            "<=" => "LE",
            "<" => "LT",
            other => return Err(format!("there is no operator {other}").into()),
        };
        let bound = i32::deserialize(&predicate["p_value"])?;
        builder.add_predicate(&common(text(&predicate["name"])?), operator, bound)?;
    }
    Ok(builder.finalize()?)
}

/// Returns the referents that are assigned to a sub-proof.
fn assigned(referents: &Value, index: usize) -> impl Iterator<Item = &str> {
    let referents = referents.as_object().into_iter().flatten();
    referents
        .filter(move |(_, answer)| answer["sub_proof_index"].as_u64() == Some(index as u64))
        .map(|(referent, _)| referent.as_str())
}

/// Returns an attribute's name as keys and proofs have it.
pub fn common(name: &str) -> String {
    name.replace(' ', "").to_lowercase()
}

fn attributes(schema: &Value) -> Result<CredentialSchema, Refusal> {
    let names = schema["attrNames"].as_array().ok_or("there is no such schema")?;
    let mut builder = Issuer::new_credential_schema_builder()?;
    for name in names {
        builder.add_attr(&common(text(name)?))?;
    }
    Ok(builder.finalize()?)
}

/// Returns the attributes of every credential that no schema names.
fn link_secret() -> Result<NonCredentialSchema, Refusal> {
    let mut builder = Issuer::new_non_credential_schema_builder()?;
    builder.add_attr("master_secret")?;
    Ok(builder.finalize()?)
}

fn key(definition: &Value) -> Result<CredentialPublicKey, Refusal> {
    let value = &definition["value"];
    let primary: CredentialPrimaryPublicKey = read(&value["primary"])?;
    let revocation: Option<CredentialRevocationPublicKey> = read(&value["revocation"])?;
    Ok(CredentialPublicKey::build_from_parts(&primary, revocation.as_ref())?)
}

/// A revocation registry at a time.
struct Registry {
    key: RevocationKeyPublic,
    state: RevocationRegistry,
}

impl Registry {
    /// Returns the registry that a credential's identifier names, if it names one with a time.
    fn find(identifier: &Value, public: &Value) -> Result<Option<Self>, Refusal> {
        let (id, time) = (&identifier["rev_reg_id"], &identifier["timestamp"]);
        if id.is_null() || time.is_null() {
            return Ok(None);
        }
        let definition = &public["rev_reg_defs"][text(id)?];
        let list = &public["rev_status_lists"][text(id)?][time.to_string()];
        Ok(Some(Self {
            key: read(&definition["value"]["publicKeys"]["accumKey"])?,
            state: read(&json!({"accum": list["currentAccumulator"]}))?,
        }))
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{value} is not a text"))
}

/// Reads an object of the library.
fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, serde_json::Error> {
    // from a text: some of the library's numbers are read as borrowed strings
    serde_json::from_str(&value.to_string())
}
