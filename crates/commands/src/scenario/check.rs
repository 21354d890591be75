//! What is wrong between the files of a scenario: references that lead nowhere, values that the schema does not have,
//! requests that no credential answers.

use std::collections::{BTreeMap, BTreeSet};

use indy::anoncreds::ProofRequest;
use proofs::{
    CredentialFacts, HeldValue, Tags,
    encoding::integer,
    lint::{self, Date, Linter},
    names::fold,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use stdx::{pointer, text::Quoted};

use super::{
    finding::{
        Finding, Findings, MISSING_ATTRIBUTE, NOT_COMPARABLE, NOTHING, OTHER_SCHEMA, Place,
        SAME_ISSUER, SELF_ATTESTED, UNANSWERED, UNKNOWN_ATTRIBUTE, UNKNOWN_PLACEHOLDER,
        UNKNOWN_REFERENCE, UNUSED, WRONG_VALUE,
    },
    load::{KINDS, Loaded},
    model::{Credential, Issuer, Request, Scenario, Schema},
    placeholder::{Placeholder, fill},
};

/// A nonce for the linter, in a request that has none: one is drawn when it is played.
const ANY_NONCE: &str = "822341096514423177893041";

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
    let stand_ins = StandIns::new(&loaded.scenario);
    for (name, request) in &loaded.scenario.requests {
        check_request(loaded, &stand_ins, name, request, today, findings);
    }
    check_use(&loaded.scenario, findings);
}

/// What the ledger knows a schema by: its steward's seed, its name and its version.
type SchemaKey<'s> = (Option<&'s str>, &'s str, &'s str);

/// Issuers with the same DID, and schemas that the ledger could not keep apart.
fn check_issuers(scenario: &Scenario, findings: &mut Findings) {
    let mut seeds: BTreeMap<&str, &str> = BTreeMap::new();
    let mut schemas: BTreeMap<SchemaKey<'_>, (&str, BTreeSet<String>)> = BTreeMap::new();
    for (name, issuer) in &scenario.issuers {
        let file = format!("issuers/{name}.json");
        if let Some(seed) = issuer.seed.as_deref() {
            let place = Place { file: &file, pointer: "/seed" };
            if issuer.steward.as_deref().unwrap_or(tutorial::data::STEWARD_SEED) == seed {
                let found = "the seed of the steward";
                findings.error(SAME_ISSUER, place, found, "write another seed, or leave it out");
            } else if let Some(other) = seeds.insert(seed, name) {
                let found = format!("the seed of issuers/{other}.json");
                findings.error(SAME_ISSUER, place, found, "write another seed, or leave it out");
            }
        }
        for (index, schema) in issuer.schemas.iter().enumerate() {
            let key = (issuer.steward.as_deref(), schema.name.as_str(), schema.version.as_str());
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
    kind: &'static str,
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
        Quoted(name).to_string(),
        advice(known, &format!("make {kind}/{name}.json")),
    );
    false
}

/// Returns the advice to write one of the known names, or to do something else.
fn advice<'n>(known: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    let known: Vec<String> = known.map(|name| Quoted(name).to_string()).collect();
    match known.is_empty() {
        true => otherwise.to_owned(),
        false => format!("write {}, or {otherwise}", known.join(" or ")),
    }
}

fn check_credential(loaded: &Loaded, name: &str, credential: &Credential, findings: &mut Findings) {
    let file = format!("credentials/{name}.json");
    let at = |pointer| Place { file: &file, pointer };
    check_reference(loaded, "holders", &credential.holder, at("/holder"), findings);
    if !check_reference(loaded, "issuers", &credential.issuer, at("/issuer"), findings) {
        return;
    }
    // a file that could not be used has findings of its own
    let Some(issuer) = loaded.scenario.issuers.get(&credential.issuer) else { return };
    let Some(schema) = issuer.schema(&credential.schema) else {
        let known = issuer.schemas.iter().map(|schema| schema.name.as_str());
        findings.error(
            UNKNOWN_REFERENCE,
            at("/schema"),
            Quoted(&credential.schema).to_string(),
            advice(known, &format!("add it to issuers/{}.json", credential.issuer)),
        );
        return;
    };
    let given: BTreeSet<String> = credential.values.keys().map(|name| fold(name)).collect();
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
    for name in credential.values.keys().filter(|name| !schema.has(name)) {
        let missing = missing.iter().map(|name| name.as_str());
        findings.error(
            UNKNOWN_ATTRIBUTE,
            Place { file: &file, pointer: &pointer::child("/values", name) },
            format!("{} is not in the schema {}", Quoted(name), Quoted(&schema.name)),
            advice(missing, "remove it"),
        );
    }
}

/// A credential as a search sees it, with stand-ins for the identifiers that are not known yet.
struct Held<'s> {
    tags: Tags,
    values: &'s BTreeMap<String, HeldValue>,
}

impl Held<'_> {
    fn encoded(&self, name: &str) -> Option<&str> {
        let value = self.values.iter().find(|(own, _)| fold(own) == name);
        value.map(|(_, value)| value.encoded.as_str())
    }
}

/// Identifiers that stand in for those that are known only when the scenario is played.
struct StandIns {
    /// Each with the placeholder that a message shows instead, the longest first.
    identifiers: Vec<(String, String)>,
}

impl StandIns {
    fn new(scenario: &Scenario) -> Self {
        let mut identifiers = Vec::new();
        for (name, issuer) in &scenario.issuers {
            identifiers.push((issuer_did(name), format!("${{issuer.{name}}}")));
            for (index, schema) in issuer.schemas.iter().enumerate() {
                let place = format!("{name}.{}", schema.name);
                identifiers.push((schema_id(issuer, schema), format!("${{schema.{place}}}")));
                let cred_def = cred_def_id(name, index, schema);
                identifiers.push((cred_def, format!("${{cred_def.{place}}}")));
            }
        }
        // a credential definition's identifier has the issuer's DID in it
        identifiers.sort_by_key(|(identifier, _)| std::cmp::Reverse(identifier.len()));
        Self { identifiers }
    }

    fn find(scenario: &Scenario, placeholder: Placeholder<'_>) -> Option<String> {
        match placeholder {
            Placeholder::Issuer(name) => {
                scenario.issuers.contains_key(name).then(|| issuer_did(name))
            }
            Placeholder::Schema(name, schema) => {
                let issuer = scenario.issuers.get(name)?;
                Some(schema_id(issuer, issuer.schema(schema)?))
            }
            Placeholder::CredDef(name, schema) => {
                let schemas = &scenario.issuers.get(name)?.schemas;
                let index = schemas.iter().position(|other| other.name == schema)?;
                Some(cred_def_id(name, index, &schemas[index]))
            }
        }
    }

    /// Returns a text in which placeholders stand where identifiers stood in for them.
    fn undo(&self, text: &str) -> String {
        let undo = |text: String, (identifier, placeholder): &(String, String)| {
            text.replace(identifier.as_str(), placeholder)
        };
        self.identifiers.iter().fold(text.to_owned(), undo)
    }
}

fn stand_in_did(kind: &str, name: &str) -> String {
    let hash = Sha256::digest(format!("{kind} {name}"));
    bs58::encode(&hash[..16]).into_string()
}

fn issuer_did(name: &str) -> String {
    stand_in_did("issuer", name)
}

fn schema_id(issuer: &Issuer, schema: &Schema) -> String {
    let steward = stand_in_did("steward", issuer.steward.as_deref().unwrap_or_default());
    format!("{steward}:2:{}:{}", schema.name, schema.version)
}

fn cred_def_id(issuer: &str, index: usize, schema: &Schema) -> String {
    format!("{}:3:CL:{}:{}", issuer_did(issuer), index + 1, schema.tag)
}

/// Returns the credentials of a holder, by the names of their files.
fn held_by<'s>(scenario: &'s Scenario, holder: &str) -> Vec<(&'s str, Held<'s>)> {
    let of_holder = scenario.credentials.iter().filter(|(_, one)| one.holder == holder);
    let held = of_holder.filter_map(|(name, credential)| {
        let issuer = scenario.issuers.get(&credential.issuer)?;
        let position = |schema: &Schema| schema.name == credential.schema;
        let index = issuer.schemas.iter().position(position)?;
        let schema = &issuer.schemas[index];
        let facts = CredentialFacts::from_ids(
            &schema_id(issuer, schema),
            &cred_def_id(&credential.issuer, index, schema),
            None,
            credential.values.iter().map(|(name, value)| (name, &value.raw)),
        );
        Some((name.as_str(), Held { tags: facts.into(), values: &credential.values }))
    });
    held.collect()
}

fn check_request(
    loaded: &Loaded,
    stand_ins: &StandIns,
    name: &str,
    request: &Request,
    today: Option<Date>,
    findings: &mut Findings,
) {
    let scenario = &loaded.scenario;
    let file = format!("requests/{name}.json");
    let holder = Place { file: &file, pointer: "/holder" };
    let has_holder = check_reference(loaded, "holders", &request.holder, holder, findings);

    let (filled, unknown) =
        fill(&request.proof_request, &|placeholder| StandIns::find(scenario, placeholder));
    for unknown in &unknown {
        let known = stand_ins.identifiers.iter().map(|(_, placeholder)| placeholder.as_str());
        findings.error(
            UNKNOWN_PLACEHOLDER,
            Place { file: &file, pointer: &format!("/proof_request{}", unknown.pointer) },
            Quoted(&unknown.text).to_string(),
            advice(known, "make the issuer or the schema"),
        );
    }
    let filled = with_nonce(filled, || ANY_NONCE.to_owned());
    let read = ProofRequest::from_value(&filled);
    let mut linter = Linter::new();
    if let Some(today) = today {
        linter = linter.on(today);
    }
    for found in linter.lint(&filled).listed {
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
            found: stand_ins.undo(&found.found),
            why: found.why.to_owned(),
            remedy: stand_ins.undo(&found.remedy),
            // what can be read can be played, to see how it ends
            blocks: read.is_err() && found.severity == lint::Severity::Error,
        });
    }
    let Ok(read) = read else { return };
    check_choices(&file, request, &read, findings);
    if has_holder && unknown.is_empty() {
        check_answers(scenario, stand_ins, (name, request), &read, findings);
    }
}

/// What the holder says itself, or hides, is asked for.
fn check_choices(file: &str, request: &Request, read: &ProofRequest, findings: &mut Findings) {
    let attributes = || read.requested_attributes.keys().map(String::as_str);
    for referent in request.self_attested.keys() {
        let pointer = pointer::child("/self_attested", referent);
        let place = Place { file, pointer: &pointer };
        match read.requested_attributes.get(referent) {
            None => findings.error(
                UNKNOWN_REFERENCE,
                place,
                Quoted(referent).to_string(),
                advice(attributes(), "remove it"),
            ),
            Some(requested) if requested.restriction().is_some() => findings.error(
                SELF_ATTESTED,
                place,
                format!("{}, which the request restricts", Quoted(referent)),
                "remove it, or the restrictions",
            ),
            Some(_) => {}
        }
    }
    for (index, referent) in request.hide.iter().enumerate() {
        let pointer = format!("/hide/{index}");
        let place = Place { file, pointer: &pointer };
        if !read.requested_attributes.contains_key(referent) {
            let found = Quoted(referent).to_string();
            findings.error(UNKNOWN_REFERENCE, place, found, advice(attributes(), "remove it"));
        } else if request.self_attested.contains_key(referent) {
            let found = format!("{}, which is self-attested", Quoted(referent));
            findings.error(WRONG_VALUE, place, found, "remove it here or there");
        }
    }
}

/// Each referent has a credential of the holder that answers it.
fn check_answers(
    scenario: &Scenario,
    stand_ins: &StandIns,
    (name, request): (&str, &Request),
    read: &ProofRequest,
    findings: &mut Findings,
) {
    let held = held_by(scenario, &request.holder);
    let attributes = read.requested_attributes.keys().map(|key| ("requested_attributes", key));
    let predicates = read.requested_predicates.keys().map(|key| ("requested_predicates", key));
    for (kind, referent) in attributes.chain(predicates) {
        if request.self_attested.contains_key(referent) {
            continue;
        }
        let Some(query) = read.query(referent, None) else { continue };
        let mut mismatches = Vec::new();
        for (credential, one) in &held {
            check_comparable(name, &query, credential, one, referent, findings);
            let encoded = |name: &str| integer(one.encoded(name)?);
            let mismatch = query.mismatch(&one.tags, read.ver, encoded);
            mismatches.push(mismatch.map(|mismatch| {
                format!("{credential}: {}", stand_ins.undo(&mismatch.to_string()))
            }));
        }
        if mismatches.iter().any(Option::is_none) {
            continue;
        }
        let reasons: Vec<String> = mismatches.into_iter().flatten().collect();
        let found = match held.is_empty() {
            true => format!("{} has no credential", Quoted(&request.holder)),
            false => reasons.join("; "),
        };
        let pointer = pointer::child(&format!("/proof_request/{kind}"), referent);
        findings.playable_error(
            UNANSWERED,
            Place { file: &format!("requests/{name}.json"), pointer: &pointer },
            found,
            "issue another credential to the holder, or ask for something else; or leave it so, to \
             see what the verifier learns then",
        );
    }
}

/// A value that a predicate asks for is an integer.
fn check_comparable(
    request: &str,
    query: &proofs::ReferentQuery,
    credential: &str,
    held: &Held<'_>,
    referent: &str,
    findings: &mut Findings,
) {
    let Some(name) = query.names.first().filter(|_| query.predicate.is_some()) else { return };
    let value = held.values.iter().find(|(own, _)| fold(own) == *name);
    let Some((name, value)) = value.filter(|(_, value)| integer(&value.encoded).is_none()) else {
        return;
    };
    findings.playable_error(
        NOT_COMPARABLE,
        Place {
            file: &format!("credentials/{credential}.json"),
            pointer: &pointer::child("/values", name),
        },
        format!(
            "{}, which {} of requests/{request}.json compares",
            Quoted(&value.raw),
            Quoted(referent)
        ),
        "write a whole number of 32 bits, or a date in an attribute whose name ends in _dateint",
    );
}

/// Holders and schemas of which nothing is asked.
fn check_use(scenario: &Scenario, findings: &mut Findings) {
    for (name, holder) in &scenario.holders {
        if scenario.requests.values().all(|request| request.holder != *name) {
            findings.warn(
                UNUSED,
                Place { file: &format!("holders/{name}.json"), pointer: "" },
                format!("no request to {}", Quoted(&holder.name)),
                "write a request, or remove the file",
            );
        }
    }
    for (issuer, _, schema) in scenario.schemas() {
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
