//! The DID documents: keys that may not be used, documents that are missing or malformed, keys of
//! small order.

use serde_json::{Value, json};

use super::super::credit_card::{HOLDER, MAIL, OTHER_ISSUER, VERIFIER};
use super::super::file::File;
use super::exchange::{CREDENTIAL, PRESENTATION, at, document, published, sign_all};
use super::invalid;

/// Who signs, the DID, and the checks that fail without its key.
const SIGNERS: [(&str, &str, &[&str]); 3] = [
    ("verifier", VERIFIER, &["request-signature"]),
    ("holder", HOLDER, &["response-signature", "presentation-signatures"]),
    ("issuer", MAIL, &["attribute-signatures"]),
];

/// What is changed.
type Change<'a> = &'a dyn Fn(&mut Value);

pub fn add(file: &mut File) {
    states(file);
    documents(file);
    purposes(file);
    small_order(file);
}

/// Adds a test for each signer, whose document is changed.
fn each(file: &mut File, what: &str, comment: &str, flag: &str, change: Change<'_>) {
    for (who, did, reason) in SIGNERS {
        let (name, comment) = (format!("{who}-{what}"), format!("The {who}'s {comment}"));
        file.altered("email", &name, &comment, invalid(flag, reason), |given| {
            change(published(given, did));
        });
    }
}

fn states(file: &mut File) {
    let mut each = |what: &str, comment: &str, change: Change<'_>| {
        each(file, what, comment, "KEY_STATE", change);
    };
    each("key-revoked", "key was revoked before.", &|document| {
        document["verificationMethod"][0]["revoked"] = json!("2019-08-01T00:00:00Z");
    });
    each("key-expired", "key expired a minute ago.", &|document| {
        document["verificationMethod"][0]["expires"] = json!("2019-08-25T09:10:00Z");
    });
    each("key-revoked-some-time", "key is revoked, it is not said when.", &|document| {
        document["verificationMethod"][0]["revoked"] = json!(true);
    });
    each("key-of-another", "key is controlled by someone else.", &|document| {
        document["verificationMethod"][0]["controller"] = json!(OTHER_ISSUER);
    });
    each("key-for-agreement", "key is listed for key agreement alone.", &|document| {
        document["keyAgreement"] = json!([document["verificationMethod"][0]["id"]]);
    });
    each("deactivated", "DID is deactivated.", &|document| document["deactivated"] = json!(true));
}

fn documents(file: &mut File) {
    let mut with = |what: &str, comment: &str, change: Change<'_>| {
        each(file, what, comment, "DID_DOCUMENT", change);
    };
    with("key-missing", "document does not have the key.", &|document| {
        document["verificationMethod"].as_array_mut().unwrap().remove(0);
    });
    with("key-exchanged", "document has another key under the name.", &|document| {
        let other = document["verificationMethod"][1]["publicKeyBase58"].clone();
        document["verificationMethod"][0]["publicKeyBase58"] = other;
    });
    with("key-garbage", "key is no key.", &|document| {
        document["verificationMethod"][0]["publicKeyBase58"] = json!("0OIl");
    });
    with("two-keys-of-one-name", "document has two keys under one name.", &|document| {
        let id = document["verificationMethod"][0]["id"].clone();
        document["verificationMethod"][1]["id"] = id;
    });
    for (who, did, reason) in SIGNERS {
        let (name, comment) = (format!("{who}-unknown"), format!("The {who}'s DID is not known."));
        file.altered("email", &name, &comment, invalid("DID_DOCUMENT", reason), |given| {
            let documents = given["input"]["did_documents"].as_array_mut().unwrap();
            documents.retain(|document| document["id"] != did);
        });
    }
    let comment = "The key is in the document of another DID.";
    let expect = invalid("DID_DOCUMENT", &["attribute-signatures"]);
    file.altered("email", "key-in-other-document", comment, expect, |given| {
        let methods = published(given, MAIL)["verificationMethod"].take();
        published(given, MAIL)["verificationMethod"] = json!([]);
        let mut other = document(OTHER_ISSUER);
        other["verificationMethod"] = methods;
        at(given, "/input/did_documents").as_array_mut().unwrap().push(other);
    });
}

fn purposes(file: &mut File) {
    let comment = "The issuer's key is listed for speaking for itself, and not for stating.";
    let expect = invalid("KEY_STATE", &["attribute-signatures"]);
    file.altered("email", "issuer-key-for-authentication", comment, expect, |given| {
        published(given, MAIL)["authentication"] = json!([format!("{MAIL}#key-1")]);
    });
    let comment = "The issuer's other key is listed for stating.";
    let expect = invalid("KEY_STATE", &["attribute-signatures"]);
    file.altered("email", "issuer-other-key-listed", comment, expect, |given| {
        published(given, MAIL)["assertionMethod"] = json!([format!("{MAIL}#key-2")]);
    });
}

/// The neutral point as a key: with it one signature fits every message.
fn identity() -> String {
    let mut point = [0; 32];
    point[0] = 1;
    bs58::encode(point).into_string()
}

/// A signature of any message by that key.
fn of_identity() -> String {
    let mut signature = [0; 64];
    signature[0] = 1;
    bs58::encode(signature).into_string()
}

fn small_order(file: &mut File) {
    for (who, did, reason) in SIGNERS {
        let name = format!("{who}-key-of-small-order");
        let comment = format!(
            "The {who}'s key is the neutral point, with a signature that fits any message."
        );
        file.altered("email", &name, &comment, invalid("SMALL_ORDER", reason), |given| {
            published(given, did)["verificationMethod"][0]["publicKeyBase58"] = json!(identity());
            let attribute = format!("{CREDENTIAL}/credentialSubjects/0/proof/0");
            let places = match who {
                "verifier" => vec!["/input/request/proof".to_owned()],
                "issuer" => vec![attribute],
                _ => vec![format!("{PRESENTATION}/proof/0"), "/input/response/proof/0".to_owned()],
            };
            for place in places {
                at(given, &place)["signatureValue"] = json!(of_identity());
            }
            if who == "issuer" {
                sign_all(given);
            }
        });
    }
}
