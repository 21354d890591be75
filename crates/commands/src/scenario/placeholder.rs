//! Placeholders in a request: `${issuer.NAME}`, `${schema.ISSUER.SCHEMA}` and
//! `${cred_def.ISSUER.SCHEMA}`.
//!
//! DIDs and identifiers are known only when the scenario is played. A request's texts name them,
//! and they are filled in: the issuer's DID, the identifier of its schema, and that of the
//! credential definition on it.

use serde_json::Value;
use stdx::pointer;

const BEGIN: &str = "${";
const END: char = '}';

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder<'p> {
    /// An issuer's DID.
    Issuer(&'p str),
    /// The identifier of an issuer's schema, by the schema's name.
    Schema(&'p str, &'p str),
    /// The identifier of an issuer's credential definition, by the schema's name.
    CredDef(&'p str, &'p str),
}

impl<'p> Placeholder<'p> {
    /// Returns the name of the issuer.
    pub fn issuer(&self) -> &'p str {
        match self {
            Self::Issuer(name) | Self::Schema(name, _) | Self::CredDef(name, _) => name,
        }
    }

    fn parse(name: &'p str) -> Option<Self> {
        let (kind, rest) = name.split_once('.')?;
        // names of issuers have no full stop, those of schemas may
        match kind {
            "issuer" => Some(Self::Issuer(rest)),
            "schema" => rest.split_once('.').map(|(issuer, name)| Self::Schema(issuer, name)),
            "cred_def" => rest.split_once('.').map(|(issuer, name)| Self::CredDef(issuer, name)),
            _ => None,
        }
    }
}

/// A placeholder for which there is nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// The placeholder, with what is around it.
    pub text: String,
}

/// Fills in all placeholders of a value's texts. Returns the value, and the placeholders for which
/// `find` has nothing.
pub fn fill(
    value: &Value,
    find: &dyn Fn(Placeholder<'_>) -> Option<String>,
) -> (Value, Vec<Unknown>) {
    let mut filled = value.clone();
    let mut unknown = Vec::new();
    fill_in(&mut filled, &mut String::new(), find, &mut unknown);
    (filled, unknown)
}

fn fill_in(
    value: &mut Value,
    pointer: &mut String,
    find: &dyn Fn(Placeholder<'_>) -> Option<String>,
    unknown: &mut Vec<Unknown>,
) {
    let length = pointer.len();
    match value {
        Value::String(text) if text.contains(BEGIN) => match fill_text(text, find) {
            Ok(filled) => *text = filled,
            Err(text) => unknown.push(Unknown { pointer: pointer.clone(), text }),
        },
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                pointer::push(pointer, &index.to_string());
                fill_in(item, pointer, find, unknown);
                pointer.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointer::push(pointer, name);
                fill_in(member, pointer, find, unknown);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Fills in the placeholders of a text, or returns the first for which there is nothing.
fn fill_text(
    text: &str,
    find: &dyn Fn(Placeholder<'_>) -> Option<String>,
) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, behind) = after.split_once(END).ok_or_else(|| format!("{BEGIN}{after}"))?;
        let value = Placeholder::parse(name).and_then(find);
        filled.push_str(before);
        filled.push_str(&value.ok_or_else(|| format!("{BEGIN}{name}{END}"))?);
        rest = behind;
    }
    Ok(filled + rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(placeholder: Placeholder<'_>) -> Option<String> {
        match placeholder {
            Placeholder::Issuer("gvt") => Some("DID".to_owned()),
            Placeholder::Schema("gvt", "gvt.2") => Some("SCHEMA".to_owned()),
            Placeholder::CredDef("gvt", name) => Some(format!("DEF {name}")),
            _ => None,
        }
    }

    #[test]
    fn placeholders_are_filled_in_wherever_texts_stand() {
        let value =
            json!({"a": "${issuer.gvt}", "b": ["x ${schema.gvt.gvt.2}-${cred_def.gvt.a b}"]});
        let (filled, unknown) = fill(&value, &find);
        assert_eq!(filled, json!({"a": "DID", "b": ["x SCHEMA-DEF a b"]}));
        assert_eq!(unknown, []);
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let find = |_: Placeholder<'_>| Some("${issuer.gvt}".to_owned());
        let (filled, unknown) = fill(&json!("${issuer.a}"), &find);
        assert_eq!((filled, unknown), (json!("${issuer.gvt}"), Vec::new()));
    }

    #[test]
    fn placeholders_for_which_there_is_nothing_are_returned_with_their_places() {
        let value =
            json!({"a/b": ["${issuer.other}", "${isuer.gvt}", "${schema.gvt}", "${issuer.gvt"]});
        let (_, unknown) = fill(&value, &find);
        let unknown: Vec<(&str, &str)> =
            unknown.iter().map(|unknown| (&*unknown.pointer, &*unknown.text)).collect();
        assert_eq!(
            unknown,
            [
                ("/a~1b/0", "${issuer.other}"),
                ("/a~1b/1", "${isuer.gvt}"),
                ("/a~1b/2", "${schema.gvt}"),
                ("/a~1b/3", "${issuer.gvt"),
            ]
        );
    }
}
