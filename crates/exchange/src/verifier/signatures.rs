//! Whether everything is signed by whom it should be.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proofs::verdict::Failure;
use serde_json::Value;

use super::{
    keys::Keys,
    read::{Read, Shown, owner, proofs},
};
use crate::{
    check::ExchangeCheck,
    did::{Did, PublicKey},
    message::{Proof, ProofRequest, Received, claim_document},
    signature::{self, Contexts, Covers},
};

/// What each check of signatures found.
pub(super) type Found = BTreeMap<ExchangeCheck, Vec<Failure>>;

/// One signature, and who should have made it.
struct Signed<'r> {
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

/// The signatures to be verified, and what is wrong already: no signature, or somebody else's.
#[derive(Default)]
pub(super) struct Signatures<'r> {
    signed: Vec<Signed<'r>>,
    found: Found,
}

/// A signature with the key that should have made it.
struct Keyed {
    check: ExchangeCheck,
    pointer: String,
    key: PublicKey,
    document: Arc<Value>,
    covers: Covers,
    proof: Value,
}

/// Signatures that are ready to be verified.
#[derive(Default)]
pub(super) struct Ready {
    keyed: Vec<Keyed>,
    found: Found,
}

/// Something that is signed: where, by whom, and what.
struct Place<'r, 'p> {
    check: ExchangeCheck,
    pointer: &'p str,
    /// What has the member `proof`.
    document: &'r Value,
    proofs: &'r [Proof],
    signer: &'p str,
    covers: Covers,
}

impl<'r> Signatures<'r> {
    /// The signature of a request: by a key of the verifier that it names.
    pub(super) fn of_request(request: &'r Received<ProofRequest>) -> Self {
        let mut signatures = Self::default();
        signatures.add_request(request);
        signatures
    }

    /// All signatures of a response, and of its request.
    pub(super) fn of(read: &Read<'r>, holder: &Did) -> Self {
        let mut signatures = Self::of_request(read.request);
        let response = Place {
            check: ExchangeCheck::ResponseSignature,
            pointer: "",
            document: read.response.document(),
            proofs: &read.response.message().proof,
            signer: holder.as_str(),
            covers: Covers::Message,
        };
        signatures.add(&response, || without_proof(response.document));
        for presented in read.presentations() {
            let presentation = Place {
                check: ExchangeCheck::PresentationSignatures,
                pointer: &presented.pointer,
                document: presented.document,
                proofs: &presented.message.proof,
                signer: holder.as_str(),
                covers: Covers::Message,
            };
            signatures.add(&presentation, || without_proof(presented.document));
        }
        for shown in read.credentials() {
            signatures.add_credential(shown);
        }
        signatures
    }

    /// The DIDs that should have signed.
    pub(super) fn signers(&self) -> BTreeSet<Did> {
        self.signed
            .iter()
            .map(|signed| signed.signer.clone())
            .collect()
    }

    /// The same with the keys; where a key is missing, that is found wrong.
    pub(super) fn with(self, keys: &Keys) -> Ready {
        let mut ready = Ready {
            keyed: Vec::with_capacity(self.signed.len()),
            found: self.found,
        };
        for signed in self.signed {
            match keys.find(&signed.signer, signed.reference) {
                Ok(key) => ready.keyed.push(Keyed {
                    check: signed.check,
                    pointer: signed.pointer,
                    key,
                    document: signed.document,
                    covers: signed.covers,
                    proof: signed.proof.clone(),
                }),
                Err(failure) => {
                    let failures = ready.found.entry(signed.check).or_default();
                    failures.push(failure.about(signed.pointer));
                }
            }
        }
        ready
    }

    fn add_request(&mut self, request: &'r Received<ProofRequest>) {
        let place = Place {
            check: ExchangeCheck::RequestSignature,
            pointer: "",
            document: request.document(),
            proofs: &request.message().proof,
            signer: &request.message().body.verifier,
            covers: Covers::Message,
        };
        self.add(&place, || without_proof(place.document));
    }

    /// An attribute that nobody signed belongs to no credential, and so does a credential without attributes.
    fn add_credential(&mut self, shown: &Shown<'r>) {
        let check = ExchangeCheck::AttributeSignatures;
        let entries = shown.document.get("credentialSubjects");
        if shown.message.attributes.is_empty() {
            let failure = Failure::new(
                "a credential that its issuer signed",
                "one without attributes, and so without a signature",
                "show an attribute of it, or leave it out",
            );
            self.fail(check, failure.about(&shown.pointer));
        }
        for (index, (pointer, attribute)) in shown.attributes().enumerate() {
            let Some(document) = entries.and_then(|entries| entries.get(index)) else {
                continue;
            };
            let place = Place {
                check,
                pointer: &pointer,
                document,
                proofs: &attribute.proof,
                signer: &shown.message.issuer_did,
                covers: Covers::Claim,
            };
            let claim = || claim_document(shown.document, index).unwrap_or_default();
            self.add(&place, claim);
        }
    }

    /// The signatures of one thing: at least one, each by the right signer.
    fn add(&mut self, place: &Place<'r, '_>, signed: impl FnOnce() -> Value) {
        let check = place.check;
        let Ok(signer) = place.signer.parse::<Did>() else {
            let failure = Failure::new(
                "a signer with a DID",
                place.signer,
                "name the signer by its DID, as did:sov:WgWxqztrNooG92RXvxSTWv",
            );
            return self.fail(check, failure.about(place.pointer));
        };
        if place.proofs.is_empty() {
            let failure = Failure::new(
                format!("a signature by {signer}"),
                "none",
                "have it signed; do not accept it unsigned",
            );
            return self.fail(check, failure.about(format!("{}/proof", place.pointer)));
        }
        let signed = Arc::new(signed());
        for (pointer, document, proof) in proofs(place.document, place.proofs, place.pointer) {
            match key_of(proof, &signer) {
                Ok(reference) => self.signed.push(Signed {
                    check,
                    pointer,
                    signer: signer.clone(),
                    reference,
                    document: Arc::clone(&signed),
                    covers: place.covers,
                    proof: document,
                }),
                Err(failure) => self.fail(check, failure.about(pointer)),
            }
        }
    }

    fn fail(&mut self, check: ExchangeCheck, failure: Failure) {
        self.found.entry(check).or_default().push(failure);
    }
}

impl Ready {
    /// Verifies them all, on the calling thread.
    pub(super) fn verify(self, contexts: &Contexts) -> Found {
        let mut found = self.found;
        for Keyed {
            check,
            pointer,
            key,
            document,
            covers,
            proof,
        } in self.keyed
        {
            if let Err(error) = signature::verify(&document, covers, &proof, &key, contexts) {
                let failure = Failure::new(
                    "a signature that verifies",
                    error.to_string(),
                    "do not accept it; ask for it again as it was signed",
                );
                found.entry(check).or_default().push(failure.about(pointer));
            }
        }
        found
    }
}

/// The key that a proof names, which must be one of the signer.
fn key_of<'r>(proof: &'r Proof, signer: &Did) -> Result<&'r str, Failure> {
    let expected = format!("a signature by a key of {signer}");
    let remedy = "have it signed by whom it names";
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
