//! `referents` and `self-attested`: whether the presentation answers this request, referent by
//! referent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use verdict::{Caution, Failure, Found};

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
            // hidden, a group would not be bound to one credential by every reader
            AttributeNames::Group(_) => self == Self::Group,
        }
    }
}

/// `referents`: each is answered once, as it was asked, and nothing else is.
pub(super) fn referents(parsed: &ParsedCase<'_>) -> Found {
    let mut failures = attributes(parsed);
    let requested = &parsed.request.requested_predicates;
    let proved = &parsed.presentation.requested_proof.predicates;
    let missing = requested.keys().filter(|referent| !proved.contains_key(*referent));
    failures.extend(missing.map(|referent| unanswered(referent, "a proof of the predicate")));
    let surplus = proved.keys().filter(|referent| !requested.contains_key(*referent));
    failures.extend(surplus.map(|referent| unasked(referent, "predicates")));
    failures.extend(of_one_credential(parsed));
    let unrevealed = unrevealed(parsed);
    if parsed.policy.require_revealed {
        let failed = unrevealed.iter().map(|(referent, names)| {
            Failure::new(
                format!("the value of {names}, as the policy requires"),
                "it is held, but not shown",
                "ask the prover to reveal it, or do not require it",
            )
            .about(*referent)
        });
        failures.extend(failed);
    }
    let cautions = unrevealed.iter().map(|(referent, names)| {
        Caution::new(
            "unrevealed",
            referent,
            format!("{names} is held, but its value was not shown"),
            "a prover may hold back what is asked for, unless the policy requires that it is revealed",
        )
    });
    Found { cautions: cautions.collect(), failures, ..Found::default() }
}

/// Returns the referents whose values are held and not shown, with the names of the attributes.
fn unrevealed<'r>(parsed: &'r ParsedCase<'_>) -> Vec<(&'r str, String)> {
    let unrevealed = parsed.presentation.requested_proof.unrevealed_attrs.keys();
    unrevealed
        .filter_map(|referent| {
            let requested = parsed.request.requested_attributes.get(referent)?;
            Some((referent.as_str(), requested.names().join(", ")))
        })
        .collect()
}

/// Reports referents that are answered from several credentials where the policy wants one.
fn of_one_credential(parsed: &ParsedCase<'_>) -> Vec<Failure> {
    let mut sub_proofs: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (referent, _, index) in parsed.presentation.answers() {
        sub_proofs.entry(referent).or_default().insert(index);
    }
    let mut failures = Vec::new();
    for group in &parsed.policy.same_credential {
        let mut first: Option<(&str, usize)> = None;
        for referent in group {
            let Some(indices) = sub_proofs.get(referent.as_str()) else {
                let request = &parsed.request;
                let is_requested = request.requested_attributes.contains_key(referent)
                    || request.requested_predicates.contains_key(referent);
                let (got, remedy) = match is_requested {
                    true => (
                        "no answer from a credential",
                        "ask for it with `restrictions`, or take it out of the policy's group",
                    ),
                    false => (
                        "no such referent in the request",
                        "correct the policy's group, or ask for it",
                    ),
                };
                let expected = format!("one credential for {}", group.join(", "));
                failures.push(Failure::new(expected, got, remedy).about(referent));
                continue;
            };
            for &index in indices {
                match first {
                    None => first = Some((referent, index)),
                    Some((other, of_other)) if of_other != index => failures.push(
                        Failure::new(
                            format!("one credential for {}", group.join(", ")),
                            format!("sub-proof {index}, and sub-proof {of_other} for {other}"),
                            "ask for the attributes as one group (`names`), or ask again",
                        )
                        .about(referent),
                    ),
                    Some(_) => {}
                }
            }
        }
    }
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
                let remedy = match member {
                    AnswerMember::Unrevealed => {
                        "ask the prover to show the group, or ask for its attributes one by one"
                    }
                    _ => ASK_FOR_ORIGINAL,
                };
                let failure = Failure::new(
                    format!(
                        "the answer to {}",
                        if group { "a group (`names`)" } else { "one attribute (`name`)" }
                    ),
                    format!("one in `{}`", member.name()),
                    remedy,
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
/// What restricts nothing only in effect (`[{}]`, or a tag with the value null) counts as a
/// restriction: it may have lost what it was to say.
pub(super) fn self_attested(parsed: &ParsedCase<'_>) -> Found {
    let attested = &parsed.presentation.requested_proof.self_attested_attrs;
    let written = parsed.case.presentation_request.get("requested_attributes");
    let is_restricted = |referent: &String| {
        let restriction = written.and_then(|all| all.get(referent)?.get("restrictions"));
        restriction.is_some_and(|restriction| !is_empty(restriction))
    };
    let restricted = attested.keys().filter(|referent| is_restricted(referent));
    let failures = restricted.map(|referent| {
        Failure::new(
            "an answer from a credential, as the request restricts it",
            "one of the prover's own making",
            "do not rely on it; to accept anyone's word, ask without `restrictions`",
        )
        .about(referent)
    });
    let cautions = attested.keys().map(|referent| {
        Caution::new(
            "self-attested",
            referent,
            "the value is what the prover says",
            "no issuer has signed it, as the request puts no restriction on the attribute",
        )
    });
    Found { failures: failures.collect(), cautions: cautions.collect(), ..Found::default() }
}

fn is_empty(restriction: &Value) -> bool {
    match restriction {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
