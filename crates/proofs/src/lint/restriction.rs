//! What a referent demands of the credential.
//!
//! The restriction is walked as it was written, by the rules of [`Restriction::parse`], to find all
//! that is wrong with it. If it can be read, the linter then looks at how much it demands.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use stdx::text::Quoted;

use super::context::Context;
use super::demand::{names_an_issuer, needs_another_value, never_holds, wants_the_impossible};
use super::finding::{Details, Reporter, Severity};
use super::known_names::KnownNames;
use super::location::Location;
use super::members::get;
use super::rule::Rule;
use super::{operators, value};
use crate::error::{Fault, describe};
use crate::identifiers::{author, to_unqualified};
use crate::limits::MAX_RESTRICTION_DEPTH;
use crate::nearest::nearest;
use crate::restriction::{Restriction, parse_comparison};
use crate::tags::{NO_REGISTRY, Tag};
use crate::version::RequestVersion;

/// Checks the restriction of a referent that asks for the attributes `own` (folded) to be revealed.
pub(super) fn check(
    requested: &Map<String, Value>,
    location: &Location<'_>,
    own: &BTreeSet<String>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    let written = get(requested, "restrictions");
    let here = location.member("restrictions");
    let parsed = written.map_or(Ok(None), Restriction::parse);
    let meaning = parsed.as_ref().ok().and_then(Option::as_ref);
    if let Some(written) = written {
        let needs_value =
            meaning.is_some_and(|meaning| needs_another_value(meaning, &context.revealed));
        let mut walk = Walk {
            context,
            known_names: KnownNames::new(context, meaning),
            own,
            needs_value,
            // What cannot be read has no better alternatives that are known.
            wants_the_impossible: meaning.is_none_or(wants_the_impossible),
            reported_values: BTreeSet::new(),
            is_sound: true,
            reporter,
        };
        walk.whole(written, &here);
        if !walk.is_sound {
            return;
        }
        // The walk looks at one member at a time.
        if let Err(error) = &parsed {
            return reporter.refused_at(error, &here);
        }
    }
    strength(meaning, &here, reporter);
}

/// Checks how much a restriction demands that can be read.
fn strength(meaning: Option<&Restriction>, location: &Location<'_>, reporter: &mut Reporter) {
    const REMEDY: &str = "name an issuer whom you trust: `issuer_did`, or `cred_def_id`";
    match meaning {
        None => {
            reporter.warn(Rule::NoRestriction, location, || Details::new("no restriction", REMEDY))
        }
        Some(meaning) if never_holds(meaning) => {
            reporter.error(Rule::NeverHolds, location, || {
                Details::new(
                    "a restriction that no credential satisfies",
                    "list the values that would do; an `$in` of no values holds for none",
                )
            });
        }
        Some(meaning) if !names_an_issuer(meaning) => {
            reporter.warn(Rule::AnyIssuer, location, || {
                Details::new("a restriction that credentials of any issuer satisfy", REMEDY)
            });
        }
        Some(_) => {}
    }
}

/// One walk through a restriction.
struct Walk<'w, 'r> {
    context: &'w Context<'r>,
    known_names: KnownNames<'w>,
    own: &'w BTreeSet<String>,
    /// Whether the restriction cannot hold without the value of an attribute that is not asked for.
    needs_value: bool,
    /// Whether the restriction cannot hold because of values that no credential has.
    wants_the_impossible: bool,
    /// The attributes whose hidden values have been reported.
    reported_values: BTreeSet<String>,
    /// Whether the restriction can be read and its tags are known, so that its meaning can be
    /// checked.
    is_sound: bool,
    reporter: &'w mut Reporter,
}

impl Walk<'_, '_> {
    fn whole(&mut self, written: &Value, location: &Location<'_>) {
        match written {
            Value::Object(members) => self.object(members, location, 1, false),
            Value::Array(_) => self.list("$or", written, location, 1, false),
            other => {
                self.wrong_type(location, "a restriction: an object or a list of objects", other)
            }
        }
    }

    /// Walks an object; `negated` says whether it is the operand of a `$not`.
    fn object(
        &mut self,
        members: &Map<String, Value>,
        location: &Location<'_>,
        depth: usize,
        negated: bool,
    ) {
        if depth > MAX_RESTRICTION_DEPTH {
            self.is_sound = false;
            return self.reporter.error(Rule::RestrictionTooDeep, location, || {
                Details::new(
                    format!("more than {MAX_RESTRICTION_DEPTH} nested objects"),
                    Fault::TooDeep.advice(),
                )
            });
        }
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let location = location.member(key);
            // What would be written instead of the whole object would lack its other members.
            let negated = negated && members.len() == 1;
            match key.as_str() {
                "$and" | "$or" => self.list(key, value, &location, depth, negated),
                "$not" => match value {
                    Value::Object(members) => self.object(members, &location, depth + 1, true),
                    other => self.not_joined(key, other, &location, negated),
                },
                operator if operator.starts_with('$') => {
                    let spelling = operators::before_tag(operator, value, negated);
                    self.operator(operator, spelling, &location);
                }
                tag => self.comparison(tag, value, &location),
            }
        }
    }

    fn list(
        &mut self,
        operator: &str,
        value: &Value,
        location: &Location<'_>,
        depth: usize,
        negated: bool,
    ) {
        let Value::Array(items) = value else {
            return self.not_joined(operator, value, location, negated);
        };
        for (index, item) in items.iter().enumerate() {
            let location = location.element(index);
            match item {
                Value::Null => {}
                Value::Object(members) => self.object(members, &location, depth + 1, false),
                other => self.wrong_type(&location, "an object", other),
            }
        }
    }

    /// Reports what `$and`, `$or` and `$not` do not take.
    fn not_joined(
        &mut self,
        operator: &str,
        operand: &Value,
        location: &Location<'_>,
        negated: bool,
    ) {
        let expected = if operator == "$not" { "an object" } else { "a list of objects" };
        self.wrong_operand(
            location,
            expected,
            operand,
            operators::before_tag(operator, operand, negated),
        );
    }

    fn wrong_type(&mut self, location: &Location<'_>, expected: &str, got: &Value) {
        self.wrong_operand(location, expected, got, None);
    }

    /// Reports a value of another type; `spelling` is how what was probably meant is written.
    fn wrong_operand(
        &mut self,
        location: &Location<'_>,
        expected: &str,
        got: &Value,
        spelling: Option<String>,
    ) {
        self.is_sound = false;
        let Some(spelling) = spelling else {
            return self.reporter.wrong_type(location, expected, got);
        };
        self.reporter.error(Rule::WrongType, location, || {
            let found = format!("expected {expected}, found {}", describe(got));
            Details::new(found, format!("write {spelling}"))
        });
    }

    /// Reports an operator that there is not, or not there; `spelling` is how what was probably
    /// meant is written.
    fn operator(&mut self, operator: &str, spelling: Option<String>, location: &Location<'_>) {
        self.is_sound = false;
        let is_known = ["$and", "$or", "$not", "$neq", "$in"].contains(&operator);
        let fault = if is_known { Fault::MisplacedOperator } else { Fault::UnknownOperator };
        self.reporter.error(fault.into(), location, || {
            let nearest = operators::nearest_operator(operator);
            let remedy = match (spelling, nearest) {
                (Some(spelling), _) => format!("write {spelling}"),
                (None, Some(meant)) if !is_known => format!("did you mean {}?", Quoted(meant)),
                (None, _) => fault.advice().to_owned(),
            };
            let place = if is_known { " in the wrong place" } else { "" };
            Details::new(format!("the operator {}{place}", Quoted(operator)), remedy)
        });
    }

    fn comparison(&mut self, name: &str, value: &Value, location: &Location<'_>) {
        let tag = Tag::parse(name);
        match &tag {
            Tag::Other(_) => self.unknown_tag(name, location),
            Tag::AttributeValue(attribute) => {
                self.known_names.check(attribute, location, self.reporter);
                self.shown_value(attribute, location);
            }
            Tag::AttributeMarker(attribute) => {
                self.known_names.check(attribute, location, self.reporter);
            }
            _ => {}
        }
        // The pointer of an error starts here; the location has the way to here.
        match parse_comparison(tag, value, "") {
            Ok(comparison) => self.values(name, &comparison, location),
            Err(error)
                if matches!(error.fault, Fault::UnknownOperator | Fault::MisplacedOperator) =>
            {
                let operator = value.as_object().and_then(|members| members.keys().next());
                let operator = operator.map_or("", String::as_str);
                let spelling = operators::behind(name, value);
                self.operator(operator, spelling, &location.member(operator));
            }
            Err(error) => {
                self.is_sound = false;
                self.reporter.error(error.fault.into(), location, || {
                    let found = format!("expected {}, found {}", error.expected, error.got);
                    let spelling = operators::behind(name, value);
                    let remedy = spelling.map(|spelling| format!("write {spelling}"));
                    Details::new(found, remedy.unwrap_or_else(|| error.fault.advice().to_owned()))
                });
            }
        }
    }

    fn unknown_tag(&mut self, name: &str, location: &Location<'_>) {
        self.is_sound = false;
        self.reporter.error(Rule::UnknownTag, location, || {
            let remedy = match nearest(name, Tag::fixed_names()) {
                Some(meant) => format!("did you mean {}?", Quoted(meant)),
                None if ["and", "or", "not", "neq", "in"].contains(&name) => {
                    format!("did you mean the operator \"${name}\"?")
                }
                None if name.starts_with("attr") => {
                    "write attr::<name>::value, or attr::<name>::marker".to_owned()
                }
                None => {
                    let fixed: Vec<_> = Tag::fixed_names().collect();
                    format!("the tags are {}, and attr::<name>::value", fixed.join(", "))
                }
            };
            Details::new(format!("the tag {}", Quoted(name)), remedy)
        });
    }

    /// Checks the value of an attribute that the referent itself does not ask for.
    fn shown_value(&mut self, attribute: &str, location: &Location<'_>) {
        if self.own.contains(attribute) || !self.reported_values.insert(attribute.to_owned()) {
            return;
        }
        let asked_by = self.context.revealed.get(attribute);
        let severity = if asked_by.is_none() && self.needs_value {
            Severity::Error
        } else {
            Severity::Warning
        };
        let remedy = if self.own.is_empty() {
            "ask to be shown it as well, under the same restriction"
        } else {
            "ask for it under the same referent, as one of its `names`"
        };
        self.reporter.report(Rule::ValueNotShown, severity, location, || {
            let asked = match asked_by {
                Some(other) => format!(
                    "which only {} asks to be shown, perhaps by another credential",
                    Quoted(other)
                ),
                None => "which no referent asks to be shown".to_owned(),
            };
            Details::new(format!("the value of {}, {asked}", Quoted(attribute)), remedy)
        });
    }

    /// Checks the values that a tag is compared with.
    fn values(&mut self, name: &str, comparison: &Restriction, location: &Location<'_>) {
        let (tag, values) = match comparison {
            Restriction::Eq(tag, value) | Restriction::Neq(tag, value) => {
                (tag, std::slice::from_ref(value))
            }
            Restriction::In(tag, values) => (tag, values.as_slice()),
            Restriction::And(_) | Restriction::Or(_) | Restriction::Not(_) => return,
        };
        let mut faults = values.iter().filter_map(|value| Some((value, value::fault(tag, value)?)));
        if let Some((value, fault)) = faults.next() {
            let rule = match fault.is_certain(tag) {
                true => Rule::ImpossibleValue,
                false => Rule::DoubtfulValue,
            };
            let severity = match fault.is_error(tag) && self.wants_the_impossible {
                true => Severity::Error,
                false => Severity::Warning,
            };
            return self
                .reporter
                .report(rule, severity, location, || fault.details(name, tag, value));
        }
        if tag.identifier_kind().is_some() {
            match self.context.version {
                RequestVersion::V1 => self.qualified(tag, values, location),
                RequestVersion::V2 => self.unqualified(values, location),
            }
        }
    }

    /// Checks for identifiers in the long form, which libraries refuse in version 1.0. Identifiers
    /// of other registries have no short form, and newer libraries take them.
    fn qualified(&mut self, tag: &Tag, values: &[String], location: &Location<'_>) {
        let Some(long) = values.iter().find(|value| is_qualified(value)) else {
            return;
        };
        let has_short_form =
            tag.identifier_kind().is_some_and(|kind| to_unqualified(kind, long) != *long);
        let (severity, remedy) = match has_short_form {
            true => (Severity::Error, r#"add "ver": "2.0", or write the short form"#),
            false => (Severity::Warning, r#"add "ver": "2.0""#),
        };
        self.reporter.report(Rule::QualifiedIdentifier, severity, location, || {
            Details::new(format!("{} in a request of version 1.0", Quoted(long)), remedy)
        });
    }

    /// Checks for identifiers in the short form in version 2.0, which does not find them in the
    /// long form.
    fn unqualified(&mut self, values: &[String], location: &Location<'_>) {
        let is_short = |value: &&String| {
            value.as_str() != NO_REGISTRY
                && (!value.contains(':') || author(value).is_some_and(|did| !did.contains(':')))
        };
        if let Some(short) = values.iter().find(is_short) {
            self.reporter.warn(Rule::UnqualifiedIdentifier, location, || {
                Details::new(
                    format!("{} in a request of version 2.0", Quoted(short)),
                    "write the spelling that the credentials have; or leave `ver` out, and either spelling is found",
                )
            });
        }
    }
}

/// Returns whether the library takes an identifier for the long form: two words of lower-case
/// letters and digits, each followed by a colon, and the rest of one line.
fn is_qualified(identifier: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let mut parts = identifier.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(prefix), Some(method), Some(rest)) => {
            is_word(prefix) && is_word(method) && !rest.contains('\n')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_qualified_by_a_prefix_and_a_method() {
        for (identifier, expected) in [
            ("did:sov:NcYxiDXkpYi6ov5FcYDi1e", true),
            ("schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0", true),
            ("NcYxiDXkpYi6ov5FcYDi1e", false),
            ("NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0", false),
            ("did::x", false),
            ("did:sov", false),
            ("None", false),
        ] {
            assert_eq!(is_qualified(identifier), expected, "{identifier}");
        }
    }
}
