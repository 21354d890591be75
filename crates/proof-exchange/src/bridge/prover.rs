//! The holder's side: an answer from the credentials of a wallet.

use std::collections::{BTreeMap, BTreeSet};

use indy::{
    anoncreds::{
        CredDefs, CredentialInfo, RequestedCredentials, RevocationStates, Schemas,
        prover_create_proof, prover_explain_search, prover_fetch_credentials_for_proof_req,
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
use serde_json::Value;

use super::{
    BridgeError, MAX_CREDENTIALS, PublicObjects, Shape, asked::Asked, differ::Visible, nonce,
    shape::Referent,
};
use crate::{
    did::Did,
    message::{ProofRequest, Received},
};

/// How many candidates are looked at, at most.
const CONSIDERED: usize = 1_000;

/// How many are read at once.
const PAGE: usize = 32;

/// Who proves, and from what.
#[derive(Clone, Copy)]
pub struct Prover<'p> {
    /// The wallet with the credentials.
    pub wallet: &'p Wallet,
    /// The name of the link secret in that wallet.
    pub link_secret: &'p str,
    /// Where schemas and credential definitions are read.
    pub objects: &'p dyn PublicObjects,
}

/// Answers a criterion (by its number, from 0) in zero knowledge: an AnonCreds presentation, to be put into a
/// response's presentation of the type [`CL_PRESENTATION`](crate::message::CL_PRESENTATION), which `holder` signs.
///
/// Each credential shows the required attributes, and of the optional ones those that `optional` names. As
/// many credentials are chosen as the criterion asks for at least, and one if it asks for none. They are taken in
/// the order in which the wallet's search finds them, each if it differs visibly from those before it: by its
/// issuer's key, or by what it shows. The first 1,000 candidates are considered.
///
/// # Errors
///
/// A [`BridgeError`] if the criterion cannot be asked in zero knowledge, the wallet does not have enough different
/// credentials, or the proof cannot be made.
pub async fn answer(
    prover: Prover<'_>,
    request: &Received<ProofRequest>,
    criterion: usize,
    optional: &BTreeSet<String>,
    holder: &Did,
) -> Result<Value, BridgeError> {
    let asked = Asked::of(request.message(), criterion)?;
    let shown = shown(&asked, optional)?;
    let needed = needed(&asked)?;
    let shape = Shape {
        groups: vec![shown; needed],
    };
    asked.check(&shape)?;
    let derived = asked.request(&shape, &nonce(request.document(), criterion, holder)?)?;
    let derived = parsed(&asked, &derived)?;

    let mut chosen = Chosen::new(prover, &asked, &shape);
    chosen.choose(needed).await?;
    let mut choice = RequestedCredentials::default();
    for (number, id) in chosen.ids.iter().enumerate() {
        if shape
            .groups
            .get(number)
            .is_some_and(|shown| !shown.is_empty())
        {
            choice = choice.reveal(Referent::group(number).name(), id);
        }
        for predicate in 0..asked.criterion.predicates.len() {
            choice = choice.prove(Referent::predicate(number, predicate).name(), id);
        }
    }
    let presentation = prover_create_proof(
        prover.wallet,
        &derived,
        &choice,
        prover.link_secret,
        &chosen.schemas,
        &chosen.cred_defs,
        &RevocationStates::new(),
    )
    .await?;
    serde_json::to_value(presentation).map_err(|error| {
        BridgeError::Anoncreds(AnoncredsError::Library {
            operation: "write a proof",
            reason: error.to_string(),
        })
    })
}

/// What every credential shows.
fn shown(asked: &Asked<'_>, optional: &BTreeSet<String>) -> Result<BTreeSet<String>, BridgeError> {
    let possible: BTreeSet<&str> = asked.criterion.optional().collect();
    if let Some(name) = optional
        .iter()
        .find(|name| !possible.contains(name.as_str()))
    {
        return Err(BridgeError::NotOptional {
            pointer: asked.pointer.clone(),
            name: name.clone(),
        });
    }
    let required = asked.criterion.required().map(str::to_owned);
    Ok(required.chain(optional.iter().cloned()).collect())
}

/// How many credentials are presented.
fn needed(asked: &Asked<'_>) -> Result<usize, BridgeError> {
    let (least, most) = (asked.criterion.least().max(1), asked.criterion.most());
    if most < least {
        return Err(BridgeError::WrongNumber {
            pointer: asked.pointer.clone(),
            least,
            most,
            got: 1,
        });
    }
    usize::try_from(least)
        .ok()
        .filter(|least| *least <= MAX_CREDENTIALS)
        .ok_or_else(|| BridgeError::TooManyCredentials {
            pointer: asked.pointer.clone(),
            got: least,
        })
}

fn parsed(asked: &Asked<'_>, request: &Value) -> Result<proofs::ProofRequest, BridgeError> {
    proofs::ProofRequest::from_value(request).map_err(|error| BridgeError::NotARequest {
        pointer: asked.pointer.clone(),
        reason: error.to_string(),
    })
}

/// The credentials that are chosen, with their public data.
struct Chosen<'c> {
    prover: Prover<'c>,
    asked: &'c Asked<'c>,
    /// The names that each shows, folded.
    shown: BTreeSet<String>,
    /// A request for one credential of the kind.
    for_one: Shape,
    ids: Vec<String>,
    visible: Vec<Visible>,
    schemas: Schemas,
    /// Those of all candidates that were looked at.
    cred_defs: CredDefs,
}

impl<'c> Chosen<'c> {
    fn new(prover: Prover<'c>, asked: &'c Asked<'c>, shape: &Shape) -> Self {
        let shown = shape.groups.first().cloned().unwrap_or_default();
        Self {
            prover,
            asked,
            shown: shown.iter().map(|name| fold(name)).collect(),
            for_one: Shape {
                groups: vec![shown],
            },
            ids: Vec::new(),
            visible: Vec::new(),
            schemas: Schemas::new(),
            cred_defs: CredDefs::new(),
        }
    }

    async fn choose(&mut self, needed: usize) -> Result<(), BridgeError> {
        let request = parsed(self.asked, &self.asked.request(&self.for_one, "1")?)?;
        // a search is for one referent; what it finds is compared with the others here
        let referent = match self.asked.criterion.predicates.is_empty() {
            true => Referent::group(0).name(),
            false => Referent::predicate(0, 0).name(),
        };
        let wallet = self.prover.wallet;
        let mut search = prover_search_credentials_for_proof_req(wallet, &request, None).await?;
        let (mut seen, mut found) = (0, 0);
        while self.ids.len() < needed && seen < CONSIDERED {
            let page = prover_fetch_credentials_for_proof_req(&mut search, &referent, PAGE).await?;
            if page.is_empty() {
                break;
            }
            seen += page.len();
            for candidate in page {
                if self.ids.len() < needed && self.satisfies(&candidate.cred_info) {
                    found += 1;
                    self.consider(&candidate.cred_info).await?;
                }
            }
        }
        if self.ids.len() == needed {
            return Ok(());
        }
        let pointer = self.asked.pointer.clone();
        Err(match found {
            0 => BridgeError::NoCandidate {
                pointer,
                reason: why_none(wallet, &request).await?,
            },
            found if found < needed => BridgeError::TooFew {
                pointer,
                found,
                needed,
            },
            found => BridgeError::NothingShowsADifference {
                pointer,
                found,
                differing: self.ids.len(),
                needed,
            },
        })
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

    /// Takes a candidate if a verifier sees that it is another one than those before it.
    async fn consider(&mut self, credential: &CredentialInfo) -> Result<(), BridgeError> {
        let visible = self.visible(credential).await?;
        if self
            .visible
            .iter()
            .all(|before| visible.differs_from(before))
        {
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

    async fn visible(&mut self, credential: &CredentialInfo) -> Result<Visible, BridgeError> {
        let id = &credential.cred_def_id;
        if !self.cred_defs.contains_key(id) {
            let cred_def = self.prover.objects.cred_def(id).await?;
            self.cred_defs.insert(id.clone(), cred_def);
        }
        let values = credential.attrs.iter();
        let values = values
            .map(|(name, raw)| (fold(name), encode(raw)))
            .filter(|(name, _)| self.shown.contains(name));
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
