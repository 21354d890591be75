//! The three forms of a seed that libindy accepts.

use zeroize::Zeroizing;

use super::error::DidError;

/// The length of an Ed25519 private key, in bytes.
const LENGTH: usize = 32;

/// The length of 32 bytes in base64, with the one `=` of padding.
const BASE64_LENGTH: usize = 44;

/// Decodes a seed.
///
/// The forms are tried in libindy's order: 32 bytes of text are the seed themselves, even if they
/// end with `=`.
pub(super) fn bytes(seed: &str) -> Result<Zeroizing<[u8; LENGTH]>, DidError> {
    let invalid = |reason| DidError::InvalidSeed { length: seed.len(), reason };
    let mut bytes = Zeroizing::new([0; LENGTH]);
    if seed.len() == LENGTH {
        bytes.copy_from_slice(seed.as_bytes());
    } else if seed.ends_with('=') {
        from_base64(seed.as_bytes(), &mut bytes)
            .ok_or_else(|| invalid("it ends with `=`, but is not the base64 of 32 bytes"))?;
    } else if seed.len() == 2 * LENGTH {
        from_hex(seed.as_bytes(), &mut bytes)
            .ok_or_else(|| invalid("it is as long as 64 hexadecimal digits, but is not that"))?;
    } else {
        return Err(invalid("no seed has this length"));
    }
    Ok(bytes)
}

fn from_hex(text: &[u8], bytes: &mut [u8; LENGTH]) -> Option<()> {
    let digit = |c: u8| char::from(c).to_digit(16);
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let value = digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?;
        *byte = u8::try_from(value).ok()?;
    }
    Some(())
}

/// Ten groups of four characters give three bytes each, the last group gives two.
fn from_base64(text: &[u8], bytes: &mut [u8; LENGTH]) -> Option<()> {
    let (fill, digits) = text.split_last()?;
    if text.len() != BASE64_LENGTH || *fill != b'=' {
        return None;
    }
    for (group, out) in digits.chunks(4).zip(bytes.chunks_mut(3)) {
        let mut bits = group.iter().try_fold(0, |bits, &c| Some(bits << 6 | base64_digit(c)?))?;
        if group.len() == 3 {
            bits <<= 6;
        }
        let [_, group_bytes @ ..] = u32::to_be_bytes(bits);
        let (used, unused) = group_bytes.split_at(out.len());
        if unused.iter().any(|&byte| byte != 0) {
            return None;
        }
        out.copy_from_slice(used);
    }
    Some(())
}

fn base64_digit(c: u8) -> Option<u32> {
    let digit = match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "000000000000000000000000Steward1";
    const HEX: &str = "3030303030303030303030303030303030303030303030305374657761726431";
    const BASE64: &str = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwU3Rld2FyZDE=";

    #[test]
    fn text_hexadecimal_and_base64_spell_the_same_seed() {
        for seed in [TEXT, HEX, &HEX.to_uppercase(), BASE64] {
            assert_eq!(bytes(seed).unwrap().as_slice(), TEXT.as_bytes(), "{seed}");
        }
    }

    #[test]
    fn every_base64_digit_is_read() {
        let seed = "AAECA+/wv77+/fz7+gkKCwwNDg8QERITFBUWFxgZGhs=";
        let expected = [
            0, 1, 2, 3, 239, 240, 191, 190, 254, 253, 252, 251, 250, 9, 10, 11, 12, 13, 14, 15, 16,
            17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
        ];
        assert_eq!(*bytes(seed).unwrap(), expected);
    }

    #[test]
    fn thirty_two_bytes_may_be_fewer_characters_and_may_end_like_base64() {
        assert!(bytes("ööööööööööööööö==").is_ok());
    }

    #[test]
    fn a_seed_of_another_length_is_refused_with_the_length_found() {
        for seed in ["", "too short", &"x".repeat(31), &"x".repeat(33)] {
            let error = bytes(seed).unwrap_err();
            assert_eq!(error.code(), "DidInvalidSeed");
            let shown = error.to_string();
            let found = format!("its length is {} bytes", seed.len());
            assert!(shown.contains(&found), "{shown}");
            assert!(shown.contains("32 bytes of text"), "{shown}");
        }
    }

    #[test]
    fn what_only_looks_like_hexadecimal_or_base64_is_refused_and_not_repeated() {
        for seed in [
            &HEX.replace('4', "g"),
            &BASE64.replace('M', "-"),
            // bits that belong to no byte
            &BASE64.replace("E=", "F="),
            &"MDAwMA==".to_owned(),
            &"ä".repeat(32),
        ] {
            let error = bytes(seed).unwrap_err();
            assert_eq!(error.code(), "DidInvalidSeed");
            assert!(!format!("{error} {error:?}").contains(seed.as_str()));
        }
    }
}
