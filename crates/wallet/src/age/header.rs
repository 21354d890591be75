//! The header of an age file with a passphrase.

use std::io::{self, BufRead, Read};

use aries_askar::crypto::buffer::SecretBytes;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use scrypt::Params;
use zeroize::Zeroizing;

use super::{AgeError, Cipher, FileKey, LENGTH, VERSION_LINE, hmac, random};

/// The logarithm of scrypt's cost in new files: 128 MiB, and a fraction of a second.
const WORK_FACTOR: u8 = 17;

/// The greatest that is accepted: 1 GiB. The tool `age` uses 18.
pub(super) const MAX_WORK_FACTOR: u8 = 20;

/// What stands before the salt when it is given to scrypt.
const SALT_LABEL: &[u8] = b"age-encryption.org/v1/scrypt";

/// The greatest length of a header's line, in bytes.
const MAX_LINE: u64 = 4096;

/// The most lines of a header that are read.
const MAX_LINES: usize = 100;

/// The nonce of a file's key: each is encrypted under a key of its own.
const NONCE: [u8; 12] = [0; 12];

/// Returns a header.
pub(super) fn write(key: &FileKey, passphrase: &str) -> io::Result<String> {
    let salt = random();
    let cipher = Cipher::new(&*wrapping_key(passphrase, &salt, WORK_FACTOR)?)?;
    let mut wrapped = SecretBytes::from(key.0.as_slice());
    cipher.seal(&mut wrapped, &NONCE)?;
    let body = format!(
        "{VERSION_LINE}\n-> scrypt {} {WORK_FACTOR}\n{}\n---",
        BASE64.encode(salt),
        BASE64.encode(&*wrapped)
    );
    Ok(format!("{body} {}\n", BASE64.encode(*mac(key, &body))))
}

/// Reads a header; returns the file's key.
pub(super) fn read(source: &mut impl BufRead, passphrase: &str) -> Result<FileKey, AgeError> {
    let mut header = String::new();
    if line(source, &mut header)? != VERSION_LINE {
        return Err(AgeError::NotAge);
    }
    // a passphrase is always alone: with other recipients besides, others could have written the file
    let stanza = line(source, &mut header)?;
    let arguments: Vec<&str> = stanza.split(' ').collect();
    let &["->", "scrypt", salt, factor] = arguments.as_slice() else {
        return Err(match arguments.first() {
            Some(&"->") => AgeError::NoPassphrase,
            _ => AgeError::Damaged,
        });
    };
    let salt = BASE64.decode(salt).map_err(|_| AgeError::Damaged)?;
    let factor: u32 = factor.parse().map_err(|_| AgeError::Damaged)?;
    let work_factor = u8::try_from(factor).ok().filter(|factor| *factor <= MAX_WORK_FACTOR);
    let work_factor = work_factor.ok_or(AgeError::TooCostly(factor))?;
    if salt.len() != LENGTH || work_factor == 0 {
        return Err(AgeError::Damaged);
    }
    let wrapped = BASE64.decode(line(source, &mut header)?).map_err(|_| AgeError::Damaged)?;
    let mut last = line(source, &mut header)?;
    for _ in 0..MAX_LINES {
        if last.starts_with("---") {
            break;
        }
        // another recipient
        if last.starts_with("->") {
            return Err(AgeError::NoPassphrase);
        }
        last = line(source, &mut header)?;
    }
    let given = last.strip_prefix("--- ").ok_or(AgeError::Damaged)?;

    let cipher = Cipher::new(&*wrapping_key(passphrase, &salt, work_factor)?)?;
    let mut key = SecretBytes::from(wrapped);
    if !cipher.open(&mut key, &NONCE) {
        return Err(AgeError::WrongPassphrase);
    }
    let mut file_key = FileKey(Zeroizing::new([0; LENGTH]));
    if key.len() != LENGTH {
        return Err(AgeError::Damaged);
    }
    file_key.0.copy_from_slice(&key);
    let end = header.len() - (last.len() - "---".len()) - 1;
    let body = header.get(..end).ok_or(AgeError::Damaged)?;
    match BASE64.encode(*mac(&file_key, body)) == given {
        true => Ok(file_key),
        false => Err(AgeError::Damaged),
    }
}

/// Reads a line, without its end, and adds it to the header.
fn line(source: &mut impl BufRead, header: &mut String) -> Result<String, AgeError> {
    let mut bytes = Vec::new();
    source.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes)?;
    let not_ours = match header.is_empty() {
        true => AgeError::NotAge,
        false => AgeError::Damaged,
    };
    let text = String::from_utf8(bytes).ok().filter(|text| text.ends_with('\n'));
    let mut text = text.ok_or(not_ours)?;
    header.push_str(&text);
    text.pop();
    Ok(text)
}

fn wrapping_key(passphrase: &str, salt: &[u8], factor: u8) -> io::Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let salt = [SALT_LABEL, salt].concat();
    let parameters = Params::new(factor, 8, 1, key.len())
        .map_err(|error| io::Error::other(error.to_string()))?;
    scrypt::scrypt(passphrase.as_bytes(), &salt, &parameters, key.as_mut_slice())
        .map_err(|error| io::Error::other(error.to_string()))?;
    Ok(key)
}

fn mac(key: &FileKey, header: &str) -> Zeroizing<[u8; 32]> {
    hmac(key.derive(&[], "header").as_slice(), &[header.as_bytes()])
}
