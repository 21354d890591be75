//! The format of an Indy node's requests and replies: what this crate builds, and what the embedded
//! ledger of [`crate::pool`] reads and answers.
//!
//! | module | subject |
//! |---|---|
//! | `identifiers` | DIDs, verification keys, identifiers of schemas and credential definitions |
//! | `role` | what a DID may do |
//! | `signing` | the text that is signed in place of the JSON |
//! | `message` | a request's text, and its limits |
//! | `refusal` | `REQNACK` and `REJECT` |
//! | `python` | values as nodes print them |
//! | `genesis` | the genesis transactions of a pool |

pub(crate) mod python;

mod genesis;
mod identifiers;
mod message;
mod refusal;
mod role;
mod signing;

pub(crate) use genesis::Genesis;
pub(crate) use identifiers::{
    cred_def_id, decode_did, decode_verkey, is_verkey, schema_id, split_cred_def_id,
    split_schema_id,
};
pub use message::MAX_REQUEST_BYTES;
pub(crate) use message::parse_request;
pub(crate) use refusal::{Reason, reject, reqnack, reqnack_malformed};
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
    pub(crate) const GET_REVOC_REG_DEF: &str = "115";
    pub(crate) const GET_REVOC_REG: &str = "116";
}

/// The longest name, alias, tag or attribute name that a node takes, in characters.
pub(crate) const MAX_NAME_LENGTH: usize = 256;
/// The most attributes that a schema may have.
pub(crate) const MAX_ATTRIBUTES: usize = 125;
/// The longest version of a schema, in characters.
pub(crate) const MAX_VERSION_LENGTH: usize = 128;

/// Returns whether `version` is two or three decimal numbers joined by dots.
pub(crate) fn is_schema_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    matches!(parts.len(), 2 | 3)
        && version.len() <= MAX_VERSION_LENGTH
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
