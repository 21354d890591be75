//! DIDs and verification keys: base58, sixteen or thirty-two bytes.

/// The length of an Ed25519 public key.
pub(crate) const VERKEY_LENGTH: usize = 32;

/// The bytes of a DID, which are 16 (the usual) or 32; `None` for anything else.
pub(crate) fn decode_did(did: &str) -> Option<Vec<u8>> {
    decode(did).filter(|bytes| matches!(bytes.len(), 16 | 32))
}

/// The key that `verkey` stands for, when it belongs to `did`.
///
/// A verkey is either the base58 of all 32 bytes, or abbreviated: `~` and the base58 of the last
/// 16, when the first 16 are the DID itself.
pub(crate) fn decode_verkey(did: &str, verkey: &str) -> Option<[u8; VERKEY_LENGTH]> {
    let bytes = match verkey.strip_prefix('~') {
        Some(rest) => {
            let rest = decode(rest).filter(|bytes| bytes.len() == 16)?;
            [decode_did(did)?, rest].concat()
        }
        None => decode(verkey)?,
    };
    bytes.try_into().ok()
}

/// Whether `verkey` has the form of a full or an abbreviated verification key.
pub(crate) fn is_verkey(verkey: &str) -> bool {
    let (text, length) = match verkey.strip_prefix('~') {
        Some(rest) => (rest, 16),
        None => (verkey, VERKEY_LENGTH),
    };
    decode(text).is_some_and(|bytes| bytes.len() == length)
}

/// Base58 takes time quadratic in its length, so long texts are turned away unread.
fn decode(text: &str) -> Option<Vec<u8>> {
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    bs58::decode(text).into_vec().ok()
}
