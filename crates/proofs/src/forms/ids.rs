//! Who issued an object, and under which identifier an Indy ledger knows it, by its identifier
//! alone.

use std::borrow::Cow;

use crate::identifiers::{IdentifierKind, to_unqualified};
use crate::kinds::ObjectKind;

/// What identifiers of objects in the DID method `did:indy` have after the DID.
pub(super) const DID_INDY_PATH: &str = "/anoncreds/v0/";

/// Returns the issuer that an identifier names: of an Indy identifier its first DID, of a DID URL
/// what stands before the path; `None` for identifiers of another shape.
///
/// ```
/// use negotiate_proofs::forms::issuer_of;
///
/// assert_eq!(issuer_of("V4SGRU86Z58d6TV7PBUe6f:2:gvt:1.0"), Some("V4SGRU86Z58d6TV7PBUe6f"));
/// let url = "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8/resources/9c0d2c59";
/// assert_eq!(issuer_of(url), Some("did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8"));
/// ```
pub fn issuer_of(id: &str) -> Option<&str> {
    if id.starts_with("did:") && id.contains('/') {
        return id.split('/').next();
    }
    // schema:sov:did:sov:V4SG...:2:gvt:1.0
    for prefix in ["schema:sov:", "creddef:sov:", "revreg:sov:"] {
        if let Some(rest) = id.strip_prefix(prefix) {
            return before_marker(rest);
        }
    }
    before_marker(id)
}

/// Returns what stands before the first `:2:`, `:3:` or `:4:`.
fn before_marker(id: &str) -> Option<&str> {
    let ends = [":2:", ":3:", ":4:"].iter().filter_map(|marker| id.find(marker));
    let end = ends.min().filter(|end| *end > 0)?;
    id.get(..end)
}

/// Returns the identifier under which an Indy ledger knows an object: the short form of a long one,
/// and what an identifier of the DID method `did:indy` stands for. Other identifiers stay as they
/// are.
///
/// ```
/// use negotiate_proofs::{forms::ledger_id, kinds::ObjectKind};
///
/// let url = "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM/anoncreds/v0/CLAIM_DEF/56495/npdb";
/// let id = ledger_id(ObjectKind::CredentialDefinition, url);
/// assert_eq!(id, "F72i3Y3Q4i466efjYJYMHM:3:CL:56495:npdb");
/// ```
pub fn ledger_id(kind: ObjectKind, id: &str) -> Cow<'_, str> {
    if let Some(legacy) = legacy_of_did_indy(id) {
        return Cow::Owned(legacy);
    }
    let kind = match kind {
        ObjectKind::Schema => IdentifierKind::Schema,
        ObjectKind::CredentialDefinition => IdentifierKind::CredDef,
        ObjectKind::RegistryDefinition | ObjectKind::Registry | ObjectKind::StatusList => {
            IdentifierKind::RevReg
        }
        _ => return Cow::Borrowed(id),
    };
    match to_unqualified(kind, id) {
        short if short == id => Cow::Borrowed(id),
        short => Cow::Owned(short),
    }
}

fn legacy_of_did_indy(id: &str) -> Option<String> {
    let (did, path) = id.strip_prefix("did:indy:")?.split_once(DID_INDY_PATH)?;
    // the namespace may have two parts: did:indy:sovrin:staging:F72i...
    let author = did.rsplit(':').next()?;
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["SCHEMA", name, version] => Some(format!("{author}:2:{name}:{version}")),
        ["CLAIM_DEF", schema, tag] => Some(format!("{author}:3:CL:{schema}:{tag}")),
        ["REV_REG_DEF", schema, cred_def_tag, tag] => {
            Some(format!("{author}:4:{author}:3:CL:{schema}:{cred_def_tag}:CL_ACCUM:{tag}"))
        }
        _ => None,
    }
}
