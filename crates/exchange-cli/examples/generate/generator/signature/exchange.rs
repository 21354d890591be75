//! Making an exchange, and signing it again after a change.

use std::collections::BTreeSet;

use ::exchange::did::{DidDocument, VerificationMethod, document_of};
use ::exchange::key::{MemorySigner, Signer};
use ::exchange::message::{Form, ProofRequest, Received, Spelling};
use ::exchange::signature::Signed;
use serde_json::{Value, json};

use super::super::credit_card::{
    self, ANSWERED, ASKED, HOLDER, VERIFIER, key, presentation, proof_by, unsigned_request,
};
use super::super::done;

/// The time of the verification.
pub const NOW: &str = "2019-08-25T09:11:00Z";

/// The presentation of the first credential for the first criterion.
pub const PRESENTATION: &str = "/input/response/FulfilledCriteria/0/Presentations/0";

/// The first credential.
pub const CREDENTIAL: &str =
    "/input/response/FulfilledCriteria/0/Presentations/0/verifiableCredential/0";

/// Returns the request for some criteria of the application, in this order, without a signature.
pub fn request_for(criteria: &[usize]) -> Value {
    let mut request = unsigned_request();
    let all = request["proofRequest"]["criteria"].take();
    request["proofRequest"]["criteria"] =
        criteria.iter().map(|index| all[*index].clone()).collect();
    request
}

/// Returns an exchange, as a test gives it: a request, and for each of its criteria the credentials
/// that answer it.
pub fn exchange(mut request: Value, answers: &[Vec<Value>]) -> Value {
    sign_message(&mut request, &key(VERIFIER, "key-1"), ASKED, false);
    let mut dids = BTreeSet::from([VERIFIER.to_owned(), HOLDER.to_owned()]);
    let issuer = |credential: &Value| {
        let issuer = credential.get("issuerDid").or_else(|| credential["issuer"].get("id"));
        issuer.unwrap().as_str().unwrap().to_owned()
    };
    dids.extend(answers.iter().flatten().map(issuer));
    let documents: Vec<Value> = dids.iter().map(|did| document(did)).collect();
    let response = json!({
        "id": "672841fc-10a6-4c13-b3e0-349da08ae9f3",
        "proofRequestId": request["id"],
        "verifier": VERIFIER,
        "FulfilledCriteria": [],
    });
    let mut given = json!({"input": {
        "request": request, "response": response, "did_documents": documents, "now": NOW,
    }});
    let fulfilled = answers.iter().enumerate();
    let fulfilled = fulfilled.map(|(index, credentials)| answer(&given, index, credentials));
    given["input"]["response"]["FulfilledCriteria"] = fulfilled.collect();
    sign_all(&mut given);
    given
}

/// Returns the document of a DID with two keys.
pub fn document(did: &str) -> Value {
    let method =
        |name| VerificationMethod::new(format!("{did}#{name}"), key(did, name).public_key());
    document_of(&DidDocument::new(did.parse().unwrap(), vec![method("key-1"), method("key-2")]))
}

/// Publishes the document of a DID too.
pub fn publish(given: &mut Value, did: &str) {
    given["input"]["did_documents"].as_array_mut().unwrap().push(document(did));
}

/// Returns the answer to the criterion with this index, a presentation for each credential.
pub fn answer(given: &Value, index: usize, credentials: &[Value]) -> Value {
    let criterion = repeated(given, index);
    let presentations = credentials.iter().enumerate();
    let presentations = presentations
        .map(|(number, credential)| presentation(100 * index + number, vec![credential.clone()]));
    json!({"Criterion": criterion, "Presentations": presentations.collect::<Vec<_>>()})
}

/// Returns a criterion of the request, as a response repeats it.
fn repeated(given: &Value, index: usize) -> Value {
    let request = given["input"]["request"].clone();
    let request: Received<ProofRequest> = Received::of(request, Default::default()).unwrap();
    request.message().body.criteria[index].written(Spelling::Response, Form::default())
}

/// Answers a criterion with other credentials, all else in order.
pub fn answer_with(given: &mut Value, index: usize, credentials: &[Value]) {
    given["input"]["response"]["FulfilledCriteria"][index] = answer(given, index, credentials);
    sign_all(given);
}

/// Changes what the request asks for; the verifier signs it, and the holder answers what it asks
/// then.
pub fn ask(given: &mut Value, change: impl FnOnce(&mut Value)) {
    change(&mut given["input"]["request"]["proofRequest"]);
    sign_request(given);
    let count = given["input"]["request"]["proofRequest"]["criteria"].as_array().unwrap().len();
    for index in 0..count {
        let criterion = repeated(given, index);
        let answered = given["input"]["response"]["FulfilledCriteria"].get_mut(index);
        if let Some(answered) = answered {
            answered["Criterion"] = criterion;
        }
    }
    sign_all(given);
}

/// Has the verifier sign the request.
pub fn sign_request(given: &mut Value) {
    sign_message(&mut given["input"]["request"], &key(VERIFIER, "key-1"), ASKED, false);
}

/// Has the holder sign all presentations, and the response.
pub fn sign_all(given: &mut Value) {
    sign_all_by(given, &key(HOLDER, "key-1"));
}

/// Has a key sign all presentations, and the response.
pub fn sign_all_by(given: &mut Value, signer: &MemorySigner) {
    let answers = given["input"]["response"]["FulfilledCriteria"].as_array_mut().unwrap();
    let lists = answers.iter_mut().filter_map(|answer| answer["Presentations"].as_array_mut());
    for presentation in lists.flatten() {
        sign_message(presentation, signer, ANSWERED, true);
    }
    sign_response_by(given, signer);
}

/// Has the holder sign the response.
pub fn sign_response(given: &mut Value) {
    sign_response_by(given, &key(HOLDER, "key-1"));
}

/// Has a key sign the response.
pub fn sign_response_by(given: &mut Value, signer: &MemorySigner) {
    sign_message(&mut given["input"]["response"], signer, ANSWERED, true);
}

/// Signs a message in place of its proof, with a proof alone or in a list.
pub fn sign_message(message: &mut Value, signer: &dyn Signer, created: &str, is_listed: bool) {
    message.as_object_mut().unwrap().remove("proof");
    let proof = done(proof_by(Signed::Message(message), signer, created));
    message["proof"] = if is_listed { json!([proof]) } else { proof };
}

/// Has an issuer's key sign an attribute of a credential instead.
pub fn sign_attribute(credential: &mut Value, entry: usize, signer: &dyn Signer) {
    credential["credentialSubjects"][entry].as_object_mut().unwrap().remove("proof");
    let claim = Signed::Claim(credential, entry);
    let proof = done(proof_by(claim, signer, credit_card::ISSUED));
    credential["credentialSubjects"][entry]["proof"] = json!([proof]);
}

/// Returns a value, which is there.
pub fn at<'g>(given: &'g mut Value, pointer: &str) -> &'g mut Value {
    given.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}"))
}

/// Returns the published document of a DID.
pub fn published<'g>(given: &'g mut Value, did: &str) -> &'g mut Value {
    let documents = given["input"]["did_documents"].as_array_mut().unwrap();
    documents.iter_mut().find(|document| document["id"] == did).unwrap()
}

/// Changes a letter of a signature to another that base58 and base64url have.
pub fn spoil(text: &mut Value) {
    let mut letters: Vec<char> = text.as_str().unwrap().chars().collect();
    let middle = letters.len() - letters.len() / 3;
    letters[middle] = if letters[middle] == 'A' { 'B' } else { 'A' };
    *text = letters.into_iter().collect::<String>().into();
}
