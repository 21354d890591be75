//! What kind of object a JSON value is, told by its members.
//!
//! Files get mixed up, and the objects of Indy and AnonCreds do not name their kind. [`recognise`]
//! looks at the members that only one kind has. It decides what an object is taken for and what an
//! error calls it, never whether it is sound.

use std::fmt;

use serde_json::{Map, Value};

/// The form in which an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// As Indy's ledgers and libraries write it: with `id` and `ver`.
    Indy,
    /// As AnonCreds 1.0 specifies it: with `issuerId`, and without its own identifier.
    AnonCreds,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Indy => "Indy",
            Self::AnonCreds => "AnonCreds 1.0",
        })
    }
}

/// The kinds of JSON that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A case: request, presentation and public data.
    Case,
    /// A record of a proof exchange, as an agent keeps it.
    ProofRecord,
    /// A record of a credential exchange.
    CredentialRecord,
    /// A DIDComm message.
    Message,
    /// A verifier's proof request.
    ProofRequest,
    /// A prover's presentation alone.
    Presentation,
    /// A schema.
    Schema,
    /// A credential definition.
    CredentialDefinition,
    /// A revocation registry's definition.
    RegistryDefinition,
    /// A revocation registry at a time, or what changed in it: an accumulator.
    Registry,
    /// A revocation status list of AnonCreds 1.0.
    StatusList,
    /// A credential.
    Credential,
    /// An issuer's offer of a credential.
    CredentialOffer,
    /// A holder's request for a credential.
    CredentialRequest,
    /// What a holder keeps of a request for a credential.
    RequestMetadata,
    /// A holder's link secret.
    LinkSecret,
    /// The private key of a credential definition.
    PrivateKey,
    /// A presentation of W3C credentials.
    W3cPresentation,
    /// A W3C credential.
    W3cCredential,
    /// Another document of linked data (JSON-LD).
    LinkedData,
    /// An object with other members.
    OtherObject,
    /// A list.
    List,
    /// A text, a number, true, false or null.
    Scalar,
}

impl ObjectKind {
    /// Returns the kind's name, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "a case",
            Self::ProofRecord => "a record of a proof exchange",
            Self::CredentialRecord => "a record of a credential exchange",
            Self::Message => "a DIDComm message",
            Self::ProofRequest => "a proof request",
            Self::Presentation => "a presentation",
            Self::Schema => "a schema",
            Self::CredentialDefinition => "a credential definition",
            Self::RegistryDefinition => "a revocation registry definition",
            Self::Registry => "a revocation registry",
            Self::StatusList => "a revocation status list",
            Self::Credential => "a credential",
            Self::CredentialOffer => "a credential offer",
            Self::CredentialRequest => "a credential request",
            Self::RequestMetadata => "the metadata of a credential request",
            Self::LinkSecret => "a link secret",
            Self::PrivateKey => "an issuer's private key",
            Self::W3cPresentation => "a presentation of W3C credentials",
            Self::W3cCredential => "a W3C credential",
            Self::LinkedData => "a document of linked data (JSON-LD)",
            Self::OtherObject => "an object of another kind",
            Self::List => "a list",
            Self::Scalar => "a value that is neither an object nor a list",
        }
    }

    /// Returns whether such an object is for its owner only.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::RequestMetadata | Self::LinkSecret | Self::PrivateKey)
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the kind of a JSON value.
///
/// ```
/// use negotiate_proofs::kinds::{ObjectKind, recognise};
///
/// let request = serde_json::json!({"nonce": "1", "requested_attributes": {}});
/// assert_eq!(recognise(&request), ObjectKind::ProofRequest);
/// ```
pub fn recognise(value: &Value) -> ObjectKind {
    match value {
        Value::Object(members) => of_object(members),
        Value::Array(_) => ObjectKind::List,
        _ => ObjectKind::Scalar,
    }
}

fn of_object(members: &Map<String, Value>) -> ObjectKind {
    let has = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
    let has_any = |names: &[&str]| names.iter().any(|name| has(name));
    let inside = |name: &str| members.get("value").is_some_and(|value| value.get(name).is_some());
    if has("@context") {
        of_linked_data(members)
    } else if has_any(&["pres_ex_id", "presentation_exchange_id"]) {
        ObjectKind::ProofRecord
    } else if has_any(&["cred_ex_id", "credential_exchange_id"]) {
        ObjectKind::CredentialRecord
    } else if has("presentation_request") && has("presentation") {
        ObjectKind::Case
    } else if has("@type") {
        ObjectKind::Message
    } else if has("requested_proof") || (has("proof") && has("identifiers")) {
        ObjectKind::Presentation
    } else if has_any(&["requested_attributes", "requested_predicates"]) {
        ObjectKind::ProofRequest
    } else if has_any(&["attrNames", "attr_names"]) {
        ObjectKind::Schema
    } else if inside("primary") {
        ObjectKind::CredentialDefinition
    } else if has("revocDefType") || inside("publicKeys") {
        ObjectKind::RegistryDefinition
    } else if has_any(&["revocationList", "currentAccumulator"]) {
        ObjectKind::StatusList
    } else if inside("accum") {
        ObjectKind::Registry
    } else if has("signature") && has("values") {
        ObjectKind::Credential
    } else if has("key_correctness_proof") && has("cred_def_id") {
        ObjectKind::CredentialOffer
    } else if has("blinded_ms") {
        ObjectKind::CredentialRequest
    } else if has_any(&["master_secret_blinding_data", "link_secret_blinding_data"]) {
        ObjectKind::RequestMetadata
    } else if inside("p_key") {
        ObjectKind::PrivateKey
    } else if inside("ms") {
        ObjectKind::LinkSecret
    } else if has("protocolVersion") && has("threadId") {
        ObjectKind::ProofRecord
    } else {
        ObjectKind::OtherObject
    }
}

fn of_linked_data(members: &Map<String, Value>) -> ObjectKind {
    let is_type = |wanted: &str| match members.get("type") {
        Some(Value::String(found)) => found == wanted,
        Some(Value::Array(types)) => types.iter().any(|found| found == wanted),
        _ => false,
    };
    if is_type("VerifiablePresentation") {
        ObjectKind::W3cPresentation
    } else if is_type("VerifiableCredential") {
        ObjectKind::W3cCredential
    } else {
        ObjectKind::LinkedData
    }
}

/// Returns the form in which a schema, credential definition, registry definition or registry is
/// written; `None` for objects that both write alike, and for those of no known form.
pub fn form_of(value: &Value) -> Option<Form> {
    match recognise(value) {
        ObjectKind::Schema | ObjectKind::CredentialDefinition | ObjectKind::RegistryDefinition => {
            match value.get("issuerId") {
                Some(issuer) if !issuer.is_null() => Some(Form::AnonCreds),
                _ => Some(Form::Indy),
            }
        }
        ObjectKind::StatusList => Some(Form::AnonCreds),
        ObjectKind::Registry => Some(Form::Indy),
        _ => None,
    }
}
