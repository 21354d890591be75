//! Ids and nonces of new messages: random, unless a test needs the same ones again.

use uuid::{Builder, Uuid};

use crate::error::ExchangeError;

/// A source of ids and nonces, none of which it gives twice.
///
/// Any iterator over UUIDs is a source, so that a test can fix them:
///
/// ```
/// use negotiate_exchange::id::IdSource;
///
/// let mut ids = (1..).map(uuid::Uuid::from_u128);
/// assert_eq!(ids.next_id()?.as_u128(), 1);
/// # Ok::<(), negotiate_exchange::error::ExchangeError>(())
/// ```
pub trait IdSource: Send {
    /// Returns the next id.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::Other`]: there is none.
    fn next_id(&mut self) -> Result<Uuid, ExchangeError>;
}

/// Random UUIDs (version 4), from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&mut self) -> Result<Uuid, ExchangeError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(no_id)?;
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl<I: Iterator<Item = Uuid> + Send> IdSource for I {
    fn next_id(&mut self) -> Result<Uuid, ExchangeError> {
        self.next().ok_or_else(|| no_id("the list of ids is exhausted"))
    }
}

fn no_id(reason: impl std::fmt::Display) -> ExchangeError {
    ExchangeError::Other(format!("cannot get a random number for a new id: {reason}; try again"))
}
