//! Identifiers: DIDs and verification keys, schemas and credential definitions.

/// The length of an Ed25519 public key, in bytes.
pub(crate) const VERKEY_LENGTH: usize = 32;

/// Returns the bytes of a DID, 16 (the usual) or 32; `None` for anything else.
pub(crate) fn decode_did(did: &str) -> Option<Vec<u8>> {
    decode(did).filter(|bytes| matches!(bytes.len(), 16 | 32))
}

/// Returns the key that `verkey` stands for, when it belongs to `did`.
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

/// Returns whether `verkey` has the form of a full or an abbreviated verification key.
pub(crate) fn is_verkey(verkey: &str) -> bool {
    let (text, length) = match verkey.strip_prefix('~') {
        Some(rest) => (rest, 16),
        None => (verkey, VERKEY_LENGTH),
    };
    decode(text).is_some_and(|bytes| bytes.len() == length)
}

/// Decoding base58 takes time quadratic in the length, so long texts are refused undecoded.
fn decode(text: &str) -> Option<Vec<u8>> {
    const MAX_LENGTH: usize = 64;
    if text.len() > MAX_LENGTH {
        return None;
    }
    bs58::decode(text).into_vec().ok()
}

/// Returns the identifier of a schema.
pub(crate) fn schema_id(author: &str, name: &str, version: &str) -> String {
    format!("{author}:2:{name}:{version}")
}

/// Splits a schema's identifier into author, name and version. The name may contain colons.
pub(crate) fn split_schema_id(id: &str) -> Option<(&str, &str, &str)> {
    let (author, rest) = id.split_once(":2:")?;
    let (name, version) = rest.rsplit_once(':')?;
    Some((author, name, version))
}

/// Returns the identifier of a credential definition.
pub(crate) fn cred_def_id(
    author: &str,
    signature_type: &str,
    schema_seq_no: u64,
    tag: &str,
) -> String {
    format!("{author}:3:{signature_type}:{schema_seq_no}:{tag}")
}

/// Splits a credential definition's identifier into author, signature type, the schema's sequence
/// number, and tag. The tag may contain colons.
pub(crate) fn split_cred_def_id(id: &str) -> Option<(&str, &str, &str, &str)> {
    let parts: Vec<&str> = id.splitn(5, ':').collect();
    match parts[..] {
        [author, "3", signature_type, schema_seq_no, tag] => {
            Some((author, signature_type, schema_seq_no, tag))
        }
        _ => None,
    }
}
