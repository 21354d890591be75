//! Which member of a credential is missing or wrong, for a person who repairs a file.
//!
//! The library's own messages speak of columns and types of its code. This walk is made before the
//! library is asked, over borrowed text: no value is copied or quoted.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;
use stdx::{pointer, text::shorten};

/// What a member has to be.
pub(super) enum Form {
    /// A text.
    Text,
    /// A text, or null.
    TextOrNull,
    /// An object with these members. Others may be there.
    Object(&'static [(&'static str, Need, Form)]),
    /// An object whose members all have this form.
    Each(&'static Form),
}

/// Whether a member has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It has.
    Required,
    /// It may be missing, or null.
    Optional,
}

use Need::{Optional, Required};

/// A credential as its holder keeps it.
pub(super) static CREDENTIAL: Form = Form::Object(&[
    ("schema_id", Required, Form::Text),
    ("cred_def_id", Required, Form::Text),
    ("rev_reg_id", Optional, Form::TextOrNull),
    ("values", Required, Form::Each(&VALUE)),
    ("signature", Required, SIGNATURE),
    (
        "signature_correctness_proof",
        Required,
        Form::Object(&[("se", Required, Form::Text), ("c", Required, Form::Text)]),
    ),
    ("link_secret", Optional, Form::Text),
]);

static VALUE: Form =
    Form::Object(&[("raw", Required, Form::Text), ("encoded", Required, Form::Text)]);

const SIGNATURE: Form = Form::Object(&[
    (
        "p_credential",
        Required,
        Form::Object(&[
            ("m_2", Required, Form::Text),
            ("a", Required, Form::Text),
            ("e", Required, Form::Text),
            ("v", Required, Form::Text),
        ]),
    ),
    ("r_credential", Optional, Form::Object(&[])),
]);

/// A link secret in the library's form.
pub(super) static LINK_SECRET: Form =
    Form::Object(&[("value", Required, Form::Object(&[("ms", Required, Form::Text)]))]);

/// Checks that the members of a JSON text are there, and of the right kind.
///
/// # Errors
///
/// A sentence about the first that is not.
pub(super) fn check(form: &Form, json: &str) -> Result<(), String> {
    walk(form, "", json)
}

fn walk(form: &Form, place: &str, json: &str) -> Result<(), String> {
    let expected = match form {
        Form::Text => "a text",
        Form::TextOrNull => "a text or null",
        Form::Object(_) | Form::Each(_) => "an object",
    };
    let is_right = matches!(
        (form, kind_of(json)),
        (Form::Text | Form::TextOrNull, "a text")
            | (Form::TextOrNull, "null")
            | (Form::Object(_) | Form::Each(_), "an object")
    );
    if !is_right {
        return Err(match place {
            "" => format!("it is {}, and has to be {expected}", kind_of(json)),
            place => {
                let (place, kind) = (shown(place), kind_of(json));
                format!("member `{place}` is {kind}, and has to be {expected}")
            }
        });
    }
    let (Form::Object(_) | Form::Each(_)) = form else {
        return Ok(());
    };
    let Some(members) = members(json) else {
        return Err(match place {
            "" => "it is not JSON".to_owned(),
            place => format!("member `{}` is not JSON", shown(place)),
        });
    };
    match form {
        Form::Each(form) => members.iter().try_for_each(|(name, value)| {
            let place = within(place, name);
            walk(form, &place, value.get())
        }),
        Form::Object(known) => known.iter().try_for_each(|(name, need, form)| {
            let place = within(place, name);
            match members.get(*name) {
                Some(value) if *need == Optional && value.get() == "null" => Ok(()),
                Some(value) => walk(form, &place, value.get()),
                None if *need == Optional => Ok(()),
                None => Err(format!("member `{}` is missing", shown(&place))),
            }
        }),
        Form::Text | Form::TextOrNull => Ok(()),
    }
}

/// Returns the members of an object, with their values unparsed; `None` if the text is not an
/// object.
pub(super) fn members(json: &str) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(json).ok()
}

/// Returns the kind of a JSON value, by its first character.
pub(super) fn kind_of(json: &str) -> &'static str {
    match json.trim_start().as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "something else",
    }
}

/// Shows where a member is: its name, or, further inside, a JSON pointer.
fn shown(place: &str) -> &str {
    match place.strip_prefix('/') {
        Some(name) if !name.contains('/') => name,
        _ => place,
    }
}

fn within(place: &str, name: &str) -> String {
    const MAX_NAME_SHOWN: usize = 100;
    pointer::child(place, &shorten(name, MAX_NAME_SHOWN))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const WHOLE: &str = include_str!("../../../test-support/fixtures/credential.json");

    fn fault(alter: impl FnOnce(&mut Value)) -> String {
        let mut credential: Value = serde_json::from_str(WHOLE).unwrap();
        alter(&mut credential);
        check(&CREDENTIAL, &credential.to_string()).unwrap_err()
    }

    #[test]
    fn a_whole_credential_has_no_fault() {
        check(&CREDENTIAL, WHOLE).unwrap();
    }

    #[test]
    fn the_first_missing_member_is_named() {
        let remove = |pointer: &'static str, name: &'static str| {
            fault(|c| {
                c.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
            })
        };
        assert_eq!(remove("", "signature"), "member `signature` is missing");
        assert_eq!(remove("", "values"), "member `values` is missing");
        assert_eq!(
            remove("/signature/p_credential", "e"),
            "member `/signature/p_credential/e` is missing"
        );
        assert_eq!(remove("/values/age", "encoded"), "member `/values/age/encoded` is missing");
    }

    #[test]
    fn a_member_of_another_kind_is_named_and_not_quoted() {
        let wrong = fault(|c| c["values"]["age"]["raw"] = json!(4711));
        assert_eq!(wrong, "member `/values/age/raw` is a number, and has to be a text");
        let wrong = fault(|c| c["signature"] = json!(null));
        assert_eq!(wrong, "member `signature` is null, and has to be an object");
        assert_eq!(check(&CREDENTIAL, "[1]").unwrap_err(), "it is a list, and has to be an object");
    }

    #[test]
    fn what_may_be_missing_may_be_null() {
        let mut credential: Value = serde_json::from_str(WHOLE).unwrap();
        credential["rev_reg_id"] = json!(null);
        credential["signature"]["r_credential"] = json!(null);
        check(&CREDENTIAL, &credential.to_string()).unwrap();
        credential.as_object_mut().unwrap().remove("rev_reg_id");
        check(&CREDENTIAL, &credential.to_string()).unwrap();
    }
}
