//! Fixed keys, dates and nonces give fixed signatures: those of the files in `known-answers/`, some
//! of which are another implementation's.

use std::fs;

use exchange::{
    did::{Did, KeyResolver, PublicKey, Resolver},
    key::{MemorySigner, RsaSigner, Signer},
    signature::{Contexts, KeyMember, ProofType, SignatureOptions, Signed, sign, verify},
};
use serde_json::Value;

use super::fixture;

/// Returns all files of a folder, with their names.
fn files(folder: &str) -> Vec<(String, Value)> {
    let path = fixture::path(folder);
    let mut names: Vec<String> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
        .into_iter()
        .map(|name| (name.clone(), fixture::json_file(&format!("{folder}/{name}"))))
        .collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}

fn signed(file: &Value) -> Signed<'_> {
    match text(file, "covers") {
        "message" => Signed::Message(&file["document"]),
        "credential" => Signed::Credential(&file["document"]),
        "claim" => Signed::Claim(&file["document"], 0),
        other => panic!("{other}"),
    }
}

/// Returns the private key of a file, and its public key.
fn signer(file: &Value) -> (Box<dyn Signer>, PublicKey) {
    let proof = &file["proof"];
    let reference = proof.get("creator").unwrap_or(&proof["verificationMethod"]).as_str().unwrap();
    if file.get("rsaKey").is_some() {
        let pem = fs::read(fixture::path(text(file, "rsaKey"))).unwrap();
        let signer = RsaSigner::from_pem(&pem, reference).unwrap();
        let key = signer.public_key();
        return (Box::new(signer), key);
    }
    let seed = match file["secretKeyMultibase"].as_str() {
        // base58btc of two bytes that say what it is, and the seed
        Some(secret) => bs58::decode(&secret[1..]).into_vec().unwrap()[2..].to_vec(),
        None => text(file, "seed").as_bytes().to_vec(),
    };
    let signer = MemorySigner::from_seed(&seed.try_into().unwrap(), reference);
    let key = signer.public_key();
    (Box::new(signer), key)
}

/// Returns the contexts of the crate, and those that a file gives.
fn contexts(file: &Value) -> Contexts {
    let mut contexts = Contexts::new();
    let given = file.get("contexts").and_then(Value::as_object);
    for (url, context) in given.into_iter().flatten() {
        contexts.add(url, context.clone());
    }
    contexts
}

fn options(proof: &Value) -> SignatureOptions {
    SignatureOptions {
        proof_type: ProofType::of_name(text(
            proof,
            if proof.get("cryptosuite").is_some() { "cryptosuite" } else { "type" },
        ))
        .unwrap(),
        created: text(proof, "created").parse().unwrap(),
        nonce: proof["nonce"].as_str().unwrap_or_default().to_owned(),
        key_member: match proof.get("creator") {
            Some(_) => KeyMember::Creator,
            None => KeyMember::VerificationMethod,
        },
    }
}

#[tokio::test]
async fn signing_again_gives_the_same_proof() {
    for (name, file) in files("known-answers") {
        let proof = &file["proof"];
        let made = sign(signed(&file), &options(proof), &*signer(&file).0, &contexts(&file))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(made).unwrap(), *proof, "{name}");
    }
}

#[test]
fn each_proof_verifies() {
    for (name, file) in files("known-answers") {
        let (_, key) = signer(&file);
        let verified =
            verify(signed(&file), &file["proof"], &key, &contexts(&file), fixture::now());
        assert_eq!(verified, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn the_bytes_in_the_files_are_those_that_are_signed() {
    for (name, file) in files("known-answers") {
        let Some(bytes) = file["bytes"].as_str() else {
            continue;
        };
        let signature = signer(&file).0.sign(bytes.as_bytes()).await.unwrap();
        let written = bs58::encode(signature).into_string();
        assert_eq!(written, text(&file["proof"], "signatureValue"), "{name}");
    }
}

#[tokio::test]
async fn published_signatures_of_other_programs_verify() {
    for (name, file) in files("published") {
        let document = &file["document"];
        let proof = &document["proof"];
        let reference = text(proof, "verificationMethod");
        let did = Did::of_reference(reference).unwrap();
        let resolved = KeyResolver.resolve(&did).await.unwrap();
        let key = &resolved.method(reference).unwrap().key;
        let verified =
            verify(Signed::Message(document), proof, key, &contexts(&file), fixture::now());
        assert_eq!(verified, Ok(()), "{name}");
    }
}
