//! A request's outer members: author, number, operation and signature.

use aries_askar::kms::{KeyAlg, LocalKey};
use serde_json::{Map, Value, json};

use super::{fields::Fields, operation::Operation};
use crate::format::{
    PROTOCOL_VERSION, Reason, decode_verkey, digest_input, parse_request,
    python::{shorten, str, type_name},
    reqnack_malformed, signature_input,
};

const MAX_SIGNATURE_LENGTH: usize = 512;

/// A well-formed request. Its signature is not verified yet.
pub(super) struct Envelope {
    pub(super) author: String,
    pub(super) req_id: u64,
    pub(super) operation: Operation,
    pub(super) signature: Option<String>,
    /// What the author signs, and the signature; other members are ignored.
    members: Map<String, Value>,
}

impl Envelope {
    /// Parses a request.
    ///
    /// # Errors
    /// The `REQNACK` to a malformed one.
    pub(super) fn parse(request: &str) -> Result<Self, Value> {
        let members =
            parse_request(request).map_err(|problem| reqnack_malformed(&Map::new(), problem))?;
        Self::from_members(&members).map_err(|problem| reqnack_malformed(&members, problem))
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, String> {
        const KIND: &str = "SafeRequest";
        let given = |name: &str| members.get(name).filter(|value| !value.is_null());
        let missing: Vec<&str> = ["identifier", "reqId", "operation"]
            .into_iter()
            .filter(|name| given(name).is_none())
            .collect();
        if !missing.is_empty() {
            return Err(format!(
                "validation error [{KIND}]: missed fields - {}. ",
                missing.join(", ")
            ));
        }
        let all = Value::Object(members.clone());
        let fields = Fields::new(KIND, &all, &[])?;
        for unsupported in ["endorser", "signatures", "taaAcceptance"] {
            if given(unsupported).is_some() {
                return Err(format!(
                    "validation error [{KIND}]: {unsupported} is not supported by the embedded ledger"
                ));
            }
        }
        let author = fields.did("identifier")?.to_owned();
        let req_id = request_id(fields.value("reqId"))
            .map_err(|problem| fields.invalid("reqId", &problem))?;
        check_protocol_version(members)?;
        let operation = Operation::parse(fields.value("operation"))?;
        let signature = fields.optional_string("signature")?.map(ToOwned::to_owned);
        match signature.as_deref() {
            Some("") => return Err(fields.invalid("signature", "signature can not be empty")),
            Some(_) => {
                fields.text("signature", MAX_SIGNATURE_LENGTH)?;
            }
            None => {}
        }
        let mut members = Map::from_iter([
            ("identifier".to_owned(), json!(author)),
            ("operation".to_owned(), fields.value("operation").clone()),
            ("protocolVersion".to_owned(), json!(PROTOCOL_VERSION)),
            ("reqId".to_owned(), json!(req_id)),
        ]);
        if let Some(signature) = &signature {
            members.insert("signature".to_owned(), json!(signature));
        }
        Ok(Self { author, req_id, operation, signature, members })
    }

    /// Returns the `operation` member as it was sent.
    pub(super) fn operation_members(&self) -> Map<String, Value> {
        match &self.members["operation"] {
            Value::Object(members) => members.clone(),
            _ => Map::new(),
        }
    }

    /// Returns the text that the author signed.
    pub(super) fn signature_input(&self) -> String {
        signature_input(&self.members)
    }

    /// Returns the text of which a node computes the digest: with the signature.
    pub(super) fn digest_input(&self) -> String {
        digest_input(&self.members)
    }

    /// Verifies the signature with the author's key.
    pub(super) fn verify(&self, verkey: Option<&str>) -> Result<(), Reason> {
        let Some(signature) = &self.signature else {
            return Err(Reason::Signature("MissingSignature()".to_owned()));
        };
        let bytes = bs58::decode(signature).into_vec().map_err(|error| {
            Reason::Signature(format!("InvalidSignatureFormat() [caused by {error}]"))
        })?;
        let key = verkey
            .and_then(|verkey| decode_verkey(&self.author, verkey))
            .and_then(|key| LocalKey::from_public_bytes(KeyAlg::Ed25519, &key).ok())
            .ok_or_else(|| {
                Reason::Signature(format!(
                    "could not authenticate, verkey for {} cannot be found",
                    self.author
                ))
            })?;
        let input = self.signature_input();
        match key.verify_signature(input.as_bytes(), &bytes, None) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Reason::Signature(format!(
                "insufficient number of valid signatures, 1 is required but 0 valid and 1 invalid \
                 have been provided. The following signatures are invalid: did={}, signature={}",
                self.author,
                shorten(signature)
            ))),
        }
    }
}

/// Returns the number of a request, from 0 to 2^64 - 1.
fn request_id(value: &Value) -> Result<u64, String> {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(req_id), _) => Ok(req_id),
            (None, Some(_)) => Err("negative value".to_owned()),
            (None, None) => Err("expected types 'int', got 'float'".to_owned()),
        },
        other => Err(format!("expected types 'int', got '{}'", type_name(other))),
    }
}

fn check_protocol_version(members: &Map<String, Value>) -> Result<(), String> {
    const ADVICE: &str =
        "Make sure that the latest LibIndy is used and `set_protocol_version(2)` is called";
    let Some(version) = members.get("protocolVersion") else {
        return Err(format!(
            "validation error [SafeRequest]: missed fields - protocolVersion. {ADVICE}."
        ));
    };
    let problem = match version {
        Value::Number(number) if number.is_f64() => {
            "expected types 'int, NoneType', got 'float'".to_owned()
        }
        Value::Number(number) if number.as_u64() == Some(u64::from(PROTOCOL_VERSION)) => {
            return Ok(());
        }
        Value::Number(number) if number.as_u64() == Some(1) => {
            format!("Message version (1) differs from current protocol version. {ADVICE}")
        }
        Value::Number(_) | Value::Null | Value::Bool(_) => {
            format!("Unknown protocol version value. {ADVICE}")
        }
        other => format!("expected types 'int, NoneType', got '{}'", type_name(other)),
    };
    Err(format!(
        "validation error [SafeRequest]: {problem} (protocolVersion={})",
        shorten(&str(version))
    ))
}
