//! What an identifier of any kind says about its author.
//!
//! AnonCreds 1.0 takes an identifier as an opaque text, which its registry made. Some say more:
//!
//! | | author | schema's name and version |
//! |---|---|---|
//! | legacy, `Th7M…:2:gvt:1.0` | its first part | its last two |
//! | long legacy, `schema:sov:did:sov:Th7M…:2:gvt:1.0` | the DID in it | its last two |
//! | `did:indy:sovrin:Th7M…/anoncreds/v0/SCHEMA/gvt/1.0` | the DID, up to the first `/` | the last two of its path |
//! | another DID URL, `did:cheqd:…/resources/…` | the DID, up to the first `/` | not known |
//! | anything else, `https://…` | not known | not known |

use super::parts::SchemaIdParts;

/// Returns the DID of the author of the schema, credential definition or registry of this
/// identifier, if the identifier says it.
///
/// An object's own `issuerId`, where there is one, comes before this.
///
/// ```
/// use negotiate_proofs::identifiers::author;
///
/// assert_eq!(author("Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"), Some("Th7MpTaRZVRYnPiabds81Y"));
/// assert_eq!(
///     author("did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8/resources/9c0d2c59"),
///     Some("did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8"),
/// );
/// assert_eq!(author("https://example.org/schemas/gvt"), None);
/// ```
pub fn author(id: &str) -> Option<&str> {
    if id.starts_with("did:") {
        // without a path, where the DID ends is for its method to say, or for a legacy identifier's
        // marker after it
        let mut ends = id.match_indices(':').map(|(at, _)| at).skip(2);
        let legacy = ends
            .next()
            .filter(|end| matches!(id[end + 1..].split(':').next(), Some("2" | "3" | "4")));
        let of_url = did_of_url(id).filter(|did| did.len() < id.len());
        return of_url.or_else(|| legacy.map(|end| &id[..end]));
    }
    if let Some(did) = did_in_long_form(id) {
        return Some(did);
    }
    let mut parts = id.split(':');
    let (did, marker) = (parts.next()?, parts.next()?);
    let is_legacy = !did.is_empty() && matches!(marker, "2" | "3" | "4") && parts.next().is_some();
    is_legacy.then_some(did)
}

/// Returns the name and the version of the schema of this identifier, if the identifier says them.
///
/// ```
/// use negotiate_proofs::identifiers::schema_title;
///
/// let gvt = Some(("gvt".to_owned(), "1.0".to_owned()));
/// assert_eq!(schema_title("Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"), gvt);
/// assert_eq!(schema_title("did:indy:sovrin:Th7MpTaRZVRYnPiabds81Y/anoncreds/v0/SCHEMA/gvt/1.0"), gvt);
/// ```
pub fn schema_title(id: &str) -> Option<(String, String)> {
    if let Some(did) = did_of_url(id) {
        let path = id.get(did.len()..)?.strip_prefix("/anoncreds/v0/SCHEMA/")?;
        let (name, version) = path.split_once('/')?;
        // A percent sign stands for a character of which the registry decides how it is written.
        let is_plain = |part: &str| !part.is_empty() && !part.contains(['/', '?', '#', '%']);
        return (is_plain(name) && is_plain(version))
            .then(|| (name.to_owned(), version.to_owned()));
    }
    SchemaIdParts::parse(id).ok().map(|parts| (parts.name, parts.version))
}

/// Returns the DID with which a DID or a DID URL begins: `did:`, a method, and more up to the first
/// `/`, `?` or `#`.
pub(crate) fn did_of_url(id: &str) -> Option<&str> {
    let (method, specific) = id.strip_prefix("did:")?.split_once(':')?;
    let is_method = !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let length = specific.find(['/', '?', '#']).unwrap_or(specific.len());
    let did = id.get(..id.len() - specific.len() + length)?;
    (is_method && length > 0).then_some(did)
}

/// Returns the DID in a legacy identifier of the long form: `prefix:method:did:method:…`.
fn did_in_long_form(id: &str) -> Option<&str> {
    let (prefix, rest) = id.split_once(':')?;
    let (method, long) = rest.split_once(':')?;
    let specific = long.strip_prefix("did:")?.strip_prefix(method)?.strip_prefix(':')?;
    let end = specific.find(':')?;
    let is_long = matches!(prefix, "schema" | "creddef" | "revreg") && end > 0;
    is_long.then(|| long.get(..long.len() - specific.len() + end))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_is_read_from_identifiers_of_every_kind() {
        for (id, expected) in [
            ("Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", Some("Th7MpTaRZVRYnPiabds81Y")),
            (
                "Th7MpTaRZVRYnPiabds81Y:2:a:name with colons: yes:1.0",
                Some("Th7MpTaRZVRYnPiabds81Y"),
            ),
            ("Th7MpTaRZVRYnPiabds81Y:3:CL:12:TAG1", Some("Th7MpTaRZVRYnPiabds81Y")),
            (
                "Th7MpTaRZVRYnPiabds81Y:4:VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1:CL_ACCUM:R1",
                Some("Th7MpTaRZVRYnPiabds81Y"),
            ),
            (
                "schema:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
                Some("did:sov:Th7MpTaRZVRYnPiabds81Y"),
            ),
            (
                "creddef:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:3:CL:12:TAG1",
                Some("did:sov:Th7MpTaRZVRYnPiabds81Y"),
            ),
            (
                "revreg:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:4:creddef:sov:did:sov:x:3:CL:1:t:CL_ACCUM:R",
                Some("did:sov:Th7MpTaRZVRYnPiabds81Y"),
            ),
            (
                "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM/anoncreds/v0/CLAIM_DEF/56495/npdb",
                Some("did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM"),
            ),
            (
                "did:indy:bcovrin:test:F72i3Y3Q4i466efjYJYMHM/anoncreds/v0/SCHEMA/a:2:b/1.0",
                Some("did:indy:bcovrin:test:F72i3Y3Q4i466efjYJYMHM"),
            ),
            ("did:sov:F72i3Y3Q4i466efjYJYMHM/x", Some("did:sov:F72i3Y3Q4i466efjYJYMHM")),
            ("did:cheqd:mainnet:3053e034/resources/1b1d", Some("did:cheqd:mainnet:3053e034")),
            ("did:cheqd:mainnet:3053e034?resourceName=x", Some("did:cheqd:mainnet:3053e034")),
            (
                "did:webvh:QmScid:example.com%3A8080:issuers/resources/zQm.json",
                Some("did:webvh:QmScid:example.com%3A8080:issuers"),
            ),
            ("did:web:example.com#schema", Some("did:web:example.com")),
            ("did:web:example.com", None),
            ("did:sov:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", Some("did:sov:Th7MpTaRZVRYnPiabds81Y")),
            ("https://example.org/issuers/1/schemas/2", None),
            ("urn:uuid:4c0f", None),
            ("did:", None),
            ("did:indy", None),
            ("did:indy:/anoncreds", None),
            ("did::x/y", None),
            ("schema:sov:did:other:x:2:gvt:1.0", None),
            ("schema:sov:did:sov::2:gvt:1.0", None),
            (":2:gvt:1.0", None),
            ("Th7MpTaRZVRYnPiabds81Y", None),
            ("Th7MpTaRZVRYnPiabds81Y:2", None),
            ("Th7MpTaRZVRYnPiabds81Y:9:x:y", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(author(id), expected, "{id}");
        }
    }

    #[test]
    fn a_schema_has_a_name_where_its_identifier_says_it() {
        for (id, expected) in [
            ("Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", Some(("gvt", "1.0"))),
            ("schema:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0", Some(("gvt", "1.0"))),
            ("did:indy:sovrin:F72i/anoncreds/v0/SCHEMA/npdb/4.3.4", Some(("npdb", "4.3.4"))),
            ("did:indy:sovrin:F72i/anoncreds/v0/SCHEMA/npdb/4.3.4/x", None),
            ("did:indy:sovrin:F72i/anoncreds/v0/SCHEMA/np%20db/4.3.4", None),
            ("did:indy:sovrin:F72i/anoncreds/v0/CLAIM_DEF/56495/npdb", None),
            ("did:cheqd:mainnet:3053e034/resources/1b1d", None),
            ("https://example.org/SCHEMA/gvt/1.0", None),
            ("Th7MpTaRZVRYnPiabds81Y:3:CL:12:TAG1", None),
            ("", None),
        ] {
            let title = schema_title(id);
            let title = title.as_ref().map(|(name, version)| (name.as_str(), version.as_str()));
            assert_eq!(title, expected, "{id}");
        }
    }
}
