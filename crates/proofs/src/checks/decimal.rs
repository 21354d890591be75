//! Numbers as they are written: decimal texts, compared without making large integers of them.

use std::cmp::Ordering;
use std::sync::LazyLock;

use dashu_int::UBig;

use crate::decimal;

/// Returns whether a text is a canonical decimal: digits, no leading zero, nothing else.
pub(super) fn is_canonical(text: &str) -> bool {
    decimal::fault(text).is_none()
}

/// Returns whether a text is a canonical decimal, or a minus sign and one that is not zero.
pub(super) fn is_canonical_signed(text: &str) -> bool {
    match text.strip_prefix('-') {
        Some(magnitude) => magnitude != "0" && is_canonical(magnitude),
        None => is_canonical(text),
    }
}

/// Compares canonical decimals: the longer one is greater, of equally long ones the one with the
/// greater text.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The greatest length of an honest prover's numbers of one kind.
pub(super) struct Limit {
    pub(super) bits: usize,
    /// The smallest number that has more bits.
    above: LazyLock<String>,
}

impl Limit {
    /// Returns whether a canonical decimal (without its sign) keeps the limit.
    pub(super) fn holds(&self, number: &str) -> bool {
        compare(number, &self.above) == Ordering::Less
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $bits:literal;)*) => {
        $($(#[$doc])* pub(super) static $name: Limit = Limit {
            bits: $bits,
            above: LazyLock::new(|| (UBig::ONE << $bits).to_string()),
        };)*
    };
}

limits! {
    /// The challenge is a SHA-256.
    CHALLENGE = 256;
    /// `e`
    E = 457;
    /// `v`
    V = 3061;
    /// `m`, `mj` and `u`
    M = 594;
    /// `m2`
    M2 = 2433;
    /// `r`
    R = 2386;
    /// The magnitude of `alpha`.
    ALPHA = 2788;
}

/// Returns the number as the fewest big-endian bytes; `None` if it is not a canonical decimal.
pub(super) fn big_endian(number: &str) -> Option<Vec<u8>> {
    if !is_canonical(number) {
        return None;
    }
    let number = UBig::from_str_radix(number, 10).ok()?;
    let bytes = number.to_be_bytes();
    // Like the library: zero has no bytes.
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_way_of_writing_a_number_is_canonical() {
        for text in ["0", "1", "10", "987"] {
            assert!(is_canonical(text) && is_canonical_signed(text), "{text}");
        }
        for text in
            ["", "00", "01", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "٣", "-0", "--1", "-", "-01"]
        {
            assert!(!is_canonical(text) && !is_canonical_signed(text), "{text}");
        }
        assert!(is_canonical_signed("-1") && !is_canonical("-1"));
    }

    #[test]
    fn decimals_compare_as_numbers() {
        assert_eq!(compare("9", "10"), Ordering::Less);
        assert_eq!(compare("100", "99"), Ordering::Greater);
        assert_eq!(compare("123", "123"), Ordering::Equal);
        assert_eq!(compare("123", "124"), Ordering::Less);
    }

    #[test]
    fn a_limit_holds_for_exactly_as_many_bits() {
        for limit in [&CHALLENGE, &E, &V, &M, &M2, &R, &ALPHA] {
            let above = UBig::ONE << limit.bits;
            assert!(limit.holds(&(above.clone() - UBig::ONE).to_string()));
            assert!(!limit.holds(&above.to_string()));
            assert!(limit.holds("0"));
        }
    }

    #[test]
    fn a_number_becomes_its_fewest_bytes() {
        assert_eq!(big_endian("0"), Some(vec![]));
        assert_eq!(big_endian("255"), Some(vec![255]));
        assert_eq!(big_endian("256"), Some(vec![1, 0]));
        assert_eq!(big_endian("-1"), None);
        assert_eq!(big_endian("007"), None);
    }
}
