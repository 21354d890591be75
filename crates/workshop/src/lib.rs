//! The checks of the exercises in `exercises/`.
//!
//! An exercise is a small program: the learner fills a gap, and its `main` calls one function of
//! this crate, which compares what the learner wrote with what the tutorial does, says what differs
//! and where, and returns the exit code by which rustlings knows whether the exercise is done.
//!
//! | module | part | what is compared |
//! |---|---|---|
//! | [`steps`] | the four steps of the template | the values of each action with those of the step crate |
//! | [`ask`] | ask and answer | what each of several holders can answer, and what the verifier learns |
//! | [`break_it`] | break it | the learner's prediction with the verdict |
//! | [`numbers`] | the mathematics | numbers with those of a recorded proof |
//! | [`outcome`] | | how a check ends, and how that is printed |
//!
//! Nothing here is drawn by chance where it would change an answer, and issuers' keys are made in
//! advance, so that a check takes a second.

pub mod ask;
pub mod break_it;
mod compare;
mod gap;
mod notices;
pub mod numbers;
pub mod outcome;
pub mod steps;
