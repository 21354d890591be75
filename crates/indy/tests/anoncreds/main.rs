//! What libindy's anoncreds calls promise: success, and each of their errors.

mod holding;
mod issuing;
mod proving;
mod scene;
mod searching;
