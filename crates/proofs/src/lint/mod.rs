//! What is wrong with a proof request, or doubtful, before it is sent.
//!
//! [`ProofRequest::from_json`](crate::ProofRequest::from_json) stops at the first thing for which
//! it must refuse a request. The linter goes on: it finds all that is wrong, and also what is
//! allowed but probably not meant, such as a restriction that anyone can satisfy. Each [`Finding`]
//! has the stable name of its [`Rule`], a severity, a location, what stands there, why it matters,
//! and a remedy.
//!
//! An [error](Severity::Error) means that readers refuse the request, or that no holder can answer
//! it, or that a verifier refuses every answer. A [warning](Severity::Warning) means that it is
//! probably not what was meant. A [note](Severity::Note) is advice on a request that may well be
//! meant so. A request without errors is one that `ProofRequest::from_json` reads.
//!
//! ```
//! use negotiate_proofs::lint::{Rule, lint_json};
//!
//! let findings = lint_json(r#"{
//!     "nonce": "822341096514423177893041", "name": "r", "version": "1",
//!     "requested_attributes": {
//!         "given": {"name": "name", "restrictions": {"isuer_did": "VsKV7grR1BUE29mG2Fm2kX"}}}}"#, None);
//! let finding = &findings.listed[0];
//! assert_eq!(finding.rule, Rule::UnknownTag);
//! assert_eq!(finding.pointer, "/requested_attributes/given/restrictions/isuer_did");
//! assert_eq!(finding.remedy, r#"did you mean "issuer_did"?"#);
//! ```
//!
//! What cannot be known from the request is not guessed: what day it is, or whether the values of
//! an attribute are texts. The caller may say both ([`Linter`]).
//!
//! Agents send requests inside something else. If what is given has no members of a request, but a
//! request in one of the places where agents put it, that is examined: see [`Findings::inside`].
//!
//! The parts, from the outside in: `inside` finds the request; `request` walks it; `nonce` and
//! `referent` check its members, `date_bound` what is compared with dates, `restriction` what a
//! referent demands, `operators` and `value` how and with which values; `demand` says what that
//! amounts to; `across` looks for conflicts between referents.

mod across;
mod context;
mod date;
mod date_bound;
mod demand;
mod finding;
mod inside;
mod known_names;
mod location;
mod members;
mod nonce;
mod operators;
mod referent;
mod repeated;
mod request;
mod restriction;
mod rule;
mod schema;
mod value;

use serde_json::Value;

pub use date::Date;
pub use finding::{Finding, Findings, Severity};
pub use rule::Rule;
pub use schema::{SchemaFacts, ValueType};

use finding::Reporter;
use location::Location;

use crate::error::Fault;
use crate::request::limits;

/// Finds what is wrong with requests, or doubtful, given what the caller knows besides.
///
/// ```
/// use negotiate_proofs::lint::{Date, Linter, Rule};
///
/// let request = serde_json::json!({
///     "nonce": "822341096514423177893041", "name": "r", "version": "1",
///     "requested_predicates": {"adult": {
///         "name": "birthdate_dateint", "p_type": "<=", "p_value": 20300101,
///         "restrictions": {"issuer_did": "VsKV7grR1BUE29mG2Fm2kX"}}}});
/// let findings = Linter::new().on(Date::parse("2026-11-28").ok_or("a day")?).lint(&request);
/// assert_eq!(findings.listed[0].rule, Rule::DateBoundAlways);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Linter<'s> {
    schema: Option<&'s SchemaFacts>,
    date: Option<Date>,
}

impl<'s> Linter<'s> {
    /// Returns a linter that knows nothing but the request.
    pub fn new() -> Self {
        Self::default()
    }

    /// Compares the names of attributes with the schema's, wherever the restriction does not rule
    /// that schema out, and predicates with the types of their attributes.
    #[must_use]
    pub fn with_schema(self, schema: &'s SchemaFacts) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// Compares the bounds of predicates on dates of birth with this day.
    #[must_use]
    pub fn on(self, date: Date) -> Self {
        Self { date: Some(date), ..self }
    }

    /// Finds what is wrong with a request, or doubtful.
    pub fn lint(&self, request: &Value) -> Findings {
        let inside = inside::find(request);
        let mut reporter = Reporter::new(inside.pointer);
        request::check(&inside.request, self, &mut reporter);
        reporter.finish()
    }

    /// Finds what is wrong with the text of a request, or doubtful.
    ///
    /// As [`lint`](Self::lint), but the text may also not be JSON, have members twice, or be larger
    /// than readers take (white space does not count): nothing else is then looked for.
    pub fn lint_json(&self, text: &str) -> Findings {
        let mut reporter = Reporter::default();
        match limits::parse(text) {
            Ok(given) => {
                let inside = inside::find(&given);
                reporter = Reporter::new(inside.pointer);
                match inside.decoded.as_deref().map(limits::parse) {
                    Some(Err(error)) => {
                        reporter
                            .refused_text(&error, inside.decoded.as_deref().unwrap_or_default());
                    }
                    Some(Ok(_)) | None => request::check(&inside.request, self, &mut reporter),
                }
                // One of 64 bits is found where the request is checked.
                if let (Some(digits), Some(Value::String(_))) =
                    (limits::number_nonce(text), given.get("nonce"))
                {
                    nonce::is_number(digits, &Location::ROOT.member("nonce"), &mut reporter);
                }
            }
            Err(error) => reporter.refused_text(&error, text),
        }
        reporter.finish()
    }
}

impl Reporter {
    /// Reports why reading refuses a text; of members that occur twice, all.
    fn refused_text(&mut self, error: &crate::RequestError, text: &str) {
        if error.fault != Fault::RepeatedMember {
            return self.refused(error);
        }
        for pointer in repeated::find(text) {
            self.refused(&crate::RequestError { pointer, ..error.clone() });
        }
    }
}

/// Finds what is wrong with a request, or doubtful: [`Linter::lint`] with a schema, if there is
/// one.
pub fn lint(request: &Value, schema: Option<&SchemaFacts>) -> Findings {
    Linter { schema, date: None }.lint(request)
}

/// Finds what is wrong with the text of a request, or doubtful: [`Linter::lint_json`] with a
/// schema, if there is one.
pub fn lint_json(text: &str, schema: Option<&SchemaFacts>) -> Findings {
    Linter { schema, date: None }.lint_json(text)
}
