//! The checks that the tests are about.

use std::collections::BTreeSet;

use verdict::{Failure, Findings, Verdict};

verdict::checks! {
    /// The checks of a parcel.
    pub enum ParcelCheck {
        Weight = "weight": "it weighs at most 30 kg",
        Address = "address": "it has the recipient's address",
        Stamp = "stamp": "its stamp is valid",
    }
}

/// Returns a failure that differs by its number.
pub fn failure(number: usize) -> Failure {
    Failure::new("an address", format!("number {number}"), "correct it")
}

/// Returns the verdict on a parcel whose checks failed as listed.
pub fn verdict(relaxed: &[ParcelCheck], made: &[(ParcelCheck, usize)]) -> Verdict<ParcelCheck> {
    let relaxed = relaxed.iter().copied().collect::<BTreeSet<_>>();
    let mut findings = Findings::new(&relaxed);
    for (check, failures) in made {
        findings.add(*check, (0..*failures).map(failure).collect::<Vec<_>>());
    }
    findings.into_verdict(Some("parcel 7".to_owned()), ParcelCheck::ALL)
}
