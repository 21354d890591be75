//! Another implementation: `tests/peers/exchange`, with packages of PyPI for canonical JSON and
//! linked data.

use std::{fs, path::PathBuf, sync::Arc};

use exchange::{
    did::Did,
    key::{MemorySigner, RsaSigner, Signer},
    message::{Mode, Received},
    signature::{Contexts, KeyMember, ProofType, SignatureOptions, Signed, sign},
    verifier::ExchangeVerifier,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::credit_card::{Published, bytes, now};

/// Returns the exchange that it made with a proof type.
fn exchange_of(proof_type: ProofType) -> Value {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.push("../../tests/peers/exchange/messages");
    path.push(format!("{proof_type}.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Asserts that our verifier verifies an exchange, or fails all of these checks.
async fn assert_verdict(exchange: &Value, failed: &[&str]) {
    let resolver = Arc::new(Published::new(exchange["didDocuments"].as_array().unwrap()));
    let request = Received::of(exchange["request"].clone(), Mode::Usual).unwrap();
    let verifier = ExchangeVerifier::new(resolver);
    let verdict = verifier.explain(&request, &bytes(&exchange["response"]), now()).await;
    let found: Vec<&str> = verdict.failed().map(|report| report.check.name()).collect();
    assert_eq!(found, failed, "{verdict}");
    assert_eq!(verdict.verified(), failed.is_empty());
}

/// Signs a part of an exchange again, with our implementation and the same key.
async fn signed_again(signed: Signed<'_>, proof: &mut Value) {
    let names = ["verifier", "issuer", "holder"];
    let reference = proof.get("creator").unwrap_or(&proof["verificationMethod"]).as_str().unwrap();
    let did = Did::of_reference(reference).unwrap();
    let of = |name: &&&str| {
        let digest = Sha256::digest(format!("did {name}"));
        did.id() == bs58::encode(&digest[..16]).into_string()
    };
    let name = names.iter().find(of).unwrap();
    let proof_type = proof.get("cryptosuite").unwrap_or(&proof["type"]).as_str().unwrap();
    let options = SignatureOptions {
        proof_type: ProofType::of_name(proof_type).unwrap(),
        created: proof["created"].as_str().unwrap().parse().unwrap(),
        nonce: proof["nonce"].as_str().unwrap_or_default().to_owned(),
        key_member: KeyMember::Creator,
    };
    let signer: Box<dyn Signer> = match options.proof_type {
        ProofType::RsaSignature2018 => {
            let pem = include_bytes!("signatures/keys/rsa-2048-private-key.pem");
            Box::new(RsaSigner::from_pem(pem, reference).unwrap())
        }
        _ => Box::new(MemorySigner::from_seed(&Sha256::digest(name).into(), reference)),
    };
    let made = sign(signed, &options, &*signer, &Contexts::new()).await.unwrap();
    *proof = serde_json::to_value(made).unwrap();
}

/// Signs all of an exchange again: the request, the attributes, the presentation, the response.
async fn all_signed_again(exchange: &mut Value) {
    let presentation = "/response/FulfilledCriteria/0/Presentations/0";
    let credential = format!("{presentation}/verifiableCredential/0");
    let mut parts = vec![("/request".to_owned(), "/proof".to_owned(), None)];
    parts.extend([0, 1].map(|entry| {
        (credential.clone(), format!("/credentialSubjects/{entry}/proof/0"), Some(entry))
    }));
    parts.push((presentation.to_owned(), "/proof/0".to_owned(), None));
    parts.push(("/response".to_owned(), "/proof/0".to_owned(), None));
    for (part, proof, entry) in parts {
        let covered = exchange.pointer(&part).unwrap().clone();
        let signed = match entry {
            Some(entry) => Signed::Claim(&covered, entry),
            None => Signed::Message(&covered),
        };
        signed_again(signed, exchange.pointer_mut(&(part + &proof)).unwrap()).await;
    }
}

#[tokio::test]
async fn exchanges_that_another_implementation_signed_verify() {
    for proof_type in ProofType::ALL {
        assert_verdict(&exchange_of(proof_type), &[]).await;
    }
}

#[tokio::test]
async fn an_altered_attribute_of_another_implementation_is_refused() {
    for proof_type in ProofType::ALL {
        let mut exchange = exchange_of(proof_type);
        let value = "/response/FulfilledCriteria/0/Presentations/0/verifiableCredential/0\
                     /credentialSubjects/1/value";
        *exchange.pointer_mut(value).unwrap() = json!("another");
        let failed = ["response-signature", "presentation-signatures", "attribute-signatures"];
        assert_verdict(&exchange, &failed).await;
    }
}

#[tokio::test]
async fn we_sign_what_another_implementation_signed_byte_for_byte() {
    for proof_type in ProofType::ALL {
        let theirs = exchange_of(proof_type);
        let mut ours = theirs.clone();
        all_signed_again(&mut ours).await;
        assert_eq!(ours, theirs, "{proof_type}");
    }
}
