//! DID documents in JSON.

use serde_json::{Map, Value, json};

use super::{Did, DidDocument, PublicKey, VerificationMethod, public_key};

/// The members that list keys: the current name, and that of 2019, when the draft was written.
const LISTS: [&str; 2] = ["verificationMethod", "publicKey"];

/// A DID document has at most this many keys.
const MAX_METHODS: usize = 100;

/// What is wrong with a DID document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DID document is malformed at {pointer:?}: {reason}")]
pub struct DocumentError {
    /// Where, as a JSON pointer; empty for the document itself.
    pub pointer: String,
    /// Why, and what is needed, as a clause.
    pub reason: String,
}

/// Parses a DID document: its `id`, and the keys in `verificationMethod` and `publicKey`.
///
/// Keys of kinds that this crate does not verify with, such as those for key agreement, are left out. So is all
/// else that the document says: services, controllers, and for what a key may be used.
///
/// # Errors
///
/// [`DocumentError`]: the first member that is malformed.
pub fn read_document(json: &Value) -> Result<DidDocument, DocumentError> {
    let did: Did = text(json.get("id"), "/id")?
        .parse()
        .map_err(|error: super::NotADid| wrong("/id", error.to_string()))?;
    let mut methods: Vec<VerificationMethod> = Vec::new();
    for list in LISTS {
        let entries = match json.get(list) {
            None | Some(Value::Null) => continue,
            Some(Value::Array(entries)) => entries,
            Some(_) => return Err(wrong(&format!("/{list}"), "it is not a list of keys")),
        };
        for (index, entry) in entries.iter().enumerate() {
            let pointer = format!("/{list}/{index}");
            let Some(method) = read_method(&did, entry, &pointer)? else {
                continue;
            };
            if let Some(known) = methods.iter().find(|known| known.id == method.id) {
                if known.key == method.key {
                    continue;
                }
                let reason = format!("{} is the id of another key too", method.id);
                return Err(wrong(&format!("{pointer}/id"), reason));
            }
            if methods.len() == MAX_METHODS {
                let reason = format!("there are more than {MAX_METHODS} keys");
                return Err(wrong(&pointer, reason));
            }
            methods.push(method);
        }
    }
    Ok(DidDocument { did, methods })
}

/// Writes the document of a DID and its keys, so that it can be published or registered as a file.
/// [`read_document`] parses it to `document` again.
pub fn document_of(document: &DidDocument) -> Value {
    let did = document.did.as_str();
    let entries: Vec<Value> = document
        .methods
        .iter()
        .map(|method| {
            let (kind, member, key) = public_key::written(&method.key);
            json!({"id": method.id, "type": kind, "controller": did, member: key})
        })
        .collect();
    json!({
        "@context": "https://www.w3.org/ns/did/v1",
        "id": did,
        "verificationMethod": entries,
    })
}

/// Parses one entry of a list; `None` where its kind of key is not supported.
fn read_method(
    did: &Did,
    entry: &Value,
    pointer: &str,
) -> Result<Option<VerificationMethod>, DocumentError> {
    // A text in the list refers to a key of another document.
    let members = match entry {
        Value::Object(members) => members,
        Value::String(_) => return Ok(None),
        _ => return Err(wrong(pointer, "it is not a key with id and type")),
    };
    let kind = text(members.get("type"), &format!("{pointer}/type"))?;
    let Some(key) = read_key(members, kind, pointer)? else {
        return Ok(None);
    };
    let id_pointer = format!("{pointer}/id");
    let id = whole_id(did, text(members.get("id"), &id_pointer)?)
        .map_err(|reason| wrong(&id_pointer, reason))?;
    Ok(Some(VerificationMethod { id, key }))
}

/// Returns `did:work:...#key-1` for itself, for `#key-1` and for `key-1`.
fn whole_id(did: &Did, id: &str) -> Result<String, String> {
    let (owner, name) = id.split_once('#').unwrap_or(("", id));
    if name.is_empty() || name.contains(['#', ':']) {
        return Err(format!("{id:?} does not name a key; write {did}#key-1"));
    }
    if !owner.is_empty() && owner != did.as_str() {
        return Err(format!("{id:?} belongs to another DID than the document"));
    }
    Ok(format!("{did}#{name}"))
}

/// Parses the key of an entry, from the member in which it is written.
fn read_key(
    members: &Map<String, Value>,
    kind: &str,
    pointer: &str,
) -> Result<Option<PublicKey>, DocumentError> {
    let member =
        public_key::MEMBERS.iter().find_map(|&(name, read)| Some((name, read, members.get(name)?)));
    match member {
        None => Ok(None),
        Some((name, read, value)) => {
            read(value, kind).map_err(|reason| wrong(&format!("{pointer}/{name}"), reason))
        }
    }
}

fn text<'a>(value: Option<&'a Value>, pointer: &str) -> Result<&'a str, DocumentError> {
    match value {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(wrong(pointer, "it is not a text")),
        None => Err(wrong(pointer, "it is missing")),
    }
}

fn wrong(pointer: &str, reason: impl Into<String>) -> DocumentError {
    DocumentError { pointer: pointer.to_owned(), reason: reason.into() }
}
