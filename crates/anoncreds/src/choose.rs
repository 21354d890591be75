//! Choosing credentials for a request, and previewing what a verifier would learn from them.

use std::collections::{BTreeMap, BTreeSet};
use stdx::task::boxed;

use proofs::{
    Choice, Disclosure, HeldCredentials, ProofRequest,
    disclosure::{Considered, disclose},
    names::fold,
    preflight::{self, Refusal},
};
use wallet::Wallet;

use crate::{
    classes,
    error::AnoncredsError,
    explain::prover_explain_search,
    present::held_credentials,
    referents::referents,
    search::{
        prover_count_credentials_for_proof_req, prover_fetch_credentials_for_proof_req,
        prover_search_credentials_for_proof_req,
    },
    stored,
};

/// How many candidates for a referent are considered.
const MAX_CANDIDATES: usize = 32;

/// What a holder has decided before the rest is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// What answers some referents. Its credentials are the first choice for the others.
    pub decided: Choice,
    /// The referents of attributes whose values stay hidden.
    pub hidden: BTreeSet<String>,
    /// The ids of credentials that are not to be used.
    pub excluded: BTreeSet<String>,
}

/// Chooses credentials for a request: as few as possible, and with all requested attributes
/// revealed.
///
/// The credential that answers the most referents is chosen first, among equals the one that a
/// search finds first; for each referent, the first 32 candidates are considered. A choice that
/// [`prover_create_proof`](crate::prover_create_proof) would refuse is not made. Nothing is
/// self-attested, and no timestamp is chosen for a proof of non-revocation: the holder decides
/// about both.
///
/// Returns the choice, and the referents that it leaves open, each with the reason as a clause.
///
/// # Errors
///
/// As [`prover_search_credentials_for_proof_req`].
#[boxed]
pub async fn prover_choose_credentials(
    wallet: &Wallet,
    request: &ProofRequest,
) -> Result<(Choice, Vec<(String, String)>), AnoncredsError> {
    prover_choose_credentials_as(wallet, request, &Wishes::default()).await
}

/// Does the same as [`prover_choose_credentials`] for what the holder's wishes leave open. What
/// they decide is in the choice as it is, also if no proof can be made of it.
///
/// # Errors
///
/// As [`prover_choose_credentials`].
#[boxed]
pub async fn prover_choose_credentials_as(
    wallet: &Wallet,
    request: &ProofRequest,
    wishes: &Wishes,
) -> Result<(Choice, Vec<(String, String)>), AnoncredsError> {
    let mut chooser = Chooser::new(wallet, request, wishes).await?;
    let decided = wishes.decided.attributes.values().map(|chosen| &chosen.credential);
    let decided =
        decided.chain(wishes.decided.predicates.values().map(|chosen| &chosen.credential));
    let ids: BTreeSet<&String> = chooser.candidates.values().flatten().chain(decided).collect();
    let held = stored::held(wallet, ids).await?;
    let choice = chooser.choose(request, &held);

    let mut unanswered = Vec::new();
    let open: Vec<&String> =
        referents(request).filter(|referent| !is_answered(&choice, referent)).collect();
    if !open.is_empty() {
        let explanation = prover_explain_search(wallet, request).await?;
        for referent in open {
            let refused = chooser.refused.remove(referent);
            let summary = || Some(explanation.referents.get(referent)?.summary());
            let mut reason = refused.or_else(summary).unwrap_or_default();
            let requested = request.requested_attributes.get(referent);
            if requested.is_some_and(|requested| requested.restriction().is_none()) {
                reason += "; the request does not restrict it: you may answer in your own words";
            }
            unanswered.push((referent.clone(), reason));
        }
    }
    Ok((choice, unanswered))
}

/// Returns what the verifier would learn: the values that are revealed, the predicates that are
/// proved, the issuers and schemas that become known, and what stays hidden; and how many of the
/// wallet's credentials can answer each referent, counted up to 32.
///
/// Without a choice, this previews the choice of [`prover_choose_credentials`], with the reasons
/// why referents stay open.
///
/// # Errors
///
/// As [`prover_choose_credentials`].
#[boxed]
pub async fn prover_preview_disclosure(
    wallet: &Wallet,
    request: &ProofRequest,
    requested: Option<&Choice>,
) -> Result<Disclosure, AnoncredsError> {
    let (choice, unanswered) = match requested {
        Some(requested) => (requested.clone(), Vec::new()),
        None => prover_choose_credentials(wallet, request).await?,
    };
    let held = held_credentials(wallet, &choice).await?;
    let disclosure = disclose(request, &choice, &held, &unanswered);
    Ok(Disclosure { considered: considered(wallet, request).await?, ..disclosure })
}

/// Counts the candidates for each referent, and the wallet's credentials.
async fn considered(
    wallet: &Wallet,
    request: &ProofRequest,
) -> Result<Vec<Considered>, AnoncredsError> {
    let directory = classes::directory(wallet).await?;
    let index = wallet.index().await?;
    let definitions: BTreeSet<&str> =
        directory.classes().iter().map(|class| class.entry.cred_def_id.as_str()).collect();
    let mut credentials = 0;
    for definition in definitions {
        credentials += index.count(&index.term("cred_def_id", definition)?, usize::MAX).await?;
    }
    let search = prover_search_credentials_for_proof_req(wallet, request, None).await?;
    let mut considered = Vec::new();
    for referent in referents(request) {
        let most = MAX_CANDIDATES + 1;
        let counted = prover_count_credentials_for_proof_req(&search, referent, most).await?;
        considered.push(Considered {
            referent: referent.clone(),
            candidates: counted.min(MAX_CANDIDATES),
            more: counted > MAX_CANDIDATES,
            credentials,
        });
    }
    Ok(considered)
}

fn is_answered(choice: &Choice, referent: &str) -> bool {
    choice.attributes.contains_key(referent)
        || choice.predicates.contains_key(referent)
        || choice.self_attested.contains_key(referent)
}

/// Chooses among the credentials that could answer each referent.
struct Chooser<'w> {
    wishes: &'w Wishes,
    /// By referent, in the order of the search.
    candidates: Candidates,
    /// Why the last candidate for a referent was not taken.
    refused: BTreeMap<String, String>,
}

impl<'w> Chooser<'w> {
    async fn new(
        wallet: &Wallet,
        request: &ProofRequest,
        wishes: &'w Wishes,
    ) -> Result<Self, AnoncredsError> {
        let mut search = prover_search_credentials_for_proof_req(wallet, request, None).await?;
        let mut candidates = BTreeMap::new();
        for referent in referents(request) {
            let found =
                prover_fetch_credentials_for_proof_req(&mut search, referent, MAX_CANDIDATES)
                    .await?;
            if is_answered(&wishes.decided, referent) {
                continue;
            }
            let ids = found.into_iter().map(|candidate| candidate.cred_info.referent);
            let ids = ids.filter(|id| !wishes.excluded.contains(id));
            candidates.insert(referent.clone(), ids.collect());
        }
        Ok(Self { wishes, candidates, refused: BTreeMap::new() })
    }

    /// Returns a choice that passes the preflight, except for the referents that it leaves open.
    fn choose(&mut self, request: &ProofRequest, held: &HeldCredentials) -> Choice {
        loop {
            let choice = self.choose_fewest(request);
            let refusals = preflight::check(request, &choice, held).err().unwrap_or_default();
            let mut is_changed = false;
            for refusal in refusals {
                let referent = refusal.referent();
                let is_decided = is_answered(&self.wishes.decided, referent);
                // each refusal removes a candidate, so the loop ends
                if let Some(id) = chosen(&choice, referent).filter(|_| !is_decided) {
                    remove_candidate(&mut self.candidates, referent, id);
                    self.refused.insert(referent.to_owned(), refusal.to_string());
                    is_changed = true;
                }
            }
            if !is_changed {
                return choice;
            }
        }
    }

    /// Chooses what is decided, then the credentials of that, then the one that answers the most
    /// referents, then the one that answers the most of the rest, and so on.
    fn choose_fewest(&mut self, request: &ProofRequest) -> Choice {
        let mut choice = self.wishes.decided.clone();
        let mut open = self.candidates.clone();
        while let Some(best) =
            already_used(&open, &self.wishes.decided).or_else(|| most_useful(&open))
        {
            let mut shown = BTreeMap::new();
            for (referent, requested) in &request.requested_attributes {
                if has_candidate(&open, referent, &best) {
                    open.remove(referent);
                    choice = match self.wishes.hidden.contains(referent) {
                        true => choice.hide(referent, &best),
                        false => choice.reveal(referent, &best),
                    };
                }
                let chosen = choice.attributes.get(referent);
                if chosen.is_some_and(|chosen| chosen.revealed && chosen.credential == best) {
                    let names = requested.names().iter().map(|name| fold(name));
                    shown.extend(names.map(|name| (name, referent)));
                }
            }
            for (referent, requested) in &request.requested_predicates {
                if !has_candidate(&open, referent, &best) {
                    continue;
                }
                // what one credential reveals, only another one can prove
                if let Some(revealed_for) = shown.get(&fold(&requested.name)) {
                    let refusal = Refusal::RevealedAndCompared {
                        referent: referent.clone(),
                        credential: best.clone(),
                        attribute: requested.name.clone(),
                        revealed_for: (*revealed_for).clone(),
                    };
                    self.refused.insert(referent.clone(), refusal.to_string());
                    remove_candidate(&mut open, referent, &best);
                } else {
                    open.remove(referent);
                    choice = choice.prove(referent, &best);
                }
            }
        }
        choice
    }
}

/// Credential ids by referent.
type Candidates = BTreeMap<String, Vec<String>>;

fn has_candidate(candidates: &Candidates, referent: &str, id: &str) -> bool {
    let ids = candidates.get(referent);
    ids.is_some_and(|ids| ids.iter().any(|candidate| candidate == id))
}

fn remove_candidate(candidates: &mut Candidates, referent: &str, id: &str) {
    if let Some(ids) = candidates.get_mut(referent) {
        ids.retain(|candidate| candidate != id);
    }
}

/// Returns a candidate that the holder uses anyway.
fn already_used(open: &Candidates, decided: &Choice) -> Option<String> {
    let shown = decided.attributes.values().map(|chosen| &chosen.credential);
    let used: BTreeSet<&String> =
        shown.chain(decided.predicates.values().map(|chosen| &chosen.credential)).collect();
    open.values().flatten().find(|id| used.contains(id)).cloned()
}

/// Returns the candidate for the most referents; among equals, the first.
fn most_useful(open: &Candidates) -> Option<String> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in open.values().flatten() {
        *uses.entry(candidate).or_default() += 1;
    }
    let most = uses.values().max()?;
    let mut in_order = open.values().flatten();
    in_order.find(|candidate| uses.get(candidate.as_str()) == Some(most)).cloned()
}

fn chosen<'c>(choice: &'c Choice, referent: &str) -> Option<&'c str> {
    let attribute = choice.attributes.get(referent);
    let predicate = choice.predicates.get(referent);
    attribute
        .map(|chosen| chosen.credential.as_str())
        .or_else(|| predicate.map(|chosen| chosen.credential.as_str()))
}
