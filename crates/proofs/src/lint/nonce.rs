//! The nonce.

use serde_json::Value;

use super::finding::{Details, Reporter};
use super::location::Location;
use super::rule::Rule;
use crate::error::Fault;

/// A shorter nonce could repeat: of 2^32 random nonces of 64 bits, two are probably alike.
const MIN_BITS: u32 = 64;
/// What the field's libraries generate.
const USUAL_BITS: u32 = 80;
/// How many decimal digits the largest number of 128 bits has.
const MAX_DIGITS: usize = 39;

const REMEDY: &str = "take 80 random bits, written in decimal";

/// Checks a nonce: a text of digits, without leading zeros, of 64 to 80 bits.
pub(super) fn check(value: &Value, location: &Location<'_>, reporter: &mut Reporter) {
    const EXPECTED: &str = "a number in decimal digits, as text";
    let digits = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return reporter.wrong_type(location, EXPECTED, other),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return reporter.fault(Fault::NonceNotDecimal, location, EXPECTED, value);
    }
    if value.is_number() {
        is_number(&digits, location, reporter);
    }
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    if zeros > 0 && digits != "0" {
        reporter.error(Rule::NonceLeadingZeros, location, || {
            Details::new(format!("{zeros} zeros in front"), "leave them out")
        });
    }
    length(significant, location, reporter);
}

/// Reports a nonce that is not a text.
pub(super) fn is_number(digits: &str, location: &Location<'_>, reporter: &mut Reporter) {
    reporter.warn(Rule::NonceIsNumber, location, || {
        Details::new(format!("the number {digits}"), format!(r#"write it as text: "{digits}""#))
    });
}

fn length(significant: &str, location: &Location<'_>, reporter: &mut Reporter) {
    match bits(significant) {
        None => reporter.error(Rule::NonceTooLong, location, || {
            let digits = significant.len();
            Details::new(format!("a number of {digits} digits"), REMEDY)
        }),
        Some(bits) if bits > USUAL_BITS => reporter.warn(Rule::NonceLong, location, || {
            Details::new(format!("a number of {bits} bits"), REMEDY)
        }),
        Some(bits) if bits < MIN_BITS => reporter.warn(Rule::NonceShort, location, || {
            Details::new(format!("a number of {bits} bits"), REMEDY)
        }),
        Some(_) => {}
    }
}

/// Counts the bits of a number; `None` if there are more than 128.
fn bits(significant: &str) -> Option<u32> {
    if significant.is_empty() {
        return Some(0);
    }
    let fits = significant.len() <= MAX_DIGITS;
    let number: u128 = fits.then(|| significant.parse().ok()).flatten()?;
    Some(u128::BITS - number.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_up_to_128() {
        for (number, expected) in [
            (String::new(), Some(0)),
            ("1".to_owned(), Some(1)),
            ("123432421212".to_owned(), Some(37)),
            (((1_u128 << 80) - 1).to_string(), Some(80)),
            ((1_u128 << 80).to_string(), Some(81)),
            (u128::MAX.to_string(), Some(128)),
            ("340282366920938463463374607431768211456".to_owned(), None),
            ("9".repeat(1_000_000), None),
        ] {
            assert_eq!(bits(&number), expected);
        }
    }
}
