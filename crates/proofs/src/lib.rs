#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! Requests and restrictions:
//!
//! - [`request`]: a verifier's proof request.
//! - [`restriction`]: what a verifier demands of a credential, as a tree that can be evaluated.
//! - [`version`]: whether a request uses short or long identifiers.
//! - [`error`]: why a request cannot be read, and what to do about it.
//! - [`lint`]: what is wrong with a request, or doubtful, before it is sent.
//!
//! Credentials:
//!
//! - [`names`]: attribute names compare without spaces and case.
//! - [`encoding`]: from an attribute's text to the integer that is signed.
//! - [`identifiers`]: the parts of schema, credential definition and registry identifiers.
//! - [`tags`]: the facts by which a stored credential is found.
//!
//! Answering:
//!
//! - [`query`]: which credentials answer a referent.
//! - [`mismatch`]: why a credential, or a whole class of them, does not.
//! - [`choice`]: which credential answers which referent, as the holder chose.
//! - [`preflight`]: whether a presentation can be made of a choice.
//! - [`disclosure`]: what a verifier would learn from it.
//!
//! Verifying:
//!
//! - [`case`](mod@case): a presentation with all that is needed to verify it.
//! - [`limits`]: how large all of that may be.
//! - [`objects`]: what an object must be before it goes to a library.
//! - [`kinds`]: what kind of object a JSON value is.
//! - [`records`]: presentations in the records of other programs.
//! - [`public_data`]: schemas, credential definitions and registries, from wherever they come.
//! - [`forms`]: the objects of Indy in the form of AnonCreds 1.0, and back.
//! - [`presentation`]: a presentation, parsed as it was written.
//! - [`policy`]: what a verifier requires.
//! - [`checks`]: the twenty checks, one function each.
//! - [`check`]: their names, and the verdict that they make.

pub mod case;
pub mod check;
pub mod checks;
pub mod choice;
mod decimal;
pub mod disclosure;
pub mod encoding;
pub mod error;
pub mod forms;
pub mod identifiers;
pub mod kinds;
pub mod limits;
pub mod lint;
pub mod mismatch;
pub mod names;
mod nearest;
pub mod objects;
pub mod policy;
pub mod preflight;
pub mod presentation;
pub mod public_data;
pub mod query;
pub mod records;
pub mod request;
pub mod restriction;
pub mod tags;
pub mod version;

pub use case::{Case, CaseError};
pub use check::{Check, Report, Verdict};
pub use checks::{ClEngine, Engine, EngineError, EngineSet, explain};
pub use choice::{Choice, HeldCredential, HeldCredentials, HeldValue};
pub use disclosure::Disclosure;
pub use error::{Fault, RequestError};
pub use mismatch::Mismatch;
pub use policy::{Engines, IntervalRule, Policy};
pub use public_data::PublicData;
pub use query::ReferentQuery;
pub use records::{Record, RecordError};
pub use request::{
    AttributeNames, Interval, PredicateType, ProofRequest, RequestedAttribute, RequestedPredicate,
};
pub use restriction::{ClassTags, Partial, Prefilter, Restriction};
pub use tags::{CredentialFacts, Tag, Tags};
pub use verdict::{Caution, Decision, Failure, Outcome, Severity, Weight};
pub use version::RequestVersion;
