//! `referents` and `self-attested`: whether the presentation answers this request, referent by referent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use verdict::Failure;

use super::parsed::{ASK_FOR_ORIGINAL, ParsedCase};
use crate::names;
use crate::presentation::RevealedGroup;
use crate::request::{AttributeNames, RequestedAttribute};

/// The members of `requested_proof` that may hold the answer to a requested attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AnswerMember {
    Revealed,
    Group,
    Unrevealed,
    SelfAttested,
}

impl AnswerMember {
    fn name(self) -> &'static str {
        match self {
            Self::Revealed => "revealed_attrs",
            Self::Group => "revealed_attr_groups",
            Self::Unrevealed => "unrevealed_attrs",
            Self::SelfAttested => "self_attested_attrs",
        }
    }

    fn answers(self, requested: &RequestedAttribute) -> bool {
        match requested.attribute {
            AttributeNames::One(_) => self != Self::Group,
            AttributeNames::Group(_) => matches!(self, Self::Group | Self::Unrevealed),
        }
    }
}

/// `referents`: each is answered once, as it was asked, and nothing else is.
pub(super) fn referents(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = attributes(parsed);
    let requested = &parsed.request.requested_predicates;
    let proved = &parsed.presentation.requested_proof.predicates;
    let missing = requested.keys().filter(|referent| !proved.contains_key(*referent));
    failures.extend(missing.map(|referent| unanswered(referent, "a proof of the predicate")));
    let surplus = proved.keys().filter(|referent| !requested.contains_key(*referent));
    failures.extend(surplus.map(|referent| unasked(referent, "predicates")));
    failures
}

fn attributes(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut members = members(parsed);
    for (referent, requested) in &parsed.request.requested_attributes {
        match members.remove(referent.as_str()).as_deref() {
            None => failures.push(unanswered(referent, "an answer to the requested attribute")),
            Some([member]) if !member.answers(requested) => {
                let group = matches!(requested.attribute, AttributeNames::Group(_));
                let failure = Failure::new(
                    format!(
                        "the answer to {}",
                        if group { "a group (`names`)" } else { "one attribute (`name`)" }
                    ),
                    format!("one in `{}`", member.name()),
                    ASK_FOR_ORIGINAL,
                );
                failures.push(failure.about(referent));
            }
            Some([_]) => {}
            Some(several) => {
                let names: Vec<_> = several.iter().map(|member| member.name()).collect();
                let got = format!("answers in {}", names.join(", "));
                failures.push(Failure::new("one answer", got, ASK_FOR_ORIGINAL).about(referent));
            }
        }
    }
    for (referent, members) in members {
        failures.extend(members.first().map(|member| unasked(referent, member.name())));
    }
    failures.extend(parsed.presentation.requested_proof.revealed_attr_groups.iter().filter_map(
        |(referent, group)| {
            let requested = parsed.request.requested_attributes.get(referent)?;
            other_names(requested, group).map(|failure| failure.about(referent))
        },
    ));
    failures
}

/// Returns, for each referent, the members that answer it as an attribute.
fn members<'r>(parsed: &'r ParsedCase<'_>) -> BTreeMap<&'r str, Vec<AnswerMember>> {
    let answered = &parsed.presentation.requested_proof;
    let revealed = answered.revealed_attrs.keys().map(|key| (key, AnswerMember::Revealed));
    let groups = answered.revealed_attr_groups.keys().map(|key| (key, AnswerMember::Group));
    let unrevealed = answered.unrevealed_attrs.keys().map(|key| (key, AnswerMember::Unrevealed));
    let attested = answered.self_attested_attrs.keys().map(|key| (key, AnswerMember::SelfAttested));
    let mut members: BTreeMap<&str, Vec<AnswerMember>> = BTreeMap::new();
    for (referent, member) in revealed.chain(groups).chain(unrevealed).chain(attested) {
        members.entry(referent).or_default().push(member);
    }
    members
}

/// Reports a group that is not answered with exactly the names that were asked for.
fn other_names(requested: &RequestedAttribute, group: &RevealedGroup) -> Option<Failure> {
    let wanted: BTreeSet<_> = requested.names().iter().map(|name| names::fold(name)).collect();
    let shown: BTreeSet<_> = group.values.keys().map(|name| names::fold(name)).collect();
    let as_asked = wanted == shown && shown.len() == group.values.len();
    (!as_asked).then(|| {
        let list = |names: &mut dyn Iterator<Item = &String>| {
            names.map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        Failure::new(
            format!("values for {}", list(&mut requested.names().iter())),
            format!("values for {}", list(&mut group.values.keys())),
            ASK_FOR_ORIGINAL,
        )
    })
}

fn unanswered(referent: &str, what: &str) -> Failure {
    Failure::new(what, "none", "ask the prover to answer it, or do not ask for it").about(referent)
}

fn unasked(referent: &str, member: &str) -> Failure {
    Failure::new(
        "nothing that was not asked for",
        format!("an answer in `{member}`"),
        "verify against the request to which the presentation is the answer",
    )
    .about(referent)
}

/// `self-attested`: only where the request, as it is written, restricts nothing.
///
/// What restricts nothing only in effect (`[{}]`, or a tag with the value null) counts as a restriction: it
/// may have lost what it was to say.
pub(super) fn self_attested(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let attested = parsed.presentation.requested_proof.self_attested_attrs.keys();
    let requested = parsed.case.presentation_request.get("requested_attributes");
    attested
        .filter_map(|referent| {
            let restriction = requested?.get(referent)?.get("restrictions")?;
            (!is_empty(restriction)).then(|| {
                Failure::new(
                    "an answer from a credential, as the request restricts it",
                    "one of the prover's own making",
                    "do not rely on it; to accept anyone's word, ask without `restrictions`",
                )
                .about(referent)
            })
        })
        .collect()
}

fn is_empty(restriction: &Value) -> bool {
    match restriction {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
