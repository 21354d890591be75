//! Makes with `indy-credx` what the generator of the corpus takes from it, in
//! `examples/generate/frozen`.
//!
//! The library draws its own random numbers, so that each run gives other files. They are made once
//! and kept:
//!
//! ```text
//! cargo run --release -p negotiate-vectors --example freeze
//! ```
//!
//! | file | content |
//! |---|---|
//! | `issued.json` | the messages of one issuance, with the key `test_support::keys::GVT` |
//! | `registry.json` | the definition of a registry for ten credentials, and its accumulators one after another |

#![allow(clippy::unwrap_used, reason = "a tool for those who change the corpus")]

use std::collections::BTreeSet;
use std::path::Path;

use indy_credx::tails::TailsFileWriter;
use indy_credx::types::{
    AttributeNames, CredentialDefinition, CredentialDefinitionConfig, CredentialDefinitionPrivate,
    CredentialKeyCorrectnessProof, DidValue, IssuanceType, MakeCredentialValues, RegistryType,
    RevocationRegistry, Schema, SignatureType,
};
use indy_credx::{issuer, prover};
use proofs::encoding::encode;
use serde_json::{Value, json};
use test_support::keys;

const ISSUER_DID: &str = "GHxDG6zVWdLVgi4eC9iJkA";
const PROVER_DID: &str = "VsKV7grR1BUE29mG2Fm2kX";

fn main() {
    write("issued", &issued());
    write("registry", &registry());
}

fn write(name: &str, content: &Value) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/generate/frozen");
    let text = serde_json::to_string_pretty(content).unwrap() + "\n";
    std::fs::write(directory.join(name).with_extension("json"), text).unwrap();
}

fn schema(names: &[&str]) -> Schema {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let did = DidValue(ISSUER_DID.to_owned());
    issuer::create_schema(&did, "gvt", "1.0", AttributeNames::from(names), Some(31)).unwrap()
}

fn issued() -> Value {
    let key: Value = serde_json::from_str(keys::GVT).unwrap();
    let schema = schema(&["name", "age", "height", "sex"]);
    let cred_def = json!({
        "ver": "1.0", "id": format!("{ISSUER_DID}:3:CL:31:TAG1"), "schemaId": "31", "type": "CL",
        "tag": "TAG1", "value": key["public"],
    });
    let definition: CredentialDefinition = credx::from_value(&cred_def).unwrap();
    let private: CredentialDefinitionPrivate = credx::from_value(&key["private"]).unwrap();
    let proof: CredentialKeyCorrectnessProof =
        credx::from_value(&key["key_correctness_proof"]).unwrap();
    let offer = issuer::create_credential_offer(schema.id(), &definition, &proof).unwrap();
    let link_secret = prover::create_link_secret().unwrap();
    let did = DidValue(PROVER_DID.to_owned());
    let (request, metadata) =
        prover::create_credential_request(&did, &definition, &link_secret, "main", &offer).unwrap();
    let mut values = MakeCredentialValues::default();
    for (name, raw) in [("name", "Alex"), ("age", "28"), ("height", "175"), ("sex", "male")] {
        values.add_encoded(name, raw, encode(raw));
    }
    let (credential, _, _) =
        issuer::create_credential(&definition, &private, &offer, &request, values.into(), None)
            .unwrap();
    json!({
        "cred_def": cred_def,
        "offer": offer,
        "request": request,
        "request_metadata": metadata,
        "link_secret": link_secret,
        "credential": credential,
    })
}

fn registry() -> Value {
    let did = DidValue(ISSUER_DID.to_owned());
    let config = CredentialDefinitionConfig { support_revocation: true };
    let (definition, _, _) = issuer::create_credential_definition(
        &did,
        &schema(&["name"]),
        "REVOCABLE",
        SignatureType::CL,
        config,
    )
    .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let tails = directory.path().to_string_lossy().into_owned();
    let (registry_def, private, registry, _) = issuer::create_revocation_registry(
        &did,
        &definition,
        "R1",
        RegistryType::CL_ACCUM,
        IssuanceType::ISSUANCE_BY_DEFAULT,
        10,
        &mut TailsFileWriter::new(Some(tails)),
    )
    .unwrap();
    let accumulator = |registry: &RevocationRegistry| {
        serde_json::to_value(registry).unwrap()["value"]["accum"].clone()
    };
    let mut accumulators = vec![accumulator(&registry)];
    let mut current = registry;
    // what is issued again and what is revoked, step by step
    let steps =
        [(vec![], vec![1]), (vec![], vec![3, 5]), (vec![3], vec![2]), (vec![], vec![9, 10])];
    for (issued, revoked) in steps {
        let [issued, revoked] =
            [issued, revoked].map(|indices| indices.into_iter().collect::<BTreeSet<u32>>());
        let (updated, _) = issuer::update_revocation_registry(
            &definition,
            &registry_def,
            &private,
            &current,
            issued,
            revoked,
        )
        .unwrap();
        accumulators.push(accumulator(&updated));
        current = updated;
    }
    let mut registry_def = serde_json::to_value(&registry_def).unwrap();
    registry_def["value"]["tailsLocation"] = json!("https://example.org/tails");
    json!({"registry": registry_def, "accumulators": accumulators})
}
