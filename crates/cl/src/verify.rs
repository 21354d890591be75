//! Verification of presentations, of one or of many.

use std::collections::BTreeMap;

use dashu_int::UBig;

use crate::challenge::Transcript;
use crate::check::check;
use crate::equations::{Recomputed, Task, recompute};
use crate::prepared::PreparedKey;
use crate::presentation::Presentation;
use crate::rejection::Rejection;
use crate::request::ProofRequest;

/// How many sub-proofs are evaluated together. Four fill the lanes of a processor; many more would
/// only take more memory.
const GROUP_SIZE: usize = 8;

/// A presentation to verify: the request that it answers, the presentation, and the key for each of
/// its sub-proofs, in their order.
pub type BatchItem<'a> = (&'a ProofRequest, &'a Presentation, &'a [&'a PreparedKey]);

/// Verifies a presentation without revocation parts: that it answers the request, and that its
/// proof is valid.
///
/// `keys` are the issuers' keys, one for each sub-proof, in the order of
/// [`Presentation::credential_definitions`]; a key can occur more than once. The caller makes sure
/// that they are the issuers' keys, and checks the restrictions and intervals of the request, and
/// the raw values beside the encoded ones.
///
/// A presentation that consists only of self-attested attributes has no sub-proof; only its hash is
/// checked.
///
/// Takes about 3 ms for one revealed attribute and one predicate with
/// [`Engine::Ifma`](crate::Engine), six times as long with [`Engine::Portable`](crate::Engine), and
/// most of that again for each further predicate.
///
/// # Errors
/// The [`Rejection`] of the first of these checks that fails. Each is made for the whole
/// presentation before the next.
///
/// 1. The request asks for something, and there are as many sub-proofs and identifiers as keys.
/// 2. There are no revocation parts.
/// 3. Every referent has exactly one answer, and there are no other answers. A single attribute is
///    answered by a value, a group by values for exactly its attributes, both from an existing
///    sub-proof; either by a sub-proof that does not reveal it; a single attribute also by a
///    self-attested value; a predicate by a sub-proof.
/// 4. The challenge is not longer than a hash.
/// 5. For each sub-proof: the key has the requested attributes, those to hide included; exactly the
///    requested ones are revealed; there are responses for exactly the others and the link secret;
///    the predicates are exactly the requested ones; the group elements are between 1 and the
///    modulus, and the responses not longer than an honest prover's; each predicate is about a
///    hidden attribute of its sub-proof.
/// 6. The answers show the values that the sub-proofs prove.
/// 7. All sub-proofs have the same response for the link secret.
/// 8. `c_list` is the list of `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ` of each of its
///    predicates.
/// 9. All denominators are invertible.
/// 10. The hash of the recomputed values, `c_list` and the nonce is the challenge.
pub fn verify(
    request: &ProofRequest,
    presentation: &Presentation,
    keys: &[&PreparedKey],
) -> Result<(), Rejection> {
    let mut job = Job::new((request, presentation, keys));
    recompute_all(std::slice::from_mut(&mut job));
    job.conclude()
}

/// Verifies many presentations, each as [`verify`] does, and returns the outcomes in the same
/// order.
///
/// Sub-proofs under one key (the same `PreparedKey`, not an equal one) are evaluated together,
/// which takes less time than one after the other.
pub fn verify_batch(items: &[BatchItem<'_>]) -> Vec<Result<(), Rejection>> {
    let mut jobs: Vec<Job<'_>> = items.iter().map(|item| Job::new(*item)).collect();
    recompute_all(&mut jobs);
    jobs.into_iter().map(Job::conclude).collect()
}

/// The verification of one presentation.
pub(crate) struct Job<'a> {
    item: BatchItem<'a>,
    /// The values of each sub-proof, empty until they are recomputed.
    pub(crate) values: Result<Vec<Vec<Recomputed>>, Rejection>,
}

impl<'a> Job<'a> {
    /// Makes all checks that do not need the equations.
    pub(crate) fn new(item: BatchItem<'a>) -> Self {
        let (request, presentation, keys) = item;
        Self {
            item,
            values: check(request, presentation, keys)
                .map(|()| vec![Vec::new(); presentation.sub_proofs.len()]),
        }
    }

    fn conclude(self) -> Result<(), Rejection> {
        let (request, presentation, _) = self.item;
        let expected = challenge(request, presentation, &self.values?);
        if expected == presentation.challenge {
            return Ok(());
        }
        Err(Rejection::Challenge { expected, got: presentation.challenge.clone() })
    }
}

/// `c = SHA-256(tau… | c_list… | nonce)`
pub(crate) fn challenge(
    request: &ProofRequest,
    presentation: &Presentation,
    values: &[Vec<Recomputed>],
) -> UBig {
    let mut transcript = Transcript::default();
    for recomputed in values.iter().flatten() {
        transcript.number(&recomputed.value);
    }
    for (_, _, number) in presentation.commitments_in_order() {
        transcript.number(number);
    }
    transcript.number(&request.nonce);
    transcript.challenge()
}

/// Recomputes the values of all jobs that have passed the checks: key by key, in groups of
/// sub-proofs.
pub(crate) fn recompute_all(jobs: &mut [Job<'_>]) {
    // By the address of the key: the indices of a job and of its sub-proof.
    let mut by_key: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, job) in jobs.iter().enumerate().filter(|(_, job)| job.values.is_ok()) {
        for (sub_proof, key) in job.item.2.iter().enumerate() {
            let address = std::ptr::from_ref::<PreparedKey>(key) as usize;
            by_key.entry(address).or_default().push((index, sub_proof));
        }
    }
    for sub_proofs in by_key.values() {
        for group in sub_proofs.chunks(GROUP_SIZE) {
            recompute_group(jobs, group);
        }
    }
}

/// Recomputes the values of a group of sub-proofs under one key.
fn recompute_group(jobs: &mut [Job<'_>], group: &[(usize, usize)]) {
    let Some(&(job, sub_proof)) = group.first() else {
        return;
    };
    let key = jobs[job].item.2[sub_proof];
    let tasks: Vec<Task<'_>> = group
        .iter()
        .map(|&(job, index)| {
            let presentation = jobs[job].item.1;
            Task {
                index,
                sub_proof: &presentation.sub_proofs[index],
                challenge: &presentation.challenge,
            }
        })
        .collect();
    for (&(job, sub_proof), outcome) in group.iter().zip(recompute(key, &tasks)) {
        let job = &mut jobs[job];
        match (&mut job.values, outcome) {
            (Ok(values), Ok(recomputed)) => values[sub_proof] = recomputed,
            (values @ Ok(_), Err(rejection)) => *values = Err(rejection),
            (Err(_), _) => {}
        }
    }
}
