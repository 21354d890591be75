//! The facts by which a stored credential is found.
//!
//! A wallet keeps a few facts beside each credential, as *tags* that its index can find: its
//! issuer, its schema, its attributes. A verifier's restrictions are about the same tags. Their
//! names are those of libindy and of the agents that came after it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::identifiers::{self, IdentifierKind};
use crate::names;
use crate::version::RequestVersion;

/// The value of every marker tag.
pub const MARKER: &str = "1";

/// The value of `rev_reg_id` for a credential that cannot be revoked.
pub const NO_REGISTRY: &str = "None";

/// The name of a tag. [`Display`](fmt::Display) writes it as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// `schema_id`: the schema's identifier.
    SchemaId,
    /// `schema_issuer_did`, in AnonCreds 1.0 `schema_issuer_id`: the DID that wrote the schema.
    SchemaIssuerDid,
    /// `schema_name`.
    SchemaName,
    /// `schema_version`.
    SchemaVersion,
    /// `issuer_did`, in AnonCreds 1.0 `issuer_id`: the DID that issued the credential.
    IssuerDid,
    /// `cred_def_id`: the credential definition's identifier.
    CredDefId,
    /// `rev_reg_id`: the revocation registry's identifier, or [`NO_REGISTRY`].
    RevRegId,
    /// `attr::<name>::marker`: the credential has this attribute. Holds the folded name; build it
    /// with [`Tag::marker`].
    AttributeMarker(String),
    /// `attr::<name>::value`: the attribute's text. Holds the folded name; build it with
    /// [`Tag::value`].
    AttributeValue(String),
    /// Any other name. No credential carries it, so an equality with it holds for none.
    Other(String),
}

/// The seven tags that are not about an attribute.
const FIXED: [(&str, Tag); 7] = [
    ("schema_id", Tag::SchemaId),
    ("schema_issuer_did", Tag::SchemaIssuerDid),
    ("schema_name", Tag::SchemaName),
    ("schema_version", Tag::SchemaVersion),
    ("issuer_did", Tag::IssuerDid),
    ("cred_def_id", Tag::CredDefId),
    ("rev_reg_id", Tag::RevRegId),
];

/// The names that AnonCreds 1.0 gave to two of them.
const ALSO: [(&str, Tag); 2] =
    [("issuer_id", Tag::IssuerDid), ("schema_issuer_id", Tag::SchemaIssuerDid)];

impl Tag {
    /// Reads a tag's name, folding the attribute's name within it: `attr::First Name::value` is
    /// `attr::firstname::value`. AnonCreds 1.0's `issuer_id` is `issuer_did`, and
    /// `schema_issuer_id` is `schema_issuer_did`.
    pub fn parse(name: &str) -> Self {
        if let Some((_, tag)) = FIXED.iter().chain(&ALSO).find(|(fixed, _)| *fixed == name) {
            return tag.clone();
        }
        Self::parse_attribute(name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    fn parse_attribute(name: &str) -> Option<Self> {
        let (attribute, what) = name.strip_prefix("attr::")?.rsplit_once("::")?;
        let folded = names::fold(attribute);
        match what {
            _ if folded.is_empty() => None,
            "marker" => Some(Self::AttributeMarker(folded)),
            "value" => Some(Self::AttributeValue(folded)),
            _ => None,
        }
    }

    /// Returns the tag that says that a credential has an attribute.
    pub fn marker(attribute: &str) -> Self {
        Self::AttributeMarker(names::fold(attribute))
    }

    /// Returns the tag that holds an attribute's text.
    pub fn value(attribute: &str) -> Self {
        Self::AttributeValue(names::fold(attribute))
    }

    /// Returns the names of the tags that are not about an attribute: first those under which they
    /// are stored.
    pub(crate) fn fixed_names() -> impl Iterator<Item = &'static str> {
        FIXED.iter().chain(&ALSO).map(|(name, _)| *name)
    }

    /// Returns what kind of identifiers the tag's values are; `None` if they are not identifiers.
    pub fn identifier_kind(&self) -> Option<IdentifierKind> {
        match self {
            Self::IssuerDid | Self::SchemaIssuerDid => Some(IdentifierKind::Did),
            Self::SchemaId => Some(IdentifierKind::Schema),
            Self::CredDefId => Some(IdentifierKind::CredDef),
            Self::RevRegId => Some(IdentifierKind::RevReg),
            _ => None,
        }
    }

    /// Returns every spelling of a value that a request of this version means, the given one first.
    ///
    /// In version 1.0 an identifier stands for its short and its long form (with the DID method
    /// `sov`, the only one with which Indy identifiers have a long form); in version 2.0, and for
    /// tags that do not hold identifiers, a value stands for itself.
    pub fn spellings(&self, value: &str, version: RequestVersion) -> Vec<String> {
        let mut spellings = vec![value.to_owned()];
        if let (RequestVersion::V1, Some(kind)) = (version, self.identifier_kind()) {
            let forms =
                [identifiers::to_unqualified(kind, value), identifiers::to_qualified(kind, value)];
            spellings.extend(forms.into_iter().filter(|form| form != value));
        }
        spellings
    }

    /// Returns whether a request of this version that asks for `wanted` means the value `carried`:
    /// whether that is one of the [spellings](Self::spellings).
    pub fn means(&self, wanted: &str, carried: &str, version: RequestVersion) -> bool {
        let may_have_twins = version == RequestVersion::V1 && self.identifier_kind().is_some();
        wanted == carried
            || may_have_twins
                && identifiers::may_be_twins(wanted, carried)
                && self.spellings(wanted, version).iter().any(|spelling| spelling == carried)
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SchemaId => f.write_str("schema_id"),
            Self::SchemaIssuerDid => f.write_str("schema_issuer_did"),
            Self::SchemaName => f.write_str("schema_name"),
            Self::SchemaVersion => f.write_str("schema_version"),
            Self::IssuerDid => f.write_str("issuer_did"),
            Self::CredDefId => f.write_str("cred_def_id"),
            Self::RevRegId => f.write_str("rev_reg_id"),
            Self::AttributeMarker(name) => write!(f, "attr::{name}::marker"),
            Self::AttributeValue(name) => write!(f, "attr::{name}::value"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// What the tags of a credential are made from. A fact that is not known has no tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialFacts {
    /// The schema's identifier.
    pub schema_id: String,
    /// The DID that wrote the schema.
    pub schema_issuer_did: Option<String>,
    /// The schema's name.
    pub schema_name: Option<String>,
    /// The schema's version.
    pub schema_version: Option<String>,
    /// The DID that issued the credential.
    pub issuer_did: Option<String>,
    /// The credential definition's identifier.
    pub cred_def_id: String,
    /// The revocation registry's identifier, if the credential can be revoked.
    pub rev_reg_id: Option<String>,
    /// The attributes' texts by name.
    pub attributes: BTreeMap<String, String>,
}

impl CredentialFacts {
    /// Takes from the identifiers what they say: the schema's issuer, name and version, and the
    /// credential's issuer. Identifiers of some registries say less ([`identifiers::author`],
    /// [`identifiers::schema_title`]).
    pub fn from_ids<Name: Into<String>, Raw: Into<String>>(
        schema_id: &str,
        cred_def_id: &str,
        rev_reg_id: Option<&str>,
        attributes: impl IntoIterator<Item = (Name, Raw)>,
    ) -> Self {
        let (schema_name, schema_version) = identifiers::schema_title(schema_id).unzip();
        Self {
            schema_id: schema_id.to_owned(),
            schema_issuer_did: identifiers::author(schema_id).map(str::to_owned),
            schema_name,
            schema_version,
            issuer_did: identifiers::author(cred_def_id).map(str::to_owned),
            cred_def_id: cred_def_id.to_owned(),
            rev_reg_id: rev_reg_id.map(str::to_owned),
            attributes: attributes
                .into_iter()
                .map(|(name, raw)| (name.into(), raw.into()))
                .collect(),
        }
    }
}

/// The tags of one stored credential.
///
/// Collecting pairs of texts reads each name with [`Tag::parse`], so that tags from another agent's
/// wallet, whose attribute names may not be folded, compare as ours do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(BTreeMap<Tag, String>);

impl Tags {
    /// Returns the value of a tag, if the credential carries it.
    pub fn get(&self, tag: &Tag) -> Option<&str> {
        self.0.get(tag).map(String::as_str)
    }

    /// Returns whether the credential has an attribute: whether it carries the attribute's marker.
    pub fn has_attribute(&self, name: &str) -> bool {
        self.get(&Tag::marker(name)) == Some(MARKER)
    }

    /// Returns all tags, in the order of [`Tag`].
    pub fn iter(&self) -> impl Iterator<Item = (&Tag, &str)> {
        self.0.iter().map(|(tag, value)| (tag, value.as_str()))
    }
}

impl From<CredentialFacts> for Tags {
    fn from(facts: CredentialFacts) -> Self {
        let registry = facts.rev_reg_id.unwrap_or_else(|| NO_REGISTRY.to_owned());
        let fixed = [
            (Tag::SchemaId, Some(facts.schema_id)),
            (Tag::SchemaIssuerDid, facts.schema_issuer_did),
            (Tag::SchemaName, facts.schema_name),
            (Tag::SchemaVersion, facts.schema_version),
            (Tag::IssuerDid, facts.issuer_did),
            (Tag::CredDefId, Some(facts.cred_def_id)),
            (Tag::RevRegId, Some(registry)),
        ];
        let known = fixed.into_iter().filter_map(|(tag, value)| Some((tag, value?)));
        let mut tags: BTreeMap<Tag, String> = known.collect();
        for (name, raw) in facts.attributes {
            tags.insert(Tag::marker(&name), MARKER.to_owned());
            tags.insert(Tag::value(&name), raw);
        }
        Self(tags)
    }
}

impl Extend<(Tag, String)> for Tags {
    fn extend<Pairs: IntoIterator<Item = (Tag, String)>>(&mut self, pairs: Pairs) {
        self.0.extend(pairs);
    }
}

impl<Name: AsRef<str>, Value: Into<String>> FromIterator<(Name, Value)> for Tags {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Value)>>(pairs: Pairs) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (Tag::parse(name.as_ref()), value.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_carries_its_facts_as_tags() {
        let facts = CredentialFacts::from_ids(
            "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
            "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
            None,
            [("First Name", "Alex")],
        );
        let stored: Vec<_> = Tags::from(facts)
            .iter()
            .map(|(tag, value)| (tag.to_string(), value.to_owned()))
            .collect();
        let expected = [
            ("schema_id", "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0"),
            ("schema_issuer_did", "Th7MpTaRZVRYnPiabds81Y"),
            ("schema_name", "gvt"),
            ("schema_version", "1.0"),
            ("issuer_did", "VsKV7grR1BUE29mG2Fm2kX"),
            ("cred_def_id", "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1"),
            ("rev_reg_id", "None"),
            ("attr::firstname::marker", "1"),
            ("attr::firstname::value", "Alex"),
        ];
        assert_eq!(stored, expected.map(|(tag, value)| (tag.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_revocable_credential_carries_its_registry() {
        let registry = "VsKV7grR1BUE29mG2Fm2kX:4:VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1:CL_ACCUM:R1";
        let no_attributes: [(&str, &str); 0] = [];
        let facts = CredentialFacts::from_ids(
            "Th7MpTaRZVRYnPiabds81Y:2:gvt:1.0",
            "VsKV7grR1BUE29mG2Fm2kX:3:CL:12:TAG1",
            Some(registry),
            no_attributes,
        );
        assert_eq!(Tags::from(facts).get(&Tag::RevRegId), Some(registry));
    }

    #[test]
    fn what_an_identifier_does_not_say_has_no_tag() {
        let no_attributes: [(&str, &str); 0] = [];
        let cheqd = "did:cheqd:testnet:3053e034/resources/";
        let facts = CredentialFacts::from_ids(
            &format!("{cheqd}1b1d"),
            "https://example.org/definitions/9c0d",
            None,
            no_attributes,
        );
        let tags = Tags::from(facts);
        assert_eq!(tags.get(&Tag::SchemaIssuerDid), Some("did:cheqd:testnet:3053e034"));
        assert_eq!(tags.get(&Tag::CredDefId), Some("https://example.org/definitions/9c0d"));
        for tag in [Tag::SchemaName, Tag::SchemaVersion, Tag::IssuerDid] {
            assert_eq!(tags.get(&tag), None, "{tag}");
        }
    }

    #[test]
    fn attribute_tags_are_read_with_the_name_folded() {
        assert_eq!(Tag::parse("attr::First Name::value"), Tag::value("FIRSTNAME"));
        assert_eq!(Tag::parse("attr::First Name::marker").to_string(), "attr::firstname::marker");
    }

    #[test]
    fn an_unknown_tag_keeps_its_name() {
        for name in [
            "Issuer_Did",
            "issuer did",
            "attr::",
            "attr::x",
            "attr::x::Value",
            "attr:: ::value",
            "attr::::marker",
            "",
        ] {
            assert_eq!(Tag::parse(name), Tag::Other(name.to_owned()));
            assert_eq!(Tag::parse(name).to_string(), name);
        }
    }

    #[test]
    fn every_fixed_tag_is_written_as_it_is_read() {
        for (name, tag) in FIXED {
            assert_eq!(Tag::parse(name), tag);
            assert_eq!(tag.to_string(), name);
        }
    }

    #[test]
    fn the_names_of_anoncreds_1_0_are_the_same_tags() {
        for (name, stored) in
            [("issuer_id", "issuer_did"), ("schema_issuer_id", "schema_issuer_did")]
        {
            assert_eq!(Tag::parse(name), Tag::parse(stored));
            assert_eq!(Tag::parse(name).to_string(), stored);
        }
    }

    #[test]
    fn only_version_one_and_only_identifiers_have_a_second_spelling() {
        let short = "NcYxiDXkpYi6ov5FcYDi1e";
        let long = "did:sov:NcYxiDXkpYi6ov5FcYDi1e";
        assert_eq!(Tag::IssuerDid.spellings(short, RequestVersion::V1), [short, long]);
        assert_eq!(Tag::IssuerDid.spellings(long, RequestVersion::V1), [long, short]);
        assert_eq!(Tag::IssuerDid.spellings(short, RequestVersion::V2), [short]);
        assert_eq!(Tag::SchemaName.spellings(short, RequestVersion::V1), [short]);
        assert_eq!(Tag::RevRegId.spellings(NO_REGISTRY, RequestVersion::V1), [NO_REGISTRY]);
    }
}
