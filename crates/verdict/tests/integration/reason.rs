//! The reason for a rejection, in one sentence.

use verdict::{Findings, Report, Verdict};

use super::parcel::{
    ParcelCheck::{Address, Stamp, Weight},
    verdict,
};

#[test]
fn a_verified_answer_has_no_reason() {
    let made = [(Weight, 0), (Address, 0), (Stamp, 0)];
    assert_eq!(verdict(&[], &made).reason(), None);
    let made = [(Weight, 0), (Address, 1), (Stamp, 0)];
    assert_eq!(verdict(&[Address], &made).reason(), None);
}

#[test]
fn the_reason_is_the_first_failure_that_counts() {
    let made = [(Weight, 1), (Address, 2), (Stamp, 1)];
    let reason = |relaxed: &[_]| verdict(relaxed, &made).reason().unwrap();
    assert!(reason(&[]).starts_with("the check weight failed: "));
    assert_eq!(
        reason(&[Weight]),
        "the check address failed: expected an address; found number 0; correct it"
    );
}

#[test]
fn a_relaxed_failure_is_the_reason_if_it_stopped_the_others() {
    let verdict = verdict(&[Weight], &[(Weight, 1)]);
    assert!(verdict.reason().unwrap().starts_with("the check weight failed: "));
}

#[test]
fn without_a_failure_the_reason_is_that_a_check_was_not_reached() {
    let relaxed = [].into();
    let verdict = Findings::new(&relaxed).into_verdict(None, &[Stamp]);
    assert_eq!(verdict.reason().as_deref(), Some("not every check was reached"));
    let without_details = Verdict {
        reports: vec![Report { outcome: verdict::Outcome::Failed, ..verdict.reports[0].clone() }],
        ..verdict
    };
    assert_eq!(without_details.reason().as_deref(), Some("the check stamp failed"));
}
