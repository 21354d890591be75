//! Reading the files of a scenario.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Result, ensure};
use indy::{anoncreds::PreparedKey, did::MyDidConfig};
use proofs::{HeldValue, encoding::encode, names::fold, objects};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use stdx::{pointer, text::Quoted};
use tutorial::{data::STEWARD_SEED, error::quoted, input};
use zeroize::Zeroizing;

use super::{
    document::{Object, text, wrong_type},
    files::{KINDS, check_regular, find_others, list},
    finding::{
        Findings, NOT_JSON, Place, REPEATED_NAME, UNREADABLE, UNUSABLE_KEY, UNUSABLE_VALUE,
        WRONG_VALUE,
    },
    model::{Credential, Holder, Issuer, Request, Scenario, Schema},
};
use crate::values::raw_value;

/// The most attributes of a schema on an Indy ledger.
const MAX_ATTRIBUTES: usize = 125;

/// The tag of a credential definition if the file does not say it.
const DEFAULT_TAG: &str = "TAG1";

/// A scenario as far as it could be read.
#[derive(Default)]
pub struct Loaded {
    pub scenario: Scenario,
    /// The names of all files by kind, also of those that could not be used.
    pub names: BTreeMap<&'static str, BTreeSet<String>>,
    /// The files of other kinds that are named: prepared keys, and values.
    named: Vec<String>,
}

impl Loaded {
    /// Returns whether all files of a kind could be used.
    pub fn is_complete(&self, kind: &str) -> bool {
        let used = match kind {
            "issuers" => self.scenario.issuers.len(),
            "holders" => self.scenario.holders.len(),
            "credentials" => self.scenario.credentials.len(),
            _ => self.scenario.requests.len(),
        };
        self.names.get(kind).is_none_or(|names| names.len() == used)
    }
}

/// Reads a scenario, and finds what is wrong with each of its files.
///
/// # Errors
///
/// When the directory does not exist or cannot be read.
pub async fn load(directory: &Path, findings: &mut Findings) -> Result<Loaded> {
    let shown = directory.display();
    ensure!(
        directory.exists(),
        "there is no {shown}; check its name, or make a scenario with `negotiate-proof scenario init`"
    );
    ensure!(directory.is_dir(), "{shown} is not a directory; name the directory of a scenario");
    let mut loaded = Loaded::default();
    for kind in KINDS {
        let (files, misnamed) = list(directory, kind, findings)?;
        for (name, path) in &files {
            let file = format!("{kind}/{name}.json");
            let Some((text, value)) = read(path, &file, findings).await else { continue };
            let scenario = &mut loaded.scenario;
            let name = name.clone();
            add_named(&value, &mut loaded.named);
            match kind {
                "issuers" => {
                    let read = issuer(directory, &file, &value, findings).await;
                    scenario.issuers.extend(read.map(|issuer| (name, issuer)));
                }
                "holders" => {
                    let read = holder(&file, &value, findings);
                    scenario.holders.extend(read.map(|holder| (name, holder)));
                }
                "credentials" => {
                    let read = credential(directory, &file, &text, &value, findings);
                    scenario.credentials.extend(read.map(|credential| (name, credential)));
                }
                _ => {
                    let read = request(&file, &value, findings);
                    scenario.requests.extend(read.map(|request| (name, request)));
                }
            }
        }
        loaded.names.insert(kind, files.into_keys().chain(misnamed).collect());
    }
    let named = loaded.named.iter().map(|path| directory.join(path)).collect();
    find_others(directory, &named, findings)?;
    Ok(loaded)
}

/// Reads the JSON of a file. Returns its text too.
async fn read(path: &Path, file: &str, findings: &mut Findings) -> Option<(String, Value)> {
    let place = Place { file, pointer: "" };
    let what = match file.split('/').next() {
        Some("issuers") => "an issuer",
        Some("holders") => "a holder",
        Some("credentials") => "a credential",
        _ => "a request",
    };
    if let Err(error) = check_regular(path) {
        findings.error(UNREADABLE, place, error.to_string(), "write a file with JSON");
        return None;
    }
    let text = match input::text(path, what).await {
        Ok(text) => text,
        Err(error) => {
            findings.error(UNREADABLE, place, chain(&error.into()), "make it readable");
            return None;
        }
    };
    if let Err(fault) = objects::check_json(&text) {
        findings.error(NOT_JSON, place, fault.to_string(), "correct the JSON");
        return None;
    }
    match serde_json::from_str(&text) {
        Ok(value) => Some((text, value)),
        Err(error) => {
            findings.error(NOT_JSON, place, error.to_string(), "correct the JSON");
            None
        }
    }
}

/// Adds the files that a file's members name.
fn add_named(value: &Value, named: &mut Vec<String>) {
    let schemas = value["schemas"].as_array().into_iter().flatten();
    let keys = schemas.map(|schema| &schema["prepared_key"]);
    let values = value["values"].as_object().into_iter().flatten();
    let files = values.map(|(_, value)| &value["file"]);
    named.extend(keys.chain(files).filter_map(|path| path.as_str().map(str::to_owned)));
}

/// Returns an error with its causes, in a line.
fn chain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join(": ")
}

async fn issuer(
    directory: &Path,
    file: &str,
    value: &Value,
    findings: &mut Findings,
) -> Option<Issuer> {
    const MEMBERS: [&str; 5] = ["format", "label", "seed", "steward", "schemas"];
    let object = Object::new(file, "", value, &MEMBERS, findings)?;
    object.check_format(findings);
    let label = object.text("label", findings);
    let seed = optional_seed(&object, file, "seed", findings);
    let steward = optional_seed(&object, file, "steward", findings);
    let listed = object.list("schemas", findings);
    if listed.is_some_and(<[Value]>::is_empty) {
        let place = Place { file, pointer: "/schemas" };
        findings.error(WRONG_VALUE, place, "an empty list", "write a schema into it");
    }
    let listed = listed?;
    let mut schemas: Vec<Schema> = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        let place = format!("/schemas/{index}");
        let Some(schema) = schema(directory, file, &place, value, findings).await else { continue };
        if schemas.iter().any(|other| fold(&other.name) == fold(&schema.name)) {
            findings.error(
                REPEATED_NAME,
                Place { file, pointer: &pointer::child(&place, "name") },
                format!("another schema {}", Quoted(&schema.name)),
                "give the two schemas of this issuer different names",
            );
        }
        schemas.push(schema);
    }
    // what refers to a schema that cannot be used would be reported too
    if schemas.len() < listed.len() {
        return None;
    }
    let (seed, did) = seed?.unzip();
    let (steward, steward_did) = steward?.unzip();
    let steward_did = steward_did.or_else(|| did_of(STEWARD_SEED))?;
    Some(Issuer { label: label?, seed, did, steward, steward_did, schemas })
}

async fn schema(
    directory: &Path,
    file: &str,
    place: &str,
    value: &Value,
    findings: &mut Findings,
) -> Option<Schema> {
    const MEMBERS: [&str; 5] = ["name", "version", "attributes", "tag", "prepared_key"];
    let object = Object::new(file, place, value, &MEMBERS, findings)?;
    let name = object.text("name", findings);
    let version = object.text("version", findings);
    if let Some(version) = &version {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let parts = version.split('.').count();
        if !(2..=3).contains(&parts) || !version.split('.').all(is_number) {
            findings.error(
                WRONG_VALUE,
                Place { file, pointer: &object.pointer_to("version") },
                Quoted(version).to_string(),
                "write a version that the ledger takes, such as 1.0",
            );
        }
    }
    let tag = object.optional_text("tag", findings);
    for (member, text) in [("name", &name), ("tag", &tag)] {
        if let Some(text) = text.as_ref().filter(|text| text.contains([':', '}'])) {
            findings.error(
                WRONG_VALUE,
                Place { file, pointer: &object.pointer_to(member) },
                Quoted(text).to_string(),
                "leave out : and }, for it becomes part of identifiers and placeholders",
            );
        }
    }
    let attributes = attributes(&object, file, findings);
    let prepared_key = match object.optional_text("prepared_key", findings) {
        Some(path) => prepared_key(directory, file, &object, path, findings).await,
        None => None,
    };
    let attributes = attributes?;
    if let Some((path, key)) = &prepared_key {
        let names: Vec<&str> = attributes.iter().map(String::as_str).collect();
        if !key.fits(&names) {
            findings.error(
                UNUSABLE_KEY,
                Place { file, pointer: &object.pointer_to("prepared_key") },
                format!("the key in {} was made for other attributes", Quoted(path)),
                format!(
                    "make one with `negotiate-proof prepare-key FILE --attributes {}`",
                    quoted(Path::new(&names.join(",")))
                ),
            );
        }
    }
    let tag = tag.unwrap_or_else(|| DEFAULT_TAG.to_owned());
    Some(Schema { name: name?, version: version?, attributes, tag, prepared_key })
}

fn attributes(object: &Object<'_>, file: &str, findings: &mut Findings) -> Option<Vec<String>> {
    let listed = object.list("attributes", findings)?;
    let place = object.pointer_to("attributes");
    if listed.is_empty() || listed.len() > MAX_ATTRIBUTES {
        findings.error(
            WRONG_VALUE,
            Place { file, pointer: &place },
            format!("{} names", listed.len()),
            format!("write 1 to {MAX_ATTRIBUTES} names of attributes"),
        );
    }
    let mut attributes: Vec<String> = Vec::new();
    for (index, value) in listed.iter().enumerate() {
        let pointer = pointer::child(&place, &index.to_string());
        let Some(name) = text(file, &pointer, value, findings) else { continue };
        if attributes.iter().any(|other| fold(other) == fold(name)) {
            findings.error(
                REPEATED_NAME,
                Place { file, pointer: &pointer },
                format!("{} again", Quoted(name)),
                "remove it, or give it another name",
            );
        } else if fold(name) == "master_secret" {
            findings.error(
                WRONG_VALUE,
                Place { file, pointer: &pointer },
                Quoted(name).to_string(),
                "give it another name: in every key, this is the link secret's",
            );
        } else {
            attributes.push(name.to_owned());
        }
    }
    Some(attributes)
}

/// Reads a key that was made in advance, with the name of its file.
async fn prepared_key(
    directory: &Path,
    file: &str,
    object: &Object<'_>,
    path: String,
    findings: &mut Findings,
) -> Option<(String, PreparedKey)> {
    let read = async {
        let path = directory.join(&path);
        check_regular(&path)?;
        let json = Zeroizing::new(input::text(&path, "an issuer's key").await?);
        Ok(PreparedKey::from_json(&json)?)
    };
    match read.await {
        Ok(key) => Some((path, key)),
        Err(error) => {
            findings.error(
                UNUSABLE_KEY,
                Place { file, pointer: &object.pointer_to("prepared_key") },
                chain(&error),
                "name a file that `negotiate-proof prepare-key` has made, from the scenario's \
                 directory on",
            );
            None
        }
    }
}

/// Reads a seed that may be left out, with its DID: `Some(None)` then, `None` if it cannot be used.
fn optional_seed(
    object: &Object<'_>,
    file: &str,
    name: &str,
    findings: &mut Findings,
) -> Option<Option<(String, String)>> {
    if object.optional(name).is_none() {
        return Some(None);
    }
    let seed = object.optional_text(name, findings)?;
    if let Some(did) = did_of(&seed) {
        return Some(Some((seed, did)));
    }
    findings.error(
        WRONG_VALUE,
        Place { file, pointer: &object.pointer_to(name) },
        // a seed is not repeated
        format!("a text of {} bytes", seed.len()),
        "write a seed: 32 bytes of text, 64 hexadecimal digits, or the base64 of 32 bytes",
    );
    None
}

/// Returns the DID that follows from a seed.
fn did_of(seed: &str) -> Option<String> {
    MyDidConfig::from_seed(seed).seeded_did().ok()?.map(|made| made.did)
}

fn holder(file: &str, value: &Value, findings: &mut Findings) -> Option<Holder> {
    const MEMBERS: [&str; 3] = ["format", "name", "did"];
    let object = Object::new(file, "", value, &MEMBERS, findings)?;
    object.check_format(findings);
    let name = object.text("name", findings);
    let did = match object.optional("did") {
        None => None,
        Some(_) => {
            let did = object.optional_text("did", findings)?;
            let mut bytes = [0; 16];
            if bs58::decode(&did).onto(&mut bytes) != Ok(bytes.len()) {
                findings.error(
                    WRONG_VALUE,
                    Place { file, pointer: "/did" },
                    Quoted(&did).to_string(),
                    "write the base58 of 16 bytes, such as VsKV7grR1BUE29mG2Fm2kX, or leave it out",
                );
            }
            Some(did)
        }
    };
    Some(Holder { name: name?, did })
}

/// The values of a credential as they are written.
#[derive(Deserialize)]
struct WrittenValues<'t> {
    #[serde(borrow)]
    values: BTreeMap<String, &'t RawValue>,
}

fn credential(
    directory: &Path,
    file: &str,
    text: &str,
    value: &Value,
    findings: &mut Findings,
) -> Option<Credential> {
    const MEMBERS: [&str; 5] = ["format", "issuer", "schema", "holder", "values"];
    let object = Object::new(file, "", value, &MEMBERS, findings)?;
    object.check_format(findings);
    let issuer = object.text("issuer", findings);
    let schema = object.text("schema", findings);
    let holder = object.text("holder", findings);
    object.map("values", findings)?;
    // a number is taken as it is written
    let written: WrittenValues<'_> = serde_json::from_str(text).ok()?;
    let mut values: BTreeMap<String, HeldValue> = BTreeMap::new();
    let mut unusable = BTreeSet::new();
    for (name, value) in &written.values {
        let pointer = pointer::child("/values", name);
        if values.keys().any(|other| fold(other) == fold(name)) {
            let place = Place { file, pointer: &pointer };
            findings.error(REPEATED_NAME, place, format!("{} again", Quoted(name)), "remove it");
        }
        match regular_value(name, value.get(), directory) {
            Ok(raw) => {
                let encoded = encode(&raw);
                values.insert(name.clone(), HeldValue { raw, encoded });
            }
            Err(error) => {
                let place = Place { file, pointer: &pointer };
                let remedy = "write a text, a number, a boolean, a date or a file";
                unusable.insert(name.clone());
                findings.error(UNUSABLE_VALUE, place, chain(&error), remedy);
            }
        }
    }
    Some(Credential { issuer: issuer?, schema: schema?, holder: holder?, values, unusable })
}

/// Returns the raw value of an attribute. A file that it names must be a regular one.
fn regular_value(name: &str, json: &str, directory: &Path) -> Result<String> {
    if let Some(path) = file_of(json) {
        check_regular(&directory.join(path))?;
    }
    raw_value(name, json, directory)
}

/// Returns the file that a value names.
fn file_of(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct FromFile {
        file: String,
    }
    // serde would take a list for the members in their order
    let object = Some(json).filter(|json| json.trim_start().starts_with('{'))?;
    serde_json::from_str(object).ok().map(|FromFile { file }| file)
}

fn request(file: &str, value: &Value, findings: &mut Findings) -> Option<Request> {
    const MEMBERS: [&str; 5] = ["format", "holder", "proof_request", "self_attested", "hide"];
    let object = Object::new(file, "", value, &MEMBERS, findings)?;
    object.check_format(findings);
    let holder = object.text("holder", findings);
    let proof_request = object.required("proof_request", findings);
    if let Some(value) = proof_request.filter(|value| !value.is_object()) {
        wrong_type(Place { file, pointer: "/proof_request" }, "an object", value, findings);
        return None;
    }
    let mut self_attested = BTreeMap::new();
    for (referent, value) in object.optional_map("self_attested", findings).into_iter().flatten() {
        let place = pointer::child("/self_attested", referent);
        if let Some(text) = text(file, &place, value, findings) {
            self_attested.insert(referent.clone(), text.to_owned());
        }
    }
    let mut hide = Vec::new();
    for (index, value) in object.optional_list("hide", findings).iter().enumerate() {
        let place = format!("/hide/{index}");
        hide.extend(text(file, &place, value, findings).map(str::to_owned));
    }
    let proof_request = proof_request?.clone();
    Some(Request { holder: holder?, proof_request, self_attested, hide })
}
