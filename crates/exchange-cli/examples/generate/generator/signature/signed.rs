//! Everything that is signed, changed after that: by someone on the way, or by the holder, who
//! signs again what it may.

use serde_json::{Value, json};

use super::super::credit_card::{MAIL, OTHER_ID, POST, payslip};
use super::super::done;
use super::super::file::File;
use super::exchange::{CREDENTIAL, PRESENTATION, at, sign_all, sign_response, spoil};
use super::invalid;

/// What is changed.
type Change<'a> = &'a dyn Fn(&mut Value);

pub fn add(file: &mut File) {
    request(file);
    response(file);
    presentation(file);
    metadata(file);
    attribute(file);
    lifted(file);
}

fn request(file: &mut File) {
    let cases: [(&str, &str, Change<'_>); 6] = [
        ("request-url-changed", "The URL to which the response goes was changed.", &|request| {
            request["proofURL"] = json!("https://example.org/v1/proof-response");
        }),
        (
            "request-description-changed",
            "What the request says that it is for was changed.",
            &|request| {
                request["proofRequest"]["description"] = json!("A prize draw");
            },
        ),
        (
            "request-expires-later",
            "The date at which the request expires was changed.",
            &|request| {
                request["proofRequest"]["expires"] = json!("2029-08-25T10:00:00Z");
            },
        ),
        ("request-never-expires", "The request's date is taken away.", &|request| {
            request["proofRequest"].as_object_mut().unwrap().remove("expires");
        }),
        ("request-member-added", "The request got another member.", &|request| {
            request["note"] = json!("urgent");
        }),
        ("request-nonce-changed", "The nonce of the request's proof was changed.", &|request| {
            request["proof"]["nonce"] = json!("1");
        }),
    ];
    for (name, comment, change) in cases {
        let expect = invalid("CHANGED", &["request-signature"]);
        file.altered("email", name, comment, expect, |given| {
            change(&mut given["input"]["request"]);
        });
    }
    let comment = "The request's signature was changed.";
    let expect = invalid("CHANGED", &["request-signature"]);
    file.altered("email", "request-signature-changed", comment, expect, |given| {
        spoil(&mut given["input"]["request"]["proof"]["signatureValue"]);
    });
}

fn response(file: &mut File) {
    let cases: [(&str, &str, Change<'_>); 5] = [
        ("response-id-changed", "The response's id was changed.", &|response| {
            response["id"] = json!(OTHER_ID)
        }),
        ("response-member-added", "The response got another member.", &|response| {
            response["note"] = json!("urgent");
        }),
        (
            "response-verifier-removed",
            "The verifier for whom the response is was taken away.",
            &|response| {
                response.as_object_mut().unwrap().remove("verifier");
            },
        ),
        ("response-nonce-changed", "The nonce of the response's proof was changed.", &|response| {
            response["proof"][0]["nonce"] = json!("1");
        }),
        ("response-signature-changed", "The response's signature was changed.", &|response| {
            spoil(&mut response["proof"][0]["signatureValue"]);
        }),
    ];
    for (name, comment, change) in cases {
        let expect = invalid("CHANGED", &["response-signature"]);
        file.altered("email", name, comment, expect, |given| {
            change(&mut given["input"]["response"]);
        });
    }
    let comment = "The order of the presentations was changed.";
    let expect = invalid("CHANGED", &["response-signature"]);
    file.altered("payslips", "response-order-changed", comment, expect, |given| {
        let list = "/input/response/FulfilledCriteria/0/Presentations";
        at(given, list).as_array_mut().unwrap().reverse();
    });
}

fn presentation(file: &mut File) {
    let reason = &["presentation-signatures"];
    let cases: [(&str, &str, Change<'_>); 6] = [
        ("presentation-id-changed", "The presentation's id was changed.", &|presentation| {
            presentation["id"] = json!(OTHER_ID);
        }),
        (
            "presentation-date-changed",
            "The date of the presentation was changed.",
            &|presentation| {
                presentation["created"] = json!("2019-08-25T09:09:59Z");
            },
        ),
        ("presentation-type-added", "The presentation got another type.", &|presentation| {
            presentation["type"] = json!(["VerifiablePresentation", "Other"]);
        }),
        ("presentation-context-added", "The presentation got another context.", &|presentation| {
            presentation["@context"] =
                json!(["https://www.w3.org/2018/credentials/v1", "https://example.com/context"]);
        }),
        ("presentation-member-added", "The presentation got another member.", &|presentation| {
            presentation["note"] = json!("urgent");
        }),
        ("presentation-signature-changed", "The signature was changed.", &|presentation| {
            spoil(&mut presentation["proof"][0]["signatureValue"]);
        }),
    ];
    for (name, comment, change) in cases {
        file.altered("email", name, comment, invalid("CHANGED", reason), |given| {
            change(at(given, PRESENTATION));
            sign_response(given);
        });
    }
    let comment = "Two presentations have exchanged their credentials.";
    file.altered(
        "payslips",
        "presentations-exchanged",
        comment,
        invalid("LIFTED", reason),
        |given| {
            let list = at(given, "/input/response/FulfilledCriteria/0/Presentations");
            let first = list[0]["verifiableCredential"].take();
            let second = list[1]["verifiableCredential"].take();
            list[0]["verifiableCredential"] = second;
            list[1]["verifiableCredential"] = first;
            sign_response(given);
        },
    );
    let comment = "Two presentations have exchanged their proofs.";
    file.altered(
        "payslips",
        "presentation-proofs-exchanged",
        comment,
        invalid("LIFTED", reason),
        |given| {
            let list = at(given, "/input/response/FulfilledCriteria/0/Presentations");
            let first = list[0]["proof"].take();
            let second = list[1]["proof"].take();
            list[0]["proof"] = second;
            list[1]["proof"] = first;
            sign_response(given);
        },
    );
}

/// Adds a test whose first credential the holder has changed.
fn changed(file: &mut File, base: &str, name: &str, comment: &str, flag: &str, change: Change<'_>) {
    let expect = invalid(flag, &["attribute-signatures"]);
    file.altered(base, name, comment, expect, |given| {
        change(at(given, CREDENTIAL));
        sign_all(given);
    });
}

fn metadata(file: &mut File) {
    let mut change = |base: &str, name: &str, comment: &str, change: Change<'_>| {
        changed(file, base, name, comment, "CHANGED", change);
    };
    change("email", "credential-id-changed", "The credential's id was changed.", &|credential| {
        credential["id"] = json!(OTHER_ID);
    });
    change("email", "issuance-date-changed", "The date of issuance was changed.", &|credential| {
        credential["issuanceDate"] = json!("2019-08-24T14:27:45Z");
    });
    change(
        "licence",
        "expiration-date-changed",
        "The date of expiry was changed.",
        &|credential| {
            credential["expirationDate"] = json!("2099-08-23T00:00:00Z");
        },
    );
    change(
        "licence",
        "expiration-date-removed",
        "The date of expiry was taken away.",
        &|credential| {
            credential.as_object_mut().unwrap().remove("expirationDate");
        },
    );
    change("email", "credential-type-added", "It got another type.", &|credential| {
        credential["type"] = json!(["VerifiableCredential", "Verified"]);
    });
    change("email", "credential-member-added", "It got another member.", &|credential| {
        credential["note"] = json!("checked twice");
    });
    let comment = "The issuer was changed to another whom the criterion trusts.";
    change("address", "issuer-changed", comment, &|credential| {
        credential["issuerDid"] = json!(MAIL);
    });
    let comment = "The issuer was changed to another whom the criterion trusts, in the proofs too.";
    change("address", "issuer-changed-throughout", comment, &|credential| {
        credential["issuerDid"] = json!(MAIL);
        for entry in credential["credentialSubjects"].as_array_mut().unwrap() {
            entry["proof"][0]["creator"] = json!(format!("{MAIL}#key-1"));
        }
    });
}

fn attribute(file: &mut File) {
    let mut change = |base: &str, name: &str, comment: &str, change: Change<'_>| {
        changed(file, base, name, comment, "CHANGED", change);
    };
    change("email", "value-changed", "The value was changed.", &|credential| {
        credential["credentialSubjects"][0]["value"] = json!("other@example.com");
    });
    change("email", "value-with-blank", "The value got a blank at its end.", &|credential| {
        credential["credentialSubjects"][0]["value"] = json!("noreply@example.com ");
    });
    change("email", "value-with-capital", "The value got a capital.", &|credential| {
        credential["credentialSubjects"][0]["value"] = json!("Noreply@example.com");
    });
    change("email", "value-empty", "The value was emptied.", &|credential| {
        credential["credentialSubjects"][0]["value"] = json!("");
    });
    change("payslips", "pay-changed", "The pay was changed.", &|credential| {
        credential["credentialSubjects"][1]["value"] = json!("9000");
    });
    change("payslips", "names-exchanged", "Two attributes exchange their names.", &|credential| {
        let entries = &mut credential["credentialSubjects"];
        let first = entries[2]["key"].take();
        let second = entries[3]["key"].take();
        entries[2]["key"] = second;
        entries[3]["key"] = first;
    });
    change("email", "attribute-member-added", "The attribute got another member.", &|credential| {
        credential["credentialSubjects"][0]["note"] = json!("checked");
    });
    change(
        "email",
        "attribute-nonce-changed",
        "The nonce of its proof was changed.",
        &|credential| {
            credential["credentialSubjects"][0]["proof"][0]["nonce"] = json!("1");
        },
    );
    change("email", "attribute-signature-changed", "The signature was changed.", &|credential| {
        spoil(&mut credential["credentialSubjects"][0]["proof"][0]["signatureValue"]);
    });
    let comment = "A value of a credential with one signature was changed.";
    change("licence-whole", "value-of-whole-changed", comment, &|credential| {
        credential["credentialSubject"]["Date Of Birth"] = json!("1970-05-17");
    });
    let comment = "The issuer's name in a credential with one signature was changed.";
    change("licence-whole", "issuer-name-of-whole-changed", comment, &|credential| {
        credential["issuer"]["name"] = json!("Another agency");
    });
}

fn lifted(file: &mut File) {
    let comment = "An attribute of another payslip, with its proof.";
    changed(file, "payslips", "attribute-lifted", comment, "LIFTED", &|credential| {
        let other = done(payslip(3));
        credential["credentialSubjects"][1] = other["credentialSubjects"][1].clone();
    });
    let comment = "The proof of another attribute of the same credential.";
    changed(file, "payslips", "attribute-proof-lifted", comment, "LIFTED", &|credential| {
        let proof = credential["credentialSubjects"][0]["proof"].clone();
        credential["credentialSubjects"][1]["proof"] = proof;
    });
    let comment = "The id of another credential, with all attributes of the first.";
    changed(file, "payslips", "credential-renamed", comment, "LIFTED", &|credential| {
        credential["id"] = done(payslip(3))["id"].clone();
    });
    let comment = "The presentation's own proof stands at the response too.";
    let expect = invalid("LIFTED", &["response-signature"]);
    file.altered("email", "response-proof-lifted", comment, expect, |given| {
        let proof = at(given, PRESENTATION)["proof"].clone();
        given["input"]["response"]["proof"] = proof;
    });
    let comment = "The request's proof stands at an attribute, under the issuer's name.";
    let expect = invalid("LIFTED", &["attribute-signatures"]);
    file.altered("address", "request-proof-lifted", comment, expect, |given| {
        let mut proof = given["input"]["request"]["proof"].clone();
        proof["creator"] = json!(format!("{POST}#key-1"));
        at(given, CREDENTIAL)["credentialSubjects"][0]["proof"] = json!([proof]);
        sign_all(given);
    });
}
