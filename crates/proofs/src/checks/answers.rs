//! `referents` and `self-attested`: whether the answer is one to this request, referent by referent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{AS_MADE, Read};
use crate::answer::RevealedGroup;
use crate::names;
use crate::request::{AttributeNames, RequestedAttribute};
use verdict::Failure;

/// The ways to answer a requested attribute, by the member of `requested_proof` that has the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Revealed,
    Group,
    Unrevealed,
    SelfAttested,
}

impl Way {
    fn member(self) -> &'static str {
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
pub(super) fn referents(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = attributes(read);
    let requested = &read.request.requested_predicates;
    let proved = &read.answer.requested_proof.predicates;
    let missing = requested
        .keys()
        .filter(|referent| !proved.contains_key(*referent));
    failures.extend(missing.map(|referent| unanswered(referent, "a proof of the predicate")));
    let surplus = proved
        .keys()
        .filter(|referent| !requested.contains_key(*referent));
    failures.extend(surplus.map(|referent| unasked(referent, "predicates")));
    failures
}

fn attributes(read: &Read<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut ways = ways(read);
    for (referent, requested) in &read.request.requested_attributes {
        match ways.remove(referent.as_str()).as_deref() {
            None => failures.push(unanswered(referent, "an answer to the requested attribute")),
            Some([way]) if !way.answers(requested) => {
                let group = matches!(requested.attribute, AttributeNames::Group(_));
                let failure = Failure::new(
                    format!(
                        "the answer to {}",
                        if group {
                            "a group (`names`)"
                        } else {
                            "one attribute (`name`)"
                        }
                    ),
                    format!("one in `{}`", way.member()),
                    AS_MADE,
                );
                failures.push(failure.about(referent));
            }
            Some([_]) => {}
            Some(several) => {
                let members: Vec<_> = several.iter().map(|way| way.member()).collect();
                let got = format!("answers in {}", members.join(", "));
                failures.push(Failure::new("one answer", got, AS_MADE).about(referent));
            }
        }
    }
    for (referent, ways) in ways {
        failures.extend(ways.first().map(|way| unasked(referent, way.member())));
    }
    failures.extend(
        read.answer
            .requested_proof
            .revealed_attr_groups
            .iter()
            .filter_map(|(referent, group)| {
                let requested = read.request.requested_attributes.get(referent)?;
                other_names(requested, group).map(|failure| failure.about(referent))
            }),
    );
    failures
}

/// All answers to attributes, by referent.
fn ways<'r>(read: &'r Read<'_>) -> BTreeMap<&'r str, Vec<Way>> {
    let answered = &read.answer.requested_proof;
    let revealed = answered
        .revealed_attrs
        .keys()
        .map(|key| (key, Way::Revealed));
    let groups = answered
        .revealed_attr_groups
        .keys()
        .map(|key| (key, Way::Group));
    let unrevealed = answered
        .unrevealed_attrs
        .keys()
        .map(|key| (key, Way::Unrevealed));
    let attested = answered
        .self_attested_attrs
        .keys()
        .map(|key| (key, Way::SelfAttested));
    let mut ways: BTreeMap<&str, Vec<Way>> = BTreeMap::new();
    for (referent, way) in revealed.chain(groups).chain(unrevealed).chain(attested) {
        ways.entry(referent).or_default().push(way);
    }
    ways
}

/// A group answers with exactly the names that were asked for.
fn other_names(requested: &RequestedAttribute, group: &RevealedGroup) -> Option<Failure> {
    let wanted: BTreeSet<_> = requested
        .names()
        .iter()
        .map(|name| names::fold(name))
        .collect();
    let shown: BTreeSet<_> = group.values.keys().map(|name| names::fold(name)).collect();
    let as_asked = wanted == shown && shown.len() == group.values.len();
    (!as_asked).then(|| {
        let list = |names: &mut dyn Iterator<Item = &String>| {
            names.map(String::as_str).collect::<Vec<_>>().join(", ")
        };
        Failure::new(
            format!("values for {}", list(&mut requested.names().iter())),
            format!("values for {}", list(&mut group.values.keys())),
            AS_MADE,
        )
    })
}

fn unanswered(referent: &str, what: &str) -> Failure {
    Failure::new(
        what,
        "none",
        "ask the prover to answer it, or do not ask for it",
    )
    .about(referent)
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
/// What restricts nothing in effect only (`[{}]`, or a tag with the value null) does not count: it may be a
/// restriction of which something was lost.
pub(super) fn self_attested(read: &Read<'_>) -> Vec<Failure> {
    let attested = read.answer.requested_proof.self_attested_attrs.keys();
    let requested = read.case.presentation_request.get("requested_attributes");
    attested
        .filter_map(|referent| {
            let restriction = requested?.get(referent)?.get("restrictions")?;
            (!is_empty(restriction)).then(|| {
                Failure::new(
                    "an answer from a credential, as the request restricts it",
                    "one of the prover's own making",
                    "do not rely on it; to accept anybody's word, ask without `restrictions`",
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
