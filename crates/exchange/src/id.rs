//! Ids and nonces of new messages: random, unless a test needs the same ones again.

use uuid::{Builder, Uuid};

/// A source of ids and nonces, none of which it gives twice. A test gives a list.
pub type IdSource<'i> = dyn Iterator<Item = Uuid> + Send + 'i;

/// Random UUIDs (version 4), from the operating system; none if it has no random numbers.
#[derive(Debug)]
pub struct RandomIds;

impl Iterator for RandomIds {
    type Item = Uuid;

    fn next(&mut self) -> Option<Uuid> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        Some(Builder::from_random_bytes(bytes).into_uuid())
    }
}
