//! The checks of a response, and the verdict.
//!
//! A response is verified if every [`ExchangeCheck`](crate::check::ExchangeCheck) passes that the
//! [policy](ExchangePolicy) does not relax. The verdict is of the same kind as that of an AnonCreds
//! presentation: all checks by name, each passed, failed or not reached; a failure says where (a
//! JSON pointer into the response, or into the request for what starts with `/proofRequest` or
//! belongs to a check of the request), what was expected, what was found, and what to do.
//!
//! The draft says what a response consists of (section "Proof Response Message Structure"), and
//! leaves it to the verifier what to check.
//!
//! What costs little comes first. Keys are resolved and signatures verified only if everything else
//! holds: the size, the shapes, the request's id and time, the criteria, the contents of the
//! credentials, the dates. Proofs in zero knowledge come last. A response that fails early causes
//! little work.
//!
//! | module | checks |
//! |---|---|
//! | `size` | `size` |
//! | `conversation` | `in-time`, `answers-request`, `criteria-answered`, `accepted-types` |
//! | `contents` | `issuers`, `schema-or-type`, `attributes`, `subject`, `count`, `distinct-credentials` |
//! | `dates` | `dates` |
//! | `keys`, `signatures` | `request-signature`, `response-signature`, `presentation-signatures`, `attribute-signatures` |
//! | `zero_knowledge` | `zero-knowledge` |

mod contents;
mod conversation;
mod create;
mod dates;
mod exchange_verifier;
mod keys;
mod policy;
mod signatures;
mod size;
mod view;
mod zero_knowledge;

pub use create::{NewRequest, create_request};
pub use exchange_verifier::ExchangeVerifier;
pub use keys::MAX_DIDS;
pub use policy::ExchangePolicy;
pub use signatures::MAX_SIGNATURE_FAILURES;
pub use size::MAX_WORK;
/// The memory in which an [`ExchangeVerifier`] records the ids of answered requests, in memory and
/// in a file.
pub use stdx::accepted::{
    AcceptedFile, AcceptedInMemory, AcceptedOnce, MemoryError, MemoryFailure,
};
pub use zero_knowledge::{ZeroKnowledge, ZeroKnowledgeFindings};

use stdx::accepted::Entries;

/// The ids of answered requests, as the entries of a file that remembers them: an [`AcceptedFile`].
pub const REQUEST_IDS: Entries = Entries {
    one: "request id",
    many: "answered requests",
    longest: 2048,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
};
