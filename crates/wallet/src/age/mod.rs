//! Files that are encrypted with a passphrase, in the format of
//! [age](https://age-encryption.org/v1): the tools `age` and `rage` decrypt them, and what these
//! encrypt with a passphrase is read here.
//!
//! A file is encrypted in chunks of 64 KiB. Each is authentic before it is returned, and the last
//! one is marked, so that a file which was cut is noticed. Only one is in memory.

use std::{
    io::{self, BufRead, Read, Write},
    iter,
};

pub use age::stream::StreamWriter as AgeWriter;
use age::{
    DecryptError, Decryptor, Encryptor, scrypt, secrecy::SecretString, stream::StreamReader,
};

/// How a file begins.
const VERSION_LINE: &[u8] = b"age-encryption.org/v1";

/// How a file begins that is a text, which is not read here.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// How much work it is to derive a key from a passphrase: 2 to this power. It takes 128 MiB and, on
/// a laptop, a fraction of a second.
const WORK_FACTOR: u8 = 17;

/// The most work that a file may demand: 2 GiB, and some seconds.
const MAX_WORK_FACTOR: u8 = 21;

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
        "its passphrase is protected with a work factor of {0}, and at most {MAX_WORK_FACTOR} is accepted; decrypt it \
         with the tool age"
    )]
    TooCostly(u8),
    /// Its beginning has another form.
    #[error("its header is damaged; copy the file again")]
    Damaged,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[from] io::Error),
}

impl From<DecryptError> for AgeError {
    fn from(error: DecryptError) -> Self {
        match error {
            DecryptError::KeyDecryptionFailed | DecryptError::DecryptionFailed => {
                Self::WrongPassphrase
            }
            DecryptError::NoMatchingKeys => Self::NoPassphrase,
            DecryptError::ExcessiveWork { required, .. } => Self::TooCostly(required),
            DecryptError::UnknownFormat => Self::NotAge,
            // the header ends too early
            DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                Self::Unreadable(error)
            }
            _ => Self::Damaged,
        }
    }
}

/// A reader of the decrypted text.
pub struct AgeReader<R>(StreamReader<R>);

impl<R: Read> Read for AgeReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "it was cut or altered")
            }
            _ => error,
        })
    }
}

/// Returns whether a file that begins with these bytes is one of age's, in either form.
pub fn is_age(start: &[u8]) -> bool {
    start.starts_with(VERSION_LINE) || start.starts_with(ARMOR)
}

/// Begins an encrypted file, which [`AgeWriter::finish`] ends. Deriving the key takes a fraction of
/// a second.
///
/// # Errors
///
/// The sink's.
pub fn encrypt<W: Write>(sink: W, passphrase: &str) -> io::Result<AgeWriter<W>> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK_FACTOR);
    let recipient: &dyn age::Recipient = &recipient;
    Encryptor::with_recipients(iter::once(recipient)).map_err(io::Error::other)?.wrap_output(sink)
}

/// Begins to decrypt a file.
///
/// # Errors
///
/// [`AgeError`]. Damage further on is an error of the reader.
pub fn decrypt<R: BufRead>(mut source: R, passphrase: &str) -> Result<AgeReader<R>, AgeError> {
    match source.fill_buf()? {
        start if start.starts_with(ARMOR) => return Err(AgeError::Armored),
        start if !is_age(start) => return Err(AgeError::NotAge),
        _ => {}
    }
    let decryptor = Decryptor::new_buffered(source)?;
    if !decryptor.is_scrypt() {
        return Err(AgeError::NoPassphrase);
    }
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let identity: &dyn age::Identity = &identity;
    Ok(AgeReader(decryptor.decrypt(iter::once(identity))?))
}

#[cfg(test)]
mod tests;
