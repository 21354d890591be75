//! Test vectors for proofs with CL signatures, and a runner for any implementation.
//!
//! | module | subject |
//! |---|---|
//! | [`format`](mod@format) | the files of the corpus |
//! | [`corpus`] | reading them, and the rules that they keep |
//! | [`implementation`] | what answers the tests: ours, the libraries, any program |
//! | [`runner`] | giving the tests to implementations, and comparing the answers |
//! | [`expected`] | the failures that are known of an implementation |
//! | [`report`] | how the implementations did: as text, JSON, JUnit's XML, TAP, and a page of HTML |
//! | [`mutate`] | changing a valid case in each place, and comparing what implementations make of it |
//! | [`command`] | all of it from a command line |

pub mod command;
pub mod corpus;
pub mod expected;
pub mod format;
pub mod implementation;
pub mod mutate;
pub mod report;
pub mod runner;

pub use corpus::{Corpus, CorpusError, Placed};
pub use format::{Expected, Group, Importance, Kind, Test, VectorFile};
pub use implementation::{Answer, Description, Implementation, Verdict};
