//! The operation of a well-formed request.

use serde_json::Value;

use super::fields::{Fields, FormError};
use crate::format::{
    MAX_NAME_LENGTH, Role, operation_type,
    python::{repr, shorten, str},
};

const MAX_SIGNATURE_TYPE_LENGTH: usize = 16;

/// An operation that this ledger knows, with members of the right kinds.
#[derive(Debug, PartialEq)]
pub(super) enum Operation {
    /// Adds or changes a DID.
    Nym {
        did: String,
        /// `None` leaves the key as it is; `Some(None)` removes it.
        verkey: Option<Option<String>>,
        /// The code that was sent, which may be unknown. `None` leaves the role as it is.
        role: Option<Option<String>>,
    },
    /// Writes the author's schema.
    Schema { name: String, version: String },
    /// Writes the author's credential definition.
    CredDef { schema_seq_no: u64, signature_type: String, tag: String },
    /// Reads a DID.
    GetNym { did: String },
    /// Reads a schema.
    GetSchema { author: String, name: String, version: String },
    /// Reads a credential definition.
    GetCredDef {
        author: String,
        schema_seq_no: u64,
        signature_type: String,
        /// Nodes accept a request without one, and find nothing.
        tag: Option<String>,
    },
}

impl Operation {
    /// Parses the `operation` member of a request.
    pub(super) fn parse(operation: &Value) -> Result<Self, FormError> {
        const KIND: &str = "ClientOperationField";
        if !operation.is_object() {
            return Err(format!(
                "validation error [{KIND}]: wrong type (={})",
                shorten(&str(operation))
            ));
        }
        match &operation["type"] {
            Value::Null => Err(format!("validation error [{KIND}]: missed fields - type. ")),
            Value::String(operation_type) => Self::parse_members(operation_type, operation),
            other => Err(invalid_type(&repr(other))),
        }
    }

    fn parse_members(operation_type: &str, operation: &Value) -> Result<Self, FormError> {
        match operation_type {
            operation_type::NYM => Self::parse_nym(operation),
            operation_type::SCHEMA => Self::parse_schema(operation),
            operation_type::CRED_DEF => Self::parse_cred_def(operation),
            operation_type::GET_NYM => {
                let fields = Fields::new("ClientGetNymOperation", operation, &["dest"])?;
                Ok(Self::GetNym { did: fields.did("dest")?.to_owned() })
            }
            operation_type::GET_SCHEMA => Self::parse_get_schema(operation),
            operation_type::GET_CRED_DEF => Self::parse_get_cred_def(operation),
            unknown => Err(invalid_type(unknown)),
        }
    }

    fn parse_nym(operation: &Value) -> Result<Self, FormError> {
        let fields = Fields::new("ClientNYMOperation", operation, &["dest"])?;
        let did = fields.did("dest")?.to_owned();
        if fields.has("alias") {
            fields.text("alias", MAX_NAME_LENGTH)?;
        }
        let verkey = fields.optional_verkey("verkey")?;
        let role = fields.optional_string("role")?;
        for unsupported in ["diddocContent", "version"] {
            if fields.has(unsupported) {
                return Err(fields.invalid(unsupported, "not supported by the embedded ledger"));
            }
        }
        Ok(Self::Nym {
            did,
            verkey: fields.has("verkey").then(|| verkey.map(ToOwned::to_owned)),
            role: fields.has("role").then(|| role.map(ToOwned::to_owned)),
        })
    }

    fn parse_schema(operation: &Value) -> Result<Self, FormError> {
        let fields = Fields::new("ClientSchemaOperation", operation, &["data"])?;
        let required = ["name", "version", "attr_names"];
        let data = Fields::new("SchemaField", fields.value("data"), &required)?;
        let name = data.text("name", MAX_NAME_LENGTH)?.to_owned();
        let version = data.schema_version("version")?.to_owned();
        data.check_attribute_names("attr_names")?;
        Ok(Self::Schema { name, version })
    }

    fn parse_cred_def(operation: &Value) -> Result<Self, FormError> {
        let required = ["ref", "data", "signature_type", "tag"];
        let fields = Fields::new("ClientClaimDefSubmitOperation", operation, &required)?;
        let schema_seq_no = fields.seq_no("ref")?;
        let data = Fields::new("ClaimDefField", fields.value("data"), &["primary"])?;
        data.check_object("primary")?;
        if data.has("revocation") {
            data.check_object("revocation")?;
        }
        Ok(Self::CredDef {
            schema_seq_no,
            signature_type: fields.text("signature_type", MAX_SIGNATURE_TYPE_LENGTH)?.to_owned(),
            tag: fields.text("tag", MAX_NAME_LENGTH)?.to_owned(),
        })
    }

    fn parse_get_schema(operation: &Value) -> Result<Self, FormError> {
        let fields = Fields::new("ClientGetSchemaOperation", operation, &["dest", "data"])?;
        let author = fields.did("dest")?.to_owned();
        let required = ["name", "version"];
        let data = Fields::new("GetSchemaField", fields.value("data"), &required)?;
        Ok(Self::GetSchema {
            author,
            name: data.text("name", MAX_NAME_LENGTH)?.to_owned(),
            version: data.schema_version("version")?.to_owned(),
        })
    }

    fn parse_get_cred_def(operation: &Value) -> Result<Self, FormError> {
        let required = ["ref", "origin", "signature_type"];
        let fields = Fields::new("ClientClaimDefGetOperation", operation, &required)?;
        let tag = match fields.has("tag") {
            true => Some(fields.text("tag", MAX_NAME_LENGTH)?.to_owned()),
            false => None,
        };
        Ok(Self::GetCredDef {
            author: fields.did("origin")?.to_owned(),
            schema_seq_no: fields.seq_no("ref")?,
            signature_type: fields.text("signature_type", MAX_SIGNATURE_TYPE_LENGTH)?.to_owned(),
            tag,
        })
    }

    /// Returns whether it only reads, and so needs no signature.
    pub(super) fn is_read(&self) -> bool {
        matches!(self, Self::GetNym { .. } | Self::GetSchema { .. } | Self::GetCredDef { .. })
    }

    /// Checks that the role of a NYM exists, which nodes do only after the signature.
    pub(super) fn check_role(&self) -> Result<(), FormError> {
        match self {
            Self::Nym { role: Some(Some(code)), .. } if Role::from_code(code).is_none() => {
                Err(format!("{} not a valid role", shorten(code)))
            }
            _ => Ok(()),
        }
    }
}

fn invalid_type(operation_type: &str) -> FormError {
    format!("invalid type: {}", shorten(operation_type))
}
