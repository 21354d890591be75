//! Refused signatures, and the errors that name the reason.

use curve25519_dalek::constants::EIGHT_TORSION;
use exchange::{
    did::PublicKey,
    key::Signer,
    signature::{Contexts, ProofType, SignatureError, Signed, sign, verify},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{document, is_malformed, needs_other_key, now, options, signer};

const JSON_TYPES: [ProofType; 2] =
    [ProofType::Ed25519VerificationKey2018, ProofType::JcsEd25519Signature2020];

/// Those that sign JSON as it is.
const PLAIN_TYPES: [ProofType; 3] = [
    ProofType::Ed25519VerificationKey2018,
    ProofType::JcsEd25519Signature2020,
    ProofType::EddsaJcs2022,
];

async fn proof_of(signed: Signed<'_>, proof_type: ProofType) -> Value {
    let contexts = Contexts::new();
    let proof = sign(signed, &options(proof_type), &signer(), &contexts).await;
    serde_json::to_value(proof.unwrap()).unwrap()
}

fn check(signed: Signed<'_>, proof: &Value) -> Result<(), SignatureError> {
    verify(signed, proof, &signer().public_key(), &Contexts::new(), now())
}

fn wrong() -> Result<(), SignatureError> {
    Err(SignatureError::Wrong(signer().reference().to_owned()))
}

#[tokio::test]
async fn a_signature_covers_every_leaf_of_the_document() {
    for proof_type in PLAIN_TYPES {
        let proof = proof_of(Signed::Message(&document()), proof_type).await;
        assert_eq!(check(Signed::Message(&document()), &proof), Ok(()));
        for place in ["/id", "/list/0", "/list/1", "/list/2", "/list/3/a", "/list/3/b", "/number"] {
            let mut altered = document();
            *altered.pointer_mut(place).unwrap() = json!("altered");
            assert_eq!(check(Signed::Message(&altered), &proof), wrong(), "{place}");
        }
        let mut longer = document();
        longer["more"] = json!(null);
        assert_eq!(check(Signed::Message(&longer), &proof), wrong());
    }
}

#[tokio::test]
async fn the_proof_that_a_document_has_already_is_not_covered() {
    for proof_type in PLAIN_TYPES {
        let proof = proof_of(Signed::Message(&document()), proof_type).await;
        let mut whole = document();
        whole["proof"] = json!([proof]);
        assert_eq!(check(Signed::Message(&whole), &proof), Ok(()));
        assert_eq!(proof_of(Signed::Message(&whole), proof_type).await, proof);
    }
}

#[tokio::test]
async fn a_claim_s_signature_is_not_one_of_a_message() {
    let proof_type = ProofType::Ed25519VerificationKey2018;
    let claim = json!({"id": "1", "credentialSubjects": [{"key": "a", "value": "b"}]});
    let (message, claim) = (Signed::Message(&claim), Signed::Claim(&claim, 0));
    let of_claim = proof_of(claim, proof_type).await;
    assert_eq!(check(claim, &of_claim), Ok(()));
    assert_eq!(check(message, &of_claim), wrong());
    let of_message = proof_of(message, proof_type).await;
    assert_eq!(check(claim, &of_message), wrong());
}

#[tokio::test]
async fn the_2020_type_covers_every_other_member_of_the_proof() {
    let mut proof =
        proof_of(Signed::Message(&document()), ProofType::JcsEd25519Signature2020).await;
    for member in ["created", "nonce"] {
        let mut altered = proof.clone();
        altered[member] = json!("2020-01-01T00:00:00Z");
        assert_eq!(check(Signed::Message(&document()), &altered), wrong(), "{member}");
    }
    proof["verificationMethod"] = json!("did:work:another#key-1");
    let error = check(Signed::Message(&document()), &proof).unwrap_err();
    assert!(error.to_string().contains("did:work:another#key-1"), "{error}");
}

#[tokio::test]
async fn the_2018_type_covers_its_nonce() {
    let mut proof =
        proof_of(Signed::Message(&document()), ProofType::Ed25519VerificationKey2018).await;
    proof["nonce"] = json!("another");
    assert_eq!(check(Signed::Message(&document()), &proof), wrong());
}

#[test]
fn an_unknown_proof_type_is_refused_by_its_name() {
    let proof = json!({"type": "EcdsaSecp256k1Signature2019", "creator": "key-1"});
    let error = check(Signed::Message(&document()), &proof).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the proof type \"EcdsaSecp256k1Signature2019\" is not known; sign with one of \
         Ed25519VerificationKey2018, JcsEd25519Signature2020, Ed25519Signature2018, RsaSignature2018, \
         eddsa-jcs-2022"
    );
    let long = json!({"type": "x".repeat(1 << 20)});
    let error = check(Signed::Message(&document()), &long).unwrap_err();
    assert!(error.to_string().len() < 400, "the name is shortened");
}

#[tokio::test]
async fn a_member_that_is_missing_or_malformed_is_named() {
    for proof_type in JSON_TYPES {
        let proof = proof_of(Signed::Message(&document()), proof_type).await;
        for member in ["type", "nonce", "signatureValue"] {
            let mut without = proof.clone();
            without.as_object_mut().unwrap().remove(member);
            assert_malformed(&without, member);
            for value in [json!(1), json!(""), json!(null), json!([proof[member]])] {
                let mut other = proof.clone();
                other[member] = value;
                assert_malformed(&other, member);
            }
        }
        let signature = proof["signatureValue"].as_str().unwrap();
        for text in [
            "0OIl".to_owned(),
            signature[4..].to_owned(),
            format!("1{signature}"),
            format!(" {signature}"),
            "z".repeat(1 << 20),
        ] {
            let mut other = proof.clone();
            other["signatureValue"] = text.into();
            assert_malformed(&other, "signatureValue");
        }
    }
    assert_malformed(&json!([]), "type");
    assert_malformed(&json!({"type": "Ed25519VerificationKey2018"}), "creator");
}

#[track_caller]
fn assert_malformed(proof: &Value, expected: &str) {
    let checked = check(Signed::Message(&document()), proof);
    assert!(is_malformed(&checked, expected), "{checked:?} of {proof}");
}

#[tokio::test]
async fn a_proof_that_names_two_keys_is_refused() {
    let mut proof =
        proof_of(Signed::Message(&document()), ProofType::Ed25519VerificationKey2018).await;
    proof["verificationMethod"] = json!("did:work:another#key-1");
    assert_malformed(&proof, "creator");
    proof["verificationMethod"] = proof["creator"].clone();
    assert_eq!(check(Signed::Message(&document()), &proof), Ok(()));
}

#[tokio::test]
async fn the_2020_type_names_its_key_as_verification_method() {
    let mut proof =
        proof_of(Signed::Message(&document()), ProofType::JcsEd25519Signature2020).await;
    let reference = proof.as_object_mut().unwrap().remove("verificationMethod").unwrap();
    proof["creator"] = reference;
    assert_malformed(&proof, "verificationMethod");
}

#[tokio::test]
async fn another_key_does_not_verify_and_another_kind_of_key_is_named() {
    for proof_type in PLAIN_TYPES {
        let proof = proof_of(Signed::Message(&document()), proof_type).await;
        let with = |key: PublicKey| {
            verify(Signed::Message(&document()), &proof, &key, &Contexts::new(), now())
        };
        assert_eq!(with(PublicKey::Ed25519([7; 32])), wrong());
        let rsa = PublicKey::Rsa { modulus: vec![0xff; 256], exponent: vec![1, 0, 1] };
        assert!(needs_other_key(&with(rsa)));
    }
}

#[test]
fn a_key_or_a_commitment_of_small_order_verifies_nothing() {
    let refused = |key: [u8; 32], commitment: [u8; 32]| {
        let signature = [&commitment[..], &[0; 32]].concat();
        let proof = json!({
            "type": "Ed25519VerificationKey2018",
            "creator": "key-1",
            "nonce": "1",
            "signatureValue": bs58::encode(signature).into_string(),
        });
        let signed = document();
        let key = PublicKey::Ed25519(key);
        let verified = verify(Signed::Message(&signed), &proof, &key, &Contexts::new(), now());
        assert!(matches!(verified, Err(SignatureError::Wrong(_))), "{verified:?}");
    };
    let PublicKey::Ed25519(honest) = signer().public_key() else { panic!() };
    // the neutral element as key and as commitment: without strict verification it fits every
    // message, and the others fit one of eight
    for point in EIGHT_TORSION {
        let point = point.compress().to_bytes();
        refused(point, point);
        refused(honest, point);
        EIGHT_TORSION.iter().for_each(|other| refused(point, other.compress().to_bytes()));
    }
}

#[tokio::test]
async fn a_data_integrity_proof_is_known_by_its_cryptosuite_only() {
    let document = document();
    let signed = Signed::Message(&document);
    let proof = proof_of(signed, ProofType::EddsaJcs2022).await;
    assert_eq!(
        (proof["type"].as_str(), check(signed, &proof)),
        (Some("DataIntegrityProof"), Ok(()))
    );
    for (member, value, named) in [
        ("cryptosuite", json!("eddsa-rdfc-2022"), "eddsa-rdfc-2022"),
        ("cryptosuite", json!("Ed25519VerificationKey2018"), "Ed25519VerificationKey2018"),
        ("type", json!("eddsa-jcs-2022"), "eddsa-jcs-2022"),
    ] {
        let mut other = proof.clone();
        other[member] = value;
        let expected = format!("the proof type {named:?} is not known; sign with one of ");
        let refused = check(signed, &other).unwrap_err().to_string();
        assert!(refused.starts_with(&expected), "{refused}");
    }
    for member in ["cryptosuite", "verificationMethod", "proofPurpose", "proofValue"] {
        let mut without = proof.clone();
        without.as_object_mut().unwrap().remove(member);
        let expected = if member == "verificationMethod" { "creator" } else { member };
        assert_malformed(&without, expected);
    }
    let digits = &proof["proofValue"].as_str().unwrap()[1..];
    for text in [digits.to_owned(), format!("u{digits}"), format!("z1{digits}"), "z".to_owned()] {
        let mut other = proof.clone();
        other["proofValue"] = text.into();
        assert_malformed(&other, "proofValue");
    }
    let mut altered = proof.clone();
    altered["created"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(check(signed, &altered), wrong());
}

#[tokio::test]
async fn a_data_integrity_proof_has_the_contexts_of_its_document() {
    let document = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:a:1"});
    let proof = proof_of(Signed::Message(&document), ProofType::EddsaJcs2022).await;
    assert_eq!(proof["@context"], document["@context"]);
    assert_eq!(check(Signed::Message(&document), &proof), Ok(()));
    // the specification verifies this; but then anyone could add a context that a criterion asks
    // for
    let mut longer = document.clone();
    longer["@context"].as_array_mut().unwrap().push(json!("https://stateagency.gov"));
    let checked = check(Signed::Message(&longer), &proof);
    assert!(is_malformed(&checked, "@context"), "{checked:?}");
}

proptest! {
    /// A text is decoded as `bs58` decodes it, and is 64 bytes, or it is malformed.
    #[test]
    fn any_signature_value_is_one_of_64_bytes_or_malformed(
        text in "[1-9A-HJ-NP-Za-km-z]{80,88}|1{0,70}[1-9A-Z]{0,20}|.{1,90}",
        zeros in 0..=64_usize,
        byte: u8,
    ) {
        let mut bytes = [byte; 64];
        bytes[..zeros].fill(0);
        for text in [text, bs58::encode(bytes).into_string()] {
            let proof = json!({
                "type": "Ed25519VerificationKey2018", "creator": "key-1", "nonce": "1",
                "signatureValue": text,
            });
            let is_64 = bs58::decode(&text).into_vec().is_ok_and(|bytes| bytes.len() == 64);
            let checked = check(Signed::Message(&document()), &proof);
            prop_assert_eq!(is_malformed(&checked, "signatureValue"), !is_64, "{}", text);
        }
    }
}
