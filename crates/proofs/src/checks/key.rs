//! Whether an issuer's key is a key of the scheme.

use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;
use std::sync::{LazyLock, Mutex, PoisonError};

use dashu_base::{BitTest, Gcd};
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use sha2::{Digest, Sha256};

use super::public_data::PrimaryKey;

/// The digest of a key, and the bound on its modulus under which it was found sound.
type Sound = ([u8; 32], RangeInclusive<usize>);

/// Keys that were found sound. Cases come with the same few keys again and again.
static SOUND: Mutex<VecDeque<Sound>> = Mutex::new(VecDeque::new());

/// How many keys are remembered.
const MAX_REMEMBERED: usize = 64;

/// The product of the odd primes below 2,000: a modulus that has none of them as a factor is
/// coprime to it.
static SMALL_PRIMES: LazyLock<UBig> = LazyLock::new(|| {
    let is_prime = |number: &u32| {
        (2..*number).take_while(|d| d * d <= *number).all(|d| !number.is_multiple_of(d))
    };
    (3..2_000).filter(is_prime).map(UBig::from).product()
});

/// Returns what is wrong with a key, as what is expected and what was found: its modulus has
/// another size, is even or has a small factor, or a base is not a unit below it or occurs twice.
///
/// Numbers that are no canonical decimals are for `number-form` to report.
pub(super) fn fault(
    key: &PrimaryKey<'_>,
    bits: &RangeInclusive<usize>,
) -> Option<(String, String)> {
    let digest = digest(key);
    let remember = || SOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if remember().iter().any(|(sound, within)| *sound == digest && within == bits) {
        return None;
    }
    let fault = find(key, bits);
    if fault.is_none() {
        let mut sound = remember();
        sound.truncate(MAX_REMEMBERED - 1);
        sound.push_front((digest, bits.clone()));
    }
    fault
}

fn find(key: &PrimaryKey<'_>, bits: &RangeInclusive<usize>) -> Option<(String, String)> {
    let number = |text: &str| UBig::from_str_radix(text, 10).ok();
    let n = number(key.n)?;
    if !bits.contains(&n.bit_len()) {
        let expected = format!("a modulus of {} to {} bits", bits.start(), bits.end());
        return Some((expected, format!("one of {} bits", n.bit_len())));
    }
    if !n.bit(0) || (&n).gcd(&*SMALL_PRIMES) != UBig::ONE {
        return Some((
            "a modulus of two large primes".to_owned(),
            "one with a small factor".to_owned(),
        ));
    }
    let named = [("s", key.s), ("z", key.z), ("rctxt", key.rctxt)];
    let modulus = ConstDivisor::new(n.clone());
    let mut product = modulus.reduce(UBig::ONE);
    let mut seen = BTreeSet::new();
    for (name, text) in named.into_iter().chain(key.bases()) {
        let base = number(text)?;
        if base <= UBig::ONE || base >= n {
            return Some((
                format!("{name} between 1 and the modulus"),
                "another number".to_owned(),
            ));
        }
        if !seen.insert(text) {
            return Some(("bases that differ".to_owned(), format!("{name} is one of the others")));
        }
        product *= modulus.reduce(base);
    }
    // one common divisor for all: a base with a factor of the modulus leaves it in the product
    (product.residue().gcd(&n) != UBig::ONE)
        .then(|| ("bases that are coprime to the modulus".to_owned(), "one that is not".to_owned()))
}

/// Returns the digest of a key, each member with its name and length.
fn digest(key: &PrimaryKey<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let named = [("n", key.n), ("s", key.s), ("z", key.z), ("rctxt", key.rctxt)];
    for (name, number) in named.into_iter().chain(key.bases()) {
        for part in [name, number] {
            hasher.update(part.len().to_be_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::KEY_BITS;
    use serde_json::Value;

    const CASE: &str = include_str!("../../tests/fixtures/cases/one-credential.json");

    /// Returns what is wrong with a sound key after something was done to it.
    fn fault_after(alter: impl FnOnce(&mut Value)) -> Option<String> {
        let case: Value = serde_json::from_str(CASE).unwrap();
        let cred_def = case["cred_defs"].as_object().unwrap().values().next().unwrap();
        let mut primary = cred_def["value"]["primary"].clone();
        alter(&mut primary);
        let key: PrimaryKey<'_> = serde::Deserialize::deserialize(&primary).unwrap();
        fault(&key, &KEY_BITS).map(|(expected, got)| format!("{expected}, {got}"))
    }

    #[test]
    fn a_key_is_sound_until_a_number_of_it_is_not() {
        assert_eq!(fault_after(|_| {}), None);
        let number = |key: &Value, name: &str| key[name].as_str().unwrap().parse::<UBig>().unwrap();
        let short = fault_after(|key| key["n"] = (number(key, "n") >> 8).to_string().into());
        assert_eq!(short.as_deref(), Some("a modulus of 2046 to 2050 bits, one of 2042 bits"));
        let even = fault_after(|key| key["n"] = (number(key, "n") + 1_u8).to_string().into());
        assert_eq!(even.as_deref(), Some("a modulus of two large primes, one with a small factor"));
        let third = fault_after(|key| {
            key["n"] = ((number(key, "n") / 4_u8 * 3_u8) | UBig::ONE).to_string().into()
        });
        assert!(third.is_some());
        let large = fault_after(|key| key["s"] = (number(key, "n") + 2_u8).to_string().into());
        assert_eq!(large.as_deref(), Some("s between 1 and the modulus, another number"));
        let twice = fault_after(|key| key["r"]["sex"] = key["z"].clone());
        assert_eq!(twice.as_deref(), Some("bases that differ, sex is one of the others"));
    }
}
