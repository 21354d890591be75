//! The exchanges of the second implementation, in Python, one for each proof type, and changes of
//! them.

use std::{fs, path::Path, sync::Mutex};

use ::exchange::did::PublicKey;
use ::exchange::key::{MemorySigner, SignError, Signer};
use ::exchange::signature::{Contexts, KeyMember, ProofType, SignatureOptions, Signed, sign};
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::done;
use super::super::file::File;
use super::exchange::{CREDENTIAL, NOW, PRESENTATION, at, spoil};
use super::{invalid, valid};

/// The member with the signature, by proof type.
const TYPES: [(ProofType, &str); 5] = [
    (ProofType::Ed25519VerificationKey2018, "signatureValue"),
    (ProofType::JcsEd25519Signature2020, "signatureValue"),
    (ProofType::Ed25519Signature2018, "jws"),
    (ProofType::RsaSignature2018, "jws"),
    (ProofType::EddsaJcs2022, "proofValue"),
];

/// The checks of signatures by the holder and the issuer.
const ALL_BUT_REQUEST: &[&str] =
    &["response-signature", "presentation-signatures", "attribute-signatures"];

pub fn add(file: &mut File) {
    file.source("peers (Python)", "0.1.0");
    for (proof_type, member) in TYPES {
        let name = base(proof_type);
        let comment = format!("All signatures are of the type {proof_type}.");
        file.add(&name, &comment, given(proof_type), valid("NORMAL"));
        changed(file, &name, proof_type, member);
    }
    headers(file);
    texts(file);
}

fn base(proof_type: ProofType) -> String {
    format!("peer-{}", proof_type.name().to_lowercase())
}

fn given(proof_type: ProofType) -> Value {
    let directory = "../../tests/peers/exchange/messages";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let text = fs::read(path.join(format!("{proof_type}.json"))).unwrap();
    let exchange: Value = serde_json::from_slice(&text).unwrap();
    json!({"input": {
        "request": exchange["request"],
        "response": exchange["response"],
        "did_documents": exchange["didDocuments"],
        "now": NOW,
    }})
}

fn changed(file: &mut File, base: &str, proof_type: ProofType, member: &str) {
    let name = format!("{base}-value");
    let comment = "A value was changed after it was signed.";
    file.altered(base, &name, comment, invalid("CHANGED", ALL_BUT_REQUEST), |given| {
        at(given, CREDENTIAL)["credentialSubjects"][1]["value"] = json!("another");
    });
    let name = format!("{base}-issuance-date");
    let comment = "The date of issuance was changed after it was signed.";
    file.altered(base, &name, comment, invalid("CHANGED", ALL_BUT_REQUEST), |given| {
        at(given, CREDENTIAL)["issuanceDate"] = json!("2019-08-23T14:28:04Z");
    });
    let name = format!("{base}-url");
    let comment = "The URL was changed after the request was signed.";
    file.altered(base, &name, comment, invalid("CHANGED", &["request-signature"]), |given| {
        given["input"]["request"]["proofURL"] = json!("https://example.org/answers");
    });
    let name = format!("{base}-presentation-date");
    let comment = "The presentation's date was changed after it was signed.";
    let reason = &["response-signature", "presentation-signatures"];
    file.altered(base, &name, comment, invalid("CHANGED", reason), |given| {
        at(given, PRESENTATION)["created"] = json!("2019-08-25T09:10:01Z");
    });
    let name = format!("{base}-signature");
    let comment = "The response's signature was changed.";
    file.altered(base, &name, comment, invalid("CHANGED", &["response-signature"]), |given| {
        spoil(&mut given["input"]["response"]["proof"][0][member]);
    });
    // a proof of the draft's own type does not cover its date
    if proof_type != ProofType::Ed25519VerificationKey2018 {
        let name = format!("{base}-proof-date");
        let comment = "The date of the response's proof was changed.";
        file.altered(base, &name, comment, invalid("CHANGED", &["response-signature"]), |given| {
            given["input"]["response"]["proof"][0]["created"] = json!("2019-08-25T09:10:01Z");
        });
    }
}

/// Signs, and keeps what was signed.
struct Recording {
    signer: MemorySigner,
    signed: Mutex<Vec<u8>>,
}

#[async_trait]
impl Signer for Recording {
    fn reference(&self) -> &str {
        self.signer.reference()
    }

    fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        *self.signed.lock().unwrap() = message.to_vec();
        self.signer.sign(message).await
    }
}

/// Has the holder sign the response of linked data again, with another header of the JWS.
fn sign_with_header(given: &mut Value, header: &str) {
    let response = &mut given["input"]["response"];
    let proof = response["proof"][0].clone();
    let reference = proof["verificationMethod"].as_str().unwrap();
    let signer = MemorySigner::from_seed(&Sha256::digest("holder").into(), reference);
    let recording = Recording { signer, signed: Mutex::default() };
    let options = SignatureOptions {
        proof_type: ProofType::Ed25519Signature2018,
        created: proof["created"].as_str().unwrap().parse().unwrap(),
        nonce: String::new(),
        key_member: KeyMember::VerificationMethod,
    };
    let signed = Signed::Message(response);
    let made = done(sign(signed, &options, &recording, &Contexts::new())).unwrap();
    assert_eq!(serde_json::to_value(made).unwrap(), proof);
    let signed = recording.signed.lock().unwrap().clone();
    let dot = signed.iter().position(|byte| *byte == b'.').unwrap();
    let header = URL_SAFE_NO_PAD.encode(header);
    let bytes = [header.as_bytes(), &signed[dot..]].concat();
    let signature = done(recording.signer.sign(&bytes)).unwrap();
    let jws = format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature));
    response["proof"][0]["jws"] = json!(jws);
}

fn headers(file: &mut File) {
    let base = base(ProofType::Ed25519Signature2018);
    let comment = "The header in another order, with another member.";
    let header = r#"{ "kid": "key-1", "crit": ["b64"], "alg": "EdDSA", "b64": false }"#;
    file.altered(&base, "jws-header-other-writing", comment, valid("JWS_HEADER"), |given| {
        sign_with_header(given, header);
    });
    for (name, comment, header) in [
        ("alg-none", "No algorithm.", r#"{"alg":"none","b64":false,"crit":["b64"]}"#),
        ("alg-hs256", "A symmetric algorithm.", r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#),
        ("alg-rs256", "The algorithm of RSA.", r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#),
        ("alg-in-small-letters", "Small letters.", r#"{"alg":"eddsa","b64":false,"crit":["b64"]}"#),
        ("alg-missing", "It names no algorithm.", r#"{"b64":false,"crit":["b64"]}"#),
        (
            "b64-true",
            "The payload is said to be in base64.",
            r#"{"alg":"EdDSA","b64":true,"crit":["b64"]}"#,
        ),
        (
            "b64-missing",
            "It does not say how the payload is written.",
            r#"{"alg":"EdDSA","crit":["b64"]}"#,
        ),
        (
            "crit-missing",
            "It does not say what must be understood.",
            r#"{"alg":"EdDSA","b64":false}"#,
        ),
        (
            "crit-more",
            "Something must be understood that no one does.",
            r#"{"alg":"EdDSA","b64":false,"crit":["b64","exp"],"exp":1}"#,
        ),
        (
            "alg-twice",
            "The algorithm twice.",
            r#"{"alg":"none","alg":"EdDSA","b64":false,"crit":["b64"]}"#,
        ),
        ("no-object", "It is a list.", r#"["EdDSA"]"#),
    ] {
        let expect = invalid("JWS_HEADER", &["response-signature"]);
        file.altered(&base, &format!("jws-header-{name}"), comment, expect, |given| {
            sign_with_header(given, header);
        });
    }
}

fn texts(file: &mut File) {
    let base = base(ProofType::Ed25519Signature2018);
    type Change = fn(&str) -> String;
    let cases: [(&str, &str, Change); 5] = [
        ("one-dot", "One dot is missing.", |jws| jws.replace("..", ".")),
        ("payload", "It has a payload.", |jws| jws.replace("..", ".e30.")),
        ("padded", "Padding at its end.", |jws| format!("{jws}==")),
        ("blank", "A blank at its end.", |jws| format!("{jws} ")),
        ("shorter", "The last bytes are missing.", |jws| jws[..jws.len() - 4].to_owned()),
    ];
    for (name, comment, change) in cases {
        let expect = invalid("ENCODING", &["response-signature"]);
        file.altered(&base, &format!("jws-{name}"), comment, expect, |given| {
            let jws = &mut given["input"]["response"]["proof"][0]["jws"];
            *jws = change(jws.as_str().unwrap()).into();
        });
    }
}
