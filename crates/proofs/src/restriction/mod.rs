//! What a verifier demands of the credential that answers a referent.
//!
//! Restrictions are written in WQL, the wallet query language: JSON in which a member `tag: value`
//! is an equality, and operators begin with a dollar sign.
//!
//! | JSON | meaning |
//! |---|---|
//! | `{"a": "1", "b": "2"}` | all of the members |
//! | `[{"a": "1"}, {"b": "2"}]` | any of the elements |
//! | `{"$and": […]}`, `{"$or": […]}`, `{"$not": {…}}` | all, any, not |
//! | `{"a": {"$neq": "1"}}` | the credential carries the tag `a`, with another value |
//! | `{"a": {"$in": ["1", "2"]}}` | any of the values |
//! | `null`, `{}`, `[]` | no restriction; likewise within a restriction, where it is dropped |
//!
//! [`Restriction::parse`] reads this, [`Restriction::matches`] evaluates it against a credential's
//! tags, and [`Restriction::prefilter`] says what an index may be asked. [`Restriction::on_class`]
//! decides it for all credentials of one credential definition at once, as far as that goes. The
//! rules are libindy's, which every agent has followed since.

mod class;
pub(crate) mod facts;
mod parse;
mod prefilter;
mod twins;
mod written;

pub use class::{ClassTags, Partial};
pub(crate) use parse::parse_comparison;
pub use prefilter::Prefilter;
pub use written::WrittenRestriction;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::tags::{Tag, Tags};
use crate::version::RequestVersion;

/// A parsed restriction.
///
/// The parser yields no group of fewer than two members: for one, it yields the member; for none,
/// no restriction. An empty group made by hand restricts nothing, be it `And` or `Or`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// All of these hold.
    And(Vec<Restriction>),
    /// Any of these holds.
    Or(Vec<Restriction>),
    /// This does not hold.
    Not(Box<Restriction>),
    /// The credential carries the tag with this value.
    Eq(Tag, String),
    /// The credential carries the tag, with another value. A credential without the tag does not
    /// satisfy this; it does satisfy `Not(Eq)`.
    Neq(Tag, String),
    /// The credential carries the tag with one of these values.
    In(Tag, Vec<String>),
}

impl Restriction {
    /// Returns whether a credential satisfies the restriction, in a request of this version.
    ///
    /// Values compare exactly, except that in version 1.0 an identifier also equals its other form:
    /// see [`Tag::spellings`].
    pub fn matches(&self, tags: &Tags, version: RequestVersion) -> bool {
        let is = |tag: &Tag, value: &String| {
            tags.get(tag).is_some_and(|carried| tag.means(value, carried, version))
        };
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(tags, version)),
            Self::Or(parts) => {
                parts.is_empty() || parts.iter().any(|part| part.matches(tags, version))
            }
            Self::Not(part) => !part.matches(tags, version),
            Self::Eq(tag, value) => is(tag, value),
            Self::Neq(tag, value) => tags.get(tag).is_some() && !is(tag, value),
            Self::In(tag, values) => values.iter().any(|value| is(tag, value)),
        }
    }

    /// Counts the operators and values: how much there is to decide.
    pub fn terms(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => 1 + parts.iter().map(Self::terms).sum::<usize>(),
            Self::Not(part) => 1 + part.terms(),
            Self::Eq(..) | Self::Neq(..) => 1,
            Self::In(_, values) => 1 + values.len(),
        }
    }

    /// Writes the restriction in a canonical form: one member an object, groups as `$and` and
    /// `$or`, attribute names folded.
    ///
    /// Reading it again gives the same restriction. It is for showing and comparing; what goes to a
    /// library or over the wire is what the author wrote ([`WrittenRestriction`]), for libraries
    /// differ in whether they fold the names within tags.
    pub fn to_json(&self) -> Value {
        let list = |parts: &[Self]| parts.iter().map(Self::to_json).collect::<Vec<_>>();
        match self {
            Self::And(parts) => json!({"$and": list(parts)}),
            Self::Or(parts) => json!({"$or": list(parts)}),
            Self::Not(part) => json!({"$not": part.to_json()}),
            Self::Eq(tag, value) => json!({tag.to_string(): value}),
            Self::Neq(tag, value) => json!({tag.to_string(): {"$neq": value}}),
            Self::In(tag, values) => json!({tag.to_string(): {"$in": values}}),
        }
    }
}

impl Serialize for Restriction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RequestVersion::{V1, V2};

    const SHORT_DID: &str = "NcYxiDXkpYi6ov5FcYDi1e";
    const LONG_DID: &str = "did:sov:NcYxiDXkpYi6ov5FcYDi1e";

    fn alex() -> Tags {
        Tags::from_iter([
            ("schema_name", "gvt"),
            ("schema_version", "1.0"),
            ("issuer_did", SHORT_DID),
            ("rev_reg_id", "None"),
            ("attr::First Name::marker", "1"),
            ("attr::First Name::value", "Alex"),
        ])
    }

    fn holds(json: Value) -> bool {
        let restriction = Restriction::parse(&json).unwrap().expect("a restriction");
        restriction.matches(&alex(), V2)
    }

    #[test]
    fn an_equality_holds_for_exactly_the_value() {
        assert!(holds(json!({"schema_name": "gvt"})));
        assert!(!holds(json!({"schema_name": "GVT"})));
        assert!(!holds(json!({"schema_id": "gvt"})));
        assert!(holds(json!({"rev_reg_id": "None"})));
    }

    #[test]
    fn an_inequality_needs_the_tag_and_another_value() {
        assert!(holds(json!({"schema_name": {"$neq": "other"}})));
        assert!(!holds(json!({"schema_name": {"$neq": "gvt"}})));
        assert!(!holds(json!({"schema_id": {"$neq": "other"}})), "the tag is absent");
    }

    #[test]
    fn not_is_plain_negation_even_of_an_absent_tag() {
        assert!(!holds(json!({"$not": {"schema_name": "gvt"}})));
        assert!(holds(json!({"$not": {"schema_name": "other"}})));
        assert!(holds(json!({"$not": {"schema_id": "other"}})), "the tag is absent");
        assert!(holds(json!({"$not": {"$not": {"schema_name": "gvt"}}})));
    }

    #[test]
    fn in_holds_for_any_of_its_values_and_never_without_values() {
        assert!(holds(json!({"schema_name": {"$in": ["a", "gvt"]}})));
        assert!(!holds(json!({"schema_name": {"$in": ["a", "b"]}})));
        assert!(!holds(json!({"schema_name": {"$in": []}})));
        assert!(holds(json!({"$not": {"schema_name": {"$in": []}}})));
    }

    #[test]
    fn and_takes_all_and_or_takes_any() {
        let (yes, no) = (json!({"schema_name": "gvt"}), json!({"schema_version": "2.0"}));
        assert!(holds(json!({"$and": [yes, yes]})));
        assert!(!holds(json!({"$and": [yes, no]})));
        assert!(holds(json!({"$or": [no, yes]})));
        assert!(!holds(json!({"$or": [no, no]})));
        assert!(holds(json!([no, yes])), "a list is `$or`");
        assert!(
            !holds(json!({"schema_name": "gvt", "schema_version": "2.0"})),
            "members of an object are `$and`"
        );
    }

    #[test]
    fn operators_nest() {
        assert!(holds(json!({
            "$or": [
                {"schema_name": "other"},
                {"$and": [
                    {"$not": {"$or": [{"schema_version": "2.0"}, {"schema_version": "3.0"}]}},
                    {"attr::firstname::value": {"$in": ["Alex", "Alexandra"]}},
                ]},
            ],
        })));
    }

    #[test]
    fn attribute_names_in_tags_are_folded_and_values_are_not() {
        assert!(holds(json!({"attr::FIRST NAME::value": "Alex"})));
        assert!(!holds(json!({"attr::FIRST NAME::value": "alex"})));
        assert!(holds(json!({"attr::First Name::marker": "1"})));
        assert!(holds(json!({"attr::First Name::value": {"$neq": "alex"}})));
        assert!(holds(json!({"$not": {"attr::First Name::value": {"$in": ["alex"]}}})));
    }

    #[test]
    fn an_unknown_tag_equals_nothing() {
        assert!(!holds(json!({"colour": "red"})));
        assert!(!holds(json!({"colour": {"$neq": "red"}})));
    }

    /// Short and long forms of a value of each tag that holds an identifier.
    const TWINS: [(&str, &str, &str); 5] = [
        ("issuer_did", SHORT_DID, LONG_DID),
        ("schema_issuer_did", SHORT_DID, LONG_DID),
        ("schema_id", "abc:2:gvt:1.0", "schema:sov:did:sov:abc:2:gvt:1.0"),
        ("cred_def_id", "abc:3:CL:12:T", "creddef:sov:did:sov:abc:3:CL:12:T"),
        (
            "rev_reg_id",
            "abc:4:abc:3:CL:12:T:CL_ACCUM:R",
            "revreg:sov:did:sov:abc:4:creddef:sov:did:sov:abc:3:CL:12:T:CL_ACCUM:R",
        ),
    ];

    #[test]
    fn version_one_takes_either_form_of_an_identifier() {
        for (tag, short, long) in TWINS {
            for (asked, carried) in [(short, long), (long, short), (short, short), (long, long)] {
                let tags = Tags::from_iter([(tag, carried)]);
                let holds = |json: Value| {
                    Restriction::parse(&json).unwrap().expect("a restriction").matches(&tags, V1)
                };
                assert!(holds(json!({tag: asked})), "{asked} and {carried}");
                assert!(holds(json!({tag: {"$in": ["x", asked]}})));
                assert!(!holds(json!({tag: {"$neq": asked}})));
                assert!(!holds(json!({"$not": {tag: asked}})));
            }
        }
    }

    #[test]
    fn version_two_takes_an_identifier_literally() {
        for (tag, short, long) in TWINS {
            for (asked, carried) in [(short, long), (long, short)] {
                let tags = Tags::from_iter([(tag, carried)]);
                let holds = |json: Value| {
                    Restriction::parse(&json).unwrap().expect("a restriction").matches(&tags, V2)
                };
                assert!(!holds(json!({tag: asked})));
                assert!(holds(json!({tag: {"$neq": asked}})));
                assert!(holds(json!({tag: carried})));
            }
        }
    }

    #[test]
    fn an_empty_group_made_by_hand_restricts_nothing() {
        for empty in [Restriction::And(vec![]), Restriction::Or(vec![])] {
            assert!(empty.matches(&Tags::default(), V2));
            assert_eq!(empty.prefilter(V2), Prefilter::Everything);
            assert_eq!(Restriction::parse(&empty.to_json()), Ok(None));
        }
    }

    #[test]
    fn the_canonical_form_shows_every_operator() {
        let written = json!([
            {"schema_name": "gvt", "issuer_did": {"$neq": "x"}},
            {"$not": {"attr::First Name::value": {"$in": ["Alex"]}}},
        ]);
        let canonical = json!({"$or": [
            {"$and": [{"issuer_did": {"$neq": "x"}}, {"schema_name": "gvt"}]},
            {"$not": {"attr::firstname::value": {"$in": ["Alex"]}}},
        ]});
        let restriction = Restriction::parse(&written).unwrap().expect("a restriction");
        assert_eq!(serde_json::to_value(&restriction).unwrap(), canonical);
    }
}
