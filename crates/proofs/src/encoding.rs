//! From an attribute's text to the integer that is signed.
//!
//! AnonCreds signs integers. The field's convention for text (Aries RFC 0592, "encoding claims")
//! is:
//!
//! - text that reads as a signed 32-bit integer is that integer;
//! - everything else is the SHA-256 of its UTF-8 bytes, read as a big-endian integer.
//!
//! Both are written in decimal. The signature binds the integer only: a text proves nothing unless
//! its encoding is the signed integer.

use sha2::{Digest, Sha256};

/// Encodes an attribute's text.
///
/// An integer may be written in more ways than one. Like `indy-credx`, this takes what Rust's `i32`
/// parser takes, and writes the canonical form: `007` becomes `7`, `+5` becomes `5`, `-0` becomes
/// `0`. White space is never part of an integer: ` 28` is hashed, and so is the empty text, and
/// every number outside the 32 bits.
///
/// ```
/// use negotiate_proofs::encoding::encode;
///
/// assert_eq!(encode("28"), "28");
/// assert_eq!(encode("Alex"), "99262857098057710338306967609588410025648622308394250666849665532448612202874");
/// ```
pub fn encode(raw: &str) -> String {
    match raw.parse::<i32>() {
        Ok(integer) => integer.to_string(),
        Err(_) => decimal(&Sha256::digest(raw.as_bytes())),
    }
}

/// Returns whether an issuer may have encoded a text so: as [`encode`] does or, as some agents do,
/// a number without regard to the white space around it.
///
/// ```
/// use negotiate_proofs::encoding::encodes_to;
///
/// assert!(encodes_to("02139", "2139") && encodes_to(" 7", "7") && !encodes_to("7a", "7"));
/// ```
pub fn encodes_to(raw: &str, encoded: &str) -> bool {
    encode(raw) == encoded
        || integer(raw.trim()).is_some_and(|number| number.to_string() == encoded)
}

/// Reads an encoded value as the integer that a predicate compares.
///
/// `None` means *out of range*: the value is not a signed 32-bit integer (but the hash of a text,
/// for example, or `2147483648`), so that the library proves no predicate of it. The mathematics
/// itself compares larger integers, too.
pub fn integer(encoded: &str) -> Option<i32> {
    encoded.parse().ok()
}

/// Writes a big-endian number in decimal, by schoolbook multiplication: for each byte, `number =
/// number * 256 + byte`.
fn decimal(bytes: &[u8]) -> String {
    // Least significant digit first.
    let mut digits = vec![0_u8];
    for byte in bytes {
        let mut carry = u16::from(*byte);
        for digit in &mut digits {
            carry += u16::from(*digit) * 256;
            *digit = (carry % 10) as u8;
            carry /= 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_encodes_as_its_hash() {
        let known = [
            (
                "Alex",
                "99262857098057710338306967609588410025648622308394250666849665532448612202874",
            ),
            (
                "male",
                "5944657099558967239210949258394887428692050081607692519917050011144233115103",
            ),
            // SHA-256 of no bytes at all
            ("", "102987336249554097029535212322581322789799900648198034993379397001115665086549"),
            // values of Aries RFC 0592
            (
                "101 Wilson Lane",
                "68086943237164982734333428280784300550565381723532936263016368251445461241953",
            ),
            (
                "SLC",
                "101327353979588246869873249766058188995681113722618593621043638294296500696424",
            ),
            ("87121", "87121"),
            (
                "2147483648",
                "26221484005389514539852548961319751347124425277437769688639924217837557266135",
            ),
        ];
        for (raw, encoded) in known {
            assert_eq!(encode(raw), encoded, "{raw:?}");
        }
    }

    #[test]
    fn an_integer_of_32_bits_encodes_as_itself_in_canonical_form() {
        for (raw, encoded) in [
            ("0", "0"),
            ("-0", "0"),
            ("007", "7"),
            ("+5", "5"),
            ("-28", "-28"),
            ("2147483647", "2147483647"),
            ("-2147483648", "-2147483648"),
        ] {
            assert_eq!(encode(raw), encoded, "{raw:?}");
        }
    }

    #[test]
    fn a_text_that_only_resembles_an_integer_is_hashed() {
        for raw in
            [" 28", "28 ", "28.0", "1e3", "0x1c", "٢٨", "+", "-", "2147483648", "-2147483649"]
        {
            assert!(encode(raw).len() > 60, "{raw:?} became {}", encode(raw));
        }
    }

    #[test]
    fn only_what_fits_32_bits_can_be_compared() {
        assert_eq!(integer("28"), Some(28));
        assert_eq!(integer("-2147483648"), Some(i32::MIN));
        assert_eq!(integer("2147483648"), None);
        assert_eq!(integer(&encode("Alex")), None);
        assert_eq!(integer(""), None);
    }

    #[test]
    fn leading_zero_bytes_leave_no_leading_zero_digits() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0, 0]), "0");
        assert_eq!(decimal(&[0, 1, 0]), "256");
        assert_eq!(decimal(&u128::MAX.to_be_bytes()), u128::MAX.to_string());
    }
}
