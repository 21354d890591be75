//! RSA public keys: which are accepted.

use pkcs1::{ALGORITHM_OID, RsaPublicKey};
use spki::SubjectPublicKeyInfoRef;

use super::PublicKey;
use crate::pem;

/// The accepted lengths of a modulus, in bits: shorter ones are broken, longer ones cost too much
/// to check.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// An exponent has at most this many bytes; the usual one is 65537.
const MAX_EXPONENT_BYTES: usize = 4;

/// Returns the key of two numbers, big-endian, with or without leading zeros.
pub(super) fn key(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, String> {
    let modulus = without_zeros(modulus);
    let exponent = without_zeros(exponent);
    let bits =
        modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
    if !BITS.contains(&bits) {
        return Err(format!(
            "its modulus has {bits} bits; {} to {} are accepted",
            BITS.start(),
            BITS.end()
        ));
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !is_odd(modulus) || !is_odd(exponent) || exponent == [1] {
        return Err("its modulus or its exponent is not that of an RSA key".to_owned());
    }
    if exponent.len() > MAX_EXPONENT_BYTES {
        return Err(format!(
            "its exponent has {} bytes; at most {MAX_EXPONENT_BYTES} are accepted",
            exponent.len()
        ));
    }
    Ok(PublicKey::Rsa { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
}

/// Parses a key in PEM: `BEGIN PUBLIC KEY` (SPKI) or `BEGIN RSA PUBLIC KEY` (PKCS#1). `None` where
/// it is in PEM, but not an RSA key.
pub(super) fn from_pem(text: &str) -> Result<Option<PublicKey>, String> {
    const MALFORMED: &str = "it is not a public key in PEM";
    let from_pkcs1 = |der: &[u8]| {
        let numbers = RsaPublicKey::try_from(der).map_err(|_| MALFORMED)?;
        key(numbers.modulus.as_bytes(), numbers.public_exponent.as_bytes()).map(Some)
    };
    if let Some(der) = pem::decode(text.as_bytes(), "RSA PUBLIC KEY") {
        return from_pkcs1(&der);
    }
    let der = pem::decode(text.as_bytes(), "PUBLIC KEY").ok_or(MALFORMED)?;
    let info = SubjectPublicKeyInfoRef::try_from(&**der).map_err(|_| MALFORMED)?;
    match info.algorithm.oid == ALGORITHM_OID {
        true => from_pkcs1(info.subject_public_key.as_bytes().ok_or(MALFORMED)?),
        false => Ok(None),
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
