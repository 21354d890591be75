//! The genesis transactions of a pool: its nodes, their addresses and keys.

use serde_json::Value;

/// The `type` of a node's transaction.
const NODE: &str = "0";

/// Transactions that were read and checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Genesis {
    transactions: Vec<Value>,
}

impl Genesis {
    /// The longest file, in bytes; far more than any pool has, with about 1 KiB a node.
    pub(crate) const MAX_BYTES: u64 = 4 * 1024 * 1024;

    /// Parses JSON lines, each a transaction, at least one of them a node's.
    ///
    /// # Errors
    /// What is wrong, and in which line.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > Self::MAX_BYTES {
            return Err(format!("it is longer than {} bytes", Self::MAX_BYTES));
        }
        let text = str::from_utf8(bytes).map_err(|error| format!("it is not text: {error}"))?;
        let mut transactions = Vec::new();
        let mut nodes = 0;
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() {
                continue;
            }
            let transaction: Value = serde_json::from_str(line)
                .map_err(|error| format!("line {number} is not JSON: {error}"))?;
            let is_node = is_node(&transaction)
                .map_err(|problem| format!("line {number} is not a transaction: {problem}"))?;
            nodes += usize::from(is_node);
            transactions.push(transaction);
        }
        if nodes == 0 {
            return Err("it names no node of a pool".to_owned());
        }
        Ok(Self { transactions })
    }

    /// Returns the transactions as JSON lines.
    pub(crate) fn to_lines(&self) -> String {
        self.transactions.iter().map(|transaction| format!("{transaction}\n")).collect()
    }
}

/// Returns whether a transaction is a node's.
///
/// # Errors
/// When it is not a transaction, or lacks what is needed to reach the node.
fn is_node(transaction: &Value) -> Result<bool, String> {
    let Some(operation_type) = transaction.pointer("/txn/type").and_then(Value::as_str) else {
        return Err("it has no /txn/type".to_owned());
    };
    if operation_type != NODE {
        return Ok(false);
    }
    for pointer in ["/txn/data/dest", "/txn/data/data/alias"] {
        if !transaction.pointer(pointer).is_some_and(Value::is_string) {
            return Err(format!("a node's transaction needs a text at {pointer}"));
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::Genesis;

    const NODE: &str = r#"{"txn":{"data":{"data":{"alias":"Node1"},"dest":"Gw6p"},"type":"0"}}"#;

    #[test]
    fn transactions_are_written_as_they_were_read() {
        let genesis = Genesis::parse(format!("{NODE}\n\n{NODE}").as_bytes()).expect("a genesis");
        assert_eq!(genesis.to_lines(), format!("{NODE}\n{NODE}\n"));
    }

    #[test]
    fn a_genesis_without_a_node_is_refused_with_the_line() {
        for (text, expected) in [
            ("", "no node"),
            ("{", "line 1 is not JSON"),
            ("\n[]", "line 2 is not a transaction"),
            (r#"{"txn":{"type":"1","data":{}}}"#, "no node"),
            (r#"{"txn":{"type":"0","data":{}}}"#, "/txn/data/dest"),
        ] {
            let problem = Genesis::parse(text.as_bytes()).expect_err("refused");
            assert!(problem.contains(expected), "{text}: {problem}");
        }
        assert!(Genesis::parse(b"\xff").is_err());
    }
}
