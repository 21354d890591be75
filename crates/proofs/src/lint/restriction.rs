//! What a referent demands of the credential.
//!
//! The restriction is walked as it was written, by the rules of [`Restriction::parse`], to find all
//! that is wrong with it. If it can be read, the linter then looks at how much it demands.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use stdx::text::Quoted;

use super::context::Context;
use super::demand::{names_an_issuer, needs_another_value, never_holds};
use super::finding::{Details, Reporter, Severity};
use super::known_names::KnownNames;
use super::location::Location;
use super::members::get;
use super::rule::Rule;
use crate::error::Fault;
use crate::limits::MAX_RESTRICTION_DEPTH;
use crate::nearest::nearest;
use crate::restriction::{Restriction, parse_comparison};
use crate::tags::Tag;
use crate::version::RequestVersion;

const OPERATORS: [&str; 5] = ["$and", "$or", "$not", "$neq", "$in"];

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
    let meaning = written.map_or(Ok(None), Restriction::parse);
    let meaning = meaning.as_ref().ok().and_then(Option::as_ref);
    if let Some(written) = written {
        let needs_value =
            meaning.is_some_and(|meaning| needs_another_value(meaning, &context.revealed));
        let mut walk = Walk {
            context,
            known_names: KnownNames::new(context, meaning),
            own,
            needs_value,
            reported_values: BTreeSet::new(),
            is_sound: true,
            reporter,
        };
        walk.whole(written, &here);
        if !walk.is_sound {
            return;
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
    /// The attributes whose hidden values have been reported.
    reported_values: BTreeSet<String>,
    /// Whether the restriction can be read and its tags are known, so that its meaning can be checked.
    is_sound: bool,
    reporter: &'w mut Reporter,
}

impl Walk<'_, '_> {
    fn whole(&mut self, written: &Value, location: &Location<'_>) {
        match written {
            Value::Object(members) => self.object(members, location, 1),
            Value::Array(_) => self.list(written, location, 1),
            other => {
                self.wrong_type(location, "a restriction: an object or a list of objects", other)
            }
        }
    }

    fn object(&mut self, members: &Map<String, Value>, location: &Location<'_>, depth: usize) {
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
            match key.as_str() {
                "$and" | "$or" => self.list(value, &location, depth),
                "$not" => match value {
                    Value::Object(members) => self.object(members, &location, depth + 1),
                    other => self.wrong_type(&location, "an object", other),
                },
                operator if operator.starts_with('$') => self.unknown_operator(operator, &location),
                tag => self.comparison(tag, value, &location),
            }
        }
    }

    fn list(&mut self, value: &Value, location: &Location<'_>, depth: usize) {
        let Value::Array(items) = value else {
            return self.wrong_type(location, "a list of objects", value);
        };
        for (index, item) in items.iter().enumerate() {
            let location = location.element(index);
            match item {
                Value::Null => {}
                Value::Object(members) => self.object(members, &location, depth + 1),
                other => self.wrong_type(&location, "an object", other),
            }
        }
    }

    fn wrong_type(&mut self, location: &Location<'_>, expected: &str, got: &Value) {
        self.is_sound = false;
        self.reporter.wrong_type(location, expected, got);
    }

    fn unknown_operator(&mut self, operator: &str, location: &Location<'_>) {
        self.is_sound = false;
        self.reporter.error(Rule::UnknownOperator, location, || {
            let remedy = match nearest(operator, OPERATORS) {
                Some(meant) => format!("did you mean {}?", Quoted(meant)),
                None => Fault::UnknownOperator.advice().to_owned(),
            };
            Details::new(format!("the operator {}", Quoted(operator)), remedy)
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
            Ok(comparison) => self.qualified(&comparison, location),
            Err(error) if error.fault == Fault::UnknownOperator => {
                let operator = value.as_object().and_then(|members| members.keys().next());
                let operator = operator.map_or("", String::as_str);
                self.unknown_operator(operator, &location.member(operator));
            }
            Err(error) => {
                self.is_sound = false;
                self.reporter.error(error.fault.into(), location, || {
                    let found = format!("expected {}, found {}", error.expected, error.got);
                    Details::new(found, error.fault.advice())
                });
            }
        }
    }

    fn unknown_tag(&mut self, name: &str, location: &Location<'_>) {
        self.is_sound = false;
        self.reporter.error(Rule::UnknownTag, location, || {
            let remedy = match nearest(name, Tag::fixed_names()) {
                Some(meant) => format!("did you mean {}?", Quoted(meant)),
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

    /// Checks for identifiers in the long form, which the library refuses in version 1.0.
    fn qualified(&mut self, comparison: &Restriction, location: &Location<'_>) {
        let (tag, values) = match comparison {
            Restriction::Eq(tag, value) | Restriction::Neq(tag, value) => {
                (tag, std::slice::from_ref(value))
            }
            Restriction::In(tag, values) => (tag, values.as_slice()),
            Restriction::And(_) | Restriction::Or(_) | Restriction::Not(_) => return,
        };
        if self.context.version != RequestVersion::V1 || tag.identifier_kind().is_none() {
            return;
        }
        if let Some(long) = values.iter().find(|value| is_qualified(value)) {
            self.reporter.error(Rule::QualifiedIdentifier, location, || {
                let found = format!("{} in a request of version 1.0", Quoted(long));
                Details::new(found, r#"add "ver": "2.0", or write the short form"#)
            });
        }
    }
}

/// Returns whether the library takes an identifier for the long form: two words of lower-case letters and
/// digits, each followed by a colon, and the rest of one line.
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
