//! The request format of an Indy node: what this crate builds and the embedded ledger
//! of [`crate::pool`] reads.

mod identifiers;
mod role;
mod signing;

pub(crate) use identifiers::{decode_did, decode_verkey, is_verkey};
pub use role::Role;
pub(crate) use signing::{digest_input, signature_input};

/// The only protocol version that today's nodes accept.
pub const PROTOCOL_VERSION: u32 = 2;

/// The transaction types of the requests, as nodes number them.
pub(crate) mod operation_type {
    pub(crate) const NYM: &str = "1";
    pub(crate) const SCHEMA: &str = "101";
    pub(crate) const CRED_DEF: &str = "102";
    pub(crate) const GET_NYM: &str = "105";
    pub(crate) const GET_SCHEMA: &str = "107";
    pub(crate) const GET_CRED_DEF: &str = "108";
}

/// The longest name, alias, tag or attribute name that a node takes, in characters.
pub(crate) const NAME_LIMIT: usize = 256;
/// The most attributes that a schema may have.
pub(crate) const ATTRIBUTES_LIMIT: usize = 125;

/// Whether `version` is two or three decimal numbers joined by dots.
pub(crate) fn is_schema_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    matches!(parts.len(), 2 | 3)
        && version.len() <= 128
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
