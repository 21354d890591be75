//! Exchanges that verify. Those that are valid begin the changes of the other modules.

use serde_json::{Value, json};

use super::super::credit_card::{
    ADDRESS, ADDRESS_SCHEMA, EXPIRES, HOLDER, ISSUED, LICENCES, MAIL, MAIL_SCHEMA, OTHER_ID, POST,
    address, email, issued, key, licence, metadata, of_schema, payslips, proof_by,
    unsigned_request,
};
use super::super::done;
use super::super::file::File;
use super::exchange::{
    answer, answer_with, ask, at, exchange, published, request_for, sign_all, sign_response,
};
use super::{invalid, valid};
use ::exchange::signature::Signed;

pub fn add(file: &mut File) {
    bases(file);
    answers(file);
    criteria(file);
    signatures(file);
    answered(file);
}

/// Adds the exchanges that the others are made from.
fn bases(file: &mut File) {
    let all =
        [vec![done(email())], vec![done(licence())], vec![done(address())], done(payslips(1..=6))];
    let comment =
        "The draft's credit-card application: four criteria, four issuers, nine credentials.";
    file.add("credit-card", comment, exchange(unsigned_request(), &all), valid("NORMAL"));
    let mut one = |name: &str, comment: &str, index: usize, credentials: Vec<Value>| {
        let mut request = request_for(&[index]);
        if index == 3 {
            request["proofRequest"]["criteria"][0]["min"] = json!(2);
            request["proofRequest"]["criteria"][0]["max"] = json!(2);
        }
        file.add(name, comment, exchange(request, &[credentials]), valid("NORMAL"));
    };
    one("email", "One criterion, one attribute.", 0, vec![done(email())]);
    one("licence", "A credential whose context and type are asked for.", 1, vec![done(licence())]);
    one("address", "A credential with an optional attribute, shown.", 2, vec![done(address())]);
    one("payslips", "Two credentials for one criterion.", 3, done(payslips(1..=2)));
    one(
        "licence-whole",
        "A Verifiable Credential with one signature.",
        1,
        vec![whole_licence(alice())],
    );
}

/// Returns a licence in the form of Verifiable Credentials, with one signature.
pub fn whole_licence(subject: Value) -> Value {
    let mut licence = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://stateagency.gov"],
        "type": ["VerifiableCredential", "DrivingLicenceCredential"],
        "id": "https://stateagency.gov/licences/4711",
        "issuer": {"id": LICENCES, "name": "The state agency"},
        "validFrom": ISSUED,
        "credentialSubject": subject,
    });
    licence["proof"] =
        done(proof_by(Signed::Credential(&licence), &key(LICENCES, "key-1"), ISSUED));
    licence
}

pub fn alice() -> Value {
    json!({"id": HOLDER, "FirstName": "Alice", "LastName": "Garcia", "Date Of Birth": "1990-05-17"})
}

fn answers(file: &mut File) {
    let comment = "The optional attribute is not shown.";
    file.altered("address", "optional-not-shown", comment, valid("OPTION"), |given| {
        let credential = done(of_schema(POST, OTHER_ID, ADDRESS_SCHEMA, &ADDRESS[..4]));
        answer_with(given, 0, &[credential]);
    });
    let comment = "The response names no verifier, as in the draft.";
    let expect = valid("OPTION").cautions(&["not-bound-to-verifier"]);
    file.altered("email", "no-verifier-named", comment, expect, |given| {
        given["input"]["response"].as_object_mut().unwrap().remove("verifier");
        sign_all(given);
    });
    let comment = "Two credentials in the other order.";
    file.altered("payslips", "other-order", comment, valid("OPTION"), |given| {
        let mut both = done(payslips(1..=2));
        both.reverse();
        answer_with(given, 0, &both);
    });
    let comment = "The answers are in the other order.";
    file.altered("credit-card", "answers-in-other-order", comment, valid("OPTION"), |given| {
        at(given, "/input/response/FulfilledCriteria").as_array_mut().unwrap().reverse();
        sign_all(given);
    });
    let comment = "Both credentials in one presentation.";
    file.altered("payslips", "one-presentation", comment, valid("OPTION"), |given| {
        let both = done(payslips(1..=2));
        answer_with(given, 0, &both[..1]);
        let list = "/input/response/FulfilledCriteria/0/Presentations/0/verifiableCredential";
        *at(given, list) = json!(both);
        sign_all(given);
    });
    let comment = "A word that has three bytes in UTF-8, and a quotation mark.";
    file.altered("email", "unicode", comment, valid("OPTION"), |given| {
        let values = [("emailAddress", "\"Zoë\" €@example.com")];
        answer_with(given, 0, &[done(of_schema(MAIL, OTHER_ID, MAIL_SCHEMA, &values))]);
    });
}

fn criteria(file: &mut File) {
    let comment = "A criterion that is optional is left out.";
    file.altered("credit-card", "optional-criterion", comment, valid("OPTION"), |given| {
        ask(given, |body| body["criteria"][3]["min"] = json!(0));
        at(given, "/input/response/FulfilledCriteria").as_array_mut().unwrap().pop();
        sign_all(given);
    });
    let comment = "One credential answers two criteria.";
    file.altered("email", "one-for-two-criteria", comment, valid("OPTION"), |given| {
        ask(given, |body| {
            let mut again = body["criteria"][0].clone();
            again["description"] = json!("Where to send statements");
            body["criteria"].as_array_mut().unwrap().push(again);
        });
        let second = answer(given, 1, &[done(email())]);
        at(given, "/input/response/FulfilledCriteria").as_array_mut().unwrap().push(second);
        sign_all(given);
    });
    let comment = "A repeated criterion leaves out a `min` of 1.";
    file.altered("email", "min-left-out", comment, valid("OPTION"), |given| {
        let criterion = at(given, "/input/response/FulfilledCriteria/0/Criterion");
        criterion.as_object_mut().unwrap().remove("min");
        sign_all(given);
    });
    let comment = "The request lists the proof type that is used, and others.";
    file.altered("email", "accepted-type", comment, valid("OPTION"), |given| {
        let accept = json!(["json-ld/RsaSignature2018", "json/Ed25519VerificationKey2018"]);
        ask(given, |body| body["accept"] = accept);
    });
    let comment = "What the holder states itself, where the criterion allows that.";
    let expect = valid("OPTION").cautions(&["self-attested"]);
    file.altered("email", "self-attested", comment, expect, |given| {
        ask(given, |body| body["criteria"][0]["issuers"]["dids"] = json!([MAIL, "SELF"]));
        let values = [("emailAddress", "noreply@example.com")];
        answer_with(given, 0, &[done(of_schema(HOLDER, OTHER_ID, MAIL_SCHEMA, &values))]);
    });
    let comment = "A credential that has expired, where the criterion allows that.";
    file.altered("email", "expired-allowed", comment, valid("OPTION"), |given| {
        ask(given, |body| body["criteria"][0]["allowExpired"] = json!(true));
        let mut metadata = metadata(MAIL, OTHER_ID);
        metadata["schemaId"] = json!(MAIL_SCHEMA);
        metadata["expirationDate"] = json!("2019-08-24T00:00:00Z");
        let values = [("emailAddress", "noreply@example.com")];
        answer_with(given, 0, &[done(issued(metadata, HOLDER, &values))]);
    });
    let comment = "It is the last second in which the request can be answered.";
    file.altered("email", "last-second", comment, valid("DATE"), |given| {
        given["input"]["now"] = json!(EXPIRES);
    });
    let comment = "The same time with another offset.";
    file.altered("email", "now-with-offset", comment, valid("DATE"), |given| {
        given["input"]["now"] = json!("2019-08-25T14:41:00+05:30");
    });
}

fn signatures(file: &mut File) {
    let comment = "The presentation's proof names its key without a DID, as the draft does.";
    file.altered("email", "key-without-did", comment, valid("OPTION"), |given| {
        let proof = "/input/response/FulfilledCriteria/0/Presentations/0/proof/0/creator";
        *at(given, proof) = json!("key-1");
        sign_response(given);
    });
    let comment = "A second signature by another key of the holder.";
    file.altered("email", "two-signatures", comment, valid("OPTION"), |given| {
        let response = &given["input"]["response"];
        let second = done(proof_by(
            Signed::Message(response),
            &key(HOLDER, "key-2"),
            "2019-08-25T09:10:00Z",
        ));
        at(given, "/input/response/proof").as_array_mut().unwrap().push(second);
    });
    let comment = "Each key is listed under its purpose.";
    file.altered("email", "keys-by-purpose", comment, valid("OPTION"), |given| {
        let document = published(given, HOLDER);
        document["authentication"] = json!([format!("{HOLDER}#key-1")]);
        let document = published(given, MAIL);
        document["assertionMethod"] = json!([format!("{MAIL}#key-1")]);
    });
    let comment = "A key that will be revoked and will expire.";
    file.altered("email", "key-revoked-later", comment, valid("OPTION"), |given| {
        let method = &mut published(given, HOLDER)["verificationMethod"][0];
        method["revoked"] = json!("2019-08-26T00:00:00Z");
        method["expires"] = json!("2019-08-26T00:00:00Z");
    });
    let comment = "Another key of the document is revoked.";
    file.altered("email", "other-key-revoked", comment, valid("OPTION"), |given| {
        let method = &mut published(given, HOLDER)["verificationMethod"][1];
        method["revoked"] = json!("2019-08-01T00:00:00Z");
    });
    let comment = "The key is in the list of 2019, `publicKey`.";
    file.altered("email", "keys-of-2019", comment, valid("OPTION"), |given| {
        let document = published(given, MAIL).as_object_mut().unwrap();
        let keys = document.remove("verificationMethod").unwrap();
        document.insert("publicKey".to_owned(), keys);
    });
}

fn answered(file: &mut File) {
    let id = super::super::credit_card::REQUEST_ID;
    let comment = "Another request was answered before.";
    let expect = valid("ANSWERED").needs(&["answer-memory"]);
    file.altered("email", "other-answered", comment, expect, |given| {
        given["input"]["answered"] = json!([OTHER_ID]);
    });
    let comment = "The request was answered before.";
    for base in ["email", "licence", "address", "payslips", "credit-card"] {
        let expect = invalid("ANSWERED", &["answered-once"]).needs(&["answer-memory"]);
        file.altered(base, &format!("answered-{base}"), comment, expect, |given| {
            given["input"]["answered"] = json!([OTHER_ID, id]);
        });
    }
}
