//! The text of a verdict.

use std::collections::BTreeSet;

use verdict::{Caution, Failure, Findings, Found, Layout, Verdict};

use super::parcel::{
    ParcelCheck::{self, Address, Stamp, Weight},
    verdict,
};

#[test]
fn a_table_has_all_checks_with_marks_and_failures() {
    let verdict = verdict(&[Weight], &[(Weight, 0), (Address, 2)]);
    assert_eq!(
        verdict.to_string(),
        " 1 ✓ weight   it weighs at most 30 kg (relaxed by the policy)
 2 ✗ address  it has the recipient's address
       expected  an address
       found     number 0
       do        correct it
       expected  an address
       found     number 1
       do        correct it
 3 – stamp    its stamp is valid (not reached: because address failed)
"
    );
}

#[test]
fn control_characters_are_escaped() {
    let failure = Failure::new("\u{1b}[2J", "\u{202e}\n", "\u{9b}").about("\u{7}");
    let verdict = Verdict::failed_at(Stamp, None, failure);
    let text = verdict.to_string();
    assert_eq!(
        text,
        " 1 ✗ stamp    its stamp is valid
     \\u{7}:
       expected  \\u{1b}[2J
       found     \\u{202e}\\n
       do        \\u{9b}
"
    );
    let text = verdict.text("\u{1b}]0;x\u{7}", &Layout::default());
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{text}");
}

#[test]
fn long_texts_are_shortened_at_300_characters() {
    let exact = Failure::new("é".repeat(300), "", "").expected;
    assert_eq!(exact, "é".repeat(300));
    let longer = Failure::new("é".repeat(301), "", "").expected;
    assert_eq!(longer, format!("{}… (602 bytes)", "é".repeat(300)));
}

#[test]
fn the_verdict_comes_first_then_what_failed_then_a_count() {
    let verdict = verdict(&[], &[(Weight, 0), (Address, 1)]);
    let layout = Layout { hint: Some("look into the table"), ..Layout::default() };
    assert_eq!(
        verdict.text("parcel 7", &layout),
        "parcel 7: rejected — address
  ✗ address
    expected  an address
    found     number 0
    do        correct it
  1 other check passed, 1 was not reached; look into the table
"
    );
}

#[test]
fn a_verified_answer_is_one_line_that_names_what_does_not_count() {
    let all = [(Weight, 0), (Address, 0), (Stamp, 0)];
    let layout = Layout::default();
    assert_eq!(verdict(&[], &all).text("7", &layout), "7: verified\n");
    let relaxed = verdict(&[Stamp], &all[..2]).text("7", &layout);
    assert!(relaxed.starts_with("7: verified, by a policy without stamp;"), "{relaxed}");
    assert_eq!(relaxed.lines().count(), 1, "{relaxed}");

    let relaxed = BTreeSet::new();
    let mut findings = Findings::new(&relaxed);
    findings.add(Weight, vec![]);
    findings.leave(Address, "no address book was given");
    let left_out = findings.into_verdict(None, &[Weight, Address]).text("7", &layout);
    assert_eq!(left_out, "7: verified; address was left out (no address book was given)\n");
}

#[test]
fn a_relaxed_failure_is_shown_as_relaxed() {
    let verdict = verdict(&[Address], &[(Weight, 0), (Address, 1), (Stamp, 0)]);
    let text = verdict.text("7", &Layout::default());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "7: verified, by a policy without address");
    assert_eq!(lines[1], "  ✗ address (relaxed by the policy)");
}

#[test]
fn the_same_failure_of_several_checks_is_shown_once() {
    let text = verdict(&[], &[(Weight, 1), (Address, 1)]).text("7", &Layout::default());
    assert_eq!(text.matches('✗').count(), 1, "{text}");
    assert!(text.contains("  ✗ weight, address\n"), "{text}");
}

#[test]
fn long_numbers_are_shortened_unless_they_are_wanted_whole() {
    let number = "7".repeat(77);
    let failure = Failure::new("another", number.as_str(), "do not rely on it");
    let verdict = Verdict::failed_at(Stamp, None, failure);
    let text = |full| verdict.text("7", &Layout { full, ..Layout::default() });
    assert!(text(false).contains("777777777777…777777 (77 digits)\n"), "{}", text(false));
    assert!(text(true).contains(&number));
    let forty = Failure::new("another", "7".repeat(40), "do not rely on it");
    let verdict = Verdict::failed_at(Stamp, None, forty);
    assert!(verdict.text("7", &Layout::default()).contains(&"7".repeat(40)));
}

#[test]
fn no_line_is_wider_than_the_layout_but_a_single_word() {
    let failure = Failure::new(
        "a street, a house number and, in countries that have them, a 郵便番号 of seven digits",
        format!("{{\"street\":\"{}\"}}", "x".repeat(130)),
        "write the address on it as the recipient gave it, and not as you remember it",
    );
    let relaxed = BTreeSet::new();
    let mut findings = Findings::new(&relaxed);
    findings.add(Weight, vec![]);
    findings.add(Address, vec![failure.about("recipient")]);
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    for width in [20, 40, 80, 120] {
        for all in [false, true] {
            let layout = Layout { width: Some(width), all, ..Layout::default() };
            let text = verdict.text("the parcel of Monday", &layout);
            for line in text.lines() {
                let labels = ["expected", "found", "do", "✗"];
                let words = line.split_whitespace().filter(|word| !labels.contains(word)).count();
                let columns = textwrap::core::display_width(line);
                assert!(columns <= width || words == 1, "{width}: {columns} columns in {line:?}");
            }
        }
    }
}

#[test]
fn cautions_follow_the_verdict_and_notes_are_for_all() {
    let relaxed = BTreeSet::new();
    let mut findings = Findings::new(&relaxed);
    let fragile = Caution::new("fragile", "contents", "it breaks easily", "do not throw it");
    let heavy = Caution::new("heavy", "contents", "it has 29 kg", "lift it with care").note();
    findings.add(Weight, Found { cautions: vec![fragile, heavy], ..Found::default() });
    findings.add(Address, Found::default());
    findings.add(Stamp, Found::default());
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    assert_eq!(
        verdict.text("parcel 7", &Layout::default()),
        "parcel 7: verified\n  ! fragile contents: it breaks easily — do not throw it\n"
    );
    let all = verdict.text("parcel 7", &Layout { all: true, ..Layout::default() });
    assert!(all.ends_with("   ! heavy contents: it has 29 kg — lift it with care\n"), "{all}");
}

#[test]
fn an_undecided_verdict_says_what_is_missing() {
    let relaxed = BTreeSet::new();
    let mut findings = Findings::new(&relaxed);
    findings.add(Weight, Found::default());
    let missing = vec![Failure::new("an address", "none", "write it on the parcel")];
    findings.add(Address, Found { missing, ..Found::default() });
    findings.add(Stamp, Found::default());
    assert_eq!(
        findings.into_verdict(None, ParcelCheck::ALL).text("parcel 7", &Layout::default()),
        "parcel 7: undecided — address
  ? address
    expected  an address
    found     none
    do        write it on the parcel
  2 other checks passed
"
    );
}
