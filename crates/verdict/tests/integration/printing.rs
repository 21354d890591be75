//! The text of a verdict.

use verdict::{Failure, Verdict};

use super::parcel::{ParcelCheck, verdict};

#[test]
fn a_verdict_is_printed_with_marks_and_failures() {
    let verdict =
        verdict(&[ParcelCheck::Weight], &[(ParcelCheck::Weight, 0), (ParcelCheck::Address, 2)]);
    assert_eq!(
        verdict.to_string(),
        " 1 ✓ weight   it weighs at most 30 kg (relaxed by the policy)
 2 ✗ address  it has the recipient's address
     expected an address; found number 0; correct it
     expected an address; found number 1; correct it
 3 – stamp    its stamp is valid (not reached: because address failed)
"
    );
}

#[test]
fn control_characters_are_escaped() {
    let failure = Failure::new("\u{1b}[2J", "\u{202e}\n", "\u{9b}").about("\u{7}");
    let verdict = Verdict::failed_at(ParcelCheck::Stamp, None, failure);
    let text = verdict.to_string();
    assert_eq!(
        text,
        " 1 ✗ stamp    its stamp is valid
     \\u{7}: expected \\u{1b}[2J; found \\u{202e}\\n; \\u{9b}
"
    );
}

#[test]
fn long_texts_are_shortened_at_300_characters() {
    let exact = Failure::new("é".repeat(300), "", "").expected;
    assert_eq!(exact, "é".repeat(300));
    let longer = Failure::new("é".repeat(301), "", "").expected;
    assert_eq!(longer, format!("{}… (602 bytes)", "é".repeat(300)));
}
