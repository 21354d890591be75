//! Cases: request, presentation, and all public data.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stdx::pointer;

use super::issued::{schema_number_in, sequence_number};
use super::{ConversionError, Note, Sources, convert};
use crate::case::{ById, ByTime, Case};
use crate::kinds::{Form, ObjectKind, form_of, recognise};

/// Converts a case. What one object does not contain is taken from the others: the schema's
/// identifier of a credential definition from the schema that has its number, or from what the
/// presentation names beside it.
///
/// An object that cannot be converted stays as it is, with a [`Note::Kept`]; a verifier here reads
/// both forms side by side.
pub fn convert_case(case: &Case, to: Form) -> (Case, Vec<Note>) {
    let mut notes = Vec::new();
    let mut converted = case.clone();
    let known = Known::of(case);
    let mut convert_at =
        |pointer: &str, value: &mut Value, sources: &Sources| match convert(value, to, sources) {
            Ok(done) => {
                *value = done.object;
                notes.extend(done.notes.into_iter().map(|note| at(pointer, note)));
            }
            Err(ConversionError::OtherKind(_)) => {}
            Err(error) => notes.push(Note::Kept(pointer.to_owned(), error.to_string())),
        };
    convert_at("/presentation_request", &mut converted.presentation_request, &Sources::default());
    convert_at("/presentation", &mut converted.presentation, &Sources::default());
    for (id, schema) in &mut converted.schemas {
        let sources = Sources {
            id: Some(id.clone()),
            seq_no: known.numbers.get(id).copied(),
            ..Sources::default()
        };
        convert_at(&pointer::child("/schemas", id), schema, &sources);
    }
    for (id, cred_def) in &mut converted.cred_defs {
        let sources = Sources {
            id: Some(id.clone()),
            schema_id: known.schema_of(id, cred_def),
            ..Sources::default()
        };
        convert_at(&pointer::child("/cred_defs", id), cred_def, &sources);
    }
    for (id, definition) in &mut converted.rev_reg_defs {
        let sources = Sources { id: Some(id.clone()), ..Sources::default() };
        convert_at(&pointer::child("/rev_reg_defs", id), definition, &sources);
    }
    notes.extend(convert_registries(&mut converted, &case.rev_reg_defs, to));
    (converted, notes)
}

/// Names the object of a note.
fn at(pointer: &str, note: Note) -> Note {
    match note {
        Note::LeftOut(member, value) => Note::LeftOut(format!("{pointer}/{member}"), value),
        note => note,
    }
}

/// What the objects of a case say about each other.
struct Known {
    /// The numbers of schemas on the ledger, by identifier.
    numbers: BTreeMap<String, u64>,
    /// The identifiers of schemas, by number.
    schemas: BTreeMap<u64, String>,
    /// The schema that the presentation names beside a credential definition.
    named: BTreeMap<String, String>,
}

impl Known {
    fn of(case: &Case) -> Self {
        let mut numbers = BTreeMap::new();
        for (id, schema) in &case.schemas {
            numbers.extend(sequence_number(schema).map(|number| (id.clone(), number)));
        }
        for (id, cred_def) in &case.cred_defs {
            let schema_id = cred_def.get("schemaId").and_then(Value::as_str);
            if let (Some(schema_id), Some(number)) = (schema_id, schema_number_in(id))
                && case.schemas.contains_key(schema_id)
            {
                numbers.entry(schema_id.to_owned()).or_insert(number);
            }
        }
        let schemas = numbers.iter().map(|(id, number)| (*number, id.clone())).collect();
        let identifiers = case.presentation.get("identifiers").and_then(Value::as_array);
        let named = identifiers.into_iter().flatten().filter_map(|identifier| {
            let text = |name: &str| identifier.get(name)?.as_str().map(str::to_owned);
            Some((text("cred_def_id")?, text("schema_id")?))
        });
        Self { numbers, schemas, named: named.collect() }
    }

    /// Returns the identifier of a credential definition's schema.
    fn schema_of(&self, id: &str, cred_def: &Value) -> Option<String> {
        let number = super::members::number(cred_def.get("schemaId")?)?;
        self.schemas.get(&number).or_else(|| self.named.get(id)).cloned()
    }
}

/// Converts registries and status lists, which stand in different members.
fn convert_registries(case: &mut Case, definitions: &ById, to: Form) -> Vec<Note> {
    let mut notes = Vec::new();
    let (member, from, into): (_, &mut ByTime, &mut ByTime) = match to {
        Form::AnonCreds => ("/rev_regs", &mut case.rev_regs, &mut case.rev_status_lists),
        Form::Indy => ("/rev_status_lists", &mut case.rev_status_lists, &mut case.rev_regs),
    };
    for (id, times) in from.iter_mut() {
        let at_id = pointer::child(member, id);
        times.retain(|time, value| {
            let at = pointer::child(&at_id, time);
            let converted = match to {
                Form::AnonCreds => list_of(id, time, value, definitions.get(id)),
                Form::Indy => Ok(accumulator_of(value)),
            };
            match converted {
                Ok(Some(object)) => {
                    if to == Form::Indy {
                        notes.push(Note::LeftOut(format!("{at}/revocationList"), String::new()));
                    }
                    into.entry(id.clone()).or_default().entry(time.clone()).or_insert(object);
                    false
                }
                Ok(None) => true,
                Err(error) => {
                    notes.push(Note::Kept(at, error.to_string()));
                    true
                }
            }
        });
    }
    from.retain(|_, times| !times.is_empty());
    notes
}

/// Returns the status list of a registry's entry.
fn list_of(
    id: &str,
    time: &str,
    value: &Value,
    definition: Option<&Value>,
) -> Result<Option<Value>, ConversionError> {
    if form_of(value) != Some(Form::Indy) {
        return Ok(None);
    }
    let sources = Sources {
        id: Some(id.to_owned()),
        registry: definition.cloned(),
        timestamp: time.parse().ok(),
        ..Sources::default()
    };
    convert(value, Form::AnonCreds, &sources).map(|converted| Some(converted.object))
}

/// Returns the registry that a verifier needs of a status list: its accumulator.
fn accumulator_of(value: &Value) -> Option<Value> {
    if recognise(value) != ObjectKind::StatusList {
        return None;
    }
    let accumulator =
        value.get("currentAccumulator").filter(|accumulator| accumulator.is_string())?;
    Some(json!({"ver": "1.0", "value": {"accum": accumulator}}))
}
