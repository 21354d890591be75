//! What is true of proof requests and presentations without a wallet or a ledger.
//!
//! This crate reads a verifier's proof request, and answers the holder's first question about it,
//! *which of my credentials can answer which part?*, and the verifier's last one: *is the presentation to be
//! accepted, and if not, why?* It holds plain values and pure functions: no
//! wallet, no ledger, no input or output, nothing asynchronous, and never a panic, whatever the
//! input.
//!
//! # How to use
//!
//! 1. Read a request with [`ProofRequest::from_json`]. What cannot be read is refused with a
//!    [`RequestError`]: where it is (a JSON pointer), what was expected, what was found there, and
//!    what to do about it.
//! 2. Ask [`ProofRequest::query`] for the rule of one *referent* (the verifier's name for one
//!    requested attribute, group or predicate).
//! 3. Give the store the rule's [`prefilter`](ReferentQuery::prefilter): a few selective equalities
//!    that every answer satisfies.
//! 4. Keep, of what the store returns, the credentials whose [`Tags`] the rule
//!    [`matches`](ReferentQuery::matches).
//!
//! ```
//! use negotiate_proofs::{encoding, CredentialFacts, ProofRequest, Tags};
//!
//! let request = ProofRequest::from_json(r#"{
//!     "nonce": "123432421212", "name": "proof_req_1", "version": "0.1",
//!     "requested_attributes": {
//!         "attr1_referent": {"name": "name", "restrictions": {"issuer_did": "VsKV7grR1BUE29mG2Fm2kX"}}},
//!     "requested_predicates": {
//!         "predicate1_referent": {"name": "age", "p_type": ">=", "p_value": 18}}}"#)?;
//!
//! // What the holder's wallet keeps beside a credential.
//! let attributes = [("name", "Alex"), ("age", "28")];
//! let tags = Tags::from(CredentialFacts::from_ids(
//!     "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
//!     "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
//!     None,
//!     attributes,
//! )?);
//!
//! let encoded = |name: &str| {
//!     let (_, raw) = attributes.iter().find(|(attribute, _)| *attribute == name)?;
//!     encoding::integer(&encoding::encode(raw))
//! };
//! for referent in ["attr1_referent", "predicate1_referent"] {
//!     let query = request.query(referent, None).ok_or("no such referent")?;
//!     assert!(query.matches(&tags, request.ver, encoded));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How to verify
//!
//! [`explain`] makes all checks that "verified" must mean ([`Check`]), and says of each how it went. An
//! engine for the mathematics is among its [`Means`]: our own is [`ClEngine`]; whoever has `indy-credx` at hand
//! brings it as another [`Mathematics`].
//!
//! ```no_run
//! use negotiate_proofs::{Case, Check, ClEngine, Engines, Means, Policy, Verdict, explain};
//!
//! let engine = ClEngine::new();
//! let policy = Policy { engines: Engines::Cl, ..Policy::default() };
//! let means = Means { cl: Some(&engine), ..Means::default() };
//! for line in std::io::stdin().lines() {
//!     let verdict = match Case::from_json(&line?) {
//!         Ok(case) => explain(&case, &policy, means),
//!         Err(failure) => Verdict::failed_at(Check::Size, None, failure),
//!     };
//!     println!("{}", serde_json::to_string(&verdict)?);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The modules
//!
//! - [`names`]: attribute names compare without spaces and without case.
//! - [`encoding`]: from an attribute's text to the integer that is signed, and back for
//!   comparisons.
//! - [`identifiers`]: the parts of a schema, credential definition or registry identifier, with and
//!   without prefixes.
//! - [`version`]: whether a request names things by the short or by the long form.
//! - [`tags`]: the facts by which a stored credential is found.
//! - [`restriction`]: what a verifier demands of the credential, as a tree that can be evaluated.
//! - [`request`]: a verifier's proof request.
//! - [`query`]: one referent's rule, put together from its parts.
//! - [`exclusion`]: why a credential, or a whole class of them, does not answer a referent.
//! - [`lint`]: what is wrong with a request, or doubtful, before it is sent.
//! - [`choice`]: which credential answers which referent, as its holder chose.
//! - [`guard`]: what is in the way of a presentation, before it is made.
//! - [`disclosure`]: what a verifier would learn from a presentation, before it is made.
//! - [`error`]: why a request cannot be read, and what to do about it.
//! - [`case`](mod@case): a presentation with all that is needed to verify it.
//! - [`answer`]: a presentation, taken apart as it was written.
//! - [`checks`](mod@checks): the twenty things that "verified" means, one function each.
//! - [`policy`]: what a verifier insists on.
//! - [`check`](mod@check): the names of the checks, and the verdict that they make.

pub mod answer;
pub mod case;
pub mod check;
pub mod checks;
pub mod choice;
pub mod disclosure;
pub mod encoding;
pub mod error;
pub mod exclusion;
pub mod guard;
pub mod identifiers;
pub mod lint;
pub mod names;
pub mod policy;
pub mod query;
pub mod request;
pub mod restriction;
pub mod tags;
pub mod version;

pub use case::Case;
pub use check::{Check, Report, Verdict};
pub use checks::{ClEngine, Mathematics, Means, UsedNonces, explain};
pub use choice::{Choice, HeldCredential, HeldCredentials, HeldValue};
pub use disclosure::Disclosure;
pub use error::{Fault, RequestError};
pub use exclusion::Exclusion;
pub use policy::{Engines, Policy};
pub use query::ReferentQuery;
pub use request::{Interval, PredicateType, ProofRequest, RequestedAttribute, RequestedPredicate};
pub use restriction::{ClassTags, Partial, Prefilter, Restriction};
pub use tags::{CredentialFacts, Tag, Tags};
pub use verdict::{Failure, Outcome, Weight};
pub use version::RequestVersion;
