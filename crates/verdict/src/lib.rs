#![doc = include_str!("../README.md")]

mod check;
mod findings;
mod layout;
mod learned;
mod report;
mod text;
mod verdict;

pub use check::Checks;
pub use findings::Findings;
pub use layout::{Layout, Styles};
pub use learned::{Learned, LearnedAnswer, LearnedCredential};
pub use report::{Caution, Failure, Found, Outcome, Report, Severity, Weight};
pub use verdict::{Decision, Verdict};
