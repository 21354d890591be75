//! The nonce.

use serde_json::Value;

use super::finding::{Details, Reporter};
use super::place::Place;
use super::rule::Rule;
use crate::error::Fault;

/// A shorter nonce could repeat: among 2^32 random nonces of 64 bits, two are probably alike.
const FEWEST_BITS: u32 = 64;
/// What the field's libraries generate.
const USUAL_BITS: u32 = 80;
/// Decimal digits of the largest number of 128 bits.
const MOST_DIGITS: usize = 39;

const REMEDY: &str = "take 80 random bits, written in decimal";

/// Looks at a nonce: text of digits, without leading zeros, of 64 to 80 bits.
pub(super) fn check(value: &Value, place: &Place<'_>, reporter: &mut Reporter) {
    const EXPECTED: &str = "a number in decimal digits, as text";
    let digits = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return reporter.wrong_type(place, EXPECTED, other),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return reporter.fault(Fault::NonceNotDecimal, place, EXPECTED, value);
    }
    if value.is_number() {
        reporter.warn(Rule::NonceIsNumber, place, || {
            Details::new(
                format!("the number {digits}"),
                format!(r#"write it as text: "{digits}""#),
            )
        });
    }
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    if zeros > 0 && digits != "0" {
        reporter.error(Rule::NonceLeadingZeros, place, || {
            Details::new(format!("{zeros} zeros in front"), "leave them out")
        });
    }
    length(significant, place, reporter);
}

fn length(significant: &str, place: &Place<'_>, reporter: &mut Reporter) {
    match bits(significant) {
        None => reporter.error(Rule::NonceTooLong, place, || {
            let digits = significant.len();
            Details::new(format!("a number of {digits} digits"), REMEDY)
        }),
        Some(bits) if bits > USUAL_BITS => reporter.warn(Rule::NonceLong, place, || {
            Details::new(format!("a number of {bits} bits"), REMEDY)
        }),
        Some(bits) if bits < FEWEST_BITS => reporter.warn(Rule::NonceShort, place, || {
            Details::new(format!("a number of {bits} bits"), REMEDY)
        }),
        Some(_) => {}
    }
}

/// How many bits a number has; `None` if more than 128.
fn bits(significant: &str) -> Option<u32> {
    if significant.is_empty() {
        return Some(0);
    }
    let fits = significant.len() <= MOST_DIGITS;
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
