//! A signature in base58btc, as `signatureValue` holds it.

/// The length of an Ed25519 signature.
pub(super) const LENGTH: usize = 64;

/// 64 bytes have at most this many digits in base58. A longer text is not decoded, since the work grows with the
/// square of its length.
const MAX_DIGITS: usize = 88;

pub(super) fn encode(signature: &[u8]) -> String {
    bs58::encode(signature).into_string()
}

/// Decodes the 64 bytes of a signature, each of which has one spelling only.
pub(super) fn decode(text: &str) -> Option<[u8; LENGTH]> {
    if text.len() > MAX_DIGITS {
        return None;
    }
    bs58::decode(text).into_vec().ok()?.try_into().ok()
}
