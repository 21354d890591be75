//! What follows from the text of `--seed`: DIDs, nonces, and the seeds of keys.

use indy::anoncreds::KeySeed;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The bytes of a nonce: 80 bits, as those of indy-credx.
const NONCE_BYTES: usize = 10;

/// A text from which everything follows that this project draws itself. It has no `Debug`.
pub struct Seed(Zeroizing<String>);

impl Seed {
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// Returns the seed of a DID's key: 64 hexadecimal digits.
    pub fn of_did(&self, role: &str, name: &str) -> Zeroizing<String> {
        Zeroizing::new(hexadecimal(&self.derive(&["did", role, name])))
    }

    /// Returns the seed of an issuer's key for a schema.
    pub fn of_key(&self, issuer: &str, schema: &str) -> KeySeed {
        KeySeed::new(*self.derive(&["key", issuer, schema]))
    }

    /// Returns the nonce of a request, in decimal.
    pub fn nonce(&self, request: &str) -> String {
        let bytes = self.derive(&["nonce", request]);
        let number = bytes.iter().take(NONCE_BYTES);
        number.fold(0_u128, |number, byte| number << 8 | u128::from(*byte)).to_string()
    }

    /// Returns a text by which the seed is recognized again.
    pub fn hash(&self) -> String {
        hexadecimal(&self.derive(&["hash"]))
    }

    /// Returns SHA-256 of the seed and what the bytes are for. Each part has its length before it,
    /// so that no two lists of parts are hashed alike.
    fn derive(&self, purpose: &[&str]) -> Zeroizing<[u8; 32]> {
        let mut hash = Sha256::new_with_prefix("negotiate-proof --seed");
        for part in purpose.iter().copied().chain([self.0.as_str()]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Zeroizing::new(hash.finalize().into())
    }
}

fn hexadecimal(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_each_purpose_and_name_its_own_bytes() {
        let seed = Seed::new("lesson 1");
        assert_eq!(seed.nonce("a"), Seed::new("lesson 1").nonce("a"));
        assert_ne!(seed.nonce("a"), seed.nonce("b"));
        assert_ne!(seed.nonce("a"), Seed::new("lesson 2").nonce("a"));
        assert_ne!(seed.of_did("issuer", "a"), seed.of_did("holder", "a"));
        assert_ne!(seed.of_did("ab", "c"), seed.of_did("a", "bc"));
        assert_eq!(seed.of_did("issuer", "a").len(), 64);
        assert!(seed.nonce("a").parse::<u128>().is_ok_and(|nonce| nonce < 1 << 80));
    }
}
