//! `did:sov`: the key is the verkey of the DID's NYM on a ledger.

use std::sync::Arc;

use async_trait::async_trait;
use exchange::did::{
    Did, DidDocument, PublicKey, ResolveError, Resolver, VerificationMethod, ed25519_from_base58,
};
use ledger::{
    LedgerError, build_get_nym_request, parse_get_nym_response, pool::Pool, submit_request,
};

/// A DID is the base58 of this many bytes, which are the first half of its first verkey.
const DID_LENGTH: usize = 16;

/// Resolves `did:sov` on a ledger. Nothing is cached, so that a rotated key counts at once.
pub struct SovResolver {
    /// The ledger.
    pub pool: Arc<Pool>,
}

#[async_trait]
impl Resolver for SovResolver {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        if did.method() != "sov" {
            return Err(ResolveError::UnknownMethod(did.method().to_owned()));
        }
        let failed = |error| not_resolved(did, &error);
        let request = build_get_nym_request(None, did.id()).map_err(failed)?;
        let reply = submit_request(&self.pool, &request).await.map_err(failed)?;
        let nym = parse_get_nym_response(&reply).map_err(failed)?;
        let malformed = |reason: &str| ResolveError::Malformed(did.clone(), reason.to_owned());
        if nym.did != did.id() {
            return Err(malformed("the ledger answered about another DID"));
        }
        let verkey = nym.verkey.ok_or_else(|| malformed("it has no verkey on the ledger"))?;
        let key = whole_verkey(did.id(), &verkey)
            .ok_or_else(|| malformed("its verkey on the ledger is not one of Ed25519"))?;
        let method = VerificationMethod::new(format!("{did}#key-1"), PublicKey::Ed25519(key));
        Ok(DidDocument::new(did.clone(), vec![method]))
    }
}

/// Returns the verkey's bytes. An abbreviated one, `~...`, has the second half only: the first is
/// the DID.
fn whole_verkey(did: &str, verkey: &str) -> Option<[u8; 32]> {
    let Some(second_half) = verkey.strip_prefix('~') else {
        return ed25519_from_base58(verkey);
    };
    let half = |text: &str| -> Option<[u8; DID_LENGTH]> {
        (text.len() < 2 * DID_LENGTH)
            .then(|| bs58::decode(text).into_vec().ok()?.try_into().ok())?
    };
    [half(did)?, half(second_half)?].concat().try_into().ok()
}

fn not_resolved(did: &Did, error: &LedgerError) -> ResolveError {
    let did = did.clone();
    match error {
        LedgerError::NotFound { .. } => {
            let remedy = "have its NYM written to the ledger, or check which ledger is read";
            ResolveError::NotFound(did, remedy.to_owned())
        }
        LedgerError::InvalidInput { .. } | LedgerError::UnexpectedReply { .. } => {
            ResolveError::Malformed(did, error.to_string())
        }
        _ => ResolveError::Unreachable(did, error.to_string()),
    }
}
