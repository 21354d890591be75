//! The objects of Indy in the form of AnonCreds 1.0, and back.
//!
//! The numbers, which are what is signed and proved, are the same in both forms. What differs is
//! what surrounds them:
//!
//! | object | Indy | AnonCreds 1.0 |
//! |---|---|---|
//! | schema | `id`, `ver`, `seqNo` | `issuerId` |
//! | credential definition | `id`, `ver`; `schemaId` is the schema's number on the ledger | `issuerId`; `schemaId` is the schema's identifier |
//! | registry definition | `id`, `ver`, `issuanceType` | `issuerId` |
//! | registry | what was issued and revoked since an earlier one | a status list: a bit for each credential |
//! | request | tags `issuer_did`, `schema_issuer_did` | tags `issuer_id`, `schema_issuer_id` |
//! | credential request | `prover_did` | `entropy` |
//! | presentation, credential, offer | the same in both | |
//!
//! [`convert`] converts one object, [`convert_case`] a case. What an object does not contain comes
//! from [`Sources`], and what is still missing is an error that names the [`Need`]. What is left
//! out or assumed is a [`Note`].
//!
//! | module | subject |
//! |---|---|
//! | `ids` | what an identifier says |
//! | `members` | reading an object's members, texts or numbers |
//! | `issued` | schemas, credential definitions, registry definitions |
//! | `registries` | registries and status lists |
//! | `exchanged` | requests, presentations, credentials, offers, credential requests |
//! | `cases` | cases |

mod cases;
mod exchanged;
mod ids;
mod issued;
mod members;
mod registries;

use std::fmt;

use serde_json::Value;

use crate::error::location;
use crate::kinds::{Form, ObjectKind, recognise};
use crate::objects::{self, Kind};

pub use cases::convert_case;
pub use ids::{issuer_of, ledger_id};

/// What an object does not contain and its other form needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// The object's own identifier.
    pub id: Option<String>,
    /// The identifier of its issuer.
    pub issuer_id: Option<String>,
    /// The schema of a credential definition, in either form.
    pub schema: Option<Value>,
    /// The schema's identifier.
    pub schema_id: Option<String>,
    /// The number of the schema's transaction on the ledger.
    pub seq_no: Option<u64>,
    /// The definition of the registry, in either form.
    pub registry: Option<Value>,
    /// The status list that a change of the registry continues.
    pub earlier: Option<Value>,
    /// Since when the registry's entry is valid, in seconds since 1970.
    pub timestamp: Option<u64>,
}

/// An object in its other form.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The kind of object that was given.
    pub kind: ObjectKind,
    /// The object in the form that was asked for.
    pub object: Value,
    /// Its identifier, which AnonCreds 1.0's form does not contain.
    pub id: Option<String>,
    /// What was left out or assumed.
    pub notes: Vec<Note>,
}

/// What a conversion left out or assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A member that the other form does not have, and its value if it is short.
    LeftOut(String, String),
    /// A member whose value is not known.
    Unknown(&'static str),
    /// A member whose value was assumed.
    Assumed(&'static str, &'static str),
    /// An object of a case that stays in its form, and why.
    Kept(String, String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut(member, value) if value.is_empty() => write!(f, "{member} is left out"),
            Self::LeftOut(member, value) => write!(f, "{member} is left out: {value}"),
            Self::Unknown(member) => write!(f, "{member} is not known"),
            Self::Assumed(member, value) => write!(f, "{member} is assumed to be {value}"),
            Self::Kept(pointer, why) => write!(f, "{pointer} stays as it is: {why}"),
        }
    }
}

/// What a conversion needs and was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// The object's own identifier.
    Identifier,
    /// The identifier of its issuer.
    Issuer,
    /// The schema, or its identifier: the object has its number on the ledger only.
    Schema,
    /// The schema with its number on the ledger, or that number.
    SequenceNumber,
    /// The definition of the registry: the object does not say how many credentials the registry
    /// has.
    Registry,
    /// The status list that the change continues.
    Earlier,
    /// Since when the entry is valid.
    Timestamp,
    /// What was issued and revoked: the object has the accumulator only.
    Changes,
}

impl Need {
    /// Returns what is needed, as the object of a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "the object's identifier",
            Self::Issuer => "the issuer's identifier",
            Self::Schema => "the schema, or its identifier",
            Self::SequenceNumber => "the schema's sequence number on the ledger",
            Self::Registry => "the definition of the revocation registry",
            Self::Earlier => "the status list that this continues",
            Self::Timestamp => "the time since which this is valid",
            Self::Changes => "what was issued and revoked since the registry's beginning",
        }
    }
}

/// Why an object cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// It is of a kind that has no two forms.
    #[error("this looks like {0}, which is not converted")]
    OtherKind(ObjectKind),
    /// Something is needed that the object does not contain.
    #[error("{kind} in the form of {to} needs {}, which {kind} in the other form does not contain", need.name())]
    Needs {
        /// The kind of object.
        kind: ObjectKind,
        /// The form that was asked for.
        to: Form,
        /// What is needed.
        need: Need,
    },
    /// A member is another thing than it should be.
    #[error("{}: expected {expected}, got {got}", location(pointer))]
    Malformed {
        /// Where, as a JSON pointer (RFC 6901).
        pointer: String,
        /// What should stand there.
        expected: String,
        /// What stands there.
        got: String,
    },
}

/// Converts an object to a form. An object that has the form already is returned with its numbers
/// in that form.
///
/// ```
/// use negotiate_proofs::forms::{Sources, convert};
/// use negotiate_proofs::kinds::Form;
/// use serde_json::json;
///
/// let schema = json!({"ver": "1.0", "id": "V4SGRU86Z58d6TV7PBUe6f:2:gvt:1.0", "name": "gvt",
///     "version": "1.0", "attrNames": ["name"], "seqNo": 12});
/// let converted = convert(&schema, Form::AnonCreds, &Sources::default()).unwrap();
/// assert_eq!(converted.object, json!({"issuerId": "V4SGRU86Z58d6TV7PBUe6f", "name": "gvt",
///     "version": "1.0", "attrNames": ["name"]}));
/// assert_eq!(converted.id.as_deref(), Some("V4SGRU86Z58d6TV7PBUe6f:2:gvt:1.0"));
/// ```
///
/// # Errors
/// [`ConversionError`].
pub fn convert(value: &Value, to: Form, sources: &Sources) -> Result<Converted, ConversionError> {
    let kind = recognise(value);
    let (object, id, notes) = match kind {
        ObjectKind::Schema => issued::schema(value, to, sources)?,
        ObjectKind::CredentialDefinition => issued::cred_def(value, to, sources)?,
        ObjectKind::RegistryDefinition => issued::registry_definition(value, to, sources)?,
        ObjectKind::Registry | ObjectKind::StatusList => registries::convert(value, to, sources)?,
        ObjectKind::ProofRequest => exchanged::request(value, to)?,
        ObjectKind::Presentation => exchanged::presentation(value)?,
        ObjectKind::Credential => (value.clone(), None, Vec::new()),
        ObjectKind::CredentialOffer => exchanged::offer(value, to)?,
        ObjectKind::CredentialRequest => exchanged::credential_request(value, to)?,
        other => return Err(ConversionError::OtherKind(other)),
    };
    check_numbers(&object)?;
    Ok(Converted { kind, object, id, notes })
}

/// Checks that numbers have the form that libraries need.
fn check_numbers(object: &Value) -> Result<(), ConversionError> {
    let kind = match recognise(object) {
        ObjectKind::Schema => Kind::Schema,
        ObjectKind::CredentialDefinition => Kind::CredentialDefinition,
        ObjectKind::RegistryDefinition => Kind::RegistryDefinition,
        ObjectKind::ProofRequest => Kind::Request,
        ObjectKind::Presentation => Kind::Presentation,
        ObjectKind::Credential => Kind::Credential,
        ObjectKind::CredentialOffer => Kind::CredentialOffer,
        ObjectKind::CredentialRequest => Kind::CredentialRequest,
        // what was issued and revoked is not a part of the library's registry
        _ => Kind::Json,
    };
    objects::check_form(kind, &object.to_string()).map_err(|fault| ConversionError::Malformed {
        pointer: fault.pointer,
        expected: fault.expected.to_owned(),
        got: fault.got,
    })
}
