//! Which credentials answer a criterion, and which of them are presented.

use std::collections::{BTreeMap, BTreeSet};

use indy::{
    anoncreds::{
        CredDefs, CredentialInfo, CredentialSearch, Schemas, prover_explain_search,
        prover_fetch_credentials_for_proof_req, prover_get_credential,
        prover_search_credentials_for_proof_req,
    },
    error::AnoncredsError,
    wallet::Wallet,
};
use proofs::{
    PredicateType,
    encoding::{encode, integer},
    names::fold,
};

use super::{BridgeError, Prover, Shape, asked::Asked, differ::Visible, shape::Referent};

/// How many candidates are looked at, at most.
const CONSIDERED: usize = 1_000;

/// How many are read at once.
const PAGE: usize = 32;

/// A search for credentials that answer a criterion.
pub(super) struct Candidates<'c> {
    asked: &'c Asked<'c>,
    /// The names that each is to show, folded.
    shown: BTreeSet<String>,
    search: CredentialSearch<'c>,
    referent: String,
    seen: usize,
}

impl<'c> Candidates<'c> {
    /// `derived` is a request for one credential that shows these names.
    pub async fn search(
        wallet: &'c Wallet,
        asked: &'c Asked<'c>,
        shown: &BTreeSet<String>,
        derived: &proofs::ProofRequest,
    ) -> Result<Self, AnoncredsError> {
        // a search is for one referent; what it finds is compared with the others here
        let referent = match asked.criterion.predicates.is_empty() {
            true => Referent::group(0).name(),
            false => Referent::predicate(0, 0).name(),
        };
        Ok(Self {
            asked,
            shown: shown.iter().map(|name| fold(name)).collect(),
            search: prover_search_credentials_for_proof_req(wallet, derived, None).await?,
            referent,
            seen: 0,
        })
    }

    /// Some more candidates, perhaps none of a page; `None` when there are no more, or enough were looked at.
    pub async fn page(&mut self) -> Result<Option<Vec<CredentialInfo>>, AnoncredsError> {
        let count = PAGE.min(CONSIDERED.saturating_sub(self.seen));
        let page =
            prover_fetch_credentials_for_proof_req(&mut self.search, &self.referent, count).await?;
        self.seen += page.len();
        if page.is_empty() {
            return Ok(None);
        }
        let found = page.into_iter().map(|candidate| candidate.cred_info);
        Ok(Some(
            found
                .filter(|credential| self.satisfies(credential))
                .collect(),
        ))
    }

    /// Whether it has all attributes that are to be shown, and all predicates are true of it.
    fn satisfies(&self, credential: &CredentialInfo) -> bool {
        let attributes = credential.attrs.iter();
        let attributes: BTreeMap<String, &String> =
            attributes.map(|(name, raw)| (fold(name), raw)).collect();
        let has_shown = self.shown.iter().all(|name| attributes.contains_key(name));
        let mut predicates = self.asked.criterion.predicates.iter();
        has_shown
            && predicates.all(|predicate| {
                let raw = attributes.get(&fold(&predicate.name));
                let value = raw.and_then(|raw| integer(&encode(raw)));
                let p_type = PredicateType::parse(&predicate.p_type);
                value
                    .zip(p_type)
                    .is_some_and(|(value, p_type)| p_type.holds(value, predicate.p_value))
            })
    }
}

/// The credentials that are chosen, with their public data.
pub(super) struct Chosen<'c> {
    prover: Prover<'c>,
    asked: &'c Asked<'c>,
    /// The names that each shows.
    shown: BTreeSet<String>,
    pub ids: Vec<String>,
    visible: Vec<Visible>,
    pub schemas: Schemas,
    /// Those of all candidates that were looked at.
    pub cred_defs: CredDefs,
}

impl<'c> Chosen<'c> {
    pub fn new(prover: Prover<'c>, asked: &'c Asked<'c>, shape: &Shape) -> Self {
        Self {
            prover,
            asked,
            shown: shape.groups.first().cloned().unwrap_or_default(),
            ids: Vec::new(),
            visible: Vec::new(),
            schemas: Schemas::new(),
            cred_defs: CredDefs::new(),
        }
    }

    /// How many predicates are proved of each.
    pub fn predicates(&self) -> usize {
        self.asked.criterion.predicates.len()
    }

    /// Takes so many of the wallet's, the first that differ.
    pub async fn choose(&mut self, needed: usize) -> Result<(), BridgeError> {
        let for_one = Shape {
            groups: vec![self.shown.clone()],
        };
        let request = self.asked.parsed(&for_one, "1")?;
        let wallet = self.prover.wallet;
        let mut search = Candidates::search(wallet, self.asked, &self.shown, &request).await?;
        let mut found = 0;
        while self.ids.len() < needed
            && let Some(page) = search.page().await?
        {
            for credential in page {
                found += 1;
                if self.ids.len() < needed {
                    self.consider(&credential).await?;
                }
            }
        }
        match found {
            _ if self.ids.len() == needed => Ok(()),
            0 => Err(BridgeError::NoCandidate {
                pointer: self.asked.pointer.clone(),
                reason: why_none(wallet, &request).await?,
            }),
            found if found < needed => Err(BridgeError::TooFew {
                pointer: self.asked.pointer.clone(),
                found,
                needed,
            }),
            found => Err(self.alike(found, needed)),
        }
    }

    /// Takes these.
    pub async fn take(&mut self, ids: &[String]) -> Result<(), BridgeError> {
        for id in ids {
            let credential = prover_get_credential(self.prover.wallet, id).await?;
            self.consider(&credential).await?;
        }
        match self.ids.len() == ids.len() {
            true => Ok(()),
            false => Err(self.alike(ids.len(), ids.len())),
        }
    }

    fn alike(&self, found: usize, needed: usize) -> BridgeError {
        BridgeError::NothingShowsADifference {
            pointer: self.asked.pointer.clone(),
            found,
            differing: self.ids.len(),
            needed,
        }
    }

    /// Takes a candidate if a verifier sees that it is another one than those before it.
    async fn consider(&mut self, credential: &CredentialInfo) -> Result<(), BridgeError> {
        let visible = self.visible(credential).await?;
        let mut before = self.visible.iter();
        if before.all(|before| visible.differs_from(before)) {
            let schema = &credential.schema_id;
            if !self.schemas.contains_key(schema) {
                let object = self.prover.objects.schema(schema).await?;
                self.schemas.insert(schema.clone(), object);
            }
            self.ids.push(credential.referent.clone());
            self.visible.push(visible);
        }
        Ok(())
    }

    /// What a verifier would see of it.
    async fn visible(&mut self, credential: &CredentialInfo) -> Result<Visible, BridgeError> {
        let id = &credential.cred_def_id;
        if !self.cred_defs.contains_key(id) {
            let cred_def = self.prover.objects.cred_def(id).await?;
            self.cred_defs.insert(id.clone(), cred_def);
        }
        let shown: BTreeSet<String> = self.shown.iter().map(|name| fold(name)).collect();
        let values = credential.attrs.iter();
        let values = values
            .map(|(name, raw)| (fold(name), encode(raw)))
            .filter(|(name, _)| shown.contains(name));
        let cred_def = serde_json::to_value(self.cred_defs.get(id)).unwrap_or_default();
        Ok(Visible::new(&cred_def, values.collect()))
    }
}

/// Why a wallet has no candidate, as a clause.
async fn why_none(
    wallet: &Wallet,
    request: &proofs::ProofRequest,
) -> Result<String, AnoncredsError> {
    let explanation = prover_explain_search(wallet, request).await?;
    let mut referents = explanation.referents.values();
    let without = referents.find(|referent| referent.candidates == 0);
    Ok(match without {
        Some(referent) => referent.summary(),
        None => "each part of it is answered by some credential, and all of it by none".to_owned(),
    })
}
