//! `did:key`: the public key is in the DID, so that resolving it needs nothing else.
//!
//! Ed25519 keys only: `did:key:z6Mk...`, where `z` stands for base58btc of the two bytes that
//! multicodec gives to Ed25519 keys, followed by the key.

use async_trait::async_trait;

use super::{Did, DidDocument, PublicKey, ResolveError, Resolver, VerificationMethod};

/// Multicodec's `ed25519-pub`, as a varint.
pub(super) const ED25519_PUB: [u8; 2] = [0xed, 0x01];

/// A multibase text of an Ed25519 key has at most this many characters: 34 bytes have at most 47
/// digits in base58.
const MAX_TEXT: usize = 48;

/// Returns the whole reference to an Ed25519 public key under its `did:key`:
/// `did:key:z6Mk...#z6Mk...`.
pub fn reference(key: &[u8; 32]) -> String {
    let name = multibase(key);
    format!("did:key:{name}#{name}")
}

/// Returns an Ed25519 public key as `z6Mk...`.
pub(super) fn multibase(key: &[u8; 32]) -> String {
    let bytes = [&ED25519_PUB[..], key].concat();
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Parses an Ed25519 public key from `z6Mk...`.
pub(super) fn from_multibase(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix('z')?;
    if text.len() > MAX_TEXT {
        return None;
    }
    let bytes = bs58::decode(digits).into_vec().ok()?;
    bytes.strip_prefix(&ED25519_PUB)?.try_into().ok()
}

/// Resolves `did:key`.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyResolver;

#[async_trait]
impl Resolver for KeyResolver {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        let key = (did.method() == "key").then(|| from_multibase(did.id())).flatten();
        let key = key.ok_or_else(|| {
            let reason = "it is not the did:key of an Ed25519 key, which begins with did:key:z6Mk";
            ResolveError::Malformed(did.clone(), reason.to_owned())
        })?;
        let id = format!("{did}#{}", did.id());
        let method = VerificationMethod::new(id, PublicKey::Ed25519(key));
        Ok(DidDocument::new(did.clone(), vec![method]))
    }
}
