//! `dates`.

use serde_json::json;

use super::super::credit_card::{
    ASKED, HOLDER, MAIL, MAIL_SCHEMA, OTHER_ID, VERIFIER, issued, key, metadata,
};
use super::super::done;
use super::super::file::File;
use super::exchange::{
    CREDENTIAL, PRESENTATION, answer_with, at, sign_all, sign_message, sign_response,
};
use super::invalid;

/// An hour after the verification.
const FUTURE: &str = "2019-08-25T10:11:00Z";

pub fn add(file: &mut File) {
    credentials(file);
    presentations(file);
    proofs(file);
}

fn credentials(file: &mut File) {
    for (name, comment, member, date) in [
        ("issued-in-future", "A credential of the future.", "issuanceDate", FUTURE),
        (
            "issued-in-future-with-offset",
            "A credential of the future by its offset.",
            "issuanceDate",
            "2019-08-25T09:00:00-02:00",
        ),
        ("expired-yesterday", "It expired yesterday.", "expirationDate", "2019-08-24T09:00:00Z"),
        ("expired-just-now", "It expired a second ago.", "expirationDate", "2019-08-25T09:10:59Z"),
        ("not-valid-any-more", "It was valid until the request.", "validUntil", ASKED),
    ] {
        file.altered("email", name, comment, invalid("DATE", &["dates"]), |given| {
            let mut metadata = metadata(MAIL, OTHER_ID);
            metadata["schemaId"] = json!(MAIL_SCHEMA);
            metadata[member] = json!(date);
            let values = [("emailAddress", "noreply@example.com")];
            answer_with(given, 0, &[done(issued(metadata, HOLDER, &values))]);
        });
    }
}

fn presentations(file: &mut File) {
    for (name, comment, date) in [
        ("presented-in-future", "A presentation of the future.", FUTURE),
        (
            "presented-before",
            "A presentation that was made a day before the request.",
            "2019-08-24T09:00:00Z",
        ),
    ] {
        file.altered("email", name, comment, invalid("DATE", &["dates"]), |given| {
            at(given, PRESENTATION)["created"] = json!(date);
            sign_all(given);
        });
    }
}

fn proofs(file: &mut File) {
    let expect = || invalid("DATE", &["dates"]);
    let comment = "The request was signed in the future.";
    file.altered("email", "request-of-future", comment, expect(), |given| {
        sign_message(&mut given["input"]["request"], &key(VERIFIER, "key-1"), FUTURE, false);
    });
    let comment = "The request's signature has expired.";
    file.altered("email", "request-signature-expired", comment, expect(), |given| {
        given["input"]["request"]["proof"]["expires"] = json!("2019-08-25T09:05:00Z");
    });
    let comment = "The response was signed in the future.";
    file.altered("email", "response-of-future", comment, expect(), |given| {
        sign_message(&mut given["input"]["response"], &key(HOLDER, "key-1"), FUTURE, true);
    });
    let comment = "The response's signature has expired.";
    file.altered("email", "response-signature-expired", comment, expect(), |given| {
        given["input"]["response"]["proof"][0]["expires"] = json!("2019-08-25T09:10:30Z");
    });
    let comment = "An attribute was signed in the future.";
    file.altered("email", "attribute-signed-in-future", comment, expect(), |given| {
        at(given, CREDENTIAL)["credentialSubjects"][0]["proof"][0]["created"] = json!(FUTURE);
        sign_all(given);
    });
    let comment = "The presentation was signed in the future.";
    file.altered("email", "presentation-signed-in-future", comment, expect(), |given| {
        at(given, PRESENTATION)["proof"][0]["created"] = json!(FUTURE);
        sign_response(given);
    });
}
