//! What to ask an index, before the restriction itself decides.

use super::Restriction;
use crate::tags::{Tag, Tags};
use crate::version::RequestVersion;

/// A condition on tags that holds for every credential that the restriction accepts, and perhaps
/// for others.
///
/// It consists of equalities that few credentials satisfy. A store that is asked for it, and whose
/// answers then go through [`Restriction::matches`], misses nothing and reads little.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prefilter {
    /// Holds for every credential: the index cannot help.
    Everything,
    /// The credential carries the tag with this value.
    Eq(Tag, String),
    /// All of these hold. At least two; none is `Everything`, `Nothing` or itself `All`.
    All(Vec<Prefilter>),
    /// Any of these holds. At least two; none is `Everything`, `Nothing` or itself `AnyOf`.
    AnyOf(Vec<Prefilter>),
    /// Holds for no credential: there is no need to ask.
    Nothing,
}

impl Restriction {
    /// Returns the prefilter of the restriction, in a request of this version.
    ///
    /// Negations, and equalities with an attribute's marker (which most credentials would satisfy),
    /// contribute nothing. In version 1.0 an equality with an identifier asks for each of its
    /// [spellings](Tag::spellings).
    pub fn prefilter(&self, version: RequestVersion) -> Prefilter {
        match self {
            Self::And(parts) => Prefilter::all(parts.iter().map(|part| part.prefilter(version))),
            Self::Or(parts) if parts.is_empty() => Prefilter::Everything,
            Self::Or(parts) => Prefilter::any_of(parts.iter().map(|part| part.prefilter(version))),
            Self::Not(_) | Self::Neq(..) => Prefilter::Everything,
            Self::Eq(tag, value) => equals_any(tag, std::slice::from_ref(value), version),
            Self::In(tag, values) => equals_any(tag, values, version),
        }
    }
}

fn equals_any(tag: &Tag, values: &[String], version: RequestVersion) -> Prefilter {
    if matches!(tag, Tag::AttributeMarker(_)) {
        return Prefilter::Everything;
    }
    let spellings = values.iter().flat_map(|value| tag.spellings(value, version));
    Prefilter::any_of(spellings.map(|spelling| Prefilter::Eq(tag.clone(), spelling)))
}

/// Equalities that hold together.
type Conjunction = Vec<(Tag, String)>;

/// Combines each alternative of one part with each alternative of the others.
fn alternatives_of_all(parts: &[Prefilter], limit: usize) -> Option<Vec<Conjunction>> {
    let mut parts: Vec<_> = parts.iter().filter_map(|part| part.alternatives(limit)).collect();
    parts.sort_by_key(Vec::len);
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    let together = parts.fold(first, |chosen, part| {
        if chosen.len().saturating_mul(part.len()) > limit {
            return chosen;
        }
        let pairs = chosen.iter().flat_map(|left| part.iter().map(move |right| (left, right)));
        pairs.filter_map(|(left, right)| both(left, right)).collect()
    });
    Some(together)
}

/// Joins two conjunctions; `None` if they demand different values of one tag.
fn both(left: &Conjunction, right: &Conjunction) -> Option<Conjunction> {
    let mut both = left.clone();
    for (tag, value) in right {
        match left.iter().find(|(other, _)| other == tag) {
            None => both.push((tag.clone(), value.clone())),
            Some((_, same)) if same == value => {}
            Some(_) => return None,
        }
    }
    Some(both)
}

/// Returns the alternatives of all parts. If they are too many, each part that can be widened gets
/// an equal share of the limit.
fn alternatives_of_any(parts: &[Prefilter], limit: usize) -> Option<Vec<Conjunction>> {
    let groups =
        parts.iter().filter(|part| matches!(part, Prefilter::All(_) | Prefilter::AnyOf(_))).count();
    let for_groups = limit.checked_sub(parts.len() - groups)?;
    // `None` if a part alone has too many; `Some(None)` if only the sum is too large
    let within = |share: usize| -> Option<Option<Vec<Conjunction>>> {
        let mut alternatives = Vec::new();
        for part in parts {
            let share = match part {
                Prefilter::Eq(..) => 1,
                _ => share,
            };
            alternatives.extend(part.alternatives(share)?);
            if alternatives.len() > limit {
                return Some(None);
            }
        }
        Some(Some(alternatives))
    };
    // A part that has too many for the whole limit has too many for a share, too.
    within(for_groups)?.or_else(|| within(for_groups.checked_div(groups)?)?)
}

impl Prefilter {
    /// Returns what holds when all of `parts` hold, in the simplest form.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Everything => {}
                Self::Nothing => return Self::Nothing,
                Self::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Everything,
            1 => kept.swap_remove(0),
            _ => Self::All(kept),
        }
    }

    /// Returns what holds when any of `parts` holds, in the simplest form.
    pub fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Nothing => {}
                Self::Everything => return Self::Everything,
                Self::AnyOf(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Nothing,
            1 => kept.swap_remove(0),
            _ => Self::AnyOf(kept),
        }
    }

    /// Returns the prefilter as alternatives, each a list of equalities that hold together, for a
    /// store that answers one list at a time.
    ///
    /// Every credential that the prefilter accepts satisfies one of the alternatives. There are at
    /// most `limit` of them: where there would be more, parts of an [`All`](Self::All) are left
    /// out, those with the most alternatives first, so that more credentials satisfy the rest.
    /// `None` if nothing remains to be asked, because every credential may do; an empty list if
    /// none can.
    pub fn conjunctions(self, limit: usize) -> Option<Vec<Vec<(Tag, String)>>> {
        self.alternatives(limit)
    }

    fn alternatives(&self, limit: usize) -> Option<Vec<Conjunction>> {
        match self {
            Self::Everything => None,
            Self::Nothing => Some(Vec::new()),
            Self::Eq(..) if limit == 0 => None,
            Self::Eq(tag, value) => Some(vec![vec![(tag.clone(), value.clone())]]),
            Self::All(parts) => alternatives_of_all(parts, limit),
            Self::AnyOf(parts) => alternatives_of_any(parts, limit),
        }
    }

    /// Returns whether a credential satisfies the prefilter.
    pub fn accepts(&self, tags: &Tags) -> bool {
        match self {
            Self::Everything => true,
            Self::Eq(tag, value) => tags.get(tag) == Some(value.as_str()),
            Self::All(parts) => parts.iter().all(|part| part.accepts(tags)),
            Self::AnyOf(parts) => parts.iter().any(|part| part.accepts(tags)),
            Self::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use RequestVersion::{V1, V2};
    use serde_json::{Value, json};

    use super::*;

    fn prefilter(json: Value, version: RequestVersion) -> Prefilter {
        Restriction::parse(&json).unwrap().expect("a restriction").prefilter(version)
    }

    fn eq(tag: &str, value: &str) -> Prefilter {
        Prefilter::Eq(Tag::parse(tag), value.to_owned())
    }

    #[test]
    fn equalities_are_in_the_prefilter() {
        assert_eq!(prefilter(json!({"schema_name": "gvt"}), V1), eq("schema_name", "gvt"));
        assert_eq!(
            prefilter(json!({"attr::Name::value": "Alex", "schema_name": "gvt"}), V1),
            Prefilter::All(vec![eq("attr::name::value", "Alex"), eq("schema_name", "gvt")])
        );
    }

    #[test]
    fn an_alternative_is_in_the_prefilter_whole_or_not_at_all() {
        assert_eq!(
            prefilter(
                json!([{"schema_name": "a"}, {"$or": [{"schema_name": "b"}, {"schema_id": "c"}]}]),
                V2
            ),
            Prefilter::AnyOf(vec![
                eq("schema_name", "a"),
                eq("schema_name", "b"),
                eq("schema_id", "c")
            ])
        );
        assert_eq!(
            prefilter(json!([{"schema_name": "a"}, {"schema_name": {"$neq": "b"}}]), V2),
            Prefilter::Everything
        );
    }

    #[test]
    fn in_becomes_an_equality_for_each_value() {
        let two = prefilter(json!({"schema_name": {"$in": ["a", "b"]}}), V1);
        assert_eq!(two, Prefilter::AnyOf(vec![eq("schema_name", "a"), eq("schema_name", "b")]));
        assert_eq!(prefilter(json!({"schema_name": {"$in": ["a"]}}), V1), eq("schema_name", "a"));
        assert_eq!(
            prefilter(json!({"schema_name": {"$in": []}, "schema_id": "c"}), V1),
            Prefilter::Nothing
        );
    }

    #[test]
    fn negations_and_markers_are_left_to_the_restriction() {
        for json in [
            json!({"$not": {"schema_name": "a"}}),
            json!({"schema_name": {"$neq": "a"}}),
            json!({"attr::name::marker": "1"}),
            json!({"attr::name::marker": {"$in": ["1"]}}),
        ] {
            assert_eq!(prefilter(json, V1), Prefilter::Everything);
        }
        assert_eq!(
            prefilter(json!({"attr::name::marker": "1", "schema_name": "a"}), V1),
            eq("schema_name", "a")
        );
    }

    #[test]
    fn version_1_has_both_forms_of_an_identifier_in_the_prefilter() {
        let twins =
            Prefilter::AnyOf(vec![eq("issuer_did", "abc"), eq("issuer_did", "did:sov:abc")]);
        assert_eq!(prefilter(json!({"issuer_did": "abc"}), V1), twins);
        assert_eq!(prefilter(json!({"issuer_did": "abc"}), V2), eq("issuer_did", "abc"));
    }

    fn any_of_ten(tag: &str) -> Prefilter {
        Prefilter::any_of((0..10).map(|value| eq(tag, &value.to_string())))
    }

    #[test]
    fn conjunctions_over_the_limit_leave_out_the_largest_part() {
        let two = || Prefilter::any_of([eq("schema_name", "a"), eq("schema_name", "b")]);
        let all = Prefilter::all([any_of_ten("issuer_did"), eq("schema_id", "c"), two()]);
        let count = |limit| all.clone().conjunctions(limit).map(|lists| lists.len());
        assert_eq!(count(20), Some(20));
        assert_eq!(count(19), Some(2), "without the ten issuers");
        assert_eq!(count(1), Some(1), "the schema's identifier alone");
        assert_eq!(count(0), None);
    }

    #[test]
    fn alternatives_share_the_limit() {
        let three = ["schema_id", "schema_name", "schema_version"]
            .map(|tag| Prefilter::all([any_of_ten("issuer_did"), eq(tag, "x")]));
        let any = Prefilter::any_of(three.into_iter().chain([eq("cred_def_id", "y")]));
        let count = |limit| any.clone().conjunctions(limit).map(|lists| lists.len());
        assert_eq!(count(31), Some(31));
        assert_eq!(count(30), Some(4));
        assert_eq!(count(4), Some(4));
        assert_eq!(count(3), None);
    }

    #[test]
    fn conjunctions_that_demand_two_values_of_one_tag_are_left_out() {
        let two =
            |values: [&str; 2]| Prefilter::any_of(values.map(|value| eq("schema_name", value)));
        let both = Prefilter::all([two(["a", "b"]), two(["b", "c"])]);
        assert_eq!(both.conjunctions(4), Some(vec![vec![(Tag::SchemaName, "b".to_owned())]]));
        let contradiction = Prefilter::all([eq("schema_name", "a"), eq("schema_name", "b")]);
        assert_eq!(contradiction.conjunctions(4), Some(vec![]));
    }

    #[test]
    fn conjunctions_of_everything_and_of_nothing() {
        assert_eq!(Prefilter::Everything.conjunctions(9), None);
        assert_eq!(Prefilter::Nothing.conjunctions(0), Some(vec![]));
        assert_eq!(
            eq("schema_name", "gvt").conjunctions(1),
            Some(vec![vec![(Tag::SchemaName, "gvt".to_owned())]])
        );
    }
}
