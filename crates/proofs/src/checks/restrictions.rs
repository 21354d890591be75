//! `restrictions`: whether each credential is one that the verifier accepts for the referent that
//! it answers.

use std::collections::{BTreeMap, BTreeSet};

use verdict::{Failure, Found};

use super::parsed::ParsedCase;
use super::statements::revealed_claims;
use crate::encoding::encodes_to;
use crate::names;
use crate::presentation::AnswerKind;
use crate::request::ProofRequest;
use crate::restriction::{Restriction, WrittenRestriction};
use crate::tags::{MARKER, NO_REGISTRY, Tag, Tags};
use crate::version::RequestVersion;

/// `restrictions`: each holds for the credential that answers the referent, as the ledger's objects
/// describe it.
///
/// The verifier knows an attribute's value only if it is revealed. What depends on a hidden value
/// does not hold, and neither does its negation. What depends on an author whom the public data
/// does not name is undecided.
pub(super) fn check(parsed: &ParsedCase<'_>) -> Found {
    let mut found = Found::default();
    let mut known: Option<Vec<KnownCredential>> = None;
    for (referent, kind, index) in parsed.presentation.answers() {
        let written = restriction(&parsed.request, referent, kind);
        if let Some((written, restriction)) = written.and_then(|one| Some((one, one.meaning()?))) {
            let known = known.get_or_insert_with(|| all_known(parsed));
            if let Some(known) = known.get(index) {
                let unsatisfied = known.check(restriction, written, parsed.request.ver);
                match unsatisfied {
                    None => {}
                    Some(Unsatisfied::Unsaid(failure)) => {
                        found.missing.push(failure.about(referent));
                    }
                    Some(Unsatisfied::Failed(failure)) => {
                        found.failures.push(failure.about(referent));
                    }
                }
            }
        }
    }
    found
}

/// Returns the restriction of a referent, which an attribute and a predicate may share.
fn restriction<'r>(
    request: &'r ProofRequest,
    referent: &str,
    kind: AnswerKind,
) -> Option<&'r WrittenRestriction> {
    match kind {
        AnswerKind::Predicate => request.requested_predicates.get(referent)?.restrictions.as_ref(),
        AnswerKind::Revealed | AnswerKind::Group | AnswerKind::Unrevealed => {
            request.requested_attributes.get(referent)?.restrictions.as_ref()
        }
    }
}

/// Why a restriction is not shown to hold.
enum Unsatisfied {
    Failed(Failure),
    /// The public data does not say what it asks for.
    Unsaid(Failure),
}

/// What the verifier knows of a credential.
struct KnownCredential {
    tags: Tags,
    /// The values (as encoded) of the attributes (folded) that are revealed. Texts that encode to
    /// the same value are the same value: only that is signed.
    encoded: BTreeMap<String, String>,
    /// Whether the credential's registry is unknown: it can be revoked, and no non-revocation proof
    /// names the registry.
    registry_hidden: bool,
    /// The attributes (folded) whose values are not revealed.
    hidden: BTreeSet<String>,
    /// The facts that the public data does not say.
    unsaid: BTreeSet<Tag>,
}

/// Returns what is known of each sub-proof's credential.
fn all_known(parsed: &ParsedCase<'_>) -> Vec<KnownCredential> {
    let mut values = vec![BTreeMap::new(); parsed.credentials.len()];
    for value in revealed_claims(parsed) {
        // A text says nothing unless its encoding is the value that is proved.
        let proved =
            value.proved(parsed) == Some(value.encoded) && encodes_to(value.raw, value.encoded);
        if let (true, Some(values)) = (proved, values.get_mut(value.sub_proof)) {
            values.insert(names::fold(value.name), (value.raw, value.encoded));
        }
    }
    (0..parsed.credentials.len())
        .zip(values)
        .map(|(index, values)| known(parsed, index, &values))
        .collect()
}

fn known(
    parsed: &ParsedCase<'_>,
    index: usize,
    values: &BTreeMap<String, (&str, &str)>,
) -> KnownCredential {
    let credential = &parsed.credentials[index];
    let (schema, cred_def) = (&credential.schema, &credential.cred_def);
    let registry_proved = parsed.presentation.proof.proofs[index].non_revoc_proof.is_some();
    let registry = parsed.presentation.identifiers[index].rev_reg_id.clone();
    let attributes = &schema.object.attributes;
    let hidden = attributes.iter().filter(|name| !values.contains_key(*name));
    let hidden: BTreeSet<String> = hidden.cloned().collect();
    let facts = [
        (Tag::SchemaId, Some(schema.id.to_owned())),
        (Tag::SchemaIssuerDid, schema.author()),
        (Tag::SchemaName, Some(schema.object.name.to_owned())),
        (Tag::SchemaVersion, Some(schema.object.version.to_owned())),
        (Tag::IssuerDid, cred_def.author()),
        (Tag::CredDefId, Some(cred_def.id.to_owned())),
        (Tag::RevRegId, registry.filter(|_| registry_proved).or(Some(NO_REGISTRY.to_owned()))),
    ];
    let mut tags = Tags::default();
    let mut unsaid = BTreeSet::new();
    for (tag, value) in facts {
        match value {
            Some(value) => tags.extend([(tag, value)]),
            None => {
                unsaid.insert(tag);
            }
        }
    }
    let markers = hidden.iter().chain(values.keys());
    tags.extend(markers.map(|name| (Tag::marker(name), MARKER.to_owned())));
    tags.extend(values.iter().map(|(name, (raw, _))| (Tag::value(name), (*raw).to_owned())));
    let encoded = values.iter().map(|(name, (_, encoded))| (name.clone(), (*encoded).to_owned()));
    KnownCredential {
        tags,
        encoded: encoded.collect(),
        registry_hidden: cred_def.object.is_revocable() && !registry_proved,
        hidden,
        unsaid,
    }
}

impl KnownCredential {
    /// Returns why the credential does not satisfy the restriction, if it does not.
    fn check(
        &self,
        restriction: &Restriction,
        written: &WrittenRestriction,
        version: RequestVersion,
    ) -> Option<Unsatisfied> {
        let tags = mentioned(restriction);
        if let Some(Tag::Other(name)) = tags.iter().find(|tag| matches!(tag, Tag::Other(_))) {
            let known: Vec<_> = Tag::fixed_names().collect();
            let failure = Failure::new(
                format!(
                    "only tags that there are: {}, attr::<name>::marker, attr::<name>::value",
                    known.join(", ")
                ),
                format!("{name:?}"),
                "correct the tag in the request: no one can say whether it holds",
            );
            return Some(Unsatisfied::Failed(failure));
        }
        let holds = self.holds(restriction, version);
        if holds == Some(true) {
            return None;
        }
        let is_unsaid = holds.is_none() && tags.iter().any(|tag| self.unsaid.contains(*tag));
        let failure = Failure::new(
            format!("a credential with {}", written.as_written()),
            self.describe(&tags),
            match holds {
                None if is_unsaid => {
                    "give the object in the form that says who wrote it, with its `issuerId`"
                }
                None => {
                    "ask for what the restriction is about to be shown: the attribute to be revealed, \
                     the registry by a non-revocation proof"
                }
                Some(_) => {
                    "do not accept the credential for this referent; ask the prover for another"
                }
            },
        );
        Some(if is_unsaid { Unsatisfied::Unsaid(failure) } else { Unsatisfied::Failed(failure) })
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
            Restriction::Eq(tag, _) | Restriction::Neq(tag, _) | Restriction::In(tag, _)
                if self.hides(tag) =>
            {
                None
            }
            Restriction::Eq(Tag::AttributeValue(name), value) => Some(self.has(name, value)),
            Restriction::Neq(Tag::AttributeValue(name), value) => {
                Some(self.encoded.contains_key(name) && !self.has(name, value))
            }
            Restriction::In(Tag::AttributeValue(name), values) => {
                Some(values.iter().any(|value| self.has(name, value)))
            }
            Restriction::Eq(..) | Restriction::Neq(..) | Restriction::In(..) => {
                Some(restriction.matches(&self.tags, version))
            }
        }
    }

    /// Returns whether an attribute has a value: whether that encodes to what is signed.
    fn has(&self, name: &str, value: &str) -> bool {
        self.encoded.get(name).is_some_and(|encoded| encodes_to(value, encoded))
    }

    /// Returns whether the credential may have a value of this tag which is not revealed.
    fn hides(&self, tag: &Tag) -> bool {
        match tag {
            Tag::AttributeValue(name) => self.hidden.contains(name),
            Tag::RevRegId => self.registry_hidden,
            tag => self.unsaid.contains(tag),
        }
    }

    /// Describes the tags that a restriction mentions as the credential has them.
    fn describe(&self, tags: &BTreeSet<&Tag>) -> String {
        let describe = |tag: &&Tag| match self.tags.get(tag) {
            _ if self.unsaid.contains(*tag) => format!("{tag} is not said"),
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
