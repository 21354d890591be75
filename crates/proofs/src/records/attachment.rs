//! Attachments of DIDComm messages (Aries RFC 0017, DIDComm 2): base64 and JSON.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};
use stdx::pointer;

use super::Problem;
use super::content::{self, Fault, Format, Part, Side};
use crate::error::describe;

/// Both alphabets are taken, as agents write both; padding may be there or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Returns the members in which a side's message has its attachments.
fn members_of(side: Side) -> [&'static str; 2] {
    match side {
        Side::Request => ["request_presentations~attach", "attachments"],
        Side::Presentation => ["presentations~attach", "attachments"],
    }
}

/// Returns the format of an attachment by the identifier that its message gives; `None` for formats
/// of other credentials. Versions differ in what surrounds the part, not in the part.
fn format_of(side: Side, format: &str) -> Option<Format> {
    let (name, _version) = format.split_once('@').unwrap_or((format, ""));
    match (side, name) {
        (Side::Request, "hlindy/proof-req") | (Side::Presentation, "hlindy/proof") => {
            Some(Format::Indy)
        }
        (Side::Request, "anoncreds/proof-request") | (Side::Presentation, "anoncreds/proof") => {
            Some(Format::AnonCreds)
        }
        _ => None,
    }
}

/// Returns the parts of a side that are attached to a message.
///
/// An attachment without a format is taken as it is: present-proof 1.0 has no formats.
pub(super) fn parts(
    side: Side,
    message: &Map<String, Value>,
    at: &str,
) -> Result<Vec<Part>, Fault> {
    let found = members_of(side)
        .into_iter()
        .find_map(|name| Some((pointer::child(at, name), message.get(name)?.as_array()?)));
    let Some((at, attachments)) = found else {
        return Ok(Vec::new());
    };
    let (mut parts, mut others) = (Vec::new(), Vec::new());
    for (index, attachment) in attachments.iter().enumerate() {
        let at = pointer::child(&at, &index.to_string());
        let format = match format_name(message, attachment) {
            None => Format::Unnamed,
            Some(name) => match format_of(side, name) {
                Some(format) => format,
                None => {
                    others.push(name.to_owned());
                    continue;
                }
            },
        };
        let (value, at) = content(attachment, &at)?;
        let value = content::whole(side, &value, &at)?;
        parts.push(Part { value, at, format });
    }
    if parts.is_empty() && !others.is_empty() {
        return Err((at, Problem::OtherFormat { part: side.part(), formats: others }));
    }
    Ok(parts)
}

/// Returns the format of an attachment: of the message's list of formats, or its own.
fn format_name<'v>(message: &'v Map<String, Value>, attachment: &'v Value) -> Option<&'v str> {
    let id = attachment.get("@id").or_else(|| attachment.get("id")).and_then(Value::as_str);
    let formats = message.get("formats").and_then(Value::as_array);
    let listed = formats.into_iter().flatten().find(|entry| {
        let entry = entry.get("attach_id").and_then(Value::as_str);
        entry.is_some() && entry == id
    });
    listed.and_then(|entry| entry.get("format")).or_else(|| attachment.get("format"))?.as_str()
}

/// Returns what an attachment contains, and where.
fn content(attachment: &Value, at: &str) -> Result<(Value, String), Fault> {
    let at = pointer::child(at, "data");
    let data = attachment.get("data").unwrap_or(&Value::Null);
    if let Some(json) = data.get("json").filter(|json| !json.is_null()) {
        return Ok((json.clone(), pointer::child(&at, "json")));
    }
    if let Some(base64) = data.get("base64").and_then(Value::as_str) {
        let at = pointer::child(&at, "base64");
        return match decode(base64) {
            Ok(text) => Ok((content::parse_at(&text, &at)?, at)),
            Err(problem) => Err((at, problem)),
        };
    }
    if data.get("links").is_some() {
        return Err((at, Problem::Link));
    }
    let expected = "an attachment with `base64` or `json`";
    Err((at, Problem::Malformed { expected, got: describe(data) }))
}

/// Decodes base64 of text, in either alphabet.
fn decode(base64: &str) -> Result<String, Problem> {
    let standard: String = base64
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    let malformed = |got: String| Problem::Malformed { expected: "base64 of JSON in UTF-8", got };
    let bytes = BASE64.decode(standard).map_err(|error| malformed(error.to_string()))?;
    String::from_utf8(bytes)
        .map_err(|error| malformed(format!("another byte at {}", error.utf8_error().valid_up_to())))
}
