//! The credentials that answer a criterion, and the choice among them.

use std::collections::{BTreeMap, BTreeSet};

use anoncreds::{
    AnoncredsError, CredDefs, CredentialInfo, CredentialSearch, Schemas, prover_explain_search,
    prover_fetch_credentials_for_proof_req, prover_get_credential,
    prover_search_credentials_for_proof_req,
};
use proofs::{
    PredicateType, ProofRequest,
    encoding::{encode, integer},
    names::fold,
};
use wallet::Wallet;

use crate::{
    BridgeError, PublicObjects, Shape, criterion::AnoncredsCriterion, difference::Visible,
    shape::Referent,
};

/// At most this many candidates are considered.
const MAX_CONSIDERED: usize = 1_000;

/// How many are read together.
const PAGE: usize = 32;

/// A prover's wallet, and its source of public data.
#[derive(Clone, Copy)]
pub struct Prover<'p> {
    /// The wallet with the credentials.
    pub wallet: &'p Wallet,
    /// The name of the link secret in that wallet.
    pub link_secret: &'p str,
    /// The source of schemas and credential definitions.
    pub objects: &'p dyn PublicObjects,
}

/// A search for credentials that answer a criterion.
pub(crate) struct Candidates<'c> {
    criterion: &'c AnoncredsCriterion<'c>,
    /// The names of the attributes that each must show, folded.
    shown: BTreeSet<String>,
    /// Asks for one credential that shows these.
    request: ProofRequest,
    search: CredentialSearch<'c>,
    referent: String,
    seen: usize,
}

impl<'c> Candidates<'c> {
    /// Opens a search for credentials that show these attributes.
    pub async fn search(
        wallet: &'c Wallet,
        criterion: &'c AnoncredsCriterion<'c>,
        shown: &BTreeSet<String>,
    ) -> Result<Self, BridgeError> {
        // the nonce makes no difference to a search
        let (_, request) = criterion.request(&Shape { groups: vec![shown.clone()] }, "1")?;
        // a search is for one referent; `satisfies` checks the others
        let referent = match criterion.inner.predicates.is_empty() {
            true => Referent::group(0).name(),
            false => Referent::predicate(0, 0).name(),
        };
        let search = prover_search_credentials_for_proof_req(wallet, &request, None).await?;
        let shown = shown.iter().map(|name| fold(name)).collect();
        Ok(Self { criterion, shown, request, search, referent, seen: 0 })
    }

    /// Returns some more candidates, perhaps none; `None` when there are no more, or
    /// [`MAX_CONSIDERED`] were read.
    pub async fn page(&mut self) -> Result<Option<Vec<CredentialInfo>>, AnoncredsError> {
        let count = PAGE.min(MAX_CONSIDERED.saturating_sub(self.seen));
        let page =
            prover_fetch_credentials_for_proof_req(&mut self.search, &self.referent, count).await?;
        self.seen += page.len();
        if page.is_empty() {
            return Ok(None);
        }
        let found = page.into_iter().map(|candidate| candidate.cred_info);
        Ok(Some(found.filter(|credential| self.satisfies(credential)).collect()))
    }

    /// Returns whether it has all attributes that must be shown, and satisfies all predicates.
    fn satisfies(&self, credential: &CredentialInfo) -> bool {
        let attributes = credential.attrs.iter();
        let attributes: BTreeMap<String, &String> =
            attributes.map(|(name, raw)| (fold(name), raw)).collect();
        let has_shown = self.shown.iter().all(|name| attributes.contains_key(name));
        let mut predicates = self.criterion.inner.predicates.iter();
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
pub(crate) struct Chosen<'c> {
    prover: Prover<'c>,
    criterion: &'c AnoncredsCriterion<'c>,
    /// The names that each shows.
    shown: &'c BTreeSet<String>,
    pub credentials: Vec<CredentialInfo>,
    visible: Vec<Visible>,
    pub schemas: Schemas,
    /// Those of all candidates that were considered.
    pub cred_defs: CredDefs,
}

impl<'c> Chosen<'c> {
    pub fn new(
        prover: Prover<'c>,
        criterion: &'c AnoncredsCriterion<'c>,
        shown: &'c BTreeSet<String>,
    ) -> Self {
        let (credentials, visible) = (Vec::new(), Vec::new());
        let (schemas, cred_defs) = (Schemas::new(), CredDefs::new());
        Self { prover, criterion, shown, credentials, visible, schemas, cred_defs }
    }

    /// Chooses from the wallet the first `needed` credentials that differ.
    pub async fn choose(&mut self, needed: usize) -> Result<(), BridgeError> {
        let wallet = self.prover.wallet;
        let mut search = Candidates::search(wallet, self.criterion, self.shown).await?;
        let mut found = 0;
        while self.credentials.len() < needed
            && let Some(page) = search.page().await?
        {
            for credential in page {
                found += 1;
                if self.credentials.len() < needed {
                    self.consider(credential).await?;
                }
            }
        }
        let pointer = &self.criterion.pointer;
        match found {
            _ if self.credentials.len() == needed => Ok(()),
            0 => {
                let reason = why_none(wallet, &search.request).await?;
                Err(BridgeError::Unanswerable(format!("no credential answers {pointer}: {reason}")))
            }
            found if found < needed => Err(BridgeError::Unanswerable(format!(
                "{pointer} asks for {needed} credentials, and the wallet has {found} that answer"
            ))),
            found => Err(self.alike(found, needed)),
        }
    }

    /// Chooses these credentials.
    pub async fn take(&mut self, ids: &[String]) -> Result<(), BridgeError> {
        for id in ids {
            self.consider(prover_get_credential(self.prover.wallet, id).await?).await?;
        }
        match self.credentials.len() == ids.len() {
            true => Ok(()),
            false => Err(self.alike(ids.len(), ids.len())),
        }
    }

    fn alike(&self, found: usize, needed: usize) -> BridgeError {
        let (pointer, differing) = (&self.criterion.pointer, self.credentials.len());
        BridgeError::Unanswerable(format!(
            "{pointer} asks for {needed} different credentials; of the {found} that answer, nothing shows that more \
             than {differing} are distinct: their issuers' keys are the same, and so is all that would be shown; show an \
             optional attribute in which they differ, if there is one"
        ))
    }

    /// Chooses a candidate if a verifier can tell it from those before it.
    async fn consider(&mut self, credential: CredentialInfo) -> Result<(), BridgeError> {
        let visible = self.visible(&credential).await?;
        if self.visible.iter().all(|before| visible.differs_from(before)) {
            let schema = &credential.schema_id;
            if !self.schemas.contains_key(schema) {
                let object = self.prover.objects.schema(schema).await?;
                self.schemas.insert(schema.clone(), object);
            }
            self.credentials.push(credential);
            self.visible.push(visible);
        }
        Ok(())
    }

    /// Returns the parts of a credential that a verifier would see.
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

/// Explains why a wallet has no candidate, as a clause.
async fn why_none(wallet: &Wallet, request: &ProofRequest) -> Result<String, AnoncredsError> {
    let explanation = prover_explain_search(wallet, request).await?;
    let mut referents = explanation.referents.values();
    let without = referents.find(|referent| referent.candidates == 0);
    Ok(match without {
        Some(referent) => referent.summary(),
        None => "each part of it is answered by some credential, and all of it by none".to_owned(),
    })
}
