//! The bridge between the draft and AnonCreds: predicates, and answers in zero knowledge.
//!
//! The draft leaves zero-knowledge predicates to "a later version" of itself, and names
//! `json-ld/CLSignature2019` among the proof types that a verifier may accept (sections "Zero Knowledge Proofs"
//! and "Proof Request Message Example"). No such version was found. This crate supplies it: a criterion may have
//! `predicates`, and is then answered by an AnonCreds presentation instead of signed attributes.
//!
//! What needs an Indy ledger is here too: [`LedgerObjects`] reads schemas and credential definitions, and
//! [`SovResolver`] resolves `did:sov`.
//!
//! # The translation
//!
//! An AnonCreds request is never sent. Holder and verifier derive it from the criterion, with a [`nonce()`] that stands
//! for the whole proof request, the criterion and the holder, so that an answer is valid for these and for nothing
//! else. The criterion leaves the answer's [`Shape`] to the holder: how many credentials, and which optional
//! attributes each shows.
//!
//! | criterion | AnonCreds request |
//! |---|---|
//! | each credential | a group (`names`), with the referent `credential_1`, `credential_2`, ... |
//! | `schema`, `issuers.dids` | in every referent, `restrictions`: any of the issuers, with the schema |
//! | required attributes | the names of the group, so that they come from one credential |
//! | no attribute and no predicate, which asks for all | the names of the group are those of the schema |
//! | an optional attribute | a name of the group, where the holder shows it |
//! | each predicate | `credential_1_predicate_1`, ..., once for each credential |
//! | `min` to `max` | as many groups |
//! | `description` | the request's `name` |
//!
//! A criterion like this one, answered by one credential, becomes the request below.
//!
//! ```
//! # use negotiate_exchange_anoncreds::{Shape, to_anoncreds};
//! # use exchange::{did::Did, message::{Mode, ProofRequest, Received}};
//! # use serde_json::json;
//! let criterion = json!({
//!     "description": "Who you are, and that you are of age", "reason": "We sell wine",
//!     "issuers": {"dids": ["did:sov:NcYxiDXkpYi6ov5FcYDi1e"]},
//!     "schema": "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
//!     "properties": [{"name": "name", "required": true}, {"name": "height", "required": false}],
//!     "predicates": [{"name": "age", "p_type": ">=", "p_value": 18}],
//!     "min": 1, "max": 1
//! });
//! # let document = json!({
//! #     "id": "eedeec15-c364-4e4c-b7a7-871413e412f9", "proofURL": "https://example.com/answer",
//! #     "proofRequest": {"criteria": [criterion], "description": "Wine",
//! #         "verifier": "did:work:WrgHL2icHVN8vwZtY9YmjY"},
//! #     "proof": {"type": "Ed25519VerificationKey2018", "created": "2019-04-01T11:38:12Z", "creator": "key-1",
//! #         "nonce": "70b5a966-e818-44a5-8d0f-3873bb10980a",
//! #         "signatureValue": "3FQAREE3D9YCgHjqj54gQ9BZnRhkCur1tTUoovBUuFRh"}
//! # });
//! # let request = Received::<ProofRequest>::of(document, Mode::Usual)?;
//! # let holder: Did = "did:sov:VsKV7grR1BUE29mG2Fm2kX".parse()?;
//! // the holder does not show the height
//! let shape = Shape { groups: vec![["name".to_owned()].into()] };
//! let translation = to_anoncreds(&request, 0, &shape, &holder)?;
//!
//! let restrictions = json!([
//!     {"issuer_did": "NcYxiDXkpYi6ov5FcYDi1e", "schema_id": "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0"}]);
//! assert_eq!(translation.request, json!({
//!     "nonce": translation.request["nonce"],
//!     "name": "Who you are, and that you are of age", "version": "1.0",
//!     "requested_attributes": {
//!         "credential_1": {"names": ["name"], "restrictions": restrictions}},
//!     "requested_predicates": {
//!         "credential_1_predicate_1":
//!             {"name": "age", "p_type": ">=", "p_value": 18, "restrictions": restrictions}}
//! }));
//! let lost: Vec<&str> = translation.losses.iter().map(|loss| &*loss.pointer).collect();
//! assert_eq!(lost, [
//!     "/proofRequest/criteria/0/reason",
//!     "/proofRequest/criteria/0/properties/1/required",
//!     "/proofRequest/criteria/0/predicates/0",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What AnonCreds cannot express
//!
//! An AnonCreds request does not express that a predicate is about the credential of a group: without more, a holder
//! could show one person's name and prove another one's age. Neither does it express that two groups are answered from
//! different credentials: six payslips could be one, shown six times. Both are what the criterion means, so
//! [`ClChecker`] checks them on the answer: the referents of one credential share one sub-proof, those of different
//! ones do not, and two credentials differ visibly: by the key of the issuer, or by an attribute that both show with
//! different values. Where nothing shows a difference, the answer is refused.
//!
//! A criterion has no revocation interval, so that its AnonCreds request has none either: a credential that its issuer
//! has revoked since still answers.
//!
//! A presentation is tied to the DID of the holder that made it, not to a DID to which the credentials were issued:
//! AnonCreds credentials name no subject. The link secret shows that they belong together: it is the same for all
//! credentials of a presentation.
//!
//! # The other direction
//!
//! [`from_anoncreds`] makes criteria of an AnonCreds request. Both directions report what is lost: [`Loss`].

mod answer;
mod checker;
mod choose;
mod criterion;
mod difference;
mod error;
mod from_anoncreds;
mod limits;
mod nonce;
mod objects;
mod origin;
mod shape;
mod sov;
mod sub_proofs;
mod to_anoncreds;

pub use answer::{Answer, answer, candidates};
pub use checker::ClChecker;
pub use choose::Prover;
pub use error::{BridgeError, Loss};
pub use from_anoncreds::{TranslatedCriteria, from_anoncreds};
pub use limits::MAX_CREDENTIALS;
pub use nonce::nonce;
pub use objects::{LedgerObjects, ObjectError, PublicObjects};
pub use shape::Shape;
pub use sov::SovResolver;
pub use to_anoncreds::{TranslatedRequest, to_anoncreds};
