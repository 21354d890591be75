//! The checks of the signatures: every part is signed, and by the right DID.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use verdict::Failure;

use super::{keys::Keys, view::owner};
use crate::{
    check::ExchangeCheck,
    did::Did,
    json,
    message::{Proof, ProofRequest, ProofResponse, Received, VerifiableCredential},
    signature::{self, Contexts, SignatureError, Signed},
};

/// After this many failures of a check, no further signature is verified for it: a message that is
/// forged causes little work, and the verdict still says which parties' signatures fail.
pub const MAX_SIGNATURE_FAILURES: usize = 3;

/// The failures of each check of signatures that was made.
pub(super) type FailuresByCheck = BTreeMap<ExchangeCheck, Vec<Failure>>;

/// The signatures of a request, or those of a response too, and what they are verified with.
pub(super) struct Signatures {
    pub(super) request: Received<ProofRequest>,
    /// The response, and the holder who should have signed it.
    pub(super) response: Option<(Received<ProofResponse>, Did)>,
    pub(super) contexts: Contexts,
    pub(super) now: DateTime<Utc>,
}

impl Signatures {
    /// Returns the checks that are made.
    pub(super) fn checks(&self) -> Vec<ExchangeCheck> {
        let of_response = [
            ExchangeCheck::ResponseSignature,
            ExchangeCheck::PresentationSignatures,
            ExchangeCheck::AttributeSignatures,
        ];
        let of_response = self.response.iter().flat_map(|_| of_response);
        [ExchangeCheck::RequestSignature].into_iter().chain(of_response).collect()
    }

    /// Returns the DIDs that should have signed.
    pub(super) fn signers(&self) -> BTreeSet<Did> {
        let responses = self.response.iter();
        let named = responses.flat_map(|(response, holder)| {
            let issuers =
                response.message().credentials().map(|credential| &*credential.issuer_did);
            issuers.chain([holder.as_str()])
        });
        let verifier = &*self.request.message().body.verifier;
        named.chain([verifier]).filter_map(|did| did.parse().ok()).collect()
    }

    /// Verifies them on the calling thread, those of each check until [`MAX_SIGNATURE_FAILURES`] of
    /// them have failed: that of the request, then that of the response, which covers all others.
    pub(super) fn verify(&self, keys: &Keys) -> FailuresByCheck {
        let failures = self.checks().into_iter().map(|check| (check, Vec::new())).collect();
        let (document, message) = (self.request.document(), self.request.message());
        let mut verification =
            Verification { with: self, keys, document, failures, left: BTreeMap::new() };
        let (check, verifier) = (ExchangeCheck::RequestSignature, &message.body.verifier);
        verification.part(check, "", Signed::Message(document), &message.proof, verifier);
        if let Some((response, holder)) = &self.response {
            verification.document = response.document();
            verification.response(response, holder.as_str());
        }
        for (check, count) in std::mem::take(&mut verification.left) {
            let got =
                format!("{MAX_SIGNATURE_FAILURES} that do not; {count} more were not verified");
            verification
                .fail(check, Failure::new("signatures that verify", got, "do not accept it"));
        }
        verification.failures
    }
}

/// What was found so far.
struct Verification<'a> {
    with: &'a Signatures,
    keys: &'a Keys,
    /// The message whose signatures are verified.
    document: &'a Value,
    failures: FailuresByCheck,
    /// How many signatures were not verified.
    left: BTreeMap<ExchangeCheck, usize>,
}

impl Verification<'_> {
    fn fail(&mut self, check: ExchangeCheck, failure: Failure) {
        self.failures.entry(check).or_default().push(failure);
    }

    fn response(&mut self, response: &Received<ProofResponse>, holder: &str) {
        let (whole, message) = (Signed::Message(response.document()), response.message());
        self.part(ExchangeCheck::ResponseSignature, "", whole, &message.proof, holder);
        for presentation in message.presentations() {
            let check = ExchangeCheck::PresentationSignatures;
            let (pointer, proofs) = (&presentation.pointer, &presentation.proof);
            self.part(check, pointer, Signed::Message(response.part(pointer)), proofs, holder);
        }
        for credential in message.credentials() {
            self.credential(credential, response.part(&credential.pointer));
        }
    }

    /// Verifies a credential: the whole, or its attributes. Without an attribute there is no
    /// signature, so that a credential without attributes fails.
    fn credential(&mut self, credential: &VerifiableCredential, document: &Value) {
        let check = ExchangeCheck::AttributeSignatures;
        let (pointer, issuer) = (&credential.pointer, &credential.issuer_did);
        if let Some(proofs) = &credential.whole {
            return self.part(check, pointer, Signed::Credential(document), proofs, issuer);
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
            let signed = Signed::Claim(document, entry);
            self.part(check, &attribute.pointer, signed, &attribute.proof, issuer);
        }
    }

    /// Verifies the signatures of one part: at least one, each by the right signer.
    fn part(
        &mut self,
        check: ExchangeCheck,
        pointer: &str,
        signed: Signed<'_>,
        proofs: &[Proof],
        signer: &str,
    ) {
        if proofs.is_empty() {
            let failure = Failure::new(
                format!("a signature by {signer}"),
                "none",
                "have it signed; do not accept it unsigned",
            );
            return self.fail(check, failure.about(format!("{pointer}/proof")));
        }
        for proof in proofs {
            let verified = match key_of(proof, signer) {
                Ok(_)
                    if self.failures.get(&check).map_or(0, Vec::len) >= MAX_SIGNATURE_FAILURES =>
                {
                    *self.left.entry(check).or_default() += 1;
                    Ok(())
                }
                Ok(reference) => self.proof(signed, proof, signer, reference),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = verified {
                self.fail(check, failure.about(&proof.pointer));
            }
        }
    }

    fn proof(
        &self,
        signed: Signed<'_>,
        proof: &Proof,
        signer: &str,
        reference: &str,
    ) -> Result<(), Failure> {
        let proof = json::at(self.document, &proof.pointer);
        let failed = |error: SignatureError| {
            Failure::new(
                "a signature that verifies",
                error.to_string(),
                "do not accept it; ask for it again as it was signed",
            )
        };
        let purposes = signed.purposes_of(proof).map_err(failed)?;
        let Signatures { contexts, now, .. } = self.with;
        let key = self.keys.find(signer, reference, purposes, *now)?;
        signature::verify(signed, proof, key, contexts, *now).map_err(failed)
    }
}

/// Returns the reference to the key that a proof names, which must be one of the signer.
fn key_of<'r>(proof: &'r Proof, signer: &str) -> Result<&'r str, Failure> {
    let expected = || format!("a signature by a key of {signer}");
    let remedy = "have it signed by the DID that it names";
    let Some(reference) = proof.key_reference() else {
        return Err(Failure::new(expected(), "one that names no key", remedy));
    };
    match owner(reference) {
        Some(owner) if owner != signer => {
            let got = format!("one by {reference:?}");
            Err(Failure::new(expected(), got, remedy))
        }
        _ => Ok(reference),
    }
}
