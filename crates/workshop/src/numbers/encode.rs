//! From an attribute's text to the number that an issuer signs.

use proofs::encoding;
use stdx::text::{Quoted, shorten_numbers};

use crate::{
    gap::fill,
    outcome::{NotYet, Outcome},
};

/// Texts, and what is special about each.
const TEXTS: &[(&str, &str)] = &[
    ("28", "an integer"),
    ("Alex", "a text"),
    ("0", "an integer"),
    ("-28", "a negative integer"),
    ("2147483647", "the largest integer of 32 bits"),
    ("2147483648", "an integer of more than 32 bits"),
    ("-2147483648", "the smallest integer of 32 bits"),
    ("-2147483649", "an integer of more than 32 bits"),
    ("007", "an integer with leading zeros, which its number does not have"),
    ("+5", "an integer with a sign, which its number does not have"),
    ("-0", "zero with a sign, which its number does not have"),
    (" 28", "a text: it begins with a space"),
    ("28 ", "a text: it ends with a space"),
    ("28.0", "a text: it has a decimal point"),
    ("0x1c", "a text: it is not decimal"),
    ("1e3", "a text: it has an exponent"),
    ("", "a text without characters"),
    ("Zoë", "a text that is not ASCII: its bytes are UTF-8"),
    ("٢٨", "a text: its digits are not ASCII"),
    ("member 81", "a text whose hash begins with a zero byte"),
];

/// Checks a learner's encoding, on texts of every kind.
///
/// # Errors
///
/// The first texts that are encoded otherwise.
pub fn encode(learners: impl Fn(&str) -> String) -> Outcome {
    let mut wrong = Vec::new();
    for (text, kind) in TEXTS {
        let found = fill(|| learners(text)).map_err(|gap| NotYet::new(gap.to_string()))?;
        let expected = encoding::encode(text);
        if found != expected {
            wrong.push(format!(
                "{} is {kind}\n  expected  {}\n  found     {}",
                Quoted(text),
                shorten_numbers(&Quoted(&expected).to_string()),
                shorten_numbers(&Quoted(&found).to_string())
            ));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    const FEW: usize = 3;
    let (count, all) = (wrong.len(), TEXTS.len());
    wrong.truncate(FEW);
    let first = if count > FEW { ", of which these are the first" } else { "" };
    Err(NotYet::new(format!(
        "Of {all} texts, {count} get another number{first}:\n\n{}",
        wrong.join("\n\n")
    )))
}
