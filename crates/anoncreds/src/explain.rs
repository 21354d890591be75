//! Explaining a search: for each referent, why a class or a credential does not answer it.

use std::collections::BTreeMap;
use stdx::task::boxed;

use proofs::{Mismatch, ProofRequest, encoding::integer};
use serde::Serialize;
use wallet::{Wallet, category::CREDENTIAL};

use crate::{
    classes::{self, Class},
    error::AnoncredsError,
    referents::referents,
    search::{prover_count_credentials_for_proof_req, prover_search_credentials_for_proof_req},
    stored::CredentialView,
};

/// How many credentials of a class are explained.
const MAX_EXPLAINED: usize = 20;

/// How many credentials of a definition are read to find those of one class.
const MAX_READ: usize = 200;

/// Up to how many candidates are counted for one referent, and for all of a request.
const MAX_COUNTED: usize = 1_000;
const MAX_COUNTED_IN_ALL: usize = 16_000;

/// How many candidates a search finds for a request, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchExplanation {
    /// By referent.
    pub referents: BTreeMap<String, ReferentExplanation>,
}

/// How many candidates a search finds for one referent, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferentExplanation {
    /// The number of candidates, counted up to [`max_counted`].
    pub candidates: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// Every class of the wallet, in the order in which they were first stored.
    pub classes: Vec<ClassExplanation>,
}

/// Why a class of credentials, those of one credential definition, is not among the candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassExplanation {
    /// The credential definition.
    pub cred_def_id: String,
    /// The schema.
    pub schema_id: String,
    /// Why none of its credentials is a candidate; `None` if that depends on the credential.
    pub excluded: Option<Mismatch>,
    /// The class's first credentials, 20 at most; none if the class as a whole is excluded.
    pub credentials: Vec<CredentialExplanation>,
}

/// Whether a credential is a candidate, and if not, why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CredentialExplanation {
    /// The credential's id in the wallet.
    pub id: String,
    /// Why it is not a candidate; `None` for a candidate.
    pub excluded: Option<Mismatch>,
}

/// How many reasons a summary lists.
const MAX_SUMMARIZED: usize = 3;

impl ReferentExplanation {
    /// Summarizes the first reasons as a clause.
    pub fn summary(&self) -> String {
        if self.classes.is_empty() {
            return "the wallet holds no credential at all".to_owned();
        }
        let mut reasons = self.classes.iter().flat_map(ClassExplanation::reasons);
        let mut summary: Vec<String> = reasons.by_ref().take(MAX_SUMMARIZED).collect();
        if let more @ 1.. = reasons.count() {
            summary.push(format!("and {more} more"));
        }
        match summary.is_empty() {
            true => "no credential answers it".to_owned(),
            false => summary.join("; "),
        }
    }
}

impl ClassExplanation {
    fn reasons(&self) -> impl Iterator<Item = String> {
        let class = &self.cred_def_id;
        let of_class = self.excluded.iter();
        let of_class = of_class.map(move |excluded| format!("credentials of {class}: {excluded}"));
        let of_each = self.credentials.iter().filter_map(|credential| {
            let excluded = credential.excluded.as_ref()?;
            Some(format!("credential {}: {excluded}", credential.id))
        });
        of_class.chain(of_each)
    }
}

/// Explains a search: for each referent of `request`, why each class is excluded, or each of the
/// first credentials of a class.
///
/// A wallet does not know which credentials have been revoked, so a candidate may be revoked.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
#[boxed]
pub async fn prover_explain_search(
    wallet: &Wallet,
    request: &ProofRequest,
) -> Result<SearchExplanation, AnoncredsError> {
    let directory = classes::directory(wallet).await?;
    let search = prover_search_credentials_for_proof_req(wallet, request, None).await?;
    let most = max_counted(request);
    let mut explained = BTreeMap::new();
    for referent in referents(request) {
        let counted = prover_count_credentials_for_proof_req(&search, referent, most + 1).await?;
        let explanation = ReferentExplanation {
            candidates: counted.min(most),
            more: counted > most,
            classes: Vec::new(),
        };
        explained.insert(referent.clone(), explanation);
    }
    for class in directory.classes() {
        // read for the first referent that needs them, and then for all
        let mut first = None;
        for (referent, explanation) in &mut explained {
            let Some(query) = request.query(referent, None) else {
                continue;
            };
            let excluded = query.class_mismatch(&class.tags, request.ver);
            let mut credentials = Vec::new();
            if excluded.is_none() {
                if first.is_none() {
                    first = Some(first_credentials(wallet, class).await?);
                }
                for (id, view) in first.iter().flatten() {
                    let encoded = |name: &str| integer(view.encoded(name)?);
                    let excluded = query.mismatch(&view.tags(), request.ver, encoded);
                    credentials.push(CredentialExplanation { id: id.clone(), excluded });
                }
            }
            explanation.classes.push(ClassExplanation {
                cred_def_id: class.entry.cred_def_id.clone(),
                schema_id: class.entry.schema_id.clone(),
                excluded,
                credentials,
            });
        }
    }
    Ok(SearchExplanation { referents: explained })
}

/// Returns up to how many candidates are counted for each referent of a request: 1,000, or fewer
/// where there are so many referents that the work would grow with them.
pub fn max_counted(request: &ProofRequest) -> usize {
    MAX_COUNTED.min(MAX_COUNTED_IN_ALL / referents(request).count().max(1))
}

/// Returns the first credentials of a class, with their ids.
async fn first_credentials(
    wallet: &Wallet,
    class: &Class,
) -> Result<Vec<(String, CredentialView)>, AnoncredsError> {
    let index = wallet.index().await?;
    let terms = [index.term("cred_def_id", &class.entry.cred_def_id)?];
    let ids = index.ids(&terms, 0, MAX_READ).await?;
    let mut first = Vec::new();
    for ids in ids.chunks(MAX_EXPLAINED) {
        for record in index.records(CREDENTIAL, ids).await? {
            let view = CredentialView::from_record(wallet, &record)?;
            // another class may share the credential definition
            if view.class() == class.entry && first.len() < MAX_EXPLAINED {
                first.push((record.name.clone(), view));
            }
        }
        if first.len() >= MAX_EXPLAINED {
            break;
        }
    }
    Ok(first)
}
