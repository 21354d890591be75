//! The lines of a file that is imported.
//!
//! | line | what it is |
//! |---|---|
//! | `{"id": ..., "credential": {...}}` | a credential, perhaps with `schema` and `cred_def` of its registry |
//! | a credential's own JSON | a credential, whose id is derived from it |
//! | `{"export": "anoncreds wallet", "version": 1}` | the first line of an export |
//! | `{"link_secret": {"name": ..., "secret": {...}}}` | a link secret |
//! | `{"end": {"credentials": 2, "link_secrets": 1}}` | the last line of an export |

use std::{borrow::Cow, collections::BTreeMap};

use indy_credx::types::LinkSecret;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::members;
use crate::stored::Origin;

/// What the first line of an export says.
pub(crate) const EXPORT: &str = "anoncreds wallet";
/// The version of an export's form.
pub(crate) const VERSION: u32 = 1;

/// What the last line of an export says: how many of each kind it holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub credentials: u64,
    pub link_secrets: u64,
}

/// A line, taken apart but not checked further.
pub(super) enum Line {
    /// The first line of an export.
    Begin,
    Credential {
        id: Option<String>,
        json: Zeroizing<String>,
        origin: Origin,
    },
    LinkSecret {
        name: String,
        json: Zeroizing<String>,
    },
    /// The last line of an export.
    End(Totals),
}

/// The names of the members that a line has beside a credential.
const BESIDE: [&str; 4] = ["id", "credential", "schema", "cred_def"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct GivenSchema {
    name: Option<String>,
    version: Option<String>,
    #[serde(rename = "issuerId", alias = "issuer_id")]
    issuer_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GivenCredDef {
    #[serde(rename = "issuerId", alias = "issuer_id")]
    issuer_id: Option<String>,
}

type Members<'l> = BTreeMap<Cow<'l, str>, &'l RawValue>;

/// Takes a line apart.
///
/// # Errors
///
/// A sentence that names the member that is missing or wrong, and quotes no value.
pub(super) fn read(line: &[u8]) -> Result<Line, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?.trim();
    let members = match members::members(text) {
        Some(members) => members,
        None => return Err(not_an_object(text)),
    };
    let has = |name: &str| members.contains_key(name);
    if has("export") {
        return read_begin(&members);
    }
    if has("end") {
        return Ok(Line::End(member(&members, "end")?));
    }
    // a credential has a member of this name too, which is a text
    let link_secret = members.get("link_secret").filter(|_| !has("schema_id"));
    if let Some(link_secret) = link_secret {
        return read_link_secret(link_secret.get());
    }
    if has("credential") || has("id") {
        return read_credential(&members);
    }
    let json = Zeroizing::new(text.to_owned());
    Ok(Line::Credential { id: None, json, origin: Origin::default() })
}

fn read_begin(members: &Members<'_>) -> Result<Line, String> {
    let export: String = member(members, "export")?;
    if export != EXPORT {
        return Err("its member `export` is not that of an export of this program".to_owned());
    }
    match member(members, "version")? {
        VERSION => Ok(Line::Begin),
        version => Err(format!(
            "it begins an export of version {version}, and this program knows {VERSION}"
        )),
    }
}

fn read_link_secret(json: &str) -> Result<Line, String> {
    let members = members::members(json).ok_or_else(|| wrong("link_secret", json, "an object"))?;
    let name: String =
        member(&members, "name").map_err(|reason| format!("in `link_secret`, {reason}"))?;
    let secret = members.get("secret").ok_or("in `link_secret`, member `secret` is missing")?;
    Ok(Line::LinkSecret { name, json: Zeroizing::new(secret.get().to_owned()) })
}

fn read_credential(members: &Members<'_>) -> Result<Line, String> {
    if let Some(other) = members.keys().find(|name| !BESIDE.contains(&&***name)) {
        let other = stdx::text::shorten(other, 100);
        return Err(format!(
            "member `{other}` is not one that a line has; it has `id`, `credential`, `schema` and `cred_def`"
        ));
    }
    let credential = members.get("credential").ok_or("member `credential` is missing")?;
    let id = match members.get("id") {
        Some(id) if id.get() != "null" => Some(member(members, "id")?),
        _ => None,
    };
    let schema: GivenSchema = optional(members, "schema")?;
    let cred_def: GivenCredDef = optional(members, "cred_def")?;
    let origin = Origin {
        schema_name: schema.name,
        schema_version: schema.version,
        schema_issuer_id: schema.issuer_id,
        issuer_id: cred_def.issuer_id,
    };
    Ok(Line::Credential { id, json: Zeroizing::new(credential.get().to_owned()), origin })
}

/// Reads a member that has to be there.
fn member<T: DeserializeOwned>(members: &Members<'_>, name: &str) -> Result<T, String> {
    let value = members.get(name).ok_or_else(|| format!("member `{name}` is missing"))?;
    // the message of serde_json may quote the value
    serde_json::from_str(value.get()).map_err(|_| wrong(name, value.get(), expected(name)))
}

/// Reads a member that may be missing.
fn optional<T: DeserializeOwned + Default>(members: &Members<'_>, name: &str) -> Result<T, String> {
    match members.get(name) {
        Some(value) if value.get() != "null" => member(members, name),
        _ => Ok(T::default()),
    }
}

/// What a member of a line has to be.
fn expected(name: &str) -> &'static str {
    match name {
        "schema" => "an object whose `name`, `version` and `issuerId` are texts",
        "cred_def" => "an object whose `issuerId` is a text",
        "end" => "an object with the numbers `credentials` and `link_secrets`",
        "version" => "a number",
        _ => "a text",
    }
}

fn wrong(name: &str, json: &str, expected: &str) -> String {
    format!("member `{name}` is {}, and has to be {expected}", members::kind_of(json))
}

/// Says what a line is that is not a JSON object.
fn not_an_object(text: &str) -> String {
    let Err(error) = serde_json::from_str::<&RawValue>(text) else {
        return format!("it is {}, and has to be an object", members::kind_of(text));
    };
    match error.is_eof() {
        true => "it is not whole: its JSON ends too early".to_owned(),
        // the message of serde_json may quote what stands there
        false => format!("it is not JSON: something is wrong at its byte {}", error.column()),
    }
}

/// Checks the JSON of a link secret.
///
/// # Errors
///
/// A sentence without its value.
pub(super) fn check_link_secret(json: &str) -> Result<(), String> {
    members::check(&members::LINK_SECRET, json)?;
    credx::parse::<LinkSecret>(json).map(drop).map_err(|error| error.reason)
}
