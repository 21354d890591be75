//! DID documents in JSON.

use serde_json::{Map, Value, json};

use super::{Did, DidDocument, PublicKey, Purpose, VerificationMethod, public_key};
use crate::date;

/// The members that list keys without a purpose: the current name, and that of 2019, when the draft
/// was written.
const LISTS: [&str; 2] = ["verificationMethod", "publicKey"];

/// The members that list keys by purpose, of DID Core and of the years before it. A document that
/// has one of them says for what its keys may be used.
const PURPOSES: [&str; 5] = [
    "assertionMethod",
    "authentication",
    "capabilityDelegation",
    "capabilityInvocation",
    "keyAgreement",
];

/// The members that say when a key is revoked, and when it expires, in the spellings that occur. In
/// a document they say it of all its keys, except for `deactivated`, which is its own.
const REVOKED: [&str; 5] = ["revoked", "revocation", "revocationDate", "deactivated", "suspended"];
const EXPIRES: [&str; 7] =
    ["expires", "expired", "expiry", "expiration", "expirationDate", "notAfter", "validUntil"];

/// The members that say from when a key is valid.
const VALID_FROM: [&str; 2] = ["notBefore", "validFrom"];

/// A list of a DID document has at most this many keys.
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

/// Parses a DID document: its `id`, `deactivated`, and the keys in `verificationMethod`, in
/// `publicKey` and in the lists of purposes, which hold a key or a reference to one.
///
/// Keys of kinds that this crate does not verify with, such as those for key agreement, are left
/// out, and so are services. What limits a key (`controller`, `revoked`, `expires`, `validFrom`, its
/// purposes) is kept for [`DidDocument::key_for`].
///
/// # Errors
///
/// [`DocumentError`]: the first member that is malformed.
pub fn read_document(json: &Value) -> Result<DidDocument, DocumentError> {
    let did: Did = text(json.get("id"), "/id")?
        .parse()
        .map_err(|error: super::NotADid| wrong("/id", error.to_string()))?;
    let deactivated = match json.get("deactivated") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(wrong("/deactivated", "it is neither true nor false")),
    };
    // resolvers put it beside the document
    let metadata = json.pointer("/didDocumentMetadata/deactivated");
    let deactivated = deactivated || metadata.is_some_and(says_something);
    let has_purposes = PURPOSES.iter().any(|list| json.get(list).is_some_and(|it| !it.is_null()));
    let of_no_list = if has_purposes { &[] } else { Purpose::ALL };
    let mut document = DidDocument { did, methods: Vec::new(), deactivated };
    let by_purpose = Purpose::ALL.iter().map(|one| (one.name(), std::slice::from_ref(one)));
    for (list, purposes) in LISTS.map(|list| (list, of_no_list)).into_iter().chain(by_purpose) {
        for (pointer, entry) in entries(json, list)? {
            let Some(reference) = entry.as_str() else {
                let method = read_method(&document.did, json, entry, &pointer)?;
                add(&mut document, method, &pointer, purposes)?;
                continue;
            };
            // one of another document names no key here
            let named = document.position(reference);
            if let Some(method) = named.and_then(|at| document.methods.get_mut(at)) {
                method.allow(purposes);
            }
        }
    }
    Ok(document)
}

/// Writes the document of a DID and its keys, so that it can be published or registered as a file.
/// [`read_document`] parses it to `document` again.
pub fn document_of(document: &DidDocument) -> Value {
    let did = document.did.as_str();
    let entries = document.methods.iter().map(|method| {
        let (kind, member, key) = public_key::written(&method.key);
        let controller = method.foreign_controller.as_deref().unwrap_or(did);
        let mut entry =
            json!({"id": method.id, "type": kind, "controller": controller, member: key});
        for (name, date) in [
            ("revoked", &method.revoked),
            ("expires", &method.expires),
            ("validFrom", &method.valid_from),
        ] {
            if let Some(date) = date {
                entry[name] = json!(date);
            }
        }
        entry
    });
    let mut written = json!({
        "@context": "https://www.w3.org/ns/did/v1",
        "id": did,
        "verificationMethod": entries.collect::<Vec<Value>>(),
    });
    if document.methods.iter().any(|method| method.purposes.len() < Purpose::ALL.len()) {
        for purpose in Purpose::ALL {
            let listed = document.methods.iter().filter(|method| method.purposes.contains(purpose));
            written[purpose.name()] = listed.map(|method| json!(method.id)).collect();
        }
    }
    if document.deactivated {
        written["deactivated"] = json!(true);
    }
    written
}

/// Returns the entries of a list, each with its JSON pointer.
fn entries<'a>(json: &'a Value, list: &str) -> Result<Vec<(String, &'a Value)>, DocumentError> {
    match json.get(list) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(entries)) if entries.len() > MAX_METHODS => {
            let reason = format!("there are more than {MAX_METHODS} keys");
            Err(wrong(&format!("/{list}/{MAX_METHODS}"), reason))
        }
        Some(Value::Array(entries)) => {
            let entries = entries.iter().enumerate();
            Ok(entries.map(|(index, entry)| (format!("/{list}/{index}"), entry)).collect())
        }
        Some(_) => Err(wrong(&format!("/{list}"), "it is not a list of keys")),
    }
}

/// Adds a key, if its kind is supported; one that is there already, and the same, gets the further
/// purposes.
fn add(
    document: &mut DidDocument,
    method: Option<VerificationMethod>,
    pointer: &str,
    purposes: &[Purpose],
) -> Result<(), DocumentError> {
    let Some(mut method) = method else {
        return Ok(());
    };
    if let Some(known) = document.methods.iter_mut().find(|known| known.id == method.id) {
        method.purposes.clone_from(&known.purposes);
        if *known != method {
            let reason = format!("{} is the id of another key too", method.id);
            return Err(wrong(&format!("{pointer}/id"), reason));
        }
        known.allow(purposes);
    } else {
        method.allow(purposes);
        document.methods.push(method);
    }
    Ok(())
}

impl VerificationMethod {
    fn allow(&mut self, purposes: &[Purpose]) {
        let allowed =
            |purpose: &&Purpose| purposes.contains(purpose) || self.purposes.contains(purpose);
        self.purposes = Purpose::ALL.iter().filter(allowed).copied().collect();
    }
}

/// Parses one entry of a list, without purposes; `None` where its kind of key is not supported.
/// What limits the whole document limits each of its keys.
fn read_method(
    did: &Did,
    document: &Value,
    entry: &Value,
    pointer: &str,
) -> Result<Option<VerificationMethod>, DocumentError> {
    let Value::Object(members) = entry else {
        return Err(wrong(pointer, "it is not a key with id and type"));
    };
    let at = |member: &str| format!("{pointer}/{member}");
    let kind = text(members.get("type"), &at("type"))?;
    let Some(key) = read_key(members, kind, pointer)? else {
        return Ok(None);
    };
    let id = whole_id(did, text(members.get("id"), &at("id"))?)
        .map_err(|reason| wrong(&at("id"), reason))?;
    let mut foreign_controller = None;
    // `owner` is its name in 2019
    for member in ["controller", "owner"] {
        if let Some(controller) = members.get(member) {
            let controller = text(Some(controller), &at(member))?;
            if controller != did.as_str() {
                foreign_controller = Some(controller.to_owned());
            }
        }
    }
    // Of several members, that which limits the key most: what is not a date, as `true`, counts as
    // a date in the past, else the earliest (the latest of those from which it is valid).
    let of_document = |name: &str| document.get(name).filter(|_| name != "deactivated");
    let texts = |names: &'static [&'static str]| {
        let values = names.iter().flat_map(|name| [members.get(*name), of_document(name)]);
        let values = values.flatten().filter(|value| says_something(value));
        values.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let revoked = texts(&REVOKED).min_by_key(|text| date::parse(text));
    let expires = texts(&EXPIRES).min_by_key(|text| date::parse(text));
    let is_unreadable = |text: &str| date::parse(text).is_none();
    let valid_from = texts(&VALID_FROM).max_by_key(|text| (is_unreadable(text), date::parse(text)));
    let purposes = Vec::new();
    Ok(Some(VerificationMethod {
        id,
        key,
        foreign_controller,
        revoked,
        expires,
        valid_from,
        purposes,
    }))
}

/// Returns whether a member is there and is not denied.
fn says_something(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
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
    let mut found: Option<PublicKey> = None;
    for (name, read) in public_key::MEMBERS {
        let Some(value) = members.get(name) else { continue };
        let key =
            read(value, kind).map_err(|reason| wrong(&format!("{pointer}/{name}"), reason))?;
        if found.is_some() && found != key {
            let reason = "another member has another key".to_owned();
            return Err(wrong(&format!("{pointer}/{name}"), reason));
        }
        found = key;
    }
    Ok(found)
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
