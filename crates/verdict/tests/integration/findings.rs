//! How findings become a verdict.

use std::collections::BTreeSet;

use verdict::{Decision, Failure, Findings, Found, Outcome, Report, Weight};

use super::parcel::{
    ParcelCheck::{self, Address, Stamp, Weight as Kilograms},
    failure, verdict,
};

static NOTHING_RELAXED: BTreeSet<ParcelCheck> = BTreeSet::new();

#[test]
fn a_verdict_has_a_report_on_each_check_in_order() {
    let verdict = verdict(&[], &[(Stamp, 0), (Kilograms, 0), (Address, 0)]);
    let checks: Vec<_> = verdict.reports.iter().map(|report| report.check).collect();
    assert_eq!(checks, ParcelCheck::ALL);
    assert!(verdict.verified());
    assert_eq!(verdict.id.as_deref(), Some("parcel 7"));
}

#[test]
fn one_required_failure_rejects() {
    let verdict = verdict(&[], &[(Kilograms, 0), (Address, 1), (Stamp, 0)]);
    assert!(!verdict.verified());
    let failed: Vec<_> = verdict.failed().map(|report| report.check).collect();
    assert_eq!(failed, [Address]);
}

#[test]
fn a_check_that_was_not_reached_names_the_first_rejecting_failure() {
    let note = |relaxed: &[ParcelCheck]| {
        let verdict = verdict(relaxed, &[(Kilograms, 1), (Address, 1)]);
        assert_eq!(verdict.outcome(Stamp), Outcome::NotReached);
        verdict.reports[2].note.clone().unwrap()
    };
    assert_eq!(note(&[]), "because weight failed");
    assert_eq!(note(&[Kilograms]), "because address failed");
    // If none rejects, a relaxed failure is the reason.
    assert_eq!(note(&[Kilograms, Address]), "because weight failed");
}

#[test]
fn a_check_that_was_not_reached_rejects_unless_relaxed() {
    assert!(!verdict(&[], &[(Kilograms, 0), (Address, 0)]).verified());
    let relaxed = verdict(&[Stamp], &[(Kilograms, 0), (Address, 0)]);
    assert!(relaxed.verified());
    assert_eq!(relaxed.reports[2].note, None);
}

#[test]
fn a_relaxed_failure_is_reported_and_does_not_reject() {
    let verdict = verdict(&[Address], &[(Kilograms, 0), (Address, 1), (Stamp, 0)]);
    assert!(verdict.verified());
    assert_eq!(verdict.outcome(Address), Outcome::Failed);
    assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [Address]);
}

#[test]
fn a_check_made_in_parts_fails_if_one_part_does() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    findings.add(Address, vec![failure(1)]);
    findings.add(Address, vec![]);
    findings.add(Address, vec![failure(2)]);
    let verdict = findings.into_verdict(None, &[Address]);
    assert_eq!(verdict.outcome(Address), Outcome::Failed);
    assert_eq!(verdict.reports[0].failures, [failure(1), failure(2)]);
}

#[test]
fn a_check_lists_at_most_eight_failures() {
    let verdict = verdict(&[], &[(Address, 20)]);
    let address = &verdict.reports[1];
    assert_eq!(address.failures.len(), Report::<ParcelCheck>::MAX_FAILURES);
    assert_eq!(address.failures[0], failure(0));
}

#[test]
fn take_gives_the_value_or_reports_the_failures() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    assert_eq!(findings.take(Kilograms, Ok::<_, Vec<Failure>>(30)), Some(30));
    assert_eq!(findings.take::<u32, _>(Address, Err(vec![failure(1)])), None);
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    assert_eq!(verdict.outcome(Kilograms), Outcome::Passed);
    assert_eq!(verdict.outcome(Address), Outcome::Failed);
}

#[test]
fn a_check_that_is_left_or_relaxed_does_not_reject() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    findings.add(Kilograms, vec![]);
    findings.leave(Address, "no address book was given");
    findings.relax(Stamp, "the policy does not ask for it");
    assert!(findings.hold());
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    assert!(verdict.verified());
    let weights: Vec<_> = verdict.reports.iter().map(|report| report.weight).collect();
    assert_eq!(weights, [Weight::Required, Weight::Unasked, Weight::Relaxed]);
    assert_eq!(verdict.reports[1].note.as_deref(), Some("no address book was given"));
    assert_eq!(verdict.relaxed().collect::<Vec<_>>(), [Stamp]);
}

#[test]
fn only_a_check_that_passed_can_be_withdrawn() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    findings.add(Kilograms, vec![]);
    findings.add(Address, vec![failure(1)]);
    for check in ParcelCheck::ALL {
        findings.withdraw(*check);
    }
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    assert_eq!(verdict.outcome(Kilograms), Outcome::NotReached);
    assert_eq!(verdict.outcome(Address), Outcome::Failed);
}

#[test]
fn findings_hold_until_a_required_check_fails() {
    let relaxed = BTreeSet::from([Kilograms]);
    let mut findings = Findings::new(&relaxed);
    assert!(findings.hold());
    findings.add(Kilograms, vec![failure(1)]);
    assert!(findings.hold());
    findings.add(Stamp, vec![failure(1)]);
    assert!(!findings.hold());
    // Checks that were not made do not count.
    assert!(findings.hold_among(&[Kilograms, Address]));
    assert!(!findings.hold_among(&[Stamp]));
}

fn missing(number: usize) -> Found {
    Found { missing: vec![failure(number)], ..Found::default() }
}

#[test]
fn what_is_missing_leaves_a_verdict_undecided() {
    let mut findings = Findings::new(&NOTHING_RELAXED);
    findings.add(Kilograms, Found::default());
    findings.add(Address, missing(1));
    assert!(!findings.hold());
    let verdict = findings.into_verdict(None, ParcelCheck::ALL);
    assert_eq!(verdict.decision(), Decision::Undecided);
    assert!(!verdict.verified());
    assert_eq!(verdict.outcome(Address), Outcome::Undecided);
    assert_eq!(verdict.reports[2].note.as_deref(), Some("because address is undecided"));
    assert_eq!(
        verdict.reason().as_deref(),
        Some("the check address is undecided: expected an address; found number 1; correct it")
    );
}

#[test]
fn what_is_wrong_decides_whatever_is_missing() {
    for (first, second) in
        [(missing(1), vec![failure(2)].into()), (vec![failure(2)].into(), missing(1))]
    {
        let mut findings = Findings::new(&NOTHING_RELAXED);
        findings.add(Address, first);
        findings.add(Address, second);
        findings.add(Stamp, missing(3));
        let verdict = findings.into_verdict(None, ParcelCheck::ALL);
        assert_eq!(verdict.decision(), Decision::Rejected);
        assert_eq!(verdict.reports[1].failures, [failure(2)]);
    }
}

#[test]
fn a_relaxed_check_may_lack_something() {
    let relaxed = BTreeSet::from([Address]);
    let mut findings = Findings::new(&relaxed);
    findings.add(Kilograms, vec![]);
    findings.add(Address, missing(1));
    findings.add(Stamp, vec![]);
    assert!(findings.into_verdict(None, ParcelCheck::ALL).verified());
}
