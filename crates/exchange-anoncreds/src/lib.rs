#![doc = include_str!("../README.md")]

mod answer;
mod checker;
mod choose;
mod criterion;
mod difference;
mod error;
mod from_anoncreds;
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
pub use exchange::schema::ObjectError;
pub use from_anoncreds::from_anoncreds;
pub use nonce::nonce;
pub use objects::PublicObjects;
pub use shape::Shape;
pub use sov::SovResolver;
pub use to_anoncreds::to_anoncreds;

/// The most credentials in one presentation.
pub const MAX_CREDENTIALS: usize = 20;
