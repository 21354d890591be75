//! The shape of the old Indy SDK over today's maintained parts.
//!
//! The "Negotiate a Proof" tutorial is written against five modules of libindy. They are here, with a sixth,
//! under the same names, with the same function names, but they take and give typed values
//! instead of JSON strings, and are `async` where they wait:
//!
//! | module | what it is for | what is behind it |
//! |---|---|---|
//! | [`pool`] | create, open, close and delete a ledger connection | an embedded ledger, or a pool of nodes |
//! | [`ledger`] | build, sign and submit ledger requests | the Indy node's own request format |
//! | [`wallet`] | create, open, close and delete encrypted wallets | `aries-askar` |
//! | [`did`] | create DIDs and keep their keys | `aries-askar` |
//! | [`non_secrets`] | records of other programs' own in a wallet | `aries-askar`, and an index beside it |
//! | [`anoncreds`] | issue, search, prove, verify | `indy-credx` and `proofs` |
//!
//! Every failure is one of the enums in [`error`], with a stable code named after libindy's.

pub mod anoncreds;
pub mod did;
pub mod error;
mod format;
pub mod ledger;
pub mod non_secrets;
pub mod pool;
pub mod wallet;
