//! `restrictions`: whether each credential is one that the verifier accepts for the referent that it answers.

use std::collections::{BTreeMap, BTreeSet};

use super::Read;
use super::statements::shown;
use crate::answer::Kind;
use crate::encoding::encode;
use crate::identifiers::{CredDefIdParts, IdentifierError, SchemaIdParts};
use crate::names;
use crate::request::ProofRequest;
use crate::restriction::Restriction;
use crate::tags::{CredentialFacts, MARKER, Tag, Tags};
use crate::version::RequestVersion;
use verdict::Failure;

/// `restrictions`: each holds for the credential that answers the referent, as the ledger's objects describe it.
///
/// Of an attribute's value the verifier knows only what is revealed. What depends on a hidden value does not
/// hold, neither does its negation.
pub(super) fn check(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut known: Option<Vec<Result<Known, IdentifierError>>> = None;
    for (referent, kind, index) in read.answer.places() {
        if let Some(restriction) = restriction(&read.request, referent, kind) {
            let known = known.get_or_insert_with(|| all_known(read));
            let failure = match known.get(index) {
                Some(Ok(known)) => known.failure(restriction, read.request.ver),
                Some(Err(error)) => Some(Failure::new(
                    error.expected,
                    format!("{:?}", error.got),
                    "take the identifier as the ledger gives it, unshortened",
                )),
                None => None,
            };
            failures.extend(failure.map(|failure| failure.about(referent)));
        }
    }
    failures
}

/// The restriction of a referent. An attribute and a predicate may have the same one.
fn restriction<'r>(
    request: &'r ProofRequest,
    referent: &str,
    kind: Kind,
) -> Option<&'r Restriction> {
    match kind {
        Kind::Predicate => request.requested_predicates.get(referent)?.restriction(),
        Kind::Revealed | Kind::Group | Kind::Unrevealed => {
            request.requested_attributes.get(referent)?.restriction()
        }
    }
}

/// What is known of a credential.
struct Known {
    tags: Tags,
    /// Whether the credential's registry is not proved: it can be revoked, and comes without a non-revocation
    /// proof.
    registry_hidden: bool,
    /// Attributes that the credential has and whose value is not shown, folded.
    hidden: BTreeSet<String>,
}

/// For each sub-proof, what is known of its credential.
fn all_known(read: &Read<'_>) -> Vec<Result<Known, IdentifierError>> {
    let mut values = vec![BTreeMap::new(); read.credentials.len()];
    for value in shown(read) {
        // A text that is not the one which is proved shows nothing.
        let proved =
            value.proved(read) == Some(value.encoded) && encode(value.raw) == value.encoded;
        if let (true, Some(values)) = (proved, values.get_mut(value.sub_proof)) {
            values.insert(names::fold(value.name), value.raw);
        }
    }
    (0..read.credentials.len())
        .zip(values)
        .map(|(index, values)| known(read, index, values))
        .collect()
}

fn known(
    read: &Read<'_>,
    index: usize,
    values: BTreeMap<String, &str>,
) -> Result<Known, IdentifierError> {
    let credential = &read.credentials[index];
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let registry_proved = read.answer.proof.proofs[index].non_revoc_proof.is_some();
    let registry = read.answer.identifiers[index].rev_reg_id.clone();
    let hidden = schema
        .attributes
        .iter()
        .filter(|name| !values.contains_key(*name));
    let hidden: BTreeSet<String> = hidden.cloned().collect();
    let facts = CredentialFacts {
        schema_id: schema.id.to_owned(),
        schema_issuer_did: SchemaIdParts::parse(schema.id)?.issuer_did,
        schema_name: schema.name.to_owned(),
        schema_version: schema.version.to_owned(),
        issuer_did: CredDefIdParts::parse(cred_def.id)?.issuer_did,
        cred_def_id: cred_def.id.to_owned(),
        rev_reg_id: registry.filter(|_| registry_proved),
        attributes: values
            .into_iter()
            .map(|(name, raw)| (name, raw.to_owned()))
            .collect(),
    };
    let mut tags = Tags::from(facts);
    tags.extend(
        hidden
            .iter()
            .map(|name| (Tag::marker(name), MARKER.to_owned())),
    );
    Ok(Known {
        tags,
        registry_hidden: cred_def.is_revocable() && !registry_proved,
        hidden,
    })
}

impl Known {
    /// Why the credential does not satisfy the restriction, if it does not.
    fn failure(&self, restriction: &Restriction, version: RequestVersion) -> Option<Failure> {
        let tags = mentioned(restriction);
        if let Some(Tag::Other(name)) = tags.iter().find(|tag| matches!(tag, Tag::Other(_))) {
            let known: Vec<_> = Tag::fixed_names().collect();
            return Some(Failure::new(
                format!(
                    "only tags that there are: {}, attr::<name>::marker, attr::<name>::value",
                    known.join(", ")
                ),
                format!("{name:?}"),
                "correct the tag in the request: nobody can say whether it holds",
            ));
        }
        let holds = self.holds(restriction, version);
        (holds != Some(true)).then(|| {
            Failure::new(
                format!("a credential with {}", restriction.to_json()),
                self.describe(&tags),
                if holds.is_none() {
                    "ask for what the restriction is about to be shown: the attribute to be revealed, \
                     the registry by a non-revocation proof"
                } else {
                    "do not accept the credential for this referent; ask the prover for another"
                },
            )
        })
    }

    /// Whether the restriction holds; `None` if that depends on a hidden value.
    fn holds(&self, restriction: &Restriction, version: RequestVersion) -> Option<bool> {
        let parts_hold = |parts: &[Restriction], decisive: bool| {
            let mut all = Some(!decisive);
            for part in parts {
                match self.holds(part, version) {
                    Some(holds) if holds == decisive => return Some(decisive),
                    Some(_) => {}
                    None => all = None,
                }
            }
            all
        };
        match restriction {
            Restriction::And(parts) => parts_hold(parts, false),
            Restriction::Or(parts) if parts.is_empty() => Some(true),
            Restriction::Or(parts) => parts_hold(parts, true),
            Restriction::Not(part) => self.holds(part, version).map(|holds| !holds),
            Restriction::Eq(tag, _) | Restriction::Neq(tag, _) | Restriction::In(tag, _) => {
                (!self.hides(tag)).then(|| restriction.matches(&self.tags, version))
            }
        }
    }

    /// Whether the credential has a value of this tag which is not shown.
    fn hides(&self, tag: &Tag) -> bool {
        match tag {
            Tag::AttributeValue(name) => self.hidden.contains(name),
            Tag::RevRegId => self.registry_hidden,
            _ => false,
        }
    }

    /// What the credential has of the tags that a restriction mentions.
    fn describe(&self, tags: &BTreeSet<&Tag>) -> String {
        let describe = |tag: &&Tag| match self.tags.get(tag) {
            _ if self.hides(tag) => format!("{tag} is hidden"),
            Some(value) => format!("{tag} is {value:?}"),
            None => format!("no {tag}"),
        };
        let described: Vec<_> = tags.iter().take(8).map(describe).collect();
        described.join(", ")
    }
}

fn mentioned(restriction: &Restriction) -> BTreeSet<&Tag> {
    let mut tags = BTreeSet::new();
    let mut open = vec![restriction];
    while let Some(part) = open.pop() {
        match part {
            Restriction::And(parts) | Restriction::Or(parts) => open.extend(parts),
            Restriction::Not(part) => open.push(part),
            Restriction::Eq(tag, _) | Restriction::Neq(tag, _) | Restriction::In(tag, _) => {
                tags.insert(tag);
            }
        }
    }
    tags
}
