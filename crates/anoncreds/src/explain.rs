//! Explaining a search: for each referent, why a class or a credential does not answer it.

use std::collections::BTreeMap;
use stdx::task::boxed;

use proofs::{Mismatch, ProofRequest, encoding::integer};
use serde::Serialize;
use wallet::{Wallet, category::CREDENTIAL, index::Index};

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

/// Up to how many candidates are counted.
const MAX_COUNTED: usize = 1_000;

/// How many candidates a search finds for a request, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchExplanation {
    /// By referent.
    pub referents: BTreeMap<String, ReferentExplanation>,
}

/// How many candidates a search finds for one referent, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferentExplanation {
    /// The number of candidates, counted up to 1,000.
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

/// Explains a search: for each referent of `request`, why each class is excluded, or each of the first
/// credentials of a class.
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
    let index = wallet.index().await?;
    let search = prover_search_credentials_for_proof_req(wallet, request, None).await?;
    let mut explained = BTreeMap::new();
    for referent in referents(request) {
        let Some(query) = request.query(referent, None) else {
            continue;
        };
        let counted =
            prover_count_credentials_for_proof_req(&search, referent, MAX_COUNTED + 1).await?;
        let mut classes = Vec::new();
        for class in directory.classes() {
            let excluded = query.class_mismatch(&class.tags, request.ver);
            let credentials = match excluded {
                Some(_) => Vec::new(),
                None => {
                    first_credentials(wallet, index, class, |view| {
                        let encoded = |name: &str| integer(view.encoded(name)?);
                        Ok(query.mismatch(&view.tags()?, request.ver, encoded))
                    })
                    .await?
                }
            };
            classes.push(ClassExplanation {
                cred_def_id: class.entry.cred_def_id.clone(),
                schema_id: class.entry.schema_id.clone(),
                excluded,
                credentials,
            });
        }
        let explanation = ReferentExplanation {
            candidates: counted.min(MAX_COUNTED),
            more: counted > MAX_COUNTED,
            classes,
        };
        explained.insert(referent.clone(), explanation);
    }
    Ok(SearchExplanation { referents: explained })
}

/// Explains the first credentials of a class.
async fn first_credentials(
    wallet: &Wallet,
    index: &Index,
    class: &Class,
    excluded: impl Fn(&CredentialView) -> Result<Option<Mismatch>, AnoncredsError>,
) -> Result<Vec<CredentialExplanation>, AnoncredsError> {
    let terms = [index.term("cred_def_id", &class.entry.cred_def_id)?];
    let ids = index.ids(&terms, 0, MAX_READ).await?;
    let mut explained = Vec::new();
    for ids in ids.chunks(MAX_EXPLAINED) {
        for record in index.records(CREDENTIAL, ids).await? {
            let view = CredentialView::from_record(wallet, &record)?;
            // another class may share the credential definition
            if view.class() == class.entry && explained.len() < MAX_EXPLAINED {
                explained.push(CredentialExplanation {
                    id: record.name.clone(),
                    excluded: excluded(&view)?,
                });
            }
        }
        if explained.len() >= MAX_EXPLAINED {
            break;
        }
    }
    Ok(explained)
}
