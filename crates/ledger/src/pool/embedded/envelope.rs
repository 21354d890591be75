//! A request's outer members: who asks, under which number, signed how.

use aries_askar::kms::{KeyAlg, LocalKey};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::operation::Operation;
use super::python::{shorten, str, type_name};
use super::refusal::{Problem, reqnack};
use crate::format::{PROTOCOL_VERSION, decode_verkey, digest_input, signature_input};

/// The longest request that is read, in bytes: the message limit of a node.
pub const MESSAGE_LIMIT: usize = 128 * 1024;

const SIGNATURE_LIMIT: usize = 512;

/// A request of good shape. Its signature is not verified yet.
pub(super) struct Envelope {
    pub(super) author: String,
    pub(super) req_id: u64,
    pub(super) operation: Operation,
    pub(super) signature: Option<String>,
    /// The members that count: what the author signs, and the signature.
    members: Map<String, Value>,
}

/// How deep a request may be nested: a transaction and its reply are nested deeper than the request,
/// and must be read again too.
const DEEPEST: usize = 64;

/// How many lists and objects lie within each other. The reader has bounded it.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// The members of a request, or the answer that turns down what is no JSON object.
pub(in crate::pool) fn members_of(request: &str) -> Result<Map<String, Value>, Value> {
    let unreadable = |complaint: String| turned_away(&Map::new(), complaint);
    if request.len() > MESSAGE_LIMIT {
        return Err(unreadable(format!(
            "Message len {} exceeded allowed limit of {MESSAGE_LIMIT}",
            request.len()
        )));
    }
    // serde_json gives up at 128 levels of nesting, so no request exhausts the stack.
    let request: Value = serde_json::from_str(request)
        .map_err(|error| unreadable(format!("the request is not JSON: {error}")))?;
    if depth(&request) > DEEPEST {
        return Err(unreadable(format!(
            "the request is nested deeper than {DEEPEST} levels"
        )));
    }
    match request {
        Value::Object(members) => Ok(members),
        _ => Err(unreadable("the request is not a JSON object".to_owned())),
    }
}

/// The answer to a request of bad shape.
pub(in crate::pool) fn turned_away(members: &Map<String, Value>, complaint: String) -> Value {
    // What is echoed must be short, whatever came in its place.
    let short = |name: &str| match members.get(name) {
        Some(Value::String(text)) => json!(shorten(text)),
        None | Some(Value::Array(_) | Value::Object(_)) => Value::Null,
        Some(other) => other.clone(),
    };
    reqnack(
        &short("identifier"),
        &short("reqId"),
        &Problem::Invalid(complaint),
    )
}

impl Envelope {
    /// Reads a request, or gives the answer that turns it down.
    pub(super) fn parse(request: &str) -> Result<Self, Value> {
        let members = members_of(request)?;
        Self::from_members(&members).map_err(|complaint| turned_away(&members, complaint))
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
            .map_err(|problem| fields.complain("reqId", &problem))?;
        check_protocol_version(members)?;
        let operation = Operation::parse(fields.value("operation"))?;
        let signature = fields.optional_string("signature")?.map(ToOwned::to_owned);
        match signature.as_deref() {
            Some("") => return Err(fields.complain("signature", "signature can not be empty")),
            Some(_) => {
                fields.text("signature", SIGNATURE_LIMIT)?;
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
        Ok(Self {
            author,
            req_id,
            operation,
            signature,
            members,
        })
    }

    /// The `operation` member as it came.
    pub(super) fn operation_members(&self) -> Map<String, Value> {
        match &self.members["operation"] {
            Value::Object(members) => members.clone(),
            _ => Map::new(),
        }
    }

    /// The text that the author signed.
    pub(super) fn signature_input(&self) -> String {
        signature_input(&self.members)
    }

    /// The text that a node takes the digest of: with the signature.
    pub(super) fn digest_input(&self) -> String {
        digest_input(&self.members)
    }

    /// Verifies the signature with the author's key.
    pub(super) fn verify(&self, verkey: Option<&str>) -> Result<(), Problem> {
        let Some(signature) = &self.signature else {
            return Err(Problem::Signature("MissingSignature()".to_owned()));
        };
        let bytes = bs58::decode(signature).into_vec().map_err(|error| {
            Problem::Signature(format!("InvalidSignatureFormat() [caused by {error}]"))
        })?;
        let key = verkey
            .and_then(|verkey| decode_verkey(&self.author, verkey))
            .and_then(|key| LocalKey::from_public_bytes(KeyAlg::Ed25519, &key).ok())
            .ok_or_else(|| {
                Problem::Signature(format!(
                    "could not authenticate, verkey for {} cannot be found",
                    self.author
                ))
            })?;
        let input = self.signature_input();
        match key.verify_signature(input.as_bytes(), &bytes, None) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Problem::Signature(format!(
                "insufficient number of valid signatures, 1 is required but 0 valid and 1 invalid \
                 have been provided. The following signatures are invalid: did={}, signature={}",
                self.author,
                shorten(signature)
            ))),
        }
    }
}

/// Any whole number of 64 bits; a larger one is refused.
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
