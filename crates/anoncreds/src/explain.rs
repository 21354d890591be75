//! Why a search finds what it finds: per referent, what excludes each class, and each credential.

use std::collections::BTreeMap;

use proofs::{Exclusion, ProofRequest, encoding::integer};
use serde::Serialize;

use super::{
    classes::{self, Class},
    search,
    stored::{self, CredentialView},
};
use crate::error::AnoncredsError;
use wallet::{Index, Wallet};

/// How many credentials of a class are explained.
const CREDENTIALS: usize = 20;

/// How many credentials of a definition are looked at to find those of one class.
const LOOKED_AT: usize = 200;

/// Up to how many candidates are counted.
const COUNTED: usize = 1_000;

/// What a search of a wallet finds for a request, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchExplanation {
    /// By referent.
    pub referents: BTreeMap<String, ReferentExplanation>,
}

/// What a search finds for one referent, and why not more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferentExplanation {
    /// How many candidates there are, counted up to 1,000.
    pub candidates: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// Every class of the wallet, in the order in which they first came into it.
    pub classes: Vec<ClassExplanation>,
}

/// Why a class of credentials, those of one credential definition, is not among the candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassExplanation {
    /// The credential definition.
    pub cred_def_id: String,
    /// The schema.
    pub schema_id: String,
    /// What excludes all of its credentials; `None` if it depends on the credential.
    pub excluded: Option<Exclusion>,
    /// The class's first credentials, 20 at most; none where the class as a whole is excluded.
    pub credentials: Vec<CredentialExplanation>,
}

/// Why a credential is not a candidate, or that it is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CredentialExplanation {
    /// The credential's id in the wallet.
    pub id: String,
    /// What excludes it; `None` for a candidate.
    pub excluded: Option<Exclusion>,
}

/// How many reasons a summary gives.
const SUMMED_UP: usize = 3;

impl ReferentExplanation {
    /// What is in the way, as a clause; of the first few classes and credentials only.
    pub fn summary(&self) -> String {
        if self.classes.is_empty() {
            return "the wallet holds no credential at all".to_owned();
        }
        let mut reasons = self.classes.iter().flat_map(ClassExplanation::reasons);
        let mut summary: Vec<String> = reasons.by_ref().take(SUMMED_UP).collect();
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

/// Explain a search: for each referent of `request`, the clause that excludes each class, or each
/// of the first credentials of a class.
///
/// Whether a credential has been revoked is not known to a wallet: a candidate may still turn out
/// to be.
///
/// # Errors
///
/// [`AnoncredsError::DamagedRecord`], [`AnoncredsError::Wallet`].
pub async fn prover_explain_search(
    wallet: &Wallet,
    request: &ProofRequest,
) -> Result<SearchExplanation, AnoncredsError> {
    let directory = classes::directory(wallet).await?;
    let index = wallet.index().await?;
    let search = search::prover_search_credentials_for_proof_req(wallet, request, None).await?;
    let mut explained = BTreeMap::new();
    for referent in search::referents(request) {
        let Some(query) = request.query(referent, None) else {
            continue;
        };
        let counted =
            search::prover_count_credentials_for_proof_req(&search, referent, COUNTED + 1).await?;
        let mut classes = Vec::new();
        for class in directory.classes() {
            let excluded = query.excludes_class(&class.tags, request.ver);
            let credentials = match excluded {
                Some(_) => Vec::new(),
                None => {
                    first_credentials(wallet, index, class, |view| {
                        let encoded = |name: &str| integer(view.encoded(name)?);
                        Ok(query.excludes(&view.tags()?, request.ver, encoded))
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
            candidates: counted.min(COUNTED),
            more: counted > COUNTED,
            classes,
        };
        explained.insert(referent.clone(), explanation);
    }
    Ok(SearchExplanation {
        referents: explained,
    })
}

/// The first credentials of a class, each with what excludes it.
async fn first_credentials(
    wallet: &Wallet,
    index: &Index,
    class: &Class,
    excluded: impl Fn(&CredentialView) -> Result<Option<Exclusion>, AnoncredsError>,
) -> Result<Vec<CredentialExplanation>, AnoncredsError> {
    let terms = [index.term("cred_def_id", &class.entry.cred_def_id)?];
    let ids = index.ids(&terms, 0, LOOKED_AT).await?;
    let mut explained = Vec::new();
    for some in ids.chunks(CREDENTIALS) {
        for record in index.records(stored::CREDENTIAL, some).await? {
            let view = CredentialView::of_record(wallet, &record)?;
            // another class may share the credential definition
            if view.class() == class.entry && explained.len() < CREDENTIALS {
                explained.push(CredentialExplanation {
                    id: record.name.clone(),
                    excluded: excluded(&view)?,
                });
            }
        }
        if explained.len() >= CREDENTIALS {
            break;
        }
    }
    Ok(explained)
}
