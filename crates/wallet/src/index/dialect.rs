//! The SQL that SQLite and PostgreSQL do not share.

/// The differences between SQLite and PostgreSQL.
pub(super) struct Dialect {
    /// After `items_tags`: use our index or fail. PostgreSQL has no such hint.
    pub(super) by_terms: &'static str,
    /// After `items`: use our index of records that expire.
    pub(super) by_expiry: &'static str,
    /// The condition that a record `e` has expired.
    pub(super) expired: &'static str,
}

pub(super) const SQLITE: Dialect = Dialect {
    by_terms: "INDEXED BY ix_negotiate_terms",
    by_expiry: "INDEXED BY ix_negotiate_expiry",
    expired: "DATETIME(e.expiry) <= DATETIME('now')",
};

#[cfg(feature = "postgres")]
pub(super) const POSTGRES: Dialect =
    Dialect { by_terms: "", by_expiry: "", expired: "e.expiry <= CURRENT_TIMESTAMP" };
