//! Proof Requests and Proof Responses: messages, signatures, holder and verifier of the second specification.
//!
//! A verifier asks for data in a *Proof Request*: a list of criteria, each naming a schema (or a linked-data
//! type), the issuers that are trusted for it, the attributes that are needed, and how many credentials. A
//! holder answers with a *Proof Response*: for each criterion, presentations of credentials whose attributes
//! the issuer signed one by one, so that the holder can show some and hide the others. The draft is
//! "Addition of Proof Request/Response to the W3C Verifiable Credentials specification" (Workday, 2019).
//!
//! | module | subject |
//! |---|---|
//! | [`message`] | requests, criteria, responses, presentations, credentials: parsed, checked, written |
//! | [`schema`] | which attributes a schema has, where that can be looked up |
//! | [`signature`] | the bytes that each proof type signs, and signing and verifying them |
//! | [`did`] | DIDs, their documents, and how they are resolved |
//! | [`key`] | private keys that sign, in memory or in a wallet |
//! | [`id`] | sources of ids and nonces |
//! | [`issuer`] | credentials whose attributes are signed one by one |
//! | [`holder`] | which credentials answer a request, the choice among them, the response |
//! | [`verifier`] | the checks of a response, and the verdict |
//! | [`check`] | the names of those checks |
//! | [`error`] | why a message is not made, or the wallet cannot be used for it |
//!
//! Nothing here knows of HTTP, of AnonCreds or of ledgers: the crates `exchange-http` and
//! `exchange-anoncreds` are built on this one.

pub mod check;
mod date;
pub mod did;
pub mod error;
mod fit;
pub mod holder;
pub mod id;
pub mod issuer;
mod json;
pub mod key;
mod making;
pub mod message;
mod pem;
pub mod schema;
pub mod signature;
pub mod verifier;
