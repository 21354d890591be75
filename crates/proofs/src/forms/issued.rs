//! Schemas, credential definitions and registry definitions.

use serde_json::{Map, Value, json};

use super::ids::{DID_INDY_PATH, issuer_of, ledger_id};
use super::members::{Members, left_out};
use super::{ConversionError, Need, Note, Sources};
use crate::identifiers::{CredDefIdParts, SchemaReference};
use crate::kinds::{Form, ObjectKind};

/// An object, its identifier, and notes.
pub(super) type Outcome = Result<(Value, Option<String>, Vec<Note>), ConversionError>;

/// What all objects of Indy have as `ver`.
const VERSION: &str = "1.0";

/// Whether credentials of a registry count as issued before they are: the only way that AnonCreds
/// 1.0 has.
const BY_DEFAULT: &str = "ISSUANCE_BY_DEFAULT";

/// An object that is converted, and what both forms have in common.
struct Conversion<'v> {
    kind: ObjectKind,
    to: Form,
    sources: &'v Sources,
    members: Members<'v>,
    notes: Vec<Note>,
}

impl<'v> Conversion<'v> {
    fn new(
        kind: ObjectKind,
        value: &'v Value,
        to: Form,
        sources: &'v Sources,
    ) -> Result<Self, ConversionError> {
        let members = Members::of(value, "")?;
        Ok(Self { kind, to, sources, members, notes: Vec::new() })
    }

    fn needs(&self, need: Need) -> ConversionError {
        ConversionError::Needs { kind: self.kind, to: self.to, need }
    }

    /// Returns the identifier that the object or the caller has, which must not differ.
    fn known_id(&self) -> Result<Option<String>, ConversionError> {
        let own = self.members.optional_text("id")?;
        match (&self.sources.id, own) {
            (Some(given), Some(own)) if *given != own => Err(contradiction("/id", given, &own)),
            (given, own) => Ok(given.clone().or(own)),
        }
    }

    /// Returns the issuer that the object, the caller or the identifier has.
    fn issuer(&self, id: Option<&str>) -> Result<String, ConversionError> {
        let own =
            self.members.optional_text("issuerId")?.or_else(|| self.sources.issuer_id.clone());
        let named = id.and_then(issuer_of);
        match (own, named) {
            // did:indy:sovrin:F72i... and F72i... are one issuer
            (Some(own), Some(named)) if last_part(&own) != last_part(named) => {
                Err(contradiction("/issuerId", named, &own))
            }
            (Some(own), _) => Ok(own),
            (None, Some(named)) => Ok(named.to_owned()),
            (None, None) => Err(self.needs(Need::Issuer)),
        }
    }

    /// Ends the conversion: what was not read is noted.
    fn finish(mut self, object: Value, id: Option<String>) -> Outcome {
        self.members.get("ver");
        self.members.note_others(&mut self.notes);
        Ok((object, id, self.notes))
    }
}

/// Converts a schema.
pub(super) fn schema(value: &Value, to: Form, sources: &Sources) -> Outcome {
    let mut conversion = Conversion::new(ObjectKind::Schema, value, to, sources)?;
    let members = &conversion.members;
    let id = conversion.known_id()?;
    let issuer = conversion.issuer(id.as_deref())?;
    let (name, version) = (members.text("name")?, members.text("version")?);
    let names = match members.get("attr_names") {
        // as a transaction on the ledger has it
        Some(names) if members.get("attrNames").is_none() => names.clone(),
        _ => members.required("attrNames")?.clone(),
    };
    let seq_no = members.optional_number("seqNo")?.or(sources.seq_no);
    match to {
        Form::AnonCreds => {
            if let Some(seq_no) = seq_no {
                conversion.notes.push(left_out("seqNo", &json!(seq_no)));
            }
            let object =
                json!({"issuerId": issuer, "name": name, "version": version, "attrNames": names});
            conversion.finish(object, id)
        }
        Form::Indy => {
            let derived = || Identifiers::of(&issuer)?.schema(&name, &version);
            let id = id.or_else(derived).ok_or_else(|| conversion.needs(Need::Identifier))?;
            if seq_no.is_none() {
                conversion.notes.push(Note::Unknown("seqNo"));
            }
            let object = json!({
                "ver": VERSION,
                "id": id,
                "name": name,
                "version": version,
                "attrNames": names,
                "seqNo": seq_no,
            });
            conversion.finish(object, Some(id))
        }
    }
}

/// Converts a credential definition.
pub(super) fn cred_def(value: &Value, to: Form, sources: &Sources) -> Outcome {
    let mut conversion = Conversion::new(ObjectKind::CredentialDefinition, value, to, sources)?;
    let members = &conversion.members;
    let id = conversion.known_id()?;
    let issuer = conversion.issuer(id.as_deref())?;
    let schema_id = members.text("schemaId")?;
    let tag = members.optional_text("tag")?.unwrap_or_default();
    let signature_type = members.optional_text("type")?.unwrap_or_else(|| "CL".to_owned());
    let key = members.required("value")?.clone();
    let own_number = schema_id.parse::<u64>().ok();
    match to {
        Form::AnonCreds => {
            let whole = match own_number {
                None => schema_id,
                Some(number) => {
                    conversion.notes.push(Note::LeftOut(
                        "the schema's sequence number".to_owned(),
                        number.to_string(),
                    ));
                    schema_by_number(sources, number)?
                        .ok_or_else(|| conversion.needs(Need::Schema))?
                }
            };
            let object = json!({
                "issuerId": issuer,
                "schemaId": whole,
                "type": signature_type,
                "tag": tag,
                "value": key,
            });
            conversion.finish(object, id)
        }
        Form::Indy => {
            let number = own_number
                .or(sources.seq_no)
                .or_else(|| sequence_number(sources.schema.as_ref()?))
                .or_else(|| schema_number_in(id.as_deref()?));
            let id = match (id, number) {
                (Some(id), _) => id,
                (None, Some(number)) => Identifiers::of(&issuer)
                    .map(|ids| ids.cred_def(number, &tag))
                    .ok_or_else(|| conversion.needs(Need::Identifier))?,
                (None, None) => return Err(conversion.needs(Need::SequenceNumber)),
            };
            let reference = match number {
                Some(number) if own_number.is_none() => {
                    conversion.notes.push(left_out("schemaId", &json!(schema_id)));
                    number.to_string()
                }
                // a registry that is not an Indy ledger has no such numbers
                _ => schema_id,
            };
            let object = json!({
                "ver": VERSION,
                "id": id,
                "schemaId": reference,
                "type": signature_type,
                "tag": tag,
                "value": key,
            });
            conversion.finish(object, Some(id))
        }
    }
}

/// Converts a registry definition.
pub(super) fn registry_definition(value: &Value, to: Form, sources: &Sources) -> Outcome {
    let mut conversion = Conversion::new(ObjectKind::RegistryDefinition, value, to, sources)?;
    let members = &conversion.members;
    let id = conversion.known_id()?;
    let issuer = conversion.issuer(id.as_deref())?;
    let cred_def_id = members.text("credDefId")?;
    let tag = members.optional_text("tag")?.unwrap_or_default();
    let registry_type =
        members.optional_text("revocDefType")?.unwrap_or_else(|| "CL_ACCUM".to_owned());
    let inner = members.object("value")?;
    let mut content = Map::new();
    content.insert("publicKeys".to_owned(), inner.required("publicKeys")?.clone());
    content.insert("maxCredNum".to_owned(), json!(inner.number("maxCredNum")?));
    for name in ["tailsHash", "tailsLocation"] {
        content.insert(name.to_owned(), json!(inner.text(name)?));
    }
    let issuance = inner.optional_text("issuanceType")?;
    inner.note_others(&mut conversion.notes);
    match to {
        Form::AnonCreds => {
            if let Some(issuance) = issuance {
                conversion.notes.push(left_out("value/issuanceType", &json!(issuance)));
            }
            let object = json!({
                "issuerId": issuer,
                "revocDefType": registry_type,
                "credDefId": cred_def_id,
                "tag": tag,
                "value": content,
            });
            conversion.finish(object, id)
        }
        Form::Indy => {
            let derived = || Identifiers::of(&issuer)?.registry(&cred_def_id, &registry_type, &tag);
            let id = id.or_else(derived).ok_or_else(|| conversion.needs(Need::Identifier))?;
            if issuance.is_none() {
                conversion.notes.push(Note::Assumed("value/issuanceType", BY_DEFAULT));
            }
            content.insert(
                "issuanceType".to_owned(),
                json!(issuance.as_deref().unwrap_or(BY_DEFAULT)),
            );
            let object = json!({
                "ver": VERSION,
                "id": id,
                "revocDefType": registry_type,
                "tag": tag,
                "credDefId": cred_def_id,
                "value": content,
            });
            conversion.finish(object, Some(id))
        }
    }
}

/// Returns the identifier of the schema that has a number on the ledger, as the caller knows it.
fn schema_by_number(sources: &Sources, number: u64) -> Result<Option<String>, ConversionError> {
    let Some(schema) = &sources.schema else {
        return Ok(sources.schema_id.clone());
    };
    match sequence_number(schema) {
        Some(other) if other != number => {
            Err(contradiction("/schemaId", &other.to_string(), &number.to_string()))
        }
        _ => {
            let id = schema.get("id").and_then(Value::as_str).map(str::to_owned);
            Ok(sources.schema_id.clone().or(id))
        }
    }
}

/// Returns the number that a schema has on its ledger.
pub(super) fn sequence_number(schema: &Value) -> Option<u64> {
    super::members::number(schema.get("seqNo")?)
}

/// Returns the schema's number that the identifier of a credential definition contains.
pub(super) fn schema_number_in(cred_def_id: &str) -> Option<u64> {
    let id = ledger_id(ObjectKind::CredentialDefinition, cred_def_id);
    match CredDefIdParts::parse(&id).ok()?.schema_ref {
        SchemaReference::SequenceNumber(number) => Some(number),
        SchemaReference::Id(_) => None,
    }
}

/// How the identifiers of an issuer's objects are written on an Indy ledger.
enum Identifiers<'i> {
    /// `V4SG...:2:gvt:1.0`
    Short(&'i str),
    /// `schema:sov:did:sov:V4SG...:2:gvt:1.0`
    Long(&'i str),
    /// `did:indy:sovrin:V4SG.../anoncreds/v0/SCHEMA/gvt/1.0`
    DidIndy(&'i str),
}

impl<'i> Identifiers<'i> {
    /// Returns how an issuer's objects are identified; `None` for issuers that are not on an Indy
    /// ledger.
    fn of(issuer: &'i str) -> Option<Self> {
        /// A DID of an Indy ledger is the base58 of 16 or 32 bytes.
        const LENGTHS: [usize; 4] = [21, 22, 43, 44];
        if issuer.starts_with("did:indy:") {
            Some(Self::DidIndy(issuer))
        } else if issuer.starts_with("did:sov:") {
            Some(Self::Long(issuer))
        } else if LENGTHS.contains(&issuer.len())
            && issuer.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            Some(Self::Short(issuer))
        } else {
            None
        }
    }

    fn schema(&self, name: &str, version: &str) -> Option<String> {
        Some(match self {
            Self::Short(did) => format!("{did}:2:{name}:{version}"),
            Self::Long(did) => format!("schema:sov:{did}:2:{name}:{version}"),
            Self::DidIndy(did) => format!("{did}{DID_INDY_PATH}SCHEMA/{name}/{version}"),
        })
    }

    fn cred_def(&self, number: u64, tag: &str) -> String {
        match self {
            Self::Short(did) => format!("{did}:3:CL:{number}:{tag}"),
            Self::Long(did) => format!("creddef:sov:{did}:3:CL:{number}:{tag}"),
            Self::DidIndy(did) => format!("{did}{DID_INDY_PATH}CLAIM_DEF/{number}/{tag}"),
        }
    }

    fn registry(&self, cred_def_id: &str, registry_type: &str, tag: &str) -> Option<String> {
        Some(match self {
            Self::Short(did) => format!("{did}:4:{cred_def_id}:{registry_type}:{tag}"),
            Self::Long(did) => format!("revreg:sov:{did}:4:{cred_def_id}:{registry_type}:{tag}"),
            Self::DidIndy(did) => {
                let (_, cred_def) = cred_def_id.split_once("/CLAIM_DEF/")?;
                format!("{did}{DID_INDY_PATH}REV_REG_DEF/{cred_def}/{tag}")
            }
        })
    }
}

fn last_part(did: &str) -> &str {
    did.rsplit(':').next().unwrap_or(did)
}

fn contradiction(pointer: &str, expected: &str, got: &str) -> ConversionError {
    ConversionError::Malformed {
        pointer: pointer.to_owned(),
        expected: format!("{expected:?}, as was given"),
        got: format!("{got:?}"),
    }
}
