//! The case that the engines see: the mathematics of a presentation, and nothing else.
//!
//! A library has reasons of its own to refuse a case: identifiers of a form that it does not know,
//! an interval that a credential without revocation cannot answer, a restriction that it reads in
//! its own way. All of these are other checks' to decide. So an engine is asked about an equivalent
//! case: the same proof, nonce, attributes, predicates and keys, in Indy's form under identifiers
//! that every library can parse, without restrictions, intervals and texts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use verdict::Failure;

use super::parsed::ParsedCase;
use super::registry;
use crate::case::Case;
use crate::presentation::SubProofReference;
use crate::request::AttributeNames;

/// The DID in the identifiers of equivalent cases.
const AUTHOR: &str = "NcYxiDXkpYi6ov5FcYDi1e";

/// A case that is equivalent in its mathematics.
pub(super) struct Equivalent {
    pub(super) case: Case,
    /// The identifiers in the place of those that were given, with these.
    originals: Vec<(String, String)>,
}

impl Equivalent {
    /// Makes the equivalent of a case.
    ///
    /// # Errors
    /// What is missing of a registry: a non-revocation proof cannot be computed without.
    pub(super) fn of(parsed: &ParsedCase<'_>) -> Result<Self, Failure> {
        let mut made = Self {
            case: Case { presentation_request: request(parsed), ..Case::default() },
            originals: Vec::new(),
        };
        let identifiers = made.identifiers(parsed)?;
        made.case.presentation = json!({
            "proof": parsed.case.presentation["proof"],
            "requested_proof": requested_proof(parsed),
            "identifiers": identifiers,
        });
        Ok(made)
    }

    /// Adds the objects of each sub-proof, and returns their identifiers.
    fn identifiers(&mut self, parsed: &ParsedCase<'_>) -> Result<Vec<Value>, Failure> {
        let mut identifiers = Vec::with_capacity(parsed.credentials.len());
        for (credential, given) in parsed.credentials.iter().zip(&parsed.presentation.identifiers) {
            let (schema, cred_def) = (&credential.schema, &credential.cred_def);
            let schema_id = self.id("2:schema-", ":1.0", schema.id);
            let attributes: Vec<_> = schema.object.attributes.iter().collect();
            self.case.schemas.entry(schema_id.clone()).or_insert_with(|| {
                json!({
                    "ver": "1.0", "id": schema_id, "name": "schema", "version": "1.0",
                    "attrNames": attributes, "seqNo": 1,
                })
            });
            let cred_def_id = self.id("3:CL:1:", "", cred_def.id);
            let written = &parsed.case.cred_defs[cred_def.id]["value"];
            self.case.cred_defs.entry(cred_def_id.clone()).or_insert_with(|| {
                json!({
                    "ver": "1.0", "id": cred_def_id, "schemaId": "1", "type": "CL", "tag": "tag",
                    "value": written,
                })
            });
            let mut identifier = json!({"schema_id": schema_id, "cred_def_id": cred_def_id});
            if let (Some(registry), Some(timestamp)) = (&given.rev_reg_id, given.timestamp) {
                let registry_id = self.registry(parsed, registry, &cred_def_id, timestamp)?;
                identifier["rev_reg_id"] = registry_id.into();
                identifier["timestamp"] = timestamp.into();
            }
            identifiers.push(identifier);
        }
        Ok(identifiers)
    }

    /// Adds a registry's definition and its entry of a time, and returns its identifier.
    fn registry(
        &mut self,
        parsed: &ParsedCase<'_>,
        registry: &str,
        cred_def_id: &str,
        timestamp: u64,
    ) -> Result<String, Failure> {
        let definition = parsed.case.rev_reg_defs.get(registry);
        let entries = parsed.entries_of(registry).and_then(|entries| entries.as_ref().ok());
        let accumulator = entries.and_then(|entries| entries.accumulator_at(timestamp));
        let (Some(definition), Some(accumulator)) = (definition, accumulator) else {
            return Err(Failure::new(
                format!("the definition of registry {registry} and its entry at {timestamp}"),
                "the case does not have both",
                "give what the check `non-revocation` lacks",
            ));
        };
        let id = self.id(&format!("4:{cred_def_id}:CL_ACCUM:"), "", registry);
        let definition = registry::definition(definition, &id, cred_def_id);
        self.case.rev_reg_defs.entry(id.clone()).or_insert(definition);
        let entries = self.case.rev_regs.entry(id.clone()).or_default();
        entries.insert(timestamp.to_string(), registry::entry(accumulator));
        Ok(id)
    }

    /// Returns the identifier in place of one that was given: the same for the same of one kind.
    fn id(&mut self, before: &str, after: &str, given: &str) -> String {
        let is_kind = |id: &str| id.starts_with(&format!("{AUTHOR}:{before}"));
        let made = self.originals.iter().find(|(id, original)| original == given && is_kind(id));
        if let Some((id, _)) = made {
            return id.clone();
        }
        let id = format!("{AUTHOR}:{before}{}{after}", self.originals.len());
        self.originals.push((id.clone(), given.to_owned()));
        id
    }

    /// Returns an engine's message with the identifiers that were given.
    pub(super) fn original(&self, message: &str) -> String {
        // the longest first: a registry's identifier has a credential definition's within it
        let mut ids: Vec<_> = self.originals.iter().collect();
        ids.sort_by_key(|(id, _)| Reverse(id.len()));
        ids.into_iter().fold(message.to_owned(), |text, (id, given)| text.replace(id, given))
    }
}

/// Returns the request without restrictions and intervals.
fn request(parsed: &ParsedCase<'_>) -> Value {
    let attributes: Map<String, Value> = parsed
        .request
        .requested_attributes
        .iter()
        .map(|(referent, requested)| {
            let attribute = match &requested.attribute {
                AttributeNames::One(name) => json!({"name": name}),
                AttributeNames::Group(names) => json!({"names": names}),
            };
            (referent.clone(), attribute)
        })
        .collect();
    let predicates: Map<String, Value> = parsed
        .request
        .requested_predicates
        .iter()
        .map(|(referent, requested)| {
            let predicate = json!({
                "name": requested.name, "p_type": requested.p_type, "p_value": requested.p_value,
            });
            (referent.clone(), predicate)
        })
        .collect();
    json!({
        "nonce": parsed.request.nonce,
        "name": "request",
        "version": "1.0",
        "requested_attributes": attributes,
        "requested_predicates": predicates,
    })
}

/// Returns which referent is answered where, without the texts.
fn requested_proof(parsed: &ParsedCase<'_>) -> Value {
    let answered = &parsed.presentation.requested_proof;
    let revealed: Map<String, Value> = answered
        .revealed_attrs
        .iter()
        .map(|(referent, value)| {
            let index = value.sub_proof_index;
            let value = json!({"sub_proof_index": index, "raw": "", "encoded": value.encoded});
            (referent.clone(), value)
        })
        .collect();
    let groups: Map<String, Value> = answered
        .revealed_attr_groups
        .iter()
        .map(|(referent, group)| {
            let values: Map<String, Value> = group
                .values
                .iter()
                .map(|(name, value)| (name.clone(), json!({"raw": "", "encoded": value.encoded})))
                .collect();
            let group = json!({"sub_proof_index": group.sub_proof_index, "values": values});
            (referent.clone(), group)
        })
        .collect();
    let references = |answers: &BTreeMap<String, SubProofReference>| {
        let reference = |(referent, answer): (&String, &SubProofReference)| {
            (referent.clone(), json!({"sub_proof_index": answer.sub_proof_index}))
        };
        answers.iter().map(reference).collect::<Map<_, _>>()
    };
    let attested: Map<String, Value> =
        answered.self_attested_attrs.keys().map(|referent| (referent.clone(), "".into())).collect();
    json!({
        "revealed_attrs": revealed,
        "revealed_attr_groups": groups,
        "self_attested_attrs": attested,
        "unrevealed_attrs": references(&answered.unrevealed_attrs),
        "predicates": references(&answered.predicates),
    })
}
