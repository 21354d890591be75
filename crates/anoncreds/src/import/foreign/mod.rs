//! Wallets of other programs: what their records mean.
//!
//! | category | program | what it is |
//! |---|---|---|
//! | `credential` | ACA-Py | a credential in the library's form, with libindy's tags |
//! | `Indy::Credential` | indy-sdk | the same, without tags |
//! | `AnonCredsCredentialRecord` | Credo | the same in `credential`, with `credentialId` and `linkSecretId` |
//! | `W3cCredentialRecord` | Credo, since 0.5 | a credential in the W3C's form |
//! | `master_secret` | ACA-Py | a link secret in the library's form, or its decimal digits |
//! | `link_secret` | this project | a link secret in the library's form |
//! | `Indy::MasterSecret` | indy-sdk | the same |
//! | `AnonCredsLinkSecretRecord` | Credo | its decimal digits in `value`, and `linkSecretId` |
//! | `did` | ACA-Py, this project | `did` and `verkey` |
//! | `Indy::Did` | indy-sdk | the same |
//! | `DidRecord`, `DidDocumentRecord` | Credo | a DID and its document |
//! | `Indy::Key` | indy-sdk | a verkey's private key, `signkey` |
//!
//! Askar keeps private keys apart from records. A DID whose private key is not there belongs to
//! someone else.

mod dids;

use std::collections::BTreeMap;

use proofs::CredentialFacts;
use serde::Serialize;
use serde_json::{Value, json};
use stdx::text::shorten;
use wallet::{
    Wallet,
    did::{self, DidError, SigningKey},
    foreign::{ForeignRecord, ForeignStore},
    record::Tag,
};
use zeroize::Zeroizing;

use super::{
    Count, Renamed,
    batch::{Batch, Besides},
    secrets::NamedSecret,
    w3c,
};
use crate::{error::AnoncredsError, stored::Origin};

/// The categories of credentials.
const CREDENTIALS: [&str; 4] =
    ["credential", "Indy::Credential", "AnonCredsCredentialRecord", "W3cCredentialRecord"];

/// Records that this project keeps for its search, and makes anew.
const OURS: [&str; 2] = ["search", "credential_classes"];

/// How many unusable records are named.
const MAX_NAMED: usize = 20;

/// What became of the records of another program's wallet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ForeignReport {
    /// Credentials.
    pub credentials: Count,
    /// Link secrets.
    pub link_secrets: Count,
    /// DIDs with their private keys.
    pub dids: Count,
    /// How many records were left, by their category, because this project has no use for them.
    pub left: BTreeMap<String, u64>,
    /// How many records were of a known category, and could not be used.
    pub unusable: u64,
    /// The first of these, and what is wrong with each.
    pub reasons: Vec<String>,
}

impl ForeignReport {
    fn leave(&mut self, category: &str) {
        self.leave_many(category, 1);
    }

    fn leave_many(&mut self, category: &str, count: u64) {
        if count > 0 {
            *self.left.entry(category.to_owned()).or_default() += count;
        }
    }

    fn refuse(&mut self, place: &str, reason: &str) {
        self.unusable += 1;
        if self.reasons.len() < MAX_NAMED {
            self.reasons.push(format!("{place}: {reason}"));
        }
    }
}

/// Imports the credentials, link secrets and DIDs of another program's wallet, which stays as it
/// is.
///
/// Link secrets and DIDs come first. A link secret is stored under its name, or under the new one
/// in `renamed`. What the wallet holds already is skipped, so an import that was interrupted is
/// resumed by running it again. A record of another kind is counted and left, and one that cannot
/// be used is counted and named. `progress` is called with what has been stored.
///
/// # Errors
///
/// [`AnoncredsError::LinkSecretConflict`], before anything else is stored;
/// [`AnoncredsError::InvalidStructure`] if the wallet holds another credential under the same id;
/// [`AnoncredsError::Did`] if it holds a DID with another key; [`AnoncredsError::Foreign`],
/// [`AnoncredsError::Wallet`].
pub async fn import_foreign_wallet(
    wallet: &Wallet,
    store: &ForeignStore,
    renamed: &Renamed,
    mut progress: impl FnMut(&ForeignReport),
) -> Result<ForeignReport, AnoncredsError> {
    let mut report = ForeignReport::default();
    let found = Found::read(store, &mut report).await?;
    for secret in found.link_secrets {
        secret.store(wallet, renamed, &mut report.link_secrets).await?;
    }
    found.dids.store(wallet, &mut report).await?;
    progress(&report);
    for category in CREDENTIALS {
        if found.credentials.contains(&category) {
            import_category(wallet, store, category, renamed, &mut report, &mut progress).await?;
        }
    }
    wallet.index().await?.analyze().await?;
    Ok(report)
}

/// What is small enough to be read whole.
#[derive(Default)]
struct Found {
    link_secrets: Vec<NamedSecret>,
    dids: dids::Dids,
    /// The categories of credentials that there are.
    credentials: Vec<&'static str>,
}

impl Found {
    async fn read(
        store: &ForeignStore,
        report: &mut ForeignReport,
    ) -> Result<Self, AnoncredsError> {
        let mut found = Self::default();
        let keys = store.keys().await?;
        report.leave_many("keys that are not Ed25519", keys.others);
        for key in keys.signing {
            found.dids.add_key(key);
        }
        let mut records = store.records(None).await?;
        loop {
            let page = records.next().await?;
            if page.is_empty() {
                return Ok(found);
            }
            for record in page {
                found.sort(&record, report);
            }
        }
    }

    fn sort(&mut self, record: &ForeignRecord, report: &mut ForeignReport) {
        let category = record.category.as_str();
        if let Some(known) = CREDENTIALS.iter().find(|known| **known == category) {
            if !self.credentials.contains(known) {
                self.credentials.push(known);
            }
            return;
        }
        let taken = match category {
            "master_secret" | "link_secret" | "Indy::MasterSecret" => {
                plain_secret(record).map(|secret| self.link_secrets.push(secret))
            }
            "AnonCredsLinkSecretRecord" => match credo_secret(record) {
                Ok(Some(secret)) => {
                    self.link_secrets.push(secret);
                    Ok(())
                }
                Ok(None) => {
                    report.leave("AnonCredsLinkSecretRecord without a value");
                    Ok(())
                }
                Err(reason) => Err(reason),
            },
            "did" | "Indy::Did" => self.dids.add_plain(record),
            "DidRecord" | "DidDocumentRecord" => self.dids.add_credo(record),
            "Indy::Key" => self.dids.add_indy_key(record),
            ours if OURS.contains(&ours) => Ok(()),
            other => {
                report.leave(other);
                Ok(())
            }
        };
        if let Err(reason) = taken {
            report.refuse(&place(record), &reason);
        }
    }
}

/// Imports the credentials of one category.
async fn import_category(
    wallet: &Wallet,
    store: &ForeignStore,
    category: &str,
    renamed: &Renamed,
    report: &mut ForeignReport,
    progress: &mut impl FnMut(&ForeignReport),
) -> Result<(), AnoncredsError> {
    let mut records = store.records(Some(category)).await?;
    let mut ended = false;
    while !ended {
        let mut batch = Batch::default();
        while !batch.is_full() {
            let page = records.next().await?;
            ended = page.is_empty();
            if ended {
                break;
            }
            // checking takes time, and must not happen on an async thread
            let names = renamed.clone();
            let checked = stdx::task::blocking(move || {
                let mut faults = Vec::new();
                for record in page {
                    match add(&mut batch, &record, &names) {
                        Ok(true) => {}
                        Ok(false) => faults.push((record.category, None)),
                        Err(reason) => faults.push((place(&record), Some(reason))),
                    }
                }
                (batch, faults)
            });
            let checked = checked
                .await
                .map_err(|_| AnoncredsError::LibraryPanicked { operation: "read a credential" })?;
            batch = checked.0;
            for (what, reason) in checked.1 {
                match reason {
                    None => report.leave(&format!("{what} of another kind")),
                    Some(reason) => report.refuse(&what, &reason),
                }
            }
        }
        batch.write(wallet, &mut report.credentials).await?;
        progress(report);
    }
    Ok(())
}

/// Adds the credential of a record to a batch; `false` if it is another kind of credential.
fn add(batch: &mut Batch, record: &ForeignRecord, renamed: &Renamed) -> Result<bool, String> {
    let Some(Read { id, json, given, link_secret }) = credential(record)? else {
        return Ok(false);
    };
    let link_secret = link_secret.map(|name| renamed.get(&name).cloned().unwrap_or(name));
    let besides = Besides { origin: given.without(&facts(&json)), link_secret };
    batch.add(place(record), Some(id), json, besides)?;
    Ok(true)
}

/// A credential, read from a record.
struct Read {
    id: String,
    json: Zeroizing<String>,
    given: Origin,
    link_secret: Option<String>,
}

fn credential(record: &ForeignRecord) -> Result<Option<Read>, String> {
    let text = text(record)?;
    let given = given(&record.tags);
    match record.category.as_str() {
        "AnonCredsCredentialRecord" => {
            let value = parse(text)?;
            let credential = value.get("credential").ok_or("member `credential` is missing")?;
            let of = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            Ok(Some(Read {
                id: of("credentialId").unwrap_or_else(|| record.name.clone()),
                json: Zeroizing::new(credential.to_string()),
                given,
                link_secret: of("linkSecretId"),
            }))
        }
        "W3cCredentialRecord" => {
            let value = parse(text)?;
            let w3c = value
                .pointer("/credentialInstances/0/credential")
                .or_else(|| value.get("credential"))
                .ok_or("member `credential` is missing")?;
            let Some(credential) = w3c::to_credential(w3c)? else {
                return Ok(None);
            };
            let metadata = value
                .pointer("/metadata/_w3c~1anonCredsMetadata")
                .or_else(|| value.get("anonCredsCredentialMetadata"));
            let of = |name: &str| Some(metadata?.get(name)?.as_str()?.to_owned());
            Ok(Some(Read {
                id: of("credentialId").unwrap_or_else(|| record.name.clone()),
                json: Zeroizing::new(credential.to_string()),
                given,
                link_secret: of("linkSecretId"),
            }))
        }
        _ => {
            // on one line, as an export has it
            let json = match text.contains(['\n', '\r']) {
                true => parse(text)?.to_string(),
                false => text.to_owned(),
            };
            let json = Zeroizing::new(json);
            Ok(Some(Read { id: record.name.clone(), json, given, link_secret: None }))
        }
    }
}

/// What the tags of a record say of the registry's objects: under the names of ACA-Py, or of two
/// versions of Credo.
fn given(tags: &[Tag]) -> Origin {
    let of = |names: [&str; 3]| {
        let tag = tags.iter().find(|tag| names.contains(&&*tag.name) && !tag.value.is_empty());
        tag.map(|tag| tag.value.clone())
    };
    Origin {
        schema_name: of(["schema_name", "schemaName", "anonCredsSchemaName"]),
        schema_version: of(["schema_version", "schemaVersion", "anonCredsSchemaVersion"]),
        schema_issuer_id: of(["schema_issuer_did", "schemaIssuerId", "anonCredsSchemaIssuerId"]),
        issuer_id: of(["issuer_did", "issuerId", "issuer_id"]),
    }
}

/// What the identifiers of a credential say.
fn facts(json: &str) -> CredentialFacts {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Ids {
        schema_id: String,
        cred_def_id: String,
    }
    let Ids { schema_id, cred_def_id } = serde_json::from_str(json).unwrap_or_default();
    CredentialFacts::from_ids(&schema_id, &cred_def_id, None, std::iter::empty::<(&str, &str)>())
}

/// Reads a link secret that is the whole record: in the library's form, or as digits.
fn plain_secret(record: &ForeignRecord) -> Result<NamedSecret, String> {
    let text = text(record)?.trim();
    let json = match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => library_form(text),
        false => Zeroizing::new(text.to_owned()),
    };
    NamedSecret::new(record.name.clone(), json)
}

/// Reads a link secret of Credo; `None` if the record does not have it.
fn credo_secret(record: &ForeignRecord) -> Result<Option<NamedSecret>, String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct LinkSecretRecord<'r> {
        link_secret_id: String,
        #[serde(borrow, default)]
        value: Option<&'r str>,
    }
    let wrong = |_| "it is not a record of a link secret".to_owned();
    let parsed: LinkSecretRecord<'_> = serde_json::from_str(text(record)?).map_err(wrong)?;
    let Some(digits) = parsed.value else {
        return Ok(None);
    };
    NamedSecret::new(parsed.link_secret_id, library_form(digits)).map(Some)
}

/// A link secret's digits in the library's form.
fn library_form(digits: &str) -> Zeroizing<String> {
    Zeroizing::new(json!({"value": {"ms": digits}}).to_string())
}

fn text(record: &ForeignRecord) -> Result<&str, String> {
    std::str::from_utf8(&record.value).map_err(|_| "it is not UTF-8".to_owned())
}

/// Parses a record that holds more than a credential.
fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())
}

/// Where a record is, for errors.
fn place(record: &ForeignRecord) -> String {
    format!("record `{}` of category {}", shorten(&record.name, 100), record.category)
}

/// Stores a DID with its key.
async fn store_did(
    wallet: &Wallet,
    did: &str,
    key: &SigningKey,
    report: &mut ForeignReport,
) -> Result<(), AnoncredsError> {
    match did::store_existing_did(wallet, did, key).await {
        Ok(true) => report.dids.imported += 1,
        Ok(false) => report.dids.skipped += 1,
        Err(DidError::InvalidDid { .. }) => report.leave("DIDs of more than 1024 bytes"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
