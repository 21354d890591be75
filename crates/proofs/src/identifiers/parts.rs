//! Parsing identifiers, and writing them.

use std::fmt;

use super::split_did;

/// A text that is not the identifier it is used as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected {expected}, got {got:?}; take the identifier as the ledger gives it, unshortened"
)]
pub struct IdentifierError {
    /// The form that was expected.
    pub expected: &'static str,
    /// The text that was found.
    pub got: String,
}

/// The parts of a schema identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaIdParts {
    /// The DID that wrote the schema; in the long form, if the identifier is in the long form.
    pub issuer_did: String,
    /// The schema's name.
    pub name: String,
    /// The schema's version.
    pub version: String,
}

/// How a credential definition's identifier names the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaReference {
    /// By the sequence number of the transaction that wrote it.
    SequenceNumber(u64),
    /// By the schema's own identifier.
    Id(SchemaIdParts),
}

/// The parts of a credential definition identifier, of signature type `CL` (the only one there is).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredDefIdParts {
    /// The DID that issues under this definition; in the long form, if the identifier is in the
    /// long form.
    pub issuer_did: String,
    /// The schema that credentials follow.
    pub schema_ref: SchemaReference,
    /// What tells several definitions for one schema apart; empty if the identifier has none.
    pub tag: String,
}

/// The parts of a revocation registry identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevRegIdParts {
    /// The DID that issues and revokes; in the long form, if the identifier is in the long form.
    pub issuer_did: String,
    /// The credential definition whose credentials the registry covers.
    pub cred_def: CredDefIdParts,
    /// The registry's type: `CL_ACCUM`.
    pub kind: String,
    /// What tells several registries of one definition apart.
    pub tag: String,
}

/// Writes `prefix:method:` before an identifier whose DID is in the long form.
fn write_prefix(f: &mut fmt::Formatter<'_>, prefix: &str, did: &str) -> fmt::Result {
    match split_did(did) {
        Some((method, _)) => write!(f, "{prefix}:{method}:"),
        None => Ok(()),
    }
}

/// Takes the DID from the front of an identifier's parts: `did:…` in the short form,
/// `prefix:method:did:method:did:…` in the long form.
fn take_did<'a, 'b>(parts: &'b [&'a str], prefix: &str) -> Option<(String, &'b [&'a str])> {
    match parts {
        [first, method, "did", did_method, did, rest @ ..]
            if *first == prefix && method == did_method && !did.is_empty() =>
        {
            Some((format!("did:{method}:{did}"), rest))
        }
        [did, rest @ ..] if !did.is_empty() => Some(((*did).to_owned(), rest)),
        _ => None,
    }
}

impl SchemaIdParts {
    /// Parses a schema identifier.
    ///
    /// # Errors
    /// When the text is in neither form, or a part is empty. The identifier of a schema whose name
    /// holds a colon cannot be parsed.
    pub fn parse(id: &str) -> Result<Self, IdentifierError> {
        Self::from_parts(&id.split(':').collect::<Vec<_>>()).ok_or_else(|| IdentifierError {
            expected: "a schema identifier like DID:2:name:version",
            got: id.to_owned(),
        })
    }

    fn from_parts(parts: &[&str]) -> Option<Self> {
        let (issuer_did, rest) = take_did(parts, "schema")?;
        match rest {
            ["2", name, version] if !name.is_empty() && !version.is_empty() => {
                Some(Self { issuer_did, name: (*name).to_owned(), version: (*version).to_owned() })
            }
            _ => None,
        }
    }

    pub(super) fn respell(self, did: &impl Fn(&str) -> String) -> Self {
        Self { issuer_did: did(&self.issuer_did), ..self }
    }
}

impl CredDefIdParts {
    /// Parses a credential definition identifier.
    ///
    /// # Errors
    /// When the text is in neither form, or the schema is named by neither a sequence number nor an
    /// identifier.
    pub fn parse(id: &str) -> Result<Self, IdentifierError> {
        Self::from_parts(&id.split(':').collect::<Vec<_>>()).ok_or_else(|| IdentifierError {
            expected: "a credential definition identifier like DID:3:CL:schema:tag",
            got: id.to_owned(),
        })
    }

    fn from_parts(parts: &[&str]) -> Option<Self> {
        let (issuer_did, rest) = take_did(parts, "creddef")?;
        let ["3", "CL", rest @ ..] = rest else {
            return None;
        };
        // The schema takes one part (a number), four (short form) or eight (long form); one more is
        // the tag.
        let (tag, schema) = match rest {
            [schema @ .., tag] if matches!(schema.len(), 1 | 4 | 8) => (*tag, schema),
            schema => ("", schema),
        };
        Some(Self {
            issuer_did,
            schema_ref: SchemaReference::from_parts(schema)?,
            tag: tag.to_owned(),
        })
    }

    pub(super) fn respell(self, did: &impl Fn(&str) -> String) -> Self {
        let schema_ref = match self.schema_ref {
            SchemaReference::Id(schema) => SchemaReference::Id(schema.respell(did)),
            number => number,
        };
        Self { issuer_did: did(&self.issuer_did), schema_ref, tag: self.tag }
    }
}

impl SchemaReference {
    fn from_parts(parts: &[&str]) -> Option<Self> {
        match parts {
            [number] => {
                let sequence_number =
                    number.parse::<u64>().ok().filter(|parsed| parsed.to_string() == *number)?;
                Some(Self::SequenceNumber(sequence_number))
            }
            id => SchemaIdParts::from_parts(id).map(Self::Id),
        }
    }
}

impl RevRegIdParts {
    /// Parses a revocation registry identifier.
    ///
    /// # Errors
    /// When the text is in neither form, or the part for the credential definition is not an
    /// identifier of one.
    pub fn parse(id: &str) -> Result<Self, IdentifierError> {
        Self::from_parts(&id.split(':').collect::<Vec<_>>()).ok_or_else(|| IdentifierError {
            expected: "a revocation registry identifier like DID:4:credential-definition:CL_ACCUM:tag",
            got: id.to_owned(),
        })
    }

    fn from_parts(parts: &[&str]) -> Option<Self> {
        let (issuer_did, rest) = take_did(parts, "revreg")?;
        let ["4", cred_def @ .., kind, tag] = rest else {
            return None;
        };
        let cred_def = CredDefIdParts::from_parts(cred_def)?;
        Some(Self { issuer_did, cred_def, kind: (*kind).to_owned(), tag: (*tag).to_owned() })
    }

    pub(super) fn respell(self, did: &impl Fn(&str) -> String) -> Self {
        Self { issuer_did: did(&self.issuer_did), cred_def: self.cred_def.respell(did), ..self }
    }
}

impl fmt::Display for SchemaIdParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefix(f, "schema", &self.issuer_did)?;
        write!(f, "{}:2:{}:{}", self.issuer_did, self.name, self.version)
    }
}

impl fmt::Display for SchemaReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SequenceNumber(number) => number.fmt(f),
            Self::Id(schema) => schema.fmt(f),
        }
    }
}

impl fmt::Display for CredDefIdParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefix(f, "creddef", &self.issuer_did)?;
        write!(f, "{}:3:CL:{}", self.issuer_did, self.schema_ref)?;
        if self.tag.is_empty() { Ok(()) } else { write!(f, ":{}", self.tag) }
    }
}

impl fmt::Display for RevRegIdParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefix(f, "revreg", &self.issuer_did)?;
        write!(f, "{}:4:{}:{}:{}", self.issuer_did, self.cred_def, self.kind, self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_identifier_has_issuer_name_and_version() {
        let parts =
            SchemaIdParts::parse("schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0").unwrap();
        assert_eq!(parts.issuer_did, "did:sov:NcYxiDXkpYi6ov5FcYDi1e");
        assert_eq!((parts.name.as_str(), parts.version.as_str()), ("gvt", "1.0"));
        let short = SchemaIdParts::parse("NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0").unwrap();
        assert_eq!(short.issuer_did, "NcYxiDXkpYi6ov5FcYDi1e");
    }

    #[test]
    fn a_credential_definition_identifier_has_issuer_schema_and_tag() {
        let parts = CredDefIdParts::parse("VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1").unwrap();
        assert_eq!(parts.issuer_did, "VsKV7grR1BUE29mG2Fm2kX");
        assert_eq!(parts.schema_ref, SchemaReference::SequenceNumber(12));
        assert_eq!(parts.tag, "TAG1");

        let by_id = CredDefIdParts::parse(
            "VsKV7grR1BUE29mG2Fm2kX:3:CL:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0:TAG1",
        )
        .unwrap();
        let schema = SchemaIdParts::parse("NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0").unwrap();
        assert_eq!(by_id.schema_ref, SchemaReference::Id(schema));
    }

    #[test]
    fn a_registry_identifier_names_its_credential_definition() {
        let parts = RevRegIdParts::parse(
            "VsKV7grR1BUE29mG2Fm2kX:4:VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1:CL_ACCUM:R1",
        )
        .unwrap();
        assert_eq!(parts.cred_def.to_string(), "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1");
        assert_eq!((parts.kind.as_str(), parts.tag.as_str()), ("CL_ACCUM", "R1"));
    }

    #[test]
    fn an_identifier_error_shows_the_form_and_the_text() {
        let error = SchemaIdParts::parse("gvt:1.0").unwrap_err();
        assert_eq!(error.got, "gvt:1.0");
        assert!(error.to_string().contains("DID:2:name:version"), "{error}");
        assert!(CredDefIdParts::parse("VsKV7grR1BUE29mG2Fm2kX:3:CL:012:TAG1").is_err());
        assert!(RevRegIdParts::parse("VsKV7grR1BUE29mG2Fm2kX:4:CL_ACCUM:R1").is_err());
    }
}
