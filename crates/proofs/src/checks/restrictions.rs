//! `restrictions`: whether each credential is one that the verifier accepts for the referent that it answers.

use std::collections::{BTreeMap, BTreeSet};

use verdict::Failure;

use super::parsed::ParsedCase;
use super::statements::revealed_claims;
use crate::encoding::encode;
use crate::identifiers::{CredDefIdParts, IdentifierError, SchemaIdParts};
use crate::names;
use crate::presentation::AnswerKind;
use crate::request::ProofRequest;
use crate::restriction::Restriction;
use crate::tags::{CredentialFacts, MARKER, Tag, Tags};
use crate::version::RequestVersion;

/// `restrictions`: each holds for the credential that answers the referent, as the ledger's objects describe it.
///
/// The verifier knows an attribute's value only if it is revealed. What depends on a hidden value does not
/// hold, and neither does its negation.
pub(super) fn check(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut known: Option<Vec<Result<KnownCredential, IdentifierError>>> = None;
    for (referent, kind, index) in parsed.presentation.answers() {
        if let Some(restriction) = restriction(&parsed.request, referent, kind) {
            let known = known.get_or_insert_with(|| all_known(parsed));
            let failure = match known.get(index) {
                Some(Ok(known)) => known.failure(restriction, parsed.request.ver),
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

/// Returns the restriction of a referent, which an attribute and a predicate may share.
fn restriction<'r>(
    request: &'r ProofRequest,
    referent: &str,
    kind: AnswerKind,
) -> Option<&'r Restriction> {
    match kind {
        AnswerKind::Predicate => request.requested_predicates.get(referent)?.restriction(),
        AnswerKind::Revealed | AnswerKind::Group | AnswerKind::Unrevealed => {
            request.requested_attributes.get(referent)?.restriction()
        }
    }
}

/// What the verifier knows of a credential.
struct KnownCredential {
    tags: Tags,
    /// Whether the credential's registry is unknown: it can be revoked, and no non-revocation proof names the
    /// registry.
    registry_hidden: bool,
    /// The attributes (folded) whose values are not revealed.
    hidden: BTreeSet<String>,
}

/// Returns what is known of each sub-proof's credential.
fn all_known(parsed: &ParsedCase<'_>) -> Vec<Result<KnownCredential, IdentifierError>> {
    let mut values = vec![BTreeMap::new(); parsed.credentials.len()];
    for value in revealed_claims(parsed) {
        // A text says nothing unless its encoding is the value that is proved.
        let proved =
            value.proved(parsed) == Some(value.encoded) && encode(value.raw) == value.encoded;
        if let (true, Some(values)) = (proved, values.get_mut(value.sub_proof)) {
            values.insert(names::fold(value.name), value.raw);
        }
    }
    (0..parsed.credentials.len())
        .zip(values)
        .map(|(index, values)| known(parsed, index, values))
        .collect()
}

fn known(
    parsed: &ParsedCase<'_>,
    index: usize,
    values: BTreeMap<String, &str>,
) -> Result<KnownCredential, IdentifierError> {
    let credential = &parsed.credentials[index];
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let registry_proved = parsed.presentation.proof.proofs[index].non_revoc_proof.is_some();
    let registry = parsed.presentation.identifiers[index].rev_reg_id.clone();
    let hidden = schema.attributes.iter().filter(|name| !values.contains_key(*name));
    let hidden: BTreeSet<String> = hidden.cloned().collect();
    let facts = CredentialFacts {
        schema_id: schema.id.to_owned(),
        schema_issuer_did: SchemaIdParts::parse(schema.id)?.issuer_did,
        schema_name: schema.name.to_owned(),
        schema_version: schema.version.to_owned(),
        issuer_did: CredDefIdParts::parse(cred_def.id)?.issuer_did,
        cred_def_id: cred_def.id.to_owned(),
        rev_reg_id: registry.filter(|_| registry_proved),
        attributes: values.into_iter().map(|(name, raw)| (name, raw.to_owned())).collect(),
    };
    let mut tags = Tags::from(facts);
    tags.extend(hidden.iter().map(|name| (Tag::marker(name), MARKER.to_owned())));
    Ok(KnownCredential {
        tags,
        registry_hidden: cred_def.is_revocable() && !registry_proved,
        hidden,
    })
}

impl KnownCredential {
    /// Returns why the credential does not satisfy the restriction, if it does not.
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
                "correct the tag in the request: no one can say whether it holds",
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

    /// Returns whether the restriction holds; `None` if that depends on a hidden value.
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

    /// Returns whether the credential may have a value of this tag which is not revealed.
    fn hides(&self, tag: &Tag) -> bool {
        match tag {
            Tag::AttributeValue(name) => self.hidden.contains(name),
            Tag::RevRegId => self.registry_hidden,
            _ => false,
        }
    }

    /// Describes the tags that a restriction mentions as the credential has them.
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
