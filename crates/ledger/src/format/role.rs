//! Roles: what a DID may do on the ledger.

/// A role that a NYM transaction gives to a DID. A DID without a role may only read and change
/// its own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `0`: adds and removes anyone.
    Trustee,
    /// `2`: runs a node; adds trust anchors.
    Steward,
    /// `101`, called endorser since 2019: writes schemas and credential definitions, adds
    /// identities without a role.
    TrustAnchor,
    /// `201`: reads the nodes' state.
    NetworkMonitor,
}

impl Role {
    /// Returns the code that the ledger stores.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Trustee => "0",
            Self::Steward => "2",
            Self::TrustAnchor => "101",
            Self::NetworkMonitor => "201",
        }
    }

    /// Returns the role of a code; `None` for a code that no role has.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Trustee, Self::Steward, Self::TrustAnchor, Self::NetworkMonitor]
            .into_iter()
            .find(|role| role.code() == code)
    }
}
