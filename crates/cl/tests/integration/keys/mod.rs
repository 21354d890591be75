//! Keys: those of this crate work in the library, the library's pass the checks of this crate, and
//! altered keys pass neither's.

mod checked;
mod files;
mod generated;

use cl::PublicKey;
use cl::keys::{GeneratedKey, KeyCorrectnessProof, PrivateKey};
use dashu_int::UBig;
use indy_credx::types::{CredentialDefinition, CredentialKeyCorrectnessProof, DidValue, SchemaId};
use indy_credx::{issuer, prover};
use serde_json::{Value, json};

use crate::library::keys;

/// Returns all test keys, none of which this crate has generated.
fn test_keys() -> [keys::Key; 3] {
    [keys::gvt(), keys::degree(), keys::bits_2048()]
}

fn read(key: &keys::Key) -> GeneratedKey {
    GeneratedKey {
        public: PublicKey::from_primary(&key.primary).unwrap(),
        private: PrivateKey::from_json(&key.private).unwrap(),
        correctness_proof: KeyCorrectnessProof::from_json(&key.correctness_proof).unwrap(),
    }
}

fn to_library(key: &GeneratedKey) -> keys::Key {
    keys::Key {
        primary: key.credential_definition_value()["primary"].clone(),
        private: key.private.to_json(),
        correctness_proof: key.correctness_proof.to_json(),
    }
}

fn number(value: &Value) -> UBig {
    UBig::from_str_radix(value.as_str().unwrap(), 10).unwrap()
}

/// Returns whether the library answers an offer with this key and proof, which it checks first.
fn library_accepts_key(primary: &Value, proof: &Value) -> bool {
    let definition = json!({
        "ver": "1.0", "id": "NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:tag", "schemaId": "15", "type": "CL",
        "tag": "tag", "value": {"primary": primary},
    });
    let definition: CredentialDefinition = serde_json::from_value(definition).unwrap();
    let proof: CredentialKeyCorrectnessProof = serde_json::from_value(proof.clone()).unwrap();
    let schema = SchemaId("NcYxiDXkpYi6ov5FcYDi1e:2:any:1.0".to_owned());
    let offer = issuer::create_credential_offer(&schema, &definition, &proof).unwrap();
    prover::create_credential_request(
        &DidValue("VsKV7grR1BUE29mG2Fm2kX".to_owned()),
        &definition,
        &prover::create_link_secret().unwrap(),
        "default",
        &offer,
    )
    .is_ok()
}
