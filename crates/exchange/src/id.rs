//! Ids and nonces of new messages: random, unless a test needs the same ones again.

use uuid::{Builder, Uuid};

/// A source has no further id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot get a random number for a new id: {reason}; try again")]
pub struct IdError {
    /// Why, as a clause.
    pub reason: String,
}

/// A source of ids and nonces, none of which it gives twice.
///
/// Any iterator over UUIDs is a source, so that a test can fix them:
///
/// ```
/// use negotiate_exchange::id::IdSource;
///
/// let mut ids = (1..).map(uuid::Uuid::from_u128);
/// assert_eq!(ids.next_id().map(|id| id.as_u128()), Ok(1));
/// ```
pub trait IdSource: Send {
    /// Returns the next id.
    ///
    /// # Errors
    ///
    /// [`IdError`].
    fn next_id(&mut self) -> Result<Uuid, IdError>;
}

/// Random UUIDs (version 4), from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next_id(&mut self) -> Result<Uuid, IdError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| IdError { reason: error.to_string() })?;
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl<I: Iterator<Item = Uuid> + Send> IdSource for I {
    fn next_id(&mut self) -> Result<Uuid, IdError> {
        self.next().ok_or_else(|| IdError { reason: "the list of ids is exhausted".to_owned() })
    }
}
