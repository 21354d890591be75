//! What answers tests.
//!
//! | module | implementation |
//! |---|---|
//! | `ours` | this workspace: every kind but those of the exchange |
//! | `library` | `indy-credx`, as released, in this process |
//! | `cl` | the mathematics of our own engine alone |
//! | [`adapter`] | any program that speaks lines of JSON |
//!
//! `input` reads what the kind `verify` gives.

pub mod adapter;
mod cl;
mod input;
mod library;
mod ours;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::corpus::Placed;

pub use cl::Cl;
pub use library::IndyCredx;
pub use ours::Ours;

/// What an implementation says of itself before the first test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it can do: names of [`FEATURES`](crate::format::FEATURES) and of
    /// [`Kind`](crate::Kind)s.
    pub features: Vec<String>,
}

impl Description {
    /// Returns the first feature that a test needs and the implementation does not have.
    #[must_use]
    pub fn missing<'t>(&self, needed: &'t [String]) -> Option<&'t str> {
        needed.iter().find(|feature| !self.features.contains(feature)).map(String::as_str)
    }
}

/// What an implementation says of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It accepts.
    Valid,
    /// It refuses.
    Invalid,
    /// It cannot decide.
    Undecided,
    /// It has no way to answer.
    Unsupported,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Undecided => "undecided",
            Self::Unsupported => "unsupported",
        })
    }
}

/// An implementation's answer to a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What it says.
    pub verdict: Verdict,
    /// Why, in its own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The checks that failed or are undecided, where it names them as the corpus does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Vec<String>>,
    /// The cautions that it gives, where it names them as the corpus does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cautions: Option<Vec<String>>,
    /// What it has computed, where the test asks for something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
}

impl Answer {
    /// Returns an answer without anything but its verdict and the reason in words.
    pub fn new(verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { verdict, detail: detail.into(), reason: None, cautions: None, output: None }
    }

    /// Accepts.
    #[must_use]
    pub fn valid() -> Self {
        Self::new(Verdict::Valid, "")
    }

    /// Accepts, with what was computed.
    #[must_use]
    pub fn computed(output: Value) -> Self {
        Self { output: Some(output), ..Self::valid() }
    }

    /// Refuses.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Verdict::Invalid, detail)
    }

    /// Refuses, and names the check that failed.
    pub fn failed(check: &str, detail: impl Into<String>) -> Self {
        Self { reason: Some(vec![check.to_owned()]), ..Self::invalid(detail) }
    }

    /// Cannot answer.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(Verdict::Unsupported, detail)
    }
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// With an answer.
    Answered(Answer),
    /// The implementation ended, or panicked. The text says how.
    Crashed(String),
    /// There was no answer in time.
    Hung,
    /// It went on without an answer to the question. The text says with what.
    Silent(String),
}

/// An implementation, in this process or another. Several threads have one each.
pub trait Implementation: Send {
    /// Returns what it says of itself.
    fn description(&self) -> &Description;

    /// Gives it a test.
    fn ask(&mut self, test: Placed<'_>) -> Reply;
}
