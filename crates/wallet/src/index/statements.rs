//! The statements that read.
//!
//! Each reads an index in its order and stops at a limit; a test checks the query plans.

use super::Index;
use crate::record::ItemId;

impl Index {
    /// A block of the first term's list: ids, each with itself when the record carries the other
    /// terms. Parameters: the id to start after, the limit, and three of each term.
    pub(super) fn block_statement(&self, others: usize) -> String {
        let mut carries_all = String::from("TRUE");
        for other in 1..=others {
            let carries = self.carrying("o", 3 * other + 3);
            // Not `EXISTS`, which PostgreSQL may answer by reading the whole list.
            carries_all.push_str(&format!(
                " AND (SELECT 1 FROM {carries} AND o.item_id = t.item_id LIMIT 1) IS NOT NULL"
            ));
        }
        let (carries, alive) = (self.carrying("t", 3), self.alive("t.item_id"));
        format!(
            "SELECT t.item_id, CASE WHEN {carries_all} THEN t.item_id END
             FROM {carries} AND t.item_id > $1 AND {alive}
             ORDER BY t.item_id LIMIT $2"
        )
    }

    /// The next id in a term's list. Parameters: the id to start after, and three of the term.
    pub(super) fn skip_statement(&self) -> String {
        format!(
            "SELECT t.item_id FROM {} AND t.item_id > $1 ORDER BY t.item_id LIMIT 1",
            self.carrying("t", 2)
        )
    }

    /// The length of a term's list. Parameters: the limit, the term's name and fingerprint.
    pub(super) fn count_statement(&self) -> String {
        format!(
            "SELECT COUNT(*) FROM (
                SELECT DISTINCT t.item_id FROM {} AND {} LIMIT $1) AS counted",
            self.listed("t", 2),
            self.alive("t.item_id")
        )
    }

    /// The records of these ids.
    pub(super) fn records_statement(&self, ids: &[ItemId]) -> String {
        // Profile, kind and category are checked by the caller, so that no planner prefers another
        // index.
        format!(
            "SELECT e.id, e.profile_id, e.kind, e.category, e.name, e.value
                 FROM items e WHERE e.id IN ({}) AND (e.expiry IS NULL OR NOT ({}))",
            comma_separated(ids),
            self.database.dialect().expired
        )
    }

    /// The distinct values of a tag. Parameter: the tag's name.
    pub(super) fn distinct_statement(&self) -> String {
        let by_terms = self.database.dialect().by_terms;
        let list = format!("FROM items_tags t {by_terms} WHERE t.plaintext = 0 AND t.name = $1");
        format!(
            "WITH RECURSIVE seen (part) AS (
                SELECT (SELECT SUBSTR(t.value, 1, 12) {list}
                        ORDER BY SUBSTR(t.value, 1, 12) LIMIT 1)
                UNION ALL
                SELECT (SELECT SUBSTR(t.value, 1, 12) {list} AND SUBSTR(t.value, 1, 12) > seen.part
                        ORDER BY SUBSTR(t.value, 1, 12) LIMIT 1)
                FROM seen WHERE seen.part IS NOT NULL)
             SELECT (SELECT t.value {list} AND SUBSTR(t.value, 1, 12) = seen.part LIMIT 1)
             FROM seen WHERE seen.part IS NOT NULL"
        )
    }

    /// A record's value. Parameters: profile, kind, category and name.
    pub(super) fn stored_statement(&self) -> String {
        format!(
            "SELECT e.value FROM items e
             WHERE e.profile_id = $1 AND e.kind = $2 AND e.category = $3 AND e.name = $4
             AND (e.expiry IS NULL OR NOT ({}))",
            self.database.dialect().expired
        )
    }

    /// The rows of a term, whose name and fingerprint are the parameters from `first` on.
    fn listed(&self, table: &str, first: usize) -> String {
        format!(
            "items_tags {table} {} WHERE {table}.plaintext = 0 AND {table}.name = ${first}
             AND SUBSTR({table}.value, 1, 12) = ${}",
            self.database.dialect().by_terms,
            first + 1
        )
    }

    /// The rows of a term, whose name, fingerprint and value are the parameters from `first` on.
    fn carrying(&self, table: &str, first: usize) -> String {
        format!("{} AND {table}.value = ${}", self.listed(table, first), first + 2)
    }

    /// Whether the record of this id has not expired.
    fn alive(&self, id: &str) -> String {
        let dialect = self.database.dialect();
        format!(
            "NOT EXISTS (SELECT 1 FROM items e {} WHERE e.id = {id} AND e.expiry IS NOT NULL AND {})",
            dialect.by_expiry, dialect.expired
        )
    }
}

fn comma_separated(ids: &[ItemId]) -> String {
    let ids: Vec<String> = ids.iter().map(ItemId::to_string).collect();
    ids.join(",")
}
