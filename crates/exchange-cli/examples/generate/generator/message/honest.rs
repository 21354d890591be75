//! Messages that all readers should take.

use serde_json::{Value, json};

use super::super::file::File;
use super::fixture::{document, put, remove};
use super::{given, valid};

/// The files of the draft and of the tests, each with the kind of message and what it shows. A test
/// has the name of its file.
pub const FILES: [(&str, &str, &str); 9] = [
    ("request-json", "request", "The draft's request in JSON."),
    ("request-json-ld", "request", "The draft's request in JSON-LD."),
    ("request-predicates", "request", "A request with predicates, `accept` and `expires`."),
    ("response-single", "response", "The draft's response to one criterion."),
    (
        "response-long",
        "response",
        "The draft's response to four criteria. It offers one payslip twice, which its form allows.",
    ),
    ("response-json-ld", "response", "The draft's response in JSON-LD."),
    (
        "response-mixed",
        "response",
        "A response with signed attributes and a proof in zero knowledge.",
    ),
    ("credential", "credential", "A credential whose attributes a schema describes."),
    (
        "credential-linked-data",
        "credential",
        "A credential whose attributes linked data describes.",
    ),
];

pub fn add(file: &mut File) {
    for (name, message, comment) in FILES {
        let document = document(&format!("{name}.json"));
        file.add(name, comment, given(message, document), valid("NORMAL"));
    }
    spelled(file);
    forms(file);
    unknown(file);
}

/// Adds a test that differs from another and is as valid.
fn changed(
    file: &mut File,
    base: &str,
    name: &str,
    comment: &str,
    flag: &str,
    change: impl FnOnce(&mut Value),
) {
    file.altered(base, name, comment, valid(flag), |given| change(&mut given["input"]["document"]));
}

fn spelled(file: &mut File) {
    let mut spelled = |base: &str, name: &str, comment: &str, change: &dyn Fn(&mut Value)| {
        changed(file, base, name, comment, "SPELLING", change);
    };
    let base = "request-json";
    spelled(base, "min-absent", "A criterion without `min` asks for one credential.", &|request| {
        remove(request, "/proofRequest/criteria/3/min");
    });
    spelled(base, "max-absent", "A criterion without `max` takes any number.", &|request| {
        remove(request, "/proofRequest/criteria/0/max");
    });
    spelled(base, "min-as-double", "6.0 is 6.", &|request| {
        put(request, "/proofRequest/criteria/3/min", json!(6.0));
    });
    spelled(base, "max-in-thousands", "A `max` that is more than anyone has.", &|request| {
        put(request, "/proofRequest/criteria/3/max", json!(1000));
    });
    spelled(base, "min-zero", "A criterion that may be left without an answer.", &|request| {
        put(request, "/proofRequest/criteria/2/min", json!(0));
    });
    spelled(base, "context-with-at", "`@context` in a criterion for `context`.", &|request| {
        rename(&mut request["proofRequest"]["criteria"][1], "context", "@context");
    });
    spelled(base, "id-as-uri", "The id is a URI.", &|request| {
        request["id"] = json!("urn:uuid:eedeec15-c364-4e4c-b7a7-871413e412f9");
    });
    spelled(base, "date-with-offset", "A date with an offset and parts of seconds.", &|request| {
        request["proof"]["created"] = json!("2019-04-01T11:38:12.25+05:30");
    });
    spelled(
        base,
        "key-as-verification-method",
        "The key is in `verificationMethod`.",
        &|request| {
            rename(&mut request["proof"], "creator", "verificationMethod");
        },
    );
    spelled(base, "type-as-text", "A type that is not a list.", &|request| {
        request["type"] = json!("ProofRequest");
    });
    spelled(base, "unsigned", "A request without a proof has the form of one.", &|request| {
        remove(request, "/proof");
    });
    let base = "response-mixed";
    spelled(base, "proof-alone", "A proof that is not a list.", &|response| {
        let proof = response["proof"][0].clone();
        response["proof"] = proof;
    });
    spelled(
        base,
        "context-and-type-alone",
        "A context and a type that are not lists.",
        &|response| {
            response["type"] = json!("ProofResponse");
            response["@context"] = json!("https://www.w3.org/2018/credentials/v1");
        },
    );
    let base = "response-single";
    spelled(base, "names-verifier", "The response names its verifier.", &|response| {
        response["verifier"] = json!("did:work:WrgHL2icHVN8vwZtY9YmjY");
    });
    spelled(base, "proof-purpose", "The proof says what it is for.", &|response| {
        put(response, "/proof/0/proofPurpose", json!("authentication"));
    });
    spelled("credential", "never-expires", "A credential that does not expire.", &|credential| {
        credential.as_object_mut().unwrap().remove("expirationDate");
        credential["note"] = json!("for life");
    });
}

fn forms(file: &mut File) {
    let comment = "The names of the revision of December 2019.";
    changed(file, "request-json", "form-december", comment, "FORM", |request| {
        rename(request, "proofRequest", "presentationRequest");
        rename(request, "proofURL", "presentationURL");
        for (old, new) in [("context", "@context"), ("type", "@type")] {
            rename(&mut request["presentationRequest"]["criteria"][1], old, new);
        }
    });
    let comment = "The name that the library of the draft's authors has for the id.";
    changed(file, "request-json", "form-library-request", comment, "FORM", |request| {
        rename(request, "id", "proofRequestInstanceId");
    });
    changed(file, "response-single", "form-library-response", comment, "FORM", |response| {
        rename(response, "proofRequestId", "proofRequestInstanceId");
    });
}

fn unknown(file: &mut File) {
    let comment = "Members that are not known, in all objects but the proofs.";
    for base in ["request-json-ld", "response-mixed", "credential"] {
        let name = format!("unknown-members-of-{base}");
        changed(file, base, &name, comment, "SPELLING", extend);
    }
}

/// Puts an unknown member into each object of a document but its proofs.
fn extend(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(extend),
        Value::Object(members) => {
            let others = members.iter_mut().filter(|(name, _)| *name != "proof");
            others.for_each(|(_, one)| extend(one));
            members.insert("unknown".to_owned(), json!([1.5, null, {"deep": true}]));
        }
        _ => {}
    }
}

fn rename(members: &mut Value, old: &str, new: &str) {
    let members = members.as_object_mut().unwrap();
    let value = members.remove(old).unwrap();
    members.insert(new.to_owned(), value);
}
