//! Checking a credential's signatures before it is stored.

use chrono::{DateTime, Utc};
use serde_json::Value;
use wallet::Wallet;

use super::{StoreError, Stored, store};
use crate::{
    did::{Did, DidDocument, KeyError, NotADid, ResolveError, Resolver},
    message::{Proof, Received, VerifiableCredential},
    signature::{self, Contexts, SignatureError, Signed},
};

/// Why a credential is not what its issuer signed, or cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum UnverifiedError {
    /// Its issuer is not a DID.
    #[error("the credential's issuer cannot be looked up: {0}")]
    Issuer(#[from] NotADid),
    /// Its issuer's keys are not found.
    #[error("the credential's issuer cannot be looked up: {0}")]
    Resolve(#[from] ResolveError),
    /// A part has no signature.
    #[error("{part} is not signed; ask the issuer for a signed credential")]
    Unsigned {
        /// What: an attribute, or the credential.
        part: String,
    },
    /// A part is not signed with a key that the issuer may use for it.
    #[error(
        "{part} must be signed with a key that {issuer} may use, and {reference:?} is {source}"
    )]
    Key {
        /// What: an attribute, or the credential.
        part: String,
        /// The key, as the proof refers to it.
        reference: String,
        /// The issuer's DID.
        issuer: String,
        /// Why, and what to do.
        source: KeyError,
    },
    /// A signature does not verify.
    #[error("{part} is not what the issuer signed: {source}; ask the issuer for a new credential")]
    Signature {
        /// What: an attribute, or the credential.
        part: String,
        /// Why.
        source: SignatureError,
    },
    /// It is verified, and cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

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

/// Checks every signature of a credential, and stores it in the wallet if all are the issuer's.
///
/// # Errors
///
/// [`UnverifiedError`]; then nothing was stored.
pub async fn store_verified(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
    with: SignatureCheck<'_>,
) -> Result<Stored, UnverifiedError> {
    check_signatures(credential, with).await?;
    Ok(store(wallet, credential).await?)
}

/// Checks that every attribute of a credential, or the credential as a whole, is signed, and every signature is the
/// issuer's.
///
/// # Errors
///
/// [`UnverifiedError`], never [`UnverifiedError::Store`].
pub async fn check_signatures(
    credential: &Received<VerifiableCredential>,
    with: SignatureCheck<'_>,
) -> Result<(), UnverifiedError> {
    let (message, document) = (credential.message(), credential.document());
    let issuer: Did = message.issuer_did.parse()?;
    let keys = with.resolver.resolve(&issuer).await?;
    let check = |part: &str, signed, proofs: &[Proof]| {
        check_part(part, signed, proofs, &|proof| credential.part(&proof.pointer), &keys, with)
    };
    if let Some(proofs) = &message.whole {
        return check("the credential", Signed::Credential(document), proofs);
    }
    let attributes = message.attributes.iter().enumerate();
    attributes.into_iter().try_for_each(|(entry, attribute)| {
        let part = format!("the attribute {:?}", attribute.key);
        check(&part, Signed::Claim(document, entry), &attribute.proof)
    })
}

fn check_part<'c>(
    part: &str,
    signed: Signed<'c>,
    proofs: &[Proof],
    written: &dyn Fn(&Proof) -> &'c Value,
    keys: &DidDocument,
    with: SignatureCheck<'_>,
) -> Result<(), UnverifiedError> {
    let part = || part.to_owned();
    if proofs.is_empty() {
        return Err(UnverifiedError::Unsigned { part: part() });
    }
    let failed = |source| UnverifiedError::Signature { part: part(), source };
    for proof in proofs {
        let reference = proof.key_reference().unwrap_or_default();
        let purposes = signed.purposes_of(written(proof)).map_err(failed)?;
        let key =
            keys.key_for(reference, purposes, with.now).map_err(|source| UnverifiedError::Key {
                part: part(),
                reference: reference.to_owned(),
                issuer: keys.did.to_string(),
                source,
            })?;
        let proof = written(proof);
        signature::verify(signed, proof, key, with.contexts, with.now).map_err(failed)?;
    }
    Ok(())
}
