//! What is wrong with a proof request, or doubtful, before it is sent.
//!
//! [`ProofRequest::from_json`](crate::ProofRequest::from_json) stops at the first thing for which it
//! must refuse a request. The linter goes on: it finds all that is wrong, and also what is allowed but
//! probably not meant, such as a restriction that anyone can satisfy. Each [`Finding`] has the stable
//! name of its [`Rule`], a severity, a location, what stands there, why it matters, and a remedy.
//!
//! An [error](Severity::Error) means that readers refuse the request, or that no holder can answer it, or
//! that a verifier refuses every answer. A [warning](Severity::Warning) means that it is probably not
//! what was meant. A request without errors is one that `ProofRequest::from_json` reads.
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
//! What cannot be known from the request is not guessed: whether an interval lies in the past, or
//! whether the values of an attribute are texts. The caller may say the latter ([`SchemaFacts`]).
//!
//! The parts, from the outside in: `request` walks the request; `nonce` and `referent` check its
//! members, `restriction` what a referent demands; `demand` says what that amounts to; `across` looks
//! for conflicts between referents.

mod across;
mod context;
mod demand;
mod finding;
mod known_names;
mod location;
mod members;
mod nonce;
mod referent;
mod request;
mod restriction;
mod rule;
mod schema;

use serde_json::Value;

pub use finding::{Finding, Findings, Severity};
pub use rule::Rule;
pub use schema::{SchemaFacts, ValueType};

use finding::Reporter;

use crate::request::limits;

/// Finds what is wrong with a request, or doubtful.
///
/// With a schema, the names of attributes are compared with the schema's, wherever the restriction
/// does not rule that schema out, and predicates with the types of their attributes.
pub fn lint(request: &Value, schema: Option<&SchemaFacts>) -> Findings {
    let mut reporter = Reporter::default();
    request::check(request, schema, &mut reporter);
    reporter.finish()
}

/// Finds what is wrong with the text of a request, or doubtful.
///
/// As [`lint`], but the text may also not be JSON, have a member twice, or be larger than readers take (white space
/// does not count): that is then the only finding.
pub fn lint_json(text: &str, schema: Option<&SchemaFacts>) -> Findings {
    let mut reporter = Reporter::default();
    match limits::parse(text) {
        Ok(request) => request::check(&request, schema, &mut reporter),
        Err(error) => reporter.refused(&error),
    }
    reporter.finish()
}
