//! Fixed keys, dates and nonces give fixed signatures: those of the files in `known-answers/`, some of which are
//! another implementation's.

use std::fs;

use proof_exchange::{
    key::{MemorySigner, Signer},
    signature::{Contexts, Covers, KeyMember, ProofType, SignatureOptions, sign, verify},
};
use serde_json::Value;

use crate::scene;

/// All files, with their names.
fn files() -> Vec<(String, Value)> {
    let folder = scene::path("known-answers");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                scene::json_file(&format!("known-answers/{name}")),
            )
        })
        .collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("{member} in {value}"))
}

fn covers(file: &Value) -> Covers {
    match text(file, "covers") {
        "message" => Covers::Message,
        "claim" => Covers::Claim,
        other => panic!("{other}"),
    }
}

fn signer(file: &Value) -> MemorySigner {
    let proof = &file["proof"];
    let reference = proof
        .get("creator")
        .unwrap_or(&proof["verificationMethod"])
        .as_str()
        .unwrap();
    let seed = text(file, "seed").as_bytes().try_into().unwrap();
    MemorySigner::from_seed(seed, reference)
}

fn options(proof: &Value) -> SignatureOptions {
    SignatureOptions {
        proof_type: ProofType::of_name(text(proof, "type")).unwrap(),
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
    for (name, file) in files() {
        let proof = &file["proof"];
        let made = sign(
            &file["document"],
            covers(&file),
            &options(proof),
            &signer(&file),
            &Contexts::new(),
        )
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(made).unwrap(), *proof, "{name}");
    }
}

#[test]
fn each_proof_verifies() {
    for (name, file) in files() {
        let key = signer(&file).public_key();
        let verified = verify(
            &file["document"],
            covers(&file),
            &file["proof"],
            &key,
            &Contexts::new(),
        );
        assert_eq!(verified, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn the_bytes_in_the_files_are_those_that_are_signed() {
    for (name, file) in files() {
        let Some(bytes) = file["bytes"].as_str() else {
            continue;
        };
        let signature = signer(&file).sign(bytes.as_bytes()).await.unwrap();
        let written = bs58::encode(signature).into_string();
        assert_eq!(written, text(&file["proof"], "signatureValue"), "{name}");
    }
}
