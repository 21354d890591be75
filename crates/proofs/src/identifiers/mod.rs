//! The parts of a schema, credential definition or registry identifier, with and without prefixes.
//!
//! An Indy identifier is its parts, joined by colons. Each comes in two forms:
//!
//! | | short ("unqualified") | long ("fully qualified") |
//! |---|---|---|
//! | DID | `Th7M…` | `did:sov:Th7M…` |
//! | schema | `Th7M…:2:gvt:1.0` | `schema:sov:did:sov:Th7M…:2:gvt:1.0` |
//! | credential definition | `VsKV…:3:CL:12:TAG1` | `creddef:sov:did:sov:VsKV…:3:CL:12:TAG1` |
//! | registry | `VsKV…:4:VsKV…:3:CL:12:TAG1:CL_ACCUM:R1` | `revreg:sov:did:sov:VsKV…:4:creddef:sov:…:CL_ACCUM:R1` |
//!
//! A credential definition names its schema by sequence number (`12`) or by the schema's whole
//! identifier.
//!
//! Other registries have identifiers of their own: `did:indy:sovrin:…/anoncreds/v0/…`,
//! `did:cheqd:…`, `did:webvh:…`, `https://…`. They have one form, and nothing is asked of them but
//! that they are equal. [`author`] and [`schema_title`] read from any identifier what it says.

mod opaque;
mod parts;

pub(crate) use opaque::did_of_url;
pub use opaque::{author, schema_title};
pub use parts::{CredDefIdParts, IdentifierError, RevRegIdParts, SchemaIdParts, SchemaReference};

/// The DID method under which Indy identifiers are written in the long form.
const METHOD: &str = "sov";

/// What an identifier identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentifierKind {
    /// A DID, of whatever role.
    Did,
    /// A schema.
    Schema,
    /// A credential definition.
    CredDef,
    /// A revocation registry definition.
    RevReg,
}

/// Returns the short form of an identifier, if it is one in the long form; otherwise the text
/// itself.
///
/// ```
/// use negotiate_proofs::identifiers::{to_unqualified, IdentifierKind};
///
/// let long = "schema:sov:did:sov:Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0";
/// assert_eq!(to_unqualified(IdentifierKind::Schema, long), "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0");
/// ```
pub fn to_unqualified(kind: IdentifierKind, id: &str) -> String {
    respell(kind, id, |did| short_did(did).to_owned())
}

/// Returns the long form of an identifier under the method `sov`, if it is one in the short form;
/// otherwise the text itself.
pub fn to_qualified(kind: IdentifierKind, id: &str) -> String {
    respell(kind, id, long_did)
}

/// Rewrites every DID within an identifier; the other prefixes follow from the DIDs. A text of
/// another shape stays as it is.
fn respell(kind: IdentifierKind, id: &str, did: impl Fn(&str) -> String) -> String {
    let respelled = match kind {
        IdentifierKind::Did => Some(did(id)),
        IdentifierKind::Schema => {
            SchemaIdParts::parse(id).ok().map(|parts| parts.respell(&did).to_string())
        }
        IdentifierKind::CredDef => {
            CredDefIdParts::parse(id).ok().map(|parts| parts.respell(&did).to_string())
        }
        IdentifierKind::RevReg => {
            RevRegIdParts::parse(id).ok().map(|parts| parts.respell(&did).to_string())
        }
    };
    respelled.unwrap_or_else(|| id.to_owned())
}

/// Returns whether two identifiers of one kind could be the short and the long form of the same.
/// This is cheap and settles most cases: only DIDs are respelled, so both forms have the last part
/// and the first DID in common.
pub(crate) fn may_be_twins(a: &str, b: &str) -> bool {
    // An empty tag at the end may be written or not.
    let last = |id| str::trim_end_matches(id, ':').rsplit(':').next();
    last(a) == last(b) && first_did(a) == first_did(b)
}

/// Returns the DID with which an identifier begins, without its method.
fn first_did(id: &str) -> Option<&str> {
    let mut parts = id.split(':');
    match std::array::from_fn(|_| parts.next()) {
        [Some("did"), Some(_), did @ Some(_), None, _] => did,
        [Some("schema" | "creddef" | "revreg"), method, Some("did"), did_method, did @ Some(_)]
            if method == did_method =>
        {
            did
        }
        [first, ..] => first,
    }
}

/// Splits a DID in the long form into its method and the rest.
fn split_did(did: &str) -> Option<(&str, &str)> {
    let (method, rest) = did.strip_prefix("did:")?.split_once(':')?;
    let plain = !method.is_empty() && !rest.is_empty() && !rest.contains(':');
    plain.then_some((method, rest))
}

fn short_did(did: &str) -> &str {
    split_did(did).map_or(did, |(_, rest)| rest)
}

fn long_did(did: &str) -> String {
    let is_short = !did.is_empty() && !did.contains(':');
    if is_short { format!("did:{METHOD}:{did}") } else { did.to_owned() }
}

/// Returns whether two DIDs are the same, the short form of Indy counting as the same as `did:sov:`
/// and `did:indy:` before it.
///
/// Objects in Indy's form have short DIDs where the same objects in the form of AnonCreds 1.0 have
/// long ones.
pub(crate) fn same_did(a: &str, b: &str) -> bool {
    let is_short = |did: &str| !did.contains(':');
    let of_indy = |did: &str| {
        let rest = did.strip_prefix("did:indy:")?;
        rest.rsplit(':').next().map(str::to_owned)
    };
    let short = |did: &str| of_indy(did).unwrap_or_else(|| short_did(did).to_owned());
    a == b || (is_short(a) || is_short(b)) && short(a) == short(b)
}

#[cfg(test)]
mod tests {
    use super::IdentifierKind::{CredDef, Did, RevReg, Schema};
    use super::*;

    /// Identifiers in the short and in the long form, as the tests of the field's libraries have
    /// them.
    const PAIRS: [(IdentifierKind, &str, &str); 7] = [
        (Did, "NcYxiDXkpYi6ov5FcYDi1e", "did:sov:NcYxiDXkpYi6ov5FcYDi1e"),
        (
            Schema,
            "NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
            "schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
        ),
        (
            CredDef,
            "NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:tag",
            "creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:12:tag",
        ),
        (
            CredDef,
            "NcYxiDXkpYi6ov5FcYDi1e:3:CL:12",
            "creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:12",
        ),
        (
            CredDef,
            "NcYxiDXkpYi6ov5FcYDi1e:3:CL:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0:tag",
            "creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0:tag",
        ),
        (
            CredDef,
            "NcYxiDXkpYi6ov5FcYDi1e:3:CL:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
            "creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:schema:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
        ),
        (
            RevReg,
            "NcYxiDXkpYi6ov5FcYDi1e:4:NcYxiDXkpYi6ov5FcYDi1e:3:CL:NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0:tag:CL_ACCUM:TAG_1",
            "revreg:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:4:creddef:sov:did:sov:NcYxiDXkpYi6ov5FcYDi1e:3:CL:schema:sov:did:sov:\
             NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0:tag:CL_ACCUM:TAG_1",
        ),
    ];

    #[test]
    fn each_form_turns_into_the_other_and_into_itself() {
        for (kind, short, long) in PAIRS {
            assert_eq!(to_unqualified(kind, long), short);
            assert_eq!(to_unqualified(kind, short), short);
            assert_eq!(to_qualified(kind, short), long);
            assert_eq!(to_qualified(kind, long), long);
        }
    }

    #[test]
    fn a_short_did_is_the_same_as_its_long_forms() {
        let short = "F72i3Y3Q4i466efjYJYMHM";
        for long in ["did:sov:F72i3Y3Q4i466efjYJYMHM", "did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM"] {
            assert!(same_did(short, long) && same_did(long, short) && same_did(long, long));
        }
        let elsewhere = "did:indy:other:F72i3Y3Q4i466efjYJYMHM";
        assert!(!same_did("did:indy:sovrin:F72i3Y3Q4i466efjYJYMHM", elsewhere));
        assert!(!same_did(short, "did:cheqd:testnet:F72i3Y3Q4i466efjYJYMHM"));
        assert!(!same_did(short, "QEquAHkM35w4XVT3Ku5yat"));
    }

    #[test]
    fn a_text_of_another_form_stays_as_it_is() {
        let others = [
            "",
            ":",
            "None",
            "12",
            "did:",
            "did:sov:",
            "did:indy:sovrin:abc",
            "a:2:b",
            "a:9:b:c",
            "a:3:XX:1:t",
            "a:3:CL:x:t",
        ];
        for kind in [Schema, CredDef, RevReg] {
            for other in others {
                assert_eq!(to_unqualified(kind, other), other);
                assert_eq!(to_qualified(kind, other), other);
            }
        }
        assert_eq!(to_unqualified(Did, "did:indy:sovrin:abc"), "did:indy:sovrin:abc");
        assert_eq!(to_qualified(Did, ""), "");
    }
}
