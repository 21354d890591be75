//! A signature in base58btc, as `signatureValue` has it.

/// The length of an Ed25519 signature.
pub(super) const LENGTH: usize = 64;

/// 64 bytes have at most this many digits in base58. A longer text is not decoded: the work grows with the
/// square of its length.
const MAX_DIGITS: usize = 88;

pub(super) fn encode(signature: &[u8]) -> String {
    bs58::encode(signature).into_string()
}

/// The 64 bytes that a text spells; there is one text for each.
pub(super) fn decode(text: &str) -> Option<[u8; LENGTH]> {
    if text.len() > MAX_DIGITS {
        return None;
    }
    bs58::decode(text).into_vec().ok()?.try_into().ok()
}
