//! The categories of the records that the crates of this workspace keep in a wallet.

/// DIDs with their verification keys.
pub const DID: &str = "did";
/// The key of the search index.
pub const SEARCH: &str = "search";
/// Credentials of the holder.
pub const CREDENTIAL: &str = "credential";
/// What the holder's credentials have in common.
pub const CREDENTIAL_CLASSES: &str = "credential_classes";
/// Credential definitions with their private parts.
pub const CREDENTIAL_DEFINITION: &str = "credential_definition";
/// Requests for credentials that are not answered yet.
pub const CREDENTIAL_REQUEST: &str = "credential_request";
/// Link secrets.
pub const LINK_SECRET: &str = "link_secret";

/// Categories that are not open to other programs' records.
pub(crate) const RESERVED: [&str; 7] = [
    CREDENTIAL,
    CREDENTIAL_CLASSES,
    CREDENTIAL_DEFINITION,
    CREDENTIAL_REQUEST,
    DID,
    LINK_SECRET,
    SEARCH,
];
