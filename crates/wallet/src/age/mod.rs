//! Files that are encrypted with a passphrase, in the format of [age](https://age-encryption.org/v1): the tools `age` and
//! `rage` decrypt them, and what these encrypt with a passphrase is read here.
//!
//! ```text
//! w     = scrypt(passphrase, salt, 2^work factor, r = 8, p = 1)
//! mac   = HMAC-SHA256(HKDF(f, "", "header"), header)           f: the file's key, random
//! chunk = ChaCha20-Poly1305(HKDF(f, nonce, "payload"), counter || last?, 64 KiB of the text)
//! ```
//!
//! The header has `w` encrypt `f`. The last chunk is marked, so that a file which was cut is noticed, and each chunk is
//! authentic before it is returned. Only one is in memory.
//!
//! Of the format this is the part that a passphrase needs: no public keys, no armor. The crate `age` has all of it, and
//! with it a system for translated messages and their macros, which take longer to compile than a wallet.

mod header;
mod stream;

use std::io::{self, BufRead, Write};

use aries_askar::crypto::{
    alg::AnyKey,
    buffer::{ArrayKey, SecretBytes},
    encrypt::KeyAeadInPlace,
    generic_array::typenum::U16,
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use stream::{AgeReader, AgeWriter};

use crate::index::sealing_key;

/// How a file begins.
const VERSION_LINE: &str = "age-encryption.org/v1";

/// How a file begins that is a text, which is not read here.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// The length of a file's key, of a salt and of a nonce, in bytes.
const LENGTH: usize = 16;

/// Why a file is not decrypted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgeError {
    /// It is something else.
    #[error("it is not a file that age has encrypted")]
    NotAge,
    /// It is encrypted as a text.
    #[error(
        "it is an age file in its text form (armor), which is not read here; decrypt it with the tool age"
    )]
    Armored,
    /// It is encrypted for someone's key.
    #[error("it is not encrypted with a passphrase, but for a key; decrypt it with the tool age")]
    NoPassphrase,
    /// The passphrase is another one.
    #[error("the passphrase does not decrypt it; check the passphrase")]
    WrongPassphrase,
    /// Deriving the key would take too much memory.
    #[error(
        "its passphrase is protected with a work factor of {0}, and at most {max} is accepted; decrypt it with the \
         tool age",
        max = header::MAX_WORK_FACTOR
    )]
    TooCostly(u32),
    /// Its beginning has another form.
    #[error("its header is damaged; copy the file again")]
    Damaged,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[from] io::Error),
}

/// Returns whether a file that begins with these bytes is one of age's, in either form.
pub fn is_age(start: &[u8]) -> bool {
    start.starts_with(VERSION_LINE.as_bytes()) || start.starts_with(ARMOR)
}

/// Begins an encrypted file. Deriving the key from the passphrase takes a fraction of a second and 128 MiB.
///
/// # Errors
///
/// The sink's.
pub fn encrypt<W: Write>(mut sink: W, passphrase: &str) -> io::Result<AgeWriter<W>> {
    let key = FileKey::random();
    sink.write_all(header::write(&key, passphrase)?.as_bytes())?;
    AgeWriter::begin(sink, &key)
}

/// Begins to decrypt a file.
///
/// # Errors
///
/// [`AgeError`]. Damage further on is an error of the reader.
pub fn decrypt<R: BufRead>(mut source: R, passphrase: &str) -> Result<AgeReader<R>, AgeError> {
    if source.fill_buf()?.starts_with(ARMOR) {
        return Err(AgeError::Armored);
    }
    let key = header::read(&mut source, passphrase)?;
    AgeReader::begin(source, &key)
}

/// The key of a file, wiped from memory when dropped.
struct FileKey(Zeroizing<[u8; LENGTH]>);

impl FileKey {
    fn random() -> Self {
        Self(Zeroizing::new(random()))
    }

    /// HKDF-SHA256, of which one block is needed.
    fn derive(&self, salt: &[u8], purpose: &str) -> Zeroizing<[u8; 32]> {
        let extracted = hmac(salt, &[self.0.as_slice()]);
        hmac(extracted.as_slice(), &[purpose.as_bytes(), &[1]])
    }
}

fn random() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes.copy_from_slice(ArrayKey::<U16>::random().as_ref());
    bytes
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut result = Zeroizing::new([0; 32]);
    // it takes a key of any length
    if let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) {
        for part in parts {
            hmac.update(part);
        }
        result.copy_from_slice(&hmac.finalize().into_bytes());
    }
    result
}

/// A key of ChaCha20-Poly1305. The code is Askar's, optimised even where this crate is not.
struct Cipher(Box<AnyKey>);

impl Cipher {
    fn new(key: &[u8; 32]) -> io::Result<Self> {
        sealing_key(key).map(Self).map_err(|_| io::Error::other("the cipher is not there"))
    }

    fn seal(&self, text: &mut SecretBytes, nonce: &[u8]) -> io::Result<()> {
        let sealed = self.0.encrypt_in_place(text, nonce, &[]);
        sealed.map(drop).map_err(|_| io::Error::other("it cannot be encrypted"))
    }

    /// Returns whether the text is authentic, and decrypted.
    fn open(&self, text: &mut SecretBytes, nonce: &[u8]) -> bool {
        self.0.decrypt_in_place(text, nonce, &[]).is_ok()
    }
}

#[cfg(test)]
mod tests;
