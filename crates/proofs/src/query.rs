//! One referent's rule.
//!
//! A credential answers a referent if it satisfies the referent's restriction *and* the holder's
//! own extra condition, if there is one, *and* has every attribute that the referent names.
//! (`And[restrictions, extra_query, marker(n) for each name n]`, in the terms of libindy, whose
//! credential search this is.) For a predicate, the attribute must satisfy it besides.

use crate::names;
use crate::request::{Interval, PredicateType, ProofRequest};
use crate::restriction::facts::{Decision, Facts};
use crate::restriction::{ClassTags, Partial, Prefilter, Restriction};
use crate::tags::Tags;
use crate::version::RequestVersion;

/// What a credential must satisfy to answer one referent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferentQuery {
    /// The attributes that the credential must have, folded: one, or a group's.
    pub names: Vec<String>,
    /// The referent's restriction.
    pub restriction: Option<Restriction>,
    /// The holder's extra condition. libindy takes its attribute tags literally; here they are
    /// folded, as in a restriction.
    pub extra: Option<Restriction>,
    /// For a predicate, the comparison that must be true of the first (the only) attribute.
    pub predicate: Option<Comparison>,
    /// When the credential must not have been revoked: the referent's own interval, or else the
    /// request's.
    pub interval: Option<Interval>,
}

/// A predicate without its attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// How the value compares with the bound.
    pub p_type: PredicateType,
    /// The bound.
    pub p_value: i32,
}

impl ProofRequest {
    /// Returns the rule of a referent, with the holder's extra condition; `None` if the request has
    /// no such referent.
    ///
    /// Where an attribute and a predicate share a referent, this is the attribute's rule.
    pub fn query(&self, referent: &str, extra: Option<Restriction>) -> Option<ReferentQuery> {
        let query = if let Some(requested) = self.requested_attributes.get(referent) {
            ReferentQuery {
                names: requested.names().iter().map(|name| names::fold(name)).collect(),
                restriction: requested.restriction().cloned(),
                extra,
                predicate: None,
                interval: requested.non_revoked.or(self.non_revoked),
            }
        } else {
            let requested = self.requested_predicates.get(referent)?;
            ReferentQuery {
                names: vec![names::fold(&requested.name)],
                restriction: requested.restriction().cloned(),
                extra,
                predicate: Some(Comparison {
                    p_type: requested.p_type,
                    p_value: requested.p_value,
                }),
                interval: requested.non_revoked.or(self.non_revoked),
            }
        };
        Some(query)
    }
}

impl ReferentQuery {
    /// Returns what to ask the store's index, before [`matches`](Self::matches) decides.
    pub fn prefilter(&self, version: RequestVersion) -> Prefilter {
        let conditions = [&self.restriction, &self.extra].into_iter().flatten();
        Prefilter::all(conditions.map(|condition| condition.prefilter(version)))
    }

    /// Returns whether a credential answers the referent, in a request of this version.
    ///
    /// `encoded` gives the value of an attribute (by its folded name) that predicates compare, as
    /// [`encoding::integer`] reads it. It is asked last, and only for a predicate.
    ///
    /// [`encoding::integer`]: crate::encoding::integer
    pub fn matches(
        &self,
        tags: &Tags,
        version: RequestVersion,
        encoded: impl Fn(&str) -> Option<i32>,
    ) -> bool {
        let has_attributes = self.names.iter().all(|name| tags.has_attribute(name));
        let satisfies = |condition: &Option<Restriction>| {
            condition.as_ref().is_none_or(|condition| condition.matches(tags, version))
        };
        has_attributes
            && satisfies(&self.restriction)
            && satisfies(&self.extra)
            && self.compares(encoded)
    }

    /// Decides the rule for a class, in a request of this version: the attributes that it names,
    /// the restriction and the extra condition.
    ///
    /// A predicate is not decided here. Credentials of a class for which this is
    /// [`Always`](Partial::Always) may still fail it.
    pub fn on_class(&self, class: &ClassTags, version: RequestVersion) -> Partial {
        if self.names.iter().any(|name| !class.has_attribute(name)) {
            return Partial::Never;
        }
        let conditions = || [&self.restriction, &self.extra].into_iter().flatten();
        match Decision::all(conditions().map(|condition| condition.decide(class, version))) {
            Decision::Always => Partial::Always,
            Decision::Never => Partial::Never,
            Decision::Depends => {
                Partial::all(conditions().map(|condition| condition.remainder(class, version)))
            }
        }
    }

    fn compares(&self, encoded: impl Fn(&str) -> Option<i32>) -> bool {
        let Some(Comparison { p_type, p_value }) = self.predicate else {
            return true;
        };
        let value = self.names.first().and_then(|name| encoded(name));
        value.is_some_and(|value| p_type.holds(value, p_value))
    }
}
