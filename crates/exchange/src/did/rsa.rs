//! RSA public keys: which are accepted, and how DER encodes them.

use super::PublicKey;
use crate::pem;

/// The accepted lengths of a modulus, in bits: shorter ones are broken, longer ones cost too much to check.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The DER of the object identifier 1.2.840.113549.1.1.1, `rsaEncryption`.
const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// An exponent has at most this many bytes; the usual one is 65537.
const MAX_EXPONENT_BYTES: usize = 4;

/// DER's tags of the parts of such a key.
mod tag {
    pub(super) const INTEGER: u8 = 0x02;
    pub(super) const BIT_STRING: u8 = 0x03;
    pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(super) const SEQUENCE: u8 = 0x30;
}

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

/// Parses a key in PEM: `BEGIN PUBLIC KEY` (SPKI) or `BEGIN RSA PUBLIC KEY` (PKCS#1). `None` where it is in PEM,
/// but not an RSA key.
pub(super) fn from_pem(text: &str) -> Result<Option<PublicKey>, String> {
    const MALFORMED: &str = "it is not a public key in PEM";
    if let Some(der) = pem::decode(text.as_bytes(), "RSA PUBLIC KEY") {
        return from_pkcs1(&der).ok_or(MALFORMED)?.map(Some);
    }
    let der = pem::decode(text.as_bytes(), "PUBLIC KEY").ok_or(MALFORMED)?;
    match from_spki(&der).ok_or(MALFORMED)? {
        Some(pkcs1) => from_pkcs1(pkcs1).ok_or(MALFORMED)?.map(Some),
        None => Ok(None),
    }
}

/// Returns the PKCS#1 key in a SubjectPublicKeyInfo; the inner `None` stands for another algorithm.
fn from_spki(der: &[u8]) -> Option<Option<&[u8]>> {
    let (info, []) = element(der, tag::SEQUENCE)? else {
        return None;
    };
    let (algorithm, rest) = element(info, tag::SEQUENCE)?;
    let (identifier, _) = element(algorithm, tag::OBJECT_IDENTIFIER)?;
    if identifier != RSA_ENCRYPTION {
        return Some(None);
    }
    let (bits, []) = element(rest, tag::BIT_STRING)? else {
        return None;
    };
    // The first byte is the number of bits that are not used.
    bits.strip_prefix(&[0]).map(Some)
}

/// Parses a PKCS#1 `RSAPublicKey`; the inner error says why the key is not accepted.
fn from_pkcs1(der: &[u8]) -> Option<Result<PublicKey, String>> {
    let (numbers, []) = element(der, tag::SEQUENCE)? else {
        return None;
    };
    let (modulus, rest) = element(numbers, tag::INTEGER)?;
    let (exponent, []) = element(rest, tag::INTEGER)? else {
        return None;
    };
    Some(key(modulus, exponent))
}

/// Returns the content of the first element, which has this tag, and the bytes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // A length of up to four bytes behind the byte that counts them.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            let length = digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit));
            (length, rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
