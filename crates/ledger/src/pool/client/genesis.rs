//! The genesis transactions of a pool: which nodes there are, and by which keys they are known.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::pool::PoolError;
use crate::pool::config::io_error;

/// Far more than any pool has: a node's transaction has about 1 KiB.
const LONGEST: u64 = 4 * 1024 * 1024;

/// The `type` of a node's transaction.
const NODE: &str = "0";

/// Transactions that were read and found good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::pool) struct Genesis {
    transactions: Vec<Value>,
}

impl Genesis {
    /// Reads a file of JSON lines, each a transaction, at least one of them a node's.
    pub(in crate::pool) fn read(path: &Path) -> Result<Self, PoolError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(io_error("read", path))?;
        Self::parse(&bytes).map_err(|problem| PoolError::InvalidGenesis {
            path: path.to_owned(),
            problem,
        })
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
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
            let is_node = check(&transaction)
                .map_err(|problem| format!("line {number} is no transaction: {problem}"))?;
            nodes += usize::from(is_node);
            transactions.push(transaction);
        }
        if nodes == 0 {
            return Err("it names no node of a pool".to_owned());
        }
        Ok(Self { transactions })
    }

    /// The transactions as JSON lines.
    pub(in crate::pool) fn to_lines(&self) -> String {
        self.transactions
            .iter()
            .map(|transaction| format!("{transaction}\n"))
            .collect()
    }
}

/// Whether a transaction is a node's, and then whether it has what is needed to reach the node.
fn check(transaction: &Value) -> Result<bool, String> {
    let Some(operation_type) = transaction.pointer("/txn/type").and_then(Value::as_str) else {
        return Err("it has no /txn/type".to_owned());
    };
    if operation_type != NODE {
        return Ok(false);
    }
    for pointer in ["/txn/data/dest", "/txn/data/data/alias"] {
        if !transaction.pointer(pointer).is_some_and(Value::is_string) {
            return Err(format!("a node's transaction has a text at {pointer}"));
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::Genesis;

    const NODE: &str = r#"{"txn":{"data":{"data":{"alias":"Node1"},"dest":"Gw6p"},"type":"0"}}"#;

    #[test]
    fn lines_of_transactions_come_back_as_they_were() {
        let genesis = Genesis::parse(format!("{NODE}\n\n{NODE}").as_bytes()).expect("good");
        assert_eq!(genesis.to_lines(), format!("{NODE}\n{NODE}\n"));
    }

    #[test]
    fn what_names_no_node_is_refused_with_the_line() {
        for (text, complaint) in [
            ("", "no node"),
            ("{", "line 1 is not JSON"),
            ("\n[]", "line 2 is no transaction"),
            (r#"{"txn":{"type":"1","data":{}}}"#, "no node"),
            (r#"{"txn":{"type":"0","data":{}}}"#, "/txn/data/dest"),
        ] {
            let problem = Genesis::parse(text.as_bytes()).expect_err("refused");
            assert!(problem.contains(complaint), "{text}: {problem}");
        }
        assert!(Genesis::parse(b"\xff").is_err());
    }
}
