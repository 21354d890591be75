//! Checking a credential's signatures before it is stored.

use chrono::{DateTime, Utc};

use crate::{
    did::{Did, Resolver},
    error::ExchangeError,
    message::{Received, VerifiableCredential},
    signature::{self, Contexts, SignatureError, Signed},
};

/// What the signatures of a credential are checked with.
#[derive(Clone, Copy)]
pub struct SignatureCheck<'a> {
    /// Finds the issuer's keys.
    pub resolver: &'a dyn Resolver,
    /// The contexts for signatures of linked data.
    pub contexts: &'a Contexts,
    /// The present: keys and proofs may have expired.
    pub now: DateTime<Utc>,
}

/// Checks that every attribute of a credential, or the credential as a whole, is signed, and every
/// signature is the issuer's.
///
/// # Errors
///
/// [`ExchangeError`]: the issuer's keys are not found, or a signature is missing or not the issuer's.
pub async fn check_signatures(
    credential: &Received<VerifiableCredential>,
    with: SignatureCheck<'_>,
) -> Result<(), ExchangeError> {
    let (message, document) = (credential.message(), credential.document());
    let unknown = |error: &dyn std::error::Error| {
        ExchangeError::Other(format!("the credential's issuer cannot be looked up: {error}"))
    };
    let issuer: Did = message.issuer_did.parse().map_err(|error| unknown(&error))?;
    let keys = with.resolver.resolve(&issuer).await.map_err(|error| unknown(&error))?;
    let parts: Vec<_> = match &message.whole {
        Some(proofs) => vec![("the credential".to_owned(), Signed::Credential(document), proofs)],
        None => {
            let attributes = message.attributes.iter().enumerate();
            let part = |key| format!("the attribute {key:?}");
            attributes
                .map(|(entry, one)| (part(&one.key), Signed::Claim(document, entry), &one.proof))
                .collect()
        }
    };
    for (part, signed, proofs) in parts {
        if proofs.is_empty() {
            let remedy = "ask the issuer for a signed credential";
            return Err(ExchangeError::Other(format!("{part} is not signed; {remedy}")));
        }
        let failed = |source: SignatureError| {
            let remedy = "ask the issuer for a new credential";
            ExchangeError::Other(format!("the signature of {part} is refused: {source}; {remedy}"))
        };
        for proof in proofs {
            let reference = proof.key_reference().unwrap_or_default();
            let proof = credential.part(&proof.pointer);
            let purposes = signed.purposes_of(proof).map_err(failed)?;
            let key = keys.key_for(reference, purposes, with.now).map_err(|source| {
                ExchangeError::Other(format!(
                    "{part} must be signed with a key that {issuer} may use, and {reference:?} is {source}"
                ))
            })?;
            signature::verify(signed, proof, key, with.contexts, with.now).map_err(failed)?;
        }
    }
    Ok(())
}
