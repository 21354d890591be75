//! Ids and nonces of what is made here: random, unless a test needs the same ones again.

use uuid::{Builder, Uuid};

/// No further id can be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no random number can be had for a new id: {reason}; try again")]
pub struct NoFreshId {
    /// Why, as a clause.
    pub reason: String,
}

/// Where ids and nonces come from: each is another than all before.
///
/// Any iterator over UUIDs is such a source, so that a test can fix them:
///
/// ```
/// use proof_exchange::fresh::Ids;
///
/// let mut ids = (1..).map(uuid::Uuid::from_u128);
/// assert_eq!(ids.next_id().map(|id| id.as_u128()), Ok(1));
/// ```
pub trait Ids: Send {
    /// The next one.
    ///
    /// # Errors
    ///
    /// [`NoFreshId`].
    fn next_id(&mut self) -> Result<Uuid, NoFreshId>;
}

/// Random UUIDs (version 4), from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next_id(&mut self) -> Result<Uuid, NoFreshId> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| NoFreshId {
            reason: error.to_string(),
        })?;
        Ok(Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl<I: Iterator<Item = Uuid> + Send> Ids for I {
    fn next_id(&mut self) -> Result<Uuid, NoFreshId> {
        self.next().ok_or_else(|| NoFreshId {
            reason: "the list of ids has come to its end".to_owned(),
        })
    }
}
