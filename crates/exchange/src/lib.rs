//! Proof Requests and Proof Responses: the second specification, whole.
//!
//! A verifier asks for data in a *Proof Request*: a list of criteria, each naming a schema (or a linked-data
//! type), the issuers that are trusted for it, the attributes that are needed, and how many credentials. A
//! holder answers with a *Proof Response*: for each criterion, presentations of credentials whose attributes
//! the issuer signed one by one, so that the holder can show some and keep the others. The draft is
//! "Addition of Proof Request/Response to the W3C Verifiable Credentials specification" (Workday, 2019).
//!
//! | module | subject |
//! |---|---|
//! | [`message`] | requests, criteria, responses, presentations, credentials: read, checked, written |
//! | [`signature`] | the bytes that each proof type signs, and signing and verifying them |
//! | [`did`] | DIDs, their documents, and how they are resolved |
//! | [`key`] | private keys that sign, from wallets |
//! | [`fresh`] | ids and nonces |
//! | [`issuer`] | credentials whose attributes are signed one by one |
//! | [`holder`] | which credentials answer a request, the choice among them, the response |
//! | [`verifier`] | the checks of a response, and the verdict |
//! | [`check`] | the names of those checks |
//! | [`memory`] | what has been accepted, in a file, so that it is accepted once |
//! | [`bridge`] | where the draft meets AnonCreds: predicates, and answers in zero knowledge |
//! | [`http`] | the exchange over HTTP: server, client, problem documents, QR codes |

pub mod bridge;
pub mod check;
pub mod did;
pub mod fresh;
pub mod holder;
pub mod http;
pub mod issuer;
pub mod key;
mod linked_data;
pub mod memory;
pub mod message;
mod pem;
pub mod signature;
pub mod verifier;
