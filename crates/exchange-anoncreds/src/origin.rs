//! Restrictions, translated to a schema and issuers.

use exchange::did::Did;
use proofs::{
    Restriction, Tag,
    identifiers::{CredDefIdParts, IdentifierKind, to_qualified},
};

use crate::Loss;

/// The schema and the issuers of the credentials for a criterion.
pub(crate) struct Origin {
    pub schema: String,
    /// DIDs of the method `sov`; at least one.
    pub issuers: Vec<String>,
}

/// Translates a restriction to a schema and issuers: any of some alternatives, each naming both,
/// and the same schema in all of them. Every other condition is a loss; if there is no such schema,
/// or an alternative without an issuer, the whole referent is one.
pub(crate) fn origin(
    restriction: Option<&Restriction>,
    pointer: &str,
    losses: &mut Vec<Loss>,
) -> Option<Origin> {
    let left_out = |what: &str, because: &str| Loss::new(pointer, what, because);
    let Some(restriction) = restriction else {
        losses.push(left_out(
            "the referent, which the holder may answer in their own words",
            "a criterion is answered from credentials of a schema; there are no self-attested attributes",
        ));
        return None;
    };
    let mut found: Option<Origin> = None;
    let mut dropped = Vec::new();
    for alternative in alternatives(restriction) {
        let conditions = Conditions::of(alternative);
        let (Some(schema), false) = (conditions.schema, conditions.issuers.is_empty()) else {
            losses.push(left_out(
                "the referent, of whose restrictions an alternative does not name both schema and issuer",
                "a criterion needs a schema and its issuers",
            ));
            return None;
        };
        dropped.extend(conditions.dropped);
        let origin =
            found.get_or_insert_with(|| Origin { schema: schema.clone(), issuers: Vec::new() });
        if origin.schema != schema {
            losses.push(left_out(
                "the referent, whose alternatives name several schemas",
                "a criterion has one schema, and there is no choice between criteria",
            ));
            return None;
        }
        origin.issuers.extend(conditions.issuers);
    }
    losses.extend(dropped.into_iter().map(|what| {
        Loss::new(
            format!("{pointer}/restrictions"),
            what,
            "a criterion restricts schema and issuers only; more credentials answer it",
        )
    }));
    found
}

fn alternatives(restriction: &Restriction) -> Vec<&Restriction> {
    match restriction {
        Restriction::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        other => vec![other],
    }
}

/// The conditions of one alternative.
#[derive(Default)]
struct Conditions {
    schema: Option<String>,
    issuers: Vec<String>,
    /// The issuer that a credential definition's identifier names.
    definer: Option<String>,
    /// What a criterion cannot express.
    dropped: Vec<String>,
}

impl Conditions {
    fn of(alternative: &Restriction) -> Self {
        let mut conditions = Self::default();
        conditions.add(alternative);
        if let (true, Some(definer)) = (conditions.issuers.is_empty(), conditions.definer.take()) {
            conditions.issuer(&definer);
        }
        conditions
    }

    fn add(&mut self, restriction: &Restriction) {
        match restriction {
            Restriction::And(parts) => parts.iter().for_each(|part| self.add(part)),
            Restriction::Eq(Tag::SchemaId, id) if self.schema.is_none() => {
                self.schema = Some(id.clone());
            }
            Restriction::Eq(Tag::IssuerDid, did) if self.issuers.is_empty() => {
                self.issuer(did);
            }
            Restriction::In(Tag::IssuerDid, dids) if self.issuers.is_empty() => {
                dids.iter().for_each(|did| self.issuer(did));
            }
            Restriction::Eq(Tag::CredDefId, id) => {
                self.dropped.push(format!("that the credential definition is {id}"));
                self.definer = CredDefIdParts::parse(id).ok().map(|parts| parts.issuer_did);
            }
            other => self.dropped.push(format!("the condition {}", other.to_json())),
        }
    }

    fn issuer(&mut self, did: &str) {
        let long = to_qualified(IdentifierKind::Did, did);
        match long.parse::<Did>() {
            Ok(did) => self.issuers.push(did.to_string()),
            Err(_) => self.dropped.push(format!("the issuer {did:?}, which is not a DID")),
        }
    }
}
