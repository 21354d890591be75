//! The checks of the signatures: every part is signed, and by the right DID.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use verdict::Failure;

use super::{
    keys::Keys,
    view::{ResponseView, owner},
};
use crate::{
    check::ExchangeCheck,
    did::Did,
    json,
    message::{Proof, ProofRequest, ProofResponse, Received, VerifiableCredential},
    signature::{self, Contexts, SignatureError, Signed},
};

/// After this many failures of a check, no further signature is verified for it: a message that is forged causes little
/// work, and the verdict still says which parties' signatures fail.
pub const MAX_SIGNATURE_FAILURES: usize = 3;

/// The failures of each check of signatures that was made.
pub(super) type FailuresByCheck = BTreeMap<ExchangeCheck, Vec<Failure>>;

/// What a signature covers: the request, or a part of the response, by its JSON pointer.
#[derive(Clone)]
enum Part {
    Request,
    Message(String),
    Credential(String),
    Claim(String, usize),
}

/// One signature, and the DID that should have made it.
struct Signature {
    check: ExchangeCheck,
    part: Part,
    signer: Did,
    /// The key, as the proof refers to it.
    reference: String,
    /// The JSON pointer to the proof.
    pointer: String,
}

/// The signatures to be verified, in this order, and the failures so far: a missing signature, or one by another DID.
#[derive(Default)]
pub(super) struct Signatures {
    pending: Vec<Signature>,
    failures: FailuresByCheck,
}

/// What signatures are verified with.
pub(super) struct Environment {
    pub(super) request: Value,
    /// `None`: all signatures are those of the request.
    pub(super) response: Option<Arc<Received<ProofResponse>>>,
    pub(super) keys: Keys,
    pub(super) contexts: Arc<Contexts>,
    pub(super) now: DateTime<Utc>,
}

impl Signatures {
    /// Collects the signature of a request: by a key of the verifier that it names.
    pub(super) fn of_request(request: &Received<ProofRequest>) -> Self {
        let mut signatures = Self::default();
        let message = request.message();
        let check = ExchangeCheck::RequestSignature;
        signatures.add(check, "", Part::Request, &message.proof, &message.body.verifier);
        signatures
    }

    /// Collects all signatures of a response, and of its request: that of the response first, which covers all others.
    pub(super) fn of(view: &ResponseView<'_>, holder: &Did) -> Self {
        let mut signatures = Self::of_request(view.request);
        let mut by_holder = |check, pointer: &str, proofs| {
            signatures.add(
                check,
                pointer,
                Part::Message(pointer.to_owned()),
                proofs,
                holder.as_str(),
            );
        };
        by_holder(ExchangeCheck::ResponseSignature, "", &view.response.message().proof);
        for presentation in view.presentations() {
            let check = ExchangeCheck::PresentationSignatures;
            by_holder(check, &presentation.pointer, &presentation.proof);
        }
        for credential in view.credentials() {
            signatures.add_credential(credential);
        }
        signatures
    }

    /// Returns the DIDs that should have signed.
    pub(super) fn signers(&self) -> BTreeSet<Did> {
        self.pending.iter().map(|signature| signature.signer.clone()).collect()
    }

    /// Adds the signatures of a credential: of the whole, or of its attributes. Without an attribute there is no
    /// signature, so that a credential without attributes fails.
    fn add_credential(&mut self, credential: &VerifiableCredential) {
        let check = ExchangeCheck::AttributeSignatures;
        let (pointer, issuer) = (&credential.pointer, &credential.issuer_did);
        if let Some(proofs) = &credential.whole {
            return self.add(check, pointer, Part::Credential(pointer.clone()), proofs, issuer);
        }
        if credential.attributes.is_empty() {
            let failure = Failure::new(
                "a credential that its issuer signed",
                "one without attributes, and so without a signature",
                "show an attribute of it, or leave it out",
            );
            self.fail(check, failure.about(pointer));
        }
        for (entry, attribute) in credential.attributes.iter().enumerate() {
            let part = Part::Claim(pointer.clone(), entry);
            self.add(check, &attribute.pointer, part, &attribute.proof, issuer);
        }
    }

    /// Adds the signatures of one part: at least one, each by the right signer.
    fn add(
        &mut self,
        check: ExchangeCheck,
        pointer: &str,
        part: Part,
        proofs: &[Proof],
        signer: &str,
    ) {
        let Ok(signer) = signer.parse::<Did>() else {
            let failure = Failure::new(
                "a signer with a DID",
                signer,
                "name the signer by its DID, as did:sov:WgWxqztrNooG92RXvxSTWv",
            );
            return self.fail(check, failure.about(pointer));
        };
        if proofs.is_empty() {
            let failure = Failure::new(
                format!("a signature by {signer}"),
                "none",
                "have it signed; do not accept it unsigned",
            );
            return self.fail(check, failure.about(format!("{pointer}/proof")));
        }
        for proof in proofs {
            match key_of(proof, &signer) {
                Ok(reference) => self.pending.push(Signature {
                    check,
                    part: part.clone(),
                    signer: signer.clone(),
                    reference: reference.to_owned(),
                    pointer: proof.pointer.clone(),
                }),
                Err(failure) => self.fail(check, failure.about(&proof.pointer)),
            }
        }
    }

    fn fail(&mut self, check: ExchangeCheck, failure: Failure) {
        self.failures.entry(check).or_default().push(failure);
    }

    /// Verifies them on the calling thread, those of each check until [`MAX_SIGNATURE_FAILURES`] of them have failed.
    pub(super) fn verify(
        mut self,
        checks: &[ExchangeCheck],
        with: &Environment,
    ) -> FailuresByCheck {
        let mut left: BTreeMap<ExchangeCheck, usize> = BTreeMap::new();
        for signature in std::mem::take(&mut self.pending) {
            let check = signature.check;
            if self
                .failures
                .get(&check)
                .is_some_and(|failed| failed.len() >= MAX_SIGNATURE_FAILURES)
            {
                *left.entry(check).or_default() += 1;
            } else if let Err(failure) = signature.verify(with) {
                self.fail(check, failure.about(signature.pointer));
            }
        }
        for (check, count) in left {
            let got =
                format!("{MAX_SIGNATURE_FAILURES} that do not; {count} more were not verified");
            self.fail(check, Failure::new("signatures that verify", got, "do not accept it"));
        }
        for check in checks {
            self.failures.entry(*check).or_default();
        }
        self.failures
    }
}

impl Signature {
    fn verify(&self, with: &Environment) -> Result<(), Failure> {
        let response = with.response.as_ref().map_or(&Value::Null, |response| response.document());
        let part = |pointer: &str| json::at(response, pointer);
        let (signed, document) = match &self.part {
            Part::Request => (Signed::Message(&with.request), &with.request),
            Part::Message(pointer) => (Signed::Message(part(pointer)), response),
            Part::Credential(pointer) => (Signed::Credential(part(pointer)), response),
            Part::Claim(pointer, entry) => (Signed::Claim(part(pointer), *entry), response),
        };
        let proof = json::at(document, &self.pointer);
        let failed = |error: SignatureError| {
            Failure::new(
                "a signature that verifies",
                error.to_string(),
                "do not accept it; ask for it again as it was signed",
            )
        };
        let purposes = signed.purposes_of(proof).map_err(failed)?;
        let key = with.keys.find(&self.signer, &self.reference, purposes, with.now)?;
        signature::verify(signed, proof, key, &with.contexts, with.now).map_err(failed)
    }
}

/// Returns the reference to the key that a proof names, which must be one of the signer.
fn key_of<'r>(proof: &'r Proof, signer: &Did) -> Result<&'r str, Failure> {
    let expected = format!("a signature by a key of {signer}");
    let remedy = "have it signed by the DID that it names";
    let Some(reference) = proof.key_reference() else {
        return Err(Failure::new(expected, "one that names no key", remedy));
    };
    match owner(reference) {
        Some(owner) if owner != signer.as_str() => {
            let got = format!("one by {reference}");
            Err(Failure::new(expected, got, remedy))
        }
        _ => Ok(reference),
    }
}
