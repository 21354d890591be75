//! Who wrote an object, as its identifier says.

use super::{CredDefIdParts, RevRegIdParts, SchemaIdParts, short_did};

/// Returns the DID of whoever wrote a schema, a credential definition or a registry, as its identifier says; `None` if
/// that says nothing of it.
///
/// An Indy identifier begins with the DID. A DID URL (`did:indy:…`, `did:cheqd:…`, `did:webvh:…`) has it up to its
/// path, query or fragment.
///
/// ```
/// use negotiate_proofs::identifiers::author;
///
/// let id = "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM/anoncreds/v0/CLAIM_DEF/56495/npdb";
/// assert_eq!(author(id).as_deref(), Some("did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM"));
/// assert_eq!(author("https://example.org/schemas/1"), None);
/// ```
pub fn author(id: &str) -> Option<String> {
    if let Some((did, _)) = id.split_once(['/', '?', '#']) {
        let parts: Vec<&str> = did.splitn(3, ':').collect();
        let is_did =
            matches!(parts[..], ["did", method, own] if !method.is_empty() && !own.is_empty());
        return is_did.then(|| did.to_owned());
    }
    let schema = || SchemaIdParts::parse(id).ok().map(|parts| parts.issuer_did);
    let cred_def = || CredDefIdParts::parse(id).ok().map(|parts| parts.issuer_did);
    let registry = || RevRegIdParts::parse(id).ok().map(|parts| parts.issuer_did);
    schema().or_else(cred_def).or_else(registry)
}

/// Returns whether two DIDs are the same, the short form of Indy counting as the same as `did:sov:` and `did:indy:`
/// before it.
///
/// Objects in Indy's form have short DIDs where the same objects in the form of AnonCreds 1.0 have long ones.
pub(crate) fn same_did(a: &str, b: &str) -> bool {
    let is_short = |did: &str| !did.contains(':');
    let indy = |did: &str| {
        did.strip_prefix("did:indy:").and_then(|rest| rest.rsplit(':').next()).map(str::to_owned)
    };
    let short = |did: &str| indy(did).unwrap_or_else(|| short_did(did).to_owned());
    a == b || (is_short(a) || is_short(b)) && short(a) == short(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_of_each_form_names_its_author() {
        for (id, expected) in [
            ("NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0", Some("NcYxiDXkpYi6ov5FcYDi1e")),
            ("NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:tag", Some("NcYxiDXkpYi6ov5FcYDi1e")),
            (
                "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:tag:CL_ACCUM:R1",
                Some("NcYxiDXkpYi6ov5FcYDi1e"),
            ),
            (
                "schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
                Some("did:sov:NcYxiDXkpYi6ov5FcYDi1e"),
            ),
            (
                "did:indy:sovrin:staging:F72i3Y3Q4i466efjYJYMHM/anoncreds/v0/SCHEMA/npdb/4.3.4",
                Some("did:indy:sovrin:staging:F72i3Y3Q4i466efjYJYMHM"),
            ),
            (
                "did:cheqd:testnet:3053e034-8faa/resources/1b1d8b1e",
                Some("did:cheqd:testnet:3053e034-8faa"),
            ),
            ("did:webvh:QmX:example.org:a/resources/zQm.json", Some("did:webvh:QmX:example.org:a")),
            ("did:web:example.org?versionId=1#2", Some("did:web:example.org")),
            ("https://example.org/schemas/1", None),
            ("did:/x", None),
            ("did:x/y", None),
            ("mock:uri", None),
            ("", None),
        ] {
            assert_eq!(author(id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn a_short_did_is_the_same_as_its_long_forms() {
        let short = "F72i3Y3Q4i466efjYJYMHM";
        for long in ["did:sov:F72i3Y3Q4i466efjYJYMHM", "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM"] {
            assert!(same_did(short, long) && same_did(long, short) && same_did(long, long));
        }
        assert!(!same_did(
            "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM",
            "did:indy:other:F72i3Y3Q4i466efjYJYMHM"
        ));
        assert!(!same_did(short, "did:cheqd:testnet:F72i3Y3Q4i466efjYJYMHM"));
        assert!(!same_did(short, "QEquAHkM35w4XVT3Ku5yat"));
    }
}
