//! The points of a non-revocation proof, from how a proof writes them to how the challenge covers them.
//!
//! They lie on the pairing-friendly curve BN254 (that of Nogami and others, not the one of Ethereum): in the
//! first group with coordinates in the field of `p` elements, in the second with coordinates in its extension by a
//! root `i` of -1. A proof writes a point in projective coordinates `(X : Y : Z)`, each number of a
//! coordinate as the bound of its excess over `p` (of no meaning here) and its hexadecimal digits. The challenge
//! covers the affine coordinates `X/Z` and `Y/Z`. The numbers are in Montgomery form, that is with a factor which
//! cancels out in the quotients.

use std::sync::LazyLock;

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use dashu_int::modular::Reduced;

use crate::presentation::{NonRevocationProof, RevocationCommitments};

/// `p`
static FIELD: LazyLock<ConstDivisor> = LazyLock::new(|| {
    const P: [u8; 32] = [
        0x25, 0x23, 0x64, 0x82, 0x40, 0x00, 0x00, 0x01, 0xBA, 0x34, 0x4D, 0x80, 0x00, 0x00, 0x00,
        0x08, 0x61, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x13, 0xA7, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x13,
    ];
    ConstDivisor::new(UBig::from_be_bytes(&P))
});

/// The order of the groups, as responses are written.
const ORDER: &str = "2523648240000001BA344D8000000007FF9F800000000010A10000000000000D";

/// How many bytes a point of either group adds to the challenge.
const POINT_BYTES: usize = 128;

/// How many bytes a number of the field has.
const COORDINATE_BYTES: usize = 32;

/// Returns the first member of `x_list` that is not a number below the order, as the library writes it.
pub(super) fn response_out_of_form(proof: &NonRevocationProof) -> Option<&str> {
    let responses = proof.x_list.iter();
    let mut present = responses.filter_map(|(name, response)| Some((name, response.as_ref()?)));
    let out_of_form = present.find(|(_, response)| {
        let digits = response.len() == ORDER.len() && response.bytes().all(is_digit);
        !digits || response.as_str() >= ORDER
    });
    out_of_form.map(|(name, _)| name.as_str())
}

/// Returns whether this is a hexadecimal digit as the library writes it.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)
}

/// Returns the commitments, in their order, each with its name and its bytes; `None` if it is not a point.
pub(super) fn commitments(list: &RevocationCommitments) -> [(&'static str, Option<Vec<u8>>); 7] {
    [
        ("e", first_group(&list.e)),
        ("d", first_group(&list.d)),
        ("a", first_group(&list.a)),
        ("g", first_group(&list.g)),
        ("w", second_group(&list.w)),
        ("s", second_group(&list.s)),
        ("u", second_group(&list.u)),
    ]
}

/// Writes a point of the first group: a 4, `x`, `y`, filled up with zeros.
fn first_group(point: &str) -> Option<Vec<u8>> {
    let [x, y, z] = numbers(point)?;
    let inverse = z.inv()?;
    let mut bytes = vec![4];
    for coordinate in [x * &inverse, y * &inverse] {
        bytes.extend(padded(&coordinate));
    }
    bytes.resize(POINT_BYTES, 0);
    Some(bytes)
}

/// Writes a point of the second group: the two parts of `x`, then those of `y`.
pub(super) fn second_group(point: &str) -> Option<Vec<u8>> {
    let [xa, xb, ya, yb, za, zb] = numbers(point)?;
    // 1 / (a + bi) = (a - bi) / (a² + b²)
    let norm = (za.sqr() + zb.sqr()).inv()?;
    let (a, b) = (za * &norm, -(zb * &norm));
    let mut bytes = Vec::with_capacity(POINT_BYTES);
    for (real, imaginary) in [(xa, xb), (ya, yb)] {
        bytes.extend(padded(&(&real * &a - &imaginary * &b)));
        bytes.extend(padded(&(&real * &b + &imaginary * &a)));
    }
    Some(bytes)
}

/// Reads numbers of the field, each written as its excess and its digits.
fn numbers<const N: usize>(point: &str) -> Option<[Reduced<'static>; N]> {
    // One number is of 280 bits at most.
    const MAX_NUMBER_DIGITS: usize = 70;
    let mut words = point.split(' ');
    let mut numbers = Vec::with_capacity(N);
    for _ in 0..N {
        let excess = words.next()?;
        let digits = words.next()?;
        let well_formed = super::decimal::is_canonical(excess)
            && excess.len() < 10
            && (1..=MAX_NUMBER_DIGITS).contains(&digits.len())
            && digits.bytes().all(is_digit);
        if !well_formed {
            return None;
        }
        numbers.push(FIELD.reduce(UBig::from_str_radix(digits, 16).ok()?));
    }
    if words.next().is_some() {
        return None;
    }
    numbers.try_into().ok()
}

fn padded(number: &Reduced<'_>) -> [u8; COORDINATE_BYTES] {
    let bytes = number.residue().to_be_bytes();
    let mut padded = [0; COORDINATE_BYTES];
    let start = COORDINATE_BYTES.saturating_sub(bytes.len());
    padded[start..].copy_from_slice(&bytes[bytes.len().saturating_sub(COORDINATE_BYTES)..]);
    padded
}
