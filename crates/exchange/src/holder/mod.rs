//! The holder: stores credentials, finds those that answer a request, and answers it.
//!
//! 1. [`check_signatures`] checks a credential's signatures, and [`store`] stores it in the
//!    holder's wallet.
//! 2. [`search`] finds, for each criterion of a request, the credentials that answer it, and says
//!    why where there are too few. The wallet's tags are an index for it: the cost does not grow
//!    with the wallet.
//! 3. [`choose`] picks among them in a documented order, or the holder names them.
//! 4. A [`PreparedResponse`] says what the response shows, which is what the request asks for and
//!    nothing else, and signs it.
//!
//! Sections "Protocol Steps" and "Proof Response" of the draft.

mod answer;
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

pub use answer::{CriterionAnswer, ShownCredential};
pub use choose::{OptionalAttributes, choose};
pub use criterion_search::{Candidate, CriterionSearch};
pub use import::{ImportReport, import};
pub use respond::PreparedResponse;
pub use search::{CriterionMatches, search};
pub use signatures::{SignatureCheck, check_signatures};
pub use store::{CATEGORY, get, store};
