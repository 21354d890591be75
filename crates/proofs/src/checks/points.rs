//! The points of a non-revocation proof, from how a proof writes them to how the challenge covers
//! them.
//!
//! They lie on the pairing-friendly curve BN254 (that of Nogami and others, not the one of
//! Ethereum): in the first group with coordinates in the field of `p` elements, in the second with
//! coordinates in its extension by a root `i` of -1. A proof writes a point in projective
//! coordinates `(X : Y : Z)`, each number of a coordinate as the bound of its excess over `p` (of
//! no meaning here) and its hexadecimal digits. The challenge covers the affine coordinates `X/Z`
//! and `Y/Z`. The numbers are in Montgomery form, that is with a factor which cancels out in the
//! quotients.

use std::sync::LazyLock;

use dashu_base::BitTest;
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

/// Returns the first member of `x_list` that is not a number below the order, as the library writes
/// it.
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

/// Returns the commitments, in their order, each with its name and its bytes; `None` if it is not a
/// point.
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

/// Writes a point of the first group: a 4, `x`, `y`, filled up with zeros. `None` if it is not on
/// the curve, `y² = x³ + 2`, all of whose points are in the group.
fn first_group(point: &str) -> Option<Vec<u8>> {
    let [x, y, z] = numbers(point)?;
    let inverse = z.inv()?;
    let (x, y) = (x * &inverse, y * &inverse);
    if y.sqr() != x.sqr() * &x + FIELD.reduce(2) {
        return None;
    }
    let mut bytes = vec![4];
    for coordinate in [x, y] {
        bytes.extend(padded(&coordinate));
    }
    bytes.resize(POINT_BYTES, 0);
    Some(bytes)
}

/// Writes a point of the second group: the two parts of `x`, then those of `y`. `None` if it is not
/// on the curve, or is on it and not in the group.
pub(super) fn second_group(point: &str) -> Option<Vec<u8>> {
    let [xa, xb, ya, yb, za, zb] = numbers(point)?;
    let inverse = Extended { real: za, imaginary: zb }.inverse()?;
    let x = Extended { real: xa, imaginary: xb }.times(&inverse);
    let y = Extended { real: ya, imaginary: yb }.times(&inverse);
    if !is_on_twist(&x, &y) || !has_group_order(&x, &y) {
        return None;
    }
    let mut bytes = Vec::with_capacity(POINT_BYTES);
    for coordinate in [x, y] {
        bytes.extend(padded(&coordinate.real));
        bytes.extend(padded(&coordinate.imaginary));
    }
    Some(bytes)
}

/// A number of the extension of the field by `i`.
#[derive(Clone, PartialEq)]
struct Extended {
    real: Reduced<'static>,
    imaginary: Reduced<'static>,
}

impl Extended {
    fn times(&self, other: &Self) -> Self {
        Self {
            real: &self.real * &other.real - &self.imaginary * &other.imaginary,
            imaginary: &self.real * &other.imaginary + &self.imaginary * &other.real,
        }
    }

    fn squared(&self) -> Self {
        // (a + bi)² = (a + b)(a - b) + 2abi
        let product = &self.real * &self.imaginary;
        Self {
            real: (&self.real + &self.imaginary) * (&self.real - &self.imaginary),
            imaginary: &product + &product,
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self { real: &self.real + &other.real, imaginary: &self.imaginary + &other.imaginary }
    }

    fn minus(&self, other: &Self) -> Self {
        Self { real: &self.real - &other.real, imaginary: &self.imaginary - &other.imaginary }
    }

    fn doubled(&self) -> Self {
        self.plus(self)
    }

    fn inverse(&self) -> Option<Self> {
        // 1 / (a + bi) = (a - bi) / (a² + b²)
        let norm = (self.real.sqr() + self.imaginary.sqr()).inv()?;
        Some(Self { real: &self.real * &norm, imaginary: -(&self.imaginary * &norm) })
    }

    fn is_zero(&self) -> bool {
        self.real.residue() == UBig::ZERO && self.imaginary.residue() == UBig::ZERO
    }
}

/// Returns whether a point is on the curve of the second group: `y² = x³ + 1 - i`.
fn is_on_twist(x: &Extended, y: &Extended) -> bool {
    let constant = Extended { real: FIELD.reduce(1), imaginary: -FIELD.reduce(1) };
    y.squared() == x.squared().times(x).plus(&constant)
}

/// Returns whether the point `(x, y)` times the order of the group is the point at infinity, and no
/// earlier multiple on the way is. The curve has other points too, and what is proved of those is
/// nothing.
///
/// Double and add, in Jacobian coordinates `(X / Z², Y / Z³)`; the point's data is public.
fn has_group_order(x: &Extended, y: &Extended) -> bool {
    let Ok(order) = UBig::from_str_radix(ORDER, 16) else { return false };
    let one = Extended { real: FIELD.reduce(1), imaginary: FIELD.reduce(0) };
    let (mut at_x, mut at_y, mut at_z) = (x.clone(), y.clone(), one);
    for bit in (0..order.bit_len() - 1).rev() {
        // the double
        let (a, b) = (at_x.squared(), at_y.squared());
        let c = b.squared();
        let d = at_x.plus(&b).squared().minus(&a).minus(&c).doubled();
        let e = a.doubled().plus(&a);
        let new_x = e.squared().minus(&d.doubled());
        at_z = at_y.times(&at_z).doubled();
        at_y = e.times(&d.minus(&new_x)).minus(&c.doubled().doubled().doubled());
        at_x = new_x;
        if !order.bit(bit) {
            continue;
        }
        // the sum with the point itself
        let z_squared = at_z.squared();
        let h = x.times(&z_squared).minus(&at_x);
        let difference = y.times(&z_squared).times(&at_z).minus(&at_y);
        if h.is_zero() {
            // the negative of the point: the sum is at infinity, which has to be the end
            return bit == 0 && !difference.is_zero();
        }
        let h_squared = h.squared();
        let h_cubed = h_squared.times(&h);
        let v = at_x.times(&h_squared);
        let new_x = difference.squared().minus(&h_cubed).minus(&v.doubled());
        at_y = difference.times(&v.minus(&new_x)).minus(&at_y.times(&h_cubed));
        at_z = at_z.times(&h);
        at_x = new_x;
    }
    false
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_points_of_the_groups_are_points() {
        // (1, y) is on no curve; (2, y) is on the second one and not in its group
        let twist = "1 2 1 0 1 91BE731B8DB4C9565E11AED81BD2CCF362ED0C28CCC4EC87CD72235E3736A6B \
                     1 20F0270B9009532490BA110487B9086E2830E8209C1B1239B0B967604E13EFF6 1 1 1 0";
        let [xa, xb, ya, yb, ..] = numbers::<6>(twist).unwrap();
        let (x, y) = (Extended { real: xa, imaginary: xb }, Extended { real: ya, imaginary: yb });
        assert!(is_on_twist(&x, &y) && !has_group_order(&x, &y));
        assert_eq!(second_group(twist), None);
        assert_eq!(second_group("1 1 1 0 1 1 1 0 1 1 1 0"), None);
        assert_eq!(first_group("1 1 1 1 1 1"), None);
        // (-1, 1) is on the first curve
        let minus_one = "2523648240000001BA344D80000000086121000000000013A700000000000012";
        assert!(first_group(&format!("1 {minus_one} 1 1 1 1")).is_some());
    }

    #[test]
    fn the_points_of_an_honest_registry_are_in_the_group() {
        const CASE: &str = include_str!("../../tests/fixtures/cases/revocable.json");
        let case: serde_json::Value = serde_json::from_str(CASE).unwrap();
        let entries = case["rev_regs"].as_object().unwrap().values().next().unwrap();
        let entry = entries.as_object().unwrap().values().next().unwrap();
        assert!(second_group(entry["value"]["accum"].as_str().unwrap()).is_some());
    }
}
