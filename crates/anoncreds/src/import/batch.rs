//! Credentials that go into one transaction.

use std::collections::BTreeSet;

use indy_credx::types::Credential;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wallet::{
    Wallet,
    category::CREDENTIAL,
    record::{NewRecord, Tag},
};
use zeroize::Zeroizing;

use super::{Count, Renamed, members};
use crate::{
    classes,
    error::AnoncredsError,
    stored::{self, ClassEntry, CredentialView, Origin},
};

/// How many credentials are written in one transaction. Large batches write each page of the index
/// less often, but make other writers wait, for seconds at most.
pub(super) const BATCH: usize = 2_000;

/// How many bytes of credentials are written in one transaction, if these are large.
const BATCH_BYTES: usize = 32 << 20;

/// Credentials that go into one transaction.
#[derive(Default)]
pub(super) struct Batch {
    credentials: Vec<Prepared>,
    bytes: usize,
    classes: BTreeSet<ClassEntry>,
}

struct Prepared {
    /// Where it comes from, for errors.
    place: String,
    id: String,
    value: Zeroizing<Vec<u8>>,
    tags: Vec<Tag>,
}

/// What is known of a credential besides its own JSON.
#[derive(Default, Serialize)]
pub(super) struct Besides {
    /// What the registry's objects say.
    #[serde(skip_serializing_if = "Origin::is_empty")]
    pub origin: Origin,
    /// The name of the link secret that it was issued for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_secret: Option<String>,
}

impl Batch {
    pub(super) fn is_full(&self) -> bool {
        self.credentials.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    /// Checks a credential and adds it. Without an id it gets one that follows from it.
    ///
    /// # Errors
    ///
    /// A sentence that names the member that is missing or wrong.
    pub(super) fn add(
        &mut self,
        place: String,
        id: Option<String>,
        json: Zeroizing<String>,
        besides: Besides,
    ) -> Result<(), String> {
        members::check(&members::CREDENTIAL, &json)?;
        let json = with_members(json, besides)?;
        // the library's own type decides what a credential is
        credx::parse::<Credential>(&json).map_err(|error| error.to_string())?;
        let view: CredentialView = serde_json::from_str(&json)
            .map_err(|_| "a member is not what a credential has".to_owned())?;
        let id = id.unwrap_or_else(|| hex(&Sha256::digest(json.as_bytes())));
        stored::check_names(&id, &view).map_err(|error| error.to_string())?;
        self.classes.insert(view.class());
        self.bytes += json.len();
        self.credentials.push(Prepared {
            place,
            id,
            value: Zeroizing::new(json.as_bytes().to_vec()),
            tags: stored::to_record_tags(&view.tags()),
        });
        Ok(())
    }

    /// Stores the batch with its classes, in one transaction.
    pub(super) async fn write(
        self,
        wallet: &Wallet,
        count: &mut Count,
    ) -> Result<(), AnoncredsError> {
        if self.credentials.is_empty() {
            return Ok(());
        }
        let records: Vec<NewRecord<'_>> = self
            .credentials
            .iter()
            .map(|prepared| NewRecord {
                category: CREDENTIAL,
                name: &prepared.id,
                value: &prepared.value,
                tags: &prepared.tags,
            })
            .collect();
        let inserted = classes::insert_with_classes(wallet, &records, &self.classes).await?;
        count.imported += inserted as u64;
        count.skipped += (records.len() - inserted) as u64;
        if inserted < records.len() {
            self.check_skipped(wallet).await?;
        }
        Ok(())
    }

    /// Checks that the wallet holds what was skipped: another credential with the same id would be
    /// lost without notice.
    async fn check_skipped(&self, wallet: &Wallet) -> Result<(), AnoncredsError> {
        for prepared in &self.credentials {
            let held = wallet.fetch_record(CREDENTIAL, &prepared.id).await?;
            if !held.is_some_and(|held| is_same_credential(&held, &prepared.value)) {
                return Err(AnoncredsError::InvalidStructure {
                    what: prepared.place.clone(),
                    reason: format!(
                        "the wallet holds another credential under the id `{}`, which was kept",
                        prepared.id
                    ),
                    remedy: "delete that one first if it is not needed, or import into another wallet; what was \
                             imported is skipped then",
                });
            }
        }
        Ok(())
    }
}

/// The members that this crate adds to a credential.
const ADDED: [&str; 2] = ["origin", "link_secret"];

/// Returns whether two records have the same credential, whatever else is known of it.
fn is_same_credential(one: &[u8], other: &[u8]) -> bool {
    let parse = |bytes| {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        for added in ADDED {
            value.as_object_mut()?.remove(added);
        }
        Some(value)
    };
    one == other || parse(one).is_some_and(|one| Some(one) == parse(other))
}

/// Gives the link secret that a credential names the new name that it has here.
pub(super) fn rename_link_secret(
    credential: Zeroizing<String>,
    renamed: &Renamed,
) -> Result<Zeroizing<String>, String> {
    let named = |credential: &str| -> Option<String> {
        let members = members::members(credential)?;
        let name: String = serde_json::from_str(members.get("link_secret")?.get()).ok()?;
        renamed.get(&name).cloned()
    };
    let Some(name) = (if renamed.is_empty() { None } else { named(&credential) }) else {
        return Ok(credential);
    };
    let mut value: Value =
        serde_json::from_str(&credential).map_err(|_| "it is not JSON".to_owned())?;
    if let Some(member) = value.get_mut("link_secret") {
        *member = Value::from(name);
    }
    Ok(Zeroizing::new(value.to_string()))
}

/// Adds what is known besides to a credential, as members of it.
fn with_members(
    credential: Zeroizing<String>,
    mut besides: Besides,
) -> Result<Zeroizing<String>, String> {
    // an exported credential has them already
    if let Some(has) = members::members(&credential) {
        if has.contains_key("origin") {
            besides.origin = Origin::default();
        }
        if has.contains_key("link_secret") {
            besides.link_secret = None;
        }
    }
    let added = serde_json::to_string(&besides).map_err(|error| error.to_string())?;
    let added = added.strip_prefix('{').and_then(|added| added.strip_suffix('}'));
    let added = added.unwrap_or_default();
    let body = credential.trim_end().strip_suffix('}').filter(|_| !added.is_empty());
    Ok(match body {
        Some(body) => Zeroizing::new(format!("{body},{added}}}")),
        None => credential,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
