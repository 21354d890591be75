//! Shapes, sizes, time, and which request is answered: `size`, `request-shape`, `response-shape`,
//! `in-time`, `answers-request`, `criteria-answered`, `accepted-types`.

use serde_json::{Value, json};

use super::super::credit_card::{EMPLOYER, HOLDER, MAIL, OTHER_ID, OTHER_ISSUER, VERIFIER, email};
use super::super::done;
use super::super::file::File;
use super::exchange::{
    CREDENTIAL, PRESENTATION, answer, ask, at, sign_all, sign_request, sign_response,
};
use super::{invalid, valid};

pub fn add(file: &mut File) {
    size(file);
    request_shape(file);
    response_shape(file);
    in_time(file);
    answers_request(file);
    criteria_answered(file);
    accepted_types(file);
}

/// What is changed in an exchange.
type Change<'a> = &'a dyn Fn(&mut Value);

fn size(file: &mut File) {
    let comment = "Both messages as texts of JSON.";
    file.altered("email", "texts", comment, valid("WRITING").needs(&["json-text"]), |given| {
        let input = given["input"].as_object_mut().unwrap();
        for name in ["request", "response"] {
            let message = input.remove(name).unwrap();
            input.insert(format!("{name}_json"), message.to_string().into());
        }
    });
    let value = r#""value":"noreply@example.com""#;
    for (name, comment, message, part, instead) in [
        (
            "twice-value",
            "Two values of an attribute, the signed one last.",
            "response",
            value,
            format!(r#""value":"other@example.com",{value}"#),
        ),
        (
            "twice-value-first",
            "Two values of an attribute, the signed one first.",
            "response",
            value,
            format!(r#"{value},"value":"other@example.com""#),
        ),
        (
            "twice-value-escaped",
            "Two values of an attribute, one with an escape in its name.",
            "response",
            value,
            format!(r#""v\u0061lue":"other@example.com",{value}"#),
        ),
        (
            "twice-request-id",
            "A response to two requests.",
            "response",
            r#""proofRequestId":"#,
            format!(r#""proofRequestId":"{OTHER_ID}","proofRequestId":"#),
        ),
        (
            "twice-url",
            "A request with two URLs.",
            "request",
            r#""proofURL":"#,
            r#""proofURL":"https://example.org/","proofURL":"#.to_owned(),
        ),
        (
            "lone-surrogate",
            "Half of a character.",
            "response",
            value,
            r#""value":"noreply@example.com\ud800""#.to_owned(),
        ),
        (
            "large-number",
            "A bound that readers hold differently.",
            "response",
            r#""max":1,"#,
            r#""max":1.0e400,"#.to_owned(),
        ),
        (
            "begins-late",
            "The beginning of the text is missing.",
            "response",
            r#"{"FulfilledCriteria""#,
            String::new(),
        ),
    ] {
        file.altered("texts", name, comment, invalid("WRITING", &["size"]), |given| {
            let text = given["input"][format!("{message}_json")].as_str().unwrap();
            assert_eq!(text.matches(part).count(), 1, "{part}");
            given["input"][format!("{message}_json")] = json!(text.replace(part, &instead));
        });
    }
}

fn request_shape(file: &mut File) {
    let cases: [(&str, &str, Change<'_>); 6] = [
        ("request-without-verifier", "No verifier.", &|request| {
            request["proofRequest"].as_object_mut().unwrap().remove("verifier");
        }),
        ("request-without-criteria", "No criteria.", &|request| {
            request["proofRequest"]["criteria"] = json!([]);
        }),
        ("request-verifier-no-did", "A verifier that is not a DID.", &|request| {
            request["proofRequest"]["verifier"] = json!("example.com");
        }),
        (
            "request-expires-outside",
            "A date after which it expires, at the wrong place.",
            &|request| {
                request["expires"] = json!("2019-08-25T10:00:00Z");
            },
        ),
        ("request-conditions", "A criterion with conditions.", &|request| {
            request["proofRequest"]["criteria"][0]["conditions"] = json!(["abroad"]);
        }),
        ("request-bounds", "At least two, at most one.", &|request| {
            request["proofRequest"]["criteria"][0]["min"] = json!(2);
        }),
    ];
    for (name, comment, change) in cases {
        file.altered("email", name, comment, invalid("SHAPE", &["request-shape"]), |given| {
            change(&mut given["input"]["request"]);
            sign_request(given);
        });
    }
    let comment = "The verifier's proof limits where it holds.";
    let expect = invalid("NOT_ACTED_ON", &["request-shape"]);
    file.altered("email", "request-proof-domain", comment, expect, |given| {
        given["input"]["request"]["proof"]["domain"] = json!("example.com");
    });
}

fn response_shape(file: &mut File) {
    let cases: [(&str, &str, &str, Change<'_>); 6] = [
        ("SHAPE", "presentation-id-number", "A presentation's id is a number.", &|given| {
            at(given, PRESENTATION)["id"] = json!(17);
        }),
        ("SHAPE", "presentation-empty", "A presentation of nothing.", &|given| {
            at(given, PRESENTATION)["verifiableCredential"] = json!([]);
        }),
        ("SHAPE", "presentation-twice", "Two presentations with one id.", &|given| {
            let presentation = at(given, PRESENTATION).clone();
            let list = "/input/response/FulfilledCriteria/0/Presentations";
            at(given, list).as_array_mut().unwrap().push(presentation);
        }),
        ("NOT_ACTED_ON", "response-holder", "The response names a holder.", &|given| {
            given["input"]["response"]["holder"] = json!(OTHER_ISSUER);
        }),
        ("NOT_ACTED_ON", "response-expires", "The response expires.", &|given| {
            given["input"]["response"]["expires"] = json!("2019-08-25T10:00:00Z");
        }),
        ("NOT_ACTED_ON", "presentation-audience", "A presentation for another.", &|given| {
            at(given, PRESENTATION)["audience"] = json!(OTHER_ISSUER);
        }),
    ];
    for (flag, name, comment, change) in cases {
        file.altered("email", name, comment, invalid(flag, &["response-shape"]), |given| {
            change(given);
            sign_all(given);
        });
    }
    for (place, what) in [
        ("/input/response/proof/0".to_owned(), "response"),
        (format!("{PRESENTATION}/proof/0"), "presentation"),
        (format!("{CREDENTIAL}/credentialSubjects/0/proof/0"), "attribute"),
    ] {
        for (member, value, comment) in [
            ("domain", "example.org", "The proof holds for another domain."),
            ("challenge", "1", "The proof answers a challenge."),
            ("proofPurpose", "keyAgreement", "The proof is for another purpose."),
        ] {
            let name = format!("{what}-proof-{}", member.to_lowercase());
            let expect = invalid("NOT_ACTED_ON", &["response-shape"]);
            file.altered("email", &name, comment, expect, |given| {
                at(given, &place)[member] = json!(value);
            });
        }
    }
}

fn in_time(file: &mut File) {
    for (name, now) in [
        ("expired-by-a-second", "2019-08-25T10:00:01Z"),
        ("expired-by-a-day", "2019-08-26T09:11:00Z"),
        ("expired-by-years", "2026-08-25T09:11:00Z"),
        ("expired-with-offset", "2019-08-25T09:30:00-01:00"),
    ] {
        let comment = "The request has expired.";
        file.altered("email", name, comment, invalid("OTHER_REQUEST", &["in-time"]), |given| {
            given["input"]["now"] = json!(now);
        });
    }
    for (name, expires) in [
        ("expires-with-offset", "2019-08-25T11:00:00+02:00"),
        ("expires-before-it-is-signed", "2019-08-24T10:00:00Z"),
        ("expires-with-fraction", "2019-08-25T09:10:59.999Z"),
    ] {
        let comment = format!("The request expires at {expires}.");
        file.altered("email", name, &comment, invalid("OTHER_REQUEST", &["in-time"]), |given| {
            ask(given, |body| body["expires"] = json!(expires));
        });
    }
}

fn answers_request(file: &mut File) {
    let expect = || invalid("OTHER_REQUEST", &["answers-request"]);
    for (name, comment, member, value) in [
        ("other-request", "A response to another request.", "proofRequestId", OTHER_ID),
        (
            "other-request-by-a-digit",
            "A response to a request whose id has another last digit.",
            "proofRequestId",
            "eedeec15-c364-4e4c-b7a7-871413e412f8",
        ),
        (
            "other-request-by-uri",
            "A response to a request whose id is a URL.",
            "proofRequestId",
            "https://example.com/requests/1",
        ),
        ("for-other-verifier", "A response for another verifier.", "verifier", OTHER_ISSUER),
        ("for-the-holder", "A response for the holder itself.", "verifier", HOLDER),
        ("for-the-issuer", "A response for the issuer.", "verifier", MAIL),
        (
            "for-verifier-by-a-letter",
            "A response for a verifier whose DID lacks the last letter.",
            "verifier",
            &VERIFIER[..VERIFIER.len() - 1],
        ),
    ] {
        file.altered("email", name, comment, expect(), |given| {
            given["input"]["response"][member] = json!(value);
            sign_response(given);
        });
    }
}

fn criteria_answered(file: &mut File) {
    let reason = &["criteria-answered"];
    for index in 0..3 {
        let name = format!("criterion-{index}-left-out");
        let comment = "A criterion is not answered.";
        file.altered("credit-card", &name, comment, invalid("CRITERION", reason), |given| {
            let list = "/input/response/FulfilledCriteria";
            at(given, list).as_array_mut().unwrap().remove(index);
            sign_all(given);
        });
    }
    let comment = "No criterion is answered.";
    file.altered("email", "nothing-answered", comment, invalid("CRITERION", reason), |given| {
        *at(given, "/input/response/FulfilledCriteria") = json!([]);
        sign_all(given);
    });
    let cases: [(&str, &str, Change<'_>); 6] = [
        ("criterion-fewer", "The repeated criterion asks for one credential.", &|criterion| {
            criterion["min"] = json!(1);
        }),
        ("criterion-more", "The repeated criterion takes ten credentials.", &|criterion| {
            criterion["max"] = json!(10);
        }),
        (
            "criterion-description",
            "The repeated criterion has another description.",
            &|criterion| {
                criterion["description"] = json!("Payslips");
            },
        ),
        ("criterion-issuer", "The repeated criterion trusts another issuer too.", &|criterion| {
            criterion["issuers"]["dids"] = json!([EMPLOYER, OTHER_ISSUER]);
        }),
        ("criterion-optional", "The repeated criterion requires less.", &|criterion| {
            criterion["schema"]["attributes"][0]["required"] = json!(false);
        }),
        ("criterion-expired", "The repeated criterion allows what has expired.", &|criterion| {
            criterion["allowExpired"] = json!(true);
        }),
    ];
    for (name, comment, change) in cases {
        file.altered("payslips", name, comment, invalid("CRITERION", reason), |given| {
            change(at(given, "/input/response/FulfilledCriteria/0/Criterion"));
            sign_all(given);
        });
    }
    for (name, comment, is_other) in [
        ("criterion-twice", "A criterion is answered twice.", false),
        ("criterion-of-its-own", "A criterion is answered that the request does not have.", true),
    ] {
        file.altered("email", name, comment, invalid("CRITERION", reason), |given| {
            let mut second = answer(given, 0, &[done(email())]);
            second["Presentations"][0]["id"] = json!("b9cd5414-7c36-4c59-91f3-11a8bbca9999");
            if is_other {
                second["Criterion"]["description"] = json!("Something else");
            }
            at(given, "/input/response/FulfilledCriteria").as_array_mut().unwrap().push(second);
            sign_all(given);
        });
    }
}

fn accepted_types(file: &mut File) {
    let reason = &["accepted-types"];
    for (name, accept) in [
        ("accepts-json-ld", json!(["json-ld/Ed25519VerificationKey2018"])),
        ("accepts-jcs", json!(["json/JcsEd25519Signature2020"])),
        ("accepts-eddsa-jcs", json!(["json/eddsa-jcs-2022"])),
        ("accepts-rsa", json!(["json/RsaSignature2018", "json-ld/RsaSignature2018"])),
        ("accepts-zero-knowledge", json!(["json/CLSignature2019"])),
        ("accepts-type-in-small-letters", json!(["json/ed25519verificationkey2018"])),
    ] {
        let comment = format!("The request accepts {accept} alone.");
        file.altered("email", name, &comment, invalid("PROOF_TYPE", reason), |given| {
            ask(given, |body| body["accept"] = accept.clone());
        });
    }
    for base in ["address", "licence"] {
        let comment = "The request accepts linked data alone.";
        let name = format!("accepts-linked-data-{base}");
        file.altered(base, &name, comment, invalid("PROOF_TYPE", reason), |given| {
            ask(given, |body| body["accept"] = json!(["json-ld/Ed25519Signature2018"]));
        });
    }
}
