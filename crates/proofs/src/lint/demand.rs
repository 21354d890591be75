//! What a restriction demands of any credential.

use std::collections::{BTreeMap, BTreeSet};

use super::value;
use crate::encoding;
use crate::restriction::Restriction;
use crate::restriction::facts::{Decision, Facts, Known};
use crate::tags::{NO_REGISTRY, Tag};
use crate::version::RequestVersion;

/// Returns whether every credential that satisfies the restriction has, for some tag, one of the
/// values that the restriction lists, and all of those values are `decisive`.
fn settles(
    restriction: &Restriction,
    negated: bool,
    decisive: &impl Fn(&Tag, &str) -> bool,
) -> bool {
    let inner = |part: &Restriction| settles(part, negated, decisive);
    match restriction {
        Restriction::Not(part) => settles(part, !negated, decisive),
        // Not all: any not. Not any: all not.
        Restriction::And(parts) if negated => !parts.is_empty() && parts.iter().all(inner),
        Restriction::Or(parts) if !negated => !parts.is_empty() && parts.iter().all(inner),
        Restriction::And(parts) | Restriction::Or(parts) => parts.iter().any(inner),
        Restriction::Eq(tag, value) => !negated && decisive(tag, value),
        Restriction::Neq(tag, value) => negated && decisive(tag, value),
        Restriction::In(tag, values) => !negated && values.iter().all(|value| decisive(tag, value)),
    }
}

/// Returns whether only credentials of certain issuers satisfy the restriction.
pub(super) fn names_an_issuer(restriction: &Restriction) -> bool {
    settles(restriction, false, &|tag, value| match tag {
        Tag::IssuerDid | Tag::CredDefId => true,
        Tag::RevRegId => value != NO_REGISTRY,
        _ => false,
    })
}

/// Returns whether only credentials with a value that none has satisfy the restriction.
pub(super) fn wants_the_impossible(restriction: &Restriction) -> bool {
    settles(restriction, false, &|tag, value| {
        value::fault(tag, value).is_some_and(|fault| fault.is_error(tag))
    })
}

/// Returns whether only credentials on certain schemas satisfy the restriction, by what it says
/// about schemas.
pub(super) fn names_a_schema(restriction: &Restriction) -> bool {
    settles(restriction, false, &|tag, _| {
        matches!(tag, Tag::SchemaId | Tag::SchemaName | Tag::SchemaIssuerDid | Tag::SchemaVersion)
    })
}

/// Returns the attributes (folded) whose values are texts, and not integers, in every credential
/// that satisfies the restriction.
pub(super) fn demanded_texts(restriction: &Restriction) -> BTreeSet<&str> {
    let is_text = |value: &String| encoding::integer(&encoding::encode(value)).is_none();
    match restriction {
        Restriction::And(parts) => parts.iter().flat_map(demanded_texts).collect(),
        Restriction::Or(parts) => {
            let mut alternatives = parts.iter().map(demanded_texts);
            let first = alternatives.next().unwrap_or_default();
            alternatives.fold(first, |mut common, other| {
                common.retain(|name| other.contains(name));
                common
            })
        }
        Restriction::Eq(Tag::AttributeValue(name), value) if is_text(value) => {
            BTreeSet::from([name.as_str()])
        }
        Restriction::In(Tag::AttributeValue(name), values)
            if !values.is_empty() && values.iter().all(is_text) =>
        {
            BTreeSet::from([name.as_str()])
        }
        _ => BTreeSet::new(),
    }
}

/// Returns whether no credential at all satisfies the restriction.
pub(super) fn never_holds(restriction: &Restriction) -> bool {
    is_never(restriction, &Anything)
}

/// Returns whether the restriction cannot hold if only the values of these attributes are revealed.
pub(super) fn needs_another_value(
    restriction: &Restriction,
    revealed: &BTreeMap<String, &str>,
) -> bool {
    is_never(restriction, &OnlyRevealed(revealed))
}

fn is_never(restriction: &Restriction, facts: &impl Facts) -> bool {
    // Nothing is compared here, so the spelling of identifiers does not matter.
    restriction.decide(facts, RequestVersion::V2) == Decision::Never
}

/// A credential of which nothing is known.
struct Anything;

/// A credential that reveals the values of these attributes only, and of which nothing else is
/// known.
struct OnlyRevealed<'s>(&'s BTreeMap<String, &'s str>);

impl Facts for Anything {
    fn known(&self, _: &Tag) -> Known<'_> {
        Known::Unknown
    }

    fn has_attribute(&self, _: &str) -> bool {
        true
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Facts for OnlyRevealed<'_> {
    fn known(&self, tag: &Tag) -> Known<'_> {
        match tag {
            Tag::AttributeValue(name) if !self.0.contains_key(name) => Known::Absent,
            _ => Known::Unknown,
        }
    }

    fn has_attribute(&self, _: &str) -> bool {
        true
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn restriction(written: &Value) -> Restriction {
        Restriction::parse(written).unwrap().expect("a restriction")
    }

    #[test]
    fn an_issuer_is_named_if_every_way_to_hold_names_one() {
        for (written, expected) in [
            (json!({"issuer_did": "a"}), true),
            (json!({"cred_def_id": {"$in": ["a", "b"]}}), true),
            (json!({"rev_reg_id": "a"}), true),
            (json!({"rev_reg_id": "None"}), false),
            (json!({"schema_id": "a"}), false),
            (json!({"schema_issuer_did": "a"}), false),
            (json!({"schema_id": "a", "issuer_did": "b"}), true),
            (json!([{"schema_id": "a"}, {"issuer_did": "b"}]), false),
            (json!([{"cred_def_id": "a"}, {"issuer_did": "b"}]), true),
            (json!({"issuer_did": {"$neq": "a"}}), false),
            (json!({"$not": {"issuer_did": "a"}}), false),
            (json!({"$not": {"issuer_did": {"$neq": "a"}}}), true),
            (json!({"$not": {"issuer_did": {"$neq": "a"}, "schema_name": "b"}}), false),
            (json!({"$not": {"$or": [{"issuer_did": {"$neq": "a"}}, {"schema_name": "b"}]}}), true),
        ] {
            assert_eq!(names_an_issuer(&restriction(&written)), expected, "{written}");
        }
    }

    #[test]
    fn a_text_is_demanded_if_every_way_to_hold_demands_one() {
        for (written, expected) in [
            (json!({"attr::Age::value": "adult"}), vec!["age"]),
            (json!({"attr::age::value": "28"}), vec![]),
            (json!({"attr::age::value": {"$in": ["a", "b"]}}), vec!["age"]),
            (json!({"attr::age::value": {"$in": ["a", "1"]}}), vec![]),
            (json!({"attr::age::value": {"$neq": "adult"}}), vec![]),
            (json!({"$not": {"attr::age::value": "adult"}}), vec![]),
            (json!({"attr::age::value": "a", "attr::sex::value": "b"}), vec!["age", "sex"]),
            (
                json!([{"attr::age::value": "a", "attr::sex::value": "b"}, {"attr::sex::value": "c"}]),
                vec!["sex"],
            ),
        ] {
            let restriction = restriction(&written);
            let demanded: Vec<_> = demanded_texts(&restriction).into_iter().collect();
            assert_eq!(demanded, expected, "{written}");
        }
    }

    #[test]
    fn a_value_is_needed_if_every_way_to_hold_needs_it() {
        let shown = BTreeMap::from([("sex".to_owned(), "referent")]);
        for (written, expected) in [
            (json!({"attr::age::value": "28"}), true),
            (json!({"attr::sex::value": "male"}), false),
            (json!([{"attr::age::value": "28"}, {"issuer_did": "a"}]), false),
            (json!({"attr::age::value": "28", "issuer_did": "a"}), true),
            (json!({"$not": {"attr::age::value": "28"}}), false),
        ] {
            let restriction = restriction(&written);
            assert_eq!(needs_another_value(&restriction, &shown), expected, "{written}");
        }
    }
}
