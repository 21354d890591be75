//! The keys of the store's deerror profile, and the encryption of names and values with them.
//!
//! Askar encrypts categories, names and tags *searchably*: the nonce is an HMAC of the plaintext,
//! so that equal texts become equal bytes and an index can find them. It does not export the keys,
//! so they are unwrapped here again from the store's own tables:
//!
//! ```text
//! store key    = Argon2i(passphrase, salt), or the raw key    as `config.key` says
//! profile key  = the CBOR in `profiles.profile_key`, sealed with the store key
//! search(k, h) = nonce || ChaCha20-Poly1305(k, nonce, text),  nonce = HMAC-SHA256(h, text)[..12]
//! ```

use aries_askar::{
    PassKey,
    crypto::{
        Error,
        alg::{
            AnyKey, AnyKeyCreate, Chacha20Types, KeyAlg,
            chacha20::{C20P, Chacha20Key},
        },
        buffer::{ArrayKey, ResizeBuffer, SecretBytes},
        encrypt::KeyAeadInPlace,
        generic_array::typenum::{U12, U32},
        kdf::{
            KeyDerivation,
            argon2::{Argon2, PARAMS_INTERACTIVE, PARAMS_MODERATE, SALT_LENGTH},
        },
    },
};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::store::StoreError;

/// The length of a nonce of ChaCha20-Poly1305, in bytes, and so of a searchable text's fingerprint.
pub(super) const NONCE_LENGTH: usize = Chacha20Key::<C20P>::NONCE_LENGTH;

/// How much longer a text is when it is encrypted.
const OVERHEAD: usize = NONCE_LENGTH + Chacha20Key::<C20P>::TAG_LENGTH;

/// The version of the profile key's encoding.
const VERSION: &str = "1";

/// A key of ChaCha20-Poly1305, wiped from memory when dropped. Unlike generic code, the code of
/// this type is compiled in Askar, and so optimised even where this crate is not.
pub(crate) type SealingKey = Box<AnyKey>;

/// Returns a key from its 32 bytes.
pub(crate) fn sealing_key(bytes: &[u8]) -> Result<SealingKey, KeyError> {
    let algorithm = KeyAlg::Chacha20(Chacha20Types::C20P);
    Ok(SealingKey::from_secret_bytes(algorithm, bytes)?)
}

/// Why a key or a text cannot be used. It never contains the key or the text.
#[derive(Debug)]
pub(crate) enum KeyError {
    /// Something does not decrypt.
    Undecryptable,
    /// Something decrypts, or needs no decryption, but does not have the form in which Askar writes
    /// it.
    Unknown(&'static str),
}

impl From<KeyError> for StoreError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Undecryptable => Self::Undecryptable,
            KeyError::Unknown(reason) => Self::Damaged(reason.to_owned()),
        }
    }
}

impl From<Error> for KeyError {
    fn from(_: Error) -> Self {
        Self::Undecryptable
    }
}

/// The bytes of a profile key, as the wallet keeps them. Wiped from memory when dropped.
pub(super) type ProfileKeyBytes = SecretBytes;

/// Unwraps the profile key with the wallet's key. The derivation may take seconds.
///
/// `reference` is the store's note on how its key is derived from the wallet's key.
pub(super) fn unwrap(
    reference: &str,
    pass_key: &PassKey<'_>,
    wrapped: Vec<u8>,
) -> Result<ProfileKeyBytes, KeyError> {
    match store_key(reference, pass_key)? {
        None => Ok(SecretBytes::from(wrapped)),
        Some(key) => open(wrapped, &key),
    }
}

fn store_key(reference: &str, pass_key: &PassKey<'_>) -> Result<Option<SealingKey>, KeyError> {
    let mut key = Zeroizing::new([0; 32]);
    if reference == "none" {
        return Ok(None);
    } else if reference == "raw" {
        match bs58::decode(pass_key.as_bytes()).onto(key.as_mut_slice()) {
            Ok(length) if length == key.len() => {}
            _ => return Err(KeyError::Undecryptable),
        }
    } else {
        let unknown = KeyError::Unknown("the derivation of its key is not known here");
        let (level, salt) = reference
            .strip_prefix("kdf:argon2i:")
            .and_then(|rest| rest.split_once("?salt="))
            .ok_or(unknown)?;
        let parameters = match level {
            "13:int" => PARAMS_INTERACTIVE,
            "13:mod" => PARAMS_MODERATE,
            _ => {
                return Err(KeyError::Unknown("the derivation of its key is not known here"));
            }
        };
        let salt = unhex(salt).ok_or(KeyError::Unknown("the salt of its key is damaged"))?;
        Argon2::new(pass_key.as_bytes(), &salt, parameters)?
            .derive_key_bytes(key.as_mut_slice())?;
    }
    Ok(Some(sealing_key(key.as_slice())?))
}

fn unhex(text: &str) -> Option<[u8; SALT_LENGTH]> {
    let mut bytes = [0; SALT_LENGTH];
    if text.len() != 2 * SALT_LENGTH || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The encoding of a profile key; the names are Askar's.
#[derive(Deserialize)]
struct Encoded {
    ver: String,
    ick: ArrayKey<U32>,
    ink: ArrayKey<U32>,
    ihk: ArrayKey<U32>,
    tnk: ArrayKey<U32>,
    tvk: ArrayKey<U32>,
    thk: ArrayKey<U32>,
}

/// The keys of a profile. Each wipes itself from memory when dropped.
pub(super) struct Keys {
    category: SealingKey,
    name: SealingKey,
    item_hmac: ArrayKey<U32>,
    tag_name: SealingKey,
    tag_value: SealingKey,
    tag_hmac: ArrayKey<U32>,
}

impl Keys {
    /// Reads a profile key.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        let unknown = KeyError::Unknown("its profile key has an unknown form");
        let encoded: Encoded = match ciborium::from_reader(bytes) {
            Ok(encoded) => encoded,
            Err(_) => return Err(unknown),
        };
        if encoded.ver != VERSION {
            return Err(unknown);
        }
        Ok(Self {
            category: sealing_key(encoded.ick.as_ref())?,
            name: sealing_key(encoded.ink.as_ref())?,
            item_hmac: encoded.ihk,
            tag_name: sealing_key(encoded.tnk.as_ref())?,
            tag_value: sealing_key(encoded.tvk.as_ref())?,
            tag_hmac: encoded.thk,
        })
    }

    pub(super) fn category(&self, category: &str) -> Result<Vec<u8>, KeyError> {
        searchable(category, &self.category, &self.item_hmac)
    }

    pub(super) fn name(&self, name: &str) -> Result<Vec<u8>, KeyError> {
        searchable(name, &self.name, &self.item_hmac)
    }

    pub(super) fn tag_name(&self, name: &str) -> Result<Vec<u8>, KeyError> {
        searchable(name, &self.tag_name, &self.tag_hmac)
    }

    pub(super) fn tag_value(&self, value: &str) -> Result<Vec<u8>, KeyError> {
        searchable(value, &self.tag_value, &self.tag_hmac)
    }

    /// Encrypts a record's value under a key of its own and a random nonce.
    pub(super) fn value(
        &self,
        category: &str,
        name: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let key = self.value_key(category, name)?;
        let nonce = ArrayKey::<U12>::random();
        seal(value, &key, nonce.as_ref())
    }

    pub(super) fn open_name(&self, name: Vec<u8>) -> Result<String, KeyError> {
        utf8(open(name, &self.name)?)
    }

    pub(super) fn open_tag_value(&self, value: Vec<u8>) -> Result<String, KeyError> {
        utf8(open(value, &self.tag_value)?)
    }

    pub(super) fn open_value(
        &self,
        category: &str,
        name: &str,
        value: Vec<u8>,
    ) -> Result<SecretBytes, KeyError> {
        open(value, &self.value_key(category, name)?)
    }

    fn value_key(&self, category: &str, name: &str) -> Result<SealingKey, KeyError> {
        let key = hmac(
            &self.item_hmac,
            &[&length(category)?, category.as_bytes(), &length(name)?, name.as_bytes()],
        )?;
        sealing_key(key.as_slice())
    }
}

fn length(text: &str) -> Result<[u8; 4], KeyError> {
    u32::try_from(text.len())
        .map(u32::to_be_bytes)
        .map_err(|_| KeyError::Unknown("a name is longer than 4 GiB"))
}

fn hmac(key: &ArrayKey<U32>, parts: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let key: &[u8] = key.as_ref();
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| KeyError::Undecryptable)?;
    for part in parts {
        hmac.update(part);
    }
    Ok(Zeroizing::new(hmac.finalize().into_bytes().into()))
}

fn searchable(text: &str, key: &SealingKey, hmac_key: &ArrayKey<U32>) -> Result<Vec<u8>, KeyError> {
    let code = hmac(hmac_key, &[text.as_bytes()])?;
    let nonce = code.get(..NONCE_LENGTH).ok_or(KeyError::Undecryptable)?;
    seal(text.as_bytes(), key, nonce)
}

/// Nonce, ciphertext and tag, in this order.
fn seal(text: &[u8], key: &SealingKey, nonce: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut buffer = SecretBytes::with_capacity(text.len() + OVERHEAD);
    buffer.extend_from_slice(text);
    key.encrypt_in_place(&mut buffer, nonce, &[])?;
    buffer.buffer_insert(0, nonce)?;
    Ok(buffer.into_vec())
}

/// Decrypts nonce, ciphertext and tag.
pub(crate) fn open(sealed: Vec<u8>, key: &SealingKey) -> Result<SecretBytes, KeyError> {
    let mut nonce = [0; NONCE_LENGTH];
    let mut buffer = SecretBytes::from(sealed);
    nonce.copy_from_slice(buffer.get(..NONCE_LENGTH).ok_or(KeyError::Undecryptable)?);
    buffer.buffer_remove(0..NONCE_LENGTH)?;
    key.decrypt_in_place(&mut buffer, &nonce, &[])?;
    Ok(buffer)
}

fn utf8(text: SecretBytes) -> Result<String, KeyError> {
    String::from_utf8(text.into_vec()).map_err(|_| KeyError::Undecryptable)
}
