//! Values of restrictions that no credential can have.
//!
//! Identifiers are opaque, so that only what no registry makes is a fault: blanks, placeholders, a
//! DID that is cut short, the identifier of another kind of object.

use stdx::text::{Plain, Quoted};

use super::finding::Details;
use crate::identifiers::{CredDefIdParts, IdentifierKind, author, did_of_url};
use crate::tags::{NO_REGISTRY, Tag};

/// Why hardly any credential, or none at all, has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueFault {
    /// Nothing but blanks.
    Blank,
    /// Blanks, or characters that are not shown, where there can be none.
    Blanks,
    /// A text that stands for a value to be filled in.
    Placeholder,
    /// Percent-encoded where nothing is.
    Encoded,
    /// The identifier of another kind of object.
    OtherKind(IdentifierKind),
    /// A DID of another length than 16 or 32 bytes.
    DidLength,
    /// A DID of 21 characters that may be one of 22 without its last.
    PerhapsCut,
    /// A text that no registry gives as an identifier.
    Malformed,
}

impl ValueFault {
    /// Returns whether no credential has the value. Otherwise hardly any has.
    pub(super) fn is_certain(self, tag: &Tag) -> bool {
        self != Self::PerhapsCut && self.is_error(tag)
    }

    /// Returns whether a restriction that needs the value should not be sent.
    pub(super) fn is_error(self, tag: &Tag) -> bool {
        let is_name = tag.identifier_kind().is_none();
        match self {
            // Registries take a name as it is.
            Self::Blanks => !is_name,
            // Within an identifier, which is copied as a whole, such a DID is probably complete.
            Self::PerhapsCut => tag.identifier_kind() == Some(IdentifierKind::Did),
            _ => true,
        }
    }

    /// Describes the value of a tag that has the fault. `name` is the tag as it was written.
    pub(super) fn details(self, name: &str, tag: &Tag, value: &str) -> Details {
        let found = |what: &str| format!("{} {}, {what}", Plain(name), Quoted(value));
        let take = || match tag.identifier_kind() {
            Some(kind) => format!("take {} as the registry gives it", article(kind)),
            None => format!("write the {}, or leave it out", described(tag)),
        };
        match self {
            Self::Blank => Details::new(found("which says nothing"), take()),
            Self::Placeholder => {
                Details::new(found("a placeholder that was not filled in"), take())
            }
            Self::Blanks => {
                let without = without_blanks(value);
                Details::new(
                    found("with blanks or hidden characters"),
                    format!("write {}", Quoted(&without)),
                )
            }
            Self::Encoded => {
                let decoded = decode(value).unwrap_or_default();
                Details::new(
                    found("which is percent-encoded"),
                    format!("write {}", Quoted(&decoded)),
                )
            }
            Self::OtherKind(kind) => Details::new(
                found(&format!("which is {}", article(kind))),
                match kind {
                    IdentifierKind::Did => take(),
                    kind => format!("name it under `{}`, or {}", tag_of(kind), take()),
                },
            ),
            Self::DidLength => Details::new(
                found("whose DID is not 16 or 32 bytes in base58"),
                format!("{}; most DIDs have 22 characters, some 21", take()),
            ),
            Self::PerhapsCut => Details::new(
                found("whose DID has 21 characters and is probably one of 22 that was cut"),
                format!("compare it with the registry; {}", take()),
            ),
            Self::Malformed => {
                Details::new(found("which no registry gives as an identifier"), take())
            }
        }
    }
}

/// Returns what is wrong with the value of a tag; `None` if a credential may have it.
pub(super) fn fault(tag: &Tag, value: &str) -> Option<ValueFault> {
    match (tag, tag.identifier_kind()) {
        (_, Some(kind)) => of_identifier(kind, value),
        (Tag::SchemaName | Tag::SchemaVersion, None) => of_name(value),
        // An attribute may have any text.
        _ => None,
    }
}

fn of_name(value: &str) -> Option<ValueFault> {
    if is_blank(value) {
        Some(ValueFault::Blank)
    } else if is_placeholder(value) {
        Some(ValueFault::Placeholder)
    } else if value.starts_with(is_hidden) || value.ends_with(is_hidden) {
        Some(ValueFault::Blanks)
    } else {
        None
    }
}

fn of_identifier(kind: IdentifierKind, value: &str) -> Option<ValueFault> {
    if kind == IdentifierKind::RevReg && value == NO_REGISTRY {
        return None;
    }
    if is_blank(value) {
        return Some(ValueFault::Blank);
    }
    if is_placeholder(value) || stands_for_an_identifier(value) {
        return Some(ValueFault::Placeholder);
    }
    let without = without_blanks(value);
    if without != value {
        return of_identifier(kind, &without).or(Some(ValueFault::Blanks));
    }
    if is_encoded(value) {
        return Some(ValueFault::Encoded);
    }
    match kind_of(value) {
        Err(ValueFault::DidLength) if kind != IdentifierKind::Did => Some(ValueFault::Malformed),
        Err(fault) => Some(fault),
        Ok(Some(other)) if other != kind => Some(ValueFault::OtherKind(other)),
        Ok(_) => base58_did(value).and_then(did_fault),
    }
}

/// Returns of what kind of object this is the identifier; `None` if its registry alone knows.
fn kind_of(id: &str) -> Result<Option<IdentifierKind>, ValueFault> {
    if let Some(did) = did_of_url(id) {
        let path = id.get(did.len()..).unwrap_or_default();
        let kinds = [
            ("/SCHEMA/", IdentifierKind::Schema),
            ("/CLAIM_DEF/", IdentifierKind::CredDef),
            ("/REV_REG_DEF/", IdentifierKind::RevReg),
        ];
        let mut named = kinds.into_iter().filter(|(segment, _)| path.contains(segment));
        return Ok(match path {
            "" => Some(IdentifierKind::Did),
            _ => named.next().map(|(_, kind)| kind),
        });
    }
    if id.starts_with("did:") {
        return Err(ValueFault::Malformed);
    }
    if let Some(did) = author(id) {
        // `author` takes it for a legacy identifier: what follows the DID says of which kind.
        let rest = id.split_once(did).map_or("", |(_, rest)| rest);
        let parts: Vec<&str> = rest.split(':').skip(1).collect();
        return match parts.as_slice() {
            ["2", name @ .., version] if !name.concat().is_empty() && !version.is_empty() => {
                Ok(Some(IdentifierKind::Schema))
            }
            ["3", "CL", _, ..] if CredDefIdParts::parse(id).is_ok() || parts.len() > 3 => {
                Ok(Some(IdentifierKind::CredDef))
            }
            ["4", definition @ .., _, _] if definition.contains(&"CL") => {
                Ok(Some(IdentifierKind::RevReg))
            }
            _ => Err(ValueFault::Malformed),
        };
    }
    match id.split_once(':') {
        None if !is_base58(id) => Err(ValueFault::Malformed),
        None if did_fault(id) == Some(ValueFault::DidLength) => Err(ValueFault::DidLength),
        None => Ok(Some(IdentifierKind::Did)),
        // A DID with something else behind it than identifiers have.
        Some((first, _)) if is_base58(first) && did_fault(first).is_none() => {
            Err(ValueFault::Malformed)
        }
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => Ok(None),
        Some(_) => Err(ValueFault::Malformed),
    }
}

/// Returns the part of an identifier, if any, that must be 16 or 32 bytes in base58: an Indy DID
/// without its method.
fn base58_did(id: &str) -> Option<&str> {
    let did = match did_of_url(id) {
        Some(did) => did,
        None => author(id).unwrap_or(id),
    };
    match did.strip_prefix("did:") {
        Some(long) if long.starts_with("sov:") || long.starts_with("indy:") => {
            long.rsplit(':').next()
        }
        Some(_) => None,
        None => (!did.contains(':')).then_some(did),
    }
}

/// Returns what is wrong with the text of an Indy DID.
fn did_fault(did: &str) -> Option<ValueFault> {
    /// Above it, more than 32 bytes.
    const MAX_LENGTH: usize = 44;
    let decoded = (did.len() <= MAX_LENGTH).then(|| bs58::decode(did).into_vec().ok()).flatten();
    match decoded.map(|bytes| bytes.len()) {
        // Three of a hundred DIDs have 21 characters. If one of 22 loses its last, it begins with
        // one of these, and is 16 bytes as well.
        Some(16) if did.len() == 21 && did.starts_with(|first| ('2'..='Z').contains(&first)) => {
            Some(ValueFault::PerhapsCut)
        }
        Some(16 | 32) => None,
        _ => Some(ValueFault::DidLength),
    }
}

fn is_base58(text: &str) -> bool {
    let is_digit =
        |byte: u8| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l');
    !text.is_empty() && text.bytes().all(is_digit)
}

/// Returns whether a text is the scheme of a URI.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Returns whether a character is a blank or is not shown.
fn is_hidden(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_hidden)
}

/// Returns an identifier without blanks where there can be none. A legacy identifier may have them
/// inside a schema's name, and inside a tag.
fn without_blanks(id: &str) -> String {
    let parts: Vec<&str> = id.split(':').map(|part| part.trim_matches(is_hidden)).collect();
    let is_marker = |part: Option<&&str>| part.is_some_and(|part| matches!(*part, "2" | "3" | "4"));
    // `did:2:…`, or `prefix:method:did:method:did:2:…`
    if is_marker(parts.get(1)) || is_marker(parts.get(5)) {
        let at = if is_marker(parts.get(1)) { 0 } else { 4 };
        let mut parts: Vec<String> = parts.into_iter().map(str::to_owned).collect();
        if let Some(did) = parts.get_mut(at) {
            did.retain(|character| !is_hidden(character));
        }
        return parts.join(":");
    }
    id.chars().filter(|character| !is_hidden(*character)).collect()
}

/// Returns whether an identifier is percent-encoded where none is: before its first colon, in a
/// legacy one, and in a DID whose method has no domain names.
fn is_encoded(id: &str) -> bool {
    if decode(id).is_none() {
        return false;
    }
    match did_of_url(id) {
        Some(did) => {
            let may_have_port = did.starts_with("did:web:") || did.starts_with("did:webvh:");
            did.contains('%') && !may_have_port
        }
        None => {
            author(id).is_some() || id.split(':').next().is_some_and(|first| first.contains('%'))
        }
    }
}

/// Decodes percent-encoded characters; `None` if there are none.
fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    let mut found = false;
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                rest = after.get(2..).unwrap_or_default();
                found = true;
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    found.then(|| String::from_utf8_lossy(&decoded).into_owned())
}

/// Returns whether a text stands for a value that someone should have filled in, whatever the tag.
fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 12] = [
        "string",
        "todo",
        "tbd",
        "fixme",
        "null",
        "undefined",
        "placeholder",
        "changeme",
        "change_me",
        "...",
        "…",
        "*",
    ];
    let text = value.trim_matches(is_hidden).to_lowercase();
    let enclosed = [("<", ">"), ("{", "}"), ("${", "}"), ("[", "]"), ("%", "%")];
    let is_enclosed = enclosed
        .iter()
        .any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close));
    let mut letters = text.chars().filter(|letter| letter.is_alphanumeric()).peekable();
    let is_crossed_out = letters.peek().is_some()
        && text.chars().filter(|letter| *letter == 'x').count() > 2
        && letters.all(|letter| letter == 'x');
    let begins = ["your_", "your-", "your ", "todo:", "todo ", "insert_", "insert-", "insert "];
    is_enclosed
        || is_crossed_out
        || WORDS.contains(&text.as_str())
        || begins.iter().any(|word| text.starts_with(word))
}

/// Returns whether a text stands for an identifier that someone should have filled in.
fn stands_for_an_identifier(value: &str) -> bool {
    const WORDS: [&str; 12] =
        ["none", "nil", "n/a", "na", "any", "example", "did", "issuer", "id", "-", "_", "?"];
    let text = value.trim_matches(is_hidden);
    let lower = text.to_lowercase();
    let is_tag =
        Tag::fixed_names().any(|name| name.replace('_', "") == lower.replace(['_', '-'], ""));
    let has_brackets = text.contains(['<', '>', '{', '}']);
    is_tag || has_brackets || WORDS.contains(&lower.as_str())
}

/// Returns the name of a kind of identifier, with its article.
fn article(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Did => "a DID",
        IdentifierKind::Schema => "a schema's identifier",
        IdentifierKind::CredDef => "a credential definition's identifier",
        IdentifierKind::RevReg => "a revocation registry's identifier",
    }
}

fn tag_of(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Did => "issuer_did",
        IdentifierKind::Schema => "schema_id",
        IdentifierKind::CredDef => "cred_def_id",
        IdentifierKind::RevReg => "rev_reg_id",
    }
}

fn described(tag: &Tag) -> &'static str {
    match tag {
        Tag::SchemaVersion => "schema's version",
        _ => "schema's name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DID: &str = "QEquAHkM35w4XVT3Ku5yat";

    fn of(name: &str, value: &str) -> Option<ValueFault> {
        fault(&Tag::parse(name), value)
    }

    #[test]
    fn identifiers_of_every_registry_may_be_had() {
        for (tag, value) in [
            ("issuer_did", DID.to_owned()),
            ("issuer_id", format!("did:sov:{DID}")),
            ("issuer_id", format!("did:indy:sovrin:staging:{DID}")),
            ("issuer_did", "VsKV7grR1BUE29mG2Fm2kX".to_owned()),
            // 21 characters that no DID of 22 begins with, and 32 bytes
            ("issuer_did", "zyxwvutsrqponmkjihgfe".to_owned()),
            ("issuer_did", "EWo1KkENqJgXTfLz6tGRqfu8XJVsELwmkHHUgPtHB1sc".to_owned()),
            ("issuer_id", "did:cheqd:testnet:3053e034-8faa-458d-9f01-2e3e1e8b2ab8".to_owned()),
            ("issuer_id", "did:web:localhost%3A8080:issuers".to_owned()),
            ("issuer_id", "https://example.org/issuers/1".to_owned()),
            ("schema_id", format!("{DID}:2:gvt:1.0")),
            ("schema_id", format!("{DID}:2:Driver License:1.0")),
            ("schema_id", format!("{DID}:2:a:b:1.0")),
            ("schema_id", format!("schema:sov:did:sov:{DID}:2:gvt:1.0")),
            (
                "schema_id",
                format!("did:indy:sovrin:{DID}/anoncreds/v0/SCHEMA/Driver%20License/1.0"),
            ),
            ("schema_id", "did:cheqd:testnet:3053e034/resources/1b1d".to_owned()),
            ("schema_id", "did:webvh:QmScid:example.com%3A443/resources/zQm.json".to_owned()),
            ("schema_id", "urn:uuid:3053e034".to_owned()),
            ("schema_id", "https://example.org/schemas/gvt%201.0".to_owned()),
            ("cred_def_id", format!("{DID}:3:CL:612:Person")),
            ("cred_def_id", format!("{DID}:3:CL:612:a tag:with colon")),
            ("cred_def_id", format!("{DID}:3:CL:{DID}:2:gvt:1.0:tag")),
            ("cred_def_id", format!("creddef:sov:did:sov:{DID}:3:CL:612:Person")),
            ("cred_def_id", format!("did:indy:sovrin:{DID}/anoncreds/v0/CLAIM_DEF/612/Person")),
            ("rev_reg_id", format!("{DID}:4:{DID}:3:CL:612:Person:CL_ACCUM:R1")),
            ("rev_reg_id", format!("did:indy:sovrin:{DID}/anoncreds/v0/REV_REG_DEF/612/Person/R1")),
            ("rev_reg_id", "None".to_owned()),
            ("schema_name", "Person".to_owned()),
            ("schema_name", "driver license (2020)".to_owned()),
            ("schema_version", "1.0.0-rc1".to_owned()),
            ("attr::name::value", "TODO".to_owned()),
            ("attr::name::value", " ".to_owned()),
        ] {
            assert_eq!(of(tag, &value), None, "{tag} {value}");
        }
    }

    #[test]
    fn what_no_registry_makes_is_a_fault() {
        use ValueFault::{
            Blank, Blanks, DidLength, Encoded, Malformed, OtherKind, PerhapsCut, Placeholder,
        };
        for (tag, value, expected) in [
            ("issuer_did", "", Blank),
            ("schema_name", " \t", Blank),
            ("cred_def_id", "\u{200b}", Blank),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat: 3:CL: 612:Person", Blanks),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person ", Blanks),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person\u{200b}", Blanks),
            ("schema_id", "\u{a0}QEquAHkM35w4XVT3Ku5yat:2:Driver License:1.0", Blanks),
            ("schema_id", "QEquAHkM35w4 XVT3Ku5yat:2:gvt:1.0", Blanks),
            ("issuer_did", " QEquAHkM35w4XVT3Ku5yat", Blanks),
            ("issuer_did", "QEquAHkM35w4\nXVT3Ku5yat", Blanks),
            ("issuer_id", "did:cheqd:testnet: 3053e034", Blanks),
            ("schema_name", "Person ", Blanks),
            ("cred_def_id", "<cred_def_id>", Placeholder),
            ("cred_def_id", "{{ cred_def_id }}", Placeholder),
            ("cred_def_id", "${CRED_DEF_ID}", Placeholder),
            ("cred_def_id", "<did>:3:CL:12:tag", Placeholder),
            ("cred_def_id", "cred_def_id", Placeholder),
            ("cred_def_id", "credDefId", Placeholder),
            ("schema_id", "string", Placeholder),
            ("schema_id", "TODO", Placeholder),
            ("issuer_did", "xxxxxxxxxxxxxxxxxxxxxx", Placeholder),
            ("issuer_did", "XXX-XXX", Placeholder),
            ("issuer_did", "your_did", Placeholder),
            ("issuer_did", "None", Placeholder),
            ("schema_name", "<name>", Placeholder),
            ("schema_version", "string", Placeholder),
            ("schema_name", "*", Placeholder),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat%3A3%3ACL%3A612%3APerson", Encoded),
            ("schema_id", "QEquAHkM35w4XVT3Ku5yat:2:Driver%20License:1.0", Encoded),
            ("issuer_id", "did%3Aindy%3Asovrin%3AQEquAHkM35w4XVT3Ku5yat", Encoded),
            ("issuer_id", "did:indy:sovrin%3AQEquAHkM35w4XVT3Ku5yat", Encoded),
            ("schema_id", "https%3A%2F%2Fexample.org", Encoded),
            (
                "schema_id",
                "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
                OtherKind(IdentifierKind::CredDef),
            ),
            ("schema_id", "QEquAHkM35w4XVT3Ku5yat", OtherKind(IdentifierKind::Did)),
            ("schema_id", "did:sov:QEquAHkM35w4XVT3Ku5yat", OtherKind(IdentifierKind::Did)),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:2:gvt:1.0", OtherKind(IdentifierKind::Schema)),
            (
                "cred_def_id",
                "did:indy:sovrin:QEquAHkM35w4XVT3Ku5yat/anoncreds/v0/SCHEMA/gvt/1.0",
                OtherKind(IdentifierKind::Schema),
            ),
            (
                "cred_def_id",
                "QEquAHkM35w4XVT3Ku5yat:4:QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person:CL_ACCUM:R1",
                OtherKind(IdentifierKind::RevReg),
            ),
            (
                "issuer_did",
                "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
                OtherKind(IdentifierKind::CredDef),
            ),
            (
                "schema_issuer_did",
                "QEquAHkM35w4XVT3Ku5yat:2:gvt:1.0",
                OtherKind(IdentifierKind::Schema),
            ),
            (
                "rev_reg_id",
                "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
                OtherKind(IdentifierKind::CredDef),
            ),
            ("issuer_did", "QEquAHkM35w4XVT3Ku5ya", PerhapsCut),
            ("issuer_id", "did:sov:QEquAHkM35w4XVT3Ku5ya", PerhapsCut),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5ya:3:CL:612:Person", PerhapsCut),
            ("issuer_did", "QEquAHkM35w4XVT3Ku5y", DidLength),
            ("issuer_did", "QEquAHkM35w4XVT3Ku5yatt", DidLength),
            ("issuer_did", "did:indy:sovrin:QEquAHkM35w4", DidLength),
            ("schema_id", "QEquAHkM35w4XVT3Ku5:2:gvt:1.0", DidLength),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5y0t:3:CL:612:Person", DidLength),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:3:612:Person", Malformed),
            ("cred_def_id", "QEquAHkM35w4XVT3Ku5yat:CL:612:Person", Malformed),
            ("cred_def_id", "612", Malformed),
            ("cred_def_id", "Person-0", Malformed),
            ("schema_id", "QEquAHkM35w4XVT3Ku5yat:2:gvt", Malformed),
            ("schema_id", "2:gvt:1.0", Malformed),
            ("issuer_did", "did:", Malformed),
            ("issuer_did", "did:sov", Malformed),
            ("issuer_did", "The Government", DidLength),
        ] {
            assert_eq!(of(tag, value), Some(expected), "{tag} {value}");
        }
    }

    #[test]
    fn the_remedy_is_the_value_without_the_fault() {
        for (name, value, remedy) in [
            (
                "cred_def_id",
                "QEquAHkM35w4XVT3Ku5yat: 3:CL: 612:Person",
                "write \"QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person\"",
            ),
            ("issuer_did", "QEquAHkM35w4 XVT3Ku5yat", "write \"QEquAHkM35w4XVT3Ku5yat\""),
            ("issuer_id", "did%3Aweb%3Aa.org", "write \"did:web:a.org\""),
            (
                "schema_id",
                "QEquAHkM35w4XVT3Ku5yat:3:CL:612:Person",
                "name it under `cred_def_id`, or take a schema's identifier as the registry gives it",
            ),
        ] {
            let tag = Tag::parse(name);
            let details = fault(&tag, value).unwrap().details(name, &tag, value);
            assert_eq!(details.remedy, remedy);
            assert!(details.found.starts_with(name), "{}", details.found);
        }
    }
}
