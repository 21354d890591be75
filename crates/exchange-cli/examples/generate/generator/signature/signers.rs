//! Signatures by others, missing signatures, and texts that only resemble one.

use ::exchange::signature::Signed;
use serde_json::{Value, json};

use super::super::credit_card::{
    ANSWERED, ASKED, HOLDER, MAIL, OTHER_ISSUER, VERIFIER, key, proof_by,
};
use super::super::done;
use super::super::file::File;
use super::exchange::{
    CREDENTIAL, PRESENTATION, at, publish, sign_all, sign_attribute, sign_message, sign_response,
};
use super::invalid;

/// What is changed.
type Change<'a> = &'a dyn Fn(&mut Value);

pub fn add(file: &mut File) {
    others(file);
    unsigned(file);
    encodings(file);
    types(file);
}

fn others(file: &mut File) {
    for (name, comment, signer) in [
        ("request-by-other", "Another signed the request.", OTHER_ISSUER),
        ("request-by-holder", "The holder signed the request.", HOLDER),
    ] {
        let expect = invalid("OTHER_KEY", &["request-signature"]);
        file.altered("email", name, comment, expect, |given| {
            publish(given, OTHER_ISSUER);
            sign_message(&mut given["input"]["request"], &key(signer, "key-1"), ASKED, false);
        });
    }
    let comment = "Another signed the request, and named the verifier's key.";
    let expect = invalid("OTHER_KEY", &["request-signature"]);
    file.altered("email", "request-by-other-as-verifier", comment, expect, |given| {
        sign_message(&mut given["input"]["request"], &key(OTHER_ISSUER, "key-1"), ASKED, false);
        given["input"]["request"]["proof"]["creator"] = json!(format!("{VERIFIER}#key-1"));
    });
    let comment = "The verifier named its other key.";
    let expect = invalid("OTHER_KEY", &["request-signature"]);
    file.altered("email", "request-names-other-key", comment, expect, |given| {
        given["input"]["request"]["proof"]["creator"] = json!(format!("{VERIFIER}#key-2"));
    });
    let comment = "Another signed the response, and named the holder's key.";
    let expect = invalid("OTHER_KEY", &["response-signature"]);
    file.altered("email", "response-by-other-as-holder", comment, expect, |given| {
        sign_message(&mut given["input"]["response"], &key(OTHER_ISSUER, "key-1"), ANSWERED, true);
        given["input"]["response"]["proof"][0]["creator"] = json!(format!("{HOLDER}#key-1"));
    });
    let comment = "A second signature by another.";
    let expect = invalid("OTHER_KEY", &["response-signature"]);
    file.altered("email", "response-by-other-too", comment, expect, |given| {
        publish(given, OTHER_ISSUER);
        let response = &given["input"]["response"];
        let signer = key(OTHER_ISSUER, "key-1");
        let second = done(proof_by(Signed::Message(response), &signer, ANSWERED));
        at(given, "/input/response/proof").as_array_mut().unwrap().push(second);
    });
    for (name, comment, signer) in [
        ("presentation-by-other", "Another signed the presentation.", OTHER_ISSUER),
        ("presentation-by-issuer", "The issuer signed the presentation.", MAIL),
    ] {
        let expect = invalid("OTHER_KEY", &["presentation-signatures"]);
        file.altered("email", name, comment, expect, |given| {
            publish(given, OTHER_ISSUER);
            sign_message(at(given, PRESENTATION), &key(signer, "key-1"), ANSWERED, true);
            sign_response(given);
        });
    }
    for (name, comment, signer, named) in [
        ("attribute-by-holder", "The holder signed the attribute.", HOLDER, HOLDER),
        ("attribute-by-verifier", "The verifier signed the attribute.", VERIFIER, VERIFIER),
        ("attribute-by-other", "Another signed the attribute.", OTHER_ISSUER, OTHER_ISSUER),
        (
            "attribute-by-holder-as-issuer",
            "The holder signed the attribute, and named the issuer's key.",
            HOLDER,
            MAIL,
        ),
    ] {
        let expect = invalid("OTHER_KEY", &["attribute-signatures"]);
        file.altered("email", name, comment, expect, |given| {
            publish(given, OTHER_ISSUER);
            let credential = at(given, CREDENTIAL);
            sign_attribute(credential, 0, &key(signer, "key-1"));
            credential["credentialSubjects"][0]["proof"][0]["creator"] =
                json!(format!("{named}#key-1"));
            sign_all(given);
        });
    }
}

fn unsigned(file: &mut File) {
    let comment = "The request has no proof.";
    let expect = invalid("UNSIGNED", &["request-signature"]);
    file.altered("email", "request-unsigned", comment, expect, |given| {
        given["input"]["request"].as_object_mut().unwrap().remove("proof");
    });
    let comment = "The response has no proof.";
    let expect = invalid("UNSIGNED", &["response-signature"]);
    file.altered("email", "response-unsigned", comment, expect, |given| {
        given["input"]["response"].as_object_mut().unwrap().remove("proof");
    });
    let comment = "The presentation has no proof.";
    let expect = invalid("UNSIGNED", &["presentation-signatures"]);
    file.altered("email", "presentation-unsigned", comment, expect, |given| {
        at(given, PRESENTATION).as_object_mut().unwrap().remove("proof");
        sign_response(given);
    });
    let comment = "The response's key is named without a DID.";
    let expect = invalid("UNSIGNED", &["response-signature"]);
    file.altered("email", "response-key-without-did", comment, expect, |given| {
        given["input"]["response"]["proof"][0]["creator"] = json!("key-1");
    });
}

fn encodings(file: &mut File) {
    let change = |change: fn(&str) -> String| {
        move |proof: &mut Value| {
            let text = proof["signatureValue"].as_str().unwrap();
            proof["signatureValue"] = change(text).into();
        }
    };
    let cases: [(&str, &str, Change<'_>); 7] = [
        (
            "base58-other-letters",
            "Letters that base58 does not have.",
            &change(|text| format!("0OIl{}", &text[4..])),
        ),
        ("base58-shorter", "Four digits are missing.", &change(|text| text[4..].to_owned())),
        ("base58-longer", "A leading 1, which is a byte of 0.", &change(|text| format!("1{text}"))),
        ("base58-blank", "A blank before it.", &change(|text| format!(" {text}"))),
        ("base58-multibase", "The prefix of multibase.", &change(|text| format!("z{text}"))),
        (
            "base64-instead",
            "The same signature in base64url.",
            &change(|text| {
                use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
                URL_SAFE_NO_PAD.encode(bs58::decode(text).into_vec().unwrap())
            }),
        ),
        ("signature-of-zeros", "64 bytes of 0.", &change(|_| bs58::encode([0; 64]).into_string())),
    ];
    for (name, comment, change) in cases {
        let expect = invalid("ENCODING", &["response-signature"]);
        file.altered("email", name, comment, expect, |given| {
            change(&mut given["input"]["response"]["proof"][0]);
        });
    }
    let comment =
        "The signature's scalar with the order of the group added, which RFC 8032 refuses.";
    let expect = invalid("ENCODING", &["response-signature"]);
    file.altered("email", "signature-scalar-too-large", comment, expect, |given| {
        let text = &mut given["input"]["response"]["proof"][0]["signatureValue"];
        let mut bytes = bs58::decode(text.as_str().unwrap()).into_vec().unwrap();
        add_order(&mut bytes[32..]);
        *text = bs58::encode(bytes).into_string().into();
    });
}

/// Adds the order of the group of Ed25519 to a number, both little-endian.
fn add_order(number: &mut [u8]) {
    const ORDER: [u8; 16] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14,
    ];
    let mut carry = 0;
    for (index, byte) in number.iter_mut().enumerate() {
        let of_order = match index {
            31 => 0x10,
            index => ORDER.get(index).copied().unwrap_or_default(),
        };
        let sum = u16::from(*byte) + u16::from(of_order) + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
}

fn types(file: &mut File) {
    for (name, comment, kind) in [
        ("type-unknown", "The type of the proof is not known.", "EcdsaSecp256k1Signature2019"),
        (
            "type-of-other-bytes",
            "The type of the proof signs other bytes.",
            "JcsEd25519Signature2020",
        ),
        ("type-with-suffix", "The type of the proof has a suffix.", "Ed25519VerificationKey2018x"),
    ] {
        let expect = invalid("PROOF_TYPE", &["response-signature"]);
        file.altered("email", name, comment, expect, |given| {
            given["input"]["response"]["proof"][0]["type"] = json!(kind);
        });
    }
    let comment = "The proof names two keys.";
    let expect = invalid("OTHER_KEY", &["response-shape"]);
    file.altered("email", "two-keys-named", comment, expect, |given| {
        given["input"]["response"]["proof"][0]["verificationMethod"] =
            json!(format!("{HOLDER}#key-2"));
    });
}
