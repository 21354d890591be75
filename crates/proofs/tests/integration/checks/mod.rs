//! The twenty checks: for each, a case that fails exactly there, and one that nearly does and
//! passes.
//!
//! `predicate-link`, `number-range`, `challenge-binding` and `same-holder` have their tests beside
//! their own functions, in `src/checks/tests.rs`.

mod alterations;
mod answers;
pub mod cases;
mod engines;
mod numbers;
mod origin;
mod revocation;
mod robustness;
mod shapes;
mod verdicts;
