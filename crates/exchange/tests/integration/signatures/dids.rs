//! DIDs resolve to their keys.

use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use exchange::{
    did::{
        Did, KeyResolver, PublicKey, ResolveError, Resolver, did_key, document_of, read_document,
    },
    key::{MemorySigner, RsaSigner, Signer},
};
use serde_json::{Value, json};

use super::fixture::{SEED, path};

/// From the did:key specification's own example of an Ed25519 key.
const DID_KEY: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

fn did(text: &str) -> Did {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_did_key_is_the_key_itself() {
    let document = KeyResolver.resolve(&did(DID_KEY)).await.unwrap();
    let [method] = document.methods.as_slice() else {
        panic!("{document:?}");
    };
    let PublicKey::Ed25519(key) = &method.key else {
        panic!("{method:?}");
    };
    assert_eq!(Did::of_reference(&did_key::reference(key)).unwrap().as_str(), DID_KEY);
    assert_eq!(did_key::reference(key), method.id);
    assert_eq!(document.method(&method.id), Some(method));
}

#[tokio::test]
async fn a_signer_under_its_did_key_is_found_by_its_reference() {
    let signer = MemorySigner::did_key(SEED);
    let did = Did::of_reference(signer.reference()).unwrap();
    let document = KeyResolver.resolve(&did).await.unwrap();
    let method = document.method(signer.reference()).unwrap();
    assert_eq!(method.key, signer.public_key());
    assert!(!format!("{signer:?}").contains("12345"), "the private key is not shown");
}

#[tokio::test]
async fn a_did_key_of_something_else_is_refused() {
    for text in [
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do",
        "did:key:6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        // X25519 and P-256
        "did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        &format!("did:key:z{}", "6".repeat(100_000)),
        "did:work:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    ] {
        let error = KeyResolver.resolve(&did(text)).await.unwrap_err();
        assert!(matches!(error, ResolveError::Malformed(..)), "{error}");
    }
}

fn work_document() -> Value {
    json!({
        "id": "did:work:6sYe1y3zXhmyrBkgHgAgaq",
        "publicKey": [{
            "id": "did:work:6sYe1y3zXhmyrBkgHgAgaq#key-1",
            "type": "Ed25519VerificationKey2018",
            "controller": "did:work:6sYe1y3zXhmyrBkgHgAgaq",
            "publicKeyBase58": "4CcKDtU1JNGi8U4D8Rv9CHzfmF7xzaxEAPFA54eQjRHF",
        }],
        "service": null,
    })
}

#[test]
fn a_key_of_a_document_is_found_by_both_references() {
    let document = read_document(&work_document()).unwrap();
    let whole = document.method("did:work:6sYe1y3zXhmyrBkgHgAgaq#key-1");
    assert!(whole.is_some());
    assert_eq!(document.method("key-1"), whole);
    assert_eq!(document.method("#key-1"), whole);
    assert_eq!(document.method("key-2"), None);
    assert_eq!(document.method("did:work:another#key-1"), None);
}

#[test]
fn every_way_to_write_an_ed25519_key_gives_the_same_key() {
    let key = MemorySigner::from_seed(SEED, "").public_key();
    let PublicKey::Ed25519(bytes) = key else {
        panic!("{key:?}");
    };
    let base58 = bs58::encode(bytes).into_string();
    let multibase = did_key::reference(&bytes).rsplit('#').next().unwrap().to_owned();
    let mut document = work_document();
    document["verificationMethod"] = json!([
        {"id": "#key-2", "type": "Ed25519VerificationKey2020", "publicKeyMultibase": multibase},
        {"id": "key-3", "type": "Ed25519VerificationKey2018", "publicKeyBase58": base58},
        {"id": "#key-4", "type": "Multikey", "publicKeyMultibase": multibase},
    ]);
    let document = read_document(&document).unwrap();
    for name in ["key-2", "key-3", "key-4"] {
        assert_eq!(document.method(name).unwrap().key, key, "{name}");
    }
    assert!(document.method("key-1").is_some(), "the list of 2019 is read too");
}

#[test]
fn every_way_to_write_an_rsa_key_gives_the_same_key() {
    let pem = |name: &str| fs::read_to_string(path(&format!("keys/{name}.pem"))).unwrap();
    let private = pem("rsa-2048-private-key");
    let signer = RsaSigner::from_pem(private.as_bytes(), "did:work:6sYe1y3zXhmyrBkgHgAgaq#key-5");
    let key = signer.unwrap().public_key();
    let PublicKey::Rsa { modulus, exponent } = &key else {
        panic!("{key:?}");
    };
    let [n, e] = [modulus, exponent].map(|number| URL_SAFE_NO_PAD.encode(number));
    let mut document = work_document();
    document["verificationMethod"] = json!([
        {"id": "#spki", "type": "RsaVerificationKey2018", "publicKeyPem": pem("rsa-2048-public-key")},
        {"id": "#pkcs1", "type": "RsaVerificationKey2018",
         "publicKeyPem": pem("rsa-2048-public-key-pkcs1")},
        {"id": "#jwk", "type": "JsonWebKey2020", "publicKeyJwk": {"kty": "RSA", "n": n, "e": e}},
        {"id": "#ec", "type": "EcdsaSecp256r1VerificationKey2019",
         "publicKeyPem": pem("p-256-public-key")},
        {"id": "#ecjwk", "type": "JsonWebKey2020", "publicKeyJwk": {"kty": "EC", "crv": "P-256"}},
    ]);
    let read = read_document(&document).unwrap();
    for name in ["spki", "pkcs1", "jwk"] {
        assert_eq!(read.method(name).unwrap().key, key, "{name}");
    }
    assert_eq!(read.methods.len(), 4, "the key on a curve is left out");
    assert_eq!(read_document(&document_of(&read)).unwrap(), read);
}

#[test]
fn an_rsa_key_that_is_too_short_too_long_or_none_is_refused() {
    let short = fs::read_to_string(path("keys/rsa-1024-public-key.pem")).unwrap();
    let private = fs::read_to_string(path("keys/rsa-2048-private-key.pem")).unwrap();
    let public = fs::read_to_string(path("keys/rsa-2048-public-key.pem")).unwrap();
    for pem in [&short, &private, "", "text", &public.replace("MII", "MIJ"), &public[..200]] {
        let entry = json!({"id": "#key-2", "type": "RsaVerificationKey2018", "publicKeyPem": pem});
        assert_entry_refused(&entry, "publicKeyPem");
    }
    let number = |bytes: usize, last: u8| {
        let mut number = vec![0xff; bytes];
        number.push(last);
        URL_SAFE_NO_PAD.encode(number)
    };
    for (n, e) in [
        (number(254, 1), "AQAB"),
        (number(1024, 1), "AQAB"),
        (number(255, 2), "AQAB"),
        (number(255, 1), "AQ"),
        (number(255, 1), "AA"),
        (number(255, 1), "AgAA"),
        (number(255, 1), "AQAAAAAB"),
        (number(255, 1), "not base64url!"),
    ] {
        let key = json!({"kty": "RSA", "n": n, "e": e});
        let entry = json!({"id": "#key-2", "type": "JsonWebKey2020", "publicKeyJwk": key});
        assert_entry_refused(&entry, "publicKeyJwk");
    }
}

#[track_caller]
fn assert_entry_refused(entry: &Value, member: &str) {
    let mut document = work_document();
    match document["publicKey"].as_array_mut() {
        Some(entries) => entries.push(entry.clone()),
        None => panic!("{document}"),
    }
    let error = read_document(&document).unwrap_err();
    assert_eq!(error.pointer, format!("/publicKey/1/{member}"), "{error}");
}

#[test]
fn keys_of_kinds_that_are_not_verified_with_are_left_out() {
    let mut document = work_document();
    document["verificationMethod"] = json!([
        {"id": "#agree", "type": "X25519KeyAgreementKey2019",
         "publicKeyBase58": "4CcKDtU1JNGi8U4D8Rv9CHzfmF7xzaxEAPFA54eQjRHF"},
        {"id": "#p256", "type": "Multikey",
         "publicKeyMultibase": "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"},
        {"id": "#none", "type": "Unknown2030"},
        "did:work:another#key-1",
    ]);
    assert_eq!(read_document(&document).unwrap().methods.len(), 1);
}

#[test]
fn a_malformed_document_is_refused_with_a_pointer() {
    let cases: [(&str, Value); 11] = [
        ("/id", json!(null)),
        ("/id", json!("key-1")),
        ("/publicKey", json!({})),
        ("/publicKey/0", json!(1)),
        ("/publicKey/0/id", json!("did:work:6sYe1y3zXhmyrBkgHgAgaq")),
        ("/publicKey/0/id", json!("did:work:another#key-1")),
        ("/publicKey/0/id", json!(1)),
        ("/publicKey/0/type", json!(1)),
        ("/publicKey/0/publicKeyBase58", json!(1)),
        ("/publicKey/0/publicKeyBase58", json!("4CcKDtU1JNGi8U4D8Rv9CHzfmF7xzaxEAPFA54eQjRH")),
        ("/publicKey/0/publicKeyBase58", json!("1".repeat(100_000))),
    ];
    for (place, value) in cases {
        let mut document = work_document();
        *document.pointer_mut(place).unwrap() = value;
        let error = read_document(&document).unwrap_err();
        assert_eq!(error.pointer, place, "{error}");
    }
}

#[test]
fn two_keys_with_one_id_are_refused() {
    let mut document = work_document();
    let mut second = document["publicKey"][0].clone();
    document["publicKey"].as_array_mut().unwrap().push(second.clone());
    assert!(read_document(&document).is_ok(), "the same key twice is one key");
    second["publicKeyBase58"] = json!("8HH5gYEeNc3z7PYXmd54d4x6qAfCNrqQqEB3nS7Zfu7K");
    document["publicKey"][1] = second;
    assert_eq!(read_document(&document).unwrap_err().pointer, "/publicKey/1/id");
}
