//! Link secrets that are imported.

use std::fmt;

use wallet::{Wallet, WalletError, category::LINK_SECRET, record::NewRecord};
use zeroize::Zeroizing;

use super::{Count, Renamed, line};
use crate::error::AnoncredsError;

/// The greatest length of a link secret's name, in bytes, as PostgreSQL's indexes take it.
const MAX_NAME_LENGTH: usize = 1_024;

/// A link secret and its name.
pub(super) struct NamedSecret {
    name: String,
    /// In the library's form.
    json: Zeroizing<String>,
}

/// Shows the name only.
impl fmt::Debug for NamedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NamedSecret").field("name", &self.name).finish_non_exhaustive()
    }
}

impl NamedSecret {
    /// Checks a link secret in the library's form.
    ///
    /// # Errors
    ///
    /// A sentence that names the member that is missing or wrong.
    pub(super) fn new(name: String, json: Zeroizing<String>) -> Result<Self, String> {
        if name.is_empty() || name.len() > MAX_NAME_LENGTH {
            return Err(format!(
                "a link secret's name has {} bytes, and 1 to {MAX_NAME_LENGTH} are allowed",
                name.len()
            ));
        }
        line::check_link_secret(&json)
            .map_err(|reason| format!("in link secret `{name}`, {reason}"))?;
        Ok(Self { name, json })
    }

    /// Stores the link secret under its name, or under the new one.
    pub(super) async fn store(
        self,
        wallet: &Wallet,
        renamed: &Renamed,
        count: &mut Count,
    ) -> Result<(), AnoncredsError> {
        let name = renamed.get(&self.name).unwrap_or(&self.name);
        let record =
            NewRecord { category: LINK_SECRET, name, value: self.json.as_bytes(), tags: &[] };
        match wallet.insert_record(record).await {
            Ok(()) => {
                count.imported += 1;
                Ok(())
            }
            Err(WalletError::ItemAlreadyExists { .. }) => {
                let held = wallet.fetch_record(LINK_SECRET, name).await?;
                if held.is_some_and(|held| is_same(&held, self.json.as_bytes())) {
                    count.skipped += 1;
                    return Ok(());
                }
                Err(AnoncredsError::LinkSecretConflict {
                    name: name.clone(),
                    wallet: wallet.id().to_owned(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns whether two texts have the same link secret, however they are spaced.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Outer<'s> {
        #[serde(borrow)]
        value: Inner<'s>,
    }
    #[derive(serde::Deserialize)]
    struct Inner<'s> {
        ms: &'s str,
    }
    let digits = |bytes| serde_json::from_slice::<Outer<'_>>(bytes).map(|outer| outer.value.ms);
    matches!((digits(one), digits(other)), (Ok(one), Ok(other)) if one == other)
}
