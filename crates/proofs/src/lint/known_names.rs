//! Attribute names compared with a schema's.

use stdx::text::Quoted;

use super::context::Context;
use super::demand::names_a_schema;
use super::finding::{Details, Reporter, Severity};
use super::location::Location;
use super::rule::Rule;
use super::schema::Schema;
use crate::names;
use crate::restriction::Restriction;
use crate::restriction::facts::Decision;

/// The schema's attributes, if there is a schema and the referent may be about it.
pub(super) struct KnownNames<'c> {
    schema: Option<&'c Schema<'c>>,
    /// An attribute that the schema lacks is an error only if the referent insists on the schema.
    severity: Severity,
}

impl<'c> KnownNames<'c> {
    pub(super) fn new(context: &'c Context<'_>, meaning: Option<&Restriction>) -> Self {
        let schema = context.schema.as_ref();
        let severity =
            if meaning.is_some_and(names_a_schema) { Severity::Error } else { Severity::Warning };
        Self { schema: schema.filter(|schema| may_follow(schema, meaning, context)), severity }
    }

    /// Checks the name of an attribute that a credential should have.
    pub(super) fn check(&self, name: &str, location: &Location<'_>, reporter: &mut Reporter) {
        let Some(schema) = self.schema else {
            return;
        };
        if schema.has(&names::fold(name)) {
            return;
        }
        reporter.report(Rule::UnknownAttribute, self.severity, location, || {
            let (title, version) = schema.title();
            let remedy = match schema.nearest(name) {
                Some(meant) => format!("did you mean {}?", Quoted(meant)),
                None => "ask for an attribute that the schema has".to_owned(),
            };
            Details::new(
                format!(
                    "{}, which is not an attribute of the schema {} {}",
                    Quoted(name),
                    Quoted(title),
                    Quoted(version)
                ),
                remedy,
            )
        });
    }
}

/// Returns whether a credential on the schema can satisfy the restriction.
pub(super) fn may_follow(
    schema: &Schema<'_>,
    meaning: Option<&Restriction>,
    context: &Context<'_>,
) -> bool {
    meaning.is_none_or(|meaning| meaning.decide(schema, context.version) != Decision::Never)
}
