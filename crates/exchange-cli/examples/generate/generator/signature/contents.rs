//! The credentials: `issuers`, `schema-or-type`, `attributes`, `subject`, `count`,
//! `distinct-credentials`.

use serde_json::{Value, json};

use super::super::credit_card::{
    ADDRESS, ADDRESS_SCHEMA, HOLDER, LICENCES, MAIL, MAIL_SCHEMA, OTHER_ID, OTHER_ISSUER,
    PAYSLIP_SCHEMA, POST, VERIFIER, address, email, issued, key, licence, metadata, of_schema,
    payslip, payslips,
};
use super::super::done;
use super::super::file::File;
use super::exchange::{answer_with, ask, at, publish, sign_all, sign_all_by, sign_response_by};
use super::honest::{alice, whole_licence};
use super::invalid;

/// What a credential of the e-mail schema says.
const VALUES: [(&str, &str); 1] = [("emailAddress", "noreply@example.com")];

pub fn add(file: &mut File) {
    issuers(file);
    schema_or_type(file);
    attributes(file);
    subject(file);
    count(file);
    distinct_credentials(file);
}

/// Adds a test whose first criterion is answered with other credentials.
fn answered(
    file: &mut File,
    base: &str,
    name: &str,
    comment: &str,
    (flag, reason): (&str, &str),
    credentials: &[Value],
) {
    file.altered(base, name, comment, invalid(flag, &[reason]), |given| {
        for credential in credentials {
            let issuer = credential["issuerDid"].as_str().unwrap_or(LICENCES);
            let documents = given["input"]["did_documents"].as_array().unwrap();
            if !documents.iter().any(|document| document["id"] == issuer) {
                publish(given, issuer);
            }
        }
        answer_with(given, 0, credentials);
    });
}

fn issuers(file: &mut File) {
    let expect = ("ISSUER", "issuers");
    let longer = format!("{MAIL}x");
    for (name, comment, issuer) in [
        ("issuer-other", "An issuer whom no criterion names.", OTHER_ISSUER),
        ("issuer-of-other-kind", "An issuer of something else.", POST),
        ("issuer-verifier", "The verifier is the issuer.", VERIFIER),
        ("issuer-holder", "The holder is the issuer.", HOLDER),
        ("issuer-longer", "An issuer whose DID begins as a trusted one's.", &*longer),
    ] {
        let credential = done(of_schema(issuer, OTHER_ID, MAIL_SCHEMA, &VALUES));
        answered(file, "email", name, comment, expect, &[credential]);
    }
    let comment = "An issuer whom another criterion names.";
    let credential = done(of_schema(POST, OTHER_ID, MAIL_SCHEMA, &VALUES));
    answered(file, "credit-card", "issuer-of-other-criterion", comment, expect, &[credential]);
}

fn schema_or_type(file: &mut File) {
    let expect = ("KIND", "schema-or-type");
    for (name, comment, schema) in [
        ("schema-other", "A credential of another schema.", PAYSLIP_SCHEMA.to_owned()),
        (
            "schema-other-version",
            "A credential of another version of the schema.",
            MAIL_SCHEMA.replace("version=1.0", "version=1.1"),
        ),
        (
            "schema-shorter",
            "A credential of a schema whose id is the beginning of the right one's.",
            MAIL_SCHEMA.strip_suffix(";version=1.0").unwrap().to_owned(),
        ),
    ] {
        let credential = done(of_schema(MAIL, OTHER_ID, &schema, &VALUES));
        answered(file, "email", name, comment, expect, &[credential]);
    }
    let values = [("FirstName", "Alice"), ("LastName", "Garcia"), ("Date Of Birth", "1990-05-17")];
    for (name, comment, member, value) in [
        (
            "context-other",
            "A licence of another context.",
            "@context",
            json!(["https://www.w3.org/2018/credentials/v1", "https://other.example"]),
        ),
        (
            "context-longer",
            "A licence whose context begins as the right one.",
            "@context",
            json!(["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov.example"]),
        ),
        (
            "type-other",
            "A licence of another type.",
            "type",
            json!(["VerifiableCredential", "FishingLicenceCredential"]),
        ),
        (
            "type-in-small-letters",
            "A licence whose type is written in small letters.",
            "type",
            json!(["VerifiableCredential", "drivinglicencecredential"]),
        ),
    ] {
        let mut metadata = done(licence());
        metadata[member] = value;
        let credential = done(issued(metadata, HOLDER, &values));
        answered(file, "licence", name, comment, expect, &[credential]);
    }
}

fn attributes(file: &mut File) {
    let expect = ("ATTRIBUTE", "attributes");
    let mut with = |name: &str, comment: &str, attributes: &[(&str, &str)]| {
        let credential = done(of_schema(POST, OTHER_ID, ADDRESS_SCHEMA, attributes));
        answered(file, "address", name, comment, expect, &[credential]);
    };
    with("attribute-missing", "A required attribute is missing.", &ADDRESS[1..]);
    with("attributes-only-optional", "Only the optional attribute is there.", &ADDRESS[4..]);
    let more = [&ADDRESS[..], &[("phone", "555 0123")]].concat();
    with("attribute-not-asked-for", "An attribute that was not asked for.", &more);
    let renamed = |name| [&[(name, "Dublin")], &ADDRESS[1..]].concat();
    let comment = "A required attribute has a capital in its name.";
    with("attribute-with-capital", comment, &renamed("City"));
    let comment = "A required attribute has a blank after its name.";
    with("attribute-with-blank", comment, &renamed("city "));
    let comment = "One credential has the first half, another the second.";
    let halves = [&ADDRESS[..2], &ADDRESS[2..]].map(|half| {
        let id = if half.len() == 2 { OTHER_ID } else { "2f2e5f0c-5c0f-4c3e-8a53-6f1a2b7c9d10" };
        done(of_schema(POST, id, ADDRESS_SCHEMA, half))
    });
    answered(file, "address", "attributes-of-two-credentials", comment, expect, &halves);
    let comment = "A credential with one signature has more than was asked for.";
    let mut subject = alice();
    subject["points"] = json!("3");
    let whole = whole_licence(subject);
    answered(file, "licence-whole", "attribute-of-whole", comment, expect, &[whole]);
}

fn subject(file: &mut File) {
    let expect = ("SUBJECT", "subject");
    let longer = format!("{HOLDER}x");
    for (name, comment, subject) in [
        ("subject-other", "A credential about another DID.", OTHER_ISSUER),
        ("subject-issuer", "A credential about its issuer.", MAIL),
        ("subject-verifier", "A credential about the verifier.", VERIFIER),
        ("subject-longer", "A credential about a DID that begins as the holder's.", &*longer),
    ] {
        let mut metadata = metadata(MAIL, OTHER_ID);
        metadata["schemaId"] = MAIL_SCHEMA.into();
        let credential = done(issued(metadata, subject, &VALUES));
        answered(file, "email", name, comment, expect, &[credential]);
    }
    let comment = "One of the attributes is about another DID.";
    file.altered("address", "subject-of-one", comment, invalid("SUBJECT", &["subject"]), |given| {
        let mut credential = done(address());
        credential["credentialSubjects"][2]["id"] = OTHER_ISSUER.into();
        super::exchange::sign_attribute(&mut credential, 2, &key(POST, "key-1"));
        answer_with(given, 0, &[credential]);
    });
    let comment = "Another holder answers with the credentials.";
    file.altered("email", "stranger", comment, invalid("SUBJECT", &["subject"]), |given| {
        publish(given, OTHER_ISSUER);
        sign_all_by(given, &key(OTHER_ISSUER, "key-1"));
    });
    let comment = "Another answers with the holder's presentations.";
    let expect = invalid("SUBJECT", &["subject"]);
    file.altered("email", "stranger-with-presentation", comment, expect, |given| {
        publish(given, OTHER_ISSUER);
        sign_response_by(given, &key(OTHER_ISSUER, "key-1"));
    });
    let comment = "A credential with one signature about another DID.";
    let mut of_another = alice();
    of_another["id"] = OTHER_ISSUER.into();
    let whole = whole_licence(of_another);
    answered(file, "licence-whole", "subject-of-whole", comment, ("SUBJECT", "subject"), &[whole]);
}

fn count(file: &mut File) {
    let expect = ("COUNT", "count");
    for (name, comment, months) in [
        ("payslips-1", "One payslip instead of two.", 1..=1),
        ("payslips-3", "Three payslips instead of two.", 1..=3),
        ("payslips-6", "Six payslips instead of two.", 1..=6),
    ] {
        answered(file, "payslips", name, comment, expect, &done(payslips(months)));
    }
    let comment = "Two credentials for a criterion that takes one.";
    let two = vec![done(email()), done(of_schema(MAIL, OTHER_ID, MAIL_SCHEMA, &VALUES))];
    answered(file, "email", "emails-2", comment, expect, &two);
    let comment = "No credential for a criterion that asks for one.";
    answered(file, "email", "emails-0", comment, expect, &[]);
    let comment = "Two credentials that the holder makes for itself are no two.";
    file.altered("email", "own-2", comment, invalid("COUNT", &["count"]), |given| {
        ask(given, |body| {
            body["criteria"][0]["issuers"]["dids"] = json!(["SELF"]);
            body["criteria"][0]["min"] = json!(2);
            body["criteria"][0]["max"] = json!(2);
        });
        let own = [OTHER_ID, "5f2e5f0c-5c0f-4c3e-8a53-6f1a2b7c9d10"]
            .map(|id| done(of_schema(HOLDER, id, MAIL_SCHEMA, &VALUES)));
        answer_with(given, 0, &own);
    });
    let comment = "Six payslips, one of which is missing from the credit-card application.";
    file.altered(
        "credit-card",
        "payslips-5-of-6",
        comment,
        invalid("COUNT", &["count"]),
        |given| {
            answer_with(given, 3, &done(payslips(1..=5)));
        },
    );
}

fn distinct_credentials(file: &mut File) {
    let expect = ("COUNT", "distinct-credentials");
    let slips = |months: &[u32]| -> Vec<Value> {
        months.iter().map(|month| done(payslip(*month))).collect()
    };
    let comment = "Two payslips, and one of them again.";
    answered(file, "payslips", "payslip-again", comment, expect, &slips(&[1, 2, 2]));
    let comment = "One payslip twice instead of two.";
    answered(file, "payslips", "payslip-twice", comment, expect, &slips(&[2, 2]));
    let comment = "One credential twice.";
    let twice = [done(email()), done(email())];
    answered(file, "email", "email-twice", comment, expect, &twice);
    let comment = "One credential twice, with and without its optional attribute.";
    let id = done(address())["id"].as_str().unwrap().to_owned();
    let shorter = done(of_schema(POST, &id, ADDRESS_SCHEMA, &ADDRESS[..4]));
    answered(file, "address", "address-twice", comment, expect, &[done(address()), shorter]);
    let comment = "One credential twice in one presentation.";
    let reason = &["distinct-credentials"];
    file.altered("payslips", "payslip-twice-at-once", comment, invalid("COUNT", reason), |given| {
        let both = slips(&[1, 1]);
        answer_with(given, 0, &both[..1]);
        let list = "/input/response/FulfilledCriteria/0/Presentations/0/verifiableCredential";
        *at(given, list) = json!(both);
        sign_all(given);
    });
}
