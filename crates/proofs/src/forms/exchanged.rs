//! What is exchanged: requests, presentations, offers, credential requests.
//!
//! Their forms hardly differ; agents differ in which numbers they write as text.

use serde_json::{Map, Value, json};

use super::issued::Outcome;
use super::members::{left_out, malformed, number};
use super::{ConversionError, Note};
use crate::kinds::Form;

/// The tags of restrictions that differ: Indy's name, AnonCreds 1.0's name.
const TAGS: [(&str, &str); 2] =
    [("issuer_did", "issuer_id"), ("schema_issuer_did", "schema_issuer_id")];

/// Converts a proof request.
pub(super) fn request(value: &Value, to: Form) -> Outcome {
    let mut request = value.clone();
    if let Some(nonce) = request.get_mut("nonce").filter(|nonce| nonce.is_number()) {
        let Some(digits) = nonce.as_u64() else {
            let expected = "the nonce as text: as a number it has lost digits";
            return Err(malformed("/nonce".to_owned(), expected, nonce));
        };
        *nonce = json!(digits.to_string());
    }
    if let Some(interval) = request.get_mut("non_revoked") {
        to_numbers(interval, &["from", "to"]);
    }
    for section in ["requested_attributes", "requested_predicates"] {
        let referents = request.get_mut(section).and_then(Value::as_object_mut);
        for (referent, asked) in referents.into_iter().flatten() {
            if let Some(interval) = asked.get_mut("non_revoked") {
                to_numbers(interval, &["from", "to"]);
            }
            to_signed(asked, "p_value");
            if let Some(restrictions) = asked.get_mut("restrictions") {
                rename_tags(restrictions, to).map_err(|tag| ConversionError::Malformed {
                    pointer: format!("/{section}/{referent}/restrictions"),
                    expected: format!("one of the tags that both become {tag}"),
                    got: "both in one object".to_owned(),
                })?;
            }
        }
    }
    Ok((request, None, Vec::new()))
}

/// Renames the tags of restrictions; the error is a tag that is there under both names.
fn rename_tags(restrictions: &mut Value, to: Form) -> Result<(), &'static str> {
    match restrictions {
        Value::Array(items) => items.iter_mut().try_for_each(|item| rename_tags(item, to)),
        Value::Object(members) => {
            for (indy, anoncreds) in TAGS {
                let (old, new) = match to {
                    Form::Indy => (anoncreds, indy),
                    Form::AnonCreds => (indy, anoncreds),
                };
                if let Some(value) = members.remove(old)
                    && members.insert(new.to_owned(), value).is_some()
                {
                    return Err(new);
                }
            }
            members.values_mut().try_for_each(|value| rename_tags(value, to))
        }
        _ => Ok(()),
    }
}

/// Writes the numbers of a presentation that are not parts of the proof as numbers; both forms do.
pub(super) fn presentation(value: &Value) -> Outcome {
    let mut presentation = value.clone();
    let answered = presentation.get_mut("requested_proof").and_then(Value::as_object_mut);
    for (section, answers) in answered.into_iter().flatten() {
        if section != "self_attested_attrs" {
            for answer in answers.as_object_mut().into_iter().flat_map(Map::values_mut) {
                to_numbers(answer, &["sub_proof_index"]);
            }
        }
    }
    let identifiers = presentation.get_mut("identifiers").and_then(Value::as_array_mut);
    for identifier in identifiers.into_iter().flatten() {
        to_numbers(identifier, &["timestamp"]);
    }
    Ok((presentation, None, Vec::new()))
}

/// Converts an offer of a credential.
pub(super) fn offer(value: &Value, to: Form) -> Outcome {
    let mut offer = value.clone();
    let mut notes = Vec::new();
    if to == Form::AnonCreds {
        leave_out(&mut offer, "method_name", &mut notes);
    }
    Ok((offer, None, notes))
}

/// Converts a request for a credential. The prover's DID is no more than a text that goes into the
/// credential, which AnonCreds 1.0 calls entropy.
pub(super) fn credential_request(value: &Value, to: Form) -> Outcome {
    let (old, new) = match to {
        Form::AnonCreds => ("prover_did", "entropy"),
        Form::Indy => ("entropy", "prover_did"),
    };
    let mut request = value.clone();
    let mut notes = Vec::new();
    if let Some(members) = request.as_object_mut() {
        let given = members.get(new).is_some_and(|text| !text.is_null());
        match members.remove(old) {
            Some(text) if !text.is_null() && !given => {
                members.insert(new.to_owned(), text);
            }
            Some(text) if !text.is_null() => notes.push(left_out(old, &text)),
            _ => {}
        }
    }
    if to == Form::AnonCreds {
        leave_out(&mut request, "method_name", &mut notes);
    }
    Ok((request, None, notes))
}

fn leave_out(value: &mut Value, name: &str, notes: &mut Vec<Note>) {
    let removed = value.as_object_mut().and_then(|members| members.remove(name));
    notes.extend(removed.filter(|value| !value.is_null()).map(|value| left_out(name, &value)));
}

/// Writes members that are digits in a text as numbers.
fn to_numbers(value: &mut Value, names: &[&str]) {
    for name in names {
        if let Some(member) = value.get_mut(*name).filter(|member| member.is_string())
            && let Some(digits) = number(member)
        {
            *member = json!(digits);
        }
    }
}

/// Writes a member that is an integer in a text as a number.
fn to_signed(value: &mut Value, name: &str) {
    let Some(member) = value.get_mut(name) else { return };
    if let Some(integer) = member.as_str().and_then(|text| text.parse::<i64>().ok()) {
        *member = json!(integer);
    }
}
