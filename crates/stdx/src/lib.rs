//! Helpers that crates of every layer need, each in one place.
//!
//! | module | subject | feature |
//! |---|---|---|
//! | [`text`] | foreign text, shown so that it can neither fill the screen nor steer the terminal | |
//! | [`pointer`] | JSON pointers (RFC 6901) | |
//! | [`fs`] | atomic writes, directory `fsync`, lock files | `fs` |
//! | [`accepted`] | a file of what has been accepted once | `fs` |
//! | [`task`] | blocking work on Tokio's threads | `task` |
//!
//! Nothing here knows of proofs, wallets or ledgers.

#[cfg(feature = "fs")]
pub mod accepted;
#[cfg(feature = "fs")]
pub mod fs;
pub mod pointer;
#[cfg(feature = "task")]
pub mod task;
pub mod text;
