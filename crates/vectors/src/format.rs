//! The files of the corpus: a header, groups with their public data, and tests.
//!
//! The layout follows Wycheproof's: a file has one kind of group, and `tests/vectors/schemas` has a
//! JSON Schema for each kind. What a test's `input` and `output` contain depends on the kind, and
//! is read by the implementations.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One file of the corpus.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VectorFile {
    /// What is tested, in a few words.
    pub algorithm: String,
    /// The name of the file's JSON Schema in `schemas/`.
    pub schema: String,
    /// The terms under which the data may be used: an SPDX identifier.
    pub license: String,
    /// What the file is about, a line each.
    pub header: Vec<String>,
    /// How many tests there are in all groups.
    pub number_of_tests: usize,
    /// What each flag of the tests means.
    pub notes: BTreeMap<String, Note>,
    /// The tests, by the public data that they share.
    pub test_groups: Vec<Group>,
}

/// What a flag means: a class of mistakes that its tests look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Note {
    /// What kind of mistake it is.
    pub bug_type: BugType,
    /// What the tests with the flag have in common.
    pub description: String,
    /// What a mistake leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Where it is described: specifications, public reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// A kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BugType {
    /// None: ordinary use.
    Basic,
    /// A value at the end of its range.
    EdgeCase,
    /// Something false is accepted.
    AcceptsInvalid,
    /// Something honest is refused.
    RefusesValid,
    /// Two implementations compute different values.
    Incompatible,
    /// Work that is far too long for its input.
    DenialOfService,
}

/// Tests that share their public data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// What kind of tests they are. All groups of a file have the same.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Which program made the presentations or other objects of the tests.
    pub source: Source,
    /// What the public data is, where that is not the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The public data in both forms: `{"indy": {...}, "anoncreds": {...}}`, each with the members
    /// of a case (`schemas`, `cred_defs`, `rev_reg_defs`, and `rev_regs` or `rev_status_lists`).
    /// Kinds without public data have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Value>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// A program and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The program's name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Test {
    /// The test's number in its file, from 1. It may change when tests are added.
    pub tc_id: usize,
    /// The test's name, which never changes: `file::name`, without the file's `verify_`.
    pub id: String,
    /// What is special about the test.
    pub comment: String,
    /// The classes of mistakes that the test looks for, as the file's notes explain them.
    pub flags: Vec<String>,
    /// What an implementation must be able to do for the test to mean anything: see [`FEATURES`].
    pub features: Vec<String>,
    /// How bad a wrong answer is.
    pub importance: Importance,
    /// What is given.
    pub input: Value,
    /// What the right answer is.
    pub result: Expected,
    /// For what is not valid, each check that must fail (for undecided: that must be undecided).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<String>,
    /// The cautions that a careful verifier gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// What is to be computed from the input, where something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The valid test from which this one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What was changed: a JSON Patch (RFC 6902) from `{"input", "public"}` of the base to that of
    /// this test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<json_patch::Patch>,
}

/// How bad a wrong answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// A nuisance.
    Low,
    /// Parties cannot work together, or a verifier is told less than it should be.
    Medium,
    /// Something false is believed, or honest holders are turned away.
    High,
}

/// The right answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// It is to be accepted.
    Valid,
    /// It is to be refused.
    Invalid,
    /// Both are right: a careful verifier accepts it with a caution, a strict one refuses it.
    Acceptable,
    /// Nothing is wrong, but something that is needed to decide is not given. It must not be
    /// accepted.
    Undecided,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Acceptable => "acceptable",
            Self::Undecided => "undecided",
        })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// A kind of test: what is given, and what is asked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Returns the name, which is also the name of the feature that all tests of the kind
            /// need.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Is a presentation the answer to its request?
    Verify = "verify",
    /// From given random numbers, a prover makes exactly this presentation.
    ProveKnownAnswer = "prove-known-answer",
    /// Which integer is signed for this value?
    Encode = "encode",
    /// Is this a proof request?
    RequestParse = "request-parse",
    /// Does a restriction hold for these facts of a credential?
    RestrictionTruth = "restriction-truth",
    /// Which credentials of a wallet answer a request?
    Search = "search",
    /// Does a holder accept this credential from its issuer?
    ProcessCredential = "process-credential",
    /// Does an issuer accept this credential request?
    CredentialRequest = "credential-request",
    /// Does a holder accept this key, by its correctness proof?
    KeyCorrectness = "key-correctness",
    /// Which status list follows from a registry's change, and which change from two lists?
    StatusListDelta = "status-list-delta",
    /// Is this a message of proof requests and responses?
    ExchangeMessage = "exchange-message",
    /// Are a message's signatures right?
    ExchangeSignature = "exchange-signature",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an implementation may be able to do, with the meaning: beside these, the names of
/// [`Kind`]s.
///
/// A test names all that it needs. It is not given to an implementation that does not say that it
/// can do it.
pub const FEATURES: &[(&str, &str)] = &[
    ("predicates", "proofs of inequalities"),
    ("groups", "attributes that are requested together, by `names`"),
    ("multi-credential", "several credentials in one presentation"),
    ("self-attested", "values that the holder states itself"),
    ("unrevealed", "attributes that are requested and only held"),
    ("restrictions", "restrictions on the credential that answers a referent"),
    ("intervals", "requests for non-revocation within an interval"),
    ("revocation", "proofs of non-revocation"),
    ("encoding", "compares the text of a revealed value with the integer that is proved"),
    ("structure", "refuses objects with members that are missing, surplus or of another type"),
    ("json-text", "is given request and presentation as texts of JSON, as they came"),
    ("undecided", "tells what cannot be decided from what is wrong"),
    ("nonce-memory", "refuses the nonce of a presentation that it has accepted before"),
    ("answer-memory", "refuses a second response to a request that was answered"),
    ("response-contents", "checks what a response says, and not only who signed it"),
    ("key-state", "heeds what limits a key: revocation, expiry, purpose, controller"),
    ("policy", "lets the verifier ask for more than the request does"),
    ("key-check", "looks at the issuer's key itself"),
    ("schemas", "compares the schema that a sub-proof names with its credential definition's"),
    ("ids-legacy", "identifiers of Indy's first form"),
    ("ids-did-indy", "identifiers of did:indy"),
    ("ids-did-cheqd", "identifiers of did:cheqd"),
    ("ids-did-webvh", "identifiers of did:webvh"),
    ("ids-https", "identifiers that are URLs"),
    ("agent-layer", "what agents do before they call a library, such as encoding JSON values"),
    ("limits", "refuses requests that ask for more than there is time to answer"),
];
