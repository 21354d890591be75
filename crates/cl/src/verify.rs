//! Verifying presentations, one or many.

use std::collections::BTreeMap;

use dashu_int::UBig;

use crate::challenge::Transcript;
use crate::check::check;
use crate::equations::{Recomputed, Task, recompute};
use crate::prepared::PreparedKey;
use crate::presentation::Presentation;
use crate::rejection::Rejection;
use crate::request::ProofRequest;

/// How many sub-proofs are evaluated together. More do not fill a processor's lanes any better, and
/// their tables of windows no longer fit into its cache.
const TOGETHER: usize = 16;

/// A presentation to verify: the request that it answers, the presentation, and the key of each
/// of its sub-proofs, in their order.
pub type Item<'a> = (&'a ProofRequest, &'a Presentation, &'a [&'a PreparedKey]);

/// Verifies a presentation without revocation parts: does it answer the request, and does the mathematics
/// hold?
///
/// `keys` are the issuers' keys, one for each sub-proof, in the order of
/// [`Presentation::credential_definitions`]; one key may stand there more than once. That they are the
/// issuers' keys is the caller's business, and so are the request's restrictions and intervals, and the raw
/// values beside the encoded ones.
///
/// It takes about 3 ms for one revealed attribute and one predicate with
/// [`Engine::Ifma`](crate::Engine), five times that otherwise; about as much again for each further predicate.
///
/// # Errors
/// The first [`Rejection`] of these, where each point is checked for the whole presentation before the next:
///
/// 1. as many sub-proofs and identifiers as keys;
/// 2. no part about revocation;
/// 3. every referent is answered, by a sub-proof that exists, and nothing else is;
/// 4. the challenge is no longer than a hash;
/// 5. sub-proof by sub-proof: the credentials have the attributes; exactly the attributes that were asked for
///    are revealed; there is a response for exactly the other ones and the link secret; exactly the predicates
///    that were asked for are there; the group's elements are between 1 and the modulus, and the responses are
///    no longer than an honest prover makes them; each predicate is about its sub-proof's attribute, which
///    is hidden;
/// 6. the answers show the values that the sub-proofs prove;
/// 7. all sub-proofs have the same response for the link secret;
/// 8. `c_list` is the list of `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ` of each of its predicates;
/// 9. all denominators are invertible;
/// 10. the hash of the recomputed values, `c_list` and the nonce is the challenge.
pub fn verify(
    request: &ProofRequest,
    presentation: &Presentation,
    keys: &[&PreparedKey],
) -> Result<(), Rejection> {
    let mut job = Job::new((request, presentation, keys));
    recompute_all(std::slice::from_mut(&mut job));
    job.conclude()
}

/// Verifies many presentations, each as [`verify`] does; their outcomes, in the same order.
///
/// Sub-proofs under one key (the same `PreparedKey`, not an equal one) are evaluated together, which
/// takes less time than one by one.
pub fn verify_batch(items: &[Item<'_>]) -> Vec<Result<(), Rejection>> {
    let mut jobs: Vec<Job<'_>> = items.iter().map(|item| Job::new(*item)).collect();
    recompute_all(&mut jobs);
    jobs.into_iter().map(Job::conclude).collect()
}

/// A presentation on its way to a verdict.
pub(crate) struct Job<'a> {
    item: Item<'a>,
    /// For each sub-proof, its values, once they are there.
    pub(crate) values: Result<Vec<Vec<Recomputed>>, Rejection>,
}

impl<'a> Job<'a> {
    /// Checks what can be checked without the equations.
    pub(crate) fn new(item: Item<'a>) -> Self {
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
        Err(Rejection::Challenge {
            expected,
            got: presentation.challenge.clone(),
        })
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

/// Recomputes the values of all jobs that have got so far: key by key, some sub-proofs at a time.
pub(crate) fn recompute_all(jobs: &mut [Job<'_>]) {
    // By the key's address: the index of each job and of its sub-proof.
    let mut by_key: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, job) in jobs
        .iter()
        .enumerate()
        .filter(|(_, job)| job.values.is_ok())
    {
        for (sub_proof, key) in job.item.2.iter().enumerate() {
            let address = std::ptr::from_ref::<PreparedKey>(key) as usize;
            by_key.entry(address).or_default().push((index, sub_proof));
        }
    }
    for places in by_key.values() {
        for places in places.chunks(TOGETHER) {
            recompute_some(jobs, places);
        }
    }
}

/// Recomputes the values of some sub-proofs under one key.
fn recompute_some(jobs: &mut [Job<'_>], places: &[(usize, usize)]) {
    let Some(&(job, sub_proof)) = places.first() else {
        return;
    };
    let key = jobs[job].item.2[sub_proof];
    let tasks: Vec<Task<'_>> = places
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
    for (&(job, sub_proof), outcome) in places.iter().zip(recompute(key, &tasks)) {
        let job = &mut jobs[job];
        match (&mut job.values, outcome) {
            (Ok(values), Ok(recomputed)) => values[sub_proof] = recomputed,
            (values @ Ok(_), Err(rejection)) => *values = Err(rejection),
            (Err(_), _) => {}
        }
    }
}
