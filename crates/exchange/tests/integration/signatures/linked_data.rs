//! Linked data: a signature covers all of a JSON-LD document, or the document is refused.

use exchange::{
    key::Signer,
    signature::{CREDENTIALS_CONTEXT, Contexts, ProofType, SignatureError, Signed, sign, verify},
};
use serde_json::{Value, json};

use super::fixture::{json_file, now, options, signer};

async fn signed(document: &Value) -> Result<Value, SignatureError> {
    let options = options(ProofType::Ed25519Signature2018);
    let contexts = contexts();
    let proof = sign(Signed::Message(document), &options, &signer(), &contexts).await?;
    Ok(serde_json::to_value(proof).unwrap())
}

fn check(document: &Value, proof: &Value) -> Result<(), SignatureError> {
    let key = signer().public_key();
    verify(Signed::Message(document), proof, &key, &contexts(), now())
}

/// Returns those of the crate, and that of the draft's driving licence.
fn contexts() -> Contexts {
    let mut contexts = Contexts::new();
    let licence = json!({"@context": {
        "@version": 1.1,
        "DrivingLicenceCredential": "https://stateagency.gov/#DrivingLicenceCredential",
    }});
    contexts.add("https://stateagency.gov", licence);
    contexts
}

fn request() -> Value {
    json_file("linked-data/request.json")
}

fn response() -> Value {
    json_file("linked-data/response.json")
}

#[tokio::test]
async fn a_request_and_a_response_in_json_ld_are_signed_and_verify() {
    for document in [request(), response()] {
        let proof = signed(&document).await.unwrap();
        assert_eq!(proof["proofPurpose"], "assertionMethod");
        assert!(proof.get("nonce").is_none() && proof.get("signatureValue").is_none());
        assert_eq!(check(&document, &proof), Ok(()));
    }
}

/// Returns the places of all leaves, but not those of contexts.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| *name != "@context") {
                leaves(member, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{place}/{index}"), found);
            }
        }
        _ => found.push(place.to_owned()),
    }
}

#[tokio::test]
async fn a_signature_covers_every_leaf_of_linked_data() {
    for document in [request(), response()] {
        let proof = signed(&document).await.unwrap();
        let mut places = Vec::new();
        leaves(&document, "", &mut places);
        assert!(places.len() > 20);
        for place in places {
            for other in [json!("urn:x:altered"), json!(null)] {
                let mut altered = document.clone();
                *altered.pointer_mut(&place).unwrap() = other;
                if altered != document {
                    assert!(check(&altered, &proof).is_err(), "{place}");
                }
            }
            let (parent, name) = place.rsplit_once('/').unwrap();
            let mut shorter = document.clone();
            match shorter.pointer_mut(parent).unwrap() {
                Value::Object(members) => drop(members.remove(name)),
                Value::Array(items) => drop(items.remove(name.parse().unwrap())),
                other => panic!("{other}"),
            }
            assert!(check(&shorter, &proof).is_err(), "without {place}");
        }
    }
}

#[tokio::test]
async fn a_signature_covers_every_other_member_of_the_proof() {
    let proof = signed(&request()).await.unwrap();
    for (member, value) in [
        ("created", "2019-08-23T14:29:49Z"),
        ("proofPurpose", "authentication"),
        ("nonce", "1"),
        ("domain", "example.org"),
        ("verificationMethod", "did:work:another#key-1"),
        ("type", "RsaSignature2018"),
        ("signatureValue", "1"),
        ("unknown", "1"),
        ("@context", "https://w3id.org/security/v2"),
    ] {
        let mut altered = proof.clone();
        altered[member] = json!(value);
        assert!(check(&request(), &altered).is_err(), "{member}");
    }
    let mut without = proof.clone();
    without.as_object_mut().unwrap().remove("proofPurpose");
    assert!(check(&request(), &without).is_err());
}

async fn assert_refused(document: &Value, expected: &str) {
    let error = signed(document).await.unwrap_err();
    assert!(matches!(error, SignatureError::NotCanonical(_)), "{error}");
    let error = error.to_string();
    assert!(error.contains(expected), "{error} should contain {expected}");
    assert!(error.len() < 1000);
}

#[tokio::test]
async fn a_member_that_no_context_defines_is_refused_at_every_depth() {
    for place in [
        "",
        "/proofRequest",
        "/proofRequest/criteria/0",
        "/proofRequest/criteria/0/issuers",
        "/proofRequest/criteria/0/properties/0",
    ] {
        for value in [
            json!("text"),
            json!(1),
            json!(["urn:a:b"]),
            json!({"name": "x"}),
            json!({}),
            json!([]),
        ] {
            let mut document = request();
            document.pointer_mut(place).unwrap()["undefinedMember"] = value;
            assert_refused(&document, "").await;
        }
    }
    let mut document = request();
    document["undefinedMember"] = json!("text");
    assert_refused(&document, "undefinedMember").await;
}

#[tokio::test]
async fn a_type_that_no_context_defines_is_refused() {
    for kind in ["UndefinedType", "Undefined Type", "urn:type:x", "", "@id", "_:b0", "#a"] {
        let mut document = request();
        document["type"] = json!(["ProofRequest", kind]);
        assert_refused(&document, "").await;
        document["type"] = json!("ProofRequest");
        document["proofRequest"]["type"] = json!(kind);
        assert_refused(&document, "").await;
    }
}

#[tokio::test]
async fn an_id_that_is_not_absolute_is_refused_with_advice() {
    for id in [
        "eedeec15-c364-4e4c-b7a7-871413e412f9",
        "key 1",
        "#a",
        "/a",
        "",
        "_:b0",
        "did:work:a b",
        "1:2",
        "@type",
    ] {
        let mut document = request();
        document["id"] = json!(id);
        assert_refused(&document, "urn:uuid:").await;
    }
    for id in [json!(null), json!(1), json!(["urn:a:b"])] {
        let mut document = request();
        document["id"] = id;
        assert_refused(&document, "@id").await;
    }
    let mut document = response();
    document["FulfilledCriteria"][0]["Presentations"][0]["holder"] = json!("key 1");
    assert_refused(&document, "key 1").await;
    document["FulfilledCriteria"][0]["Presentations"][0]["holder"] = json!("key-1");
    assert_refused(&document, "key-1").await;
}

#[tokio::test]
async fn json_ld_with_two_possible_spellings_is_refused() {
    let iri = "https://negotiate-proof.example/proof-exchange/v1#proofURL";
    for (member, value) in [
        (iri, json!("https://example.com")),
        ("px:proofURL", json!("https://example.com")),
        ("@id", json!("urn:a:b")),
        ("@type", json!("ProofRequest")),
        ("@graph", json!([])),
        ("@included", json!([{"id": "urn:a:b"}])),
        ("@reverse", json!({})),
        ("@nest", json!({})),
        ("@index", json!("a")),
        ("@unknown", json!("a")),
        ("proofRequestId", json!({"@value": "a"})),
        ("proofRequestId", json!({"@list": ["a"]})),
        ("proofRequestId", json!(["a", "a"])),
        ("proofRequestId", json!([["a"]])),
        ("proofRequestId", json!(null)),
        ("proofRequestId", json!(1.5)),
        ("proofRequestId", json!(1e300)),
        ("proofRequestId", json!("\u{7}")),
        ("proofRequestId", json!("\t")),
    ] {
        let mut document = request();
        document[member] = value;
        assert!(signed(&document).await.is_err(), "{member}: {}", document[member]);
        assert_refused(&document, "").await;
    }
}

#[tokio::test]
async fn two_parts_with_the_same_id_are_refused() {
    let mut document = response();
    let presentation = document["FulfilledCriteria"][0]["Presentations"][0].clone();
    document["FulfilledCriteria"][0]["Presentations"] = json!([presentation, presentation]);
    assert_refused(&document, "").await;
}

#[tokio::test]
async fn names_and_values_of_one_subject_stay_together() {
    let document = response();
    let proof = signed(&document).await.unwrap();
    let place = "/FulfilledCriteria/0/Presentations/0/verifiableCredential/0/credentialSubjects";
    let mut altered = document.clone();
    let entries = altered.pointer_mut(place).unwrap();
    let (first, second) = (entries[0]["value"].clone(), entries[1]["value"].clone());
    entries[0]["value"] = second;
    entries[1]["value"] = first;
    assert!(matches!(check(&altered, &proof), Err(SignatureError::Wrong(_))));
}

#[tokio::test]
async fn contexts_are_named_and_known() {
    for (context, expected) in [
        (json!([CREDENTIALS_CONTEXT, {"key": "urn:a:b"}]), "not a URL"),
        (json!({"@vocab": "urn:a:"}), "not a URL"),
        (json!([CREDENTIALS_CONTEXT, null]), "not a URL"),
        (
            json!([CREDENTIALS_CONTEXT, "https://example.com/unknown"]),
            "https://example.com/unknown",
        ),
        (json!([]), ""),
        (json!(CREDENTIALS_CONTEXT), "ProofRequest"),
    ] {
        let mut document = request();
        document["@context"] = context;
        assert_refused(&document, expected).await;
    }
    let mut document = request();
    document.as_object_mut().unwrap().remove("@context");
    assert_refused(&document, "@context").await;
    let mut document = request();
    document["proofRequest"]["@context"] = json!({"description": "urn:a:b"});
    assert_refused(&document, "not a URL").await;
}

#[tokio::test]
async fn contexts_that_name_each_other_in_a_circle_come_to_an_end() {
    let mut contexts = Contexts::new();
    contexts.add("urn:c:1", json!({"@context": ["urn:c:2", {"a": "urn:a:a"}]}));
    contexts.add("urn:c:2", json!({"@context": ["urn:c:1"]}));
    contexts.add("urn:c:3", json!({"@context": {"a": {"@id": "urn:a:a", "@context": "urn:c:3"}}}));
    contexts.add("urn:c:4", json!({"@context": {"@import": "urn:c:4"}}));
    contexts.add("urn:c:5", json!("no context"));
    for (url, is_signed) in
        [("urn:c:1", true), ("urn:c:3", true), ("urn:c:4", false), ("urn:c:5", false)]
    {
        let document = json!({"@context": url, "a": {"a": "b"}});
        let options = options(ProofType::Ed25519Signature2018);
        let signed = sign(Signed::Message(&document), &options, &signer(), &contexts).await;
        assert_eq!(signed.is_ok(), is_signed, "{url}: {signed:?}");
    }
}

/// The test passes if each of these ends.
#[tokio::test]
async fn documents_made_to_take_long_are_refused_or_signed_soon() {
    let criterion = &request()["proofRequest"]["criteria"][0];
    let mut documents = Vec::new();
    let mut put = |place: &str, value: Value, refusal: Option<&'static str>| {
        let mut document = request();
        *document.pointer_mut(place).unwrap() = value;
        documents.push((document, refusal));
    };
    let tree = |breadth: usize, depth: usize| {
        let leaf = json!({"description": "leaf"});
        (0..depth).fold(leaf, |tree, _| json!({"issuers": vec![tree; breadth]}))
    };
    let criteria = "/proofRequest/criteria";
    let accept = "/proofRequest/accept";
    put(criteria, vec![criterion.clone(); 100].into(), Some("look alike"));
    put(criteria, tree(4, 3), Some("look alike"));
    put(criteria, tree(60, 1), None);
    put(criteria, tree(2, 5), None);
    put(criteria, tree(3, 3), None);
    // two alike, each with eight alike below it
    put(
        criteria,
        json!({"issuers": vec![json!({"issuers": vec![json!({"description": "x"}); 8]}); 2]}),
        Some("beside each"),
    );
    put(accept, vec![json!("json/RsaSignature2018"); 1000].into(), Some("look alike"));
    put(accept, (0..6000).map(|n| format!("json/{n}")).collect(), Some("more than 5000 values"));
    let deep = (0..100).fold(json!("x"), |deep, _| json!({"issuers": deep}));
    put(criteria, deep, Some("nested"));
    for (document, refusal) in &documents {
        match refusal {
            Some(refusal) => assert_refused(document, refusal).await,
            None => {
                let signed = signed(document).await;
                assert!(signed.is_ok(), "{signed:?}");
            }
        }
    }
}

/// The usual members of a proof are written without expanding them. With a context of one's own in
/// place of the security context, though the same, they are expanded.
#[tokio::test]
async fn the_members_of_a_proof_are_the_same_quads_either_way() {
    let mut expanding = contexts();
    let text = include_str!("../../../contexts/security-v2.jsonld");
    expanding.add("https://w3id.org/security/v2", serde_json::from_str(text).unwrap());
    let document = request();
    for created in ["2019-08-23T14:29:48Z", "2024-02-29T23:59:59Z"] {
        let mut options = options(ProofType::Ed25519Signature2018);
        options.created = created.parse().unwrap();
        let signed = Signed::Message(&document);
        let plain = sign(signed, &options, &signer(), &contexts()).await.unwrap();
        let expanded = sign(signed, &options, &signer(), &expanding).await.unwrap();
        assert_eq!(plain, expanded);
        // those of the other purpose are expanded and written alike, too: both refuse the
        // signature, neither the document
        let mut proof = serde_json::to_value(plain).unwrap();
        proof["proofPurpose"] = json!("authentication");
        for contexts in [&contexts(), &expanding] {
            let key = signer().public_key();
            let verified = verify(signed, &proof, &key, contexts, now());
            assert!(matches!(verified, Err(SignatureError::Wrong(_))), "{verified:?}");
        }
    }
}
