#![doc = include_str!("../README.md")]

mod check;
mod findings;
mod layout;
mod report;
mod text;
mod verdict;

pub use check::Checks;
pub use findings::Findings;
pub use layout::{Layout, Styles};
pub use report::{Failure, Outcome, Report, Weight};
pub use verdict::Verdict;
