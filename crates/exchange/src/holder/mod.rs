//! The holder: stores credentials, finds those that answer a request, and answers it.
//!
//! 1. [`store_verified`] checks a credential's signatures and stores it in the holder's wallet.
//! 2. [`search`] finds, for each criterion of a request, the credentials that answer it, and says why where there
//!    are too few. The wallet's tags are an index for it: the cost does not grow with the wallet.
//! 3. [`choose`] picks among them in a documented order, or the holder names them.
//! 4. [`respond`] makes and signs the response, which shows what the request asks for and nothing else. A
//!    [`PreparedResponse`] says first what that is.
//!
//! Sections "Protocol Steps" and "Proof Response" of the draft.

mod answer;
mod candidate;
mod choose;
mod criterion_search;
mod format;
mod import;
mod respond;
mod search;
mod signatures;
mod store;
mod tags;
mod unmatched;

pub use answer::{AnswerError, CriterionAnswer, ShownCredential};
pub use candidate::Candidate;
pub use choose::{ChooseError, OptionalAttributes, choose};
pub use criterion_search::{CriterionSearch, SearchError};
pub use format::NoAcceptedType;
pub use import::{ImportError, ImportReport, import};
pub use respond::{Environment, PreparedResponse, RespondError, respond};
pub use search::{CriterionMatches, search};
pub use signatures::{SignatureCheck, UnverifiedError, check_signatures, store_verified};
pub use store::{CATEGORY, StoreError, Stored, get, remove, store};
pub use unmatched::Unmatched;
