//! How a command ended.

use std::process::ExitCode;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything is good. Exit code 0.
    Good,
    /// A proof, a request or a response is rejected, or has no answer. Exit code 1.
    Bad,
    /// Some input could not be read, and the errors have been printed; or a verdict is undecided.
    /// Exit code 2.
    Undecided,
}

impl Status {
    /// Returns [`Good`](Self::Good) or [`Bad`](Self::Bad).
    pub fn good_if(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Good => 0,
            Status::Bad => 1,
            Status::Undecided => 2,
        })
    }
}
