//! The holder: keeps credentials, finds those that answer a request, and answers it.
//!
//! 1. [`keep_verified`] checks a credential's signatures and puts it into the holder's wallet.
//! 2. [`search`] finds, for each criterion of a request, the credentials that answer it, and says why where there
//!    are too few. The wallet's tags are an index for it: what it costs does not grow with the wallet.
//! 3. [`choose`] takes among them in a documented order, or the holder names them.
//! 4. [`respond`] makes and signs the response, which shows what was asked for and nothing else.
//!
//! Sections "Protocol Steps" and "Proof Response" of the draft.

mod answer;
mod candidate;
mod choose;
mod form;
mod import;
mod keep;
mod problem;
mod respond;
mod search;
mod shortage;
mod tags;
mod verified;

pub use answer::{Answer, AnswerError, Shown, check_answers};
pub use candidate::Candidate;
pub use choose::{ChooseError, Disclose, choose};
pub use form::NoAcceptedType;
pub use import::{ImportError, ImportReport, import};
pub use keep::{CATEGORY, KeepError, Kept, forget, get, keep};
pub use problem::Problem;
pub use respond::{Moment, RespondError, respond};
pub use search::{CriterionSearch, Found, SearchError, search};
pub use shortage::{Reason, Shortage};
pub use verified::{UnverifiedError, check_signatures, keep_verified};
