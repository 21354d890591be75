//! The mathematics, 4: find the number that was changed (15 minutes)
//!
//! Goal: see what a hash tells, what it does not tell, and why some numbers stand in a
//! presentation twice.
//!
//! One holder shows two credentials in one presentation: sub-proof 0 shows a name and proves an
//! age of at least 18, sub-proof 1 shows a degree. In each of nine copies of it one number was
//! changed. The challenge does not fit any more, but a hash only tells that *something* is wrong.
//!
//! Four kinds of numbers stand there twice, and must be equal:
//!
//!     the response for the link secret     in both sub-proofs
//!     the response for the age             in sub-proof 0, and as `mj` in its predicate
//!     the number of the shown name         in the answer to the referent `name`, and in sub-proof 0
//!     the blinded signature A'             in sub-proof 0, and in the list of commitments, as bytes
//!
//! What to do: complete the pairs. Then decide which of two different numbers was changed:
//! `case.copied(from, to)` returns the case with one number written over the other, and
//! `case.fits()` says whether all equations hold.

use std::process::ExitCode;

use workshop::{
    numbers::{self, Place, Reason, Recorded},
    outcome::finish,
};

/// Places whose numbers must be equal, and why.
const PAIRS: &[(Place, Place, Reason)] = &[
    (
        "/presentation/proof/proofs/0/primary_proof/eq_proof/m/master_secret",
        "/presentation/proof/proofs/1/primary_proof/eq_proof/m/master_secret",
        Reason::LinkSecret,
    ),
    (
        "/presentation/proof/proofs/0/primary_proof/eq_proof/m/age",
        "/presentation/proof/proofs/0/primary_proof/ge_proofs/0/mj",
        Reason::Predicate,
    ),
    (
        "/presentation/requested_proof/revealed_attrs/name/encoded",
        "/presentation/proof/proofs/0/primary_proof/eq_proof/revealed_attrs/name",
        Reason::RevealedValue,
    ),
    (
        "/presentation/proof/aggregated_proof/c_list/0",
        "/presentation/proof/proofs/0/primary_proof/eq_proof/a_prime",
        Reason::Commitment,
    ),
];

/// Returns which number was changed and why it can be found; `None` if it cannot.
fn find(case: &Recorded) -> Option<(Place, Reason)> {
    let mut pairs = PAIRS.iter().copied();
    // A changed number without a copy leaves all pairs equal. The hash alone does not tell where it
    // is.
    let (one, other, reason) = pairs.find(|(one, other, _)| case.differ(one, other))?;
    // A pair tells that one of two is wrong. With the right one in both places all equations hold
    // again; with the wrong one in both they do not.
    let with_one_twice = case.copied(one, other);
    let changed = if with_one_twice.fits() { other } else { one };
    Some((changed, reason))
}

fn main() -> ExitCode {
    finish("numbers_find", numbers::find(find))
}
