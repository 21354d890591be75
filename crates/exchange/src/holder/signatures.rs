//! Checking a credential's signatures before it is stored.

use wallet::Wallet;

use super::{StoreError, Stored, store};
use crate::{
    did::{Did, DidDocument, NotADid, PublicKey, ResolveError, Resolver},
    message::{Proof, Received, VerifiableCredential, claim_document},
    signature::{self, Contexts, Covers, SignatureError},
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
    /// An attribute has no signature.
    #[error("the attribute {attribute:?} is not signed; ask the issuer for a signed credential")]
    Unsigned {
        /// The attribute's name.
        attribute: String,
    },
    /// An attribute is not signed with a key of the issuer.
    #[error(
        "the attribute {attribute:?} is signed with {reference:?}, which is not a key of the issuer {issuer}; ask the issuer for a new credential"
    )]
    ForeignKey {
        /// The attribute's name.
        attribute: String,
        /// The key, as the proof refers to it.
        reference: String,
        /// The issuer's DID.
        issuer: String,
    },
    /// A signature does not verify.
    #[error(
        "the attribute {attribute:?} is not what the issuer signed: {source}; ask the issuer for a new credential"
    )]
    Signature {
        /// The attribute's name.
        attribute: String,
        /// Why.
        source: SignatureError,
    },
    /// It is verified, and cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks every signature of a credential, and stores it in the wallet if all are the issuer's.
///
/// # Errors
///
/// [`UnverifiedError`]; then nothing was stored.
pub async fn store_verified(
    wallet: &Wallet,
    credential: &Received<VerifiableCredential>,
    resolver: &dyn Resolver,
    contexts: &Contexts,
) -> Result<Stored, UnverifiedError> {
    check_signatures(credential, resolver, contexts).await?;
    Ok(store(wallet, credential).await?)
}

/// Checks that every attribute of a credential is signed, and every signature is the issuer's.
///
/// # Errors
///
/// [`UnverifiedError`], never [`UnverifiedError::Store`].
pub async fn check_signatures(
    credential: &Received<VerifiableCredential>,
    resolver: &dyn Resolver,
    contexts: &Contexts,
) -> Result<(), UnverifiedError> {
    let issuer: Did = credential.message().issuer_did.parse()?;
    let keys = resolver.resolve(&issuer).await?;
    for entry in 0..credential.message().attributes.len() {
        check_entry(credential, entry, &keys, contexts)?;
    }
    Ok(())
}

fn check_entry(
    credential: &Received<VerifiableCredential>,
    entry: usize,
    keys: &DidDocument,
    contexts: &Contexts,
) -> Result<(), UnverifiedError> {
    let Some(attribute) = credential.message().attributes.get(entry) else {
        return Ok(());
    };
    let name = || attribute.key.clone();
    if attribute.proof.is_empty() {
        return Err(UnverifiedError::Unsigned { attribute: name() });
    }
    let claim = claim_document(credential.document(), entry).unwrap_or_default();
    for proof in &attribute.proof {
        let key = key_of(proof, keys).ok_or_else(|| UnverifiedError::ForeignKey {
            attribute: name(),
            reference: proof.key_reference().unwrap_or_default().to_owned(),
            issuer: keys.did.to_string(),
        })?;
        let written = credential.part(&proof.pointer);
        signature::verify(&claim, Covers::Claim, written, key, contexts)
            .map_err(|source| UnverifiedError::Signature { attribute: name(), source })?;
    }
    Ok(())
}

/// Returns the issuer's key that a proof refers to. A DID in the reference must be the issuer's.
fn key_of<'k>(proof: &Proof, keys: &'k DidDocument) -> Option<&'k PublicKey> {
    let method = keys.method(proof.key_reference()?)?;
    Some(&method.key)
}
