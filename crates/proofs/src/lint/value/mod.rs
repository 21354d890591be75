//! Values of restrictions that no credential can have.
//!
//! Identifiers are opaque, so that only what no registry makes is a fault: blanks, placeholders, a
//! DID that is cut short, the identifier of another kind of object.

mod placeholder;
#[cfg(test)]
mod tests;

use stdx::text::{Plain, Quoted};

use super::finding::Details;
use crate::identifiers::{CredDefIdParts, IdentifierKind, author, did_of_url};
use crate::tags::{NO_REGISTRY, Tag};
use placeholder::{is_placeholder, stands_for_an_identifier};

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
