//! Set-up that the tests of several crates share. For tests and benchmarks only: everything here
//! panics when it fails.
//!
//! | module | subject | feature |
//! |---|---|---|
//! | `wallets` | wallets in a temporary directory or on the PostgreSQL server | |
//! | `keys` | issuer keys made in advance, so that no test waits for primes | |
//! | `credentials` | an issuer and a prover, and real credentials between them | `anoncreds` |
//! | `synthetic` | credentials by the thousand | `anoncreds` |
//! | `malformed` | numbers that are none | |
//! | `completion` | completing in a shell | `program` |
//! | `manual` | manual pages in a directory | `program` |
//! | `program` | running a program in a directory of its own | `program` |
//! | `disk` | output that cannot be written, and disks that are full | `program` |
//! | `hidden` | characters that a terminal obeys or does not show | `program` |
//! | `schema` | JSON Schemas of outputs | `program` |
//! | `certificates` | certificates of an authority that no one else trusts | `certificates` |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "set-up may fail like the tests themselves"
)]

#[cfg(feature = "certificates")]
pub mod certificates;
#[cfg(feature = "program")]
pub mod completion;
#[cfg(feature = "anoncreds")]
pub mod credentials;
#[cfg(all(unix, feature = "program"))]
pub mod disk;
#[cfg(feature = "program")]
pub mod hidden;
pub mod keys;
pub mod malformed;
#[cfg(feature = "program")]
pub mod manual;
#[cfg(feature = "program")]
pub mod program;
#[cfg(feature = "program")]
pub mod schema;
#[cfg(feature = "anoncreds")]
pub mod synthetic;
pub mod wallets;
