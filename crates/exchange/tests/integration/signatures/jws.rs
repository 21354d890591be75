//! The `jws` of a proof: its header and its signature.

use std::{fs, sync::Mutex};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use exchange::{
    did::PublicKey,
    key::{RsaSigner, SignError, Signer},
    signature::{Contexts, ProofType, SignatureError, Signed, sign, verify},
};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PSS_SHA256, RsaKeyPair},
};
use serde_json::{Value, json};

use super::fixture::{is_malformed, json_file, needs_other_key, now, options, path, signer};

const EDDSA: &str = r#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#;
const RS256: &str = r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#;

/// Records the bytes that it signs, after the header and the dot.
struct Recorder<'a> {
    signer: &'a dyn Signer,
    payload: Mutex<Vec<u8>>,
}

#[async_trait]
impl Signer for Recorder<'_> {
    fn reference(&self) -> &str {
        self.signer.reference()
    }

    fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let dot = message.iter().position(|&byte| byte == b'.').unwrap();
        *self.payload.lock().unwrap() = message[dot + 1..].to_vec();
        self.signer.sign(message).await
    }
}

fn document() -> Value {
    json_file("linked-data/request.json")
}

/// Returns a proof, and the payload of its JWS.
async fn proof_and_payload(signer: &dyn Signer, proof_type: ProofType) -> (Value, Vec<u8>) {
    let recorder = Recorder { signer, payload: Mutex::default() };
    let options = options(proof_type);
    let proof = sign(Signed::Message(&document()), &options, &recorder, &Contexts::new()).await;
    let payload = recorder.payload.into_inner().unwrap();
    (serde_json::to_value(proof.unwrap()).unwrap(), payload)
}

fn check(proof: &Value, key: &PublicKey) -> Result<(), SignatureError> {
    verify(Signed::Message(&document()), proof, key, &Contexts::new(), now())
}

fn with_header(header: &str, payload: &[u8]) -> (String, Vec<u8>) {
    let header = URL_SAFE_NO_PAD.encode(header);
    let bytes = [header.as_bytes(), b".", payload].concat();
    (header, bytes)
}

fn rsa_key() -> Vec<u8> {
    let pem = fs::read_to_string(path("keys/rsa-2048-private-key.pem")).unwrap();
    let digits: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(digits).unwrap()
}

fn rsa_signer() -> RsaSigner {
    let pem = fs::read(path("keys/rsa-2048-private-key.pem")).unwrap();
    RsaSigner::from_pem(&pem, "did:work:x#rsa-1").unwrap()
}

#[tokio::test]
async fn an_rsa_key_in_pkcs1_signs_as_the_same_key_in_pkcs8() {
    let pem = fs::read(path("keys/rsa-2048-private-key-pkcs1.pem")).unwrap();
    let (pkcs1, pkcs8) = (RsaSigner::from_pem(&pem, "did:work:x#rsa-1").unwrap(), rsa_signer());
    assert_eq!(pkcs1.public_key(), pkcs8.public_key());
    assert_eq!(pkcs1.sign(b"message").await.unwrap(), pkcs8.sign(b"message").await.unwrap());
}

#[test]
fn a_text_without_an_rsa_key_of_2048_bits_is_refused() {
    let short = fs::read(path("keys/rsa-1024-private-key.pem")).unwrap();
    let public = fs::read(path("keys/rsa-2048-public-key.pem")).unwrap();
    let encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nsecret".to_vec();
    let cases = [
        (b"secret".to_vec(), "no private key in PEM"),
        (Vec::new(), "no private key in PEM"),
        (public, "no private key in PEM"),
        (short, "2048 to 4096 bits"),
        (encrypted, "decrypt it"),
    ];
    for (text, reason) in cases {
        let error = RsaSigner::from_pem(&text, "did:work:x#rsa-1").unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("did:work:x#rsa-1") && shown.contains(reason), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[tokio::test]
async fn the_header_is_the_usual_one_and_the_payload_two_digests() {
    let (proof, payload) = proof_and_payload(&signer(), ProofType::Ed25519Signature2018).await;
    assert_eq!(payload.len(), 64);
    let expected = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..";
    assert!(proof["jws"].as_str().unwrap().starts_with(expected));
}

#[tokio::test]
async fn a_header_with_the_same_meaning_in_other_words_is_read() {
    let signer = signer();
    let (mut proof, payload) = proof_and_payload(&signer, ProofType::Ed25519Signature2018).await;
    for header in [
        r#"{"alg":"EdDSA","crit":["b64"],"b64":false}"#,
        r#"{ "kid": "key-1", "alg": "EdDSA", "b64": false, "crit": ["b64"] }"#,
    ] {
        let (header, bytes) = with_header(header, &payload);
        let signature = URL_SAFE_NO_PAD.encode(signer.sign(&bytes).await.unwrap());
        proof["jws"] = json!(format!("{header}..{signature}"));
        assert_eq!(check(&proof, &signer.public_key()), Ok(()));
    }
}

#[tokio::test]
async fn a_wrong_header_is_refused_although_its_signature_is_right() {
    let signer = signer();
    let (mut proof, payload) = proof_and_payload(&signer, ProofType::Ed25519Signature2018).await;
    for header in [
        r#"{"alg":"none","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"eddsa","b64":false,"crit":["b64"]}"#,
        r#"{"b64":false,"crit":["b64"]}"#,
        r#"{"alg":"EdDSA","b64":true,"crit":["b64"]}"#,
        r#"{"alg":"EdDSA","crit":["b64"]}"#,
        r#"{"alg":"EdDSA","b64":false}"#,
        r#"{"alg":"EdDSA","b64":false,"crit":[]}"#,
        r#"{"alg":"EdDSA","b64":false,"crit":["b64","exp"],"exp":1}"#,
        r#"{"alg":"EdDSA","alg":"EdDSA","b64":false,"crit":["b64"]}"#,
        r#"["EdDSA"]"#,
        "text",
        "",
        RS256,
    ] {
        let (encoded, bytes) = with_header(header, &payload);
        let signature = URL_SAFE_NO_PAD.encode(signer.sign(&bytes).await.unwrap());
        proof["jws"] = json!(format!("{encoded}..{signature}"));
        let verified = check(&proof, &signer.public_key());
        assert!(is_malformed(&verified, "jws"), "{header}: {verified:?}");
    }
}

#[tokio::test]
async fn other_texts_than_a_detached_jws_are_refused() {
    let signer = signer();
    let (proof, _) = proof_and_payload(&signer, ProofType::Ed25519Signature2018).await;
    let jws = proof["jws"].as_str().unwrap().to_owned();
    for text in [
        json!(null),
        json!(7),
        json!(""),
        json!("pY9...Cky6Ed = "),
        json!(jws.replace("..", ".")),
        json!(jws.replace("..", ".e30.")),
        json!(jws.replace("..", "...")),
        json!(format!("{jws}=")),
        json!(format!("{jws} ")),
        json!("a".repeat(1 << 20)),
    ] {
        let mut other = proof.clone();
        other["jws"] = text;
        let verified = check(&other, &signer.public_key());
        assert!(is_malformed(&verified, "jws"), "{verified:?}");
    }
    let mut short = proof.clone();
    short["jws"] = json!(jws[..jws.len() - 2]);
    let verified = check(&short, &signer.public_key());
    assert!(matches!(verified, Err(SignatureError::Wrong(_))), "{verified:?}");
}

#[tokio::test]
async fn an_rsa_signature_with_pss_verifies_too() {
    let signer = rsa_signer();
    let (mut proof, payload) = proof_and_payload(&signer, ProofType::RsaSignature2018).await;
    assert_eq!(check(&proof, &signer.public_key()), Ok(()));

    let (header, bytes) = with_header(&RS256.replace("RS256", "PS256"), &payload);
    let pair = RsaKeyPair::from_pkcs8(&rsa_key()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &bytes, &mut signature).unwrap();
    proof["jws"] = json!(format!("{header}..{}", URL_SAFE_NO_PAD.encode(&signature)));
    assert_eq!(check(&proof, &signer.public_key()), Ok(()));

    // the same signature under the header of the other scheme
    let (header, _) = with_header(RS256, &payload);
    proof["jws"] = json!(format!("{header}..{}", URL_SAFE_NO_PAD.encode(&signature)));
    let verified = check(&proof, &signer.public_key());
    assert!(matches!(verified, Err(SignatureError::Wrong(_))), "{verified:?}");
}

#[tokio::test]
async fn the_kind_of_key_fits_the_proof_type() {
    let (ed25519, rsa) = (signer(), rsa_signer());
    let signers: [(&dyn Signer, ProofType); 2] =
        [(&ed25519, ProofType::RsaSignature2018), (&rsa, ProofType::Ed25519Signature2018)];
    for (signer, proof_type) in signers {
        let options = options(proof_type);
        let signed = sign(Signed::Message(&document()), &options, signer, &Contexts::new()).await;
        assert!(needs_other_key(&signed), "{signed:?}");
    }
    let (by_ed25519, payload) = proof_and_payload(&ed25519, ProofType::Ed25519Signature2018).await;
    let (mut by_rsa, _) = proof_and_payload(&rsa, ProofType::RsaSignature2018).await;
    for (proof, key) in [(&by_ed25519, rsa.public_key()), (&by_rsa, ed25519.public_key())] {
        let verified = check(proof, &key);
        assert!(needs_other_key(&verified), "{verified:?}");
    }
    // an Ed25519 signature in a proof of RSA
    let (header, bytes) = with_header(EDDSA, &payload);
    let signature = URL_SAFE_NO_PAD.encode(ed25519.sign(&bytes).await.unwrap());
    by_rsa["jws"] = json!(format!("{header}..{signature}"));
    let verified = check(&by_rsa, &ed25519.public_key());
    assert!(is_malformed(&verified, "jws"), "{verified:?}");
}
