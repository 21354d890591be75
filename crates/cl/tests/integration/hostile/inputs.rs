//! Untrusted inputs and what is done with them, for the tests with stored files and for the fuzz
//! targets. No input may cause a panic, and only the honest presentation may be accepted.

use std::sync::LazyLock;

use cl::kernel::Engine;
use cl::keys::{KeyCorrectnessProof, PrivateKey, check_correctness_proof};
use cl::{PreparedKey, Presentation, ProofRequest, PublicKey};
use serde_json::Value;

const KEY: &str = include_str!("../../../fuzz/seeds/key/definition.json");
const REQUEST: &str = include_str!("../../../fuzz/seeds/request/name-and-age.json");
const PRESENTATION: &str = include_str!("../../../fuzz/seeds/presentation/name-and-age.json");

/// A key, a request and a valid presentation.
struct Honest {
    public_key: PublicKey,
    key: PreparedKey,
    request: ProofRequest,
    presentation: Presentation,
}

static HONEST: LazyLock<Honest> = LazyLock::new(|| {
    let public_key = PublicKey::from_credential_definition(&json(KEY)).expect("the honest key");
    Honest {
        key: PreparedKey::new(&public_key).expect("the honest key"),
        public_key,
        request: ProofRequest::from_json(&json(REQUEST)).expect("the honest request"),
        presentation: Presentation::parse(PRESENTATION).expect("the honest presentation"),
    }
});

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a seed")
}

/// Reads a presentation and verifies it against the honest request and key.
pub fn presentation(text: &str) -> Result<(), String> {
    let honest = &*HONEST;
    let presentation = Presentation::parse(text).map_err(|error| error.to_string())?;
    let keys = vec![&honest.key; presentation.credential_definitions().len()];
    let outcome = cl::verify(&honest.request, &presentation, &keys);
    let trace = cl::trace(&honest.request, &presentation, &keys);
    assert_eq!(
        trace.is_ok_and(|trace| trace.is_accepted()),
        outcome.is_ok(),
        "a trace and a verification agree"
    );
    outcome.map_err(|rejection| rejection.to_string())
}

/// Reads a request and verifies the honest presentation against it.
pub fn request(text: &str) -> Result<(), String> {
    let honest = &*HONEST;
    let value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let request = ProofRequest::from_json(&value).map_err(|error| error.to_string())?;
    cl::verify(&request, &honest.presentation, &[&honest.key])
        .map_err(|rejection| rejection.to_string())
}

/// Reads a credential definition, a private key and a correctness proof, each from the whole text,
/// and uses those that can be read.
pub fn key(text: &str) -> Result<(), String> {
    let honest = &*HONEST;
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let proof = KeyCorrectnessProof::from_json(&value);
    if let Ok(proof) = &proof {
        let _ = check_correctness_proof(&honest.public_key, proof);
    }
    let private = PrivateKey::from_json(&value);
    if let Ok(private) = &private {
        let _ = private.check(&honest.public_key);
    }
    let public =
        PublicKey::from_credential_definition(&value).map_err(|error| error.to_string())?;
    // The portable engine supports every modulus, but tables for a long one take time.
    if public.bits() <= 512 || public == honest.public_key {
        let key = PreparedKey::with_engine(&public, Engine::Portable)
            .map_err(|error| error.to_string())?;
        return cl::verify(&honest.request, &honest.presentation, &[&key])
            .map_err(|rejection| rejection.to_string());
    }
    Ok(())
}
