//! Which keys of a DID may sign, and which members of a proof are accepted.

use chrono::{DateTime, Utc};
use exchange::{
    did::{DidDocument, Purpose, document_of, read_document},
    key::Signer,
    signature::{Contexts, ProofType, SignatureError, Signed, sign, verify},
};
use serde_json::{Value, json};

use super::fixture::{document, is_malformed, json_file, now, options, signer};

const DID: &str = "did:work:6sYe1y3zXhmyrBkgHgAgaq";

/// Returns a document with this key, and these further members.
fn with(key: &Value, members: &Value) -> Value {
    let mut entry = json!({
        "id": "#key-1",
        "type": "Ed25519VerificationKey2018",
        "controller": DID,
        "publicKeyBase58": "4CcKDtU1JNGi8U4D8Rv9CHzfmF7xzaxEAPFA54eQjRHF",
    });
    entry.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
    let mut document = json!({"id": DID, "verificationMethod": [entry]});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    document
}

fn read(document: &Value) -> DidDocument {
    let read = read_document(document).unwrap();
    assert_eq!(read_document(&document_of(&read)).unwrap(), read, "it is written as it is read");
    read
}

/// Returns why the key may not be used for any of these purposes.
fn refusal(document: &Value, purposes: &[Purpose]) -> Option<String> {
    read(document).key_for("key-1", purposes, now()).err().map(|error| error.to_string())
}

#[track_caller]
fn assert_refused(document: &Value, purposes: &[Purpose], expected: &str) {
    let refusal = refusal(document, purposes).expect("it is refused");
    assert!(refusal.starts_with(expected), "{refusal}");
}

#[test]
fn a_key_that_is_revoked_or_has_expired_is_refused_with_the_date() {
    let past = "2019-08-25T09:10:59Z";
    for (member, expected) in [
        ("revoked", format!("one that was revoked at {past:?}; ")),
        ("expires", format!("one that expired at {past:?}; ")),
    ] {
        let document = with(&json!({member: past}), &json!({}));
        assert_refused(&document, Purpose::ALL, &expected);
        let later = with(&json!({member: "2019-08-25T09:11:01Z"}), &json!({}));
        assert_eq!(refusal(&later, Purpose::ALL), None);
        for unreadable in [json!("tomorrow"), json!(true), json!({"by": "me"}), json!("")] {
            let document = with(&json!({member: unreadable}), &json!({}));
            assert!(refusal(&document, Purpose::ALL).is_some(), "{member}: {unreadable}");
        }
    }
}

#[test]
fn a_key_that_another_controls_is_refused_by_the_name() {
    let document = with(&json!({"controller": "did:work:another"}), &json!({}));
    assert_refused(&document, Purpose::ALL, "one that \"did:work:another\" controls; ");
    let odd = with(&json!({"controller": ["did:work:another"]}), &json!({}));
    assert_eq!(read_document(&odd).unwrap_err().pointer, "/verificationMethod/0/controller");
}

#[test]
fn what_else_takes_a_key_out_of_use_is_heard() {
    for members in [
        json!({"owner": "did:work:another"}),
        json!({"validUntil": "2019-08-25T09:10:59Z"}),
        json!({"expired": true}),
        json!({"revocation": {"by": "me"}}),
        json!({"deactivated": true}),
    ] {
        assert!(refusal(&with(&members, &json!({})), Purpose::ALL).is_some(), "{members}");
    }
    assert_eq!(refusal(&with(&json!({"revoked": false}), &json!({})), Purpose::ALL), None);
    let metadata = json!({"didDocumentMetadata": {"deactivated": true}});
    let deactivated = "one of a document that is deactivated; ";
    assert_refused(&with(&json!({}), &metadata), Purpose::ALL, deactivated);
    let two = with(
        &json!({"publicKeyMultibase": "z6MkhHND99mkHx9LUrTEnxQsyxcRQGBqSKZZgwZVLKSBjtH7"}),
        &json!({}),
    );
    assert!(read_document(&two).is_err(), "two different keys");
}

#[test]
fn of_several_members_the_strictest_limits_a_key() {
    let (past, future) = ("2019-08-01T00:00:00Z", "2099-01-01T00:00:00Z");
    for members in [
        json!({"revoked": future, "deactivated": true}),
        json!({"revoked": future, "revocation": past}),
        json!({"revocationDate": past}),
        json!({"suspended": true}),
        json!({"expires": future, "validUntil": past}),
        json!({"expires": future, "expired": true}),
        json!({"expirationDate": past}),
        json!({"validFrom": future}),
        json!({"validFrom": past, "notBefore": future}),
        json!({"validFrom": future, "notBefore": "soon"}),
    ] {
        assert!(refusal(&with(&members, &json!({})), Purpose::ALL).is_some(), "{members}");
        let document = with(&json!({}), &members);
        assert!(refusal(&document, Purpose::ALL).is_some(), "{members} of the document");
    }
    let members =
        json!({"revoked": future, "expires": future, "validUntil": future, "validFrom": past});
    assert_eq!(refusal(&with(&members, &members), Purpose::ALL), None);
}

#[test]
fn a_key_in_json_is_of_the_algorithm_that_it_names() {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "AA", "alg": "ES256"});
    let document = with(&json!({"publicKeyJwk": jwk}), &json!({}));
    let error = read_document(&document).unwrap_err();
    assert_eq!(error.pointer, "/verificationMethod/0/publicKeyJwk");
    assert!(error.reason.contains("\"ES256\""), "{error}");
}

#[test]
fn a_deactivated_document_has_no_key_that_may_be_used() {
    let document = with(&json!({}), &json!({"deactivated": true}));
    assert_refused(&document, Purpose::ALL, "one of a document that is deactivated; ");
    let document = with(&json!({}), &json!({"deactivated": false}));
    assert_eq!(refusal(&document, Purpose::ALL), None);
    let odd = with(&json!({}), &json!({"deactivated": "yes"}));
    assert_eq!(read_document(&odd).unwrap_err().pointer, "/deactivated");
}

#[test]
fn a_key_is_for_the_purposes_under_which_it_is_listed() {
    let (assertion, authentication) = ([Purpose::AssertionMethod], [Purpose::Authentication]);
    let cases = [
        (json!({}), true, true),
        (json!({"assertionMethod": ["#key-1"]}), true, false),
        (json!({"authentication": [format!("{DID}#key-1")]}), false, true),
        (json!({"authentication": ["key-1"], "assertionMethod": ["#key-1"]}), true, true),
        (json!({"assertionMethod": []}), false, false),
        (json!({"assertionMethod": ["did:work:another#key-1"]}), false, false),
        (json!({"keyAgreement": ["#key-1"]}), false, false),
        (json!({"assertionMethod": null}), true, true),
    ];
    for (lists, may_assert, may_authenticate) in cases {
        let document = with(&json!({}), &lists);
        assert_eq!(refusal(&document, &assertion).is_none(), may_assert, "{lists}");
        assert_eq!(refusal(&document, &authentication).is_none(), may_authenticate, "{lists}");
        let either = may_assert || may_authenticate;
        assert_eq!(refusal(&document, Purpose::ALL).is_none(), either, "{lists}");
    }
    let document = with(&json!({}), &json!({"authentication": ["#key-1"]}));
    let expected = "one that its document does not list under assertionMethod; ";
    assert_refused(&document, &assertion, expected);
}

#[test]
fn a_key_inside_a_list_of_a_purpose_is_for_that_purpose() {
    let key = with(&json!({}), &json!({}))["verificationMethod"][0].clone();
    let document = json!({"id": DID, "assertionMethod": [key]});
    assert_eq!(refusal(&document, &[Purpose::AssertionMethod]), None);
    assert!(refusal(&document, &[Purpose::Authentication]).is_some());
    let both = json!({"id": DID, "assertionMethod": [key], "authentication": [key]});
    assert_eq!(refusal(&both, &[Purpose::Authentication]), None);
    let mut other = key.clone();
    other["revoked"] = json!("2019-08-01T00:00:00Z");
    let two = json!({"id": DID, "assertionMethod": [key], "authentication": [other]});
    assert_eq!(read_document(&two).unwrap_err().pointer, "/authentication/0/id");
}

#[test]
fn two_documents_that_differ_in_what_a_key_may_do_are_two() {
    let revoked = with(&json!({"revoked": "2030-01-01T00:00:00Z"}), &json!({}));
    assert_ne!(read(&with(&json!({}), &json!({}))), read(&revoked));
}

/// Returns a proof with these members too, as if they had been signed.
async fn proof_with(proof_type: ProofType, document: &Value, members: &Value) -> Value {
    let plain = sign(Signed::Message(document), &options(proof_type), &signer(), &contexts()).await;
    let mut proof = serde_json::to_value(plain.unwrap()).unwrap();
    proof.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    proof
}

fn contexts() -> Contexts {
    Contexts::new()
}

fn document_for(proof_type: ProofType) -> Value {
    match proof_type.is_linked() {
        true => json_file("linked-data/request.json"),
        false => document(),
    }
}

fn checked_at(document: &Value, proof: &Value, now: DateTime<Utc>) -> Result<(), SignatureError> {
    verify(Signed::Message(document), proof, &signer().public_key(), &contexts(), now)
}

const ED25519: [ProofType; 4] = [
    ProofType::Ed25519VerificationKey2018,
    ProofType::JcsEd25519Signature2020,
    ProofType::Ed25519Signature2018,
    ProofType::EddsaJcs2022,
];

#[tokio::test]
async fn a_member_of_a_proof_that_is_not_acted_on_is_refused_by_name() {
    for proof_type in ED25519 {
        let document = document_for(proof_type);
        for member in ["domain", "challenge", "previousProof", "unknown"] {
            let proof = proof_with(proof_type, &document, &json!({member: "example.com"})).await;
            let checked = checked_at(&document, &proof, now());
            let is_named = is_malformed(&checked, &format!("{member} is not acted on"));
            assert!(is_named, "{proof_type} {member}: {checked:?}");
        }
    }
}

#[tokio::test]
async fn a_proof_that_has_expired_or_has_another_purpose_is_refused() {
    for proof_type in ED25519 {
        let document = document_for(proof_type);
        for (member, value) in [
            ("expires", "2019-08-25T09:11:00Z"),
            ("expires", "soon"),
            ("proofPurpose", "keyAgreement"),
            ("presentationPurpose", "capabilityInvocation"),
        ] {
            let proof = proof_with(proof_type, &document, &json!({member: value})).await;
            let checked = checked_at(&document, &proof, now());
            assert!(is_malformed(&checked, member), "{proof_type} {member}: {checked:?}");
        }
    }
    let proof = json!({"proofPurpose": "authentication"});
    assert_eq!(Signed::Message(&proof).purposes_of(&proof), Ok(&[Purpose::Authentication][..]));
    assert!(Signed::Claim(&proof, 0).purposes_of(&proof).is_err(), "an issuer asserts");
    assert!(Signed::Credential(&proof).purposes_of(&proof).is_err());
    let two = json!({"proofPurpose": "authentication", "presentationPurpose": "assertionMethod"});
    assert!(Signed::Message(&two).purposes_of(&two).is_err());
}
