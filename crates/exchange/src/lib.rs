#![doc = include_str!("../README.md")]

pub mod check;
mod date;
pub mod did;
pub mod error;
mod fit;
pub mod holder;
pub mod id;
pub mod issuer;
mod json;
pub mod key;
mod making;
pub mod message;
mod pem;
pub mod schema;
pub mod signature;
pub mod verifier;
