//! How large requests, presentations, cases and other objects may be.
//!
//! Every reader keeps the same limits: those of a request are kept by
//! [`ProofRequest`](crate::ProofRequest), so that holders refuse what verifiers refuse, and before
//! there is work to do.

/// The greatest length of a request, in bytes of JSON: 256 KiB.
pub const MAX_REQUEST_BYTES: usize = 256 << 10;

/// The greatest length of a request and a presentation together, in bytes of JSON, unless a policy
/// says otherwise: 4 MiB. One value that is shown may have a quarter of it: photos are common.
pub const MAX_BYTES: usize = 4 << 20;

/// The greatest length of most objects that go to a library, in bytes of JSON: 1 MiB. Presentations
/// and credentials may have photos among their values, and so up to [`MAX_BYTES`].
pub const MAX_OBJECT_BYTES: usize = 1 << 20;

/// The greatest length of a case's ledger objects together, in bytes of JSON: 8 MiB. (A credential
/// definition of 125 attributes, the most that a schema can have, takes 80 KiB.)
pub const MAX_LEDGER_BYTES: usize = 8 << 20;

/// The greatest length of the text of a case, in bytes: 16 MiB.
pub const MAX_CASE_BYTES: usize = 16 << 20;

/// How many sub-proofs a presentation may have.
pub const MAX_SUB_PROOFS: usize = 64;

/// How many attributes, groups and predicates a request may ask for.
pub const MAX_REFERENTS: usize = 256;

/// How many attribute names, operators and values a request may have in all its groups and
/// restrictions together.
pub const MAX_TERMS: usize = 4096;

/// How many predicates a request may ask for, and a presentation may prove.
pub const MAX_PREDICATES: usize = 64;

/// How many decimal digits a number may have. The longest of an honest prover, `v`, has 922.
pub const MAX_DIGITS: usize = 1300;

/// How many lists and objects a case that was not read from text may be nested in: as many as
/// `serde_json` reads.
pub const MAX_DEPTH: usize = 128;

/// How many objects deep a restriction may be nested, as written. It bounds the recursion of
/// everything that walks a restriction.
pub const MAX_RESTRICTION_DEPTH: usize = 32;
