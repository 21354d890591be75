//! What is wrong between the files of a scenario: references that lead nowhere, values that the
//! schema does not have, requests that no credential answers.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use indy::anoncreds::ProofRequest;
use proofs::{
    lint::{self, Date, Linter},
    names::fold,
};
use serde_json::{Value, json};
use stdx::{
    pointer,
    text::{Plain, Quoted},
};

use super::{
    answers::{check_answers, held_by, is_group, some_of},
    files::KINDS,
    finding::{
        Finding, Findings, GROUP, MISSING_ATTRIBUTE, NOTHING, OTHER_SCHEMA, Place, SAME_ISSUER,
        SELF_ATTESTED, UNKNOWN_ATTRIBUTE, UNKNOWN_PLACEHOLDER, UNKNOWN_REFERENCE, UNUSED,
        WRONG_VALUE,
    },
    identifiers::Identifiers,
    load::Loaded,
    model::{Credential, Request, Scenario},
    placeholder::fill,
};

/// A nonce for the linter, in a request that has none: one is drawn when it is played.
const ANY_NONCE: &str = "822341096514423177893041";

/// The kinds of files that others refer to: each with a word for one of them.
const HOLDER: (&str, &str) = ("holders", "holder");
const ISSUER: (&str, &str) = ("issuers", "issuer");

/// Finds what is wrong between the files of a scenario. Dates of birth are compared with `today`.
pub fn check(loaded: &Loaded, today: Option<Date>, findings: &mut Findings) {
    for kind in KINDS {
        if loaded.names.get(kind).is_none_or(BTreeSet::is_empty) {
            findings.error(
                NOTHING,
                Place { file: kind, pointer: "" },
                format!("no file in {kind}"),
                format!("write {kind}/NAME.json"),
            );
        }
    }
    check_issuers(&loaded.scenario, findings);
    for (name, credential) in &loaded.scenario.credentials {
        check_credential(loaded, name, credential, findings);
    }
    let identifiers = Identifiers::new(loaded);
    for (name, request) in &loaded.scenario.requests {
        check_request(loaded, &identifiers, name, request, today, findings);
    }
    check_use(loaded, findings);
}

/// What the ledger knows a schema by: its steward's DID, its name and its version.
type SchemaKey<'s> = (&'s str, &'s str, &'s str);

/// Issuers with the same DID, and schemas that the ledger could not keep apart.
fn check_issuers(scenario: &Scenario, findings: &mut Findings) {
    let mut dids: BTreeMap<&str, &str> = BTreeMap::new();
    let mut schemas: BTreeMap<SchemaKey<'_>, (&str, BTreeSet<String>)> = BTreeMap::new();
    let stewards: BTreeSet<&str> =
        scenario.issuers.values().map(|issuer| issuer.steward_did.as_str()).collect();
    for (name, issuer) in &scenario.issuers {
        let file = format!("issuers/{name}.json");
        if let Some(did) = issuer.did.as_deref() {
            let place = Place { file: &file, pointer: "/seed" };
            if stewards.contains(did) {
                let found = "the seed of a steward";
                findings.error(SAME_ISSUER, place, found, "write another seed, or leave it out");
            } else if let Some(other) = dids.insert(did, name) {
                let found = format!("the seed of issuers/{other}.json");
                findings.error(SAME_ISSUER, place, found, "write another seed, or leave it out");
            }
        }
        for (index, schema) in issuer.schemas.iter().enumerate() {
            let key = (issuer.steward_did.as_str(), schema.name.as_str(), schema.version.as_str());
            let attributes: BTreeSet<String> = schema.attributes.iter().cloned().collect();
            match schemas.get(&key) {
                Some((other, same)) if *same != attributes => findings.error(
                    OTHER_SCHEMA,
                    Place { file: &file, pointer: &format!("/schemas/{index}/attributes") },
                    format!(
                        "other attributes than those of {} {} in issuers/{other}.json",
                        Quoted(&schema.name),
                        schema.version
                    ),
                    "write the same attributes, another name, or another version",
                ),
                Some(_) => {}
                None => _ = schemas.insert(key, (name.as_str(), attributes)),
            }
        }
    }
}

/// Reports a reference to a file that does not exist. Returns whether the file exists.
fn check_reference(
    loaded: &Loaded,
    (kind, one): (&'static str, &str),
    name: &str,
    place: Place<'_>,
    findings: &mut Findings,
) -> bool {
    let names = loaded.names.get(kind);
    if names.is_some_and(|names| names.contains(name)) {
        return true;
    }
    let known = names.into_iter().flatten().map(String::as_str);
    findings.error(
        UNKNOWN_REFERENCE,
        place,
        format!("no {one} is called {}", Quoted(name)),
        advice(known, &format!("make {kind}/{}.json", Plain(name))),
    );
    false
}

/// Returns the advice to write one of the known names, or to do something else.
fn advice<'n>(known: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    let known: Vec<String> = known.map(|name| Quoted(name).to_string()).collect();
    match known.is_empty() {
        true => otherwise.to_owned(),
        false => format!("write {}, or {otherwise}", some_of(&known, " or ")),
    }
}

fn check_credential(loaded: &Loaded, name: &str, credential: &Credential, findings: &mut Findings) {
    let file = format!("credentials/{name}.json");
    let at = |pointer| Place { file: &file, pointer };
    check_reference(loaded, HOLDER, &credential.holder, at("/holder"), findings);
    if !check_reference(loaded, ISSUER, &credential.issuer, at("/issuer"), findings) {
        return;
    }
    // a file that could not be used has findings of its own
    let Some(issuer) = loaded.scenario.issuers.get(&credential.issuer) else { return };
    let Some(schema) = issuer.schema(&credential.schema) else {
        let known = issuer.schemas.iter().map(|schema| schema.name.as_str());
        findings.error(
            UNKNOWN_REFERENCE,
            at("/schema"),
            format!("no schema of the issuer is called {}", Quoted(&credential.schema)),
            advice(known, &format!("add it to issuers/{}.json", credential.issuer)),
        );
        return;
    };
    let given = credential.values.keys().chain(&credential.unusable);
    let given: BTreeSet<String> = given.map(|name| fold(name)).collect();
    let missing: Vec<&String> =
        schema.attributes.iter().filter(|name| !given.contains(&fold(name))).collect();
    for name in &missing {
        findings.error(
            MISSING_ATTRIBUTE,
            Place { file: &file, pointer: &pointer::child("/values", name) },
            format!("no value for {}", Quoted(name)),
            "write one",
        );
    }
    let named = credential.values.keys().chain(&credential.unusable);
    for name in named.filter(|name| !schema.has(name)) {
        let missing = missing.iter().map(|name| name.as_str());
        findings.error(
            UNKNOWN_ATTRIBUTE,
            Place { file: &file, pointer: &pointer::child("/values", name) },
            format!("{} is not in the schema {}", Quoted(name), Quoted(&schema.name)),
            advice(missing, "remove it"),
        );
    }
}

fn check_request(
    loaded: &Loaded,
    identifiers: &Identifiers,
    name: &str,
    request: &Request,
    today: Option<Date>,
    findings: &mut Findings,
) {
    let scenario = &loaded.scenario;
    let file = format!("requests/{name}.json");
    let holder = Place { file: &file, pointer: "/holder" };
    let has_holder = check_reference(loaded, HOLDER, &request.holder, holder, findings);

    // what an issuer is called whose file cannot be used is not reported
    let is_open = Cell::new(false);
    let (filled, unknown) = fill(&request.proof_request, &|placeholder| {
        let issuer = placeholder.issuer();
        let names = loaded.names.get("issuers");
        if names.is_some_and(|names| names.contains(issuer))
            && !scenario.issuers.contains_key(issuer)
        {
            is_open.set(true);
            return identifiers.of_unusable(placeholder);
        }
        identifiers.find(placeholder)
    });
    for unknown in &unknown {
        findings.error(
            UNKNOWN_PLACEHOLDER,
            Place { file: &file, pointer: &format!("/proof_request{}", unknown.pointer) },
            Quoted(&unknown.text).to_string(),
            advice(identifiers.known(), "make the issuer or the schema"),
        );
    }
    let filled = with_nonce(filled, || ANY_NONCE.to_owned()).to_string();
    let read = ProofRequest::from_json(&filled);
    let mut linter = Linter::new();
    if let Some(today) = today {
        linter = linter.on(today);
    }
    for found in linter.lint_json(&filled).listed {
        // the text of an unknown placeholder has been reported
        let pointer = format!("/proof_request{}", found.pointer);
        let is_known = unknown.iter().any(|unknown| found.pointer.starts_with(&unknown.pointer));
        let own_words = |referent: &String| request.self_attested.contains_key(referent);
        // that the holder may answer in their own words is meant
        let is_meant = found.rule == lint::Rule::NoRestriction
            && found.referent.as_ref().is_some_and(own_words);
        if is_known || is_meant {
            continue;
        }
        findings.push(Finding {
            file: file.clone(),
            pointer,
            rule: found.rule.to_string(),
            severity: found.severity,
            found: identifiers.undo(&found.found),
            why: found.why.to_owned(),
            remedy: identifiers.undo(&found.remedy),
            // what can be read can be played, to see how it ends
            blocks: read.is_err() && found.severity == lint::Severity::Error,
        });
    }
    let Ok(read) = read else { return };
    check_choices(&file, request, &read, findings);
    if !has_holder || !unknown.is_empty() || is_open.get() {
        return;
    }
    if let Some(held) = held_by(loaded, identifiers, &request.holder) {
        check_answers(identifiers, (name, request), &read, &held, findings);
    }
}

/// What the holder says itself, or hides, is asked for.
fn check_choices(file: &str, request: &Request, read: &ProofRequest, findings: &mut Findings) {
    let attributes = || read.requested_attributes.keys().map(String::as_str);
    for referent in request.self_attested.keys() {
        let pointer = pointer::child("/self_attested", referent);
        let place = Place { file, pointer: &pointer };
        let Some(requested) = read.requested_attributes.get(referent) else {
            let found = format!("no attribute is asked for as {}", Quoted(referent));
            findings.error(UNKNOWN_REFERENCE, place, found, advice(attributes(), "remove it"));
            continue;
        };
        if is_group(requested) {
            let found = format!("{}, which is a group", Quoted(referent));
            findings.error(GROUP, place, found, "remove it, or ask for each attribute by itself");
        } else if requested.restriction().is_some() {
            let found = format!("{}, which the request restricts", Quoted(referent));
            findings.error(SELF_ATTESTED, place, found, "remove it, or the restrictions");
        }
    }
    for (index, referent) in request.hide.iter().enumerate() {
        let pointer = format!("/hide/{index}");
        let place = Place { file, pointer: &pointer };
        let Some(requested) = read.requested_attributes.get(referent) else {
            let found = format!("no attribute is asked for as {}", Quoted(referent));
            findings.error(UNKNOWN_REFERENCE, place, found, advice(attributes(), "remove it"));
            continue;
        };
        if is_group(requested) {
            let found = format!("{}, which is a group", Quoted(referent));
            findings.error(GROUP, place, found, "remove it, or ask for each attribute by itself");
        } else if request.self_attested.contains_key(referent) {
            let found = format!("{}, which is self-attested", Quoted(referent));
            findings.error(WRONG_VALUE, place, found, "remove it here or there");
        }
    }
}

/// Holders and schemas of which nothing is asked.
fn check_use(loaded: &Loaded, findings: &mut Findings) {
    let scenario = &loaded.scenario;
    // what cannot be used could be what is missed
    let (has_requests, has_credentials) =
        (loaded.is_complete("requests"), loaded.is_complete("credentials"));
    for (name, holder) in scenario.holders.iter().filter(|_| has_requests) {
        if scenario.requests.values().all(|request| request.holder != *name) {
            findings.warn(
                UNUSED,
                Place { file: &format!("holders/{name}.json"), pointer: "" },
                format!("no request to {}", Quoted(&holder.name)),
                "write a request, or remove the file",
            );
        }
    }
    for (issuer, _, schema) in scenario.schemas().filter(|_| has_credentials) {
        let is_of = |one: &Credential| one.issuer == issuer && one.schema == schema.name;
        if !scenario.credentials.values().any(is_of) {
            findings.warn(
                UNUSED,
                Place { file: &format!("issuers/{issuer}.json"), pointer: "/schemas" },
                format!("no credential on the schema {}", Quoted(&schema.name)),
                "write a credential, or remove the schema",
            );
        }
    }
}

/// Returns a request with a nonce, if it has none.
pub fn with_nonce(mut request: Value, nonce: impl FnOnce() -> String) -> Value {
    if let Some(members) = request.as_object_mut() {
        members.entry("nonce").or_insert_with(|| json!(nonce()));
    }
    request
}
