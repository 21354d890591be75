//! The checks of the signatures: every part is signed, and by the right DID.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::Value;
use verdict::Failure;

use super::{
    keys::Keys,
    view::{ResponseView, owner},
};
use crate::{
    check::ExchangeCheck,
    did::{Did, PublicKey},
    message::{Proof, ProofRequest, ProofResponse, Received, VerifiableCredential, claim_document},
    signature::{self, Contexts, Covers},
};

/// The failures of each check of signatures.
pub(super) type FailuresByCheck = BTreeMap<ExchangeCheck, Vec<Failure>>;

/// One signature, and the DID that should have made it.
struct PendingSignature<'r> {
    check: ExchangeCheck,
    pointer: String,
    signer: Did,
    /// The key, as the proof refers to it.
    reference: &'r str,
    /// What is signed, without its proofs.
    document: Arc<Value>,
    covers: Covers,
    proof: &'r Value,
}

/// The signatures to be verified, and the failures so far: a missing signature, or one by another DID.
#[derive(Default)]
pub(super) struct Signatures<'r> {
    pending: Vec<PendingSignature<'r>>,
    failures: FailuresByCheck,
}

/// A signature with the key that should have made it.
struct KeyedSignature {
    check: ExchangeCheck,
    pointer: String,
    key: PublicKey,
    document: Arc<Value>,
    covers: Covers,
    proof: Value,
}

/// Signatures that are ready to be verified, and the failures so far.
#[derive(Default)]
pub(super) struct KeyedSignatures {
    keyed: Vec<KeyedSignature>,
    failures: FailuresByCheck,
}

/// A part of a message that must be signed.
struct SignedPart<'r, 'p> {
    check: ExchangeCheck,
    pointer: &'p str,
    /// The document to which the pointers of the proofs belong.
    whole: &'r Value,
    proofs: &'r [Proof],
    signer: &'p str,
    covers: Covers,
}

impl<'r> Signatures<'r> {
    /// Collects the signature of a request: by a key of the verifier that it names.
    pub(super) fn of_request(request: &'r Received<ProofRequest>) -> Self {
        let mut signatures = Self::default();
        signatures.add_request(request);
        signatures
    }

    /// Collects all signatures of a response, and of its request.
    pub(super) fn of(view: &ResponseView<'r>, holder: &Did) -> Self {
        let mut signatures = Self::of_request(view.request);
        let whole = view.response.document();
        let response = SignedPart {
            check: ExchangeCheck::ResponseSignature,
            pointer: "",
            whole,
            proofs: &view.response.message().proof,
            signer: holder.as_str(),
            covers: Covers::Message,
        };
        signatures.add(&response, || without_proof(whole));
        for presentation in view.presentations() {
            let part = SignedPart {
                check: ExchangeCheck::PresentationSignatures,
                pointer: &presentation.pointer,
                whole,
                proofs: &presentation.proof,
                signer: holder.as_str(),
                covers: Covers::Message,
            };
            signatures.add(&part, || without_proof(view.response.part(&presentation.pointer)));
        }
        for credential in view.credentials() {
            signatures.add_credential(view.response, credential);
        }
        signatures
    }

    /// Returns the DIDs that should have signed.
    pub(super) fn signers(&self) -> BTreeSet<Did> {
        let signers = self.pending.iter().map(|pending| pending.signer.clone());
        signers.collect()
    }

    /// Adds the keys; a missing key is a failure.
    pub(super) fn with(self, keys: &Keys) -> KeyedSignatures {
        let mut keyed = Vec::with_capacity(self.pending.len());
        let mut failures = self.failures;
        for pending in self.pending {
            match keys.find(&pending.signer, pending.reference) {
                Ok(key) => keyed.push(KeyedSignature {
                    check: pending.check,
                    pointer: pending.pointer,
                    key,
                    document: pending.document,
                    covers: pending.covers,
                    proof: pending.proof.clone(),
                }),
                Err(failure) => {
                    let failures = failures.entry(pending.check).or_default();
                    failures.push(failure.about(pending.pointer));
                }
            }
        }
        KeyedSignatures { keyed, failures }
    }

    fn add_request(&mut self, request: &'r Received<ProofRequest>) {
        let part = SignedPart {
            check: ExchangeCheck::RequestSignature,
            pointer: "",
            whole: request.document(),
            proofs: &request.message().proof,
            signer: &request.message().body.verifier,
            covers: Covers::Message,
        };
        self.add(&part, || without_proof(part.whole));
    }

    /// Adds the signatures of a credential's attributes. Without an attribute there is no signature, so that a
    /// credential without attributes fails.
    fn add_credential(
        &mut self,
        response: &'r Received<ProofResponse>,
        credential: &'r VerifiableCredential,
    ) {
        let check = ExchangeCheck::AttributeSignatures;
        let document = response.part(&credential.pointer);
        if let Some(proofs) = &credential.whole {
            let part = SignedPart {
                check,
                pointer: &credential.pointer,
                whole: response.document(),
                proofs,
                signer: &credential.issuer_did,
                covers: Covers::Message,
            };
            return self.add(&part, || without_proof(document));
        }
        if credential.attributes.is_empty() {
            let failure = Failure::new(
                "a credential that its issuer signed",
                "one without attributes, and so without a signature",
                "show an attribute of it, or leave it out",
            );
            self.fail(check, failure.about(&credential.pointer));
        }
        for (index, attribute) in credential.attributes.iter().enumerate() {
            let part = SignedPart {
                check,
                pointer: &attribute.pointer,
                whole: response.document(),
                proofs: &attribute.proof,
                signer: &credential.issuer_did,
                covers: Covers::Claim,
            };
            self.add(&part, || claim_document(document, index).unwrap_or_default());
        }
    }

    /// Adds the signatures of one part: at least one, each by the right signer.
    fn add(&mut self, part: &SignedPart<'r, '_>, signed: impl FnOnce() -> Value) {
        let check = part.check;
        let Ok(signer) = part.signer.parse::<Did>() else {
            let failure = Failure::new(
                "a signer with a DID",
                part.signer,
                "name the signer by its DID, as did:sov:WgWxqztrNooG92RXvxSTWv",
            );
            return self.fail(check, failure.about(part.pointer));
        };
        if part.proofs.is_empty() {
            let failure = Failure::new(
                format!("a signature by {signer}"),
                "none",
                "have it signed; do not accept it unsigned",
            );
            return self.fail(check, failure.about(format!("{}/proof", part.pointer)));
        }
        let signed = Arc::new(signed());
        for proof in part.proofs {
            match key_of(proof, &signer) {
                Ok(reference) => self.pending.push(PendingSignature {
                    check,
                    pointer: proof.pointer.clone(),
                    signer: signer.clone(),
                    reference,
                    document: Arc::clone(&signed),
                    covers: part.covers,
                    proof: part.whole.pointer(&proof.pointer).unwrap_or(&Value::Null),
                }),
                Err(failure) => self.fail(check, failure.about(&proof.pointer)),
            }
        }
    }

    fn fail(&mut self, check: ExchangeCheck, failure: Failure) {
        self.failures.entry(check).or_default().push(failure);
    }
}

impl KeyedSignatures {
    /// Verifies them all, on the calling thread.
    pub(super) fn verify(self, contexts: &Contexts) -> FailuresByCheck {
        let mut failures = self.failures;
        for KeyedSignature { check, pointer, key, document, covers, proof } in self.keyed {
            if let Err(error) = signature::verify(&document, covers, &proof, &key, contexts) {
                let failure = Failure::new(
                    "a signature that verifies",
                    error.to_string(),
                    "do not accept it; ask for it again as it was signed",
                );
                failures.entry(check).or_default().push(failure.about(pointer));
            }
        }
        failures
    }
}

/// Returns the reference to the key that a proof names, which must be one of the signer.
fn key_of<'r>(proof: &'r Proof, signer: &Did) -> Result<&'r str, Failure> {
    let expected = format!("a signature by a key of {signer}");
    let remedy = "have it signed by the DID that it names";
    let Some(reference) = proof.key_reference() else {
        return Err(Failure::new(expected, "one that names no key", remedy));
    };
    if let Some(creator) = &proof.creator
        && creator != reference
    {
        let got = format!("one that names two, {creator} and {reference}");
        return Err(Failure::new(expected, got, remedy));
    }
    match owner(reference) {
        Some(owner) if owner != signer.as_str() => {
            let got = format!("one by {reference}");
            Err(Failure::new(expected, got, remedy))
        }
        _ => Ok(reference),
    }
}

fn without_proof(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| *name != "proof");
            let members = members.map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}
